package evals

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/knowledge"
	"frontdesk/llm/minilm"
)

const (
	// benchChunks is how many chunks the made help centre has: as many as
	// arduino_help.
	benchChunks = 1700
	// benchRounds is how often each question is asked, so that the 99th
	// percentile is one of some hundred times.
	benchRounds = 5
)

// BenchmarkDecide times a turn from question to answer, with the encoder of
// the binary and no language model, on a help centre of 1,700 chunks that is
// indexed: arduino_help where its data is found, else copies of the
// repository's own. Beside each turn it times its floor, the bare search for the
// same text: one pass of the encoder, words, vectors. The first run embeds the
// articles, for a minute or two, and keeps their vectors under .cache.
func BenchmarkDecide(b *testing.B) {
	set := benchSet(b)
	encoder, err := minilm.Default()
	if err != nil {
		b.Fatal(err)
	}
	cached, err := OpenCached(filepath.Join("..", ".cache", "evals", "vectors"), encoder)
	if err != nil {
		b.Fatal(err)
	}
	h, err := open(b.Context(), RunOptions{Articles: set.Articles, Embedder: liveQuestions{encoder, cached}, Dir: b.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err := errors.Join(err, cached.Close()); err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := h.close(); err != nil {
			b.Error(err)
		}
	}()
	bench := func(name string, queries []Query) {
		var turns []bot.Turn
		for _, q := range queries {
			t, err := h.turn(b.Context(), q)
			if err != nil {
				b.Fatal(err)
			}
			turns = append(turns, t)
		}
		b.Run(name, func(b *testing.B) { benchDecide(b, h, encoder, turns) })
	}
	bench(set.Name, set.Queries)
	bench("10kB", longMessages(set.Queries))
}

// liveQuestions gives the vectors of articles from a file, and those of
// questions from the encoder.
type liveQuestions struct {
	*minilm.Encoder
	articles *CachedEmbedder
}

func (l liveQuestions) EmbedDocuments(ctx context.Context, texts []string) ([][]float32, error) {
	return l.articles.EmbedDocuments(ctx, texts)
}

// benchSet gives some 1,700 chunks and questions about them.
func benchSet(b *testing.B) Set {
	dir := filepath.Join(DataDir(".."), "arduino_help")
	_, err := os.Stat(dir)
	found := err == nil
	if !found {
		dir = "data"
	}
	set, err := ReadSet(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	if found {
		return set
	}
	chunks := 0
	own := set.Articles
	set.Articles = nil
	for branch := 0; chunks < benchChunks; branch++ {
		for _, in := range own {
			if branch > 0 {
				in.ExternalID = fmt.Sprintf("%s-%d", in.ExternalID, branch)
				in.Title = fmt.Sprintf("%s in branch %d", in.Title, branch)
			}
			set.Articles = append(set.Articles, in)
			chunks += len(knowledge.Prepare(in).Chunks)
		}
	}
	return set
}

// longMessages gives messages of 10 kB with a question at an end: one of words
// without end, one of lines of a log, two of sentences short and long.
func longMessages(queries []Query) []Query {
	const size = 10 << 10
	fill := func(part string) string {
		var b strings.Builder
		for n := 1; b.Len() < size; n++ {
			fmt.Fprintf(&b, part, n)
		}
		return b.String()
	}
	ask := queries[0].Text
	return []Query{
		{Text: ask + " " + fill("and then for the %dth time it did the same as the week before ")},
		{Text: fill("2026-11-02 09:14:%02d error: cannot open the port, code 5\n") + ask},
		{Text: fill("I tried it %d times on my other machine. ") + ask},
		{Text: fill("When I came back after %d minutes the light was still on, although the manual says that it goes out as soon as the "+
			"cover is closed and the cable is unplugged, so I opened it once more to see whether something was loose inside. ") + ask},
	}
}

func benchDecide(b *testing.B, h *house, encoder *minilm.Encoder, turns []bot.Turn) {
	var decide, encode, floor []time.Duration
	least := slices.Repeat([]time.Duration{time.Hour}, len(turns)) // of a turn, when nothing else runs
	for b.Loop() {
		for range benchRounds {
			for i, t := range turns {
				text := strings.Join(t.Messages, "\n")
				encode = append(encode, took(b, func() error { _, err := encoder.EmbedQuery(b.Context(), text); return err }))
				floor = append(floor, took(b, func() error {
					_, err := h.base.Search(b.Context(), h.ws.ID, knowledge.Query{Text: text})
					return err
				}))
				d := took(b, func() error { _, err := h.engine.Decide(b.Context(), t); return err })
				decide, least[i] = append(decide, d), min(least[i], d)
			}
		}
	}
	quantile := func(all []time.Duration, q float64) float64 {
		slices.Sort(all)
		return float64(all[int(q*float64(len(all)-1))]) / float64(time.Millisecond)
	}
	b.ReportMetric(quantile(decide, .5), "ms/p50")
	b.ReportMetric(quantile(decide, .99), "ms/p99")
	b.ReportMetric(quantile(least, 1), "ms/longest-at-best")
	b.ReportMetric(quantile(encode, .5), "ms/encode-p50")
	b.ReportMetric(quantile(floor, .5), "ms/floor-p50")
	b.ReportMetric(quantile(floor, .99), "ms/floor-p99")
	b.ReportMetric(quantile(decide, .5)/quantile(floor, .5), "p50/floor")
	b.ReportMetric(quantile(decide, .99)/quantile(floor, .99), "p99/floor")
	b.ReportMetric(0, "ns/op") // of no meaning here
}

func took(b *testing.B, what func() error) time.Duration {
	b.Helper()
	start := time.Now()
	if err := what(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}
