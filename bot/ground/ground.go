// Package ground checks one sentence of an answer against the passages that
// it may rest on, whoever wrote it: a language model, an operator's template,
// or Frontdesk itself. It says what the sentence rests on, or why it may not be said.
//
// The check is made of words, not of a model's opinion: each value, address,
// name and word that tells something must stand in one place of one source,
// bound to the same words and with the same polarity, bounds and conditions as
// there. What it cannot follow, it refuses: the caller then drops the sentence
// or falls back to a quotation. No encoder decides, since sentences that say the
// contrary are as near to each other as paraphrases.
package ground

import (
	"context"

	"frontdesk/chat"
)

// Source is an article that a sentence may rest on.
type Source struct {
	N      int    // number of its citation, from 1
	Title  string // may be empty
	Body   string // Markdown, of the very version that is cited
	Locale string // BCP 47; "" means that the body shows its language
}

// Why says why a sentence may not be said. It is a closed list, and a metric's label.
type Why string

// The reasons. WhyNone is that of
// a sentence that may be said.
const (
	WhyNone      Why = ""
	WhyEmpty     Why = "empty"     // no word in it
	WhyLong      Why = "long"      // more than maxBytes
	WhyLeak      Why = "leak"      // it holds what must never be shown: a key, a canary, words of the prompt
	WhyMeta      Why = "meta"      // it speaks of the model or of its passages
	WhySecret    Why = "secret"    // it asks for a password, a code, a card's number or a payment
	WhyOthers    Why = "others"    // it tells of another customer
	WhyAction    Why = "action"    // it claims that something was done, or will be, by us
	WhyPromise   Why = "promise"   // it promises what no source promises word for word
	WhyInjected  Why = "injected"  // its source is text that tries to steer a model
	WhyCited     Why = "cited"     // it names a source that there is not
	WhyLanguage  Why = "language"  // it is in another language than its source, or one that cannot be followed
	WhyAddress   Why = "address"   // a link, e-mail address or phone number is not the source's
	WhyValue     Why = "value"     // a number, price, date, time or quantity is not the source's
	WhyName      Why = "name"      // a name is not in the source
	WhyUnfounded Why = "unfounded" // it says what no source says
	WhySubject   Why = "subject"   // it says of one thing what the source says of another
	WhyPolarity  Why = "polarity"  // it denies what the source says, or says what it denies
	WhyModal     Why = "modal"     // "must" for "can", or the like
	WhyBound     Why = "bound"     // "at least" for "at most", or the like
	WhyCondition Why = "condition" // it leaves out a condition that the source makes
)

// Whys gives every reason but WhyNone, in order.
func Whys() []Why {
	return []Why{
		WhyEmpty, WhyLong, WhyLeak, WhyMeta, WhySecret, WhyOthers, WhyAction, WhyPromise, WhyInjected, WhyCited, WhyLanguage,
		WhyAddress, WhyValue, WhyName, WhyUnfounded, WhySubject, WhyPolarity, WhyModal, WhyBound, WhyCondition,
	}
}

// Finding is what a check came to.
type Finding struct {
	OK      bool
	Why     Why       // WhyNone if OK
	What    string    // the word or value that the reason is about; may be empty. For logs of tests and evaluations: it is untrusted text
	N       int       // number of the source that it rests on; 0 if none or Chatter
	Span    chat.Span // in that source's body: what supports it
	Support float64   // share of its telling words that the span itself has, 0..1
	Chatter bool      // it states nothing ("I'm sorry to hear that."), and needs no source
}

// Checker checks sentences. Safe for concurrent use.
type Checker struct{}

// Options change what a Checker does. There are none so far.
type Options struct{}

// New makes a Checker.
func New(Options) *Checker { return &Checker{} }

// Check is Turn and its Check, for one sentence.
func (c *Checker) Check(ctx context.Context, sentence string, sources []Source) (Finding, error) {
	return c.Turn(sources).Check(ctx, sentence)
}
