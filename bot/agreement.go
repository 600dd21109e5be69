package bot

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// agreementFile holds three lists for each of the languages that the widget speaks, each on a line that begins with the
// language and the list's name: "yes", words one of which says yes; "beside", what may stand beside them; and "help", the
// words of an opener that offers help and does not say with what. Those of English stand beside its function words.
//
//go:embed agreement.txt
var agreementFile string

// agreement is how one language says yes and offers help. beside holds yes, too.
type agreement struct{ yes, beside, help map[string]bool }

var agreements = sync.OnceValue(func() map[string]agreement {
	out := map[string]agreement{}
	for line := range strings.Lines(agreementFile) {
		tag, rest, _ := strings.Cut(line, " ")
		list, text, _ := strings.Cut(rest, " ")
		a, known := out[tag]
		if !known {
			a = agreement{map[string]bool{}, map[string]bool{}, map[string]bool{}}
			out[tag] = a
		}
		into := map[string]map[string]bool{"yes": a.yes, "beside": a.beside, "help": a.help}[list]
		for _, w := range words(text) {
			into[w] = true
		}
	}
	for _, a := range out {
		maps.Copy(a.beside, a.yes)
	}
	return out
})

// saysYes reports whether a message says yes, in any of the languages, and nothing else.
func saysYes(message string) bool {
	for _, a := range agreements() {
		if said := within(message, a.beside); said != nil {
			for _, w := range said {
				if a.yes[w] {
					return true
				}
			}
		}
	}
	return false
}

// offersHelp reports whether a sentence offers help as such, or says nothing.
func offersHelp(sentence string) bool {
	all := agreements()
	if !slices.ContainsFunc(contentWords(sentence), func(w string) bool { return !all[english].help[w] }) {
		return true
	}
	for _, a := range all {
		if within(sentence, a.help) != nil {
			return true
		}
	}
	return false
}

// within gives the words of a text if all of them are in a list, nil otherwise.
func within(text string, list map[string]bool) []string {
	var out []string
	for _, w := range words(text) {
		parts := partsOf(w, list)
		if parts == nil {
			return nil
		}
		out = append(out, parts...)
	}
	return out
}

// partsOf cuts what is written without spaces into words of a list, nil if that cannot be done: long ones are tried first.
func partsOf(w string, list map[string]bool) []string {
	if list[w] {
		return []string{w}
	}
	if !strings.ContainsFunc(w, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }) {
		return nil
	}
	runes := []rune(w)
	if len(runes) > longestRun {
		return nil
	}
	for i := len(runes) - 1; i > 0; i-- {
		if front := string(runes[:i]); list[front] {
			if rest := partsOf(string(runes[i:]), list); rest != nil {
				return append([]string{front}, rest...)
			}
		}
	}
	return nil
}

// longestRun bounds the cutting, in characters: who says yes, or offers help, needs no more without a comma, and what
// fits badly costs more the longer it is.
const longestRun = 24
