package prompt

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWatch(t *testing.T) {
	t.Parallel()
	const canary = "k3j5h7g2f4d6s2a7"
	apart := func(sep string) string { return strings.Join(strings.Split(canary, ""), sep) }
	for name, said := range map[string]string{
		"plain": canary, "upper": strings.ToUpper(canary), "spaced": apart(" "), "dashed": apart("-"), "in lines": apart("\n"), "zero width": apart("\u200b"), "quoted": `"` + canary[:8] + `" and "` + canary[8:] + `"`,
		"backwards": reversed(canary), "backwards and spaced": strings.Join(strings.Split(reversed(canary), ""), " "), "rot13": rot13(canary),
		"hex": hex.EncodeToString([]byte(canary)), "base64": base64.StdEncoding.EncodeToString([]byte(canary)), "base64 in a text": base64.StdEncoding.EncodeToString([]byte("the marker is " + canary + ", ok?")),
		"base64 url": base64.RawURLEncoding.EncodeToString([]byte("x" + canary)), "most of it": canary[:12], "full width": "ｋ３ｊ５ｈ７ｇ２ｆ４ｄ６ｓ２ａ７",
	} {
		if !Leaks("It is "+said+", I think.", canary) {
			t.Errorf("%s: %q was not seen", name, said)
		}
		w := NewWatch(canary)
		for i, piece := range strings.Split("It is "+said+", I think.", "") {
			if w.Saw(piece) && i < 8 {
				t.Errorf("%s: seen too early", name)
			}
		}
		if !w.Saw("") {
			t.Errorf("%s: not seen in pieces", name)
		}
	}
	for _, said := range []string{"", "Hello.", "Your order is KK-20377.", "k3j5h7", strings.Repeat("the quick brown fox 123 ", 200)} {
		if Leaks(said, canary) {
			t.Errorf("%q was taken for a leak", said)
		}
	}
	if Leaks("anything", "") {
		t.Error("no canary was found")
	}
}

// TestWatchWherever: however it is cut and whatever is around it.
func TestWatchWherever(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		canary := derive(rapid.String().Draw(t, "seed"), "canary", canaryLetters)
		word := rapid.StringMatching(`[a-z ,.]{0,200}`)
		before, after := word.Draw(t, "before"), word.Draw(t, "after")
		said := before
		switch rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			said += canary + after
		case 1:
			said += reversed(canary) + after
		case 2:
			said = base64.StdEncoding.EncodeToString([]byte(before + canary + after))
		}
		w := NewWatch(canary)
		for rest := said; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "piece")
			w.Saw(rest[:n])
			rest = rest[n:]
		}
		if !w.Saw("") {
			t.Errorf("%q in %q was not seen", canary, said)
		}
	})
}
