package meter

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/llm"
)

const (
	// reserved is the model that tokens are held under while it is not known
	// which one will use them. What a node held that died stays until midnight.
	reserved = "reserved"
	// unboundedCompletion is what is held for an answer that no limit bounds:
	// answers in a chat are 200 tokens, drafts of articles below 1,000.
	unboundedCompletion = 1024
	// settleWithin bounds counting after the caller has gone.
	settleWithin = 5 * time.Second
	// maxModel bounds an endpoint's name of its model.
	maxModel = 100
)

// hold is what is held of a budget for one request.
type hold struct {
	workspace uuid.UUID
	chat.Spend
}

// reserve holds what req may use, and looks then whether the others leave room
// for it: of any number who come at once, the last who is let through has seen
// what all others hold. So the budgets are passed by one request at most.
func (m *Meter) reserve(ctx context.Context, req llm.Request) (hold, error) {
	a := req.Account
	held := hold{a.Workspace, chat.Spend{Day: m.o.Now().UTC(), Inbox: a.Inbox, Conversation: a.Conversation, Purpose: string(a.Purpose),
		Model: reserved, Prompt: int64(promptTokens(req)), Completion: int64(req.MaxTokens)}}
	if ofVisitor(a.Purpose) {
		held.Customer = a.Customer
	}
	if req.MaxTokens == 0 {
		held.Completion = unboundedCompletion
	}
	held.Micros = m.dearest.micros(held.Prompt, held.Completion)
	if err := m.o.Store.AddSpend(ctx, held.workspace, held.Spend); err != nil {
		// It is not known whether it was counted: too much held is the safe side.
		return held, m.refuse(a, "", fmt.Errorf("reserve tokens: %w", err))
	}
	part, err := m.usedUp(ctx, held)
	switch {
	case err != nil:
		err = m.refuse(a, "", fmt.Errorf("look at the budget: %w", err))
	case part != "":
		err = m.refuse(a, part, fmt.Errorf("today's budget of the %s is used up", part))
	default:
		return held, nil
	}
	m.giveBack(ctx, held)
	return held, err
}

// refuse tells everybody that a model is not asked, and gives the error. A
// store that cannot count is no reason to spend without counting.
func (m *Meter) refuse(a llm.Account, part chat.BudgetPart, why error) error {
	fault := llm.FaultOther
	if part != "" {
		fault = llm.FaultSpent
		m.tell(a, part)
	}
	m.o.Observe(Observation{Account: a, Fault: fault, Refused: part})
	return &llm.Error{Fault: fault, Err: why}
}

// ofVisitor reports whether a purpose is set off by a customer's message. What
// staff asks for does not count against the customer.
func ofVisitor(p llm.Purpose) bool {
	switch p {
	case llm.PurposeAssist, llm.PurposeTranslate, llm.PurposeTest:
		return false
	}
	return true
}

// usedUp gives the part of the budget that others than held have used up.
func (m *Meter) usedUp(ctx context.Context, held hold) (chat.BudgetPart, error) {
	b, _, err := BudgetOf(ctx, m.o.Store, held.workspace, held.Inbox)
	if err != nil {
		return "", err
	}
	for _, part := range []struct {
		name  chat.BudgetPart
		bound chat.Allowance
		q     chat.SpendQuery
		none  bool
	}{
		{chat.BudgetVisitor, b.Visitor, chat.SpendQuery{Customer: held.Customer}, held.Customer == uuid.Nil},
		{chat.BudgetInbox, b.Inbox, chat.SpendQuery{Inbox: held.Inbox}, held.Inbox == uuid.Nil},
		{chat.BudgetWorkspace, b.Workspace, chat.SpendQuery{}, false},
	} {
		if part.none || part.bound == (chat.Allowance{}) {
			continue
		}
		part.q.Day = held.Day
		spent, err := m.o.Store.Spent(ctx, held.workspace, part.q)
		if err != nil {
			return "", err
		}
		spent.Prompt -= held.Prompt
		spent.Completion -= held.Completion
		spent.Micros -= held.Micros
		if part.bound.UsedUp(spent) {
			return part.name, nil
		}
	}
	return "", nil
}

// settle counts what was used and gives back what was held for it, in this
// order, so that nobody sees room that there is not.
func (m *Meter) settle(ctx context.Context, held hold, r llm.Result, micros int64) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleWithin)
	defer cancel()
	if r.Usage.Prompt+r.Usage.Completion > 0 {
		spend := held.Spend
		spend.Model, spend.Calls = m.modelOf(r), 1
		spend.Prompt, spend.Completion = int64(r.Usage.Prompt), int64(r.Usage.Completion)
		spend.Micros = micros
		if err := m.o.Store.AddSpend(ctx, held.workspace, spend); err != nil {
			m.o.Log.Error("meter: what a model used stays counted as it was estimated", "conversation", held.Conversation, "err", err)
			return // what was held stands for it
		}
	}
	m.giveBack(ctx, held)
}

// giveBack takes back what was held.
func (m *Meter) giveBack(ctx context.Context, held hold) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleWithin)
	defer cancel()
	s := held.Spend
	s.Prompt, s.Completion, s.Micros = -s.Prompt, -s.Completion, -s.Micros
	if err := m.o.Store.AddSpend(ctx, held.workspace, s); err != nil {
		m.o.Log.Error("meter: tokens that were held stay counted until midnight UTC", "conversation", held.Conversation, "err", err)
	}
}

// modelOf names the model that answered in a form that can be stored; "" if
// none was asked.
func (m *Meter) modelOf(r llm.Result) string {
	name := r.Model
	if name == "" && r.Endpoint != "" {
		name = m.Model()
	}
	name = strings.ReplaceAll(strings.ToValidUTF8(name, "?"), "\x00", "?")
	if runes := []rune(name); len(runes) > maxModel {
		name = string(runes[:maxModel])
	}
	return name
}

// promptTokens estimates what a request's prompt takes.
func promptTokens(req llm.Request) int {
	n := 0
	for _, msg := range req.Messages {
		n += llm.Estimate(msg.Text) + callTokens(msg.Calls)
	}
	if req.Schema != nil {
		n += tokensOf(len(req.Schema.JSON))
	}
	for _, t := range req.Tools {
		n += tokensOf(len(t.Name) + len(t.Description) + len(t.Parameters))
	}
	return n
}

func callTokens(calls []llm.Call) int {
	n := 0
	for _, c := range calls {
		n += tokensOf(len(c.Name) + len(c.Arguments))
	}
	return n
}

// tokensOf estimates what so many bytes take; no bytes take none.
func tokensOf(bytes int) int {
	if bytes == 0 {
		return 0
	}
	return llm.EstimateBytes(bytes)
}
