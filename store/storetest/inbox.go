package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var inboxCases = []testCase{
	{"views", views},
	{"of one customer", ofOneCustomer},
	{"pages are stable under a total order", pages},
	{"malformed queries", func(t *testing.T, w *world) {
		for _, q := range []chat.ConversationQuery{
			{View: "odd"}, {View: ""}, {View: chat.ViewAll, Limit: 201}, {View: chat.ViewAll, Limit: -1}, {View: chat.ViewAll, Cursor: "odd"},
		} {
			_, err := w.Conversations(w.ctx, w.ws, q)
			wantCode(t, err, chat.CodeInvalid)
		}
	}},
	{"counts", func(t *testing.T, w *world) {
		w.queueOf(3)
		w.conversation(w.ws, "hers")
		w.move("hers", toAgent(alice))
		w.conversation(w.ws, "closed")
		closed := toAgent(alice)
		closed.Status = chat.StatusClosed
		w.move("closed", closed)
		equal(t, "of Alice", must(w.CountConversations(w.ctx, w.ws, alice))(t), chat.Counts{Queue: 3, Mine: 1})
		equal(t, "of Amir", must(w.CountConversations(w.ctx, w.ws, amir))(t), chat.Counts{Queue: 3})
	}},
	{"heads", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.conversation(w.ws, "talk 2")
		w.says("talk", customerSays("a", "x"))
		w.says("talk", note("b", "x"))
		w.move("talk", toQueue())
		heads := must(w.Heads(w.ctx, w.ws, []uuid.UUID{id("talk 2"), uuid.New(), id("talk"), id("talk 3")}))(t)
		slices.SortFunc(heads, func(a, b chat.Head) int { return int(b.LastSeq - a.LastSeq) })
		equal(t, "heads", heads, []chat.Head{
			{Conversation: id("talk"), Customer: ann, LastSeq: 2, StaffSeq: 1, Epoch: 2}, {Conversation: id("talk 2"), Customer: ann, Epoch: 1},
		})
		equal(t, "heads of none", must(w.Heads(w.ctx, w.ws, nil))(t), []chat.Head(nil))
	}},
	{"priority in the queue", priorities},
	{"the inbox's head changes with every change", inboxHead},
}

// queueOf puts n conversations into the queue, a second apart, and gives
// their ids in that order.
func (w *world) queueOf(n int) []uuid.UUID {
	w.t.Helper()
	var ids []uuid.UUID
	for i := range n {
		name := fmt.Sprint("waiting ", i)
		w.clock.advance(time.Second)
		w.conversation(w.ws, name)
		w.move(name, toQueue())
		ids = append(ids, id(name))
	}
	return ids
}

func views(t *testing.T, w *world) {
	waiting := w.queueOf(2)
	for name, moves := range map[string][]chat.Transition{
		"fresh": nil, "hers": {toAgent(alice)}, "his": {toAgent(amir)}, "over": {toClosed()}, "back": {toQueue(), toBot()},
	} {
		w.clock.advance(time.Second)
		w.conversation(w.ws, name)
		for _, m := range moves {
			w.move(name, m)
		}
	}
	for i, name := range []string{"fresh", "his", "back", "hers", "over"} {
		w.clock.advance(time.Second)
		w.says(name, note(fmt.Sprint("note ", i), "x"))
	}
	w.clock.advance(time.Second)
	w.says("waiting 0", customerSays("still here", "Hello?")) // changed last, waits longest

	w.reopen()
	for _, c := range []struct {
		query chat.ConversationQuery
		want  []uuid.UUID
	}{
		{chat.ConversationQuery{View: chat.ViewQueue}, waiting},
		{chat.ConversationQuery{View: chat.ViewMine, Agent: alice}, []uuid.UUID{id("hers")}},
		{chat.ConversationQuery{View: chat.ViewMine, Agent: amir}, []uuid.UUID{id("his")}},
		{chat.ConversationQuery{View: chat.ViewMine}, nil},
		{chat.ConversationQuery{View: chat.ViewClosed}, []uuid.UUID{id("over")}},
		{chat.ConversationQuery{View: chat.ViewAll}, []uuid.UUID{waiting[0], id("hers"), id("back"), id("his"), id("fresh"), waiting[1]}},
	} {
		page := must(w.Conversations(w.ctx, w.ws, c.query))(t)
		equal(t, string(c.query.View), idsOf(page.Conversations), c.want)
		if page.Next != "" {
			t.Errorf("%s: a next page after the last", c.query.View)
		}
		for _, conv := range page.Conversations {
			equal(t, "conversation", conv, must(w.Conversation(w.ctx, w.ws, conv.ID))(t))
		}
	}
}

