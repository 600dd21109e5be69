// Package modelfile is the weight file of the sentence encoder, format 1: what
// the converter writes and what the encoder reads in place.
//
// A file is
//
//	8 bytes   magic "FDENCODE"
//	4 bytes   format version, 1
//	4 bytes   n, the length of the header
//	n bytes   the header: JSON, filled up with spaces so that 16+n is a multiple of 64
//	          the sections, each starting on a multiple of 64, with zeros between
//
// with all numbers little-endian. Weights are int8, packed for the matrix
// kernel: [outputs/16][inputs][16], with one float32 scale for every output
// and 64 inputs, [outputs/16][inputs/64][16]. The embedding table is int8 with
// one scale a row. Biases, layer norms and positions are float32. The
// vocabulary is text, one token a line.
//
// Nothing is unpacked when a file is read: the slices of a Model point into
// the bytes given, except that on a big-endian machine, or when the bytes do
// not lie on a multiple of four, the float32 sections (about 1 MB) are copied.
package modelfile

import (
	"fmt"
	"math"
)

// Version is the format written, and the only one read.
const Version = 1

const (
	magic = "FDENCODE"
	align = 64

	// PanelWidth is the number of outputs side by side in a panel of weights.
	PanelWidth = 16
	// ScaleBlock is the number of inputs of an output that share a scale.
	ScaleBlock = 64
)

// Ways to turn the token vectors of a text into one vector.
const (
	PoolMean  = "mean" // the mean of all tokens, [CLS] and [SEP] included
	PoolFirst = "cls"  // the vector of [CLS]
)

// Header describes a model.
type Header struct {
	Name           string    `json:"name"`                      // as in "all-MiniLM-L6-v2"
	Hidden         int       `json:"hidden"`                    // values in a vector
	Layers         int       `json:"layers"`                    //
	Heads          int       `json:"heads"`                     // divides Hidden
	FeedForward    int       `json:"feed_forward"`              // values between the two feed-forward products
	Vocabulary     int       `json:"vocabulary"`                // tokens
	Positions      int       `json:"positions"`                 // tokens of a text at most, specials included
	Epsilon        float64   `json:"layer_norm_epsilon"`        //
	Pooling        string    `json:"pooling"`                   // PoolMean or PoolFirst
	QueryPrefix    string    `json:"query_prefix,omitempty"`    // put before a question
	DocumentPrefix string    `json:"document_prefix,omitempty"` // put before a passage
	SourceSHA256   string    `json:"source_sha256"`             // of the safetensors file, in hex
	Sections       []Section `json:"sections"`                  // in the order of the file
}

// Section says where a part lies, counted from the end of the header.
type Section struct {
	Name   string `json:"name"`
	Offset int    `json:"offset"`
	Bytes  int    `json:"bytes"`
}

// Model is a weight file's content. It must not be written to.
type Model struct {
	Header

	Vocab      []byte    // one token a line, the line number being its id
	Tokens     []int8    // embedding table, [Vocabulary][Hidden]
	TokenScale []float32 // [Vocabulary]
	Position   []float32 // [Positions][Hidden], with the embedding of token type 0 added
	EmbedNorm  Norm
	Layer      []Layer
}

// Layer is one transformer layer.
type Layer struct {
	QKV     Matrix // Hidden to 3*Hidden: queries, keys, values
	Out     Matrix // attention's output, Hidden to Hidden
	OutNorm Norm
	Up      Matrix // Hidden to FeedForward
	Down    Matrix // FeedForward to Hidden
	Norm    Norm
}

// Norm is a layer norm.
type Norm struct{ Weight, Bias []float32 }

// Matrix is a linear map from In to Out values.
type Matrix struct {
	In, Out int
	Weights []int8    // [Out/PanelWidth][In][PanelWidth]
	Scales  []float32 // [Out/PanelWidth][In/ScaleBlock][PanelWidth]
	Bias    []float32 // [Out]
}

