// Package assist helps agents write: it words a text anew, translates, sums a
// conversation up, tags it, and makes the draft of an article out of one that
// was solved. Each use has a form without a language model, which is what an
// agent gets when there is none, when it fails, and when what it wrote says
// something that its source does not. Nothing of it reaches a customer before
// an agent has read it.
package assist

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/bot/memory"
	"frontdesk/bot/prompt"
	"frontdesk/chat"
	"frontdesk/internal/personal"
	"frontdesk/llm"
)

// Store is what an Assistant reads.
type Store interface {
	Conversation(ctx context.Context, ws, id uuid.UUID) (chat.Conversation, error)
	Entries(ctx context.Context, ws, conv uuid.UUID, log chat.Log, after int64, limit int) ([]chat.Entry, error)
}

// Options are what an Assistant is made of. Store is needed.
type Options struct {
	Store     Store
	Generator llm.Generator // nil: rules alone
	Prompts   func(ctx context.Context, ws, inbox uuid.UUID) (prompt.Set, error)
	Log       *slog.Logger
	Limit     time.Duration // of one use; 0 means 10 s: an agent waits for it
}

// Text is what an agent gets.
type Text struct {
	Text string
	By   memory.By
	// Note says why the model's text was not taken, for the agent; "" if it was,
	// or if there is no model.
	Note string
}

// Assistant helps agents. It keeps nothing, and may be used concurrently.
type Assistant struct{ o Options }

// New makes an Assistant.
func New(o Options) (*Assistant, error) {
	if o.Store == nil {
		return nil, errors.New("assist: a Store is needed")
	}
	if o.Prompts == nil {
		o.Prompts = func(context.Context, uuid.UUID, uuid.UUID) (prompt.Set, error) { return prompt.Default(), nil }
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Limit == 0 {
		o.Limit = 10 * time.Second
	}
	return &Assistant{o: o}, nil
}

// Model reports whether there is a language model.
func (a *Assistant) Model() bool { return a.o.Generator != nil }

const (
	// maxText is the longest text that an agent may have worked on, in bytes.
	maxText = 8 << 10
	// logEntries is how much of a conversation is read.
	logEntries = 200
)

// Reword gives an agent's text in another manner. Numbers and addresses stay
// as they are, all of them. CodeInvalid: there is no such manner, or no text.
func (a *Assistant) Reword(ctx context.Context, ws, conv uuid.UUID, text string, manner prompt.Manner) (Text, error) {
	if err := checkText(text); err != nil {
		return Text{}, err
	}
	byRules, ok := rewords[manner]
	if !ok {
		return Text{}, chat.Errorf(chat.CodeInvalid, "A text can be made %s, %s or %s.", prompt.Shorter, prompt.Kinder, prompt.Formal)
	}
	c, err := a.o.Store.Conversation(ctx, ws, conv)
	if err != nil {
		return Text{}, err
	}
	var vault personal.Vault // the agent's text may hold the customer's data: the model sees none of it
	masked := vault.Mask(text)
	return a.write(ctx, c, llm.PurposeAssist, byRules(text), len(text)*2+400,
		func(set prompt.Set) (prompt.Prompt, error) { return set.Reword(masked, manner) },
		func(said string) error { return sameFigures(masked, said, manner == prompt.Shorter) }).restored(&vault), nil
}

// restored gives the agent the personal data back that the model did not see.
func (t Text) restored(vault *personal.Vault) Text {
	if t.By == memory.ByModel {
		t.Text = vault.Restore(t.Text)
	}
	return t
}

// Translate gives a text in another language, a BCP 47 tag. Numbers and
// addresses stay. CodeUnavailable: there is no model, or it did not do; nobody
// is helped by a guess.
func (a *Assistant) Translate(ctx context.Context, ws, conv uuid.UUID, text, to string) (Text, error) {
	if err := checkText(text); err != nil {
		return Text{}, err
	}
	if to == "" || len(to) > 35 || strings.ContainsFunc(to, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		return Text{}, chat.Errorf(chat.CodeInvalid, "Say which language, as a tag such as de or pt-BR.")
	}
	if !a.Model() {
		return Text{}, chat.Errorf(chat.CodeUnavailable, "Translating needs a language model. An operator can connect one: see docs/models.md.")
	}
	c, err := a.o.Store.Conversation(ctx, ws, conv)
	if err != nil {
		return Text{}, err
	}
	var vault personal.Vault
	masked := vault.Mask(text)
	t := a.write(ctx, c, llm.PurposeTranslate, "", len(text)*4+400,
		func(set prompt.Set) (prompt.Prompt, error) { return set.Translate(masked, to) },
		func(said string) error { return sameDigits(masked, said) }).restored(&vault)
	if t.By != memory.ByModel {
		return Text{}, chat.Errorf(chat.CodeUnavailable, "The translation did not come out right: %s. Try again, or write without it.", t.Note)
	}
	return t, nil
}

// Summary sums a conversation up, for whoever takes it over or closes it.
func (a *Assistant) Summary(ctx context.Context, ws, conv uuid.UUID) (Text, error) {
	c, talk, entries, err := a.talk(ctx, ws, conv)
	if err != nil {
		return Text{}, err
	}
	source := said(talk)
	return a.write(ctx, c, llm.PurposeSummary, memory.Rules("", entries), 1200,
		func(set prompt.Set) (prompt.Prompt, error) { return set.Summary(talk) },
		func(said string) error { return known(said, source) }), nil
}

// Tags gives those of a list that fit a conversation, most at most, the best
// first. Without a model they are those whose words the customer used.
func (a *Assistant) Tags(ctx context.Context, ws, conv uuid.UUID, list []string, most int) ([]string, memory.By, error) {
	c, talk, entries, err := a.talk(ctx, ws, conv)
	if err != nil || len(list) == 0 {
		return []string{}, memory.ByRules, err
	}
	var reply struct {
		Tags []string `json:"tags"`
	}
	t := a.write(ctx, c, llm.PurposeAssist, "", 600,
		func(set prompt.Set) (prompt.Prompt, error) { return set.Tags(talk, list, most) },
		func(said string) error { return json.Unmarshal([]byte(object(said)), &reply) })
	if t.By == memory.ByModel {
		if chosen := among(list, reply.Tags, most); len(chosen) > 0 {
			return chosen, memory.ByModel, nil
		}
	}
	return tagsByWords(entries, list, most), memory.ByRules, nil
}

// Draft is an article that an editor may finish.
type Draft struct {
	Title, Body string // Body is Markdown
	By          memory.By
	Note        string // as in Text
}

// Article makes the draft of an article out of a conversation in which an
// agent answered. Personal data is masked. CodeInvalid: no agent has said a word.
func (a *Assistant) Article(ctx context.Context, ws, conv uuid.UUID) (Draft, error) {
	c, talk, entries, err := a.talk(ctx, ws, conv)
	if err != nil {
		return Draft{}, err
	}
	title, body := articleByRules(c, entries)
	if body == "" {
		return Draft{}, chat.Errorf(chat.CodeInvalid, "There is nothing to make an article of yet: no agent has answered in this conversation.")
	}
	source := said(talk)
	t := a.write(ctx, c, llm.PurposeAssist, "# "+title+"\n\n"+body, 6000,
		func(set prompt.Set) (prompt.Prompt, error) { return set.Article(talk) },
		func(said string) error {
			if !strings.HasPrefix(said, "# ") {
				return errors.New("it has no title")
			}
			return known(said, source)
		})
	head, rest, _ := strings.Cut(strings.TrimPrefix(t.Text, "# "), "\n")
	return Draft{Title: strings.TrimSpace(head), Body: strings.TrimSpace(rest), By: t.By, Note: t.Note}, nil
}

// write asks the model, and gives what was made by rules if there is none, or
// if its text is not to be had or not to be used.
func (a *Assistant) write(ctx context.Context, c chat.Conversation, why llm.Purpose, byRules string, most int,
	ask func(prompt.Set) (prompt.Prompt, error), check func(said string) error) Text {
	if !a.Model() {
		return Text{Text: byRules, By: memory.ByRules}
	}
	text, err := a.asked(ctx, c, why, most, ask)
	if err == nil {
		err = check(text)
	}
	if err != nil {
		a.o.Log.Info("assist: the model's text was not taken", "conversation", c.ID, "purpose", why, "err", err)
		return Text{Text: byRules, By: memory.ByRules, Note: noteOf(err)}
	}
	return Text{Text: text, By: memory.ByModel}
}

func (a *Assistant) asked(ctx context.Context, c chat.Conversation, why llm.Purpose, most int, ask func(prompt.Set) (prompt.Prompt, error)) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, a.o.Limit)
	defer cancel()
	set, err := a.o.Prompts(ctx, c.Workspace, c.Inbox)
	if err != nil {
		return "", err
	}
	p, err := ask(set)
	if err != nil {
		return "", err
	}
	return memory.Ask(ctx, a.o.Generator, p, llm.Account{
		Workspace: c.Workspace, Inbox: c.Inbox, Customer: c.Customer, Conversation: c.ID, Purpose: why,
	}, most)
}

