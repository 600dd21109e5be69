package storetest

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// deskCases are about what agents do with conversations beside taking them:
// offers, teams, snoozes, and how they end.
var deskCases = []testCase{
	{"teams", teams},
	{"a conversation's team", teamOfConversation},
	{"offers", offers},
	{"snoozes", snoozes},
	{"a snooze that crosses the customer's message", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		first := w.says("talk", customerSays("q", "?"))
		w.move("talk", toAgent(alice))
		w.says("talk", customerSays("q2", "Also this?"))
		m := snooze(alice, w.clock.time().Add(time.Hour))
		m.Epoch, m.Seen = w.state("talk").Epoch, first.Seq
		_, _, err := w.Transition(w.ctx, w.ws, id("talk"), m)
		wantCode(t, err, chat.CodeStale)
		m.Seen = w.state("talk").CustomerSeq
		w.move("talk", m)
	}},
	{"outcomes", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		m := toClosed()
		m.Outcome = chat.OutcomeSpam
		equal(t, "closed", w.move("talk", m).Outcome, chat.OutcomeSpam)
		w.reopen()
		equal(t, "stored", w.state("talk").Outcome, chat.OutcomeSpam)
		equal(t, "open again", w.move("talk", toBot()).Outcome, chat.OutcomeNone)
		equal(t, "closed without", w.move("talk", toClosed()).Outcome, chat.OutcomeNone)
	}},
	{"the last agent", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		equal(t, "nobody", w.state("talk").LastAgent, uuid.Nil)
		equal(t, "has it", w.move("talk", toAgent(alice)).LastAgent, alice)
		equal(t, "gave it back", w.move("talk", toBot()).LastAgent, alice)
		w.move("talk", toClosed())
		w.reopen()
		equal(t, "after the end", w.state("talk").LastAgent, alice)
		equal(t, "another", w.move("talk", toAgent(amir)).LastAgent, amir)
	}},
	{"malformed", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		later := w.clock.time().Add(time.Hour)
		nobody := uuid.New()
		for name, c := range map[string]struct {
			move chat.Transition
			code chat.Code
		}{
			"an offer of the bot's":  {withOffer(toBot(), chat.Offer{Agent: alice, Until: later}), chat.CodeInvalid},
			"an offer without end":   {withOffer(toQueue(), chat.Offer{Agent: alice}), chat.CodeInvalid},
			"an offer of what ended": {withOffer(toClosed(), chat.Offer{Agent: alice, Until: later}), chat.CodeInvalid},
			"a snooze in the queue":  {func() chat.Transition { m := toQueue(); m.Snooze = &later; return m }(), chat.CodeInvalid},
			"an outcome, open":       {func() chat.Transition { m := toBot(); m.Outcome = chat.OutcomeSolved; return m }(), chat.CodeInvalid},
			"an unknown outcome":     {func() chat.Transition { m := toClosed(); m.Outcome = "odd"; return m }(), chat.CodeInvalid},
			"no such team":           {func() chat.Transition { m := toQueue(); m.Team = &nobody; return m }(), chat.CodeNotFound},
		} {
			c.move.Epoch = 1
			if _, _, err := w.Transition(w.ctx, w.ws, id("talk"), c.move); chat.CodeOf(err) != c.code {
				t.Errorf("%s: got %v, want %s", name, err, c.code)
			}
		}
		equal(t, "epoch", w.state("talk").Epoch, int64(1))
	}},
}

func withOffer(m chat.Transition, o chat.Offer) chat.Transition {
	m.Offer = &o
	return m
}

func snooze(agent uuid.UUID, until time.Time) chat.Transition {
	m := toAgent(agent)
	m.Snooze = &until
	return m
}

