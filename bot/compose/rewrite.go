package compose

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"frontdesk/bot"
	"frontdesk/bot/prompt"
	"frontdesk/internal/personal"
	"frontdesk/knowledge"
	"frontdesk/llm"
)

// RewriterOptions are what a Rewriter is made of. Generator is needed.
type RewriterOptions struct {
	Generator llm.Generator
	Prompts   Prompts       // nil means DefaultPrompts
	Within    time.Duration // 0 means 1.2 s: the customer waits, and rules do nearly as well
}

const (
	defaultWithin = 1200 * time.Millisecond
	// rewriteTokens are more than a question has.
	rewriteTokens = 80
	// maxOwn bounds a question that was made, in bytes, and maxGrown how much
	// longer than what was asked it may be.
	maxOwn   = 300
	maxGrown = 160
	// saidBefore is the share of its words that were said before, by either side,
	// and keptOf the share of the question's own words that it must keep.
	saidBefore = .75
	keptOf     = .5
)

// Rewriter makes questions of their own of follow-ups. It is a bot.Rewriter.
type Rewriter struct{ o RewriterOptions }

// NewRewriter makes a Rewriter.
func NewRewriter(o RewriterOptions) (*Rewriter, error) {
	if o.Generator == nil {
		return nil, errors.New("compose: Generator is needed")
	}
	if o.Prompts == nil {
		o.Prompts = DefaultPrompts
	}
	if o.Within == 0 {
		o.Within = defaultWithin
	}
	return &Rewriter{o: o}, nil
}

// Rewrite gives the question in words that need nothing of the history: see
// bot.Rewriter. What the model made is refused where it says more than was said.
func (r *Rewriter) Rewrite(ctx context.Context, question string, history []bot.Past, account llm.Account) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, r.o.Within)
	defer cancel()
	set, err := r.o.Prompts(ctx, account.Workspace, account.Inbox)
	if err != nil {
		return "", fmt.Errorf("compose: read the inbox's prompts: %w", err)
	}
	question = personal.Mask(question)
	p, err := set.Rewrite(prompt.Talk{Question: question, History: said(history)})
	if err != nil {
		return "", fmt.Errorf("compose: make the prompt: %w", err)
	}
	account.Purpose = llm.PurposeUnderstand
	var text strings.Builder
	watch := prompt.NewWatch(p.Canary)
	_, err = r.o.Generator.Generate(ctx, llm.Request{
		Messages: p.Messages, Prompt: p.Version, MaxTokens: rewriteTokens, Seed: seed, Stop: []string{"\n\n"}, Account: account,
	}, func(piece string) error {
		text.WriteString(piece)
		if watch.Saw(piece) {
			return &bot.NotComposed{Why: bot.SetbackCanary}
		}
		if text.Len() > maxOwn+maxGrown {
			return errEnough
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	own, err := ownQuestion(text.String())
	if err != nil {
		return "", err
	}
	return own, sameQuestion(own, question, history)
}

// ownQuestion reads what the model made: one sentence on one line.
func ownQuestion(text string) (string, error) {
	var p parser
	got := append(p.add(text), p.end()...)
	if len(got) != 1 {
		return "", fmt.Errorf("compose: %d sentences instead of a question", len(got))
	}
	return strings.Trim(got[0].text, "\"“”' "), nil
}

// sameQuestion fails where a question says what neither the question that it
// was made of nor the conversation says, or leaves out what was asked.
func sameQuestion(own, question string, history []bot.Past) error {
	if len(own) > maxOwn || len(own) > len(question)+maxGrown {
		return fmt.Errorf("compose: the question has grown to %d bytes", len(own))
	}
	before := question
	for _, past := range history {
		before += "\n" + past.Text
		for _, c := range past.Citations {
			before += "\n" + c.Title
		}
	}
	for _, v := range bot.Values(own) {
		if !bot.HoldsValue(before, v) {
			return fmt.Errorf("compose: the question holds a value that nobody said")
		}
	}
	known := terms(before)
	for i, word := range strings.FieldsFunc(own, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if first := []rune(word)[0]; i > 0 && unicode.IsUpper(first) && word != "I" && share(terms(word), known) < 1 {
			return fmt.Errorf("compose: the question holds a name that nobody said")
		}
	}
	if share(terms(own), known) < saidBefore || share(contentTerms(question), terms(own)) < keptOf {
		return fmt.Errorf("compose: it is another question")
	}
	return nil
}

// contentTerms gives the terms of a question without those that only lead to
// it: search passes over most of them already.
func contentTerms(question string) map[string]bool {
	out := terms(question)
	for _, t := range knowledge.TermsIn("en", "what about how and for also one ones same then") {
		delete(out, t)
	}
	return out
}
