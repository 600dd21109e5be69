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
	clearly = .60
	// surely is where the bot would rather ask which of several articles is meant.
	surely = .72
	// apart is by how much the best action must lead another one: of two that
	// are meant alike, neither is.
	apart = .03
)

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
		best := match{action: a, cosine: -1}
		for _, phrase := range a.Triggers {
			v, err := c.vector(ctx, withoutValues(phrase))
			if err != nil {
				return match{}, false, err
			}
			best.cosine = max(best.cosine, dot(asked, v))
		}
		all = append(all, best)
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
	if all[0].cosine < least || len(all) > 1 && all[0].cosine-all[1].cosine < apart {
		return match{}, false, nil
	}
	return all[0], true, nil
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
