package handoff

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Roster is what a Router asks about the staff, beside the desk's Surroundings.
type Roster interface {
	Workspaces(ctx context.Context) ([]chat.Workspace, error)
	Setting(ctx context.Context, ws, inbox uuid.UUID, name string) (chat.Setting, error)
	Profiles(ctx context.Context, ws uuid.UUID) ([]chat.Profile, error)
	Teams(ctx context.Context, ws uuid.UUID) ([]chat.Team, error)
	AcquireLease(ctx context.Context, ws uuid.UUID, key, holder string, until time.Time) (chat.Lease, error)
}

// How often a Router looks, and how long it leaves between two looks that
// something has set off: a customer waits a second at most without anybody
// being asked who could.
const (
	routeEvery = time.Second
	routeGap   = 200 * time.Millisecond
)

// routeLease is for how long a node is the one that routes: two nodes at once
// could give one agent more than she can take. It is renewed at half time.
const routeLease = 6 * time.Second

// restAtLeast is for how long an agent who let a conversation go by is not asked
// again, where nobody else is there for it either.
const restAtLeast = time.Minute

// Router gives conversations that wait to agents, as their workspace's
// chat.Routing says. Each act is a compare-and-set, so that several Routers do
// no harm. Close it once.
type Router struct {
	desk   *Desk
	roster Roster
	node   string // "" routes without a lease: no other process can
	wake   chan struct{}
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu     sync.Mutex // one round at a time; guards what follows
	leases map[uuid.UUID]time.Time
	given  map[uuid.UUID]time.Time // to agents, when last
	passed map[pass]time.Time      // until when an agent is not asked again
}

// pass is a conversation that an agent let go by.
type pass struct{ conv, agent uuid.UUID }

// RouterOptions are what a Router is made of. Node names this process among
// those that share the store; "" if none does.
type RouterOptions struct {
	Desk   *Desk
	Roster Roster
	Node   string
}

// NewRouter starts a Router.
func NewRouter(o RouterOptions) *Router {
	r := newRouter(o)
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	r.done.Go(func() { r.run(ctx) })
	return r
}

func newRouter(o RouterOptions) *Router {
	return &Router{desk: o.Desk, roster: o.Roster, node: o.Node, wake: make(chan struct{}, 1),
		leases: map[uuid.UUID]time.Time{}, given: map[uuid.UUID]time.Time{}, passed: map[pass]time.Time{}}
}

func (r *Router) run(ctx context.Context) {
	tick := time.NewTicker(routeEvery)
	defer tick.Stop()
	for {
		r.Look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-time.After(routeGap):
		}
		select {
		case <-tick.C:
		case <-r.wake:
		case <-ctx.Done():
			return
		}
	}
}

// Close waits for what is under way.
func (r *Router) Close() {
	r.cancel()
	r.done.Wait()
}

// Wake has it look again soon: something waits, or somebody has come. It does not block.
func (r *Router) Wake() {
	select {
	case r.wake <- struct{}{}:
	default: // it is awake
	}
}

// Look does one round over all workspaces. What fails is logged, and tried
// again in the next round.
func (r *Router) Look(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	spaces, err := r.roster.Workspaces(ctx)
	if err == nil {
		for _, ws := range spaces {
			if e := r.look(ctx, ws.ID); e != nil {
				err = e
			}
		}
	}
	if err != nil && ctx.Err() == nil {
		r.desk.log.WarnContext(ctx, "handoff: cannot give out what waits now; trying again", "err", err)
	}
}

func (r *Router) look(ctx context.Context, ws uuid.UUID) error {
	routing, err := ReadRouting(ctx, r.roster, ws)
	if err != nil || routing.Mode == chat.RoutingManual || !r.mine(ctx, ws) {
		return err
	}
	// Of a longer queue, the first are given out first.
	page, err := r.desk.sur.Conversations(ctx, ws, chat.ConversationQuery{View: chat.ViewQueue, Limit: maxPage})
	if err != nil || len(page.Conversations) == 0 {
		return err
	}
	now := r.desk.now()
	r.notePasses(page.Conversations, routing, now)
	seats, err := r.seats(ctx, ws, routing)
	if err != nil || len(seats) == 0 {
		return err
	}
	round := round{routing: routing, now: now, seats: seats, rests: r.rests(now), closed: r.closed(ctx, ws, routing, now)}
	if routing.ByAttribute() {
		round.has = r.desk.attributes(ctx, ws, page.Conversations)
	}
	for _, g := range round.route(page.Conversations) {
		if err := r.give(ctx, ws, routing, g, now); err != nil {
			return err
		}
	}
	return nil
}

// ReadRouting gives a workspace's routing: as it is set, else as it is by default.
func ReadRouting(ctx context.Context, from interface {
	Setting(ctx context.Context, ws, inbox uuid.UUID, name string) (chat.Setting, error)
}, ws uuid.UUID) (chat.Routing, error) {
	routing := chat.DefaultRouting()
	s, err := from.Setting(ctx, ws, uuid.Nil, chat.RoutingSetting)
	switch {
	case chat.CodeOf(err) == chat.CodeNotFound:
		return routing, nil
	case err != nil:
		return routing, err
	}
	if err := json.Unmarshal(s.Value, &routing); err != nil {
		return routing, fmt.Errorf("handoff: setting %q: %w", chat.RoutingSetting, err)
	}
	return routing, nil
}

// mine reports whether this node is the one that routes.
func (r *Router) mine(ctx context.Context, ws uuid.UUID) bool {
	now := r.desk.now()
	if r.node == "" || r.leases[ws].Sub(now) > routeLease/2 {
		return true
	}
	lease, err := r.roster.AcquireLease(ctx, ws, "router", r.node, now.Add(routeLease))
	if err != nil {
		delete(r.leases, ws)
		return false // another node has it, or the store is not there: the next round tells
	}
	r.leases[ws] = lease.Until
	return true
}

