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

// newWording gives what a language model does for the bot; generator may be nil.
func newWording(generator llm.Generator, embedder llm.Embedder, limit time.Duration) (w wording, err error) {
	if generator == nil {
		return w, nil
	}
	told := llm.Told{Generator: generator} // for the records of turns
	w.limit = limit
	w.composer, err = compose.New(compose.Options{Generator: told, Checker: ground.New(ground.Options{Embedder: embedder})})
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
