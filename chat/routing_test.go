package chat_test

import (
	"strings"
	"testing"

	"frontdesk/chat"
)

func TestNeedsByAttribute(t *testing.T) {
	t.Parallel()
	plan := func(value string, by chat.Source) []chat.Attribute {
		return []chat.Attribute{{Name: "seats", Value: "3", By: chat.SourceToken}, {Name: "plan", Value: value, By: by}}
	}
	verified := chat.RoutingRule{Field: chat.RuleAttribute, Name: "plan", Value: "Business", Skills: []string{"sla"}, Priority: chat.PriorityHigh}
	anybody := verified
	anybody.Unverified = true
	for _, test := range []struct {
		rule chat.RoutingRule
		has  []chat.Attribute
		want bool
	}{
		{verified, plan("business", chat.SourceToken), true},
		{verified, plan("business", chat.SourcePage), false}, // anybody could say so
		{verified, plan("free", chat.SourceToken), false},
		{verified, nil, false},
		{verified, append(plan("free", chat.SourceToken), chat.Attribute{Name: "Plan", Value: "business", By: chat.SourceToken}), false},
		{anybody, plan("business", chat.SourcePage), true},
		{anybody, plan("business", chat.SourceToken), true},
	} {
		r := chat.DefaultRouting()
		r.Rules = []chat.RoutingRule{test.rule}
		n := r.Needs(chat.Conversation{}, test.has, chat.ReasonAsked)
		if got := n.Priority == chat.PriorityHigh && len(n.Skills) == 1; got != test.want {
			t.Errorf("%+v of %+v: %+v", test.rule, test.has, n)
		}
		if want := (chat.Cause{Code: chat.CauseAttribute, Name: "plan", Value: "Business"}); test.want && n.Cause != want {
			t.Errorf("cause %+v", n.Cause)
		}
		if !r.ByAttribute() || chat.DefaultRouting().ByAttribute() {
			t.Error("ByAttribute")
		}
	}
}

func TestRulesByAttributeAreCleaned(t *testing.T) {
	t.Parallel()
	r := chat.DefaultRouting()
	r.Rules = []chat.RoutingRule{{Field: chat.RuleAttribute, Name: " plan ", Value: " business "}, {Field: chat.RuleWords, Name: "plan", Value: "x", Unverified: true}}
	got, err := r.Clean()
	if err != nil || got.Rules[0].Name != "plan" || got.Rules[0].Value != "business" || got.Rules[1].Name != "" || got.Rules[1].Unverified {
		t.Errorf("%+v, %v", got.Rules, err)
	}
	for _, name := range []string{"", "a\nb", strings.Repeat("n", 65)} {
		r.Rules = []chat.RoutingRule{{Field: chat.RuleAttribute, Name: name, Value: "business"}}
		if _, err := r.Clean(); chat.CodeOf(err) != chat.CodeInvalid || !strings.HasPrefix(err.Error(), "Rule 1:") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestKnown(t *testing.T) {
	t.Parallel()
	c := chat.Customer{Attributes: []chat.Attribute{
		{Name: "city", Value: "Oslo", By: chat.SourcePage}, {Name: "plan", Value: "pro", By: chat.SourceToken}, {Name: "plan", Value: "business", By: chat.SourcePage},
	}}
	got := c.Known()
	if len(got) != 2 || got[0].Value != "pro" || got[1].Value != "Oslo" {
		t.Errorf("known %+v", got)
	}
}
