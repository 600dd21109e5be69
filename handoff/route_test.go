package handoff

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"frontdesk/chat"
)

// floor is a desk in memory on which rounds of routing are played.
type floor struct {
	routing chat.Routing
	now     time.Time
	agents  []*agentOf
	waiting []chat.Conversation // in the order of the queue
	passed  map[pass]time.Time
}

// agentOf is an agent, and what she has been given.
type agentOf struct {
	seat
	away bool
}

func (f *floor) round() *round {
	r := &round{routing: f.routing, now: f.now, closed: func(uuid.UUID) bool { return false },
		rests: func(conv, agent uuid.UUID) bool { return f.passed[pass{conv, agent}].After(f.now) }}
	for _, a := range f.agents {
		if !a.away {
			s := a.seat
			s.offered = false
			r.seats = append(r.seats, &s)
		}
	}
	return r
}

func (f *floor) agent(id uuid.UUID) *agentOf {
	return f.agents[slices.IndexFunc(f.agents, func(a *agentOf) bool { return a.user == id })]
}

// offerTo gives what is offered to an agent now.
func (f *floor) offerTo(agent uuid.UUID) (at int, ok bool) {
	at = slices.IndexFunc(f.waiting, func(c chat.Conversation) bool { return c.Offered == agent && c.OfferStands(f.now) })
	return at, at >= 0
}

func idOf(n byte) uuid.UUID { return uuid.UUID{15: n + 1} }

var (
	someSkills = []string{"billing", "repairs"}
	languages  = []string{"en", "de"}
	teamA      = uuid.UUID{1}
)

func drawFloor(t *rapid.T) *floor {
	f := &floor{now: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC), passed: map[pass]time.Time{}, routing: chat.DefaultRouting()}
	f.routing.Mode = rapid.SampledFrom([]chat.RoutingMode{chat.RoutingOffer, chat.RoutingAssign}).Draw(t, "mode")
	f.routing.Pick = rapid.SampledFrom([]chat.Pick{chat.PickLeastLoaded, chat.PickRoundRobin}).Draw(t, "pick")
	f.routing.Sticky = rapid.Bool().Draw(t, "sticky")
	f.routing.Rules = []chat.RoutingRule{{Field: chat.RuleWords, Value: "money", Skills: []string{"billing"}}}
	for i := range rapid.IntRange(1, 5).Draw(t, "agents") {
		a := &agentOf{seat: seat{user: idOf(byte(i)), capacity: rapid.IntRange(1, 3).Draw(t, "capacity"), teams: map[uuid.UUID]bool{}}}
		a.profile.Skills = rapid.SliceOfNDistinct(rapid.SampledFrom(someSkills), 0, 2, rapid.ID[string]).Draw(t, "skills")
		a.profile.Languages = rapid.SliceOfNDistinct(rapid.SampledFrom(languages), 0, 2, rapid.ID[string]).Draw(t, "languages")
		a.teams[teamA] = rapid.Bool().Draw(t, "member")
		f.agents = append(f.agents, a)
	}
	return f
}

// happen lets something happen between two rounds.
func (f *floor) happen(t *rapid.T, n byte) {
	f.now = f.now.Add(time.Duration(rapid.IntRange(0, 45).Draw(t, "seconds")) * time.Second)
	if rapid.Bool().Draw(t, "comes") {
		c := chat.Conversation{ID: uuid.UUID{0: 9, 15: n}, Owner: chat.OwnerQueue, Waiting: f.now,
			Subject:   rapid.SampledFrom([]string{"hello", "my money"}).Draw(t, "subject"),
			Locale:    rapid.SampledFrom([]string{"", "en-GB", "de", "pl"}).Draw(t, "locale"),
			LastAgent: rapid.SampledFrom([]uuid.UUID{{}, idOf(0), idOf(1)}).Draw(t, "last"),
			Team:      rapid.SampledFrom([]uuid.UUID{{}, {}, teamA}).Draw(t, "team")}
		f.waiting = append(f.waiting, c)
	}
	for _, a := range f.agents {
		at, offered := f.offerTo(a.user)
		switch act := rapid.IntRange(0, 5).Draw(t, "act"); {
		case act == 0 && offered: // takes it
			f.waiting = slices.Delete(f.waiting, at, at+1)
			a.load++
		case act == 1 && offered: // declines
			c := &f.waiting[at]
			c.Passed, c.Offered, c.OfferedUntil = append(slices.Clone(c.Passed), a.user), uuid.Nil, time.Time{}
		case act == 2 && a.load > 0:
			a.load--
		case act == 3:
			a.away = !a.away
		}
	}
}

