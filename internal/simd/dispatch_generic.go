//go:build !amd64 || purego

package simd

const (
	best  = generic
	level = generic
)

func use(isa) {}

func dot(a, b []float32) float32                      { return dotGeneric(a, b) }
func dotRows(out, q, rows []float32, dim int)         { dotRowsGeneric(out, q, rows, dim) }
func expand(dst *float32, q *int8, s *float32, k int) { expandGeneric(dst, q, s, k) }
func expSum(x []float32) float32                      { return expSumGeneric(x) }
func gelu(x []float32)                                { geluGeneric(x) }

func addNorm(x, add, weight, bias []float32, epsilon float32) {
	addNormGeneric(x, add, weight, bias, epsilon)
}

func tileWidth(int) int { return Cols }

func mulTile(rows, _ int, c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, _, k int) {
	mulTileGeneric(rows, c, ldc, init, ldi, a, lda, b, k)
}

// mulInt8Tile has no plain form: only wide tiles call it.
func mulInt8Tile(int, *float32, int, *float32, int, *float32, int, *int8, *float32, int) {
	panic("simd: no wide tiles")
}
