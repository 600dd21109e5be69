package minilm

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/text/unicode/norm"
)

// longestWord is the number of characters above which a word is unknown
// instead of being cut into pieces; BERT's own limit.
const longestWord = 100

// tokenizer is BERT's uncased WordPiece. It is read-only after its making.
type tokenizer struct {
	first map[string]int32 // pieces that begin a word
	next  map[string]int32 // pieces that continue one, without their "##"

	longestPiece      int // bytes
	unknown, cls, sep int32
}

// newTokenizer reads a vocabulary of one token a line. The tokenizer keeps
// pointing into it.
func newTokenizer(vocab []byte, want int) (*tokenizer, error) {
	t := &tokenizer{first: make(map[string]int32, want), next: make(map[string]int32, want/4)}
	id := int32(0)
	for line := range bytes.SplitSeq(vocab, []byte("\n")) {
		if piece, ok := bytes.CutPrefix(line, []byte("##")); ok && len(piece) > 0 {
			t.next[view(piece)] = id
		} else {
			t.first[view(line)] = id
		}
		t.longestPiece = max(t.longestPiece, len(line))
		id++
	}
	if int(id) != want {
		return nil, fmt.Errorf("encoder weights: a vocabulary of %d tokens, want %d", id, want)
	}
	for name, into := range map[string]*int32{"[UNK]": &t.unknown, "[CLS]": &t.cls, "[SEP]": &t.sep} {
		special, ok := t.first[name]
		if !ok {
			return nil, fmt.Errorf("encoder weights: the vocabulary has no %s", name)
		}
		*into = special
	}
	return t, nil
}

// view reads bytes that never change as a string, without a copy.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// tokens is a tokenized text and the buffers that made it, to be used again.
type tokens struct {
	ids   []int32
	spans []span // where each token stands in the text; the specials have none

	word  []byte // the normalised word being read
	runes []char // its characters
	long  bool   // it has more than longestWord
	char  []byte // the character being decomposed
}

// span is a range of bytes of the text.
type span struct{ from, to int }

// char is a character of the normalised word: where it begins there, and
// which bytes of the text it comes from.
type char struct {
	at int
	span
}

var noSpan = span{-1, -1}

// tokenize fills t with [CLS], the pieces of text, cut so that all fit in
// limit tokens, and [SEP].
func (k *tokenizer) tokenize(t *tokens, text string, limit int) {
	t.ids, t.spans = append(t.ids[:0], k.cls), append(t.spans[:0], noSpan)
	t.clear()
	full := limit - 1
	for at, r := range text {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(text[at:])
		}
		k.read(t, r, span{at, at + size})
		if len(t.ids) >= full {
			break
		}
	}
	k.endWord(t)
	if len(t.ids) > full {
		t.ids, t.spans = t.ids[:full], t.spans[:full]
	}
	t.ids, t.spans = append(t.ids, k.sep), append(t.spans, noSpan)
}

// read takes one character of the text: it adds to the word, ends it, or is
// dropped.
func (k *tokenizer) read(t *tokens, r rune, from span) {
	switch {
	case r < utf8.RuneSelf:
		k.readASCII(t, byte(r), from)
	case r == utf8.RuneError || isControl(r):
	case unicode.IsSpace(r):
		k.endWord(t)
	case isCJK(r):
		k.endWord(t)
		k.normalise(t, r, from)
		k.endWord(t)
	default:
		k.normalise(t, r, from)
	}
}

func (k *tokenizer) readASCII(t *tokens, c byte, from span) {
	switch {
	case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
		t.add(rune(c), from)
	case 'A' <= c && c <= 'Z':
		t.add(rune(c)+'a'-'A', from)
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		k.endWord(t)
	case c < ' ' || c == 0x7f:
	default:
		k.punctuation(t, rune(c), from)
	}
}

