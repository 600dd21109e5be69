package action

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode"

	"frontdesk/chat"
	"frontdesk/say"
)

// results gives the declared fields of an answer, as plain text; what is not
// there, or not what it was declared to be, is left out. Dates are said as words do.
func (a Action) results(body any, words *say.Table) []chat.Field {
	var out []chat.Field
	for _, r := range a.Results {
		if v := r.show(at(body, r.Path), words); v != "" {
			out = append(out, chat.Field{Name: r.Name, Label: label(r.Label, r.Name), Value: v})
		}
	}
	return out
}

// at finds a value by its path with dots.
func at(v any, where string) any {
	for part := range strings.SplitSeq(where, ".") {
		switch holder := v.(type) {
		case map[string]any:
			v = holder[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(holder) {
				return nil
			}
			v = holder[i]
		default:
			return nil
		}
	}
	return v
}

// show gives a value as people read it, "" if it is not what was declared.
func (r Result) show(v any, words *say.Table) string {
	var raw string
	switch v := v.(type) {
	case string:
		if r.Kind == KindNumber {
			return ""
		}
		raw = v
	case json.Number:
		if r.Kind == KindDate {
			return ""
		}
		raw = v.String()
	default: // yes and no, lists and objects say nothing by themselves
		return ""
	}
	if len(r.Values) > 0 {
		return tidy(r.Values[raw])
	}
	if r.Kind == KindDate {
		return day(raw, words)
	}
	return tidy(raw)
}

// day gives the day of a date or time.
func day(s string, words *say.Table) string {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly, "2006-01-02T15:04:05", time.DateTime} {
		if t, err := time.Parse(layout, s); err == nil {
			return words.ShortDate(t)
		}
	}
	return ""
}

// tidy makes one line of plain text of a value: no control characters, none
// that turn the direction of what follows, and not more than is shown.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case isControl(r), unicode.Is(unicode.Bidi_Control, r), r == unicode.ReplacementChar, unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if all := []rune(s); len(all) > maxValue {
		s = strings.TrimSpace(string(all[:maxValue])) + "…"
	}
	return s
}

// values gives what a sentence may be filled with: arguments and results.
func values(lists ...[]chat.Field) map[string]string {
	out := map[string]string{}
	for _, fields := range lists {
		for _, f := range fields {
			out[f.Name] = f.Value
		}
	}
	return out
}

// rows gives arguments as people read them, in the order of the parameters.
func (p parameters) rows(args map[string]any) []chat.Field {
	var out []chat.Field
	for _, one := range p.list {
		if v, ok := args[one.Name]; ok {
			out = append(out, chat.Field{Name: one.Name, Label: one.Label, Value: tidy(printed(v))})
		}
	}
	return out
}

// statements gives the sentences of a text with the fields as their source.
func statements(text string) []chat.Statement {
	var out []chat.Statement
	for _, s := range sentences(text) {
		out = append(out, chat.Statement{Text: s})
	}
	return out
}

// sentences cuts the declared text at its sentence ends.
func sentences(text string) []string {
	var out []string
	start := 0
	for i := 0; i < len(text); i++ {
		if strings.IndexByte(".!?", text[i]) >= 0 && (i+1 == len(text) || text[i+1] == ' ') {
			out = append(out, strings.TrimSpace(text[start:i+1]))
			start = i + 1
		}
	}
	if rest := strings.TrimSpace(text[start:]); rest != "" {
		out = append(out, rest)
	}
	return out
}
