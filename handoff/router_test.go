package handoff_test

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/handoff"
)

// routed sets how a desk routes, and gives a Router that looks when it is told to.
func (d *desk) routed(change func(*chat.Routing)) *handoff.Router {
	d.t.Helper()
	r := chat.DefaultRouting()
	r.Mode = chat.RoutingOffer
	if change != nil {
		change(&r)
	}
	value, err := json.Marshal(r)
	d.check(err)
	old, err := d.store.Setting(d.ctx, d.ws, uuid.Nil, chat.RoutingSetting)
	if chat.CodeOf(err) != chat.CodeNotFound {
		d.check(err)
	}
	_, err = d.store.PutSetting(d.ctx, d.ws, chat.Setting{Name: chat.RoutingSetting, Revision: old.Revision, Value: value})
	d.check(err)
	return handoff.NewIdleRouter(handoff.RouterOptions{Desk: d.Desk, Roster: d.store})
}

// waits opens a conversation that waits.
func (d *desk) waits(text string) chat.Conversation {
	d.t.Helper()
	d.clock.advance(time.Second)
	c, err := d.AskForPerson(d.ctx, d.ws, d.talk(text).ID, d.sender())
	d.check(err)
	return c
}

// alive gives signs of life of agents.
func (d *desk) alive(agents ...chat.User) {
	d.t.Helper()
	for _, a := range agents {
		d.check(d.store.SetPresence(d.ctx, d.ws, a.ID, chat.PresenceOnline))
	}
}

func TestOffersGoRound(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	anna, ben := d.agent("anna", true), d.agent("ben", true)
	router := d.routed(nil)
	c := d.waits("One?")
	router.Look(d.ctx)
	first := d.state(c.ID)
	if !first.OfferStands(d.clock.Now()) || first.Epoch != c.Epoch || first.Owner != chat.OwnerQueue || !first.OfferedUntil.Equal(d.clock.Now().Add(30*time.Second)) {
		t.Fatalf("offered: %+v", first)
	}
	second := d.waits("Two?")
	router.Look(d.ctx)
	other := d.state(second.ID)
	if other.Offered == first.Offered || !other.OfferStands(d.clock.Now()) {
		t.Errorf("the second is offered to %s, as the first", other.Offered)
	}
	third := d.waits("Three?")
	router.Look(d.ctx)
	if got := d.state(third.ID); got.Offered != uuid.Nil {
		t.Errorf("both are asked already: %+v", got)
	}

	// The first lapses: the other agent has none by then.
	d.clock.advance(31 * time.Second)
	d.alive(anna, ben)
	_, err := d.Claim(d.ctx, d.ws, second.ID, other.Epoch, chat.User{ID: other.Offered, Name: "takes"})
	d.check(err)
	router.Look(d.ctx)
	now := d.state(c.ID)
	if now.Offered != other.Offered || !now.OfferStands(d.clock.Now()) || len(now.Passed) != 1 || now.Passed[0] != first.Offered {
		t.Errorf("the offer that lapsed: %+v", now)
	}
	// And who let it go by is asked about the next instead.
	if got := d.state(third.ID); got.Offered != first.Offered {
		t.Errorf("the third: %+v", got)
	}

	// When all have let it go by, the first is asked again, after a rest.
	d.clock.advance(31 * time.Second)
	d.alive(anna, ben)
	router.Look(d.ctx)
	if got := d.state(c.ID); got.OfferStands(d.clock.Now()) {
		t.Errorf("asked again at once: %+v", got)
	}
	d.clock.advance(40 * time.Second)
	d.alive(anna, ben)
	router.Look(d.ctx)
	if got := d.state(c.ID); got.Offered != first.Offered || !got.OfferStands(d.clock.Now()) {
		t.Errorf("after a rest: %+v", got)
	}
}

