package action

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"frontdesk/llm"
)

// The cosines of a question with an action's trigger phrases from which on the
// action is what the customer wants. They were set on the sample shop's
// triggers against the questions of the repository's own set: see
// TestTriggersOnTheSampleHelpCentre, which holds them.
const (
	// clearly is where no article answers either.
	clearly = .50
	// surely is where the bot would rather ask which of several articles is
	// meant, and what a change needs in any case.
	surely = .70
	// apart is by how much the best action must lead another one, and every
	// foil: of two that are meant alike, neither is.
	apart = .03
)

// foils are other things that people want of an order or account. What is
// nearer to one of them than to any trigger is not what the action is for; an
// action that is for one of them has it among its triggers, and is as near.
var foils = []string{
	"My order arrived broken", "I got the wrong item", "A part of my order is missing", "It says delivered but I have nothing",
	"I want a refund for my order", "I want to return my order", "When do I get my money back?", "I was charged twice for my order",
	"Send me the invoice for my order", "Change the address of my order", "Change an item in my order", "I want to exchange it",
	"I did not get a confirmation e-mail", "My payment was declined", "Delete my account", "I cannot sign in to my account", "Unlock my account",
	"How do I cancel an order?", "How long does delivery take?", "What does delivery cost?",
	"Nobody was home when the parcel came", "Which e-mails do you send me?", "My parcel is lost",
	"Tracking says that my order was delivered, but there is no parcel",
}

// match is an action with how near its triggers are to a question.
type match struct {
	action Action
	cosine float64
}

// chooser finds the action that a question asks for, without a language
// model. Safe for concurrent use.
type chooser struct {
	embed llm.Embedder

	mu   sync.Mutex
	seen map[string][]float32 // vectors of trigger phrases
}

// maxPhrases bounds the phrases that are remembered: those of several workspaces.
const maxPhrases = 5_000

// choose gives the action that a question is clearly nearest to, if any is at
// least as near as least.
func (c *chooser) choose(ctx context.Context, question string, actions []Action, least float64) (match, bool, error) {
	question = withoutValues(question)
	if question == "" || len(actions) == 0 {
		return match{}, false, nil
	}
	asked, err := c.embed.EmbedQuery(ctx, question)
	if err != nil {
		return match{}, false, fmt.Errorf("action: embed the question: %w", err)
	}
	var all []match
	for _, a := range actions {
		near, err := c.nearest(ctx, asked, a.Triggers)
		if err != nil {
			return match{}, false, err
		}
		all = append(all, match{a, near})
	}
	foil, err := c.nearest(ctx, asked, foils)
	if err != nil {
		return match{}, false, err
	}
	slices.SortStableFunc(all, func(a, b match) int {
		switch {
		case a.cosine > b.cosine:
			return -1
		case a.cosine < b.cosine:
			return 1
		}
		return strings.Compare(a.action.Name, b.action.Name)
	})
	best := all[0]
	if best.action.Write {
		least = surely
	}
	if best.cosine < least || len(all) > 1 && best.cosine-all[1].cosine < apart || best.cosine < foil+apart && best.cosine < same {
		return match{}, false, nil
	}
	return best, true, nil
}

// same is the cosine from which on a question says what a phrase says.
const same = .95

// nearest gives how near the nearest of some phrases is; -1 for none.
func (c *chooser) nearest(ctx context.Context, asked []float32, phrases []string) (float64, error) {
	near := -1.0
	for _, phrase := range phrases {
		v, err := c.vector(ctx, withoutValues(phrase))
		if err != nil {
			return near, err
		}
		near = max(near, dot(asked, v))
	}
	return near, nil
}

func (c *chooser) vector(ctx context.Context, phrase string) ([]float32, error) {
	c.mu.Lock()
	v, ok := c.seen[phrase]
	c.mu.Unlock()
	if ok {
		return v, nil
	}
	v, err := c.embed.EmbedQuery(ctx, phrase)
	if err != nil {
		return nil, fmt.Errorf("action: embed a trigger: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil || len(c.seen) >= maxPhrases {
		c.seen = map[string][]float32{}
	}
	c.seen[phrase] = v
	return v, nil
}

func dot(a, b []float32) float64 {
	var sum float32
	for i := range min(len(a), len(b)) {
		sum += a[i] * b[i]
	}
	return float64(sum)
}

// value is what a question holds beside what it asks: numbers, addresses.
var value = regexp.MustCompile(`\S+@\S+|#?\b[A-Za-z]{0,4}-?\d[\dA-Za-z./-]*`)

// withoutValues is a question without the values in it, which say nothing
// about what is asked.
func withoutValues(s string) string {
	return strings.Join(strings.Fields(value.ReplaceAllString(s, " ")), " ")
}
