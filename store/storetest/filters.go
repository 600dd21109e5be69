package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var filterCases = []testCase{
	{"filters", filters},
	{"orders", orders},
	{"malformed filters", func(t *testing.T, w *world) {
		for _, q := range []chat.ConversationQuery{
			{View: chat.ViewAll, Sort: "odd"}, {View: chat.ViewAll, Filter: chat.Filter{Language: "de-AT"}},
			{View: chat.ViewAll, Filter: chat.Filter{Language: "\x00"}}, {View: chat.ViewAll, Cursor: "00"},
		} {
			_, err := w.Conversations(w.ctx, w.ws, q)
			wantCode(t, err, chat.CodeInvalid)
		}
		_, err := w.Conversations(w.ctx, w.ws, chat.ConversationQuery{View: chat.ViewAll, Filter: chat.Filter{Tag: id("none")}})
		wantCode(t, err, chat.CodeNotFound)
	}},
}

// names gives which of names a query finds, in order.
func (w *world) names(q chat.ConversationQuery, names ...string) []string {
	w.t.Helper()
	var out []string
	for _, c := range must(w.Conversations(w.ctx, w.ws, q))(w.t).Conversations {
		if i := slices.IndexFunc(names, func(name string) bool { return id(name) == c.ID }); i >= 0 {
			out = append(out, names[i])
		} else {
			out = append(out, c.ID.String())
		}
	}
	return out
}

func filters(t *testing.T, w *world) {
	second := must(w.PutInbox(w.ctx, w.ws, chat.Inbox{ID: id("second"), Key: "second", Name: "Second"}))(t)
	team := must(w.PutTeam(w.ctx, w.ws, chat.Team{ID: id("team"), Name: "Team", Members: []uuid.UUID{alice}}))(t)
	at := map[string]time.Time{}
	open := func(name string, inbox uuid.UUID, locale string) {
		t.Helper()
		w.clock.advance(time.Minute)
		must(w.OpenConversation(w.ctx, w.ws, chat.Conversation{ID: id(name), Inbox: inbox, Customer: ann, Locale: locale}))(t)
		w.says(name, customerSays("q", "Hello"))
		at[name] = w.clock.time()
	}
	open("bot", id("inbox"), "de")
	open("queue", id("inbox"), "de-AT")
	urgent := toQueue()
	urgent.Priority, urgent.Reason, urgent.Team = chat.PriorityUrgent, chat.ReasonDistress, &team.ID
	w.move("queue", urgent)
	open("hers", second.ID, "den")
	w.move("hers", toAgent(alice))
	w.says("hers", agentSays(alice, "a", "Yes?"))
	open("over", id("inbox"), "en")
	w.move("over", toAgent(alice))
	w.move("over", toClosed())
	w.tag("bot", "Parcel")
	tag := must(w.Tags(w.ctx, w.ws))(t)[0].ID
	must(w.SetTags(w.ctx, w.ws, id("over"), []string{"parcel"}))(t)

	all := []string{"bot", "queue", "hers", "over"}
	normal, high := chat.PriorityNormal, chat.PriorityUrgent
	for name, c := range map[string]struct {
		f    chat.Filter
		want []string // of the open ones
	}{
		"none":             {chat.Filter{}, []string{"hers", "queue", "bot"}},
		"inbox":            {chat.Filter{Inbox: second.ID}, []string{"hers"}},
		"agent":            {chat.Filter{Agent: alice}, []string{"hers"}},
		"nobody":           {chat.Filter{Agent: amir}, nil},
		"team":             {chat.Filter{Team: team.ID}, []string{"queue"}},
		"tag":              {chat.Filter{Tag: tag}, []string{"bot"}},
		"tag and language": {chat.Filter{Tag: tag, Language: "en"}, nil},
		"normal":           {chat.Filter{Priority: &normal}, []string{"hers", "bot"}},
		"urgent":           {chat.Filter{Priority: &high}, []string{"queue"}},
		"reason":           {chat.Filter{Reason: chat.ReasonDistress}, []string{"queue"}},
		"language":         {chat.Filter{Language: "de"}, []string{"queue", "bot"}},
		"unanswered":       {chat.Filter{Unanswered: true}, []string{"queue", "bot"}},
		"waits":            {chat.Filter{WaitsSince: at["bot"]}, []string{"bot"}},
		"since":            {chat.Filter{From: at["queue"]}, []string{"hers", "queue"}},
		"until":            {chat.Filter{Until: at["hers"]}, []string{"queue", "bot"}},
		"ids":              {chat.Filter{IDs: []uuid.UUID{id("bot"), id("over"), id("none"), id("hers")}}, []string{"hers", "bot"}},
		"no ids":           {chat.Filter{IDs: []uuid.UUID{}}, nil},
		"ids and a tag":    {chat.Filter{IDs: []uuid.UUID{id("bot"), id("hers")}, Tag: tag}, []string{"bot"}},
		"all of them":      {chat.Filter{Inbox: id("inbox"), Team: team.ID, Priority: &high, Reason: chat.ReasonDistress, Language: "de", Unanswered: true, From: at["queue"]}, []string{"queue"}},
	} {
		equal(t, name, w.names(chat.ConversationQuery{View: chat.ViewAll, Filter: c.f}, all...), c.want)
	}
	equal(t, "closed with the tag", w.names(chat.ConversationQuery{View: chat.ViewClosed, Filter: chat.Filter{Tag: tag}}, all...), []string{"over"})
	equal(t, "a customer's", w.names(chat.ConversationQuery{View: chat.ViewAll, Customer: ann, Filter: chat.Filter{Tag: tag}}, all...), []string{"over", "bot"})
	equal(t, "queue", w.names(chat.ConversationQuery{View: chat.ViewQueue, Filter: chat.Filter{Language: "de"}}, all...), []string{"queue"})
}

