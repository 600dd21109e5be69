package ground

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed english.txt
var englishFile string

// sense is what a phrase does in a sentence.
type sense struct {
	kind  string // "op", "bound", "light", "lead", "same", "unit"
	means string
}

// phrase is the words of a phrase behind its first, and its sense.
type phrase struct {
	rest []string
	sense
}

// lexicon is what is known of a language's words, by the first word of a
// phrase: for operators, bounds, light words and synonyms in phrases, and apart
// from them for units, which are such behind a number only.
type lexicon struct {
	phrases map[string][]phrase // the longest first
	units   map[string][]phrase
}

var english = sync.OnceValue(func() *lexicon {
	l, err := parseLexicon(englishFile)
	if err != nil {
		panic("ground: english.txt: " + err.Error()) // it is part of the binary, and read by every test
	}
	return l
})

func parseLexicon(file string) (*lexicon, error) {
	l := &lexicon{phrases: map[string][]phrase{}, units: map[string][]phrase{}}
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		head, list, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("no colon in %q", line)
		}
		kind, means, _ := strings.Cut(head, " ")
		for p := range strings.SplitSeq(list, ",") {
			words := strings.Fields(p)
			if len(words) == 0 {
				return nil, fmt.Errorf("an empty phrase in %q", line)
			}
			l.add(words, sense{kind, means})
		}
	}
	return l, nil
}

func (l *lexicon) add(words []string, s sense) {
	into := l.phrases
	if s.kind == "unit" {
		into = l.units
	}
	list := into[words[0]]
	at := 0
	for at < len(list) && len(list[at].rest) >= len(words)-1 {
		at++
	}
	list = append(list, phrase{})
	copy(list[at+1:], list[at:])
	list[at] = phrase{words[1:], s}
	into[words[0]] = list
}

// match gives the senses of the longest phrase that begins at words[0], and
// its length in words: several, where a phrase is written in several lines.
func match(in map[string][]phrase, words func(i int) string) (senses []sense, n int) {
	for _, p := range in[words(0)] {
		if n > 0 && len(p.rest)+1 < n {
			break
		}
		if p.at(words) {
			senses, n = append(senses, p.sense), len(p.rest)+1
		}
	}
	return senses, n
}

func (p phrase) at(words func(i int) string) bool {
	for i, w := range p.rest {
		if words(i+1) != w {
			return false
		}
	}
	return true
}

// is gives what a kind of sense means, "" if it is not among them.
func is(senses []sense, kind string) string {
	for _, s := range senses {
		if s.kind == kind {
			if s.means == "" {
				return kind
			}
			return s.means
		}
	}
	return ""
}