func teams(t *testing.T, w *world) {
	equal(t, "none yet", must(w.Teams(w.ctx, w.ws))(t), []chat.Team(nil))
	first := must(w.PutTeam(w.ctx, w.ws, chat.Team{Name: "Refunds", Members: []uuid.UUID{amir, alice, amir}}))(t)
	if first.ID == uuid.Nil || !first.CreatedAt.Equal(w.clock.time()) || len(first.Members) != 2 {
		t.Errorf("the first: %+v", first)
	}
	w.clock.advance(time.Second)
	second := must(w.PutTeam(w.ctx, w.ws, chat.Team{ID: id("team"), Name: "Shipping"}))(t)
	w.reopen()
	equal(t, "both", must(w.Teams(w.ctx, w.ws))(t), []chat.Team{first, second})

	for name, c := range map[string]struct {
		team chat.Team
		code chat.Code
	}{
		"no name":      {chat.Team{}, chat.CodeInvalid},
		"bytes":        {chat.Team{Name: "\xff"}, chat.CodeInvalid},
		"taken":        {chat.Team{Name: "REFUNDS"}, chat.CodeConflict},
		"renamed":      {chat.Team{ID: second.ID, Name: "refunds"}, chat.CodeConflict},
		"nobody in it": {chat.Team{Name: "Ghosts", Members: []uuid.UUID{uuid.New()}}, chat.CodeNotFound},
	} {
		if _, err := w.PutTeam(w.ctx, w.ws, c.team); chat.CodeOf(err) != c.code {
			t.Errorf("%s: got %v, want %s", name, err, c.code)
		}
	}
	_, err := w.PutTeam(w.ctx, uuid.New(), chat.Team{Name: "Nowhere"})
	wantCode(t, err, chat.CodeNotFound)

	first.Name, first.Members = "refunds", []uuid.UUID{amir}
	equal(t, "changed", must(w.PutTeam(w.ctx, w.ws, first))(t), first)
	equal(t, "listed", must(w.Teams(w.ctx, w.ws))(t), []chat.Team{first, second})
	check(t, w.DropTeam(w.ctx, w.ws, second.ID))
	wantCode(t, w.DropTeam(w.ctx, w.ws, second.ID), chat.CodeNotFound)
	equal(t, "one left", must(w.Teams(w.ctx, w.ws))(t), []chat.Team{first})
}

// teamOfConversation: kept while agents have it, dropped with the bot, and
// everybody's again when the team goes.
func teamOfConversation(t *testing.T, w *world) {
	team := must(w.PutTeam(w.ctx, w.ws, chat.Team{ID: id("team"), Name: "Refunds", Members: []uuid.UUID{alice}}))(t).ID
	other := must(w.PutTeam(w.ctx, w.ws, chat.Team{ID: id("other"), Name: "Other", Members: []uuid.UUID{amir, alice}}))(t).ID
	view := func(what string, agent uuid.UUID, want ...string) {
		t.Helper()
		var ids []uuid.UUID
		for _, name := range want {
			ids = append(ids, id(name))
		}
		page := must(w.Conversations(w.ctx, w.ws, chat.ConversationQuery{View: chat.ViewTeam, Agent: agent}))(t)
		equal(t, what, idsOf(page.Conversations), ids)
		equal(t, what+": count", must(w.CountConversations(w.ctx, w.ws, agent))(t).Team, len(ids))
	}
	to := func(name string, m chat.Transition, team uuid.UUID) chat.Conversation {
		w.clock.advance(time.Second)
		m.Team = &team
		return w.move(name, m)
	}
	for _, name := range []string{"a", "b", "c"} {
		w.conversation(w.ws, name)
	}
	equal(t, "team", to("a", toQueue(), team).Team, team)
	to("b", toQueue(), other)
	w.move("c", toQueue())
	w.reopen()
	view("of Alice", alice, "b", "a")
	view("of Amir", amir, "b")
	view("of nobody", uuid.Nil)

	before := w.state("a")
	w.move("a", toAgent(amir))
	equal(t, "with an agent", w.state("a").Team, team)
	equal(t, "without a move", to("a", toAgent(amir), other).Epoch, before.Epoch+1)
	view("of Amir now", amir, "a", "b")
	w.move("a", toClosed())
	view("closed", amir, "b")
	equal(t, "open again", w.move("a", toQueue()).Team, uuid.Nil)
	to("a", toQueue(), team)
	equal(t, "with the bot", w.move("a", toBot()).Team, uuid.Nil)
	to("a", toQueue(), team)
	equal(t, "everybody's", to("a", toQueue(), uuid.Nil).Team, uuid.Nil)

	to("c", toQueue(), other)
	w.move("b", toAgent(alice))
	head := must(w.InboxHead(w.ctx, w.ws))(t)
	check(t, w.DropTeam(w.ctx, w.ws, other))
	if must(w.InboxHead(w.ctx, w.ws))(t) == head {
		t.Error("the inbox's head stayed when a team went")
	}
	for _, name := range []string{"b", "c"} {
		equal(t, "without its team", w.state(name).Team, uuid.Nil)
	}
	w.says("b", agentSays(alice, "r", "Hello"))
	equal(t, "stays so", w.move("b", toQueue()).Team, uuid.Nil)
	view("nothing left", amir)
}