// normalise decomposes a character, drops its marks and lowers its case.
func (k *tokenizer) normalise(t *tokens, r rune, from span) {
	if first := r - hangulFirst; 0 <= first && first < hangulCount {
		k.hangul(t, first, from)
		return
	}
	t.char = utf8.AppendRune(t.char[:0], r)
	parts := norm.NFD.Properties(t.char).Decomposition()
	if parts == nil {
		parts = t.char
	}
	for len(parts) > 0 {
		r, size := utf8.DecodeRune(parts)
		parts = parts[size:]
		switch {
		case unicode.Is(unicode.Mn, r):
		case isPunctuation(r):
			k.punctuation(t, r, from)
		case unicode.IsSpace(r):
			k.endWord(t)
		default:
			t.add(unicode.ToLower(r), from)
		}
	}
}

// Hangul syllables have no table: Unicode numbers them by their two or three
// letters, 28 finals (the first being none) to a vowel, 21 vowels to an initial.
const (
	hangulFirst = 0xAC00
	hangulCount = 19 * 21 * 28
)

func (k *tokenizer) hangul(t *tokens, syllable rune, from span) {
	t.add(0x1100+syllable/(21*28), from)
	t.add(0x1161+syllable/28%21, from)
	if final := syllable % 28; final > 0 {
		t.add(0x11A7+final, from)
	}
}

func (k *tokenizer) punctuation(t *tokens, r rune, from span) {
	k.endWord(t)
	t.add(r, from)
	k.endWord(t)
}

// add puts a character at the end of the word. A word that is too long only
// grows in extent.
func (t *tokens) add(r rune, from span) {
	if len(t.runes) == longestWord {
		t.long = true
		t.runes[longestWord-1].to = from.to
		return
	}
	t.runes = append(t.runes, char{len(t.word), from})
	t.word = utf8.AppendRune(t.word, r)
}

func (t *tokens) clear() {
	t.word, t.runes, t.long = t.word[:0], t.runes[:0], false
}

func (t *tokens) emit(id int32, from, to char) {
	t.ids = append(t.ids, id)
	t.spans = append(t.spans, span{from.from, to.to})
}

// endWord cuts the word into the longest pieces that the vocabulary has, from
// left to right. If one step finds none, the whole word is unknown.
func (k *tokenizer) endWord(t *tokens) {
	if len(t.runes) == 0 {
		return
	}
	defer t.clear()
	begun, last := len(t.ids), len(t.runes)-1
	pieces := k.first
	for i := 0; i <= last; {
		id, end := k.longest(t, pieces, i)
		if end < 0 || t.long {
			t.ids, t.spans = t.ids[:begun], t.spans[:begun]
			t.emit(k.unknown, t.runes[0], t.runes[last])
			return
		}
		t.emit(id, t.runes[i], t.runes[end])
		i, pieces = end+1, k.next
	}
}

// longest finds the longest of the pieces that begins at character i of the
// word; end is its last character, -1 if there is none.
func (k *tokenizer) longest(t *tokens, pieces map[string]int32, i int) (id int32, end int) {
	from := t.runes[i].at
	for end := len(t.runes) - 1; end >= i; end-- {
		to := len(t.word)
		if end+1 < len(t.runes) {
			to = t.runes[end+1].at
		}
		if to-from > k.longestPiece {
			continue
		}
		if id, ok := pieces[string(t.word[from:to])]; ok {
			return id, end
		}
	}
	return 0, -1
}

// isControl reports what BERT cleans away: control and format characters,
// private and unassigned ones.
func isControl(r rune) bool { return unicode.Is(unicode.C, r) }

func isPunctuation(r rune) bool {
	if r < utf8.RuneSelf {
		return r > ' ' && r < 0x7f && !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9')
	}
	return unicode.Is(unicode.P, r)
}

// isCJK reports the ideographs that BERT puts spaces around: the CJK blocks of
// its own list, which leaves kana and hangul out.
func isCJK(r rune) bool {
	switch {
	case r < 0x3400:
		return false
	case r <= 0x4DBF, 0x4E00 <= r && r <= 0x9FFF, 0xF900 <= r && r <= 0xFAFF:
		return true
	case 0x20000 <= r && r <= 0x2A6DF, 0x2A700 <= r && r <= 0x2B73F, 0x2B740 <= r && r <= 0x2B81F,
		0x2B820 <= r && r <= 0x2CEAF, 0x2F800 <= r && r <= 0x2FA1F:
		return true
	}
	return false
}
