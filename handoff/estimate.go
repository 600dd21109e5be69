package handoff

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Expect gives what is told to somebody who waits and has had this place in
// the queue for so long (0: since now): the place, from 1, and the range of
// minutes that are usually left. A range of 0 to 0: it is not known.
func (d *Desk) Expect(ctx context.Context, ws uuid.UUID, place int, here time.Duration) chat.Told {
	u, err := d.waits.of(ctx, d.sur.Waits, ws, d.now())
	if err != nil {
		d.log.WarnContext(ctx, "handoff: how long do people wait?", "err", err)
	}
	return u.told(place, here, d.now())
}

// observeWait compares how long c waited with what its customer was told.
func (d *Desk) observeWait(ctx context.Context, ws uuid.UUID, c chat.Conversation, waited time.Duration) {
	if d.observer == nil {
		return
	}
	told, err := d.sur.Told(ctx, ws, c.ID)
	switch {
	case err != nil:
		d.log.WarnContext(ctx, "handoff: what was the customer told?", "conversation", c.ID, "err", err)
	case told.Estimated() && told.Holds(waited):
		d.observe(Event{Kind: EventWaitAsTold, Workspace: ws, Conversation: c.ID})
	case told.Estimated():
		d.observe(Event{Kind: EventWaitNotAsTold, Workspace: ws, Conversation: c.ID})
	}
}

// waitsFor is how long recent waits that were read count as all there are.
const waitsFor = time.Minute

// recentWaits remembers recent waits of workspaces for a while: each customer
// who waits is told anew at each change of the queue.
type recentWaits struct {
	mu   sync.Mutex
	byWS map[uuid.UUID]readWaits
}

type readWaits struct {
	usual
	at time.Time
}

func (r *recentWaits) of(ctx context.Context, read func(context.Context, uuid.UUID, int) ([]chat.Wait, error), ws uuid.UUID, now time.Time) (usual, error) {
	r.mu.Lock()
	known, ok := r.byWS[ws]
	r.mu.Unlock()
	if ok && now.Sub(known.at) < waitsFor && !now.Before(known.at) {
		return known.usual, nil
	}
	waits, err := read(ctx, ws, waitSample)
	if err != nil {
		return known.usual, err
	}
	known = readWaits{newUsual(waits), now}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byWS == nil {
		r.byWS = map[uuid.UUID]readWaits{}
	}
	r.byWS[ws] = known
	return known.usual, nil
}

// The range that is told to somebody who begins to wait holds spread of the
// recent waits that began like theirs, around their median: 8 in 10, so that
// one that is wrong is the exception, and the range still says something.
const spread = .8

const (
	waitSample = 2000 // recent waits that are looked at: weeks of a small desk, the day of a big one
	waitEnough = 5    // waits below which nothing is said
	// waitAlike is how many waits that began alike are wanted before what is
	// less alike is left out, and waitNewest how many of them, the newest, count:
	// a desk changes.
	waitAlike  = 15
	waitNewest = 60
)

// usual is what waits have been like lately.
type usual struct{ waits []chat.Wait }

// newUsual takes waits, newest first. Those whose customers were told no place,
// because nobody was there, say nothing of those for whom somebody is.
func newUsual(waits []chat.Wait) usual {
	return usual{slices.DeleteFunc(slices.Clone(waits), func(w chat.Wait) bool { return w.Place == 0 })}
}

// told gives the range for who has had this place for a while (here) at now:
// from waits that began at this hour and place and were longer than that, or,
// while there are few of these, less and less like it. 0 to 0 when there are
// too few of any kind.
func (u usual) told(place int, here time.Duration, now time.Time) chat.Told {
	t := chat.Told{Place: place}
	if len(u.waits) < waitEnough || place == 0 {
		return t
	}
	for _, alike := range likenesses {
		found := u.like(alike, place, here, now)
		if len(found) >= alike.enough {
			slices.Sort(found)
			from, to := inner(len(found))
			t.MinWait, t.MaxWait = chat.Minutes(found[from]), chat.Minutes(found[to])
			return t
		}
	}
	return t
}

// like gives how much longer the newest waits of a likeness were than here, those that were.
func (u usual) like(alike likeness, place int, here time.Duration, now time.Time) []time.Duration {
	found := make([]time.Duration, 0, waitNewest)
	for _, w := range u.waits {
		if len(found) == waitNewest {
			break
		}
		if alike.is(w, place, now) {
			// Each place before one's own is a conversation that somebody must take first.
			if waited := w.Waited * time.Duration(place) / time.Duration(w.Place); here == 0 || waited > here {
				found = append(found, waited-here)
			}
		}
	}
	return found
}

// likeness is a way in which a wait was like one that begins now.
type likeness struct {
	enough int
	is     func(w chat.Wait, place int, now time.Time) bool
}

// likenesses, the closest first.
var likenesses = []likeness{
	{waitAlike, func(w chat.Wait, place int, now time.Time) bool {
		return near(w.Place, place) && apart(w.Began(), now) <= time.Hour && restDay(w.Began()) == restDay(now)
	}},
	{waitAlike, func(w chat.Wait, place int, now time.Time) bool {
		return near(w.Place, place) && apart(w.Began(), now) <= 2*time.Hour
	}},
	{waitAlike, func(w chat.Wait, place int, now time.Time) bool {
		return akin(w.Place, place) && apart(w.Began(), now) <= 2*time.Hour
	}},
	{waitEnough, func(w chat.Wait, place int, _ time.Time) bool { return akin(w.Place, place) }},
	{waitEnough, func(chat.Wait, int, time.Time) bool { return true }},
}

// near reports whether two places are the same for who waits: to a quarter.
func near(a, b int) bool { return 4*max(a-b, b-a) <= b }

// akin reports whether one place is at most twice the other.
func akin(a, b int) bool { return a <= 2*b && b <= 2*a }

// apart gives how far the hours of two times are from each other, whatever the
// days. Zones do not matter: only the distance does.
func apart(a, b time.Time) time.Duration {
	const day = 24 * time.Hour
	d := a.Sub(b).Abs() % day
	return min(d, day-d)
}

func restDay(t time.Time) bool { return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday }

// inner gives which of n sorted waits bound the range that one more falls into
// with a probability of at least spread, if it is like them: of few, the least
// and the longest. They are the ranks of a conformal interval (Vovk, 2005).
func inner(n int) (from, to int) {
	from = int((1-spread)/2*float64(n+1)) - 1
	return max(0, from), min(n-1, n-1-from)
}
