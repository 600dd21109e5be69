package gateway

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/llm/meter"
)

// oneModel is a model that costs euros, as cmd tells of one.
type oneModel struct{ w *world }

func (oneModel) Currency() string { return "EUR" }

func (oneModel) Endpoints() []protocol.ModelEndpoint {
	return []protocol.ModelEndpoint{{Name: "main", Model: "able", Up: true}}
}

func (m oneModel) Standing(ctx context.Context, ws, inbox uuid.UUID) (chat.Standing, error) {
	return meter.Standing(ctx, m.w.store, ws, inbox, m.w.clock.Now())
}

func withModel(w *world, o *Options) { o.Models = oneModel{w} }

func (w *world) spend(s chat.Spend) {
	w.t.Helper()
	s.Day, s.Purpose, s.Model, s.Calls = w.clock.Now(), "compose", "able", 1
	w.check(w.store.AddSpend(w.ctx, w.ws.ID, s))
}

func TestWithoutAModel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.hire("olga", chat.RoleOwner)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	var st protocol.ModelStatus
	owner.ok(http.MethodGet, "/models", nil, &st)
	if st.Connected || len(st.Endpoints) > 0 {
		t.Errorf("%+v", st)
	}
	var spent protocol.ConversationSpend
	owner.ok(http.MethodGet, "/conversations/"+conv.String()+"/spending", nil, &spent)
	if spent != (protocol.ConversationSpend{}) {
		t.Errorf("%+v", spent)
	}
}

func TestModelStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withModel)
	owner := w.hire("olga", chat.RoleOwner)
	agent := w.hire("anna", chat.RoleAgent)
	budget := chat.Budget{Inbox: chat.Allowance{Tokens: 100}}
	owner.ok(http.MethodPut, "/budget", protocol.BudgetRequest{Budget: &budget}, nil)
	w.spend(chat.Spend{Inbox: w.inbox.ID, Prompt: 99})
	var st protocol.ModelStatus
	agent.ok(http.MethodGet, "/models", nil, &st)
	if !st.Connected || st.Currency != "EUR" || len(st.Inboxes) != 1 || st.Inboxes[0].UsedUp != "" || len(st.Endpoints) != 1 {
		t.Fatalf("%+v", st)
	}
	if until := st.ResetsAt.Sub(w.clock.Now()); until <= 0 || until > 24*time.Hour || st.ResetsAt.Hour() != 0 {
		t.Errorf("begins anew at %v", st.ResetsAt)
	}
	w.spend(chat.Spend{Inbox: w.inbox.ID, Completion: 1})
	agent.ok(http.MethodGet, "/models", nil, &st)
	if in := st.Inboxes[0]; in.UsedUp != chat.BudgetInbox || in.Inbox.Tokens() != 100 || in.Budget != budget || st.Workspace.UsedUp != "" {
		t.Errorf("%+v", st)
	}
	w.clock.advance(24 * time.Hour)
	agent.ok(http.MethodGet, "/models", nil, &st)
	if st.Inboxes[0].UsedUp != "" {
		t.Errorf("a day later: %+v", st.Inboxes)
	}
}

