//go:build !linux

package minilm

const stepsPerYield = 1

// background has no priority of threads to lower here.
func background() {}
