// Package voice keeps how the bot of an inbox speaks: its style, and the
// instructions that somebody wrote in the place of the default ones. Each
// change is a revision with its author. Instructions are tried as a draft
// before they go live, and every revision can go live again.
package voice

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"

	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/bot/compose"
	"frontdesk/bot/prompt"
	"frontdesk/chat"
)

// Store is what a Voice needs of the store.
type Store interface {
	PutSetting(ctx context.Context, ws uuid.UUID, s chat.Setting) (chat.Setting, error)
	Setting(ctx context.Context, ws, inbox uuid.UUID, name string) (chat.Setting, error)
	SettingHistory(ctx context.Context, ws, inbox uuid.UUID, name string, limit int) ([]chat.Setting, error)
}

// Options are what a Voice is made of. Store is needed.
type Options struct {
	Store Store
	Log   *slog.Logger // nil means slog.Default
	// Decide decides what a question of a test run comes to; nil runs prompts on
	// a made-up conversation only.
	Decide func(ctx context.Context, t bot.Turn) (bot.Decision, error)
	// Asked gives at most n questions that customers of an inbox asked last; nil gives none.
	Asked func(ctx context.Context, ws, inbox uuid.UUID, n int) ([]string, error)
	// Compose is what answers are worded with. Without a Generator there is no model.
	Compose compose.Options
}

// Voice keeps the voices of all inboxes. All methods may be called concurrently.
type Voice struct {
	store   Store
	log     *slog.Logger
	decide  func(ctx context.Context, t bot.Turn) (bot.Decision, error)
	asked   func(ctx context.Context, ws, inbox uuid.UUID, n int) ([]string, error)
	compose compose.Options
	model   string        // "" if there is none
	trying  chan struct{} // holds one for each test run under way
}

// maxTrials is how many test runs may be under way: they share the model with customers.
const maxTrials = 2

// New makes a Voice.
func New(o Options) *Voice {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	v := &Voice{store: o.Store, log: o.Log, decide: o.Decide, asked: o.Asked, compose: o.Compose, trying: make(chan struct{}, maxTrials)}
	if o.Compose.Generator != nil {
		v.model = o.Compose.Generator.Model()
	}
	return v
}

// Set gives the live prompts of an inbox, in its style. Instructions that
// cannot be used (any more) are left out: the default ones stand for them.
func (v *Voice) Set(ctx context.Context, ws, inbox uuid.UUID) (prompt.Set, error) {
	style, err := v.Style(ctx, ws, inbox)
	if err != nil {
		return prompt.Set{}, err
	}
	_, kept, err := v.read(ctx, ws, inbox)
	if err != nil {
		return prompt.Set{}, err
	}
	return v.set(style.Style, kept.live(), inbox), nil
}

// set makes a set of what can be used.
func (v *Voice) set(style chat.Style, texts map[prompt.Name]string, inbox uuid.UUID) prompt.Set {
	usable := map[prompt.Name]string{}
	for name, text := range texts {
		if _, err := prompt.Check(name, text); err != nil {
			v.log.Warn("voice: instructions cannot be used, the default ones are", "inbox", inbox, "prompt", name, "err", err)
			continue
		}
		usable[name] = text
	}
	set, err := prompt.New(style, usable)
	if err != nil { // each was usable by itself
		v.log.Error("voice: prompts cannot be made, the default ones are used", "inbox", inbox, "err", err)
		return prompt.Default()
	}
	return set
}

// Style gives the style of an inbox; the zero one if none was ever set.
func (v *Voice) Style(ctx context.Context, ws, inbox uuid.UUID) (chat.StyleState, error) {
	s, err := v.store.Setting(ctx, ws, inbox, chat.SettingStyle)
	switch {
	case chat.CodeOf(err) == chat.CodeNotFound:
		return whole(chat.StyleState{}), nil
	case err != nil:
		return chat.StyleState{}, fmt.Errorf("voice: read style: %w", err)
	}
	out := chat.StyleState{Revision: s.Revision, By: s.By, At: s.At}
	if err := json.Unmarshal(s.Value, &out.Style); err != nil {
		return chat.StyleState{}, fmt.Errorf("voice: read style: %w", err)
	}
	return whole(out), nil
}

