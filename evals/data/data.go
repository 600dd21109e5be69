// Package data holds the sample help centre of an invented shop and the
// questions written for it. The demo loads both out of the binary, and the
// repository's own evaluation scores against them. README.md has the format.
package data

import "embed"

// Files holds helpcentre/*.md, one article a file with YAML front matter, and
// queries.jsonl, one question a line. It is read-only and safe for concurrent use.
//
//go:embed helpcentre/*.md queries.jsonl
var Files embed.FS

// Vectors is the vector cache of the articles' passages, for
// knowledge.LoadCache. Make it anew with "go run ./evals/data/gen" after a
// change to the articles; it is not made by go generate, since the last bits of
// a vector depend on the CPU and a rebuild would differ for no reason.
//
//go:embed vectors.bin
var Vectors []byte

// Source is the name of the articles' source.
const Source = "sample"
