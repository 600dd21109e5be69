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