func TestAssign(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var seen []handoff.EventKind
	d.Desk = handoff.New(handoff.Options{Store: d.store, Surroundings: d.store, Now: d.clock.Now, Observe: func(e handoff.Event) { seen = append(seen, e.Kind) }})
	anna, ben := d.agent("anna", true), d.agent("ben", true)
	_, err := d.store.PutProfile(d.ctx, d.ws, chat.Profile{User: anna.ID, Capacity: 1})
	d.check(err)
	router := d.routed(func(r *chat.Routing) { r.Mode, r.Capacity = chat.RoutingAssign, 2 })
	var all []chat.Conversation
	for range 5 {
		all = append(all, d.waits("Help?"))
	}
	router.Look(d.ctx)
	has := map[uuid.UUID]int{}
	for _, c := range all {
		has[d.state(c.ID).Agent]++
	}
	equal(t, "who has how many", map[uuid.UUID]int{anna.ID: 1, ben.ID: 2, {}: 2}, has)
	if c := d.state(all[0].ID); c.Reason != chat.ReasonAssigned || c.Owner != chat.OwnerAgent {
		t.Errorf("assigned: %+v", c)
	}
	equal(t, "observed", []handoff.EventKind{handoff.EventAssigned, handoff.EventAssigned, handoff.EventAssigned}, seen[len(seen)-3:])
	// Who gives back what is unanswered is not given it again at once.
	mine := d.state(all[0].ID)
	_, err = d.Release(d.ctx, d.ws, mine.ID, mine.Epoch, chat.User{ID: mine.Agent})
	d.check(err)
	router.Look(d.ctx)
	if got := d.state(mine.ID); got.Owner != chat.OwnerQueue || got.Agent == mine.Agent {
		t.Errorf("given back: %+v", got)
	}
}

func TestRoutingLooksAtWhoIsThere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what    string
		routing func(d *desk, r *chat.Routing)
		before  func(d *desk, anna, ben chat.User)
		talk    chat.Conversation
		want    string
	}{
		{what: "who is away is not asked", before: func(d *desk, anna, _ chat.User) {
			d.check(d.store.SetPresence(d.ctx, d.ws, anna.ID, chat.PresenceAway))
		}, want: "ben"},
		{what: "skill by a word", routing: func(_ *desk, r *chat.Routing) {
			r.Rules = []chat.RoutingRule{{Field: chat.RuleWords, Value: "Invoice", Skills: []string{"billing"}}}
		}, before: func(d *desk, _, ben chat.User) {
			_, err := d.store.PutProfile(d.ctx, d.ws, chat.Profile{User: ben.ID, Skills: []string{"billing"}})
			d.check(err)
		}, want: "ben"},
		{what: "language", before: func(d *desk, anna, _ chat.User) {
			_, err := d.store.PutProfile(d.ctx, d.ws, chat.Profile{User: anna.ID, Languages: []string{"de"}})
			d.check(err)
		}, want: "ben"},
		{what: "nobody speaks it: anybody", before: func(d *desk, anna, ben chat.User) {
			for _, u := range []chat.User{anna, ben} {
				_, err := d.store.PutProfile(d.ctx, d.ws, chat.Profile{User: u.ID, Languages: []string{"de"}})
				d.check(err)
			}
		}, want: "somebody"},
		{what: "outside of hours nobody", routing: func(_ *desk, r *chat.Routing) { r.HoursOnly = true }, before: func(d *desk, anna, ben chat.User) {
			d.clock.advance(9 * time.Hour)
			d.alive(anna, ben)
		}, want: ""},
		{what: "outside of hours, whoever is there", before: func(d *desk, anna, ben chat.User) {
			d.clock.advance(9 * time.Hour)
			d.alive(anna, ben)
		}, want: "somebody"},
		{what: "by hand nobody", routing: func(_ *desk, r *chat.Routing) { r.Mode = chat.RoutingManual }, want: ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			anna, ben := d.agent("anna", true), d.agent("ben", true)
			router := d.routed(func(r *chat.Routing) {
				if c.routing != nil {
					c.routing(d, r)
				}
			})
			if c.before != nil {
				c.before(d, anna, ben)
			}
			router.Look(d.ctx)
			conv := d.waits("Where is my invoice?")
			router.Look(d.ctx)
			got := map[uuid.UUID]string{anna.ID: "anna", ben.ID: "ben"}[d.state(conv.ID).Offered]
			if got != c.want && (c.want != "somebody" || got == "") {
				t.Errorf("offered to %q, want %q", got, c.want)
			}
		})
	}
}

