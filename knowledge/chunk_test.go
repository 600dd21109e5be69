package knowledge

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// sample has one of everything that the chunker must keep together.
const sample = `Coffee leaves oil on the burrs.

# Care

## Clean the burrs

1. Turn the handle until nothing falls out.
2. Unscrew the crown nut.

   It turns to the left.
3. Brush both burrs.

## What it costs

| Part | Price |
|------|------:|
| Burr | 29 €  |
| Nut  | 4 €   |

> [!WARNING]
> Never use water.

` + "```sh\nkorn --reset   # all settings\n```\n" + `
[shop]: https://shop.example
`

func TestChunks(t *testing.T) {
	t.Parallel()
	var got []string
	for _, c := range Chunks("Clean your M2", sample) {
		got = append(got, fmt.Sprintf("%d %s\n%s", c.Ordinal, strings.Join(c.Headings, " > "), c.Text))
	}
	want := []string{
		"0 \nClean your M2\nCoffee leaves oil on the burrs.",
		"1 Care > Clean the burrs\nClean your M2\nCare\nClean the burrs\n" +
			"1. Turn the handle until nothing falls out.\n2. Unscrew the crown nut.\n   It turns to the left.\n3. Brush both burrs.",
		"2 Care > What it costs\nClean your M2\nCare\nWhat it costs\nPart | Price\nBurr | 29 €\nNut | 4 €\n" +
			"Warning\nNever use water.\nkorn --reset   # all settings",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestChunksKeepWhole(t *testing.T) {
	t.Parallel()
	words := func(n int) string { return strings.TrimSpace(strings.Repeat("word ", n)) }
	rows := "| Name | Value |\n|---|---|\n"
	var steps string
	for i := 1; i <= 40; i++ {
		rows += fmt.Sprintf("| row %d | %s |\n", i, words(10))
		steps += fmt.Sprintf("%d. Step %d. %s\n", i, i, words(10))
	}
	tests := []struct {
		name, body string
		check      func(t *testing.T, body string, cs []Chunk)
	}{
		{"a long table repeats its header and cuts between rows", rows, func(t *testing.T, body string, cs []Chunk) {
			for _, c := range cs {
				if !strings.HasPrefix(body[c.Start:], "|") || !strings.HasSuffix(body[:c.End], "|") {
					t.Errorf("chunk %d cuts a row: %q", c.Ordinal, body[c.Start:c.End])
				}
				if !strings.Contains(c.Text, "Name | Value") {
					t.Errorf("chunk %d has no header: %q", c.Ordinal, c.Text)
				}
			}
		}},
		{"a long list cuts between steps, which keep their numbers", steps, func(t *testing.T, body string, cs []Chunk) {
			for _, c := range cs {
				first := body[c.Start:c.End]
				number := first[:strings.IndexByte(first, '.')]
				if !strings.Contains(c.Text, "\n"+number+". Step "+number) {
					t.Errorf("chunk %d begins with %.20q but its text is %.40q", c.Ordinal, first, c.Text)
				}
			}
		}},
		{"a paragraph too long for a chunk is cut between sentences", strings.Repeat("Each of these sentences has ten words in it. ", 60), func(t *testing.T, body string, cs []Chunk) {
			for _, c := range cs {
				if !strings.HasPrefix(body[c.Start:], "Each") || body[c.End-1] != '.' {
					t.Errorf("chunk %d cuts a sentence: %q", c.Ordinal, body[c.Start:c.End])
				}
			}
		}},
		{"a line that leads to a list stays with it", strings.Repeat("Before. ", 150) + "\n\nFollow these steps:\n\n" + steps, func(t *testing.T, body string, cs []Chunk) {
			for _, c := range cs {
				if strings.HasSuffix(body[:c.End], "steps:") {
					t.Errorf("chunk %d ends in %q", c.Ordinal, body[c.End-20:c.End])
				}
			}
		}},
		{"text without any full stop is cut between words", words(1000), func(t *testing.T, body string, cs []Chunk) {
			for _, c := range cs {
				if n := countWords(body[c.Start:c.End]); n > chunkWords {
					t.Errorf("chunk %d has %d words", c.Ordinal, n)
				}
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			chunks := Chunks("Title", tt.body)
			if len(chunks) < 3 {
				t.Fatalf("%d chunks, want several", len(chunks))
			}
			for _, c := range chunks {
				if n := countWords(tt.body[c.Start:c.End]); n > chunkWords || n < chunkWords/4 {
					t.Errorf("chunk %d has %d words, want even parts of at most %d", c.Ordinal, n, chunkWords)
				}
			}
			tt.check(t, tt.body, chunks)
		})
	}
}

func TestChunksKeepCodeWhole(t *testing.T) {
	t.Parallel()
	code := "```\n" + strings.Repeat("one two three four\n\n", 100) + "```"
	body := "Before.\n\n" + code + "\n\nAfter."
	held := 0
	for _, c := range Chunks("", body) {
		if strings.Contains(body[c.Start:c.End], code) {
			held++
		}
	}
	if held != 1 {
		t.Errorf("the code block is whole in %d chunks, want 1", held)
	}
}

func TestChunksOfNothing(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", " \n\t\n"} {
		if cs := Chunks("Title", body); len(cs) != 0 {
			t.Errorf("Chunks(%q) = %v, want none", body, cs)
		}
	}
	if cs := Chunks("Title", "[a]: https://a.example"); len(cs) != 1 || cs[0].Text != "Title" {
		t.Errorf("only a link definition: %+v, want one chunk with the title", cs)
	}
}

func FuzzChunk(f *testing.F) {
	for _, s := range []string{sample, "# a\n# b\n\ntext", "- a\n  - b\n\n      code\n-\n", "> > q\n\n<div>\nx\n</div>", "|a|\n|-|\n|b|\n", strings.Repeat("wort. ", 400), "\tx\n***\n[a]: b\n", "1. " + strings.Repeat("w ", 400) + "\n\n   more\n"} {
		f.Add("Title", s)
	}
	f.Fuzz(func(t *testing.T, title, body string) {
		if len(body) > 1<<14 {
			t.Skip("larger bodies only take longer")
		}
		put := Prepare(Input{Source: "s", ExternalID: "e", Title: title, Body: body})
		checkChunks(t, put.Body, put.Chunks)
		if diff := cmp.Diff(put, Prepare(put.Input)); diff != "" {
			t.Errorf("a second Prepare gives something else: %s", diff)
		}
	})
}

// checkChunks holds chunks to what Chunks promises.
func checkChunks(t *testing.T, body string, chunks []Chunk) {
	t.Helper()
	at := 0
	for i, c := range chunks {
		if c.Ordinal != i || c.Start < at || c.End <= c.Start || c.End > len(body) {
			t.Fatalf("chunk %d is %d: [%d, %d) after %d of %d", i, c.Ordinal, c.Start, c.End, at, len(body))
		}
		if !utf8.ValidString(body[c.Start:c.End]) || !utf8.ValidString(c.Text) {
			t.Fatalf("chunk %d is not UTF-8", i)
		}
		checkBlank(t, body[at:c.Start])
		at = c.End
	}
	checkBlank(t, body[at:])
}

func checkBlank(t *testing.T, gap string) {
	t.Helper()
	if strings.ContainsFunc(gap, func(r rune) bool { return !unicode.IsSpace(r) }) {
		t.Fatalf("%q lies in no chunk", gap)
	}
}
