package ground

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// raw is a word, number, address or sign of a text as it is written.
type raw struct {
	what     rawKind
	text     string // as written; of a word without an apostrophe and what follows it
	low      string // in small letters
	from, to int    // in the text
	glued    bool   // nothing stands between it and the one before
	capital  bool   // it begins with a capital letter
	opens    bool   // it is the first word of a sentence, cell or label
}

type rawKind uint8

const (
	rawWord rawKind = iota
	rawNumber
	rawCode    // letters and digits
	rawAddress // a link, an e-mail address, a host, the name of a file
	rawSign    // punctuation, currency, %
)

// scan cuts a text into words, numbers and signs.
func scan(text string) []raw {
	s := scanner{text: text, opens: true}
	for s.at < len(text) {
		r, size := utf8.DecodeRuneInString(text[s.at:])
		switch {
		case unicode.IsSpace(r):
			s.at += size
			s.glued = false
		case letterOrDigit(r) || r == '/' && s.startsAddress():
			if from := s.at; !s.chunk() && s.at == from {
				s.sign(r, size)
			}
		default:
			s.sign(r, size)
		}
	}
	return s.out
}

type scanner struct {
	text  string
	at    int
	glued bool
	opens bool
	out   []raw
}

func letterOrDigit(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// startsAddress reports whether a path ("/dev/tty0") begins here.
func (s *scanner) startsAddress() bool {
	if s.text[s.at] != '/' || s.glued || s.at+1 >= len(s.text) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s.text[s.at+1:])
	return unicode.IsLetter(r)
}

func (s *scanner) push(what rawKind, from, to int) {
	text := s.text[from:to]
	r, _ := utf8.DecodeRuneInString(text)
	s.out = append(s.out, raw{what: what, text: text, low: strings.ToLower(text), from: from, to: to, glued: s.glued, capital: unicode.IsUpper(r), opens: s.opens})
	s.at, s.glued = to, true
	if what != rawSign {
		s.opens = false
	}
}

func (s *scanner) sign(r rune, size int) {
	s.push(rawSign, s.at, s.at+size)
	if strings.ContainsRune(".!?:|•…", r) {
		s.opens = true
	}
}

// chunk reads what stands up to the next space: an address, or words and numbers.
// It reports whether it read anything.
func (s *scanner) chunk() bool {
	end := s.at
	for end < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[end:])
		if unicode.IsSpace(r) || strings.ContainsRune("\"“”„<>()[]{}|;", r) || r == ',' && !(end > s.at && s.digitAt(end-1, end) && s.digitAt(end+1, len(s.text))) {
			break
		}
		end += size
	}
	whole := strings.TrimRight(s.text[s.at:end], ".,:;!?'’*_")
	if isAddress(whole) {
		s.push(rawAddress, s.at, s.at+len(whole))
		return true
	}
	stop := s.at + len(whole)
	if stop == s.at {
		stop = end
	}
	for s.at < stop {
		if r, _ := utf8.DecodeRuneInString(s.text[s.at:]); !letterOrDigit(r) {
			return false // the loop of scan goes on
		}
		s.run(stop)
	}
	return true
}

// isAddress reports whether a text without spaces is one that leads somewhere:
// a link, an e-mail address, a host, a path, the name of a file.
func isAddress(s string) bool {
	if strings.Contains(s, "://") || strings.HasPrefix(strings.ToLower(s), "www.") || strings.HasPrefix(s, "/") && len(s) > 2 {
		return true
	}
	if at := strings.IndexByte(s, '@'); at > 0 && strings.Contains(s[at:], ".") {
		return true
	}
	host, _, _ := strings.Cut(s, "/")
	dot := strings.LastIndexByte(host, '.')
	if dot < 2 || len(host)-dot < 3 {
		return false
	}
	for _, r := range host[dot+1:] {
		if !unicode.IsLetter(r) {
			return false
		}
	}
	return strings.IndexFunc(host[:dot], func(r rune) bool { return unicode.IsLetter(r) }) >= 0 && !strings.ContainsAny(host, "'’")
}

// run reads a word with its apostrophe, a number, or a code of both.
func (s *scanner) run(stop int) {
	start, letters, digits := s.at, false, false
	end := start
	for end < stop {
		r, size := utf8.DecodeRuneInString(s.text[end:])
		switch {
		case unicode.IsDigit(r):
			digits = true
		case unicode.IsLetter(r) || unicode.IsMark(r):
			letters = true
		case letters && !digits && (r == '\'' || r == '’') && s.letterAt(end+size, stop):
		case (letters || digits) && r == '_' && s.letterAt(end+size, stop):
			letters = true
		case digits && (!letters || s.text[start] == 'v') && strings.ContainsRune(".,:/", r) && s.digitAt(end+size, stop):
		default:
			s.finish(start, end, letters, digits)
			return
		}
		end += size
	}
	s.finish(start, end, letters, digits)
}

func (s *scanner) letterAt(i, stop int) bool {
	if i >= stop {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s.text[i:])
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func (s *scanner) digitAt(i, stop int) bool {
	return i < stop && s.text[i] >= '0' && s.text[i] <= '9'
}

func (s *scanner) finish(start, end int, letters, digits bool) {
	switch text := s.text[start:end]; {
	case digits && !letters:
		s.push(rawNumber, start, end)
	case digits:
		if n := numberEnd(text); n > 0 && english().units[strings.ToLower(text[n:])] != nil {
			s.push(rawNumber, start, start+n) // 30g, 3.7V
			s.push(rawWord, start+n, end)
			return
		}
		s.push(rawCode, start, end)
	default:
		s.word(start, end)
	}
}

// numberEnd is where the number ends that a text begins with, 0 if letters
// stand before digits in it.
func numberEnd(text string) int {
	n := strings.IndexFunc(text, unicode.IsLetter)
	if n <= 0 || strings.ContainsFunc(text[n:], unicode.IsDigit) {
		return 0
	}
	return n
}

// contractions are the endings behind an apostrophe that are words of their own.
var contractions = map[string]string{"ll": "will", "re": "are", "ve": "have", "d": "would", "m": "am"}

// word adds a word; a contraction as its two words.
func (s *scanner) word(start, end int) {
	text := s.text[start:end]
	low := strings.ReplaceAll(strings.ToLower(text), "’", "'")
	stem, tail, cut := strings.Cut(low, "'")
	add := func(words ...string) {
		s.push(rawWord, start, end)
		last := len(s.out) - 1
		s.out[last].low = words[0]
		for _, w := range words[1:] {
			next := s.out[last]
			next.low, next.glued, next.capital, next.opens = w, false, false, false
			s.out = append(s.out, next)
		}
	}
	switch {
	case low == "cannot" || low == "can't":
		add("can", "not")
	case low == "won't":
		add("will", "not")
	case low == "shan't":
		add("shall", "not")
	case cut && tail == "t" && strings.HasSuffix(stem, "n"):
		add(stem[:len(stem)-1], "not")
	case cut && contractions[tail] != "":
		add(stem, contractions[tail])
	case cut: // 's
		add(stem)
	default:
		s.push(rawWord, start, end)
	}
}
