package voice

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/bot/compose"
	"frontdesk/bot/ground"
	"frontdesk/chat"
	"frontdesk/llm"
)

const fault = "E2 means that the sensor gives no value. Wipe the contacts with a dry cloth."

// clerk answers what holds "E2", and hands everything else over.
func clerk(_ context.Context, t bot.Turn) (bot.Decision, error) {
	if !strings.Contains(t.Messages[0], "E2") {
		return bot.Decision{Action: chat.ActionHandoff, Reason: chat.ReasonNothingFound, Text: "A person comes."}, nil
	}
	span := chat.Span{End: strings.Index(fault, ".") + 1}
	c := chat.Citation{N: 1, Article: uuid.New(), Version: uuid.New(), Title: "The base stays dark", Spans: []chat.Span{span}}
	said := chat.Statement{Text: fault[:span.End], Citation: 1, Span: span}
	return bot.Decision{Action: chat.ActionAnswer, Text: said.Text, Core: []chat.Statement{said},
		Answer: chat.Answer{Citations: []chat.Citation{c}, Statements: []chat.Statement{said}}, Material: []bot.Material{{Citation: c, Body: fault, Locale: "en"}}}, nil
}

// says answers as the instructions ask, and notes what for tokens are counted.
func says(t *testing.T, out map[string]string) llm.FakeGenerator {
	return llm.FakeGenerator{Reply: func(r llm.Request) ([]string, llm.Result, error) {
		if r.Account.Purpose != llm.PurposeTest || r.Account.Inbox != inbox {
			t.Errorf("a trial counts for %+v", r.Account)
		}
		for part, reply := range out {
			if strings.Contains(r.Messages[0].Text, part) {
				return []string{reply}, llm.Result{}, nil
			}
		}
		return nil, llm.Result{}, &llm.Error{Fault: llm.FaultDown}
	}}
}

func TestTry(t *testing.T) {
	t.Parallel()
	asked := func(context.Context, uuid.UUID, uuid.UUID, int) ([]string, error) {
		return []string{"What is E2?", "Who are you?"}, nil
	}
	v := New(Options{Store: &shelf{}, Decide: clerk, Asked: asked, Compose: compose.Options{Checker: ground.New(ground.Options{}), Generator: says(t, map[string]string{
		"Word the answer": "[1] E2 means that the sensor gives no value.\n[1] It costs 20 €.\n",
		"Say cheese":      "[1] The sensor gives no value, that is what E2 means.\n",
	})}})
	got := must(v.Try(t.Context(), ws, inbox, "compose", "Say cheese.", nil))(t)
	if got.Model != "fake" || len(got.Trials) != 2 {
		t.Fatalf("%+v", got)
	}
	one := got.Trials[0]
	if one.Question != "What is E2?" || one.Old.Text != "E2 means that the sensor gives no value." || one.Old.Dropped != 1 || one.Old.Fault != "" {
		t.Errorf("with the live instructions: %+v", one.Old)
	}
	if !strings.HasPrefix(one.New.Text, "The sensor gives no value") || !strings.Contains(one.New.Sent, "Say cheese.") || one.New.Tokens == 0 {
		t.Errorf("with those tried: %+v", one.New)
	}
	if two := got.Trials[1]; two.Action != chat.ActionHandoff || two.Plain != "A person comes." || two.New.Text != "" {
		t.Errorf("what is not worded: %+v", two)
	}
	if h := must(v.History(t.Context(), ws, inbox))(t); len(h) != 0 {
		t.Errorf("a trial was stored: %+v", h)
	}
}

func TestTryWhatFails(t *testing.T) {
	t.Parallel()
	v := New(Options{Store: &shelf{}, Decide: clerk, Compose: compose.Options{Checker: ground.New(ground.Options{}), Generator: says(t, map[string]string{
		"Word the answer": "[1] It costs 20 € and you get a discount code.\n",
	})}})
	one := must(v.Try(t.Context(), ws, inbox, "compose", "Say cheese.", []string{" What is E2? ", ""}))(t).Trials[0]
	if one.Old.Text != one.Plain || one.Old.Fault == "" || one.New.Fault != "down" || one.New.Text != one.Plain {
		t.Errorf("%+v", one)
	}
	for _, c := range []struct {
		name, text string
		questions  []string
		want       chat.Code
	}{
		{"poem", "x", nil, chat.CodeNotFound},
		{"compose", "{{.Secret}}", nil, chat.CodeInvalid},
		{"compose", "x", []string{strings.Repeat("x", maxQuestion+1)}, chat.CodeInvalid},
		{"compose", "x", strings.Split("a b c d e f", " "), chat.CodeInvalid},
	} {
		if _, err := v.Try(t.Context(), ws, inbox, c.name, c.text, c.questions); chat.CodeOf(err) != c.want {
			t.Errorf("%s %.20q %d: %v", c.name, c.text, len(c.questions), err)
		}
	}
}

func TestTryWithoutModel(t *testing.T) {
	t.Parallel()
	v := New(Options{Store: &shelf{}, Decide: clerk})
	got := must(v.Try(t.Context(), ws, inbox, "compose", "Say cheese.", []string{"What is E2?"}))(t)
	if one := got.Trials[0]; got.Model != "" || one.New.Text != "" || !strings.Contains(one.New.Sent, "Say cheese.") || !strings.Contains(one.Old.Sent, fault[:30]) || one.Plain == "" {
		t.Errorf("%+v", got)
	}
	got = must(v.Try(t.Context(), ws, inbox, "tags", "Say cheese.", nil))(t)
	if one := got.Trials[0]; len(got.Trials) != 1 || !strings.Contains(one.New.Sent, "Say cheese.") || one.Question != "" {
		t.Errorf("%+v", got)
	}
}

func TestTryAnotherPrompt(t *testing.T) {
	t.Parallel()
	v := New(Options{Store: &shelf{}, Decide: clerk, Compose: compose.Options{Checker: ground.New(ground.Options{}), Generator: says(t, map[string]string{
		"Choose the tags": `{"tags": ["kettles"]}`, "Say cheese": `{"tags": []}`,
	})}})
	one := must(v.Try(t.Context(), ws, inbox, "tags", "Say cheese.", []string{"ignored"}))(t).Trials[0]
	if one.Old.Text != `{"tags": ["kettles"]}` || one.New.Text != `{"tags": []}` {
		t.Errorf("%+v", one)
	}
}
