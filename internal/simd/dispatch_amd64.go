//go:build !purego

package simd

import "golang.org/x/sys/cpu"

// level is the best set of kernels that the processor runs.
var level = detect()

func detect() isa {
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		return avx2
	}
	return generic
}

func dot(a, b []float32) float32 {
	n := len(a) &^ 7
	if level != avx2 || n == 0 {
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
	if level != avx2 || n == 0 {
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

func mulTile(rows int, c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, k int) {
	switch {
	case level != avx2:
		mulTileGeneric(rows, c, ldc, init, ldi, a, lda, b, k)
	case rows == shortRows:
		mulTile4AVX2(c, ldc, init, ldi, a, lda, b, k)
	default:
		mulTileAVX2(c, ldc, init, ldi, a, lda, b, k)
	}
}

func expand(dst *float32, q *int8, scales *float32, k int) {
	if level == avx2 {
		expandAVX2(dst, q, scales, k)
	} else {
		expandGeneric(dst, q, scales, k)
	}
}

func expSum(x []float32) float32 {
	if level == avx2 && len(x) <= valuesPerCall {
		return expSumAVX2(&x[0], len(x))
	}
	return expSumGeneric(x)
}

func gelu(x []float32) {
	n := len(x) &^ 7
	if level != avx2 {
		n = 0
	}
	for from := 0; from < n; from += valuesPerCall {
		geluAVX2(&x[from], min(valuesPerCall, n-from))
	}
	geluGeneric(x[n:])
}
