package data_test

import (
	"bytes"
	"context"
	"os"
	"testing"

	"frontdesk/evals/data"
	"frontdesk/knowledge"
	"frontdesk/knowledge/source"
	"frontdesk/llm/minilm"
)

// The cache must hold every passage as it is cut today: else the demo starts
// without meaning and nobody notices.
func TestVectorsAreFresh(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.CopyFS(dir, data.Files); err != nil {
		t.Fatal(err)
	}
	encoder, err := minilm.Default()
	if err != nil {
		t.Fatal(err)
	}
	cache, err := knowledge.LoadCache(bytes.NewReader(data.Vectors), encoder.Model(), encoder.Dim())
	if err != nil {
		t.Fatal(err)
	}
	var puts []knowledge.Put
	for in, err := range source.Read(context.Background(), dir+"/helpcentre", source.Options{Source: data.Source}) {
		if err != nil {
			t.Fatal(err)
		}
		puts = append(puts, knowledge.Prepare(in))
	}
	if len(puts) < 40 {
		t.Fatalf("only %d articles", len(puts))
	}
	if missing := cache.Missing(puts); len(missing) > 0 {
		t.Errorf("%d passages have no vector, the first is %q: run go run ./evals/data/gen", len(missing), missing[0].Text)
	}
}
