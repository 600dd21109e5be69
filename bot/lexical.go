package bot

import (
	"strings"
	"unicode"

	"frontdesk/knowledge"
)

// words gives the lower-case words of a text: runs of letters, digits and
// inner apostrophes.
func words(s string) []string {
	s = strings.ReplaceAll(strings.ToLower(s), "’", "'")
	fields := strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	})
	out := fields[:0]
	for _, f := range fields {
		if f = strings.Trim(f, "'"); f != "" {
			out = append(out, f)
		}
	}
	return out
}

func set(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

// functionWords carry no subject of their own: articles, pronouns, forms of
// to be, to have and to do, prepositions, question words, and what people say
// around a question.
var functionWords = set(`a an the this that these those it its it's i i'm im me my mine we us our you your yours u ur he him his she her
they them their theirs who whom whose which what what's whats where when why how and or but so if then than because though although
be is isn't are aren't am was wasn't were been being do does doesn't did didn't done don't dont have has had having haven't i've ive can
can't cant cannot could couldn't will won't would wouldn't shall should shouldn't may might must not no nor yes yeah ok okay nope
of to in on at by for from with without into onto over under about as up out off down there here again also too just only
very really still even ever any some all both each more most much many few other another same such one ones please hi hello hey
thanks thank take takes long get got want need like know tell say let's lets well now way thing things something anything nothing`)

// contentWords gives the words of a text that say what it is about.
func contentWords(s string) []string {
	var out []string
	for _, w := range words(s) {
		if !functionWords[w] && len(w) > 1 {
			out = append(out, w)
		}
	}
	return out
}

// stems gives the distinct search terms of a text, without those that name
// no subject.
func stems(s string) map[string]bool {
	out := map[string]bool{}
	for _, t := range knowledge.Terms(s) {
		if !functionWords[t] {
			out[t] = true
		}
	}
	return out
}

// share is the part of want that have holds, 0..1; 0 for an empty want.
func share(want, have map[string]bool) float64 {
	if len(want) == 0 {
		return 0
	}
	n := 0
	for w := range want {
		if have[w] {
			n++
		}
	}
	return float64(n) / float64(len(want))
}
