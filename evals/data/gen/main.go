// Command gen writes vectors.bin: the vectors of the sample help centre's
// passages, so that the demo searches by meaning from its first second. Run it
// from the repository's root, go run ./evals/data/gen, after a change to the articles; what has no vector in
// the file is simply embedded at start, and a test says that it is stale.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"frontdesk/evals/data"
	"frontdesk/knowledge"
	"frontdesk/knowledge/source"
	"frontdesk/llm/minilm"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "frontdesk-gen-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.CopyFS(dir, data.Files); err != nil {
		return err
	}
	encoder, err := minilm.Default()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	articles := source.Read(ctx, dir+"/helpcentre", source.Options{Source: data.Source})
	if err := knowledge.BuildCache(ctx, &out, encoder, articles); err != nil {
		return err
	}
	return os.WriteFile("evals/data/vectors.bin", out.Bytes(), 0o644)
}
