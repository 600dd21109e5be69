//go:build race

package main

// raceEnabled says that the encoder runs 20 times slower.
const raceEnabled = true
