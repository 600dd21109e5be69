package gateway

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestLocales(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{}
	for _, tag := range []string{"ar", "de", "en", "pt-BR", "zh-Hans"} {
		files["locale-"+tag+".json"] = &fstest.MapFile{}
	}
	l, err := newLocales(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lists []string
		want  string
	}{
		{[]string{"de-AT,de;q=0.9,en;q=0.8"}, "de"},
		{[]string{"en;q=0.5, de"}, "de"},
		{[]string{"fr, de;q=0.2"}, "de"},
		{[]string{"pt-PT"}, "pt-BR"},
		{[]string{"zh-CN"}, "zh-Hans"},
		{[]string{"ar-EG"}, "ar"},
		{[]string{"en-GB"}, "en"},
		{[]string{"de", "en"}, "de"},        // the page's language first
		{[]string{"fi", "de"}, "de"},        // where there are no words in it, the browser's
		{[]string{"", "fi", "ar,en"}, "ar"}, // then the inbox's
		{[]string{"", "", ""}, "en"},        // then English
		{[]string{"*"}, "en"},               // any
		{[]string{"not a language", "de"}, "de"},
		{[]string{"../../etc/passwd"}, "en"},
		{[]string{strings.Repeat("x-", 1<<16), "de"}, "de"},
		{[]string{"\x00\xff", "ar"}, "ar"},
	} {
		if got := l.pick(c.lists...); got != c.want {
			t.Errorf("%.80q: %s, want %s", c.lists, got, c.want)
		}
	}
	if l, err := newLocales(fstest.MapFS{"app.js": {}}); l != nil || err != nil {
		t.Errorf("without files: %v, %v", l, err)
	}
	if _, err := newLocales(fstest.MapFS{"locale-1.json": {}}); err == nil {
		t.Error("a file of no language is no error")
	}
	if got := string(say([]byte(`<!doctype html><html lang="en-GB"><head>`), "ar")); got != `<!doctype html><html lang="ar" dir="rtl"><head>` {
		t.Errorf("in Arabic: %s", got)
	}
	if got := string(say([]byte(`<html>`), "de")); got != `<html lang="de" dir="ltr">` {
		t.Errorf("in German: %s", got)
	}
}
