package gateway

import (
	"fmt"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"frontdesk/say"
)

// locales are the languages that the widget has words in: a file of the build for each, locale-<tag>.json.
type locales struct {
	tags    []string // BCP 47, English first
	matcher language.Matcher
}

// newLocales finds the languages of a build, nil where it has none.
func newLocales(fsys fs.FS) (*locales, error) {
	names, err := fs.Glob(fsys, "locale-*.json")
	if err != nil || len(names) == 0 {
		return nil, err
	}
	l := &locales{}
	for _, name := range names {
		l.tags = append(l.tags, strings.TrimSuffix(strings.TrimPrefix(name, "locale-"), ".json"))
	}
	// What nobody speaks gives the first.
	if i := slices.Index(l.tags, "en"); i > 0 {
		l.tags[0], l.tags[i] = l.tags[i], l.tags[0]
	}
	known := make([]language.Tag, len(l.tags))
	for i, tag := range l.tags {
		if known[i], err = language.Parse(tag); err != nil {
			return nil, fmt.Errorf("locale-%s.json: %w", tag, err)
		}
	}
	l.matcher = language.NewMatcher(known)
	return l, nil
}

// maxLanguages is how much of a list of languages is read, in bytes; browsers send far less.
const maxLanguages = 256

// pick gives the tag of the first list, each like an Accept-Language, that names a language we have.
func (l *locales) pick(lists ...string) string {
	for _, list := range lists {
		wanted, _, err := language.ParseAcceptLanguage(cutBytes(list, maxLanguages))
		if err != nil || len(wanted) == 0 {
			continue
		}
		if _, i, sure := l.matcher.Match(wanted...); sure > language.No {
			return l.tags[i]
		}
	}
	return l.tags[0]
}

// tongueOf is the language of whoever made a request. The API's callers are programs, and read English.
func tongueOf(r *http.Request) *say.Table {
	if !strings.HasPrefix(r.URL.Path, "/v1/") {
		return say.In()
	}
	return say.In(wanted(r.Header.Get("Accept-Language"))...)
}

// wanted are the languages of a list like an Accept-Language, the first before the others.
func wanted(list string) []string {
	tags, _, err := language.ParseAcceptLanguage(cutBytes(list, maxLanguages))
	if err != nil {
		return nil
	}
	out := make([]string, len(tags))
	for i, tag := range tags {
		out[i] = tag.String()
	}
	return out
}

// rightToLeft are the scripts of living languages that are written that way.
var rightToLeft = []string{"Adlm", "Arab", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"}

var htmlTag = regexp.MustCompile(`<html[^>]*>`)

// pageIn gives a page in a language: its html element says which, and which way it is written.
func pageIn(page []byte, tag string) []byte {
	dir := "ltr"
	if script, _ := language.Make(tag).Script(); slices.Contains(rightToLeft, script.String()) {
		dir = "rtl"
	}
	return htmlTag.ReplaceAll(page, fmt.Appendf(nil, `<html lang=%q dir=%q>`, tag, dir))
}