// seats gives the agents who are online.
func (r *Router) seats(ctx context.Context, ws uuid.UUID, routing chat.Routing) ([]*seat, error) {
	present, err := r.desk.sur.Presence(ctx, ws)
	if err != nil {
		return nil, err
	}
	profiles, err := r.roster.Profiles(ctx, ws)
	if err != nil {
		return nil, err
	}
	teams, err := r.roster.Teams(ctx, ws)
	if err != nil {
		return nil, err
	}
	var out []*seat
	for _, p := range present {
		if p.State != chat.PresenceOnline {
			continue
		}
		has, err := r.desk.sur.CountConversations(ctx, ws, p.User)
		if err != nil {
			return nil, err
		}
		s := &seat{user: p.User, name: p.Name, capacity: routing.Capacity, load: has.Mine, given: r.given[p.User], teams: map[uuid.UUID]bool{}}
		for _, profile := range profiles {
			if profile.User == p.User {
				s.profile = profile
				if profile.Capacity > 0 {
					s.capacity = profile.Capacity
				}
			}
		}
		for _, t := range teams {
			for _, m := range t.Members {
				s.teams[t.ID] = s.teams[t.ID] || m == p.User
			}
		}
		out = append(out, s)
	}
	return out, nil
}

// give offers or assigns a conversation. One that has moved on is left alone.
func (r *Router) give(ctx context.Context, ws uuid.UUID, routing chat.Routing, g gift, now time.Time) error {
	t := chat.Transition{Epoch: g.conv.Epoch, Status: chat.StatusOpen, By: chat.Sender{Kind: chat.PartySystem}}
	kind := EventOffered
	if routing.Mode == chat.RoutingOffer {
		t.To = chat.OwnerQueue
		t.Offer = &chat.Offer{Agent: g.seat.user, Until: now.Add(time.Duration(routing.OfferSeconds) * time.Second), Instead: g.conv.Offered}
	} else {
		t.To, t.Agent, t.Name, t.Reason, kind = chat.OwnerAgent, g.seat.user, g.seat.name, chat.ReasonAssigned, EventAssigned
	}
	after, _, err := r.desk.store.Transition(ctx, ws, g.conv.ID, t)
	switch chat.CodeOf(err) {
	case "":
	case chat.CodeStale, chat.CodeConflict:
		return nil
	default:
		return fmt.Errorf("give %s to %s: %w", g.conv.ID, g.seat.name, err)
	}
	r.given[g.seat.user] = now
	if t.Offer != nil { // whatever comes of it, she is not asked again at once
		r.pass(pass{g.conv.ID, g.seat.user}, t.Offer.Until.Add(restOf(routing)))
	}
	if g.conv.Offered != uuid.Nil {
		r.desk.observe(Event{Kind: EventOfferLapsed, Workspace: ws, Conversation: g.conv.ID})
	}
	r.desk.observe(Event{Kind: kind, Workspace: ws, Conversation: g.conv.ID})
	if t.To == chat.OwnerAgent {
		r.desk.observeWait(ctx, ws, g.conv, after.UpdatedAt.Sub(g.conv.Waiting))
	}
	return nil
}

// notePasses notes who has let what go by, and who was given something by
// another node, and forgets what is over.
func (r *Router) notePasses(waiting []chat.Conversation, routing chat.Routing, now time.Time) {
	for key, until := range r.passed {
		if now.Sub(until) > 24*time.Hour {
			delete(r.passed, key)
		}
	}
	rest := restOf(routing)
	for _, c := range waiting {
		if c.Reason == chat.ReasonReleased || c.Reason == chat.ReasonTransferred { // who just gave it away does not want it back
			r.pass(pass{c.ID, c.LastAgent}, c.Waiting.Add(rest))
		}
		for _, agent := range c.Passed {
			if _, known := r.passed[pass{c.ID, agent}]; !known {
				r.passed[pass{c.ID, agent}] = now.Add(rest)
			}
		}
		if c.Offered == uuid.Nil {
			continue
		}
		// A lapsed offer counts from its end, each time anew.
		if !c.OfferStands(now) {
			r.pass(pass{c.ID, c.Offered}, c.OfferedUntil.Add(rest))
		}
		if at := c.OfferedUntil.Add(-time.Duration(routing.OfferSeconds) * time.Second); at.After(r.given[c.Offered]) {
			r.given[c.Offered] = at
		}
	}
}

// pass notes that an agent is not asked again about a conversation until then.
func (r *Router) pass(key pass, until time.Time) {
	if until.After(r.passed[key]) {
		r.passed[key] = until
	}
}

// restOf is for how long an agent who let a conversation go by is not asked again.
func restOf(routing chat.Routing) time.Duration {
	return max(restAtLeast, 2*time.Duration(routing.OfferSeconds)*time.Second)
}

func (r *Router) rests(now time.Time) func(conv, agent uuid.UUID) bool {
	return func(conv, agent uuid.UUID) bool { return r.passed[pass{conv, agent}].After(now) }
}

// closed gives whether an inbox gives nothing out now; each is asked about once a round.
func (r *Router) closed(ctx context.Context, ws uuid.UUID, routing chat.Routing, now time.Time) func(inbox uuid.UUID) bool {
	known := map[uuid.UUID]bool{}
	return func(inbox uuid.UUID) bool {
		if !routing.HoursOnly {
			return false
		}
		shut, ok := known[inbox]
		if !ok {
			open, _ := r.desk.hours(ctx, ws, inbox).Next(now)
			shut = open.After(now)
			known[inbox] = shut
		}
		return shut
	}
}
