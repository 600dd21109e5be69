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

// BenchmarkMulPanels multiplies 96 rows by two panels that are in the cache.
func BenchmarkMulPanels(b *testing.B) {
	r := newRand(9)
	a, m, c := random(r, 96*384), random(r, 384*wideCols), make([]float32, 96*wideCols)
	start := make([]float32, wideCols)
	for _, level := range Levels() {
		b.Run(level, func(b *testing.B) {
			with(b, level)
			for b.Loop() {
				MulPanels(c, wideCols, start, 0, a, 384, m, 384, 96, wideCols)
			}
			b.ReportMetric(2*96*384*wideCols*float64(b.N)/b.Elapsed().Seconds()/1e9, "Gflop/s")
		})
	}
}

// BenchmarkMulInt8 multiplies a short and a long text by two panels of weights.
func BenchmarkMulInt8(b *testing.B) {
	r := newRand(10)
	a, c, start := random(r, 96*384), make([]float32, 96*wideCols), make([]float32, wideCols)
	q, scales, scratch := int8s(r, 384*wideCols), random(r, 6*wideCols), make([]float32, Scratch)
	for _, rows := range []int{12, 24, 96} {
		for _, level := range Levels() {
			b.Run(fmt.Sprintf("%d/%s", rows, level), func(b *testing.B) {
				with(b, level)
				for b.Loop() {
					MulInt8(c, wideCols, start, 0, a, 384, q, scales, 384, rows, wideCols, scratch)
				}
			})
		}
	}
}
