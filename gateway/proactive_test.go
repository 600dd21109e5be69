package gateway

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// opener is a rule that fits everywhere.
func opener(id, text string) chat.ProactiveRule {
	return chat.ProactiveRule{ID: id, Text: text, After: 5}
}

func TestTheFaceHasWhatIsSwitchedOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	off := opener("two", "Not this")
	off.Off = true
	w.settings(func(s *chat.InboxSettings) {
		s.Proactive = []chat.ProactiveRule{opener("one", "Looking for a size?"), off}
	})
	face := w.session("").Inbox
	if diff := cmp.Diff([]chat.ProactiveRule{opener("one", "Looking for a size?")}, face.Proactive); diff != "" {
		t.Error(diff)
	}
	if face.Files == nil || face.Files.MaxBytes != maxFile || face.Files.Most != chat.MaxFiles || len(face.Files.Types) == 0 {
		t.Errorf("files: %+v", face.Files)
	}
	w.settings(func(s *chat.InboxSettings) { s.NoFiles = true })
	if f := w.session("").Inbox; f.Files != nil {
		t.Errorf("no files are taken: %+v", f.Files)
	}
}

func TestAnOpenerIsAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.settings(func(s *chat.InboxSettings) { s.Proactive = []chat.ProactiveRule{opener("one", "Looking for a size?")} })
	p := w.join("")
	conv, id := newID(), newID()
	for range 2 { // a repeat adds nothing
		p.send("send", "s", protocol.Send{Conversation: conv, ClientID: id, Text: "Yes, 42", Opener: "one"})
		if ack, refused := p.answer("s"); ack.Seq != 2 || refused.Code != "" {
			t.Fatalf("%+v %+v", ack, refused)
		}
	}
	p.send("send", "t", protocol.Send{Conversation: conv, ClientID: newID(), Text: "Or 43", Opener: "one"})
	if ack, _ := p.answer("t"); ack.Seq != 3 {
		t.Errorf("in the middle of a conversation: %+v", ack)
	}
	entries, err := w.store.Entries(w.ctx, w.ws.ID, conv, chat.LogPublic, 0, 0)
	w.check(err)
	if e := entries[0]; e.Kind != chat.KindNotice || e.Notice.Kind != chat.NoticeOpener || e.Text != "Looking for a size?" || e.From.Kind != chat.PartySystem {
		t.Errorf("%+v", e)
	}
	// A rule that was taken away meanwhile, or that somebody made up, loses nobody's words.
	other := newID()
	p.send("send", "u", protocol.Send{Conversation: other, ClientID: newID(), Text: "Yes", Opener: "gone"})
	if ack, refused := p.answer("u"); ack.Seq != 1 || refused.Code != "" {
		t.Errorf("%+v %+v", ack, refused)
	}
}

func TestOpenersAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.settings(func(s *chat.InboxSettings) { s.Proactive = []chat.ProactiveRule{opener("one", "Hello")} })
	seen := func(rule, what string) int {
		return w.post("/v1/proactive", protocol.OpenerSeen{Inbox: w.inbox.Key, Rule: rule, What: what}, nil).StatusCode
	}
	for _, c := range []struct {
		rule, what string
		want       int
	}{{"one", "shown", 200}, {"one", "opened", 200}, {"one", "answered", 422}, {"two", "shown", 422}, {"one", "", 422}} {
		if got := seen(c.rule, c.what); got != c.want {
			t.Errorf("%s %s: %d", c.rule, c.what, got)
		}
	}
}

func TestProactiveRulesAreChecked(t *testing.T) {
	t.Parallel()
	with := func(change func(*chat.ProactiveRule)) []chat.ProactiveRule {
		r := opener("one", "Hello")
		change(&r)
		return []chat.ProactiveRule{r}
	}
	many := make([]chat.ProactiveRule, chat.MaxProactive+1)
	for i := range many {
		many[i] = opener(strings.Repeat("x", i+1), "Hello")
	}
	for name, rules := range map[string][]chat.ProactiveRule{
		"too many":    many,
		"no id":       with(func(r *chat.ProactiveRule) { r.ID = "" }),
		"one id":      {opener("one", "a"), opener("one", "b")},
		"no text":     with(func(r *chat.ProactiveRule) { r.Text = " \n" }),
		"long":        with(func(r *chat.ProactiveRule) { r.Text = strings.Repeat("ä", maxOpenerText+1) }),
		"before":      with(func(r *chat.ProactiveRule) { r.After = -1 }),
		"too late":    with(func(r *chat.ProactiveRule) { r.After = maxOpenerAfter + 1 }),
		"seldom":      with(func(r *chat.ProactiveRule) { r.EveryDays = maxOpenerDays + 1 }),
		"empty page":  with(func(r *chat.ProactiveRule) { r.Pages = []string{"/a", ""} }),
		"empty words": with(func(r *chat.ProactiveRule) { r.Locales = []string{""} }),
	} {
		if _, err := CheckInbox(chat.Inbox{Settings: chat.InboxSettings{Proactive: rules}}); chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	good := with(func(r *chat.ProactiveRule) {
		r.Text, r.Pages, r.Locales, r.EveryDays = strings.Repeat("ä", maxOpenerText), []string{"/shop/*"}, []string{"de"}, 7
	})
	if _, err := CheckInbox(chat.Inbox{Settings: chat.InboxSettings{Proactive: good}}); err != nil {
		t.Error(err)
	}
}

func TestFilesAnHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	session := w.session("")
	who := w.join(session.VisitorToken).who
	// What a request says that it brings counts, in kB; one that does not say counts as the largest.
	spent := 0
	for _, size := range []int64{-1, 100_000} {
		for w.g.limits.uploadBytes("192.0.2.1", who, size) {
			spent++
		}
	}
	if spent < perVisitorBytes.burst/(maxFile/1000+1) {
		t.Errorf("%d files are too many for an hour", spent)
	}
	_, a := w.sendFile(session.FileToken, newID(), "p.png", append(picture(), make([]byte, 400_000)...))
	if a.StatusCode != http.StatusTooManyRequests || !strings.Contains(string(a.body), "200 MB") || a.Header.Get("Retry-After") != "900" {
		t.Errorf("%s %s", a.Status, a.body)
	}
	w.settings(func(s *chat.InboxSettings) { s.NoFiles = true })
	if _, a := w.sendFile(w.session("").FileToken, newID(), "p.png", picture()); a.StatusCode != http.StatusForbidden {
		t.Errorf("an inbox without files: %s", a.Status)
	}
}
