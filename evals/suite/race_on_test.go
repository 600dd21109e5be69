//go:build race

package main

// raceEnabled says that two fits of the classes take most of a minute.
const raceEnabled = true
