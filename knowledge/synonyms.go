package knowledge

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"frontdesk/chat"
)

// Synonym says that who writes one thing may find another. It widens a
// question, and takes nothing from it.
type Synonym struct {
	// Words are what is written: each a word or a short phrase.
	Words []string `json:"words"`
	// Means are what articles write instead. None: Words stand for one another.
	Means []string `json:"means,omitempty"`
	// Weight is what it counts for beside the word itself: above 0 and below 1.
	Weight float64 `json:"weight"`
}

// Synonyms are those of a workspace. Their order does not matter.
type Synonyms []Synonym

// Glossary is the synonyms that a workspace's operator gave.
type Glossary struct {
	Version  int64    `json:"version"` // raised by every change; 0: there never were any
	Synonyms Synonyms `json:"synonyms"`
}

const (
	// MaxSynonyms bounds a list: what a workspace of many languages may have,
	// and what an index compiles in some milliseconds.
	MaxSynonyms = 10_000
	// maxPhrase is the most words of a phrase.
	maxPhrase = 5
)

// ReadSynonyms reads a JSON array of Synonym and checks it.
func ReadSynonyms(r io.Reader) (Synonyms, error) {
	var s Synonyms
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "The synonyms are no list of words, means and weight: %v", err)
	}
	return s, s.Validate()
}

// Validate says what is wrong with a list. The error has CodeInvalid and names the entry.
func (s Synonyms) Validate() error {
	if len(s) > MaxSynonyms {
		return chat.Errorf(chat.CodeInvalid, "%d synonyms are too many: keep at most %d.", len(s), MaxSynonyms)
	}
	for i, e := range s {
		if err := e.validate(); err != nil {
			return chat.Errorf(chat.CodeInvalid, "Synonym %d: %v", i+1, err)
		}
	}
	return nil
}

func (s Synonym) validate() error {
	switch {
	case !(s.Weight > 0 && s.Weight < 1):
		return fmt.Errorf("its weight is %v and must lie between 0 and 1", s.Weight)
	case len(s.Words) == 0 || len(s.Words) == 1 && len(s.Means) == 0:
		return fmt.Errorf("it needs words and what they mean, or two words or more")
	}
	for _, phrase := range slices.Concat(s.Words, s.Means) {
		switch n := len(phraseOf(tongueOf(fallback), phrase)); {
		case n == 0:
			return fmt.Errorf("%q holds no word that a search looks for", phrase)
		case n > maxPhrase:
			return fmt.Errorf("%q is too long: a phrase has at most %d words", phrase, maxPhrase)
		}
	}
	return nil
}

// phraseOf gives the terms of a phrase, word by word.
func phraseOf(l *tongue, phrase string) []string {
	var out []string
	scan(phrase, l.elides, func(t *token) {
		l.each(t, func(term, _ string) {
			if term != "" {
				out = append(out, term)
			}
		})
	})
	return out
}

// thesaurus is synonyms ready for use: by the first term of what is written.
// Nil is an empty one.
type thesaurus struct {
	list    Synonyms
	byFirst map[string][]expansion
}

// expansion is one direction of a synonym: who asks for from may find to.
type expansion struct {
	from   []string
	to     []string
	weight float32
}

// newThesaurus compiles synonyms for articles in some languages.
func newThesaurus(list Synonyms, tongues []*tongue) *thesaurus {
	if len(list) == 0 {
		return nil
	}
	if len(tongues) == 0 {
		tongues = []*tongue{tongueOf(fallback)}
	}
	t := &thesaurus{list: list, byFirst: map[string][]expansion{}}
	for _, lang := range tongues {
		for _, s := range list {
			means := s.Means
			if len(means) == 0 {
				means = s.Words
			}
			for _, from := range s.Words {
				for _, to := range means {
					t.add(expansion{phraseOf(lang, from), phraseOf(lang, to), float32(s.Weight)})
				}
			}
		}
	}
	return t
}

// all gives the synonyms that t was made of.
func (t *thesaurus) all() Synonyms {
	if t == nil {
		return nil
	}
	return t.list
}

func (t *thesaurus) add(e expansion) {
	if len(e.from) == 0 || len(e.to) == 0 || slices.Equal(e.from, e.to) {
		return
	}
	have := t.byFirst[e.from[0]]
	for i, h := range have {
		if slices.Equal(h.from, e.from) && slices.Equal(h.to, e.to) {
			have[i].weight = max(h.weight, e.weight)
			return
		}
	}
	t.byFirst[e.from[0]] = append(have, e)
}

// expand lets each word, and each phrase, of a question mean its synonyms too.
func (t *thesaurus) expand(r *reading) {
	if t == nil {
		return
	}
	for i, key := range r.keys {
		for _, e := range t.byFirst[key] {
			if i+len(e.from) > len(r.keys) || !slices.Equal(r.keys[i:i+len(e.from)], e.from) {
				continue
			}
			for k := i; k < i+len(e.from); k++ {
				r.words[k].mean(r.asker.words, e.weight, e.to...)
			}
		}
	}
}