// apply does what the store does with a gift, and what the router remembers.
func (f *floor) apply(g gift) {
	at := slices.IndexFunc(f.waiting, func(c chat.Conversation) bool { return c.ID == g.conv.ID })
	a := f.agent(g.seat.user)
	a.given = f.now
	if f.routing.Mode == chat.RoutingAssign {
		f.waiting = slices.Delete(f.waiting, at, at+1)
		a.load++
		return
	}
	c := &f.waiting[at]
	if c.Offered != uuid.Nil && c.Offered != a.user && !slices.Contains(c.Passed, c.Offered) {
		c.Passed = append(slices.Clone(c.Passed), c.Offered)
	}
	c.Offered, c.OfferedUntil = a.user, f.now.Add(30*time.Second)
	f.passed[pass{c.ID, a.user}] = c.OfferedUntil.Add(restOf(f.routing))
}

// TestRoute plays days at random desks. Nobody is ever given more than she can
// take, or asked two things at once; nobody waits while somebody who fits is
// free; who comes first in the queue is served first by whoever fits both; and
// each goes to the agent whom the workspace's way of picking names.
func TestRoute(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFloor(t)
		for n := range rapid.IntRange(1, 25).Draw(t, "rounds") {
			f.happen(t, byte(n))
			before := slices.Clone(f.waiting)
			for _, g := range f.round().route(before) {
				f.checkGift(t, g)
				f.apply(g)
			}
			f.checkAll(t)
		}
	})
}

// checkGift checks a gift against how things stand before it.
func (f *floor) checkGift(t *rapid.T, g gift) {
	a := f.agent(g.seat.user)
	if _, offered := f.offerTo(a.user); offered || a.load >= a.capacity || a.away {
		t.Fatalf("given to an agent with %d of %d, offered %v, away %v", a.load, a.capacity, offered, a.away)
	}
	if g.conv.Team != uuid.Nil && !a.teams[g.conv.Team] {
		t.Fatal("given to another team")
	}
	rivals := f.freeFor(g.conv)
	for _, c := range f.waiting { // those before it
		if c.ID == g.conv.ID {
			break
		}
		if !c.OfferStands(f.now) && slices.Contains(f.freeFor(c), a) {
			t.Fatalf("%s is passed over by one that came later", c.ID)
		}
	}
	last := slices.IndexFunc(rivals, func(o *agentOf) bool { return o.user == g.conv.LastAgent })
	if f.routing.Sticky && last >= 0 && !slices.Contains(g.conv.Passed, g.conv.LastAgent) {
		if rivals[last] != a {
			t.Fatal("not given to who had it last")
		}
		return
	}
	for _, o := range rivals {
		if slices.Contains(g.conv.Passed, o.user) && !slices.Contains(g.conv.Passed, a.user) {
			continue
		}
		switch {
		case !slices.Contains(g.conv.Passed, o.user) && slices.Contains(g.conv.Passed, a.user):
			t.Fatal("given to one who let it go by, though another has not")
		case slices.Contains(g.conv.Passed, o.user): // both did: in their order
		case f.routing.Pick == chat.PickLeastLoaded && o.share() < a.share():
			t.Fatalf("given to %d of %d, though another has %d of %d", a.load, a.capacity, o.load, o.capacity)
		case f.routing.Pick == chat.PickRoundRobin && o.given.Before(a.given):
			t.Fatal("given to one who was given something later than another")
		}
	}
}

// checkAll checks that nobody waits whom somebody could take.
func (f *floor) checkAll(t *rapid.T) {
	for _, c := range f.waiting {
		if !c.OfferStands(f.now) && len(f.freeFor(c)) > 0 {
			t.Fatalf("%s waits, though %d who fit are free", c.ID, len(f.freeFor(c)))
		}
	}
}

// freeFor says who could be given c now, written down once more: of who is there
// and in the team, those with the skills, of these those with the language,
// wherever there are any.
func (f *floor) freeFor(c chat.Conversation) (out []*agentOf) {
	narrow := func(all []*agentOf, is func(*agentOf) bool) (some []*agentOf) {
		for _, a := range all {
			if is(a) {
				some = append(some, a)
			}
		}
		return some
	}
	fit := narrow(f.agents, func(a *agentOf) bool { return !a.away && (c.Team == uuid.Nil || a.teams[c.Team]) })
	if c.Subject == "my money" {
		if able := narrow(fit, func(a *agentOf) bool { return slices.Contains(a.profile.Skills, "billing") }); len(able) > 0 {
			fit = able
		}
	}
	if c.Locale != "" {
		if able := narrow(fit, func(a *agentOf) bool {
			return len(a.profile.Languages) == 0 || slices.Contains(a.profile.Languages, c.Locale[:2])
		}); len(able) > 0 {
			fit = able
		}
	}
	return narrow(fit, func(a *agentOf) bool {
		_, offered := f.offerTo(a.user)
		return !offered && a.load < a.capacity && !f.passed[pass{c.ID, a.user}].After(f.now)
	})
}
