package minilm

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTokenize(t *testing.T) {
	t.Parallel()
	e := open(t)
	names := strings.Split(string(e.model.Vocab), "\n")
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{" \t\r\n\u00a0\u2028 ", ""},
		{"Hello, World!", "hello , world !"},
		{"unaffordable", "una ##ff ##ord ##able"},
		{"[MASK] [CLS]", "[ mask ] [ cl ##s ]"},
		{"##ing", "# # ing"},
		{"ÀÉÎõü Å", "ae ##io ##u a"},
		{"e\u0301te\u0301", "et ##e"},
		{"\u0301", ""},
		{"a\u0000b\u200bc\ufffdd", "abc ##d"},
		{"\xff\xfea\xc3", "a"},
		{"我们a", "我 [UNK] a"},
		{"a\u037eb", "a ; b"}, // the Greek question mark decomposes to a semicolon
		{"10€", "10 ##€"},
		{strings.Repeat("9", 101), "[UNK]"},
		{strings.Repeat("a", 99) + "ÀÀ b", "[UNK] b"},
		{"a😀 b", "[UNK] b"},
	} {
		var got []string
		ids := e.ids(c.text)
		for _, id := range ids[1 : len(ids)-1] {
			got = append(got, names[id])
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q: %q, want %q", c.text, s, c.want)
		}
	}
}

func TestTokenizeCuts(t *testing.T) {
	t.Parallel()
	e := open(t)
	for _, text := range []string{
		strings.Repeat("order ", 10_000), strings.Repeat("unaffordable ", 100), strings.Repeat("我", 300), strings.Repeat(".", 255),
	} {
		ids := e.ids(text)
		if len(ids) != 256 || ids[0] != 101 || ids[255] != 102 {
			t.Errorf("%.20q: %d tokens from %d to %d", text, len(ids), ids[0], ids[len(ids)-1])
		}
	}
	if got := len(e.ids(strings.Repeat("order ", 254))); got != 256 {
		t.Errorf("254 words: %d tokens", got)
	}
	if got := len(e.ids(strings.Repeat("order ", 253))); got != 255 {
		t.Errorf("253 words: %d tokens", got)
	}
}

// FuzzTokenize checks what must hold for any bytes: the specials at the ends,
// the limit kept, ids in range, and spans that follow each other on character
// borders within the text.
func FuzzTokenize(f *testing.F) {
	for _, s := range []string{
		"", "Where is my order?", "Café 我们 \u0301 [MASK]", "\xff\xfe\xc3", strings.Repeat("x", 200),
		"e\u0301\u0323\u0307 가각 \u037e", "a\u200b\u00ad\x00b", "😀👍🏽 👨‍👩‍👧", strings.Repeat("un", 400),
	} {
		f.Add(s)
	}
	e, err := Default()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		const limit = 64
		k := e.tokenizer
		var got tokens
		k.tokenize(&got, text, limit)
		n := len(got.ids)
		if n < 2 || n > limit || n != len(got.spans) || got.ids[0] != k.cls || got.ids[n-1] != k.sep {
			t.Fatalf("%q: ids %v, spans %v", text, got.ids, got.spans)
		}
		at := 0
		for i := 1; i < n-1; i++ {
			s := got.spans[i]
			if id := got.ids[i]; id < 0 || int(id) >= e.model.Vocabulary || id == k.cls || id == k.sep {
				t.Fatalf("%q: token %d is %d", text, i, id)
			}
			// One character may become several tokens, which then share it.
			if s.from < 0 || s.to > len(text) || s.from >= s.to || s.to < at {
				t.Fatalf("%q: token %d stands at %v after %d", text, i, s, at)
			}
			if r, _ := utf8.DecodeRuneInString(text[s.from:]); r == utf8.RuneError {
				t.Fatalf("%q: token %d begins inside a character, %v", text, i, s)
			}
			at = s.to
		}
		again := tokens{ids: []int32{7, 7, 7}, word: []byte("left over"), runes: make([]char, 3), long: true}
		k.tokenize(&again, text, limit)
		if !slices.Equal(got.ids, again.ids) || !slices.Equal(got.spans, again.spans) {
			t.Fatalf("%q: used buffers give %v, not %v", text, again.ids, got.ids)
		}
	})
}