func TestSpending(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withModel)
	owner := w.hire("olga", chat.RoleOwner)
	p := w.join("")
	conv, other := newID(), newID()
	p.say(conv, "Hello?")
	p.say(other, "Hello?")
	w.spend(chat.Spend{Inbox: w.inbox.ID, Customer: p.who, Conversation: conv, Prompt: 80, Completion: 20, Micros: 5})
	w.spend(chat.Spend{Inbox: w.inbox.ID, Customer: p.who, Conversation: other, Prompt: 10, Micros: 1})
	owner.ok(http.MethodPut, "/budget", protocol.BudgetRequest{Inbox: w.inbox.ID, Budget: &chat.Budget{Visitor: chat.Allowance{Tokens: 110}}}, nil)
	var spent protocol.ConversationSpend
	owner.ok(http.MethodGet, "/conversations/"+conv.String()+"/spending", nil, &spent)
	want := protocol.ConversationSpend{Currency: "EUR", Spent: chat.Spent{Calls: 1, Prompt: 80, Completion: 20, Micros: 5},
		Today: chat.Spent{Calls: 2, Prompt: 90, Completion: 20, Micros: 6}, Bound: chat.Allowance{Tokens: 110}, UsedUp: true}
	if diff := cmp.Diff(want, spent); diff != "" {
		t.Errorf("conversation (-want +got):\n%s", diff)
	}
	if a := owner.do(http.MethodGet, "/conversations/"+uuid.NewString()+"/spending", nil, nil); a.problem(t) != chat.CodeNotFound {
		t.Errorf("another: %s", a.Status)
	}
	var all protocol.SpendList
	owner.ok(http.MethodGet, "/spending?days=1", nil, &all)
	if len(all.Data) != 1 || all.Data[0].Prompt != 90 || all.Data[0].Inbox != w.inbox.ID {
		t.Errorf("%+v", all.Data)
	}
	w.clock.advance(24 * time.Hour)
	owner.ok(http.MethodGet, "/spending?days=1", nil, &all)
	if len(all.Data) != 0 {
		t.Errorf("a day later: %+v", all.Data)
	}
}

func TestBudget(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withModel)
	owner := w.hire("olga", chat.RoleOwner)
	read := func(inbox string) (v protocol.BudgetView) {
		t.Helper()
		owner.ok(http.MethodGet, "/budget"+inbox, nil, &v)
		return v
	}
	ofInbox := "?inbox=" + w.inbox.ID.String()
	equal := func(what string, got, want protocol.BudgetView) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	unset := protocol.BudgetView{Budget: chat.DefaultBudget()}
	equal("at first", read(""), unset)
	equal("of an inbox", read(ofInbox), unset)

	all := chat.Budget{Visitor: chat.Allowance{Tokens: 1000}, Workspace: chat.Allowance{Micros: 5_000_000}}
	var set protocol.BudgetView
	owner.ok(http.MethodPut, "/budget", protocol.BudgetRequest{Budget: &all}, &set)
	equal("set", set, protocol.BudgetView{Revision: 1, Set: true, Budget: all})
	equal("an inbox has the workspace's", read(ofInbox), protocol.BudgetView{Budget: all})
	if a := owner.do(http.MethodPut, "/budget", protocol.BudgetRequest{Budget: &all}, nil); a.problem(t) != chat.CodeStale {
		t.Errorf("by somebody who did not see it: %s", a.Status)
	}
	bad := chat.Budget{Inbox: chat.Allowance{Micros: -1}}
	if a := owner.do(http.MethodPut, "/budget", protocol.BudgetRequest{Revision: 1, Budget: &bad}, nil); a.problem(t) != chat.CodeInvalid {
		t.Errorf("below 0: %s", a.Status)
	}
	if a := owner.do(http.MethodPut, "/budget", protocol.BudgetRequest{Inbox: newID(), Budget: &all}, nil); a.problem(t) != chat.CodeNotFound {
		t.Errorf("no inbox: %s", a.Status)
	}

	own := chat.Budget{Visitor: chat.Allowance{Tokens: 7}}
	owner.ok(http.MethodPut, "/budget", protocol.BudgetRequest{Inbox: w.inbox.ID, Budget: &own}, nil)
	equal("of an inbox, set", read(ofInbox), protocol.BudgetView{Revision: 1, Set: true, Budget: own})
	owner.ok(http.MethodPut, "/budget", protocol.BudgetRequest{Inbox: w.inbox.ID, Revision: 1}, &set)
	equal("taken back", set, protocol.BudgetView{Revision: 2, Budget: all})
	if b, isOwn, err := meter.BudgetOf(w.ctx, w.store, w.ws.ID, w.inbox.ID); err != nil || isOwn || b != all {
		t.Errorf("the meter goes by %+v, %v, %v", b, isOwn, err)
	}
	owner.ok(http.MethodPut, "/budget", protocol.BudgetRequest{Revision: 1}, &set)
	equal("and of the workspace", set, protocol.BudgetView{Revision: 2, Budget: chat.DefaultBudget()})
}
