package bot

import (
	"context"
	"errors"
	"strings"
	"testing"

	"frontdesk/chat"
	"frontdesk/llm"
)

// rewriter makes one question of everything.
type rewriter struct {
	own   string
	err   error
	asked []string
}

func (r *rewriter) Rewrite(_ context.Context, question string, _ []Past, _ llm.Account) (string, error) {
	r.asked = append(r.asked, question)
	return r.own, r.err
}

func TestAFollowUpIsSearchedInItsOwnWordsToo(t *testing.T) {
	t.Parallel()
	history := []Past{{Role: RoleCustomer, Text: "How do I clean the grinder?"},
		{Role: RoleBot, Text: "Brush the burrs.", Action: chat.ActionAnswer, Citations: []chat.Citation{{Title: "Clean the grinder"}}}}
	for name, c := range map[string]struct {
		say   string
		err   error
		asked int
		want  string
	}{
		"a follow-up":       {"and how often?", nil, 1, "how often is the grinder cleaned"},
		"it fails":          {"and how often?", errors.New("late"), 1, ""},
		"it stands alone":   {"What does delivery to Austria cost?", nil, 0, ""},
		"nothing was asked": {"thanks", nil, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &rewriter{own: c.want, err: c.err}
			e := newEngine(t, func(o *Options, _ *memory) { o.Rewriter = r })
			without := ask(t, newEngine(t, nil), Turn{Messages: []string{c.say}, History: history}).Understood
			got := ask(t, e, Turn{Messages: []string{c.say}, History: history}).Understood
			if len(r.asked) != c.asked || !strings.HasPrefix(got, without) || strings.TrimPrefix(strings.TrimPrefix(got, without), "\n") != c.want {
				t.Errorf("asked %q, searched %q, by rules %q", r.asked, got, without)
			}
		})
	}
}