// At a handoff, rules and a poor rating say how urgent it is and who it is for.
func TestNeedsOfAHandoff(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	anna, ben := d.agent("anna", true), d.agent("ben", true)
	team, err := d.store.PutTeam(d.ctx, d.ws, chat.Team{Name: "Repairs", Members: []uuid.UUID{ben.ID}})
	d.check(err)
	router := d.routed(func(r *chat.Routing) {
		r.Rules = []chat.RoutingRule{
			{Field: chat.RuleWords, Value: "broken", Team: team.ID},
			{Field: chat.RuleWords, Value: "flood", Priority: chat.PriorityHigh},
			{Field: chat.RuleWords, Value: "gone", Team: newID()},
		}
	})
	for _, c := range []struct {
		text     string
		team     uuid.UUID
		priority chat.Priority
	}{
		{"A question", uuid.Nil, chat.PriorityNormal}, {"It is broken", team.ID, chat.PriorityNormal}, {"A broken pipe, a flood", team.ID, chat.PriorityHigh},
		{"It is gone", uuid.Nil, chat.PriorityNormal},
	} {
		got := d.waits(c.text)
		if got.Team != c.team || got.Priority != c.priority {
			t.Errorf("%q: team %s, priority %q", c.text, got.Team, got.Priority)
		}
		if c.team != uuid.Nil {
			router.Look(d.ctx)
			if offered := d.state(got.ID).Offered; offered == anna.ID {
				t.Errorf("%q is offered to who is not in the team", c.text)
			}
		}
	}
	rate := func(score int) {
		t.Helper()
		d.clock.advance(time.Second)
		_, err := d.store.Append(d.ctx, d.ws, d.talk("Before").ID, chat.Draft{ClientID: newID(), From: d.sender(), Kind: chat.KindRating, Body: chat.Body{Rating: &chat.Rating{Score: score}}})
		d.check(err)
	}
	for _, c := range []struct {
		score int
		later time.Duration
		want  chat.Priority
	}{{1, 0, chat.PriorityHigh}, {5, 0, chat.PriorityNormal}, {2, 0, chat.PriorityHigh}, {2, 100 * 24 * time.Hour, chat.PriorityNormal}} {
		rate(c.score)
		d.clock.advance(c.later)
		if got := d.waits("Again").Priority; got != c.want {
			t.Errorf("after a rating of %d, %s later: %q, want %q", c.score, c.later, got, c.want)
		}
	}
}

// Two routers at once, as on two nodes without a lease, give one conversation to one agent.
func TestTwoRouters(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	agents := []chat.User{d.agent("anna", true), d.agent("ben", true), d.agent("cora", true)}
	first := d.routed(nil)
	second := handoff.NewIdleRouter(handoff.RouterOptions{Desk: d.Desk, Roster: d.store})
	for range 20 {
		c := d.waits("Help?")
		var wg sync.WaitGroup
		wg.Go(func() { first.Look(d.ctx) })
		wg.Go(func() { second.Look(d.ctx) })
		wg.Wait()
		got := d.state(c.ID)
		if !got.OfferStands(d.clock.Now()) || len(got.Passed) > 0 {
			t.Fatalf("offered: %+v", got)
		}
		now, err := d.Claim(d.ctx, d.ws, c.ID, got.Epoch, chat.User{ID: got.Offered, Name: "takes"})
		d.check(err)
		_, err = d.Close(d.ctx, d.ws, c.ID, chat.Act{By: chat.User{ID: got.Offered}, Epoch: now.Epoch}, "")
		d.check(err)
		d.alive(agents...)
	}
}