// Limits that keep sizes computed from a foreign header from overflow, on
// 32-bit machines too: of one dimension, and of the values in one section.
const (
	limit   = 1 << 20
	largest = 1 << 28
)

// check says what in the dimensions is beyond this format.
func (h *Header) check() error {
	for _, d := range []struct {
		name        string
		value, mult int
	}{
		{"hidden", h.Hidden, ScaleBlock}, {"layers", h.Layers, 1}, {"heads", h.Heads, 1},
		{"feed_forward", h.FeedForward, ScaleBlock}, {"vocabulary", h.Vocabulary, 1}, {"positions", h.Positions, 1},
	} {
		if d.value <= 0 || d.value > limit || d.value%d.mult != 0 {
			return fmt.Errorf("%s is %d: want a multiple of %d from %d to %d", d.name, d.value, d.mult, d.mult, limit)
		}
	}
	widest := int64(max(3*h.Hidden, h.FeedForward, h.Vocabulary, h.Positions))
	switch {
	case widest*int64(h.Hidden) > largest:
		return fmt.Errorf("a table of %d times %d values: want at most %d", widest, h.Hidden, largest)
	case h.Layers > 1000:
		return fmt.Errorf("layers is %d: want at most 1000", h.Layers)
	case h.Hidden%h.Heads != 0 || h.Hidden/h.Heads%PanelWidth != 0:
		return fmt.Errorf("%d heads of %d values: a head must be a multiple of %d wide", h.Heads, h.Hidden, PanelWidth)
	case h.Positions < 3:
		return fmt.Errorf("positions is %d: want room for a token between the specials", h.Positions)
	case h.Pooling != PoolMean && h.Pooling != PoolFirst:
		return fmt.Errorf("pooling is %q: want %q or %q", h.Pooling, PoolMean, PoolFirst)
	case !(h.Epsilon > 0 && h.Epsilon < 1) || math.IsNaN(h.Epsilon):
		return fmt.Errorf("layer_norm_epsilon is %g", h.Epsilon)
	}
	return nil
}

// part is one section as a field of a model: exactly one pointer is set.
// want is the number of values, -1 for any.
type part struct {
	name   string
	want   int
	bytes  *[]byte
	ints   *[]int8
	floats *[]float32
}

// parts lists the sections of a model in the order of the file. The reader
// fills what they point at, the writer reads it.
func (m *Model) parts() []part {
	h := &m.Header
	ps := []part{
		{name: "vocabulary", want: -1, bytes: &m.Vocab},
		{name: "tokens.weights", want: h.Vocabulary * h.Hidden, ints: &m.Tokens},
		{name: "tokens.scales", want: h.Vocabulary, floats: &m.TokenScale},
		{name: "positions", want: h.Positions * h.Hidden, floats: &m.Position},
	}
	norm := func(name string, n *Norm) {
		ps = append(ps,
			part{name: name + ".weight", want: h.Hidden, floats: &n.Weight},
			part{name: name + ".bias", want: h.Hidden, floats: &n.Bias})
	}
	matrix := func(name string, x *Matrix, in, out int) {
		x.In, x.Out = in, out
		ps = append(ps,
			part{name: name + ".weights", want: in * out, ints: &x.Weights},
			part{name: name + ".scales", want: in / ScaleBlock * out, floats: &x.Scales},
			part{name: name + ".bias", want: out, floats: &x.Bias})
	}
	norm("embedding.norm", &m.EmbedNorm)
	for i := range m.Layer {
		l, at := &m.Layer[i], fmt.Sprintf("layer.%d.", i)
		matrix(at+"qkv", &l.QKV, h.Hidden, 3*h.Hidden)
		matrix(at+"attention", &l.Out, h.Hidden, h.Hidden)
		norm(at+"attention.norm", &l.OutNorm)
		matrix(at+"up", &l.Up, h.Hidden, h.FeedForward)
		matrix(at+"down", &l.Down, h.FeedForward, h.Hidden)
		norm(at+"norm", &l.Norm)
	}
	return ps
}

func roundUp(n int) int { return (n + align - 1) &^ (align - 1) }
