package knowledge

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/simd"
	"frontdesk/llm"
)

const benchDim = 384 // that of the built-in encoder

// fixedEmbedder gives one vector for every question, so that the encoder's
// time is not measured.
type fixedEmbedder struct {
	llm.FakeEmbedder
	vector []float32
}

func (f fixedEmbedder) EmbedQuery(context.Context, string) ([]float32, error) { return f.vector, nil }

// synthetic makes an index of n chunks, 4 an article, with words drawn as in
// natural language (Zipf) and random vectors.
func synthetic(n int) (*Index, func() string) {
	random := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(random, 1.1, 4, 30_000)
	words := func(n int) string {
		var out []string
		for range n {
			out = append(out, fmt.Sprintf("w%x", zipf.Uint64()))
		}
		return strings.Join(out, " ")
	}
	u := Update{Version: 1}
	for i := range n / 4 {
		d := Document{Article: Article{ExternalID: fmt.Sprint(i), Visibility: Public, Status: StatusPublished}}
		binary.LittleEndian.PutUint64(d.ID[:], uint64(i))
		for ordinal := range 4 {
			c := Chunk{Ordinal: ordinal, Text: words(60)}
			binary.LittleEndian.PutUint64(c.Hash[:], uint64(4*i+ordinal))
			d.Chunks = append(d.Chunks, c)
			u.Vectors = append(u.Vectors, Vector{c.Hash, randomUnit(random)})
		}
		u.Documents = append(u.Documents, d)
	}
	e := fixedEmbedder{llm.FakeEmbedder{Dims: benchDim}, randomUnit(random)}
	return NewIndex(NewSearcher(e, 0)).With(u), func() string { return words(8) }
}

func randomUnit(random *rand.Rand) []float32 {
	v := make([]float32, benchDim)
	var sum float64
	for i := range v {
		v[i] = float32(random.NormFloat64())
		sum += float64(v[i]) * float64(v[i])
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum))
	}
	return v
}

// BenchmarkSearch compares a hybrid search over 10,000 chunks with the bare
// scan of their vectors, in one run: the metric "x-scan" is the ratio.
func BenchmarkSearch(b *testing.B) {
	x, question := synthetic(10_000)
	questions := make([]string, 64)
	for i := range questions {
		questions[i] = question()
	}
	q := x.search.embedder.(fixedEmbedder).vector
	out := make([]float32, len(x.rowOf))
	var scan, hybrid time.Duration
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		start := time.Now()
		simd.DotRows(out, q, x.rows, benchDim)
		middle := time.Now()
		if _, err := x.Search(b.Context(), Query{Text: questions[i%len(questions)]}); err != nil {
			b.Fatal(err)
		}
		scan += middle.Sub(start)
		hybrid += time.Since(middle)
	}
	b.ReportMetric(float64(scan.Microseconds())/float64(b.N), "µs/scan")
	b.ReportMetric(float64(hybrid.Microseconds())/float64(b.N), "µs/search")
	b.ReportMetric(float64(hybrid)/float64(scan), "x-scan")
}

// BenchmarkMisspelt compares a search over 10,000 chunks whose question has a
// misspelt word with one that has none, in one run: "x-spelt" is the ratio. The
// vocabulary holds 200,000 words beside those of the chunks.
func BenchmarkMisspelt(b *testing.B) {
	x, question := synthetic(10_000)
	random := rand.New(rand.NewPCG(3, 4))
	word := func() string {
		w := make([]byte, 4+random.IntN(9))
		for i := range w {
			w[i] = 'a' + byte(min(random.ExpFloat64()*6, 25))
		}
		return string(w)
	}
	var words []string
	for range 200_000 {
		words = append(words, word())
	}
	d := Document{Article: Article{ExternalID: "words", Visibility: Public, Status: StatusPublished, Locale: "xx"}}
	for part := range slices.Chunk(words, 1000) {
		d.Chunks = append(d.Chunks, Chunk{Ordinal: len(d.Chunks), Text: strings.Join(part, " ")})
	}
	x = x.With(Update{Documents: []Document{d}})
	var spelt, wrong time.Duration
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		text, known := question(), words[i%len(words)]
		start := time.Now()
		if _, err := x.Search(b.Context(), Query{Text: text + " " + known}); err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		if _, err := x.Search(b.Context(), Query{Text: text + " " + known[:2] + "q" + known[2:]}); err != nil {
			b.Fatal(err)
		}
		spelt += middle.Sub(start)
		wrong += time.Since(middle)
	}
	b.ReportMetric(float64(spelt.Microseconds())/float64(b.N), "µs/spelt")
	b.ReportMetric(float64(wrong.Microseconds())/float64(b.N), "µs/misspelt")
	b.ReportMetric(float64(wrong)/float64(spelt), "x-spelt")
}

// BenchmarkChange measures a new snapshot of 10,000 chunks after one changed article.
func BenchmarkChange(b *testing.B) {
	x, _ := synthetic(10_000)
	d := *x.Documents()[7]
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		x.With(Update{Version: int64(i + 2), Documents: []Document{d}})
	}
}

// BenchmarkPrepare measures the import of one article of usual size.
func BenchmarkPrepare(b *testing.B) {
	in := Input{Source: "s", ExternalID: "e", Title: "Clean your M2", Body: strings.Repeat(sample+"\n", 5)}
	b.SetBytes(int64(len(in.Body)))
	for range b.N {
		Prepare(in)
	}
}

// BenchmarkTerms measures how fast text is read into terms.
func BenchmarkTerms(b *testing.B) {
	b.SetBytes(int64(len(sample)))
	b.ReportAllocs()
	for range b.N {
		Terms(sample)
	}
}
