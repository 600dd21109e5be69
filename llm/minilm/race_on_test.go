//go:build race

package minilm

// sample is one in how many golden texts a test takes: the race detector makes
// a pass many times slower.
const sample = 20