func orders(t *testing.T, w *world) {
	var all []string
	for i := range 6 {
		name := fmt.Sprint("talk ", i)
		all = append(all, name)
		w.clock.advance(time.Minute)
		w.conversation(w.ws, name)
		w.says(name, customerSays("q", "Hello"))
	}
	for i, p := range []chat.Priority{chat.PriorityUrgent, chat.PriorityNormal, chat.PriorityHigh, chat.PriorityUrgent} {
		w.clock.advance(time.Minute)
		m := toQueue()
		m.Priority = p
		w.move(all[i], m)
	}
	w.clock.advance(time.Minute)
	w.move("talk 4", toAgent(alice))
	w.says("talk 4", agentSays(alice, "a", "Yes?"))
	for _, c := range []struct {
		view chat.View
		sort chat.Sort
		want []string
	}{
		{chat.ViewAll, chat.SortNewest, []string{"talk 4", "talk 3", "talk 2", "talk 1", "talk 0", "talk 5"}},
		{chat.ViewAll, chat.SortOldest, []string{"talk 5", "talk 0", "talk 1", "talk 2", "talk 3", "talk 4"}},
		{chat.ViewAll, chat.SortWaiting, []string{"talk 0", "talk 1", "talk 2", "talk 3", "talk 5"}},
		{chat.ViewAll, chat.SortPriority, []string{"talk 3", "talk 0", "talk 2", "talk 4", "talk 1", "talk 5"}},
		{chat.ViewQueue, "", []string{"talk 0", "talk 3", "talk 2", "talk 1"}},
		{chat.ViewQueue, chat.SortNewest, []string{"talk 3", "talk 2", "talk 1", "talk 0"}},
		{chat.ViewMine, chat.SortPriority, []string{"talk 4"}},
	} {
		q := chat.ConversationQuery{View: c.view, Sort: c.sort, Agent: alice}
		what := fmt.Sprint(c.view, " ", c.sort)
		whole := must(w.Conversations(w.ctx, w.ws, q))(t)
		equal(t, what, w.names(q, all...), c.want)
		q.Limit = 1
		for i, conv := range whole.Conversations {
			page := must(w.Conversations(w.ctx, w.ws, q))(t)
			equal(t, what+": page", page.Conversations, []chat.Conversation{conv})
			equal(t, what+": place", page.Places, whole.Places[i:i+1])
			q.Cursor = page.Next
		}
		equal(t, what+": after the last", q.Cursor, "")
		down := c.sort == chat.SortNewest || c.sort == chat.SortPriority
		sorted := slices.Clone(whole.Places)
		if slices.Sort(sorted); down {
			slices.Reverse(sorted)
		}
		equal(t, what+": places are in order", whole.Places, sorted)
	}
}
