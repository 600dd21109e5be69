package bot

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// languagesFile holds a language a line: its tag, and the words that sentences
// in it can hardly do without.
//
//go:embed languages.txt
var languagesFile string

// english is the language that a text is taken for when nothing speaks
// against it.
const english = "en"

// undetermined is the tag of a language that is foreign and cannot be named.
const undetermined = "und"

var languageWords = sync.OnceValue(func() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for line := range strings.Lines(languagesFile) {
		tag, list, _ := strings.Cut(line, " ")
		out[tag] = set(list)
	}
	return out
})

const (
	// languageLetters bounds the look at a long text, in bytes.
	languageLetters = 4000
	// languageHits words of a language, so many times those of English, and
	// one word in so many of all decide. With fewer, product names and codes
	// would, or a phrase that somebody wants translated.
	languageHits = 2
	overEnglish  = 1.5
	oneWordIn    = 5
	// tellingLetters is from which length on a single word decides about a
	// message of few words.
	tellingLetters = 5
	fewTokens      = 4
)

// primary gives the languages of tags as languageOf names them; English if
// there are none.
func primary(tags []string) []string {
	var out []string
	for _, t := range tags {
		t, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(strings.ReplaceAll(t, "_", "-"))), "-")
		if t != "" {
			out = append(out, t)
		}
	}
	if len(out) == 0 {
		return []string{english}
	}
	return out
}

// foreignTo gives the language of a text if it is none of those known, as a
// primary BCP 47 tag ("und" when it is foreign but cannot be named); "" when
// it is known or cannot be told. before are earlier messages of the same
// customer, oldest first: a few words after a German question are German.
func foreignTo(known []string, text string, before []string) string {
	if slices.Contains(known, "*") {
		return ""
	}
	tag, sure := languageOf(text)
	for i := len(before) - 1; i >= 0 && !sure && tag == ""; i-- {
		tag, sure = languageOf(before[i])
	}
	if !sure || slices.Contains(known, tag) {
		return ""
	}
	return tag
}

// switching is how many different words in English make a message an English one for LanguageIn: "ok thanks" and "yes
// please" are said in many languages.
const switching = 3

// LanguageIn gives the language of a customer's message, as a BCP 47 tag without a region; "" where its words do not tell
// it clearly: a single word, a number, a name. spoken is what the customer is taken to speak otherwise, "" if that is not
// known: it is told from others only by words that it does not have as many of.
func LanguageIn(text, spoken string) string {
	tag, sure := languageOf(text)
	if !sure || tag == undetermined {
		return ""
	}
	text = strings.ToLower(plainWords(text))
	if scriptOf(text) != "" {
		return tag
	}
	tokens := tokensOf(text)
	if len(tokens) < 2 || tag == english && wordsIn(english, tokens) < switching {
		return ""
	}
	own := primary([]string{spoken})[0]
	list := own
	if own == "nb" || own == "nn" {
		list = "no"
	}
	if n := wordsIn(list, tokens); spoken != "" && n > 0 && n >= wordsIn(tag, tokens) {
		return own
	}
	return tag
}

// wordsIn counts the tokens that are words of a language.
func wordsIn(tag string, tokens []string) int {
	n := 0
	for _, w := range tokens {
		if languageWords()[tag][w] {
			n++
		}
	}
	return n
}

// languageOf tells a text's language. sure is false when there is too little to
// go by; the tag is then "", or English if a word points there.
func languageOf(text string) (tag string, sure bool) {
	text = strings.ToLower(plainWords(text))
	if tag := scriptOf(text); tag != "" {
		return tag, true
	}
	tokens := tokensOf(text)
	spoken := languageWords()
	best, hits, against := "", 0, 0
	for tag, list := range spoken {
		if tag == english {
			continue
		}
		h, e := 0, 0
		for _, w := range tokens {
			switch {
			case list[w] && !spoken[english][w] || strings.ContainsAny(w, ownLetters[tag]):
				h++
			case spoken[english][w] && !list[w]:
				e++
			}
		}
		if h-e > hits-against || h-e == hits-against && (h > hits || h == hits && tag < best) {
			best, hits, against = tag, h, e
		}
	}
	switch {
	case hits >= languageHits && float64(hits) >= overEnglish*float64(against) && hits*oneWordIn >= len(tokens):
		return best, true
	case hits == 1 && against == 0 && len(tokens) <= fewTokens && slices.ContainsFunc(tokens, func(w string) bool { return namesTongue(w, best) }):
		return best, true
	}
	own := 0
	for _, w := range tokens {
		if spoken[english][w] {
			own++
		}
	}
	if own > 0 {
		return english, own >= languageHits && own*oneWordIn >= len(tokens)
	}
	return "", false
}