// whole has lists where there are none.
func whole(s chat.StyleState) chat.StyleState {
	if s.Style.Languages == nil {
		s.Style.Languages = []string{}
	}
	if s.Style.OffLimits == nil {
		s.Style.OffLimits = []chat.OffLimits{}
	}
	return s
}

// PutStyle sets the style of an inbox, following a revision. CodeStale: another
// came between. CodeInvalid: the style cannot be.
func (v *Voice) PutStyle(ctx context.Context, ws, inbox uuid.UUID, revision int64, style chat.Style, by uuid.UUID) (chat.StyleState, error) {
	if err := style.Check(); err != nil {
		return chat.StyleState{}, err
	}
	value, err := json.Marshal(style)
	if err != nil {
		return chat.StyleState{}, fmt.Errorf("voice: write style: %w", err)
	}
	s, err := v.store.PutSetting(ctx, ws, chat.Setting{Inbox: inbox, Name: chat.SettingStyle, Revision: revision, Value: value, By: by})
	if err != nil {
		return chat.StyleState{}, fmt.Errorf("voice: store style: %w", err)
	}
	return whole(chat.StyleState{Revision: s.Revision, Style: style, By: s.By, At: s.At}), nil
}

// own is what an inbox has of one prompt.
type own struct {
	Live  *chat.PromptText `json:"live,omitempty"`
	Draft *chat.PromptText `json:"draft,omitempty"`
}

// book is the value of the setting "prompts".
type book struct {
	Prompts map[prompt.Name]own `json:"prompts"`
}

func (b book) live() map[prompt.Name]string {
	out := map[prompt.Name]string{}
	for name, o := range b.Prompts {
		if o.Live != nil {
			out[name] = o.Live.Text
		}
	}
	return out
}

func (v *Voice) read(ctx context.Context, ws, inbox uuid.UUID) (chat.Setting, book, error) {
	b := book{Prompts: map[prompt.Name]own{}}
	s, err := v.store.Setting(ctx, ws, inbox, chat.SettingPrompts)
	switch {
	case chat.CodeOf(err) == chat.CodeNotFound:
		return chat.Setting{Inbox: inbox, Name: chat.SettingPrompts}, b, nil
	case err != nil:
		return s, b, fmt.Errorf("voice: read prompts: %w", err)
	}
	if err := json.Unmarshal(s.Value, &b); err != nil {
		return s, b, fmt.Errorf("voice: read prompts: %w", err)
	}
	return s, b, nil
}

// Prompts gives all prompts of an inbox.
func (v *Voice) Prompts(ctx context.Context, ws, inbox uuid.UUID) (chat.PromptBook, error) {
	s, b, err := v.read(ctx, ws, inbox)
	if err != nil {
		return chat.PromptBook{}, err
	}
	style, err := v.Style(ctx, ws, inbox)
	if err != nil {
		return chat.PromptBook{}, err
	}
	out := chat.PromptBook{Revision: s.Revision, By: s.By, At: s.At, Model: v.model}
	for _, name := range prompt.Names() {
		out.Prompts = append(out.Prompts, v.state(name, b.Prompts[name], style.Style, inbox))
	}
	return out, nil
}

func (v *Voice) state(name prompt.Name, o own, style chat.Style, inbox uuid.UUID) chat.PromptState {
	st := chat.PromptState{Name: string(name), Default: prompt.Source(name), Live: o.Live, Draft: o.Draft, Notes: []string{}}
	texts := map[prompt.Name]string{}
	written := o.Draft
	if written == nil {
		written = o.Live
	}
	if written != nil {
		texts[name] = written.Text
		st.Outdated = written.Base != st.Default
		if notes, err := prompt.Check(name, written.Text); err != nil {
			st.Notes = append(st.Notes, err.Error())
		} else {
			st.Notes = append(st.Notes, notes...)
		}
	}
	if p, err := v.set(style, texts, inbox).Seeded(shownSeed).Sample(name); err == nil {
		st.Shown = Plain(p)
	}
	return st
}

