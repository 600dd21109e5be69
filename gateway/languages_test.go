package gateway

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
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
	if got := string(pageIn([]byte(`<!doctype html><html lang="en-GB"><head>`), "ar")); got != `<!doctype html><html lang="ar" dir="rtl"><head>` {
		t.Errorf("in Arabic: %s", got)
	}
	if got := string(pageIn([]byte(`<html>`), "de")); got != `<html lang="de" dir="ltr">` {
		t.Errorf("in German: %s", got)
	}
}

// A customer's words say which language they speak, and the conversation follows.
func TestAConversationFollowsTheCustomersWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *world, o *Options) {
		o.Language = func(text, spoken string) string { return map[string]string{"Guten Tag en-US": "de"}[text+" "+spoken] }
	})
	p := w.knock()
	p.send("hello", "", protocol.Hello{Token: w.session("").SocketToken, Locale: "en-US"})
	p.expect("welcome", nil)
	conv := newID()
	for _, step := range []struct{ text, message, conversation string }{{"ok", "", "en-US"}, {"Guten Tag", "de", "de"}, {"ok", "", "de"}} {
		p.send("send", "s", protocol.Send{Conversation: conv, ClientID: newID(), Text: step.text})
		if ack, refused := p.answer("s"); refused.Code != "" {
			t.Fatalf("%+v, %+v", ack, refused)
		}
		c, err := w.store.Conversation(w.ctx, w.ws.ID, conv)
		w.check(err)
		entries, err := w.store.Entries(w.ctx, w.ws.ID, conv, chat.LogPublic, c.LastSeq-1, 0)
		w.check(err)
		if c.Locale != step.conversation || entries[0].Locale != step.message {
			t.Errorf("%s: the conversation is in %q, the message in %q", step.text, c.Locale, entries[0].Locale)
		}
	}
}

// What is refused is said in the customer's language; programs that use the API read English.
func TestRefusalsInTheCustomersLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for locale, want := range map[string]string{"de-AT": "Die Nachricht ist leer.", "ar": "الرسالة فارغة.", "da": "The message is empty.", "": "The message is empty."} {
		p := w.knock()
		p.send("hello", "", protocol.Hello{Token: w.session("").SocketToken, Locale: locale})
		p.expect("welcome", nil)
		p.send("send", "empty", protocol.Send{Conversation: newID(), ClientID: newID(), Text: " "})
		if _, refused := p.answer("empty"); refused.Message != want || refused.Code != chat.CodeInvalid {
			t.Errorf("%s: %s: %q, want %q", locale, refused.Code, refused.Message, want)
		}
	}
	for path, want := range map[string]string{
		"/v1/identity/check":        "Cette session est terminée : rouvrez le chat.",
		"/api/v1/workspace/nothing": "There is no POST /api/v1/workspace/nothing: /api/openapi.json lists what there is.",
	} {
		data, err := json.Marshal(protocol.CodeCheck{Credentials: protocol.Credentials{Inbox: w.inbox.Key}, Conversation: newID(), Code: "123456"})
		w.check(err)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.srv.URL+path, bytes.NewReader(data))
		w.check(err)
		req.Header.Set("Accept-Language", "fi, fr;q=0.8, de;q=0.5")
		res, err := http.DefaultClient.Do(req)
		w.check(err)
		var p APIError
		w.check(json.NewDecoder(res.Body).Decode(&p))
		w.check(res.Body.Close())
		if p.Detail != want {
			t.Errorf("%s: %q, want %q", path, p.Detail, want)
		}
	}
}
