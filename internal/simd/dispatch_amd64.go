//go:build !purego

package simd

import "golang.org/x/sys/cpu"

// level is the set of kernels in use, best what the processor runs.
var (
	best  = detect()
	level = best
)

func detect() isa {
	x := &cpu.X86
	switch {
	case !x.HasAVX2 || !x.HasFMA:
		return generic
	case x.HasAVX512F && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VL:
		return avx512
	default:
		return avx2
	}
}

func use(l isa) { level = l }

func dot(a, b []float32) float32 {
	n := len(a) &^ 7
	if level == generic || n == 0 {
		return dotGeneric(a, b)
	}
	sum := dotAVX2(&a[0], &b[0], n)
	if n < len(a) {
		sum += dotGeneric(a[n:], b[n:])
	}
	return sum
}

func dotRows(out, q, rows []float32, dim int) {
	n, fours := dim&^7, len(out)&^3
	if level == generic || n == 0 {
		dotRowsGeneric(out, q, rows, dim)
		return
	}
	if fours > 0 {
		dotRowsAVX2(&out[0], &q[0], &rows[0], n, dim, fours)
	}
	for i := fours; i < len(out); i++ {
		out[i] = dotAVX2(&q[0], &rows[i*dim], n)
	}
	if n == dim {
		return
	}
	for i := range out {
		out[i] += dotGeneric(q[n:], rows[i*dim+n:(i+1)*dim])
	}
}

func tileWidth(left int) int {
	if level == avx512 && left >= wideCols {
		return wideCols
	}
	return Cols
}

func mulTile(rows, cols int, c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, panel, k int) {
	switch {
	case level == generic:
		mulTileGeneric(rows, c, ldc, init, ldi, a, lda, b, k)
	case cols == wideCols:
		mulWideTile(rows, c, ldc, init, ldi, a, lda, b, panel, k)
	case rows == shortRows:
		mulTile4AVX2(c, ldc, init, ldi, a, lda, b, k)
	default:
		mulTileAVX2(c, ldc, init, ldi, a, lda, b, k)
	}
}

func mulWideTile(rows int, c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, panel, k int) {
	switch rows {
	case 4:
		mulTile4AVX512(c, ldc, init, ldi, a, lda, b, panel, k)
	case 6:
		mulTile6AVX512(c, ldc, init, ldi, a, lda, b, panel, k)
	case 8:
		mulTile8AVX512(c, ldc, init, ldi, a, lda, b, panel, k)
	default:
		mulTile12AVX512(c, ldc, init, ldi, a, lda, b, panel, k)
	}
}

// mulInt8Tile multiplies by two panels of int8 weights, rows being a height of
// wideCols.
func mulInt8Tile(rows int, c *float32, ldc int, init *float32, ldi int, a *float32, lda int, q *int8, scales *float32, k int) {
	switch rows {
	case 4:
		mulInt8Tile4AVX512(c, ldc, init, ldi, a, lda, q, scales, k)
	case 6:
		mulInt8Tile6AVX512(c, ldc, init, ldi, a, lda, q, scales, k)
	case 8:
		mulInt8Tile8AVX512(c, ldc, init, ldi, a, lda, q, scales, k)
	default:
		mulInt8Tile12AVX512(c, ldc, init, ldi, a, lda, q, scales, k)
	}
}

func expand(dst *float32, q *int8, scales *float32, k int) {
	switch level {
	case avx512:
		expandAVX512(dst, q, scales, k)
	case avx2:
		expandAVX2(dst, q, scales, k)
	default:
		expandGeneric(dst, q, scales, k)
	}
}

func expSum(x []float32) float32 {
	if level != generic && len(x) <= valuesPerCall {
		return expSumAVX2(&x[0], len(x))
	}
	return expSumGeneric(x)
}

func gelu(x []float32) {
	n := len(x) &^ 7
	if level == generic {
		n = 0
	}
	for from := 0; from < n; from += valuesPerCall {
		geluAVX2(&x[from], min(valuesPerCall, n-from))
	}
	geluGeneric(x[n:])
}

func addNorm(x, add, weight, bias []float32, epsilon float32) {
	if n := len(weight); level != generic && n%16 == 0 && n <= valuesPerCall {
		addNormAVX2(&x[0], &add[0], &weight[0], &bias[0], n, epsilon)
	} else {
		addNormGeneric(x, add, weight, bias, epsilon)
	}
}
