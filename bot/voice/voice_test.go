package voice

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/bot/prompt"
	"frontdesk/chat"
)

// shelf keeps settings in memory.
type shelf struct{ all []chat.Setting }

func (s *shelf) PutSetting(_ context.Context, _ uuid.UUID, n chat.Setting) (chat.Setting, error) {
	var now int64
	for _, o := range s.all {
		if o.Inbox == n.Inbox && o.Name == n.Name {
			now = o.Revision
		}
	}
	if n.Revision != now {
		return n, chat.Errorf(chat.CodeStale, "stale")
	}
	n.Revision++
	n.At = time.Unix(int64(len(s.all)), 0)
	s.all = append(s.all, n)
	return n, nil
}

func (s *shelf) Setting(ctx context.Context, ws, inbox uuid.UUID, name string) (chat.Setting, error) {
	list, _ := s.SettingHistory(ctx, ws, inbox, name, 1)
	if len(list) == 0 {
		return chat.Setting{}, chat.Errorf(chat.CodeNotFound, "none")
	}
	return list[0], nil
}

func (s *shelf) SettingHistory(_ context.Context, _, inbox uuid.UUID, name string, limit int) ([]chat.Setting, error) {
	var out []chat.Setting
	for i := len(s.all) - 1; i >= 0 && len(out) < limit; i-- {
		if o := s.all[i]; o.Inbox == inbox && o.Name == name {
			out = append(out, o)
		}
	}
	return out, nil
}

var (
	ws, inbox, other = uuid.New(), uuid.New(), uuid.New()
	anna             = uuid.New()
)

func newVoice(t *testing.T) (*Voice, *shelf) {
	t.Helper()
	s := &shelf{}
	return New(Options{Store: s, Log: slog.New(slog.DiscardHandler)}), s
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	v, _ := newVoice(t)
	ctx := t.Context()
	standard := must(v.Set(ctx, ws, inbox))(t)
	if standard.Version(prompt.Compose) != prompt.Default().Version(prompt.Compose) {
		t.Error("an inbox that set nothing has other prompts than the default ones")
	}
	must(v.PutStyle(ctx, ws, inbox, 0, chat.Style{Tone: chat.ToneBrisk}, anna))(t)
	must(v.PutDraft(ctx, ws, inbox, 0, "compose", "Say cheese. {{range .Style}}{{.}} {{end}}", anna))(t)
	draft := must(v.Set(ctx, ws, inbox))(t)
	if p := must(draft.Sample(prompt.Compose))(t); strings.Contains(p.Messages[0].Text, "cheese") || !strings.Contains(p.Messages[0].Text, "brisk") {
		t.Errorf("before it is live: %s", p.Messages[0].Text)
	}
	must(v.GoLive(ctx, ws, inbox, 1, "compose", anna))(t)
	live := must(v.Set(ctx, ws, inbox))(t)
	if p := must(live.Sample(prompt.Compose))(t); !strings.HasPrefix(p.Messages[0].Text, "Say cheese. Be brisk") {
		t.Errorf("live: %s", p.Messages[0].Text)
	}
	if p := must(live.Sample(prompt.Rewrite))(t); strings.Contains(p.Messages[0].Text, "cheese") {
		t.Error("instructions of one prompt stand in another")
	}
	if theirs := must(v.Set(ctx, ws, other))(t); theirs.Version(prompt.Compose) != prompt.Default().Version(prompt.Compose) {
		t.Error("the voice of one inbox is that of another")
	}
}

// TestWhatCannotBeUsed: an update of Frontdesk may make stored instructions unusable.
func TestWhatCannotBeUsed(t *testing.T) {
	t.Parallel()
	v, s := newVoice(t)
	value := must(json.Marshal(book{Prompts: map[prompt.Name]own{
		prompt.Compose: {Live: &chat.PromptText{Text: "{{.Gone}}", Base: "an older default"}},
		prompt.Rewrite: {Live: &chat.PromptText{Text: "{{call .Name}}", Base: "x"}},
		prompt.Tags:    {Live: &chat.PromptText{Text: "Tag well.", Base: prompt.Source(prompt.Tags)}},
		"poem":         {Live: &chat.PromptText{Text: "Rhyme.", Base: "x"}},
	}}))(t)
	s.all = append(s.all, chat.Setting{Inbox: inbox, Name: chat.SettingPrompts, Revision: 1, Value: value})
	set := must(v.Set(t.Context(), ws, inbox))(t)
	if p := must(set.Sample(prompt.Tags))(t); !strings.HasPrefix(p.Messages[0].Text, "Tag well.") {
		t.Error("what can be used is not")
	}
	if set.Version(prompt.Rewrite) != prompt.Default().Version(prompt.Rewrite) {
		t.Error("what cannot be used is")
	}
	if p := must(set.Sample(prompt.Compose))(t); strings.Contains(p.Messages[0].Text, "Gone") || p.Version != prompt.Default().Version(prompt.Compose) {
		t.Error("what cannot be executed is used")
	}
	b := must(v.Prompts(t.Context(), ws, inbox))(t)
	if st := b.Prompts[0]; !st.Outdated || len(st.Notes) != 1 || !strings.Contains(st.Notes[0], "cannot be used") {
		t.Errorf("shown as %+v", st)
	}
	if len(b.Prompts) != len(prompt.Names()) || b.Model != "" {
		t.Errorf("%d prompts", len(b.Prompts))
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	v, _ := newVoice(t)
	ctx := t.Context()
	must(v.PutStyle(ctx, ws, inbox, 0, chat.Style{Name: "Kiki"}, anna))(t)
	must(v.PutDraft(ctx, ws, inbox, 0, "tags", "One.", anna))(t)
	must(v.PutDraft(ctx, ws, inbox, 1, "tags", "", anna))(t)
	must(v.PutDraft(ctx, ws, inbox, 2, "tags", "Two.", anna))(t)
	must(v.GoLive(ctx, ws, inbox, 3, "tags", anna))(t)
	must(v.Restore(ctx, ws, inbox, 4, "tags", 0, anna))(t)
	if _, err := v.GoLive(ctx, ws, inbox, 5, "tags", anna); chat.CodeOf(err) != chat.CodeInvalid {
		t.Errorf("without a draft: %v", err)
	}
	if _, err := v.PutDraft(ctx, ws, inbox, 4, "tags", "Three.", anna); chat.CodeOf(err) != chat.CodeStale {
		t.Errorf("over what came between: %v", err)
	}
	var got []string
	for _, c := range must(v.History(ctx, ws, inbox))(t) {
		line := c.Prompt + " " + c.What
		if c.Text != nil {
			line += " " + c.Text.Text
		}
		if c.Style != nil {
			line += "style " + c.Style.Name
		}
		got = append(got, line)
	}
	want := []string{"tags default", "tags live Two.", "tags draft Two.", "tags discard", "tags draft One.", " style Kiki"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
