package storetest

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// factCases are what a supervisor counts.
var factCases = []testCase{
	{"a conversation from its beginning to its rating", factsOfOne},
	{"who has served", func(t *testing.T, w *world) {
		for _, name := range []string{"nobody", "asked back", "bot", "agent alone", "both"} {
			w.conversation(w.ws, name)
			w.says(name, customerSays(name+" q", "?"))
		}
		for _, name := range []string{"bot", "both"} {
			w.answers(name, chat.ActionAnswer)
		}
		w.answers("asked back", chat.ActionClarify)
		w.move("agent alone", toAgent(alice))
		w.move("both", toQueue())
		equal(t, "tallies", w.tallies(uuid.Nil), []chat.Tally{
			{Kind: chat.FactBegun, N: 2}, {Kind: chat.FactBegun, Name: chat.ServedBot, N: 1}, {Kind: chat.FactBegun, Name: chat.ServedPerson, N: 2},
			{Kind: chat.FactHanded, Name: string(chat.ReasonAsked), N: 1},
		})
	}},
	{"the first words of a person, each time", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.says("talk", customerSays("q", "?"))
		w.move("talk", toQueue())
		w.clock.advance(time.Minute)
		w.move("talk", toAgent(alice))
		w.move("talk", toQueue()) // she vanished
		w.clock.advance(time.Minute)
		w.move("talk", toAgent(amir))
		w.says("talk", agentSays(amir, "a", "Yes."))
		w.clock.advance(time.Hour)
		w.says("talk", agentSays(amir, "a2", "And no."))
		w.move("talk", toClosed())
		w.move("talk", toQueue()) // reopened, to people
		w.clock.advance(3 * time.Minute)
		w.move("talk", toAgent(alice))
		w.says("talk", agentSays(alice, "a3", "Maybe."))
		w.says("talk", agentSays(alice, "a3", "Maybe.")) // a repeat
		equal(t, "delays", w.delays(uuid.Nil), []chat.Delay{
			{Kind: chat.FactClaimed, Agent: alice, Took: time.Minute}, {Kind: chat.FactClaimed, Agent: amir, Took: time.Minute},
			{Kind: chat.FactClaimed, Agent: alice, Took: 3 * time.Minute},
			{Kind: chat.FactReplied, Agent: amir, Took: 2 * time.Minute}, {Kind: chat.FactReplied, Agent: alice, Took: 3 * time.Minute},
		})
		equal(t, "handed over once", w.tallyOf(chat.FactHanded), 1)
		equal(t, "reopened", w.tallyOf(chat.FactReopened), 1)
	}},
	{"the last rating counts", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.says("talk", customerSays("q", "?"))
		w.says("talk", rating("r", 2))
		equal(t, "the bot's", w.tallies(uuid.Nil)[1], chat.Tally{Kind: chat.FactRated, Name: chat.ServedBot, Score: 2, N: 1})
		w.move("talk", toAgent(alice))
		w.says("talk", rating("r2", 5))
		w.says("talk", rating("r", 2)) // a repeat of the first
		equal(t, "hers", w.tallies(uuid.Nil)[1], chat.Tally{Kind: chat.FactRated, Name: chat.ServedPerson, Agent: alice, Score: 5, N: 1})
		equal(t, "ratings", w.tallyOf(chat.FactRated), 1)
	}},
	{"by time and inbox", factsByTime},
	{"what waits, and what agents have", func(t *testing.T, w *world) {
		equal(t, "nothing waits", len(must(w.Waiting(w.ctx, w.ws, uuid.Nil))(t)), 0)
		equal(t, "nobody has any", len(must(w.Loads(w.ctx, w.ws))(t)), 0)
		begin := w.clock.time()
		for i, name := range []string{"a", "b", "c", "d", "e"} {
			w.conversation(w.ws, name)
			m := toQueue()
			if i > 2 {
				m.Priority = chat.PriorityUrgent
			}
			w.move(name, m)
			w.clock.advance(time.Minute)
		}
		w.move("a", toAgent(alice))
		w.move("b", toAgent(alice))
		w.move("b", snooze(alice, w.clock.time().Add(time.Hour)))
		got := must(w.Waiting(w.ctx, w.ws, uuid.Nil))(t)
		slices.SortFunc(got, func(a, b chat.Waiting) int { return cmp.Compare(a.Priority, b.Priority) })
		equal(t, "waiting", got, []chat.Waiting{
			{N: 1, Since: begin.Add(2 * time.Minute)}, {Priority: chat.PriorityUrgent, N: 2, Since: begin.Add(3 * time.Minute)},
		})
		equal(t, "of the inbox", len(must(w.Waiting(w.ctx, w.ws, id("inbox")))(t)), 2)
		equal(t, "of another", len(must(w.Waiting(w.ctx, w.ws, id("other")))(t)), 0)
		equal(t, "loads", must(w.Loads(w.ctx, w.ws))(t), []chat.Load{{Agent: alice, N: 1}})
	}},
}

