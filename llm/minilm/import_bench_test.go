package minilm

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"
)

const question = "where can i see how my order gets here?" // 12 tokens

// BenchmarkImport is the speed of EmbedDocuments on chunks of 128 tokens.
func BenchmarkImport(b *testing.B) {
	e := open(b)
	texts := make([]string, 16)
	for i := range texts {
		texts[i] = strings.Repeat("order ", 126)
	}
	for b.Loop() {
		if _, err := e.EmbedDocuments(b.Context(), texts); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(texts))/b.Elapsed().Seconds(), "chunks/s")
}

// BenchmarkQuestionBesideImport compares a question's time while an import has
// all cores with its time alone, in turns. A question is asked every 20 ms, by
// a goroutine that a timer wakes; the wait for a core counts.
func BenchmarkQuestionBesideImport(b *testing.B) {
	e := open(b)
	if got := len(e.ids(question)); got != 12 {
		b.Fatalf("%d tokens, want 12", got)
	}
	var alone, beside stopwatch
	for b.Loop() {
		ask(b, e, &alone)
		ctx, stop := context.WithCancel(b.Context())
		var worker sync.WaitGroup
		worker.Go(func() { importUntil(ctx, e) })
		ask(b, e, &beside)
		stop()
		worker.Wait()
	}
	b.ReportMetric(alone.median()*1e3, "ms/alone-p50")
	b.ReportMetric(alone.quantile(0.99)*1e3, "ms/alone-p99")
	b.ReportMetric(beside.median()*1e3, "ms/beside-p50")
	b.ReportMetric(beside.quantile(0.99)*1e3, "ms/beside-p99")
	b.ReportMetric(beside.median()/alone.median(), "p50-ratio")
}

func ask(b *testing.B, e *Encoder, s *stopwatch) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 25 {
		due := <-tick.C
		if _, err := e.EmbedQuery(b.Context(), question); err != nil {
			b.Fatal(err)
		}
		*s = append(*s, time.Since(due).Seconds())
	}
}

// importUntil imports until ctx ends, the only error there is.
func importUntil(ctx context.Context, e *Encoder) {
	text := strings.Repeat("order ", 126)
	for err := error(nil); err == nil; {
		_, err = e.EmbedDocuments(ctx, []string{text, text, text, text, text, text, text, text})
	}
}
