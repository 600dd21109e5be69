//go:build !race

package storetest

// slower divides the counts of long cases; see race_on.go.
const slower = 1
