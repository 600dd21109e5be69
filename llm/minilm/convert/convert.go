// Package convert turns a model folder as model hubs give it (config.json,
// model.safetensors, vocab.txt or tokenizer.json, and the files of
// sentence-transformers where they exist) into the weight file of package
// minilm.
//
// It takes BERT models with uncased WordPiece, absolute positions and the exact
// GELU, of any size: MiniLM, bge, gte, e5 (English), arctic-embed. Others are
// refused with an error that says what they have instead. The same folder and
// options always give the same bytes.
package convert

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"frontdesk/llm/minilm/internal/modelfile"
)

// Ways to turn the token vectors of a text into one.
const (
	PoolMean  = modelfile.PoolMean  // the mean of all
	PoolFirst = modelfile.PoolFirst // that of the first token, [CLS]
)

// Options says what the folder does not, or not rightly. The zero value leaves
// all to the folder.
type Options struct {
	Name          string // of the model; else from config.json, or the folder's name
	QueryPrefix   string // put before every question; else from config_sentence_transformers.json
	PassagePrefix string // put before every passage; else likewise
	Pooling       string // PoolMean or PoolFirst; else from 1_Pooling, or PoolMean
}

// Folder converts the model in a folder and writes its weight file to w.
func Folder(w io.Writer, folder string, o Options) error {
	header, err := readConfig(folder, o)
	if err != nil {
		return err
	}
	vocabulary, err := readVocabulary(folder)
	if err != nil {
		return err
	}
	path := filepath.Join(folder, "model.safetensors")
	t, raw, err := openTensors(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: weights in another form (pytorch_model.bin, ONNX, several files) must be saved as one safetensors file first", err)
	}
	if err != nil {
		return err
	}
	sum := sha256.Sum256(raw)
	header.SourceSHA256 = hex.EncodeToString(sum[:])
	m, err := build(header, len(vocabulary), t)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	m.Vocab = joinLines(vocabulary)
	if err := modelfile.Write(w, m); err != nil {
		return fmt.Errorf("convert %s: %w", folder, err)
	}
	return nil
}

// fill bounds the rows without a token at the end of an embedding table: some
// are rounded up to a multiple of 64 or 128.
const fill = 128

// build takes the tensors that the encoder uses. Rows of the embedding table
// that no token has, which fill some tables up, are left out.
func build(h modelfile.Header, vocabulary int, t *tensors) (*modelfile.Model, error) {
	r := reader{tensors: t}
	words := r.rows("embeddings.word_embeddings.weight", h.Hidden)
	if rows := len(words) / h.Hidden; r.err == nil && (rows < vocabulary || rows >= vocabulary+fill) {
		return nil, fmt.Errorf("%d tokens in the vocabulary, %d in the embedding table: the files are not whole, or not of one model", vocabulary, rows)
	}
	h.Vocabulary = vocabulary
	m := &modelfile.Model{Header: h, Layer: make([]modelfile.Layer, h.Layers)}
	m.Position = r.positions(h)
	m.EmbedNorm = r.norm("embeddings.LayerNorm", h.Hidden)
	for i := range m.Layer {
		r.layer(&m.Layer[i], fmt.Sprintf("encoder.layer.%d.", i), h)
	}
	if r.err != nil {
		return nil, r.err
	}
	m.Tokens, m.TokenScale = modelfile.QuantiseRows(words[:vocabulary*h.Hidden], h.Hidden)
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
		r.err = fmt.Errorf("%d positions and %d token types in the file, want %d and 1", len(all)/h.Hidden, len(types)/h.Hidden, h.Positions)
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
	rows := 0
	if len(e.Shape) == 2 {
		rows = e.Shape[0]
	}
	return r.floats(name, rows, width)
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
