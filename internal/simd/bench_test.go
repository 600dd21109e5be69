package simd

import (
	"fmt"
	"testing"
)

// BenchmarkDotRows is the scan of search: one question against many vectors.
func BenchmarkDotRows(b *testing.B) {
	r := newRand(8)
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			q, rows, out := random(r, 384), random(r, n*384), make([]float32, n)
			b.SetBytes(int64(n) * 384 * 4)
			for b.Loop() {
				DotRows(out, q, rows, 384)
			}
		})
	}
}

// BenchmarkMulPanel multiplies 96 rows by a panel that is in the cache.
func BenchmarkMulPanel(b *testing.B) {
	r := newRand(9)
	a, m, c := random(r, 96*384), random(r, 384*Cols), make([]float32, 96*Cols)
	start := make([]float32, Cols)
	for b.Loop() {
		MulPanel(c, Cols, start, 0, a, 384, m, 384, 96)
	}
	b.ReportMetric(2*96*384*Cols*float64(b.N)/b.Elapsed().Seconds()/1e9, "Gflop/s")
}

// BenchmarkExpand expands a panel of 384 inputs.
func BenchmarkExpand(b *testing.B) {
	dst, q, scales := make([]float32, 384*Cols), make([]int8, 384*Cols), make([]float32, 6*Cols)
	for b.Loop() {
		Expand(dst, q, scales, 384)
	}
}
