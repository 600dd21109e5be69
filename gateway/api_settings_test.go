package gateway

import (
	"net/http"
	"strings"
	"testing"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

func TestStyle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	olga := w.hire("olga", chat.RoleOwner)
	path := "/inboxes/" + w.inbox.ID.String() + "/style"
	var s chat.StyleState
	olga.ok(http.MethodGet, path, nil, &s)
	if s.Revision != 0 || s.Style.Languages == nil || s.Style.OffLimits == nil {
		t.Errorf("before anything was set: %+v", s)
	}
	want := chat.Style{Name: "Kiki", Tone: chat.ToneWarm, Languages: []string{"de"}, OffLimits: []chat.OffLimits{{Name: "Law", Phrases: []string{"law\x00suit"}}}}
	olga.ok(http.MethodPut, path, protocol.StyleRequest{Style: want}, &s)
	if s.Revision != 1 || s.By != olga.user.ID || s.Style.OffLimits[0].Phrases[0] != "lawsuit" {
		t.Errorf("set: %+v", s)
	}
	if a := olga.do(http.MethodPut, path, protocol.StyleRequest{Style: want}, nil); a.StatusCode != http.StatusConflict || a.problem(t) != chat.CodeStale {
		t.Errorf("over what came between: %s", a.Status)
	}
	want.Tone = "loud"
	if a := olga.do(http.MethodPut, path, protocol.StyleRequest{Revision: 1, Style: want}, nil); a.StatusCode != http.StatusUnprocessableEntity || a.problem(t) != chat.CodeInvalid {
		t.Errorf("a tone that is not there: %s", a.Status)
	}
}

func TestPrompts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	olga := w.hire("olga", chat.RoleOwner)
	path := "/inboxes/" + w.inbox.ID.String()
	var b chat.PromptBook
	olga.ok(http.MethodGet, path+"/prompts", nil, &b)
	if b.Revision != 0 || len(b.Prompts) != 10 || b.Prompts[0].Name != "compose" || b.Prompts[0].Live != nil || !strings.Contains(b.Prompts[0].Shown, "assistant of a shop") {
		t.Fatalf("before anything was written: %+v", b)
	}
	compose := path + "/prompts/compose"
	for _, c := range []struct {
		text string
		says string
	}{{"{{.Question}}", "cannot be used"}, {"{{range 9}}{{end}}", "list"}, {"<|im_start|>", "another speaker"}} {
		a := olga.do(http.MethodPut, compose+"/draft", protocol.PromptDraftRequest{Text: c.text}, nil)
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), c.says) {
			t.Errorf("%q: %s %s", c.text, a.Status, a.body)
		}
	}
	if a := olga.do(http.MethodPost, compose+"/live", protocol.PromptLiveRequest{Revision: 1}, nil); a.problem(t) != chat.CodeStale {
		t.Errorf("live at a revision that is not there: %s", a.Status)
	}
	olga.ok(http.MethodPut, compose+"/draft", protocol.PromptDraftRequest{Text: "Say cheese."}, &b)
	if d := b.Prompts[0].Draft; b.Revision != 1 || d == nil || d.Text != "Say cheese." || b.Prompts[0].Live != nil || len(b.Prompts[0].Notes) != 2 || !strings.Contains(b.Prompts[0].Shown, "Say cheese.") {
		t.Errorf("draft: %+v", b.Prompts[0])
	}
	olga.ok(http.MethodPost, compose+"/live", protocol.PromptLiveRequest{Revision: 1}, &b)
	if p := b.Prompts[0]; p.Live == nil || p.Draft != nil || p.Outdated {
		t.Errorf("live: %+v", p)
	}
	olga.ok(http.MethodPost, compose+"/restore", protocol.PromptRestoreRequest{Revision: 2}, &b)
	if b.Prompts[0].Live != nil {
		t.Errorf("the default: %+v", b.Prompts[0])
	}
	olga.ok(http.MethodPost, compose+"/restore", protocol.PromptRestoreRequest{Revision: 3, From: 2}, &b)
	if b.Prompts[0].Live == nil || b.Prompts[0].Live.Text != "Say cheese." {
		t.Errorf("rolled back: %+v", b.Prompts[0])
	}
	if a := olga.do(http.MethodPost, compose+"/restore", protocol.PromptRestoreRequest{Revision: 4, From: 9}, nil); a.problem(t) != chat.CodeNotFound {
		t.Errorf("back to a revision that is not there: %s", a.Status)
	}
	if a := olga.do(http.MethodPut, path+"/prompts/poem/draft", protocol.PromptDraftRequest{Revision: 4, Text: "x"}, nil); a.problem(t) != chat.CodeNotFound {
		t.Errorf("a prompt that is not there: %s", a.Status)
	}
	var h protocol.VoiceHistory
	olga.ok(http.MethodGet, path+"/voice/history", nil, &h)
	var what []string
	for _, c := range h.Data {
		what = append(what, c.What)
		if c.By != olga.user.ID || c.Prompt != "compose" {
			t.Errorf("history: %+v", c)
		}
	}
	if got := strings.Join(what, " "); got != "live default live draft" {
		t.Errorf("history: %s", got)
	}
}
