package compose

import (
	"context"
	"strings"
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/llm"
)

func TestRewrite(t *testing.T) {
	t.Parallel()
	history := []bot.Past{
		{Role: bot.RoleCustomer, Text: "What does delivery to Germany cost?"},
		{Role: bot.RoleBot, Text: "Delivery costs 4.90 € and takes 2 days.", Citations: []chat.Citation{{Title: "Delivery costs"}}},
	}
	for name, c := range map[string]struct {
		question, says, want string // "" wants an error
	}{
		"a question of its own":  {"and to Austria?", "What does delivery to Austria cost?\n", "What does delivery to Austria cost?"},
		"in quotes":              {"and to Austria?", `"What does delivery to Austria cost?"`, "What does delivery to Austria cost?"},
		"in JSON":                {"and to Austria?", `{"text": "What does delivery to Austria cost?"}`, "What does delivery to Austria cost?"},
		"the same again":         {"and to Austria?", "and to Austria?", "and to Austria?"},
		"a new value":            {"and to Austria?", "What does delivery to Austria cost in 2031?", ""},
		"a new name":             {"and to Austria?", "What does delivery to Austria with Hermes cost?", ""},
		"another question":       {"and to Austria?", "Which coffee grinder suits espresso lovers best?", ""},
		"what was asked is lost": {"and to Austria?", "What does delivery to Germany cost?", ""},
		"an answer":              {"and to Austria?", "Delivery to Austria costs 4.90 €. It takes 2 days.", ""},
		"too long":               {"and to Austria?", strings.Repeat("delivery cost ", 20) + "Austria?", ""},
		"nothing":                {"and to Austria?", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := NewRewriter(RewriterOptions{Generator: llm.FakeGenerator{Pieces: strings.SplitAfter(c.says, " ")}})
			if err != nil {
				t.Fatal(err)
			}
			got, err := r.Rewrite(t.Context(), c.question, history, llm.Account{})
			if (err == nil) != (c.want != "") || err == nil && got != c.want {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestRewriteKeepsToItsTime(t *testing.T) {
	t.Parallel()
	r, err := NewRewriter(RewriterOptions{Generator: waits{}, Within: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Rewrite(t.Context(), "and that?", nil, llm.Account{}); llm.FaultOf(err) != llm.FaultCanceled {
		t.Errorf("error %v", err)
	}
}

// waits says nothing until it is given up.
type waits struct{}

func (waits) Model() string { return "waits" }

func (waits) Generate(ctx context.Context, _ llm.Request, _ func(string) error) (llm.Result, error) {
	<-ctx.Done()
	return llm.Result{}, &llm.Error{Fault: llm.FaultCanceled, Err: ctx.Err()}
}
