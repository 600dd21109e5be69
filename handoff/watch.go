package handoff

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Unmoved is what a Watch needs to find conversations that nobody moves.
type Unmoved interface {
	Workspaces(ctx context.Context) ([]chat.Workspace, error)
	PromisesToActOn(ctx context.Context, ws uuid.UUID, limit int) ([]chat.Promise, error)
	Due(ctx context.Context, ws uuid.UUID, limit int) ([]chat.Conversation, error)
}

// watchEvery is how often a Watch looks: a sixth of the 30 s after which a
// customer without an answer, a person or a promise counts as an orphan.
const watchEvery = 5 * time.Second

// Watch looks after conversations that nobody moves any more. Those of agents
// who are gone go back to the queue when their customer waits, what was snoozed
// until now is woken (snooze.go), a promise rises before its time, and one that
// was broken is told, with an apology and a new time (ledger.go). It may run on every
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
		if err := w.wake(ctx, ws.ID); err != nil {
			w.complain(ctx, "wake what was snoozed", err)
		}
		if err := w.attend(ctx, ws.ID); err != nil {
			w.complain(ctx, "see to promises", err)
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
			if err := w.desk.takeBack(ctx, ws, c, agent.Name, chat.ReasonVanished); err != nil {
				return err
			}
		}
	}
	return nil
}

// waitingFor gives the conversations of an agent whose customers wait. To have
// put one off is no answer.
func (w *Watch) waitingFor(ctx context.Context, ws, agent uuid.UUID) (waiting []chat.Conversation, err error) {
	for _, view := range []chat.View{chat.ViewMine, chat.ViewSnoozed} {
		for q := (chat.ConversationQuery{View: view, Agent: agent, Limit: maxPage}); ; {
			page, err := w.desk.sur.Conversations(ctx, ws, q)
			if err != nil {
				return nil, err
			}
			for _, c := range page.Conversations {
				if owed(c) {
					waiting = append(waiting, c)
				}
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
	}
	return waiting, nil
}

// takeBack gives a conversation of an agent who is gone to the queue. A promise
// that still stands is kept; else the customer gets one.
func (d *Desk) takeBack(ctx context.Context, ws uuid.UUID, c chat.Conversation, agent string, why chat.Reason) error {
	m := move{kind: moveRequeue, by: chat.Sender{Kind: chat.PartySystem, Name: agent}, reason: why, priority: chat.PriorityHigh, cause: causeOf(why)}
	c.Priority = chat.PriorityHigh
	notice, promised := d.notice(ctx, ws, c, aColleague)
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