func factsOfOne(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	w.says("talk", customerSays("q", "?"))
	w.answers("talk", chat.ActionAnswer)
	w.says("talk", customerSays("q2", "No."))
	w.move("talk", toQueue())
	w.clock.advance(90 * time.Second)
	w.move("talk", toAgent(alice))
	w.clock.advance(30 * time.Second)
	w.says("talk", agentSays(alice, "a", "Here."))
	end := toClosed()
	end.Outcome = chat.OutcomeSolved
	w.move("talk", end)
	w.says("talk", rating("r", 4))
	w.reopen()
	equal(t, "tallies", w.tallies(uuid.Nil), []chat.Tally{
		{Kind: chat.FactBegun, Name: chat.ServedPerson, N: 1},
		{Kind: chat.FactClosed, Name: string(chat.OutcomeSolved), Agent: alice, N: 1},
		{Kind: chat.FactHanded, Name: string(chat.ReasonAsked), N: 1},
		{Kind: chat.FactRated, Name: chat.ServedPerson, Agent: alice, Score: 4, N: 1},
	})
	equal(t, "delays", w.delays(uuid.Nil), []chat.Delay{
		{Kind: chat.FactClaimed, Agent: alice, Took: 90 * time.Second}, {Kind: chat.FactReplied, Agent: alice, Took: 2 * time.Minute},
	})
}

func factsByTime(t *testing.T, w *world) {
	other := must(w.PutInbox(w.ctx, w.ws, chat.Inbox{Key: "key-other", Name: "Other"}))(t)
	w.conversation(w.ws, "talk")
	begin := w.clock.time().Truncate(chat.TallyStep)
	w.clock.advance(chat.TallyStep)
	for _, name := range []string{"one", "two"} {
		must(w.OpenConversation(w.ctx, w.ws, chat.Conversation{ID: id(name), Inbox: other.ID, Customer: bob}))(t)
	}
	w.move("two", toQueue())
	w.move("two", toAgent(amir))
	ask := func(since, until time.Time, inbox uuid.UUID) (n int) {
		q := chat.FactQuery{Since: since, Until: until, Inbox: inbox}
		for _, tally := range must(w.Tallies(w.ctx, w.ws, q))(t) {
			n += tally.N
		}
		return n + 100*len(must(w.Delays(w.ctx, w.ws, q))(t))
	}
	now := w.clock.time()
	for _, c := range []struct {
		name         string
		since, until time.Time
		inbox        uuid.UUID
		want         int
	}{
		{"all", begin, now.Add(1), uuid.Nil, 104},
		{"since is of it, until is not", now, now, uuid.Nil, 0},
		{"just after", now.Add(time.Microsecond), now.Add(time.Hour), uuid.Nil, 0},
		{"the later ones", now, now.Add(time.Second), uuid.Nil, 103},
		{"an inbox", begin, now.Add(time.Second), id("inbox"), 1},
		{"the other", begin, now.Add(time.Second), other.ID, 103},
		{"none", begin, now.Add(time.Second), id("no inbox"), 0},
	} {
		if got := ask(c.since, c.until.Add(time.Microsecond-1).Truncate(time.Microsecond), c.inbox); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
	steps := must(w.Tallies(w.ctx, w.ws, chat.FactQuery{Since: begin, Until: now.Add(time.Hour)}))(t)
	equal(t, "steps", []time.Time{steps[0].At, steps[1].At, steps[2].At}, []time.Time{begin, begin.Add(chat.TallyStep), begin.Add(chat.TallyStep)})
}

// answers has the bot do something about all that was said.
func (w *world) answers(talk string, action chat.Action) {
	w.t.Helper()
	c := w.state(talk)
	d := botSays(talk+" answered", "!")
	d.Body.Answer.Action = action
	must(w.AppendIf(w.ctx, w.ws, id(talk), d, chat.Fence{Epoch: c.Epoch, CustomerSeq: c.CustomerSeq}))(w.t)
}

// tallies gives all there are, without their times.
func (w *world) tallies(inbox uuid.UUID) []chat.Tally {
	w.t.Helper()
	all := must(w.Tallies(w.ctx, w.ws, chat.FactQuery{Until: w.clock.time().Add(time.Hour), Inbox: inbox}))(w.t)
	for i := range all {
		all[i].At = time.Time{}
	}
	return all
}

func (w *world) tallyOf(kind chat.FactKind) (n int) {
	w.t.Helper()
	for _, tally := range w.tallies(uuid.Nil) {
		if tally.Kind == kind {
			n += tally.N
		}
	}
	return n
}

// delays gives all there are, without their times.
func (w *world) delays(inbox uuid.UUID) []chat.Delay {
	w.t.Helper()
	all := must(w.Delays(w.ctx, w.ws, chat.FactQuery{Until: w.clock.time().Add(time.Hour), Inbox: inbox}))(w.t)
	for i := range all {
		all[i].At = time.Time{}
	}
	return all
}
