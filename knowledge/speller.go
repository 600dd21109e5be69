package knowledge

import (
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/llm"
)

// Speller puts words right by the words of some texts in English, as a search
// does by those of the articles.
type Speller struct{ asker asker }

// NewSpeller gives a Speller. What l knows is left as it is.
func NewSpeller(l llm.Lexicon, texts []string) *Speller {
	dict, english := newDictionary(), tongueOf(fallback)
	bags := make([]bag, len(texts))
	for i, t := range texts {
		bags[i] = dict.count(english, t)
	}
	return &Speller{asker{words: newPostings(dict, bags), tongues: []*tongue{english}, lexicon: l}}
}

// Spelling gives the words of a text that can only be a certain other one,
// but for those that also knows.
func (s *Speller) Spelling(text string, also llm.Lexicon) []chat.Respelling {
	a := s.asker
	a.lexicon = either{s.asker.lexicon, also}
	return a.read(text, fallback).spelling
}

// either knows what one of two does.
type either [2]llm.Lexicon

func (e either) Knows(word string) bool { return e[0].Knows(word) || e[1].Knows(word) }

// Spelling gives the words of a question that can only be a certain other one,
// by those of the articles. Prefer is the locale of whoever asks.
func (x *Index) Spelling(text, prefer string) []chat.Respelling {
	return x.asker.read(text, prefer).spelling
}

// Spelling asks a workspace's index. See Index.Spelling.
func (b *Base) Spelling(ws uuid.UUID, text, prefer string) []chat.Respelling {
	return b.Index(ws).Spelling(text, prefer)
}

// Knows reports whether a word stands in some article, in any of its forms.
func (x *Index) Knows(word string) bool {
	for _, t := range x.asker.tongues {
		if _, ok := x.words.known(t.term(word)); ok {
			return true
		}
	}
	return false
}

// Knows asks a workspace's index. See Index.Knows.
func (b *Base) Knows(ws uuid.UUID, word string) bool { return b.Index(ws).Knows(word) }
