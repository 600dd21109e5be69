package knowledge

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/arabic"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/turkish"
)

// tongue is what search knows of a language: its stop words and its stemmer.
// A language that it knows nothing of has neither: its words are found as they
// are written. Tongues are compared by address, one for each code.
type tongue struct {
	code string
	stop map[string]bool // by folded word
	stem func(*snowballstem.Env) bool
	// elides says that an apostrophe parts two words (l'eau) rather than
	// stand in one (don't).
	elides bool
}

// fallback is the language of texts that neither say nor show theirs.
const fallback = "en"

var stemmers = map[string]func(*snowballstem.Env) bool{
	"ar": arabic.Stem, "da": danish.Stem, "de": german.Stem, "en": english.Stem, "es": spanish.Stem, "fi": finnish.Stem,
	"fr": french.Stem, "hu": hungarian.Stem, "it": italian.Stem, "nb": norwegian.Stem, "nl": dutch.Stem, "pt": portuguese.Stem,
	"ro": romanian.Stem, "ru": russian.Stem, "sv": swedish.Stem, "tr": turkish.Stem,
}

//go:embed stopwords.txt
var stopWordsFile string

// tongues gives the languages with stop words or a stemmer, by code, and for
// each stop word the languages that have it.
var tongues = sync.OnceValues(func() (map[string]*tongue, map[string][]*tongue) {
	byCode, byWord := map[string]*tongue{}, map[string][]*tongue{}
	var t *tongue
	for line := range strings.Lines(stopWordsFile) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		if code, rest, ok := strings.Cut(line, ":"); ok {
			t = &tongue{code: code, stop: map[string]bool{}, stem: stemmers[code], elides: code == "fr" || code == "it"}
			byCode[code], line = t, rest
		}
		for w := range strings.FieldsSeq(line) {
			if w = fold(w); !t.stop[w] {
				t.stop[w] = true
				byWord[w] = append(byWord[w], t)
			}
		}
	}
	byCode["no"], byCode["nn"] = byCode["nb"], byCode["nb"]
	return byCode, byWord
})

// tongueOf gives the language of a locale, nil for none. What search knows
// nothing of is a language all the same, of neither stems nor stop words.
func tongueOf(locale string) *tongue {
	code := strings.ToLower(language(locale))
	if code == "" {
		return nil
	}
	known, _ := tongues()
	if t := known[code]; t != nil {
		return t
	}
	return bare
}

// bare is every language without stemmer and stop words.
var bare = &tongue{}

const (
	// detectWords is how many different stop words a language must have in a
	// text before the text counts as written in it, and one more for every so
	// many words: some may be names, loans or initials.
	detectWords, detectMore = 2, 10
	// detectShare is the least share of a text's words that they must be. In
	// running text they are a third to a half; in lists of names, one in twenty.
	detectShare = .15
	// detectLead is how far ahead of the next language it must be. Neighbours
	// (Danish and Norwegian) share most stop words; then the text shows neither.
	detectLead = 1.25
)

// detect gives the language that a text shows by its stop words, nil if it
// shows none. A word that several languages have counts in parts.
func detect(text string) *tongue {
	_, byWord := tongues()
	all, count := 0, map[string]int{}
	scan(text, false, func(t *token) {
		for _, p := range t.parts {
			all++
			if w := fold(p); len(byWord[w]) > 0 {
				count[w]++
			}
		}
	})
	type evidence struct {
		different int
		all       int
		score     float64
	}
	found := map[*tongue]evidence{}
	for w, n := range count {
		for _, lang := range byWord[w] {
			e := found[lang]
			found[lang] = evidence{e.different + 1, e.all + n, e.score + float64(n)/float64(len(byWord[w]))}
		}
	}
	var second float64
	var best *tongue
	for lang, e := range found {
		switch {
		case best == nil || e.score > found[best].score:
			if best != nil {
				second = found[best].score
			}
			best = lang
		default:
			second = max(second, e.score)
		}
	}
	if best == nil {
		return nil
	}
	if e := found[best]; e.different < detectWords+min(all/detectMore, 4) || float64(e.all) < detectShare*float64(all) || e.score < detectLead*second {
		return nil
	}
	return best
}

// written gives the language of an article's text: the one it says, else the
// one it shows, else English.
func written(locale, text string) *tongue {
	if t := tongueOf(locale); t != nil {
		return t
	}
	if t := detect(text); t != nil {
		return t
	}
	return tongueOf(fallback)
}

// term gives the search term of a lower-case word, "" for a stop word: its
// stem without accents. Only whole words of letters are stemmed; codes and
// numbers stay as they are.
func (l *tongue) term(word string) string {
	folded := fold(word)
	if l.stop[folded] || len(word) > longestTerm {
		return ""
	}
	if l.stem == nil || !onlyLetters(word) {
		return folded
	}
	env := snowballstem.NewEnv(word)
	l.stem(env)
	if stem := env.Current(); stem != "" {
		return fold(stem)
	}
	return folded
}
