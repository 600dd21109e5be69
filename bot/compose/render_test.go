package compose

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/bot"
	"frontdesk/chat"
)

func text(s string) chat.Block { return chat.Block{T: "text", Text: s} }

func TestInlineKeepsKnownLinksOnly(t *testing.T) {
	t.Parallel()
	material := []bot.Material{{Body: "See https://shop.example/a, www.shop.example/b, [returns](returns.md), or help@shop.example. 5. May",
		Links: map[string]string{"returns.md": "https://help.example/returns"}}}
	for in, want := range map[string][]chat.Block{
		"See **it** now.":                      {text("See "), {T: "strong", Kids: []chat.Block{text("it")}}, text(" now.")},
		"Open https://shop.example/a now.":     {text("Open "), {T: "link", Href: "https://shop.example/a", Kids: []chat.Block{text("https://shop.example/a")}}, text(" now.")},
		"Open [it](https://evil.example/a).":   {text("Open "), text("it"), text(".")},
		"See [returns](returns.md).":           {text("See "), {T: "link", Href: "https://help.example/returns", Kids: []chat.Block{text("returns")}}, text(".")},
		"Write to [us](mailto:x@evil.example)": {text("Write to "), text("us")},
		"# Not a heading":                      {text("# Not a heading")},
		"- not a list":                         {text("- not a list")},
		"1986. A year":                         {text("1986. A year")},
		"<b>x</b><script>alert(1)</script>":    {text("xalert(1)")},
	} {
		if diff := cmp.Diff(want, inline(in, material)); diff != "" {
			t.Errorf("%q: %s", in, diff)
		}
	}
}

func TestRenderPutsCitationsBehindWhatRestsOnThem(t *testing.T) {
	t.Parallel()
	say := func(s string, n int, change func(*checked)) checked {
		c := checked{inline: []chat.Block{text(s)}, plain: s}
		c.text, c.opens, c.N, c.Chatter = s, true, n, n == 0
		if change != nil {
			change(&c)
		}
		return c
	}
	step := func(n int) func(*checked) { return func(c *checked) { c.step = n } }
	cite := func(n int) chat.Block { return chat.Block{T: "cite", N: n} }
	got := render([]checked{
		say("Sorry.", 0, nil), say("A.", 2, nil), say("B.", 2, nil), say("C.", 1, nil), say("So:", 1, nil),
		say("One.", 1, step(1)), say("More.", 1, func(c *checked) { c.step, c.opens = 1, false }), say("Two.", 1, step(2)),
		say("P.", 1, func(c *checked) { c.point = true }), say("Q.", 2, func(c *checked) { c.point = true }),
		say("End.", 1, func(c *checked) { c.para = true }), say("Bye.", 0, nil),
	}, map[int]int{2: 1, 1: 2})
	want := []chat.Block{
		{T: "p", Kids: []chat.Block{text("Sorry."), text(" "), text("A."), text(" "), text("B."), cite(1), text(" "), text("C."), text(" "), text("So:"), cite(2)}},
		{T: "ol", N: 1, Kids: []chat.Block{{T: "li", Kids: []chat.Block{text("One."), text(" "), text("More.")}}, {T: "li", Kids: []chat.Block{text("Two."), cite(2)}}}},
		{T: "ul", Kids: []chat.Block{{T: "li", Kids: []chat.Block{text("P."), cite(2)}}, {T: "li", Kids: []chat.Block{text("Q."), cite(1)}}}},
		{T: "p", Kids: []chat.Block{text("End."), cite(2), text(" "), text("Bye.")}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
