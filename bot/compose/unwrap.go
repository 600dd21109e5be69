package compose

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// unwrapper takes off what models put around their text: a block of thoughts,
// the fence of a code block, JSON. It gives plain text with an end of line
// behind each string of JSON. The zero value is ready.
type unwrapper struct {
	state wrapping
	held  string // what cannot be told yet
	json  jsonText
}

type wrapping int

const (
	wrapUnknown wrapping = iota // nothing telling has come
	wrapThought
	wrapNone
	wrapJSON
)

const (
	thoughtBegins, thoughtEnds = "<think>", "</think>"
	fence                      = "```"
	// maxHeld is how much may come before it is told what it is.
	maxHeld = 64
)

func (u *unwrapper) add(piece string) string {
	switch u.state {
	case wrapNone:
		return piece
	case wrapJSON:
		return u.json.add(piece)
	case wrapThought:
		u.held += piece
		_, after, ended := strings.Cut(u.held, thoughtEnds)
		if !ended { // only a part of the end mark is worth keeping
			u.held = u.held[max(0, len(u.held)-len(thoughtEnds)):]
			return ""
		}
		u.state, u.held = wrapUnknown, ""
		return u.add(after)
	}
	u.held += piece
	return u.tell(false)
}

// end gives what is held when nothing more comes.
func (u *unwrapper) end() string {
	switch u.state {
	case wrapUnknown:
		return u.tell(true)
	case wrapJSON:
		return "\n"
	}
	return ""
}

// tell looks at what is held; with more to come it may not know yet.
func (u *unwrapper) tell(all bool) string {
	text := strings.TrimLeft(u.held, " \t\r\n\ufeff")
	switch {
	case text == "" && !all:
		return ""
	case !all && (begins(thoughtBegins, text) || begins(fence, text)):
		return ""
	case strings.HasPrefix(text, thoughtBegins):
		u.state, u.held = wrapThought, ""
		return u.add(text[len(thoughtBegins):])
	case strings.HasPrefix(text, fence):
		_, after, ended := strings.Cut(text, "\n")
		if !ended && !all && len(text) < maxHeld {
			return ""
		}
		u.held = after
		if all || after == "" {
			return ""
		}
		return u.tell(false)
	}
	switch first := text[:min(1, len(text))]; {
	case first == "[":
		next := strings.TrimLeft(text[1:], " \t\r\n")
		if next == "" && !all {
			return ""
		}
		if next != "" && strings.ContainsAny(next[:1], `{["`) {
			first = "{"
		}
		fallthrough
	case first == "{":
		if first == "{" {
			u.state, u.held = wrapJSON, ""
			return u.json.add(text)
		}
	}
	u.state, u.held = wrapNone, ""
	return text
}

// begins reports whether text is a true beginning of whole.
func begins(whole, text string) bool { return len(text) < len(whole) && strings.HasPrefix(whole, text) }

// jsonText takes the sentences out of a JSON value while it comes.
type jsonText struct {
	open   []container
	key    string // of the value that comes, in an object
	string bool   // a string is under way
	isKey  bool   // it is a key
	wanted bool   // it is text for the customer
	escape string // an escape under way, with its backslash
	high   rune   // first half of a surrogate pair
	text   strings.Builder
	number string
	step   string // goes in front of the next text
}

type container struct {
	array   bool
	key     string // under which it stands
	items   int
	wantKey bool // of an object: a key comes next
}

var (
	textKeys = []string{"text", "sentence", "sentences", "answer", "content", "reply", "message", "line", "lines", "body", "response", "paragraphs", "step", "steps", "title", "points"}
	stepKeys = []string{"step", "step_number", "stepnumber"}
)

func (j *jsonText) add(piece string) string {
	var out strings.Builder
	for _, r := range piece {
		if j.string {
			j.inString(r, &out)
			continue
		}
		j.outside(r, &out)
	}
	return out.String()
}

// outside reads a sign between strings.
func (j *jsonText) outside(r rune, out *strings.Builder) {
	if r >= '0' && r <= '9' {
		j.number += string(r)
		return
	}
	if j.number != "" {
		if n, err := strconv.Atoi(j.number); err == nil && slices.Contains(stepKeys, strings.ToLower(j.key)) {
			j.step = strconv.Itoa(n) + ". "
		}
		j.number = ""
	}
	switch r {
	case '{', '[':
		j.count()
		j.open = append(j.open, container{array: r == '[', key: j.here(), wantKey: r == '{'})
	case '}', ']':
		if len(j.open) > 0 {
			j.open = j.open[:len(j.open)-1]
		}
		j.step = ""
	case ',':
		if at := j.top(); at != nil {
			at.wantKey = !at.array
		}
	case '"':
		j.string = true
		at := j.top()
		if j.isKey = at != nil && at.wantKey; j.isKey {
			j.text.Reset()
			return
		}
		j.count()
		key := strings.ToLower(j.here())
		if j.wanted = key == "" || slices.Contains(textKeys, key); j.wanted {
			if at != nil && at.array && key == "steps" {
				j.step = strconv.Itoa(at.items) + ". "
			}
			out.WriteString(j.step)
			j.step = ""
		}
	}
}

func (j *jsonText) top() *container {
	if len(j.open) == 0 {
		return nil
	}
	return &j.open[len(j.open)-1]
}

// count notes a value of an array.
func (j *jsonText) count() {
	if at := j.top(); at != nil && at.array {
		at.items++
	}
}

// here names what the next value is: by its key, or that of the array it is in.
func (j *jsonText) here() string {
	at := j.top()
	switch {
	case at == nil:
		return ""
	case at.array:
		return at.key
	}
	return j.key
}

// inString reads a sign of a string.
func (j *jsonText) inString(r rune, out *strings.Builder) {
	switch {
	case j.escape != "":
		j.escape += string(r)
		if j.escape[1] == 'u' && len(j.escape) < 6 {
			return
		}
		r = unescape(j.escape)
		j.escape = ""
	case r == '\\':
		j.escape = "\\"
		return
	case r == '"':
		j.string = false
		if j.isKey {
			j.key = j.text.String()
			j.top().wantKey = false
		} else if j.wanted {
			out.WriteByte('\n')
		}
		return
	}
	if utf16.IsSurrogate(r) {
		if j.high == 0 {
			j.high = r
			return
		}
		r, j.high = utf16.DecodeRune(j.high, r), 0
	}
	switch {
	case j.isKey && j.text.Len() < maxHeld:
		j.text.WriteRune(r)
	case !j.isKey && j.wanted:
		out.WriteRune(r)
	}
}

func unescape(s string) rune {
	switch s[1] {
	case 'n', 'r':
		return '\n'
	case 't', 'b', 'f':
		return ' '
	case 'u':
		if n, err := strconv.ParseUint(s[2:], 16, 16); err == nil {
			return rune(n)
		}
		return ' '
	}
	return []rune(s[1:])[0]
}