// shownSeed gives prompts that people compare the same marks.
const shownSeed = "shown"

// Plain writes what a model is sent, as people read it.
func Plain(p prompt.Prompt) string {
	var s string
	for _, m := range p.Messages {
		s += fmt.Sprintf("[%s]\n%s\n\n", m.Role, m.Text)
	}
	return s
}

// PutDraft keeps instructions as the draft of a prompt, following a revision of
// the prompts; the text "" discards it. They are checked first.
func (v *Voice) PutDraft(ctx context.Context, ws, inbox uuid.UUID, revision int64, name, text string, by uuid.UUID) (chat.PromptBook, error) {
	which, err := named(name)
	if err != nil {
		return chat.PromptBook{}, err
	}
	if text != "" {
		if _, err := prompt.Check(which, text); err != nil {
			return chat.PromptBook{}, err
		}
	}
	return v.change(ctx, ws, inbox, revision, by, func(b book) error {
		o := b.Prompts[which]
		if o.Draft = nil; text != "" {
			o.Draft = &chat.PromptText{Text: text, Base: prompt.Source(which)}
		}
		b.Prompts[which] = o
		return nil
	})
}

// GoLive makes the draft of a prompt what is used. CodeInvalid: there is none,
// or it cannot be used.
func (v *Voice) GoLive(ctx context.Context, ws, inbox uuid.UUID, revision int64, name string, by uuid.UUID) (chat.PromptBook, error) {
	which, err := named(name)
	if err != nil {
		return chat.PromptBook{}, err
	}
	return v.change(ctx, ws, inbox, revision, by, func(b book) error {
		o := b.Prompts[which]
		if o.Draft == nil {
			return chat.Errorf(chat.CodeInvalid, "There is no draft of %q to go live.", name)
		}
		if _, err := prompt.Check(which, o.Draft.Text); err != nil {
			return err
		}
		o.Live, o.Draft = o.Draft, nil
		b.Prompts[which] = o
		return nil
	})
}

// Restore makes what was live at an earlier revision live again; from 0 is the
// default. A draft stays.
func (v *Voice) Restore(ctx context.Context, ws, inbox uuid.UUID, revision int64, name string, from int64, by uuid.UUID) (chat.PromptBook, error) {
	which, err := named(name)
	if err != nil {
		return chat.PromptBook{}, err
	}
	var live *chat.PromptText
	if from != 0 {
		then, err := v.at(ctx, ws, inbox, from)
		if err != nil {
			return chat.PromptBook{}, err
		}
		if live = then.Prompts[which].Live; live != nil {
			if _, err := prompt.Check(which, live.Text); err != nil {
				return chat.PromptBook{}, err
			}
		}
	}
	return v.change(ctx, ws, inbox, revision, by, func(b book) error {
		o := b.Prompts[which]
		o.Live = live
		b.Prompts[which] = o
		return nil
	})
}

func named(name string) (prompt.Name, error) {
	if !prompt.Known(prompt.Name(name)) {
		return "", chat.Errorf(chat.CodeNotFound, "There is no prompt %q.", name)
	}
	return prompt.Name(name), nil
}

