// Command convert turns a BERT-family model folder (config.json, vocab.txt,
// model.safetensors, and the sentence-transformers files where they exist)
// into the weight file of package minilm:
//
//	go run ./llm/minilm/convert -in FOLDER -out llm/minilm/model.bin -name all-MiniLM-L6-v2
//
// It takes uncased WordPiece models with absolute positions and the exact
// GELU: MiniLM, bge, gte, e5 (English), arctic-embed. The same folder always
// gives the same bytes.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"frontdesk/llm/minilm/internal/modelfile"
)

func main() {
	in := flag.String("in", "", "folder of the model")
	out := flag.String("out", "", "weight file to write")
	name := flag.String("name", "", "name of the model (default: the last part of config.json's _name_or_path)")
	query := flag.String("query-prefix", "", `text to put before every question, such as "query: "`)
	document := flag.String("document-prefix", "", "text to put before every passage")
	flag.Parse()
	if *in == "" || *out == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := convert(*in, *out, modelfile.Header{Name: *name, QueryPrefix: *query, DocumentPrefix: *document}); err != nil {
		fmt.Fprintln(os.Stderr, "convert:", err)
		os.Exit(1)
	}
}

// convert reads the model in the folder in and writes out. given holds what
// the folder does not say.
func convert(in, out string, given modelfile.Header) error {
	header, err := readConfig(in, given)
	if err != nil {
		return err
	}
	path := filepath.Join(in, "model.safetensors")
	t, raw, err := openTensors(path)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(raw)
	header.SourceSHA256 = hex.EncodeToString(sum[:])
	m, err := build(header, t)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if m.Vocab, err = readVocabulary(filepath.Join(in, "vocab.txt"), header.Vocabulary); err != nil {
		return err
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	if err := modelfile.Write(f, m); err != nil {
		_ = f.Close()
		return fmt.Errorf("%s: %w", out, err)
	}
	return f.Close()
}

func build(h modelfile.Header, t *tensors) (*modelfile.Model, error) {
	m := &modelfile.Model{Header: h, Layer: make([]modelfile.Layer, h.Layers)}
	r := reader{tensors: t}
	words := r.floats("embeddings.word_embeddings.weight", h.Vocabulary, h.Hidden)
	m.Position = r.positions(h)
	m.EmbedNorm = r.norm("embeddings.LayerNorm", h.Hidden)
	for i := range m.Layer {
		r.layer(&m.Layer[i], fmt.Sprintf("encoder.layer.%d.", i), h)
	}
	if r.err != nil {
		return nil, r.err
	}
	m.Tokens, m.TokenScale = modelfile.QuantiseRows(words, h.Hidden)
	return m, nil
}

// reader reads tensors one after the other and keeps the first error.
type reader struct {
	tensors *tensors
	err     error
}

func (r *reader) floats(name string, shape ...int) []float32 {
	if r.err != nil {
		return nil
	}
	v, err := r.tensors.floats(name, shape...)
	r.err = err
	return v
}

// positions returns the position embeddings in use with token type 0 added,
// since every text has that type.
func (r *reader) positions(h modelfile.Header) []float32 {
	all := r.rows("embeddings.position_embeddings.weight", h.Hidden)
	types := r.rows("embeddings.token_type_embeddings.weight", h.Hidden)
	if r.err != nil {
		return nil
	}
	if len(all) < h.Positions*h.Hidden || len(types) < h.Hidden {
		r.err = fmt.Errorf("%d positions in the file, want %d", len(all)/h.Hidden, h.Positions)
		return nil
	}
	all = all[:h.Positions*h.Hidden]
	for i := range all {
		all[i] += types[i%h.Hidden]
	}
	return all
}

// rows reads a table of as many rows as it has.
func (r *reader) rows(name string, width int) []float32 {
	e, ok := r.tensors.entries[name]
	if !ok {
		e = r.tensors.entries["bert."+name]
	}
	n := 0
	if len(e.Shape) == 2 {
		n = e.Shape[0]
	}
	return r.floats(name, n, width)
}

func (r *reader) norm(name string, width int) modelfile.Norm {
	return modelfile.Norm{Weight: r.floats(name+".weight", width), Bias: r.floats(name+".bias", width)}
}

func (r *reader) layer(l *modelfile.Layer, at string, h modelfile.Header) {
	var weights, bias []float32
	for _, part := range []string{"query", "key", "value"} {
		weights = append(weights, r.floats(at+"attention.self."+part+".weight", h.Hidden, h.Hidden)...)
		bias = append(bias, r.floats(at+"attention.self."+part+".bias", h.Hidden)...)
	}
	if r.err == nil {
		l.QKV = modelfile.Quantise(weights, bias, h.Hidden, 3*h.Hidden)
	}
	l.Out = r.matrix(at+"attention.output.dense", h.Hidden, h.Hidden)
	l.OutNorm = r.norm(at+"attention.output.LayerNorm", h.Hidden)
	l.Up = r.matrix(at+"intermediate.dense", h.Hidden, h.FeedForward)
	l.Down = r.matrix(at+"output.dense", h.FeedForward, h.Hidden)
	l.Norm = r.norm(at+"output.LayerNorm", h.Hidden)
}

func (r *reader) matrix(name string, in, out int) modelfile.Matrix {
	weights, bias := r.floats(name+".weight", out, in), r.floats(name+".bias", out)
	if r.err != nil {
		return modelfile.Matrix{}
	}
	return modelfile.Quantise(weights, bias, in, out)
}