func idsOf(convs []chat.Conversation) []uuid.UUID {
	var ids []uuid.UUID
	for _, c := range convs {
		ids = append(ids, c.ID)
	}
	return ids
}

func ofOneCustomer(t *testing.T, w *world) {
	must(w.OpenConversation(w.ctx, w.ws, chat.Conversation{ID: id("bob's"), Inbox: id("inbox"), Customer: bob}))(t)
	for i, moves := range [][]chat.Transition{nil, {toQueue()}, {toAgent(alice)}, {toClosed()}} {
		w.clock.advance(time.Second)
		name := fmt.Sprint("ann's ", i)
		w.conversation(w.ws, name)
		for _, m := range moves {
			w.move(name, m)
		}
	}
	for _, c := range []struct {
		query chat.ConversationQuery
		want  []uuid.UUID
	}{
		{chat.ConversationQuery{View: chat.ViewAll}, []uuid.UUID{id("ann's 3"), id("ann's 2"), id("ann's 1"), id("ann's 0")}},
		{chat.ConversationQuery{View: chat.ViewQueue}, []uuid.UUID{id("ann's 1")}},
		{chat.ConversationQuery{View: chat.ViewMine, Agent: alice}, []uuid.UUID{id("ann's 2")}},
		{chat.ConversationQuery{View: chat.ViewClosed}, []uuid.UUID{id("ann's 3")}},
	} {
		c.query.Customer = ann
		equal(t, string(c.query.View), idsOf(must(w.Conversations(w.ctx, w.ws, c.query))(t).Conversations), c.want)
		c.query.Customer = uuid.New()
		equal(t, "of a stranger", idsOf(must(w.Conversations(w.ctx, w.ws, c.query))(t).Conversations), []uuid.UUID(nil))
	}
}

// pages reads every view in pages of each size and expects what one page
// gives, with many conversations at the same time to tell apart.
func pages(t *testing.T, w *world) {
	const n = 7
	for i := range n {
		if i%3 == 0 { // so groups of three share their times
			w.clock.advance(time.Second)
		}
		for kind, moves := range map[string][]chat.Transition{
			"open": nil, "queue": {toQueue()}, "agent": {toAgent(alice)}, "closed": {toClosed()},
		} {
			name := fmt.Sprint(kind, i)
			w.conversation(w.ws, name)
			for _, m := range moves {
				w.move(name, m)
			}
		}
	}
	for _, q := range []chat.ConversationQuery{
		{View: chat.ViewQueue}, {View: chat.ViewMine, Agent: alice}, {View: chat.ViewAll}, {View: chat.ViewClosed}, {View: chat.ViewAll, Customer: ann},
	} {
		q.Limit = 200
		whole := must(w.Conversations(w.ctx, w.ws, q))(t).Conversations
		if len(whole) < n {
			t.Fatalf("view %s has %d", q.View, len(whole))
		}
		for _, limit := range []int{1, 2, 3, n, len(whole)} {
			q.Limit, q.Cursor = limit, ""
			var got []chat.Conversation
			for {
				page := must(w.Conversations(w.ctx, w.ws, q))(t)
				if len(page.Conversations) > limit {
					t.Fatalf("a page of %d, limit %d", len(page.Conversations), limit)
				}
				got = append(got, page.Conversations...)
				if q.Cursor = page.Next; q.Cursor == "" {
					break
				}
			}
			equal(t, fmt.Sprintf("view %s in pages of %d", q.View, limit), idsOf(got), idsOf(whole))
		}
	}
}

