package knowledge

import (
	"slices"
	"strings"
)

// Word is a plain word of a text: no stop word, number, code or name of several parts.
type Word struct {
	Term string // what search knows it by: its stem
	Text string // as it is written, in lower case
	// Capital: it begins with a capital letter where neither the sentence nor
	// the language asks for one, as names do.
	Capital bool
	// Free: its case says something: it stands within a sentence, of a language
	// and a text with small and capital letters.
	Free bool
}

// WordsIn gives the plain words of a text in order, in the language of locale,
// or without one in that which the text shows.
func WordsIn(locale, text string) []Word {
	lang := written(locale, text)
	// German begins every noun with a capital; shouting begins every word with one.
	cased := lang != tongueOf("de") && strings.ToUpper(text) != text
	var out []Word
	scan(text, lang.elides, func(t *token) {
		if t.pairs || t.suffix != "" || len(t.parts) > 1 || !onlyLetters(t.parts[0]) {
			return
		}
		word := t.parts[0]
		if term := lang.term(word); term != "" && len(word) > 1 {
			free := cased && t.adjacent
			out = append(out, Word{Term: term, Text: word, Capital: free && (t.capital || t.inner), Free: free})
		}
	})
	return out
}

// Trial gives the index as it would be with other synonyms and without some
// of its accepted questions: for measuring what a question finds that the index
// was not told of. x stays as it is.
func (x *Index) Trial(synonyms Synonyms, held func(question string) bool) *Index {
	u := Update{Synonyms: append(Synonyms{}, synonyms...), Remote: x.remote}
	for _, e := range x.entries {
		d := e.doc
		d.Questions = slices.DeleteFunc(slices.Clone(d.Questions), func(p Phrasing) bool { return held(p.Text) })
		if len(d.Questions) < len(e.doc.Questions) {
			u.Documents = append(u.Documents, d)
		}
	}
	return x.With(u)
}