// offers: one at a time, by compare-and-set; whatever moves withdraws it.
func offers(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	w.move("talk", toQueue())
	until := w.clock.Now().Add(30 * time.Second)
	before := w.state("talk")
	got := w.move("talk", withOffer(toQueue(), chat.Offer{Agent: alice, Until: until}))
	if got.Offered != alice || !got.OfferedUntil.Equal(until.Truncate(time.Microsecond)) || got.Epoch != before.Epoch || got.LastSeq != before.LastSeq || !got.OfferStands(w.clock.time()) {
		t.Errorf("offered: %+v", got)
	}
	w.reopen()
	equal(t, "stored", w.state("talk"), got)

	stale := withOffer(toQueue(), chat.Offer{Agent: amir, Until: until})
	stale.Epoch = got.Epoch
	_, _, err := w.Transition(w.ctx, w.ws, id("talk"), stale)
	wantCode(t, err, chat.CodeStale)
	got = w.move("talk", withOffer(toQueue(), chat.Offer{Agent: amir, Until: until, Instead: alice}))
	equal(t, "passed over", got.Passed, []uuid.UUID{alice})
	got = w.move("talk", withOffer(toQueue(), chat.Offer{Instead: amir}))
	if got.Offered != uuid.Nil || !got.OfferedUntil.IsZero() {
		t.Errorf("withdrawn: %+v", got)
	}
	w.move("talk", withOffer(toQueue(), chat.Offer{Agent: alice, Until: until}))
	got = w.move("talk", withOffer(toQueue(), chat.Offer{Agent: amir, Until: until, Instead: alice}))
	equal(t, "each once", got.Passed, []uuid.UUID{alice, amir})
	w.reopen()
	equal(t, "passed over, stored", w.state("talk"), got)

	team := must(w.PutTeam(w.ctx, w.ws, chat.Team{Name: "Refunds"}))(t).ID
	m := toQueue()
	m.Team = &team
	if got = w.move("talk", m); got.Offered != uuid.Nil || got.Passed != nil {
		t.Errorf("to another team: %+v", got)
	}
	w.move("talk", withOffer(toQueue(), chat.Offer{Agent: alice, Until: until}))
	w.move("talk", withOffer(toQueue(), chat.Offer{Agent: amir, Until: until, Instead: alice}))
	if got = w.move("talk", toAgent(amir)); got.Offered != uuid.Nil || got.Passed != nil || !got.OfferedUntil.IsZero() {
		t.Errorf("taken: %+v", got)
	}
	equal(t, "taken, stored", w.state("talk"), got)

	// Of several that offer at once one succeeds.
	w.move("talk", toQueue())
	epoch, won := w.state("talk").Epoch, 0
	errs := make([]error, 8)
	check(t, together(len(errs), func(i int) error {
		m := withOffer(toQueue(), chat.Offer{Agent: []uuid.UUID{alice, amir}[i%2], Until: until})
		m.Epoch = epoch
		_, _, errs[i] = w.Transition(w.ctx, w.ws, id("talk"), m)
		return nil
	}))
	for _, err := range errs {
		if err == nil {
			won++
		} else {
			wantCode(t, err, chat.CodeStale)
		}
	}
	equal(t, "offers that stand", won, 1)
	check(t, w.DropTeam(w.ctx, w.ws, team))
}

