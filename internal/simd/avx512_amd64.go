//go:build !purego

package simd

// The AVX-512 kernels of avx512_amd64.s; their limits are written there.

//go:noescape
func mulTile12AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, panel int, k int)

//go:noescape
func mulTile8AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, panel int, k int)

//go:noescape
func mulTile6AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, panel int, k int)

//go:noescape
func mulTile4AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, panel int, k int)

//go:noescape
func mulInt8Tile12AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *int8, scales *float32, k int)

//go:noescape
func mulInt8Tile8AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *int8, scales *float32, k int)

//go:noescape
func mulInt8Tile6AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *int8, scales *float32, k int)

//go:noescape
func mulInt8Tile4AVX512(c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *int8, scales *float32, k int)

//go:noescape
func expandAVX512(dst *float32, q *int8, scales *float32, k int)
