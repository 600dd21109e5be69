package personal

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// claims are the parts of a text that were found to be personal data. None
// overlaps another: what is claimed is blanked for the next search.
type claims struct {
	text  string
	work  []byte // text, with blank in the place of what is claimed
	blank []bool
	found []claim
}

type claim struct {
	start, end int
	kind       string
}

func newClaims(text string) *claims {
	return &claims{text: text, work: []byte(text), blank: make([]bool, len(text))}
}

// each claims the values of all matches that ok lets through; nil lets all.
func (c *claims) each(re *regexp.Regexp, kind string, ok func(string) bool) {
	group := max(re.SubexpIndex("v"), 0)
	for _, m := range re.FindAllSubmatchIndex(c.work, -1) {
		start, end := m[2*group], m[2*group+1]
		if start >= 0 && (ok == nil || ok(string(c.work[start:end]))) {
			c.add(start, end, kind)
		}
	}
}

// add claims what of a span is not claimed yet.
func (c *claims) add(start, end int, kind string) {
	for start < end {
		if c.blank[start] {
			start++
			continue
		}
		stop := start
		for stop < end && !c.blank[stop] {
			c.blank[stop], c.work[stop] = true, 0
			stop++
		}
		c.found = append(c.found, claim{start, stop, kind})
		start = stop
	}
}

// again claims a value wherever it stands by itself.
func (c *claims) again(k value) {
	for from := 0; ; {
		at := strings.Index(string(c.work[from:]), k.Value)
		if at < 0 {
			return
		}
		start, end := from+at, from+at+len(k.Value)
		if from = start + 1; apart(c.text, start) && apart(c.text, end) {
			c.add(start, end, k.Kind)
		}
	}
}

// apart reports whether no word goes across a place.
func apart(s string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:at])
	after, _ := utf8.DecodeRuneInString(s[at:])
	return !isWordly(before) || !isWordly(after)
}

func isWordly(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// values gives what is claimed, each part as a value of its own.
func (c *claims) values() []value {
	out := make([]value, len(c.found))
	for i, f := range c.found {
		out[i] = value{f.kind, c.text[f.start:f.end]}
	}
	return out
}

// replaced gives the text with each claimed value replaced, in their order.
func (c *claims) replaced(by func(value) string) string {
	slices.SortFunc(c.found, func(a, b claim) int { return cmp.Compare(a.start, b.start) })
	var out strings.Builder
	last := 0
	for _, f := range c.found {
		out.WriteString(c.text[last:f.start])
		out.WriteString(by(value{f.kind, c.text[f.start:f.end]}))
		last = f.end
	}
	out.WriteString(c.text[last:])
	return out.String()
}