// snoozes: out of the agent's list until it is over, the customer writes, or
// somebody moves it.
func snoozes(t *testing.T, w *world) {
	at := w.clock.time()
	views := func(what string, mine, snoozed []string) {
		t.Helper()
		ids := func(names []string) (ids []uuid.UUID) {
			for _, name := range names {
				ids = append(ids, id(name))
			}
			return ids
		}
		of := func(q chat.ConversationQuery) []uuid.UUID {
			return idsOf(must(w.Conversations(w.ctx, w.ws, q))(t).Conversations)
		}
		equal(t, what+": mine", of(chat.ConversationQuery{View: chat.ViewMine, Agent: alice}), ids(mine))
		equal(t, what+": snoozed", of(chat.ConversationQuery{View: chat.ViewSnoozed, Agent: alice}), ids(snoozed))
		equal(t, what+": snoozed by anybody", of(chat.ConversationQuery{View: chat.ViewSnoozed}), ids(snoozed))
		equal(t, what+": snoozed by others", of(chat.ConversationQuery{View: chat.ViewSnoozed, Agent: amir}), noIDs)
		equal(t, what+": counts", must(w.CountConversations(w.ctx, w.ws, alice))(t), chat.Counts{Mine: len(mine), Snoozed: len(snoozed)})
	}
	for _, name := range []string{"one", "two", "three"} {
		w.clock.advance(time.Second)
		w.conversation(w.ws, name)
		w.says(name, customerSays("q of "+name, "?"))
		w.move(name, toAgent(alice))
	}
	before := w.state("one")
	got := w.move("one", snooze(alice, at.Add(2*time.Hour)))
	if !got.Snoozed.Equal(at.Add(2*time.Hour)) || got.Epoch != before.Epoch || got.LastSeq != before.LastSeq {
		t.Errorf("snoozed: %+v", got)
	}
	w.move("two", snooze(alice, at.Add(time.Hour)))
	w.reopen()
	equal(t, "stored", w.state("one"), got)
	views("two put off", []string{"three"}, []string{"two", "one"})
	page := must(w.Conversations(w.ctx, w.ws, chat.ConversationQuery{View: chat.ViewSnoozed, Limit: 1}))(t)
	page = must(w.Conversations(w.ctx, w.ws, chat.ConversationQuery{View: chat.ViewSnoozed, Limit: 1, Cursor: page.Next}))(t)
	equal(t, "the second page", idsOf(page.Conversations), []uuid.UUID{id("one")})

	due := func() []uuid.UUID { return idsOf(must(w.Due(w.ctx, w.ws, 0))(t)) }
	equal(t, "due yet", due(), noIDs)
	w.clock.advance(90 * time.Minute)
	equal(t, "due", due(), []uuid.UUID{id("two")})
	w.clock.advance(time.Hour)
	equal(t, "both due", due(), []uuid.UUID{id("two"), id("one")})
	equal(t, "orphans", must(w.Orphans(w.ctx, w.ws, w.clock.time()))(t), 3) // Alice is not there, put off or not

	w.says("two", customerSays("again", "And?"))
	equal(t, "the customer wrote", w.state("two").Snoozed, time.Time{})
	w.reopen()
	equal(t, "the customer wrote, stored", w.state("two").Snoozed, time.Time{})
	w.says("one", note("a note", "for later"))
	views("one awake", []string{"two", "three"}, []string{"one"})
	awake := toAgent(alice)
	awake.Snooze = &time.Time{}
	w.move("one", awake)
	views("all awake", []string{"one", "two", "three"}, nil)

	// Whatever moves ends it.
	later := w.clock.time().Add(time.Hour)
	for name, m := range map[string]chat.Transition{"one": toQueue(), "two": toClosed(), "three": toAgent(amir)} {
		w.move(name, snooze(alice, later))
		equal(t, "moved", w.move(name, m).Snoozed, time.Time{})
	}
	equal(t, "with the move", w.move("one", snooze(alice, later)).Snoozed, later)
}

var noIDs []uuid.UUID // none, as idsOf gives it