// Of two nodes, one routes, and the other when it is gone.
func TestOneNodeRoutes(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	anna := d.agent("anna", true)
	d.routed(nil)
	a := handoff.NewIdleRouter(handoff.RouterOptions{Desk: d.Desk, Roster: d.store, Node: "a"})
	b := handoff.NewIdleRouter(handoff.RouterOptions{Desk: d.Desk, Roster: d.store, Node: "b"})
	a.Look(d.ctx)
	c := d.waits("Help?")
	b.Look(d.ctx)
	if got := d.state(c.ID); got.Offered != uuid.Nil {
		t.Errorf("the second node routes too: %+v", got)
	}
	d.clock.advance(10 * time.Second) // a is gone
	d.alive(anna)
	b.Look(d.ctx)
	if got := d.state(c.ID); got.Offered != anna.ID {
		t.Errorf("nobody routes: %+v", got)
	}
}

// A Router that runs asks somebody soon after it is woken.
func TestRouterRuns(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	anna := d.agent("anna", true)
	d.routed(nil)
	r := handoff.NewRouter(handoff.RouterOptions{Desk: d.Desk, Roster: d.store})
	defer r.Close()
	c := d.waits("Help?")
	r.Wake()
	deadline := time.Now().Add(10 * time.Second)
	for d.state(c.ID).Offered != anna.ID {
		if time.Now().After(deadline) {
			t.Fatal("nobody was asked within 10 s")
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// A plan that the site vouches for waits with its head start, and goes to who
// knows it; what the page alone says counts where a rule lets it.
func TestAPlanComesFirst(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	anna := d.agent("anna", true)
	ben := d.agent("ben", true)
	_, err := d.store.PutProfile(d.ctx, d.ws, chat.Profile{User: ben.ID, Skills: []string{"sla"}})
	d.check(err)
	router := d.routed(func(r *chat.Routing) {
		r.Sticky = false
		r.Rules = []chat.RoutingRule{
			{Field: chat.RuleAttribute, Name: "plan", Value: "business", Skills: []string{"sla"}, Priority: chat.PriorityHigh},
			{Field: chat.RuleAttribute, Name: "beta", Value: "true", Unverified: true, Priority: chat.PriorityUrgent},
		}
	})
	says := func(values map[string]chat.Scalar) {
		d.check(d.store.SetAttributes(d.ctx, d.ws, d.inbox.ID, d.ann.ID, values))
	}
	says(map[string]chat.Scalar{"plan": "business"})
	if got := d.waits("I say that I pay"); got.Priority != chat.PriorityNormal || got.Cause != (chat.Cause{}) {
		t.Errorf("what the page says: %q, %+v", got.Priority, got.Cause)
	}
	says(map[string]chat.Scalar{"beta": "TRUE"})
	if got := d.waits("I try what is new"); got.Priority != chat.PriorityUrgent || got.Cause.Name != "beta" {
		t.Errorf("what a rule lets the page say: %q, %+v", got.Priority, got.Cause)
	}
	d.ann, err = d.store.IdentifyCustomer(d.ctx, d.ws, chat.Customer{Subject: "42", SubjectInbox: d.inbox.ID, Attributes: []chat.Attribute{{Name: "plan", Value: "Business"}},
		Verification: chat.Verification{By: chat.ProofToken, Until: d.clock.Now().Add(time.Hour)}})
	d.check(err)
	got := d.waits("I pay")
	if want := (chat.Cause{Code: chat.CauseAttribute, Name: "plan", Value: "business"}); got.Priority != chat.PriorityHigh || got.Cause != want {
		t.Errorf("what the token says: %q, %+v", got.Priority, got.Cause)
	}
	h, err := d.store.Handoff(d.ctx, d.ws, got.ID)
	d.check(err)
	if want := (chat.BriefFact{Name: "plan", Value: "Business", Verified: true}); len(h.Brief.Attributes) != 1 || h.Brief.Attributes[0] != want {
		t.Errorf("the brief knows %+v", h.Brief.Attributes)
	}
	for range 3 {
		router.Look(d.ctx)
	}
	if offered := d.state(got.ID).Offered; offered != ben.ID {
		t.Errorf("offered to %s, not to ben %s (anna is %s)", offered, ben.ID, anna.ID)
	}
}
