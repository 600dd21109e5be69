package knowledge

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// token is what stands between spaces and signs: a word, a number, a code, or
// a run of script without spaces.
type token struct {
	parts    []string // lower case
	joints   []rune   // the signs between parts
	suffix   string   // "+", "++" or "#" behind it
	capital  bool     // it begins with a capital letter
	inner    bool     // a capital follows another letter
	pairs    bool     // parts are the pairs of signs of a script without spaces
	adjacent bool     // nothing but a space or hyphen since the token before
}

// whole gives the token without the signs between its parts.
func (t *token) whole() string {
	if len(t.parts) == 1 {
		return t.parts[0]
	}
	return strings.Join(t.parts, "")
}

// isNumber reports whether the token is digits only, or a version (v1.8).
func (t *token) isNumber() bool {
	for i, p := range t.parts {
		if i == 0 && len(t.parts) > 1 && t.joints[0] == '.' {
			p = strings.TrimPrefix(p, "v")
		}
		if !onlyDigits(p) || p == "" {
			return false
		}
	}
	return true
}

// numbers gives the terms of a number. 4.90 and 4,90 are one, and so are 1,000
// and 1000; a version is also found without its last place; a range and a date
// give their parts too.
func (t *token) numbers() []string {
	if len(t.parts) == 1 {
		return t.parts
	}
	switch joint := t.joints[0]; joint {
	case '.', ',':
		first := strings.TrimPrefix(t.parts[0], "v")
		rest := t.parts[1:]
		if first == t.parts[0] && !slices.ContainsFunc(rest, func(p string) bool { return len(p) != 3 }) {
			return []string{first + strings.Join(rest, "")}
		}
		whole := first + "." + strings.Join(rest, ".")
		if len(rest) == 1 {
			return []string{whole}
		}
		return []string{whole[:strings.LastIndexByte(whole, '.')], whole}
	case ':':
		return []string{strings.Join(t.parts, ":")}
	default:
		return append(slices.Clone(t.parts), strings.Join(t.parts, string(joint)))
	}
}

// scan calls do with each token of a text, in order. A token is valid until do
// returns. With elides an apostrophe parts two words; otherwise it is passed over.
func scan(text string, elides bool, do func(*token)) {
	s := scanner{elides: elides}
	if isASCII(text) {
		s.text = []rune(text)
	} else {
		s.text = []rune(norm.NFKC.String(marks.Replace(text)))
	}
	for s.at < len(s.text) {
		switch r := s.text[s.at]; {
		case unspaced(r):
			s.run()
			do(&s.token)
			s.adjacent = false
		case inWord(r):
			s.word()
			do(&s.token)
			s.adjacent = true
		default:
			s.adjacent = s.adjacent && (r == ' ' || r == '\u00a0' || r == '-')
			s.at++
		}
	}
}

// marks are signs that the compatible form would turn into letters.
var marks = strings.NewReplacer("™", " ", "℠", " ", "®", " ", "©", " ")

type scanner struct {
	text     []rune
	at       int
	elides   bool
	adjacent bool
	token    token
	buf      []rune
}

// word reads a token of parts that begins here.
func (s *scanner) word() {
	s.token = token{parts: s.token.parts[:0], joints: s.token.joints[:0], adjacent: s.adjacent, capital: unicode.IsUpper(s.text[s.at])}
	for {
		s.part()
		if !s.joins() {
			break
		}
		s.token.joints = append(s.token.joints, s.text[s.at])
		s.at++
	}
	s.suffix()
}

// part reads letters, digits and the marks on them.
func (s *scanner) part() {
	s.buf = s.buf[:0]
	for ; s.at < len(s.text); s.at++ {
		r := s.text[s.at]
		switch {
		case isApostrophe(r) && !s.elides && s.wordAt(s.at+1):
		case ignored(r):
		case unspaced(r) || !inWord(r):
			s.token.parts = append(s.token.parts, string(s.buf))
			return
		default:
			s.token.inner = s.token.inner || unicode.IsUpper(r) && len(s.buf) > 0
			s.buf = append(s.buf, unicode.ToLower(r))
		}
	}
	s.token.parts = append(s.token.parts, string(s.buf))
}

// joins reports whether a sign stands here that joins what is before and
// behind it. A comma and a colon join digits only.
func (s *scanner) joins() bool {
	if s.at+1 >= len(s.text) || !s.wordAt(s.at+1) {
		return false
	}
	switch s.text[s.at] {
	case '-', '.', '_', '/', '\u2010', '\u2011':
		return true
	case ',', ':':
		return unicode.IsDigit(s.text[s.at-1]) && unicode.IsDigit(s.text[s.at+1])
	}
	return false
}

// suffix takes up the signs of C++, C# and A+, where nothing follows them.
func (s *scanner) suffix() {
	end := s.at
	for end < len(s.text) && end < s.at+2 && (s.text[end] == '+' || s.text[end] == '#') {
		end++
	}
	if end > s.at && !s.wordAt(end) {
		s.token.suffix, s.at = string(s.text[s.at:end]), end
	}
}

// run reads a stretch of script without spaces into its pairs of signs, one
// sign if there is but one.
func (s *scanner) run() {
	start := s.at
	for s.at < len(s.text) && unspaced(s.text[s.at]) {
		s.at++
	}
	run := s.text[start:s.at]
	s.token = token{parts: s.token.parts[:0], joints: s.token.joints[:0], pairs: true}
	if len(run) == 1 {
		s.token.parts = append(s.token.parts, string(run))
	}
	for i := 1; i < len(run); i++ {
		s.token.parts = append(s.token.parts, string(run[i-1:i+1]))
	}
}

func (s *scanner) wordAt(i int) bool {
	return i < len(s.text) && inWord(s.text[i]) && !unspaced(s.text[i])
}

func inWord(r rune) bool {
	if r < 0x80 {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && !ignored(r)
}

// ignored reports whether r is a mark that belongs to no script, left over by
// composing, or the stretching sign of Arabic.
func ignored(r rune) bool {
	return r >= 0x300 && (r == 'ـ' || unicode.Is(unicode.Mn, r) && unicode.Is(unicode.Inherited, r))
}

// unspaced reports whether r belongs to a script whose words are not set
// apart by spaces, or (Korean) carry their particles with them.
func unspaced(r rune) bool {
	return r >= 0xe00 && (r == 'ー' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar))
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }
