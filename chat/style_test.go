package chat

import (
	"strings"
	"testing"
)

func TestStyleCheck(t *testing.T) {
	t.Parallel()
	off := func(phrases ...string) Style {
		return Style{OffLimits: []OffLimits{{Name: "Law", Phrases: phrases}}}
	}
	for _, c := range []struct {
		name  string
		style Style
		says  string // "" if it is fine
	}{
		{"zero", Style{}, ""},
		{"all", Style{Name: "Kiki", Tone: ToneWarm, Address: AddressInformal, Languages: []string{"de-CH", "en"}, Length: LengthLong, Emoji: EmojiRarely,
			SignOff: "Your team", OffLimits: []OffLimits{{Name: "Law", Phrases: []string{"lawsuit"}, Answer: "No law here."}}}, ""},
		{"tone", Style{Tone: "loud"}, `no tone "loud"`},
		{"address", Style{Address: "thou"}, "no form of address"},
		{"length", Style{Length: "endless"}, "no length"},
		{"emoji", Style{Emoji: "always"}, "no rule for emoji"},
		{"name", Style{Name: strings.Repeat("ä", 41)}, "longer than 40"},
		{"long name in letters of two bytes", Style{Name: strings.Repeat("ä", 40)}, ""},
		{"sign-off", Style{SignOff: strings.Repeat("x", 201)}, "longer than 200"},
		{"language", Style{Languages: []string{"en", "german please"}}, `"german please" is no language tag`},
		{"no phrase", off(), "has no words"},
		{"short phrase", off("a "), "3 to 80"},
		{"long phrase", off(strings.Repeat("x", 81)), "3 to 80"},
		{"long answer", Style{OffLimits: []OffLimits{{Phrases: []string{"abc"}, Answer: strings.Repeat("x", 1001)}}}, "Subject 1: its answer is longer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := c.style.Check()
			switch {
			case c.says == "" && err != nil:
				t.Error(err)
			case c.says != "" && (CodeOf(err) != CodeInvalid || !strings.Contains(err.Error(), c.says)):
				t.Errorf("%v, want %q", err, c.says)
			}
		})
	}
}
