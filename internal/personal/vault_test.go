package personal

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func TestVault(t *testing.T) {
	t.Parallel()
	var v Vault
	// One conversation, in order: numbers go on from line to line.
	for _, c := range []struct{ in, want string }{
		{"write to jo.brandt@posteo.example now", "write to <EMAIL_1> now"},
		{"or to mia@posteo.example, not jo.brandt@posteo.example", "or to <EMAIL_2>, not <EMAIL_1>"},
		{"my card 4111 1111 1111 1111 fails", "my card <CARD_1> fails"},
		{"IBAN DE89370400440532013000 please", "IBAN <IBAN_1> please"},
		{"call +49 40 123 456 78", "call <PHONE_1>"},
		{"where is order KK-20377?", "where is order <ORDER_1>?"},
		{"KK-20377 is late", "<ORDER_1> is late"},
		{"Bestellnummer: 100482113", "Bestellnummer: <ORDER_2>"},
		{"ticket #48213 and #48213", "ticket #<ORDER_3> and #<ORDER_3>"},
		{"my password: correcthorse and now", "my password: <SECRET_1> and now"},
		{"correcthorse still fails", "<SECRET_1> still fails"},
		{"from 203.0.113.77 and 192.168.4.1", "from <NETWORK_1> and 192.168.4.1"},
		{"my name is Ada, hello", "my name is <NAME_1>, hello"},
		{"I am Grace Hopper", "I am <NAME_2>"},
		{"to Hauptstraße 12a please", "to <ADDRESS_1> please"},
		{"see https://evil.example/x?y=1 please", "see <LINK_1> please"},
		{"(see https://evil.example/x?y=1).", "(see <LINK_1>)."},
		{"what is <EMAIL_1>? or <SECRET_9>?", "what is <TEXT_1>? or <TEXT_2>?"},
		{"the 64 takes 250 g in 30 s", "the 64 takes 250 g in 30 s"},
		{"error 0x80070057 on COM3", "error 0x80070057 on COM3"},
		{"", ""},
	} {
		got := v.Mask(c.in)
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
		if back := v.Restore(got); back != c.in {
			t.Errorf("%q came back as %q", c.in, back)
		}
	}
	for in, want := range map[string]string{
		"Write to <EMAIL_1>.":       "Write to jo.brandt@posteo.example.",
		"<EMAIL_3>, <CARD_2>, <X>":  "<EMAIL_3>, <CARD_2>, <X>",
		"<TEXT_1> stays what it is": "<EMAIL_1> stays what it is",
	} {
		if got := v.Restore(in); got != want {
			t.Errorf("restore %q: got %q, want %q", in, got, want)
		}
	}
	var other Vault
	if got := other.Restore("<EMAIL_1>"); got != "<EMAIL_1>" {
		t.Errorf("another conversation's vault gave %q", got)
	}
}

func TestVaultIsKept(t *testing.T) {
	t.Parallel()
	var v, kept Vault
	masked := v.Mask("jo@posteo.example, mia@posteo.example and <EMAIL_2>")
	data, err := json.Marshal(&v)
	if err == nil {
		err = json.Unmarshal(data, &kept)
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := kept.Restore(masked); got != v.Restore(masked) {
		t.Errorf("restored %q", got)
	}
	if got := kept.Mask("mia@posteo.example, eve@posteo.example"); got != "<EMAIL_2>, <EMAIL_3>" {
		t.Errorf("masked %q", got)
	}
	if data, err := json.Marshal(new(Vault)); err != nil || string(data) != "[]" {
		t.Errorf("empty: %s, %v", data, err)
	}
	if err := kept.UnmarshalJSON([]byte(`{`)); err == nil || kept.Restore("<EMAIL_1>") != "jo@posteo.example" {
		t.Errorf("after a bad one: %v, %q", err, kept.Restore("<EMAIL_1>"))
	}
}

func TestVaultAtOnce(t *testing.T) {
	t.Parallel()
	var v Vault
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 20 {
				in := fmt.Sprintf("mail to u%d@posteo.example and u%d@posteo.example", i, j)
				if got := v.Restore(v.Mask(in)); got != in {
					t.Errorf("%q became %q", in, got)
				}
			}
		})
	}
	wg.Wait()
}

