package meter

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/llm"
)

// BudgetOf gives the budget that holds for an inbox (zero: for what belongs to
// none): its own, or the workspace's, or the default. The workspace's part is
// always the workspace's. own reports whether the inbox has its own.
func BudgetOf(ctx context.Context, s Store, ws, inbox uuid.UUID) (b chat.Budget, own bool, err error) {
	b, set, err := budgetSetting(ctx, s, ws, uuid.Nil)
	if err != nil {
		return b, false, err
	}
	if !set {
		b = chat.DefaultBudget()
	}
	if inbox == uuid.Nil {
		return b, false, nil
	}
	of, own, err := budgetSetting(ctx, s, ws, inbox)
	if own {
		of.Workspace = b.Workspace
		b = of
	}
	return b, own, err
}

func budgetSetting(ctx context.Context, s Store, ws, inbox uuid.UUID) (b chat.Budget, set bool, err error) {
	v, err := s.Setting(ctx, ws, inbox, chat.BudgetSetting)
	if chat.CodeOf(err) == chat.CodeNotFound {
		return b, false, nil
	}
	if err == nil && string(v.Value) == "null" { // it was taken back
		return b, false, nil
	}
	if err == nil {
		if err = json.Unmarshal(v.Value, &b); err != nil {
			err = fmt.Errorf("read the budget: %w", err)
		}
	}
	return b, err == nil, err
}

// Standing gives how the budget of an inbox (zero: of the workspace alone)
// stands today.
func Standing(ctx context.Context, s Store, ws, inbox uuid.UUID, now time.Time) (st chat.Standing, err error) {
	if st.Budget, st.Own, err = BudgetOf(ctx, s, ws, inbox); err != nil {
		return st, err
	}
	if st.Workspace, err = s.Spent(ctx, ws, chat.SpendQuery{Day: now}); err != nil {
		return st, err
	}
	if inbox != uuid.Nil {
		if st.Inbox, err = s.Spent(ctx, ws, chat.SpendQuery{Day: now, Inbox: inbox}); err != nil {
			return st, err
		}
	}
	switch {
	case st.Budget.Workspace.UsedUp(st.Workspace):
		st.UsedUp = chat.BudgetWorkspace
	case inbox != uuid.Nil && st.Budget.Inbox.UsedUp(st.Inbox):
		st.UsedUp = chat.BudgetInbox
	}
	return st, nil
}

// told remembers who was told today that a budget is used up.
type told struct {
	mu  sync.Mutex
	day string
	of  map[uuid.UUID]bool
}

// maxTold bounds how many visitors are remembered in a day; of those beyond,
// every request is logged.
const maxTold = 10_000

// tell logs that a budget is used up, once a day for each that has one.
func (m *Meter) tell(a llm.Account, part chat.BudgetPart) {
	of, words := a.Workspace, "the workspace's budget for language models is used up; answers come from the articles alone until midnight UTC"
	switch part {
	case chat.BudgetVisitor:
		of, words = a.Customer, "a visitor's budget for language models is used up; their answers come from the articles alone until midnight UTC"
	case chat.BudgetInbox:
		of, words = a.Inbox, "an inbox's budget for language models is used up; its answers come from the articles alone until midnight UTC"
	}
	if m.told.first(m.o.Now().UTC().Format(time.DateOnly), of) {
		m.o.Log.Warn(words, "workspace", a.Workspace, "inbox", a.Inbox, "customer", a.Customer)
	}
}

// first reports whether id was not told yet that day.
func (t *told) first(day string, id uuid.UUID) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.day != day {
		t.day, t.of = day, map[uuid.UUID]bool{}
	}
	first := !t.of[id]
	if first && len(t.of) < maxTold {
		t.of[id] = true
	}
	return first
}
