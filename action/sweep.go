package action

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

const (
	// sweepEvery is how often calls that were left behind are looked for: a lost
	// change is reported within its time and this.
	sweepEvery = 5 * time.Second
	// beginWithin is how long a confirmed change may wait for the node that took
	// the confirmation; then any node makes it.
	beginWithin = 10 * time.Second
	sweepPage   = 200
)

// sweep looks for what a crash has left, at the start and then for ever.
func (e *Engine) sweep() {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := e.Sweep(e.ctx); err != nil && e.ctx.Err() == nil {
			e.o.Log.Warn("action: looking for calls that were left behind failed", "err", err)
		}
		select {
		case <-tick.C:
		case <-e.ctx.Done():
			return
		}
	}
}

// Sweep looks once at every call that is still to come to an end.
func (e *Engine) Sweep(ctx context.Context) error {
	workspaces, err := e.o.Store.Workspaces(ctx)
	if err != nil {
		return fmt.Errorf("action: workspaces: %w", err)
	}
	for _, ws := range workspaces {
		q := chat.CallQuery{States: []chat.CallState{chat.CallProposed, chat.CallConfirmed, chat.CallRunning}, Limit: sweepPage}
		for {
			calls, err := e.o.Store.Calls(ctx, ws.ID, q)
			if err != nil {
				return fmt.Errorf("action: calls of %s: %w", ws.ID, err)
			}
			for _, c := range calls {
				e.settle(ctx, ws.ID, c)
			}
			if len(calls) < sweepPage {
				break
			}
			q.Before = calls[len(calls)-1].ID
		}
	}
	return nil
}

// settle brings a call to its end if whoever should have is not there any more.
func (e *Engine) settle(ctx context.Context, ws uuid.UUID, c chat.Call) {
	now := e.o.Now()
	switch {
	case c.State == chat.CallConfirmed && now.Sub(c.UpdatedAt) > beginWithin:
		e.carryOut(ws, c)
	case c.State == chat.CallProposed && now.After(c.Until):
		e.expire(ctx, ws, c)
	case c.State == chat.CallRunning && now.After(c.Until) && c.Write:
		e.lost(ctx, ws, c, chat.CallMove{Call: c.ID, From: chat.CallRunning, To: chat.CallUnknown, Error: "the server stopped while the shop was asked"})
	case c.State == chat.CallRunning && now.After(c.Until):
		e.end(ctx, ws, chat.CallMove{Call: c.ID, From: chat.CallRunning, To: chat.CallFailed, Error: "the server stopped while the shop was asked"})
	}
}
