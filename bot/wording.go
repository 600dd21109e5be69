package bot

import (
	"context"
	"time"

	"frontdesk/chat"
	"frontdesk/llm"
)

// Composer words answers anew. What was decided, and what it rests on, is not
// its to change.
type Composer interface {
	// Compose words the decision's answer out of its Material. show gets the
	// whole text so far, each time a checked sentence was added to it, from one
	// goroutine, and is not called after Compose returned. On an error the
	// decision stays as it is; Composed then tells what was dropped. Errors: a NotComposed, an llm.Error, or that of ctx.
	Compose(ctx context.Context, c Composition, show func(text string)) (Composed, error)
}

// Rewriter makes a follow-up a question of its own.
type Rewriter interface {
	// Rewrite gives question in words that need nothing of history to be
	// understood. On an error the caller goes by rules.
	Rewrite(ctx context.Context, question string, history []Past, account llm.Account) (string, error)
}

// Composition is what a Composer is asked to word.
type Composition struct {
	Turn     Turn
	Decision Decision // of ActionAnswer, with Material
	// Seed is what the marks of the prompt are made of, so that it can be made
	// again; "" leaves them to chance. It is not for strangers.
	Seed string
}

// Material is a public article that an answer may be worded out of.
type Material struct {
	Citation chat.Citation // as in the engine's own answer: Spans are what that quotes
	// Body is that of the version, as Markdown. What speaks to a language model
	// in it is blanked out, so that offsets stay those of the version.
	Body   string
	Locale string
	// Links are the addresses of public articles, by what leads to them in Body.
	Links map[string]string
}

// Composed is an answer in other words.
type Composed struct {
	Text       string // without markup
	Blocks     []chat.Block
	Citations  []chat.Citation
	Statements []chat.Statement // every sentence that states something, with its source
	Dropped    map[string]int   // how many sentences did not pass, by why: a closed list
}

// NotComposed is why a Composer's words were not used.
type NotComposed struct {
	Why Setback
	Err error // more about it; may be nil
}

// Setback is a reason not to use a Composer's words that is no llm.Fault. It
// is a closed list, each with its metric label.
type Setback string

// The setbacks.
const (
	SetbackUnanswered Setback = "unanswered" // what passed the checks no longer holds the answer
	SetbackCanary     Setback = "canary"     // the model gave its instructions away
	SetbackUnchecked  Setback = "unchecked"  // nothing can check it: the language, an encoder that fails
	SetbackUnshown    Setback = "unshown"    // no sentence was shown in time
	SetbackLate       Setback = "late"       // it was not whole in time
	SetbackOther      Setback = "other"
)

// Error says why.
func (e *NotComposed) Error() string {
	s := "bot: not composed: " + string(e.Why)
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives more about it.
func (e *NotComposed) Unwrap() error { return e.Err }

// Wording is what became of wording an answer anew. The zero value: there was
// nothing to word, or no Composer.
type Wording struct {
	// Outcome is WordedAnew, or why the engine's own answer was sent: an
	// llm.Fault or a Setback.
	Outcome string
	Dropped map[string]int // sentences that did not pass, by why
	// FirstShown is the time from the customer's last message to the first
	// sentence on the way to their screen; 0 if none was.
	FirstShown time.Duration
	Took       time.Duration
}

// WordedAnew is the Outcome of an answer in a Composer's words.
const WordedAnew = "composed"