// personalValue draws a value, and words that say what it is.
func personalValue() *rapid.Generator[[2]string] {
	digits := func(t *rapid.T, n int) string {
		return rapid.StringMatching(fmt.Sprintf("[1-9][0-9]{%d}", n-1)).Draw(t, "digits")
	}
	return rapid.Custom(func(t *rapid.T) [2]string {
		switch rapid.IntRange(0, 7).Draw(t, "kind") {
		case 0:
			return [2]string{"", rapid.StringMatching(`[a-z]{2,8}[._]?[a-z0-9]{2,8}@[a-z]{3,8}\.(example|org|co\.uk)`).Draw(t, "e-mail")}
		case 1:
			return [2]string{"", "+" + digits(t, 2) + " " + digits(t, 3) + " " + digits(t, 7)}
		case 2:
			sep := rapid.SampledFrom([]string{"", " ", "-"}).Draw(t, "sep")
			return [2]string{"card ", strings.Join([]string{digits(t, 4), digits(t, 4), digits(t, 4), digits(t, 4)}, sep)}
		case 3:
			return [2]string{"IBAN ", rapid.StringMatching(`[A-Z]{2}[0-9]{20}`).Draw(t, "iban")}
		case 4:
			return [2]string{rapid.SampledFrom([]string{"order ", "order number is ", "Bestellnummer ", "invoice #"}).Draw(t, "what"),
				rapid.StringMatching(`([A-Z]{2,3}-)?[1-9][0-9]{5,8}`).Draw(t, "order")}
		case 5:
			return [2]string{"password: ", rapid.StringMatching(`[A-Za-z0-9!?]{8,14}`).Draw(t, "password")}
		case 6:
			return [2]string{"my name is ", rapid.StringMatching(`[A-Z][a-z]{4,8}`).Draw(t, "name")}
		}
		return [2]string{"", rapid.StringMatching(`https://[a-z]{3,9}\.example/[a-z0-9]{4,9}`).Draw(t, "link")}
	})
}

// No value leaves in clear, whatever stands around it, however often it comes;
// and what leaves can be taken back.
func TestVaultLetsNothingOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var v Vault
		values := rapid.SliceOfN(personalValue(), 1, 6).Draw(t, "values")
		words := rapid.SampledFrom([]string{"please", "and then,", "it fails.", "\n", "does that help?", "Ünrelated – wörds", "<b>", "(see there)", "<EMAIL_1>", "0 to 3 of them"})
		for range rapid.IntRange(1, 4).Draw(t, "messages") {
			var text strings.Builder
			for range rapid.IntRange(1, 5).Draw(t, "parts") {
				text.WriteString(words.Draw(t, "words") + " ")
				x := rapid.SampledFrom(values).Draw(t, "value")
				text.WriteString(x[0] + x[1] + " ")
			}
			in := text.String()
			out := v.Mask(in)
			for _, x := range values {
				if strings.Contains(out, x[1]) {
					t.Fatalf("%q left in clear:\n%s\n%s", x[1], in, out)
				}
			}
			if back := v.Restore(out); back != in {
				t.Fatalf("%q came back as %q (by way of %q)", in, back, out)
			}
		}
	})
}

// Of any text at all, masking loses nothing.
func TestVaultLosesNothing(t *testing.T) {
	t.Parallel()
	piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"<EMAIL_1>", "<", "TEXT_", "_1>", "a@b.example", "\x00", "\xff", "4111111111111111", "order AB-12345", "@", "key 1"}),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 8), func(b []byte) string { return string(b) }))
	rapid.Check(t, func(t *rapid.T) {
		var v Vault
		for range rapid.IntRange(1, 3).Draw(t, "messages") {
			in := strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces"), "")
			if got := v.Restore(v.Mask(in)); got != in {
				t.Fatalf("%q came back as %q", in, got)
			}
		}
	})
}
