// Package say holds what the server says to customers, in their language: notices, letters, refusals and the bot's own
// phrases. The code says it in English, as a format of fmt; a table for each language says the same by it.
package say

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"frontdesk/chat"
)

// Table is the words of one language. It is made by In.
type Table struct {
	tag   language.Tag
	words map[string]forms
	dates dates
}

//go:embed text/*.json
var files embed.FS

// tables are all languages, English first, and what finds the one that is nearest to a wanted one.
type tables struct {
	all     []*Table
	matcher language.Matcher
}

var load = sync.OnceValue(func() tables {
	names, err := fs.Glob(files, "text/*.json")
	if err != nil {
		panic(err)
	}
	var t tables
	var tags []language.Tag
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			panic(err)
		}
		var in struct {
			Dates dates
			Words map[string]forms
		}
		if err := json.Unmarshal(data, &in); err != nil {
			panic(fmt.Errorf("say: %s: %w", name, err)) // it is in the binary: a test reads them all
		}
		table := &Table{tag: language.MustParse(strings.TrimSuffix(path.Base(name), ".json")), words: in.Words, dates: in.Dates}
		t.all = append(t.all, table)
	}
	// What nobody speaks gives the first.
	slices.SortStableFunc(t.all, func(a, b *Table) int {
		return boolToInt(b.tag == language.English) - boolToInt(a.tag == language.English)
	})
	for _, table := range t.all {
		tags = append(tags, table.tag)
	}
	t.matcher = language.NewMatcher(tags)
	return t
})

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// In gives the words of the first of these languages (BCP 47) that there are words in, English ones if there is none.
func In(locales ...string) *Table {
	t := load()
	for _, l := range locales {
		tag, err := language.Parse(l)
		if l == "" || err != nil {
			continue
		}
		if _, i, sure := t.matcher.Match(tag); sure > language.No {
			return t.all[i]
		}
	}
	return t.all[0]
}

// Languages are those that there are words in, English first.
func Languages() []string {
	var out []string
	for _, t := range load().all {
		out = append(out, t.Tag())
	}
	return out
}

// Tag is the language, as BCP 47.
func (t *Table) Tag() string { return t.tag.String() }

// RTL reports whether it is written from the right.
func (t *Table) RTL() bool {
	script, _ := t.tag.Script()
	return script.String() == "Arab" || script.String() == "Hebr"
}

// Text is fmt.Sprintf in the table's language. English is the format; what the table has no words for is said in English.
func (t *Table) Text(english string, args ...any) string {
	format := t.words[english].of(t.tag, args)
	if format == "" {
		format = english
	}
	if !strings.Contains(format, "%") { // a plural form may do without the number
		return format
	}
	return fmt.Sprintf(format, t.apart(args)...)
}

// The marks between which Unicode sets a text by itself, whichever way its surroundings go.
const firstStrongIsolate, popDirectionalIsolate = "\u2068", "\u2069"

// apart sets words that may be written from the left apart from a text that is not: a name in Latin letters at the
// beginning of an Arabic sentence would turn all of it around.
func (t *Table) apart(args []any) []any {
	if !t.RTL() {
		return args
	}
	out := slices.Clone(args)
	for i, a := range out {
		if s, ok := a.(string); ok && strings.ContainsFunc(s, unicode.IsLetter) {
			out[i] = firstStrongIsolate + s + popDirectionalIsolate
		}
	}
	return out
}

// Phrase says a sentence that takes nothing; one that there are no words for stays as it is.
func (t *Table) Phrase(english string) string {
	if said := t.words[english][plural.Other]; said != "" {
		return said
	}
	return english
}

// Is reports whether text says a sentence that takes nothing, in any language.
func Is(text, english string) bool {
	return slices.ContainsFunc(load().all, func(t *Table) bool { return t.Phrase(english) == text })
}

// fault is what chat.MessageOf says of errors that are not for customers.
var fault = chat.MessageOf(errors.New(""))

// Error gives an error's words for the user, as chat.MessageOf does.
func (t *Table) Error(err error) string {
	var e *chat.Error
	if errors.As(err, &e) && e.Code != chat.CodeInternal {
		if _, ok := t.words[e.Format]; ok {
			return t.Text(e.Format, e.Args...)
		}
		return e.Message
	}
	return t.Text(fault)
}

// forms are one sentence: one text, or one for each of the language's plural forms, chosen by the first number.
type forms map[plural.Form]string

var formNames = map[string]plural.Form{"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other}

// UnmarshalJSON reads a string, or an object of CLDR's names.
func (f *forms) UnmarshalJSON(data []byte) error {
	*f = forms{}
	var one string
	if json.Unmarshal(data, &one) == nil {
		(*f)[plural.Other] = one
		return nil
	}
	var named map[string]string
	if err := json.Unmarshal(data, &named); err != nil {
		return err
	}
	for name, text := range named {
		form, ok := formNames[name]
		if !ok {
			return fmt.Errorf("there is no plural form %q", name)
		}
		(*f)[form] = text
	}
	return nil
}

func (f forms) of(tag language.Tag, args []any) string {
	if len(f) > 1 {
		for _, a := range args {
			if n, ok := a.(int); ok {
				if text, ok := f[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]; ok {
					return text
				}
				break
			}
		}
	}
	return f[plural.Other]
}