// change stores the next revision of the prompts.
func (v *Voice) change(ctx context.Context, ws, inbox uuid.UUID, revision int64, by uuid.UUID, edit func(book) error) (chat.PromptBook, error) {
	s, b, err := v.read(ctx, ws, inbox)
	if err != nil {
		return chat.PromptBook{}, err
	}
	if s.Revision != revision {
		return chat.PromptBook{}, chat.Errorf(chat.CodeStale, "Somebody else has changed the prompts meanwhile. Nothing is saved; look at theirs first.")
	}
	if err := edit(b); err != nil {
		return chat.PromptBook{}, err
	}
	for name, o := range b.Prompts {
		if o == (own{}) {
			delete(b.Prompts, name)
		}
	}
	if s.Value, err = json.Marshal(b); err != nil {
		return chat.PromptBook{}, fmt.Errorf("voice: write prompts: %w", err)
	}
	s.By = by
	if _, err = v.store.PutSetting(ctx, ws, s); err != nil {
		return chat.PromptBook{}, fmt.Errorf("voice: store prompts: %w", err)
	}
	return v.Prompts(ctx, ws, inbox)
}

// maxHistory is how many revisions can be looked back at.
const maxHistory = 200

// at gives the prompts of a revision.
func (v *Voice) at(ctx context.Context, ws, inbox uuid.UUID, revision int64) (book, error) {
	all, err := v.store.SettingHistory(ctx, ws, inbox, chat.SettingPrompts, maxHistory)
	if err != nil {
		return book{}, fmt.Errorf("voice: read history: %w", err)
	}
	i := slices.IndexFunc(all, func(s chat.Setting) bool { return s.Revision == revision })
	if i < 0 {
		return book{}, chat.Errorf(chat.CodeNotFound, "Revision %d is not kept.", revision)
	}
	var b book
	if err := json.Unmarshal(all[i].Value, &b); err != nil {
		return book{}, fmt.Errorf("voice: read revision %d: %w", revision, err)
	}
	return b, nil
}

// History tells what was changed of an inbox's style and prompts, newest first.
func (v *Voice) History(ctx context.Context, ws, inbox uuid.UUID) ([]chat.VoiceChange, error) {
	prompts, err := v.store.SettingHistory(ctx, ws, inbox, chat.SettingPrompts, maxHistory)
	if err != nil {
		return nil, fmt.Errorf("voice: read history: %w", err)
	}
	styles, err := v.store.SettingHistory(ctx, ws, inbox, chat.SettingStyle, maxHistory)
	if err != nil {
		return nil, fmt.Errorf("voice: read history: %w", err)
	}
	out := []chat.VoiceChange{}
	for i, s := range prompts {
		var now, before book
		if err := json.Unmarshal(s.Value, &now); err != nil {
			return nil, fmt.Errorf("voice: read revision %d: %w", s.Revision, err)
		}
		if i+1 < len(prompts) {
			if err := json.Unmarshal(prompts[i+1].Value, &before); err != nil {
				return nil, fmt.Errorf("voice: read revision %d: %w", s.Revision, err)
			}
		} else if s.Revision > 1 {
			break // what came before it is not kept
		}
		out = append(out, changes(s, before, now)...)
	}
	for _, s := range styles {
		c := chat.VoiceChange{Revision: s.Revision, By: s.By, At: s.At, Style: &chat.Style{}}
		if err := json.Unmarshal(s.Value, c.Style); err != nil {
			return nil, fmt.Errorf("voice: read revision %d: %w", s.Revision, err)
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b chat.VoiceChange) int { return b.At.Compare(a.At) })
	return out, nil
}

// changes tells what a revision of the prompts changed.
func changes(s chat.Setting, before, now book) []chat.VoiceChange {
	var out []chat.VoiceChange
	for _, name := range prompt.Names() {
		was, is := before.Prompts[name], now.Prompts[name]
		c := chat.VoiceChange{Revision: s.Revision, By: s.By, At: s.At, Prompt: string(name)}
		switch {
		case !same(was.Live, is.Live) && is.Live == nil:
			c.What = "default"
		case !same(was.Live, is.Live):
			c.What, c.Text = "live", is.Live
		case !same(was.Draft, is.Draft) && is.Draft == nil:
			c.What = "discard"
		case !same(was.Draft, is.Draft):
			c.What, c.Text = "draft", is.Draft
		default:
			continue
		}
		out = append(out, c)
	}
	return out
}

func same(a, b *chat.PromptText) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
