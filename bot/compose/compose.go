// Package compose words the bot's answers with a language model. The model
// sees the articles that the answer cites, and the answer as it would be
// without it; what it says is read sentence by sentence, each is checked
// against those articles before anybody sees it, and rendered here. An answer
// that lost what it stands or falls with is no answer: then, as with every
// other fault, the caller keeps its own.
package compose

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/bot/ground"
	"frontdesk/bot/prompt"
	"frontdesk/chat"
	"frontdesk/internal/personal"
	"frontdesk/llm"
)

// Prompts gives the prompts of an inbox.
type Prompts func(ctx context.Context, ws, inbox uuid.UUID) (prompt.Set, error)

// DefaultPrompts gives every inbox those of one that has set nothing.
func DefaultPrompts(context.Context, uuid.UUID, uuid.UUID) (prompt.Set, error) {
	return prompt.Default(), nil
}

// Options are what a Composer is made of. Generator and Checker are needed.
type Options struct {
	Generator llm.Generator
	Checker   *ground.Checker
	Prompts   Prompts // nil means DefaultPrompts
	// AnyLanguage says that the Checker compares texts of different languages:
	// answers are then in the customer's. Without it they are in the articles'.
	AnyLanguage bool
	// Recall gives what is remembered of a conversation from before the messages
	// that are shown, "" for nothing; nil remembers nothing.
	Recall    func(ctx context.Context, ws, conv uuid.UUID) (string, error)
	MaxTokens int // that a model may write; 0 means 700
}

// defaultMaxTokens are twice what the longest style asks for: 15 sentences.
const defaultMaxTokens = 700

// Composer words answers. It is a bot.Composer, and keeps nothing of them.
type Composer struct{ o Options }

// New makes a Composer.
func New(o Options) (*Composer, error) {
	if o.Generator == nil || o.Checker == nil {
		return nil, errors.New("compose: Generator and Checker are needed")
	}
	if o.Prompts == nil {
		o.Prompts = DefaultPrompts
	}
	if o.MaxTokens == 0 {
		o.MaxTokens = defaultMaxTokens
	}
	return &Composer{o: o}, nil
}

// Compose words an answer: see bot.Composer.
func (c *Composer) Compose(ctx context.Context, in bot.Composition, show func(text string)) (bot.Composed, error) {
	set, err := c.o.Prompts(ctx, in.Turn.Workspace, in.Turn.Account.Inbox)
	if err != nil {
		return bot.Composed{}, fmt.Errorf("compose: read the inbox's prompts: %w", err)
	}
	locale, err := c.locale(set, in)
	if err != nil {
		return bot.Composed{}, err
	}
	asked := input(in, locale)
	if c.o.Recall != nil && in.Turn.Account.Conversation != uuid.Nil {
		// A conversation that cannot be recalled is answered without.
		asked.Summary, _ = c.o.Recall(ctx, in.Turn.Workspace, in.Turn.Account.Conversation)
	}
	if in.Seed != "" {
		set = set.Seeded(in.Seed)
	}
	p, err := set.Compose(asked)
	if err != nil {
		return bot.Composed{}, fmt.Errorf("compose: make the prompt: %w", err)
	}
	w := newWriting(c.o.Checker, in, p.Canary, show)
	account := in.Turn.Account
	account.Purpose = llm.PurposeCompose
	_, err = c.o.Generator.Generate(ctx, llm.Request{
		Messages: p.Messages, Prompt: p.Version, MaxTokens: c.o.MaxTokens, Seed: seed, Stop: stops, Account: account,
	}, func(piece string) error { return w.take(ctx, piece) })
	switch {
	case errors.Is(err, errEnough):
		err = nil
	case err == nil:
		err = w.end(ctx)
	}
	if err == nil && !w.answers(in.Decision.Core) {
		err = &bot.NotComposed{Why: bot.SetbackUnanswered}
	}
	if err != nil {
		return bot.Composed{Dropped: w.dropped}, err
	}
	return w.composed(), nil
}

// seed makes models that know seeds say the same to the same.
const seed = 1

// stops end what is no answer any more: small models go on with the next
// question themselves.
var stops = []string{"\nCustomer:", "\nQuestion:", "\nUser:", "<|"}

// locale gives the language to answer in: one in which the answer can be checked.
func (c *Composer) locale(set prompt.Set, in bot.Composition) (string, error) {
	article := in.Decision.Material[0].Locale
	if c.o.AnyLanguage {
		return in.Turn.Locale, nil
	}
	if asked := prompt.Language(set.Style(), article); article != "" && primary(asked) != primary(article) {
		return "", &bot.NotComposed{Why: bot.SetbackUnchecked, Err: fmt.Errorf("the inbox answers in %q, the article is in %q", asked, article)}
	}
	return article, nil
}

func primary(tag string) string {
	p, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return p
}

// input is what the prompt is made of. Personal data is masked: what leaves the
// house needs none of it to word an answer.
func input(in bot.Composition, locale string) prompt.ComposeInput {
	out := prompt.ComposeInput{Talk: prompt.Talk{
		Question: personal.Mask(strings.Join(in.Turn.Messages, "\n")), History: said(in.Turn.History), Locale: locale,
	}}
	bodies := map[int]string{}
	for _, m := range in.Decision.Material {
		bodies[m.Citation.N] = m.Body
		out.Passages = append(out.Passages, prompt.Passage{
			N: m.Citation.N, Title: m.Citation.Title, Body: m.Body, Locale: m.Locale, Spans: m.Citation.Spans,
		})
	}
	for _, s := range in.Decision.Answer.Statements {
		out.Draft = append(out.Draft, prompt.Line{N: s.Citation, Step: stepBefore(bodies[s.Citation], s.Span.Start), Text: s.Text})
	}
	return out
}

// lookBack is how many messages of a conversation a model is shown at most. The
// prompt's budget mostly holds fewer; what is older is in what Recall gives.
const lookBack = 30

func said(history []bot.Past) (out []prompt.Said) {
	parties := map[bot.Role]chat.Party{bot.RoleBot: chat.PartyBot, bot.RoleAgent: chat.PartyAgent, bot.RoleCustomer: chat.PartyCustomer, bot.RoleOpener: chat.PartySystem}
	for _, p := range history[max(0, len(history)-lookBack):] {
		out = append(out, prompt.Said{By: parties[p.Role], Text: personal.Mask(p.Text)})
	}
	return out
}
