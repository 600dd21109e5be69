// Package simd holds the float32 kernels that the sentence encoder and the
// vector scan of search share: dot products, a small matrix product, the
// expansion of int8 weights, exp and GELU over slices.
//
// Every function has a plain-Go form and, where the processor allows it, an
// assembly form; which one runs is settled once, at start, and Level names it.
// Building with the tag purego leaves the assembly out. Kernels of different
// levels add in a different order, so results agree closely (about 1e-6
// relative), not bit for bit: never compare or hash them exactly.
//
// An assembly call cannot be preempted, so each one is kept well under 0.1 ms;
// longer work is cut into several calls. No function allocates. Lengths are
// checked before any assembly runs: a slice that is too short panics, as an
// index out of range does.
package simd

import "fmt"

const (
	// Cols is the width of the panels that MulPanel works on.
	Cols = 16

	// Tiles are six rows high: with sixteen columns their sums fill twelve of
	// the sixteen AVX2 registers, the most that leaves room for the operands.
	// What six does not divide is done in tiles of four, whose eight sums
	// still hide the latency of a multiply-add (4 cycles, 2 in each).
	tileRows  = 6
	shortRows = 4

	// With AVX-512 a tile is twelve rows by two panels: 24 of the 32
	// registers for sums, and 14 loads for 24 multiply-adds, where both go
	// two a cycle. A question's twelve rows then take each weight once, where
	// a tile of 6 by 64 would take it twice.
	wideRows = 12
	wideCols = 2 * Cols

	// ScaleBlock is the number of inputs that share one scale per output in a
	// panel of int8 weights.
	ScaleBlock = 64

	// Scratch is the number of weights that MulInt8 expands at a time: 24 kB,
	// to stay in the first-level cache.
	Scratch = 384 * Cols

	// Up to directRows rows, wide tiles expand weights in registers instead,
	// once for each tile; with more the scratch is as fast. A question of 12
	// tokens takes 1.4 ms so, and 2.1 with the scratch; one of 16, 2.0 and 2.2.
	directRows = 2 * wideRows
)

// Bounds of one assembly call, each worth 0.05 ms or less.
const (
	floatsPerCall = 128 * 1024 // read by a dot product: 0.5 MB at 10 GB/s from memory
	inputsPerCall = 8 * 1024   // of a tile: at most 14 cycles each at 3 GHz; a multiple of ScaleBlock
	valuesPerCall = 32 * 1024  // of exp or GELU: at most 2 cycles each
)

// Level names the kernels in use: "avx512", "avx2" or "generic".
func Level() string { return level.String() }

// Levels names the kernels that this processor runs, the plain ones first and
// those in use by default last.
func Levels() []string {
	var names []string
	for l := generic; l <= best; l++ {
		names = append(names, l.String())
	}
	return names
}

// Use puts the kernels of another level in use: for tests and benchmarks, which
// compare them. Nothing else of this package may run meanwhile.
func Use(name string) error {
	for l := generic; l <= best; l++ {
		if l.String() == name {
			use(l)
			return nil
		}
	}
	return fmt.Errorf("simd: use %q: this processor runs %v", name, Levels())
}

// Dot returns the sum of a[i]*b[i]. Both must have the same length.
func Dot(a, b []float32) float32 {
	if len(a) != len(b) {
		panic(fmt.Sprintf("simd: Dot of %d and %d values", len(a), len(b)))
	}
	if len(a) == 0 {
		return 0
	}
	var sum float32
	for len(a) > floatsPerCall {
		sum += dot(a[:floatsPerCall], b[:floatsPerCall])
		a, b = a[floatsPerCall:], b[floatsPerCall:]
	}
	return sum + dot(a, b)
}

// DotRows sets out[i] to the dot product of q and row i of rows, which holds
// len(out) rows of dim values one after the other.
func DotRows(out []float32, q []float32, rows []float32, dim int) {
	if dim <= 0 || len(q) != dim || len(rows) != len(out)*dim {
		panic(fmt.Sprintf("simd: DotRows of %d rows of %d values needs a query of %d and %d values, not %d and %d",
			len(out), dim, dim, len(out)*dim, len(q), len(rows)))
	}
	step := max(1, floatsPerCall/dim)
	for len(out) > 0 {
		n := min(step, len(out))
		dotRows(out[:n], q, rows[:n*dim], dim)
		out, rows = out[n:], rows[n*dim:]
	}
}

// PadRows returns the number of rows, at least n, that a matrix of n rows needs
// for MulPanels: even, and four or more, so that tiles of six and four fill it.
func PadRows(n int) int { return max(shortRows, n+n&1) }

// Width returns how many columns to give MulPanels at least, where there are as
// many, so that its tiles are as wide as can be. It is a multiple of Cols.
func Width() int { return tileWidth(wideCols) }

// MulPanels computes a matrix product by panels of Cols columns,
//
//	C[r][0:cols] = init[r][0:cols] + sum over i < k of A[r][i] * B[i][0:cols]
//
// for r < rows. rows must be a result of PadRows: callers pad their buffers;
// cols must be a multiple of Cols. c, init and a are row-major with ldc, ldi
// and lda values from one row to the next; ldi 0 gives every row the same
// start, which is how a bias is added, and init may be c itself to add to what
// is there. b holds the panels one after the other, each k rows of Cols. c must
// not overlap a or b.
func MulPanels(c []float32, ldc int, init []float32, ldi int, a []float32, lda int, b []float32, k, rows, cols int) {
	checkProduct(c, ldc, init, ldi, a, lda, k, rows, cols)
	_ = b[k*cols-1]
	for i := 0; i < k; i += inputsPerCall {
		n := min(inputsPerCall, k-i)
		for j, width := 0, 0; j < cols; j += width {
			width = tileWidth(cols - j)
			for r, height := 0, 0; r < rows; r += height {
				height = tileHeight(rows-r, width)
				mulTile(height, width, &c[r*ldc+j], ldc, &init[r*ldi+j], ldi, &a[r*lda+i], lda, &b[j*k+i*Cols], k*Cols, n)
			}
		}
		init, ldi = c, ldc
	}
}

