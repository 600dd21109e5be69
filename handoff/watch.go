package handoff

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Unmoved is what a Watch needs to find conversations that nobody moves.
type Unmoved interface {
	Workspaces(ctx context.Context) ([]chat.Workspace, error)
	Overdue(ctx context.Context, ws uuid.UUID, limit int) ([]chat.Conversation, error)
}

// watchEvery is how often a Watch looks: a sixth of the 30 s after which a
// customer without an answer, a person or a promise counts as an orphan.
const watchEvery = 5 * time.Second

// Watch looks after conversations that nobody moves any more. Those of agents
// who are gone go back to the queue when their customer waits, and a promise
// that was broken is told, with an apology and a new time. It may run on every
// node: each act is a compare-and-set or has an id of its own. Close it once.
type Watch struct {
	desk   *Desk
	find   Unmoved
	log    *slog.Logger
	cancel context.CancelFunc
	done   sync.WaitGroup
}

// NewWatch starts a Watch.
func NewWatch(desk *Desk, find Unmoved) *Watch {
	ctx, cancel := context.WithCancel(context.Background())
	w := &Watch{desk: desk, find: find, log: desk.log, cancel: cancel}
	w.done.Go(func() {
		tick := time.NewTicker(watchEvery)
		defer tick.Stop()
		for {
			w.Look(ctx)
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	})
	return w
}

// Close waits for what is under way.
func (w *Watch) Close() {
	w.cancel()
	w.done.Wait()
}

// Look does one round over all workspaces. What fails is logged, and tried
// again in the next round.
func (w *Watch) Look(ctx context.Context) {
	spaces, err := w.find.Workspaces(ctx)
	if err != nil {
		w.complain(ctx, "list workspaces", err)
	}
	for _, ws := range spaces {
		if err := w.requeue(ctx, ws.ID); err != nil {
			w.complain(ctx, "take conversations of absent agents back", err)
		}
		if err := w.renew(ctx, ws.ID); err != nil {
			w.complain(ctx, "renew broken promises", err)
		}
	}
}

func (w *Watch) complain(ctx context.Context, what string, err error) {
	if ctx.Err() == nil {
		w.log.WarnContext(ctx, "handoff: cannot "+what+" now; trying again", "err", err)
	}
}

// requeue takes the conversations of agents who are offline back to the queue,
// where the customer waits for their word.
func (w *Watch) requeue(ctx context.Context, ws uuid.UUID) error {
	agents, err := w.desk.sur.Presence(ctx, ws)
	if err != nil {
		return err
	}
	for _, agent := range agents {
		if agent.State != chat.PresenceOffline {
			continue
		}
		left, err := w.waitingFor(ctx, ws, agent.User)
		if err != nil {
			return err
		}
		for _, c := range left {
			if err := w.desk.takeBack(ctx, ws, c, agent.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

// waitingFor gives the conversations of an agent whose customers wait.
func (w *Watch) waitingFor(ctx context.Context, ws, agent uuid.UUID) (waiting []chat.Conversation, err error) {
	for q := (chat.ConversationQuery{View: chat.ViewMine, Agent: agent, Limit: maxPage}); ; {
		page, err := w.desk.sur.Conversations(ctx, ws, q)
		if err != nil {
			return nil, err
		}
		for _, c := range page.Conversations {
			if c.Unanswered() || !c.Promised.IsZero() || forgotten(c) {
				waiting = append(waiting, c)
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return waiting, nil
		}
	}
}

// takeBack gives a conversation of an agent who is gone to the queue. A promise
// that still stands is kept; else the customer gets one.
func (d *Desk) takeBack(ctx context.Context, ws uuid.UUID, c chat.Conversation, agent string) error {
	m := move{kind: moveRequeue, by: chat.Sender{Kind: chat.PartySystem, Name: agent}, reason: chat.ReasonVanished, priority: chat.PriorityHigh}
	c.Priority = chat.PriorityHigh
	notice, promised := d.notice(ctx, ws, c)
	m.entries, m.promised = []chat.Draft{notice}, promised
	_, err := d.apply(ctx, ws, c, m)
	switch chat.CodeOf(err) {
	case "":
		d.observe(Event{Kind: EventTakenBack, Workspace: ws, Conversation: c.ID})
		d.log.InfoContext(ctx, "handoff: an agent is gone, and the customer waits: back to the queue", "conversation", c.ID, "agent", c.Agent)
		return nil
	case chat.CodeStale, chat.CodeForbidden, chat.CodeClosed: // somebody moved it
		return nil
	}
	return err
}

// renewMost is how many broken promises are told in a round.
const renewMost = 100

// renew tells customers of broken promises, and promises anew.
func (w *Watch) renew(ctx context.Context, ws uuid.UUID) error {
	broken, err := w.find.Overdue(ctx, ws, renewMost)
	if err != nil {
		return err
	}
	for _, c := range broken {
		if err := w.desk.apologise(ctx, ws, c); err != nil {
			return err
		}
	}
	return nil
}

// apologise tells the customer that a promised time has passed, with a new
// one, and raises the conversation in the queue.
func (d *Desk) apologise(ctx context.Context, ws uuid.UUID, c chat.Conversation) error {
	before, err := d.apologies(ctx, ws, c)
	if err != nil {
		return err
	}
	hours, now := d.hours(ctx, ws, c.Inbox), d.now()
	promised := hours.PromiseWithin(now, patience(before))
	email := d.knownEmail(ctx, ws, c)
	said := chat.Draft{
		// The id stands for the broken promise: it is told once, whichever node is first.
		ClientID: uuid.NewSHA1(c.ID, []byte("overdue "+c.Promised.UTC().Format(time.RFC3339Nano))),
		From:     chat.Sender{Kind: chat.PartySystem}, Kind: chat.KindNotice, Text: overdueWords(hours, c.Promised, now, promised, email),
		Body: chat.Body{Notice: &chat.Notice{Kind: chat.NoticeOverdue, Promised: promised, Email: email, AskEmail: email == ""}},
	}
	_, _, err = d.store.Transition(ctx, ws, c.ID, chat.Transition{
		Epoch: c.Epoch, To: c.Owner, Status: c.Status, Agent: c.Agent, Priority: chat.PriorityHigh,
		By: said.From, Entries: []chat.Draft{said}, Promised: promised,
	})
	switch chat.CodeOf(err) {
	case "":
		d.observe(Event{Kind: EventPromiseBroken, Workspace: ws, Conversation: c.ID})
		d.log.WarnContext(ctx, "handoff: a promised time has passed; the customer was told", "conversation", c.ID, "promised", c.Promised, "now", promised)
		return nil
	case chat.CodeStale, chat.CodeConflict: // moved, or told by another node
		return nil
	}
	return fmt.Errorf("tell the customer of %s: %w", c.ID, err)
}

// apologies counts those since a person last spoke.
func (d *Desk) apologies(ctx context.Context, ws uuid.UUID, c chat.Conversation) (n int, err error) {
	entries, err := d.store.Entries(ctx, ws, c.ID, chat.LogPublic, max(0, c.LastSeq-briefEntries), briefEntries)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		switch {
		case e.Kind == chat.KindMessage && e.From.Kind == chat.PartyAgent:
			n = 0
		case e.Notice != nil && e.Notice.Kind == chat.NoticeOverdue:
			n++
		}
	}
	return n, nil
}

// patience gives how much opening time a new promise takes after so many broken
// ones: twice as much each time, up to a week of it, because an apology every
// two hours is worse than a later time that may be kept.
func patience(broken int) time.Duration {
	const week = 40 * time.Hour
	if broken > 4 {
		return week
	}
	return min(week, answerWithin<<broken)
}

func overdueWords(h Hours, old, now, promised time.Time, email string) string {
	words := fmt.Sprintf("You should have had an answer by %s, and nobody has written. I'm sorry. The new time is %s", h.SayPast(old, now), h.SayDue(promised, now))
	if email != "" {
		return words + ", here and at " + email + "."
	}
	return words + "."
}