// errChanged is what a text fails with that says what its source does not.
type errChanged struct{ what string }

func (e errChanged) Error() string { return e.what }

// noteOf tells an agent why the model's text was not taken.
func noteOf(err error) string {
	var changed errChanged
	if errors.As(err, &changed) {
		return changed.what
	}
	switch llm.FaultOf(err) {
	case llm.FaultSpent:
		return "the budget for language models is spent"
	case llm.FaultStalled, llm.FaultLate, llm.FaultCanceled, llm.FaultBusy:
		return "the language model took too long"
	}
	return "the language model could not do it"
}

// talk reads a conversation, the personal data in it masked.
func (a *Assistant) talk(ctx context.Context, ws, conv uuid.UUID) (chat.Conversation, prompt.Talk, []chat.Entry, error) {
	c, err := a.o.Store.Conversation(ctx, ws, conv)
	if err != nil {
		return c, prompt.Talk{}, nil, err
	}
	entries, err := a.o.Store.Entries(ctx, ws, conv, chat.LogPublic, max(0, c.LastSeq-logEntries), logEntries)
	if err != nil {
		return c, prompt.Talk{}, nil, fmt.Errorf("assist: read the log of %s: %w", conv, err)
	}
	talk := prompt.Talk{Locale: c.Locale}
	for _, e := range entries {
		if e.Kind == chat.KindMessage || e.Opener() {
			talk.History = append(talk.History, prompt.Said{By: e.From.Kind, Text: personal.Mask(e.Text)})
		}
	}
	return c, talk, entries, nil
}

func said(t prompt.Talk) string {
	var all strings.Builder
	for _, s := range t.History {
		all.WriteString(s.Text + "\n")
	}
	return all.String()
}

func checkText(text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return chat.Errorf(chat.CodeInvalid, "There is no text to work on.")
	case len(text) > maxText:
		return chat.Errorf(chat.CodeInvalid, "The text is %d bytes long; %d is the most.", len(text), maxText)
	}
	return nil
}
