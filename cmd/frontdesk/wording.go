package main

import (
	"context"
	"time"

	"frontdesk/bot"
	"frontdesk/bot/compose"
	"frontdesk/bot/ground"
	"frontdesk/chat"
	"frontdesk/llm"
)

// wording is what a language model does for the bot. The zero value is that of
// an installation without one.
type wording struct {
	composer bot.Composer // nil: answers go out as the engine makes them
	rewriter bot.Rewriter // nil: follow-ups are understood by rules
	limit    time.Duration
}

// composing is what answers are worded with; without a Generator, if there is no
// model.
func composing(generator llm.Generator) compose.Options {
	if generator == nil {
		return compose.Options{}
	}
	return compose.Options{Generator: generator, Checker: ground.New(ground.Options{})}
}

// newWording gives what a language model does for the bot.
func newWording(o compose.Options, prompts compose.Prompts, limit time.Duration) (w wording, err error) {
	if o.Generator == nil {
		return w, nil
	}
	o.Generator, o.Prompts = llm.Told{Generator: o.Generator}, prompts // told for the records of turns
	w.limit = limit
	if w.composer, err = compose.New(o); err != nil {
		return w, err
	}
	w.rewriter, err = compose.NewRewriter(compose.RewriterOptions{Generator: o.Generator, Prompts: prompts})
	return w, err
}

// word words an answer that belongs to no conversation. Whatever goes wrong,
// the decision stays as it is.
func (w wording) word(ctx context.Context, t bot.Turn, d bot.Decision) bot.Decision {
	if w.composer == nil || d.Action != chat.ActionAnswer || len(d.Material) == 0 {
		return d
	}
	ctx, cancel := context.WithTimeout(ctx, w.limit)
	defer cancel()
	composed, err := w.composer.Compose(ctx, bot.Composition{Turn: t, Decision: d}, func(string) {})
	if err != nil {
		return d
	}
	return d.Worded(composed)
}
