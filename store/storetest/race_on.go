//go:build race

package storetest

// slower divides the counts of long cases: under the race detector, SQLite
// in pure Go takes about 20 times as long.
const slower = 20
