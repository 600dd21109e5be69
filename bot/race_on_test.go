//go:build race

package bot

// slowdown is how much longer things take under the race detector.
const slowdown = 20
