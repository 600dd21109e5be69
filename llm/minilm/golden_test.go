package minilm

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"frontdesk/internal/simd"
)

// golden is a text with the token ids and the float32 vector of the original
// model.
type golden struct {
	Text   string    `json:"text"`
	IDs    []int     `json:"ids"`
	Vector []float32 `json:"vector"`
	Base64 []byte    `json:"float32"` // little-endian, instead of Vector
}

// TestGolden compares with vectors that testdata/reference.py made of the
// original float32 weights.
func TestGolden(t *testing.T) {
	t.Parallel()
	checkGolden(t, readGolden(t, filepath.Join("testdata", "golden.jsonl")))
}

// TestGoldenShared does the same with a set that is not ours to commit.
func TestGoldenShared(t *testing.T) {
	t.Parallel()
	file := os.Getenv("FRONTDESK_ENCODER_GOLDEN")
	if file == "" {
		file = filepath.Join("..", "..", "..", "shared", "encoder", "golden.jsonl")
	}
	if _, err := os.Stat(file); err != nil {
		t.Skipf("no golden vectors at %s: set FRONTDESK_ENCODER_GOLDEN to a file of them", file)
	}
	set := readGolden(t, file)
	// The original reads a special token's name in a text as that token. Here
	// what a customer types stays plain text, whatever it is.
	set = slices.DeleteFunc(set, func(g golden) bool { return special.MatchString(g.Text) })
	checkGolden(t, set)
}

var special = regexp.MustCompile(`\[(CLS|SEP|MASK|PAD|UNK)\]`)

// checkGolden wants the same tokens, and vectors as near as int8 weights allow.
func checkGolden(t *testing.T, set []golden) {
	t.Helper()
	e := open(t)
	for _, g := range set {
		if got := e.ids(g.Text); !slices.Equal(got, g.IDs) {
			t.Errorf("%.60q: tokens\n got %v\nwant %v", g.Text, got, g.IDs)
		}
	}
	set = thin(set)
	texts := make([]string, len(set))
	for i, g := range set {
		texts[i] = g.Text
	}
	vectors, err := e.EmbedDocuments(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	mean, worst := 0.0, 1.0
	for i, g := range set {
		c := cosine(vectors[i], g.Vector)
		if c < 0.998 {
			t.Errorf("%.60q: cosine %.5f to the original", g.Text, c)
		}
		mean += c / float64(len(set))
		worst = min(worst, c)
	}
	t.Logf("%s: %d texts, cosine to the original: mean %.5f, worst %.5f", simd.Level(), len(set), mean, worst)
	if mean < 0.999 {
		t.Errorf("mean cosine %.5f to the original, want at least .999", mean)
	}
}

// thin keeps a part of the texts where a pass is slow: under the race
// detector, and in plain Go (500 ms for 128 tokens).
func thin(set []golden) []golden {
	step := sample
	if simd.Level() == "generic" {
		step = 10 + 5*(sample-1)
	}
	var out []golden
	for i := 0; i < len(set); i += step {
		out = append(out, set[i])
	}
	return out
}

func readGolden(t *testing.T, file string) []golden {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var set []golden
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var g golden
		if err := json.Unmarshal(lines.Bytes(), &g); err != nil {
			t.Fatal(err)
		}
		for b := g.Base64; len(b) >= 4; b = b[4:] {
			g.Vector = append(g.Vector, math.Float32frombits(binary.LittleEndian.Uint32(b)))
		}
		set = append(set, g)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if len(set) == 0 {
		t.Fatalf("%s is empty", file)
	}
	return set
}

func open(t testing.TB) *Encoder {
	t.Helper()
	e, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (e *Encoder) ids(text string) []int {
	var t tokens
	e.tokenizer.tokenize(&t, text, e.model.Positions)
	out := make([]int, len(t.ids))
	for i, id := range t.ids {
		out[i] = int(id)
	}
	return out
}

func cosine(a, b []float32) float64 {
	var ab, aa, bb float64
	for i := range a {
		ab += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	return ab / math.Sqrt(aa*bb)
}
