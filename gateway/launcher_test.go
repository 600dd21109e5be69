package gateway

import (
	"net/url"
	"strings"
	"testing"

	"frontdesk/chat"
)

func TestLauncherSheet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		set   chat.InboxSettings
		tag   string
		wants []string
		lacks string
	}{
		{"nothing set", chat.InboxSettings{}, "inbox=site",
			[]string{":host{inset:auto 24px 24px auto!important;color-scheme:light dark!important}", "iframe{inset:auto 24px 92px auto;height:min(660px,100% - 112px)}"}, "--c:"},
		{"an inbox's look", chat.InboxSettings{Colour: "#8f4a1f", Appearance: chat.Appearance{Side: chat.SideLeft, Aside: 8, Below: 60, Corners: chat.CornersSquare, Theme: chat.ThemeDark}}, "inbox=site",
			[]string{":host{inset:auto auto 60px 8px!important;color-scheme:dark!important;--c:#8f4a1f}", "iframe{inset:auto auto 128px 8px;", "iframe,button{border-radius:2px}"}, ""},
		{"the tag goes first", chat.InboxSettings{Colour: "#8f4a1f", Appearance: chat.Appearance{Side: chat.SideLeft, Theme: chat.ThemeDark}}, "colour=%23ffd400&position=right&theme=auto",
			[]string{":host{inset:auto 24px 24px auto!important;color-scheme:light dark!important;--c:#ffd400}"}, "8f4a1f"},
		{"no value is a rule of its own", chat.InboxSettings{Colour: "red}*{}"}, "colour=red%7D*%7Bbackground:url(//evil.example)%7D&position=left%7D&theme=x%7D",
			[]string{":host{inset:auto 24px 24px auto!important;color-scheme:light dark!important}"}, "evil"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tag, err := url.ParseQuery(c.tag)
			if err != nil {
				t.Fatal(err)
			}
			sheet := launcherSheet(c.set, tag)
			for _, want := range c.wants {
				if !strings.Contains(sheet, want) {
					t.Errorf("no %s in\n%s", want, sheet)
				}
			}
			if c.lacks != "" && strings.Contains(sheet, c.lacks) {
				t.Errorf("%s in\n%s", c.lacks, sheet)
			}
			if !strings.HasSuffix(sheet, launcherPhone) {
				t.Errorf("the phone's rules are not the last in\n%s", sheet)
			}
		})
	}
}
