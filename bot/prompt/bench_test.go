package prompt

import (
	"strings"
	"testing"
)

// BenchmarkCompose is what a turn pays for its prompt: with an article of usual
// length, and with the longest ones.
func BenchmarkCompose(b *testing.B) {
	for name, size := range map[string]int{"4kB": 4 << 10, "200kB": 200 << 10} {
		b.Run(name, func(b *testing.B) {
			in := sampleAnswer(Talk{Question: "what does E2 mean?"})
			in.Passages[0].Body = strings.Repeat(in.Passages[0].Body+"\n", size/len(in.Passages[0].Body)+1)
			for b.Loop() {
				if _, err := Default().Compose(in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