func inboxHead(t *testing.T, w *world) {
	last := must(w.InboxHead(w.ctx, w.ws))(t)
	changed := func(what string) {
		t.Helper()
		head := must(w.InboxHead(w.ctx, w.ws))(t)
		if head == last {
			t.Errorf("%s: the head stayed", what)
		}
		last = head
	}
	w.conversation(w.ws, "talk")
	changed("a new conversation")
	w.says("talk", customerSays("a", "x"))
	changed("a message")
	w.says("talk", note("b", "x"))
	changed("a note")
	must(w.AppendIf(w.ctx, w.ws, id("talk"), botSays("c", "!"), chat.Fence{Epoch: 1, CustomerSeq: 1}))(t)
	changed("an answer")
	w.move("talk", toQueue())
	changed("a move")
	w.reopen()
	equal(t, "after reopening", must(w.InboxHead(w.ctx, w.ws))(t), last)
	w.says("talk", customerSays("d", "x"))
	changed("a message after reopening")

	// Conversations that change at once, in one group, also change it.
	for i := range 4 {
		w.conversation(w.ws, fmt.Sprint("other ", i))
	}
	changed("more conversations")
	check(t, together(16, func(i int) error {
		_, err := w.Append(w.ctx, w.ws, id(fmt.Sprint("other ", i%4)), customerSays(fmt.Sprint("m", i), "x"))
		return err
	}))
	changed("a burst")
}

// priorities: a head start in the queue, urgent before all, kept while people
// have it and dropped with the bot.
func priorities(t *testing.T, w *world) {
	waiting := w.queueOf(3)
	at := func(name string, p chat.Priority, after time.Duration) uuid.UUID {
		w.clock.advance(after)
		w.conversation(w.ws, name)
		m := toQueue()
		m.Priority, m.Cause = p, chat.Cause{Code: chat.CauseAttribute, Name: "plan", Value: name}
		w.move(name, m)
		return id(name)
	}
	high := at("high", chat.PriorityHigh, time.Minute)
	urgent := at("urgent", chat.PriorityUrgent, time.Minute)
	again := at("urgent again", chat.PriorityUrgent, time.Minute)
	late := at("late and high", chat.PriorityHigh, chat.PriorityHigh.HeadStart()) // behind who has waited longer than its head start
	want := []uuid.UUID{urgent, again, high, waiting[0], waiting[1], waiting[2], late}

	var got []uuid.UUID
	for cursor := ""; ; {
		page := must(w.Conversations(w.ctx, w.ws, chat.ConversationQuery{View: chat.ViewQueue, Limit: 2, Cursor: cursor}))(t)
		got = append(got, idsOf(page.Conversations)...)
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	equal(t, "the queue, page by page", got, want)
	for i, c := range want {
		equal(t, "place", must(w.QueuePlace(w.ctx, w.ws, c))(t), i+1)
	}

	m := toQueue()
	m.Priority = chat.PriorityHigh
	w.move("urgent", toAgent(alice))
	w.reopen()
	equal(t, "its cause", w.state("urgent").Cause, chat.Cause{Code: chat.CauseAttribute, Name: "plan", Value: "urgent"})
	equal(t, "with an agent", w.state("urgent").Priority, chat.PriorityUrgent)
	w.move("urgent", m)
	equal(t, "a lower one", w.state("urgent").Priority, chat.PriorityUrgent)
	equal(t, "its cause then", w.state("urgent").Cause.Value, "urgent")
	w.move("urgent", toBot())
	equal(t, "with the bot", w.state("urgent").Priority, chat.PriorityNormal)
	equal(t, "no cause", w.state("urgent").Cause, chat.Cause{})
	equal(t, "place with the bot", must(w.QueuePlace(w.ctx, w.ws, urgent))(t), 0)

	m.Priority, m.Epoch = "odd", w.state("high").Epoch
	_, _, err := w.Transition(w.ctx, w.ws, high, m)
	wantCode(t, err, chat.CodeInvalid)
}