// checkProduct panics unless the matrices are as large as MulPanels will read
// and write.
func checkProduct(c []float32, ldc int, init []float32, ldi int, a []float32, lda int, k, rows, cols int) {
	if rows != PadRows(rows) || cols <= 0 || cols%Cols != 0 || k <= 0 || ldc < 0 || ldi < 0 || lda < 0 {
		panic(fmt.Sprintf("simd: product of %d rows, %d columns, %d inputs (strides %d, %d, %d)", rows, cols, k, ldc, ldi, lda))
	}
	_ = c[(rows-1)*ldc+cols-1]
	_ = init[(rows-1)*ldi+cols-1]
	_ = a[(rows-1)*lda+k-1]
}

// tileHeight returns how many of the rows left to multiply next, in a tile of
// the given width, so that no remainder is lower than four.
func tileHeight(left, width int) int {
	switch {
	case left == shortRows:
		return shortRows
	case width < wideCols && left == 2*shortRows:
		return shortRows
	case width < wideCols || left == tileRows || left == tileRows+shortRows:
		return tileRows
	case left == 2*shortRows || left == wideRows+2:
		return 2 * shortRows
	}
	return wideRows
}

// MulInt8 is MulPanels with B as int8 weights: q holds its panels one after the
// other, each k rows of Cols, and scales those of each panel, k/ScaleBlock rows
// of Cols, so that B[i][j] = q[i][j] * scales[i/ScaleBlock][j]. k must be a
// multiple of ScaleBlock. scratch, of Scratch values, holds weights that are
// expanded meanwhile.
func MulInt8(c []float32, ldc int, init []float32, ldi int, a []float32, lda int, q []int8, scales []float32, k, rows, cols int, scratch []float32) {
	if k <= 0 || k%ScaleBlock != 0 || k > inputsPerCall || cols <= 0 || cols%Cols != 0 {
		panic(fmt.Sprintf("simd: MulInt8 of %d columns, %d inputs: want multiples of %d and %d, and at most %d inputs", cols, k, Cols, ScaleBlock, inputsPerCall))
	}
	_ = q[k*cols-1]
	_ = scales[k/ScaleBlock*cols-1]
	scratch = scratch[:Scratch]
	for j, width := 0, 0; j < cols; j += width {
		width = tileWidth(cols - j)
		q, scales := q[j*k:], scales[j*k/ScaleBlock:]
		if width == wideCols && rows <= directRows {
			mulInt8Direct(c[j:], ldc, init[j:], ldi, a, lda, q, scales, k, rows)
		} else {
			mulInt8Expanded(c[j:], ldc, init[j:], ldi, a, lda, q, scales, k, rows, width, scratch)
		}
	}
}

// mulInt8Direct expands the weights of two panels in registers, for each tile.
func mulInt8Direct(c []float32, ldc int, init []float32, ldi int, a []float32, lda int, q []int8, scales []float32, k, rows int) {
	checkProduct(c, ldc, init, ldi, a, lda, k, rows, wideCols)
	for r, height := 0, 0; r < rows; r += height {
		height = tileHeight(rows-r, wideCols)
		mulInt8Tile(height, &c[r*ldc], ldc, &init[r*ldi], ldi, &a[r*lda], lda, &q[0], &scales[0], k)
	}
}

// mulInt8Expanded expands as much of the panels at a time as scratch takes.
func mulInt8Expanded(c []float32, ldc int, init []float32, ldi int, a []float32, lda int, q []int8, scales []float32, k, rows, cols int, scratch []float32) {
	for i, n := 0, 0; i < k; i += n {
		n = min(Scratch/cols, k-i)
		for j := 0; j < cols; j += Cols {
			at := j*k + i*Cols
			expand(&scratch[j*n], &q[at], &scales[at/ScaleBlock], n)
		}
		MulPanels(c, ldc, init, ldi, a[i:], lda, scratch, n, rows, cols)
		init, ldi = c, ldc
	}
}

// ExpSum replaces every x[i] by exp(x[i] - the largest of x) and returns the
// sum, so that x divided by it is the softmax. An empty slice gives 0.
func ExpSum(x []float32) float32 {
	if len(x) == 0 {
		return 0
	}
	return expSum(x)
}

// GELU replaces every x[i] by x[i] * Phi(x[i]), Phi being the normal
// distribution function: the exact (erf) form, to about 1e-6.
func GELU(x []float32) {
	if len(x) > 0 {
		gelu(x)
	}
}

// AddNorm adds add to x and replaces each row of x, len(weight) values, by its
// layer norm: (x - mean) / sqrt(variance + epsilon) * weight + bias. x and add
// hold the same whole number of rows, bias is as long as weight.
func AddNorm(x, add, weight, bias []float32, epsilon float32) {
	n := len(weight)
	if n == 0 || len(bias) != n || len(x)%n != 0 || len(add) != len(x) {
		panic(fmt.Sprintf("simd: AddNorm of %d and %d values in rows of %d and %d", len(x), len(add), n, len(bias)))
	}
	for ; len(x) > 0; x, add = x[n:], add[n:] {
		addNorm(x[:n], add[:n], weight, bias, epsilon)
	}
}

type isa int

const (
	generic isa = iota
	avx2
	avx512
)

func (l isa) String() string { return [...]string{"generic", "avx2", "avx512"}[l] }
