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

	// ScaleBlock is the number of inputs that share one scale per output in a
	// panel of int8 weights.
	ScaleBlock = 64
)

// Bounds of one assembly call, each worth 0.05 ms or less.
const (
	floatsPerCall = 128 * 1024 // read by a dot product: 0.5 MB at 10 GB/s from memory
	inputsPerCall = 16 * 1024  // of a tile or a panel: 6 cycles each at 3 GHz; a multiple of ScaleBlock
	valuesPerCall = 32 * 1024  // of exp or GELU: at most 2 cycles each
)

// Level names the kernels in use: "avx2" or "generic".
func Level() string { return level.String() }

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
// for MulPanel: even, and four or more, so that tiles of six and four fill it.
func PadRows(n int) int { return max(shortRows, n+n&1) }

// MulPanel computes one panel of Cols columns of a matrix product,
//
//	C[r][0:Cols] = init[r][0:Cols] + sum over i < k of A[r][i] * B[i][0:Cols]
//
// for r < rows. rows must be a result of PadRows: callers pad their buffers.
// c, init and a are row-major with ldc, ldi and lda values from one row to the
// next; ldi 0 gives every row the same start, which is how a bias is added, and
// init may be c itself to add to what is there. b is dense, k rows of Cols.
// c must not overlap a or b.
func MulPanel(c []float32, ldc int, init []float32, ldi int, a []float32, lda int, b []float32, k, rows int) {
	if rows != PadRows(rows) || k <= 0 || ldc < 0 || ldi < 0 || lda < 0 {
		panic(fmt.Sprintf("simd: MulPanel of %d rows, %d inputs (strides %d, %d, %d)", rows, k, ldc, ldi, lda))
	}
	_ = c[(rows-1)*ldc+Cols-1]
	_ = init[(rows-1)*ldi+Cols-1]
	_ = a[(rows-1)*lda+k-1]
	_ = b[k*Cols-1]
	for i := 0; i < k; i += inputsPerCall {
		n := min(inputsPerCall, k-i)
		for r := 0; r < rows; {
			tile := tileRows
			if left := rows - r; left == shortRows || left == 2*shortRows {
				tile = shortRows
			}
			mulTile(tile, &c[r*ldc], ldc, &init[r*ldi], ldi, &a[r*lda+i], lda, &b[i*Cols], n)
			r += tile
		}
		init, ldi = c, ldc
	}
}

// Expand turns a panel of int8 weights, k rows of Cols, into float32:
// dst[i][j] = q[i][j] * scales[i/ScaleBlock][j]. k must be a multiple of
// ScaleBlock; scales holds k/ScaleBlock rows of Cols.
func Expand(dst []float32, q []int8, scales []float32, k int) {
	if k <= 0 || k%ScaleBlock != 0 {
		panic(fmt.Sprintf("simd: Expand of %d inputs, not a multiple of %d", k, ScaleBlock))
	}
	_ = dst[k*Cols-1]
	_ = q[k*Cols-1]
	_ = scales[k/ScaleBlock*Cols-1]
	for i := 0; i < k; i += inputsPerCall {
		expand(&dst[i*Cols], &q[i*Cols], &scales[i/ScaleBlock*Cols], min(inputsPerCall, k-i))
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

type isa int

const (
	generic isa = iota
	avx2
)

func (l isa) String() string {
	if l == avx2 {
		return "avx2"
	}
	return "generic"
}
