package handoff_test

import (
	"math/rand/v2"
	"testing"
)

// newRand gives a source whose seed a failing test tells.
func newRand(t testing.TB) *rand.Rand {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}
