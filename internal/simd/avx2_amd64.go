//go:build !purego

package simd

// The AVX2 and FMA kernels of avx2_amd64.s; their limits are written there.

//go:noescape
func dotAVX2(a, b *float32, n int) float32

//go:noescape
func dotRowsAVX2(out, q, rows *float32, n, stride, count int)

//go:noescape
func mulTileAVX2(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, k int)

//go:noescape
func mulTile4AVX2(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, k int)

//go:noescape
func expandAVX2(dst *float32, q *int8, scales *float32, k int)

//go:noescape
func expSumAVX2(x *float32, n int) float32

//go:noescape
func geluAVX2(x *float32, n int)

//go:noescape
func addNormAVX2(x, add, weight, bias *float32, n int, epsilon float32)
