//go:build !race

package minilm

const sample = 1
