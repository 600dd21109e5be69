package handoff

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// seat is an agent who is online, as routing sees her.
type seat struct {
	user     uuid.UUID
	name     string
	profile  chat.Profile
	capacity int
	load     int                // open conversations that she has, without what is put off
	offered  bool               // something is offered to her: she is asked one thing at a time
	teams    map[uuid.UUID]bool // she is a member of
	given    time.Time          // when she was last given something, zero if that is not known
}

// free reports whether she can be given a conversation now.
func (s *seat) free() bool { return s.load < s.capacity && !s.offered }

// share is how much of her capacity is used.
func (s *seat) share() float64 { return float64(s.load) / float64(s.capacity) }

// gift is a conversation and who gets it.
type gift struct {
	conv chat.Conversation
	seat *seat
}

// round is what one round of routing knows.
type round struct {
	routing chat.Routing
	now     time.Time
	seats   []*seat // who is online, in any order
	// has are the attributes of customers who wait, where a rule looks at them.
	has map[uuid.UUID][]chat.Attribute
	// closed reports whether nothing is given out for an inbox now.
	closed func(inbox uuid.UUID) bool
	// rests reports whether an agent let the conversation go by too short a while
	// ago to be asked again.
	rests func(conv, agent uuid.UUID) bool
}

// route gives out what waits, which is in the order of the queue: each
// conversation to the agent who fits best and is free. One that nobody fits or
// that nobody is free for does not hold up those after it.
func (r *round) route(waiting []chat.Conversation) []gift {
	for _, c := range waiting {
		for _, s := range r.seats {
			if c.OfferStands(r.now) && c.Offered == s.user {
				s.offered = true
			}
		}
	}
	var out []gift
	for _, c := range waiting {
		if c.OfferStands(r.now) && r.online(c.Offered) || r.closed(c.Inbox) {
			continue
		}
		if s := r.pick(c); s != nil {
			if r.routing.Mode == chat.RoutingOffer {
				s.offered = true
			} else {
				s.load++
			}
			s.given = r.now
			out = append(out, gift{c, s})
		}
	}
	return out
}

func (r *round) online(agent uuid.UUID) bool {
	return slices.ContainsFunc(r.seats, func(s *seat) bool { return s.user == agent })
}

// pick gives the seat for c, nil if nobody is free for it.
func (r *round) pick(c chat.Conversation) *seat {
	var free []*seat
	for _, s := range r.fit(c) {
		if s.free() && !r.rests(c.ID, s.user) {
			free = append(free, s)
		}
	}
	if len(free) == 0 {
		return nil
	}
	if r.routing.Sticky && !slices.Contains(c.Passed, c.LastAgent) {
		if i := slices.IndexFunc(free, func(s *seat) bool { return s.user == c.LastAgent }); i >= 0 {
			return free[i]
		}
	}
	return slices.MinFunc(free, func(a, b *seat) int { return r.order(c, a, b) })
}

// order says who of two goes first: who has not let c go by, then as the
// workspace picks, then by what is never the same.
func (r *round) order(c chat.Conversation, a, b *seat) int {
	load := 0
	if r.routing.Pick == chat.PickLeastLoaded {
		load = cmp.Compare(a.share(), b.share())
	}
	return cmp.Or(slices.Index(c.Passed, a.user)-slices.Index(c.Passed, b.user), load, a.given.Compare(b.given), bytes.Compare(a.user[:], b.user[:]))
}

// fit gives who is online and fits c. Its team decides; within it who has the
// skills and speaks the language, or, where nobody who is there does, whoever is
// there: an agent who asks a colleague is better than none.
func (r *round) fit(c chat.Conversation) []*seat {
	skills := r.routing.Needs(c, r.has[c.Customer], c.Reason).Skills
	fits := keep(r.seats, func(s *seat) bool { return c.Team == uuid.Nil || s.teams[c.Team] })
	fits = preferred(fits, func(s *seat) bool { return s.profile.Can(skills) })
	return preferred(fits, func(s *seat) bool { return s.profile.Speaks(c.Locale) })
}

func keep(seats []*seat, is func(*seat) bool) (out []*seat) {
	for _, s := range seats {
		if is(s) {
			out = append(out, s)
		}
	}
	return out
}

// preferred gives those who are so, or all if nobody is.
func preferred(seats []*seat, is func(*seat) bool) []*seat {
	if some := keep(seats, is); len(some) > 0 {
		return some
	}
	return seats
}
