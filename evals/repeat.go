package evals

import (
	"context"
	"slices"
	"time"

	"frontdesk/bot"
	"frontdesk/chat"
)

// Attempt is what came of asking a question once more, in a conversation of
// its own.
type Attempt struct {
	Action chat.Action `json:"action"`
	Reason chat.Reason `json:"reason,omitempty"`
	Cited  []string    `json:"cited"`
	Text   string      `json:"text"`
}

// Worded is what became of having an answer worded by a language model.
type Worded struct {
	Outcome string         `json:"outcome"` // bot.WordedAnew, or why the engine's own words stayed
	Dropped map[string]int `json:"dropped,omitempty"`
	// ShownMS is the time from the question to the first sentence that was
	// shown, deciding included; 0 if none was.
	ShownMS float64 `json:"shown_ms,omitempty"`
	MS      float64 `json:"ms"` // of wording alone
}

// word has an answer worded anew, as a turn of a conversation does: with no
// word to show in time, or after any fault, the decision stays.
func (h *house) word(ctx context.Context, t bot.Turn, d bot.Decision, asked time.Time) (bot.Decision, *Worded) {
	if h.composer == nil || d.Action != chat.ActionAnswer || len(d.Material) == 0 {
		return d, nil
	}
	if h.compose > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, h.compose)
		defer cancel()
	}
	start := time.Now()
	w := &Worded{}
	composed, err := h.composer.Compose(ctx, bot.Composition{Turn: t, Decision: d, Seed: "eval"}, func(string) {
		if w.ShownMS == 0 {
			w.ShownMS = ms(time.Since(asked))
		}
	})
	if err == nil && composed.Text == "" {
		err = &bot.NotComposed{Why: bot.SetbackUnanswered}
	}
	w.Outcome, w.Dropped, w.MS = bot.Outcome(err), composed.Dropped, ms(time.Since(start))
	if err != nil {
		return d, w
	}
	return d.Worded(composed), w
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// repeat asks a question again until it was asked k times.
func (h *house) repeat(ctx context.Context, q Query, o *Outcome, k int) error {
	for range k - 1 {
		again, err := h.ask(ctx, q)
		if err != nil {
			return err
		}
		o.Again = append(o.Again, Attempt{again.Action, again.Reason, again.Cited, again.Text})
	}
	return nil
}

// attempts gives a row as each of its attempts was, the first one included.
func (r row) attempts() []row {
	out := []row{r}
	for _, a := range r.o.Again {
		again := r
		again.o.Action, again.o.Reason, again.o.Cited, again.o.Text = a.Action, a.Reason, a.Cited, a.Text
		again.answered, again.cited = again.o.answered(), a.Cited
		out = append(out, again)
	}
	return out
}

// repeated reports whether the question was asked more than once.
func (r row) repeated() bool { return len(r.o.Again) > 0 }

// passes reports whether every attempt dealt well with the question.
func (r row) passes() bool {
	return !slices.ContainsFunc(r.attempts(), func(a row) bool { return !a.joint() })
}

// steady reports whether every attempt did the same, out of the same articles.
func (r row) steady() bool {
	return !slices.ContainsFunc(r.o.Again, func(a Attempt) bool {
		return a.Action != r.o.Action || a.Reason != r.o.Reason || !slices.Equal(a.Cited, r.o.Cited)
	})
}

// verbatim reports whether every attempt said the same, word for word.
func (r row) verbatim() bool {
	return !slices.ContainsFunc(r.o.Again, func(a Attempt) bool { return a.Text != r.o.Text })
}

// composed reports whether a model's words were used, where they were asked for.
func (r row) composed() bool { return r.o.Worded != nil && r.o.Worded.Outcome == bot.WordedAnew }