// ownLetters are letters that occur in one language's words, and in no word
// that English has borrowed.
var ownLetters = map[string]string{"tr": "ığş", "pl": "łąęśżźćń", "cs": "řěů", "hu": "őű", "ro": "țșă", "de": "ß"}

// namesTongue reports whether a word is hardly the same in English by chance.
func namesTongue(w, tag string) bool {
	return languageWords()[tag][w] && utf8.RuneCountInString(w) >= tellingLetters || strings.ContainsAny(w, ownLetters[tag])
}

// notProse is what says nothing about the language of whoever wrote it:
// addresses, markup, quoted words, and anything with digits or signs inside.
var notProse = regexp.MustCompile("(?s)https?://\\S+|\\S+@\\S+|<[^<>]{1,200}>|```.*?```|`[^`]*`|[\"“„«][^\"“”»]{1,200}[\"”»]|(?:^|\\s)['‘][^'’\n]{1,200}['’](?:\\s|[.,?!]|$)|\\S*[\\d_/\\\\=(){}\\[\\]|]\\S*")

// plainWords leaves of a text what its writer said in words.
func plainWords(text string) string {
	if len(text) > languageLetters {
		text = strings.ToValidUTF8(text[:languageLetters], "")
	}
	if left := notProse.ReplaceAllString(text, " "); strings.ContainsFunc(left, unicode.IsLetter) {
		return left
	}
	return text
}

// tokensOf gives the distinct words of a text, with the parts of those that
// have an apostrophe inside ("l'ordre").
func tokensOf(text string) []string {
	seen := map[string]bool{}
	var out []string
	add := func(w string) {
		if w != "" && !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	known := languageWords()
	for _, w := range words(text) {
		add(w)
		if front, back, ok := strings.Cut(w, "'"); ok && !known[english][w] {
			add(front + "'")
			add(back)
		}
	}
	return out
}

// scripts are writing systems that English does without, and the language
// most written in each. Letters tell some apart.
var scripts = []struct {
	table *unicode.RangeTable
	tag   string
}{
	{unicode.Cyrillic, "ru"}, {unicode.Arabic, "ar"}, {unicode.Han, "zh"}, {unicode.Hiragana, "ja"}, {unicode.Katakana, "ja"},
	{unicode.Hangul, "ko"}, {unicode.Greek, "el"}, {unicode.Hebrew, "he"}, {unicode.Devanagari, "hi"}, {unicode.Thai, "th"},
	{unicode.Bengali, "bn"}, {unicode.Tamil, "ta"}, {unicode.Telugu, "te"}, {unicode.Gujarati, "gu"}, {unicode.Gurmukhi, "pa"},
	{unicode.Kannada, "kn"}, {unicode.Malayalam, "ml"}, {unicode.Sinhala, "si"}, {unicode.Georgian, "ka"}, {unicode.Armenian, "hy"},
	{unicode.Ethiopic, "am"}, {unicode.Khmer, "km"}, {unicode.Lao, "lo"}, {unicode.Myanmar, "my"}, {unicode.Tibetan, "bo"},
}

// letterTags are letters that name a language within its script.
var letterTags = []struct{ letters, in, tag string }{
	{"іїєґ", "ru", "uk"}, {"پچژگک", "ar", "fa"}, {"ٹڈڑے", "ar", "ur"}, {"ўћђ", "ru", "sr"},
}

// scriptOf gives the language of a text most of whose letters are not Latin,
// "" if they are.
func scriptOf(text string) string {
	latin, other := 0, 0
	count := make([]int, len(scripts))
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r):
			continue
		case unicode.Is(unicode.Latin, r):
			latin++
			continue
		}
		other++
		for i, s := range scripts {
			if unicode.Is(s.table, r) {
				count[i]++
				break
			}
		}
	}
	// A syllable or an ideograph says more than a letter, and a Latin brand
	// name is often in between.
	if other < 2 || other*3 < latin {
		return ""
	}
	most := 0
	for i, n := range count {
		if n > count[most] {
			most = i
		}
	}
	if count[most] == 0 {
		return undetermined
	}
	tag := scripts[most].tag
	if tag == "zh" && strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana) }) {
		return "ja"
	}
	for _, l := range letterTags {
		if l.in == tag && strings.ContainsAny(text, l.letters) {
			return l.tag
		}
	}
	return tag
}
