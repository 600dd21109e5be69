package modelfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tiny returns a model of the least size that the format takes.
func tiny() *Model {
	r := rand.New(rand.NewPCG(1, 2))
	values := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = r.Float32() - 0.5
		}
		return x
	}
	const hidden, inner, vocab, positions = 64, 128, 5, 4
	norm := func() Norm { return Norm{values(hidden), values(hidden)} }
	matrix := func(in, out int) Matrix { return Quantise(values(in*out), values(out), in, out) }
	m := &Model{
		Header: Header{
			Name: "tiny", Hidden: hidden, Layers: 1, Heads: 2, FeedForward: inner, Vocabulary: vocab,
			Positions: positions, Epsilon: 1e-12, Pooling: PoolMean, QueryPrefix: "query: ", SourceSHA256: "ab",
		},
		Vocab: []byte("[UNK]\n[CLS]\n[SEP]\na\n##b"), Position: values(positions * hidden), EmbedNorm: norm(),
		Layer: []Layer{{
			QKV: matrix(hidden, 3*hidden), Out: matrix(hidden, hidden), OutNorm: norm(),
			Up: matrix(hidden, inner), Down: matrix(inner, hidden), Norm: norm(),
		}},
	}
	m.Tokens, m.TokenScale = QuantiseRows(values(vocab*hidden), hidden)
	return m
}

func file(t testing.TB, m *Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	want := tiny()
	data := file(t, want)
	got, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range got.Sections {
		if s.Offset%align != 0 {
			t.Errorf("section %s lies at %d", s.Name, s.Offset)
		}
	}
	if !bytes.Equal(file(t, got), data) {
		t.Error("what was read is written differently")
	}
	want.Sections = got.Sections
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestUnaligned reads from an odd address, where floats must be copied, as on a
// big-endian machine.
func TestUnaligned(t *testing.T) {
	t.Parallel()
	data := file(t, tiny())
	want, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	for off := 1; off < 4; off++ {
		got, err := Parse(append(make([]byte, off), data...)[off:])
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%d bytes off: %s", off, d)
		}
	}
}

func TestTruncated(t *testing.T) {
	t.Parallel()
	data := file(t, tiny())
	for n := 0; n < len(data); n += 1 + n/50 {
		if m, err := Parse(data[:n:n]); err == nil || m != nil {
			t.Fatalf("%d of %d bytes: model %v, error %v", n, len(data), m, err)
		}
	}
	if _, err := Parse(data[:len(data)-align]); err == nil || !strings.Contains(err.Error(), "truncated") {
		t.Errorf("the last section missing: %v", err)
	}
	if _, err := Parse(append(slices.Clone(data), make([]byte, align)...)); err == nil {
		t.Error("bytes after the end: no error")
	}
}

func TestForeign(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "FDENCOD", "\x93NUMPY\x01\x00v\x00{'descr'", strings.Repeat("\x00", 4096)} {
		if _, err := Parse([]byte(text)); !errors.Is(err, ErrForeign) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	data := file(t, tiny())
	binary.LittleEndian.PutUint32(data[8:], 2)
	if _, err := Parse(data); err == nil || !strings.Contains(err.Error(), "version 2") {
		t.Errorf("version 2: %v", err)
	}
}

// TestHeader changes one thing of the header at a time, keeping its length.
func TestHeader(t *testing.T) {
	t.Parallel()
	data := file(t, tiny())
	for _, c := range [][2]string{
		{`"hidden":64`, `"hidden":65`}, {`"hidden":64`, `"hidden":-1`}, {`"hidden":64`, `"hidden":99`},
		{`"layers":1`, `"layers":0`}, {`"layers":1`, `"layers":2`}, {`"heads":2`, `"heads":3`}, {`"heads":2`, `"heads":0`}, {`"heads":2`, `"heads":8`},
		{`"feed_forward":128`, `"feed_forward":192`}, {`"vocabulary":5`, `"vocabulary":6`}, {`"positions":4`, `"positions":3`},
		{`"positions":4`, `"positions":2`}, {`"pooling":"mean"`, `"pooling":"last"`}, {`"pooling":"mean"`, `"pooling": 1234 `},
		{`"layer_norm_epsilon":1e-12`, `"layer_norm_epsilon":1e+12`}, {`"offset":64`, `"offset":65`}, {`"offset":64`, `"offset":-1`},
		{`"name":"positions"`, `"name":"position_"`}, {`{"name":"tiny"`, `["name":"tiny"`}, {`"hidden":64`, `"hiddem":64`},
	} {
		changed := bytes.Replace(slices.Clone(data), []byte(c[0]), []byte(c[1]), 1)
		if bytes.Equal(changed, data) || len(changed) != len(data) {
			t.Fatalf("%s is not in the header, or longer", c[0])
		}
		if m, err := Parse(changed); err == nil {
			t.Errorf("%s instead of %s: read as %v", c[1], c[0], m.Header)
		}
	}
}

func FuzzParse(f *testing.F) {
	data := file(f, tiny())
	f.Add(data)
	f.Add(data[:1000])
	f.Add([]byte(magic + "\x01\x00\x00\x00\x30\x00\x00\x00" + fmt.Sprintf("%-48s", `{"hidden":64,"layers":1}`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := Parse(data); err == nil {
			again := file(t, m)
			if _, err := Parse(again); err != nil {
				t.Fatalf("what was read is written wrongly: %v", err)
			}
		}
	})
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Model){
		"no pooling":    func(m *Model) { m.Pooling = "" },
		"short bias":    func(m *Model) { m.Layer[0].Up.Bias = m.Layer[0].Up.Bias[1:] },
		"no embeddings": func(m *Model) { m.Tokens = nil },
		"odd width":     func(m *Model) { m.Hidden = 100 },
		"huge":          func(m *Model) { m.Hidden, m.Vocabulary = 1<<14, 1<<18 },
		"missing layer": func(m *Model) { m.Layers = 2 },
	} {
		m := tiny()
		spoil(m)
		var b bytes.Buffer
		if err := Write(&b, m); err == nil {
			t.Errorf("%s: written", name)
		}
	}
}

func TestQuantise(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	const in, out = 128, 32
	weights := make([]float32, in*out)
	for i := range weights {
		weights[i] = float32(r.NormFloat64()) * float32(1+i/in)
	}
	clear(weights[5*in : 6*in]) // a row of zeros has scale 0
	m := Quantise(weights, make([]float32, out), in, out)
	for o := range out {
		for i := range in {
			scale := m.Scales[(o/16*(in/64)+i/64)*16+o%16]
			got := float32(m.Weights[(o/16*in+i)*16+o%16]) * scale
			want := weights[o*in+i]
			// Half a step, or what the cut of outliers takes off.
			if d := math.Abs(float64(got - want)); d > 0.501*float64(scale) && math.Abs(float64(got)) < 126.5*float64(scale) {
				t.Fatalf("output %d, input %d: %g, want %g (scale %g)", o, i, got, want, scale)
			}
			if math.Abs(float64(got-want)) > 0.21*math.Abs(float64(want))+0.501*float64(scale) {
				t.Fatalf("output %d, input %d: %g, want %g", o, i, got, want)
			}
		}
	}
	q, scales := QuantiseRows(weights, in)
	for i, v := range weights {
		if got := float64(q[i]) * float64(scales[i/in]); math.Abs(got-float64(v)) > 0.21*math.Abs(float64(v))+0.501*float64(scales[i/in]) {
			t.Fatalf("row value %d: %g, want %g", i, got, v)
		}
	}
}
