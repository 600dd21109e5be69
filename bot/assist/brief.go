package assist

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"frontdesk/bot/memory"
	"frontdesk/bot/prompt"
	"frontdesk/chat"
	"frontdesk/internal/personal"
	"frontdesk/llm"
)

const (
	// longestGoal and mostLines are what an agent reads at a glance, see the
	// limits of the brief itself.
	longestGoal = 300
	mostLines   = 5
)

// Polish words the parts of a brief better, for the agent alone. What it says
// must be known from the brief; an error is that there is nothing better.
func (a *Assistant) Polish(ctx context.Context, c chat.Conversation, b chat.Brief) (*chat.BriefPolish, error) {
	if !a.Model() {
		return nil, errors.New("assist: there is no model")
	}
	draft := prompt.BriefDraft{Goal: personal.Mask(b.Goal), Tried: masked(b.Tried), Open: masked(b.Open), Why: b.Why}
	opener := personal.Mask(b.Opener)
	var begun []prompt.Said
	if opener != "" {
		begun = []prompt.Said{{By: chat.PartySystem, Text: opener}}
	}
	text, err := a.asked(ctx, c, llm.PurposeBrief, 2000, func(set prompt.Set) (prompt.Prompt, error) {
		return set.Brief(prompt.Talk{Locale: c.Locale, Question: draft.Goal, History: begun}, draft)
	})
	if err != nil {
		return nil, fmt.Errorf("assist: polish a brief: %w", err)
	}
	var p chat.BriefPolish
	if err := json.Unmarshal([]byte(object(text)), &p); err != nil {
		return nil, fmt.Errorf("assist: polish a brief: it is no JSON: %w", err)
	}
	source := strings.Join(append(append([]string{opener, draft.Goal, draft.Why}, draft.Tried...), draft.Open...), "\n")
	said := strings.Join(append(append([]string{p.Goal}, p.Tried...), p.Open...), "\n")
	switch made := memory.Unknown(said, source); {
	case made != "":
		return nil, fmt.Errorf("assist: polish a brief: it says %q, which the brief does not", made)
	case strings.TrimSpace(p.Goal) == "" || len(p.Goal) > longestGoal:
		return nil, errors.New("assist: polish a brief: its goal is empty or too long")
	case len(p.Tried) > max(mostLines, len(b.Tried)) || len(p.Open) > max(mostLines, len(b.Open)):
		return nil, errors.New("assist: polish a brief: it is longer than the brief")
	case len(b.Tried) == 0 && len(p.Tried) > 0:
		return nil, errors.New("assist: polish a brief: it tells of things tried that nobody told of")
	}
	return &p, nil
}

func masked(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = personal.Mask(l)
	}
	return out
}
