package ground

import (
	"context"
	"strings"
	"testing"
)

// BenchmarkCheck checks a sentence against three sources of some 6 KB each, read before.
func BenchmarkCheck(b *testing.B) {
	t := New(Options{}).Turn(benchSources())
	for b.Loop() {
		if f, err := t.Check(context.Background(), "Delivery to Austria costs €6.90, and express takes up to two days if you live in a village."); err != nil || !f.OK {
			b.Fatal(f, err)
		}
	}
}

// BenchmarkTurn reads three sources.
func BenchmarkTurn(b *testing.B) {
	sources := benchSources()
	for b.Loop() {
		New(Options{}).Turn(sources)
	}
}

func benchSources() []Source {
	var out []Source
	for i := range 3 {
		other := strings.NewReplacer("Austria", "Atlantis", "village", "castle").Replace(delivery)
		body := strings.Repeat(other, 4)
		if i == 2 {
			body += delivery
		}
		out = append(out, Source{N: i + 1, Title: "Delivery times and costs", Body: body})
	}
	return out
}
