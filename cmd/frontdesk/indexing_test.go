package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// backlog has so many conversations to index in each workspace.
type backlog map[uuid.UUID]int

func (b backlog) Workspaces(context.Context) (all []chat.Workspace, err error) {
	for ws := range b {
		all = append(all, chat.Workspace{ID: ws})
	}
	if len(all) == 0 {
		err = errors.New("out of order")
	}
	return all, err
}

func (b backlog) IndexConversations(_ context.Context, ws uuid.UUID, limit int) (int, error) {
	n := min(b[ws], limit)
	b[ws] -= n
	return n, nil
}

func TestIndexingCatchesUpAndGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		b := backlog{}
		go keepIndexed(ctx, b, slog.New(slog.DiscardHandler))
		synctest.Wait() // it failed
		one, two := uuid.New(), uuid.New()
		b[one], b[two] = 3*indexAtOnce+1, 1
		time.Sleep(indexEvery)
		synctest.Wait()
		if b[one]+b[two] != 0 {
			t.Errorf("left %v", b)
		}
		b[two] = 5
		time.Sleep(indexEvery)
		synctest.Wait()
		if b[two] != 0 {
			t.Errorf("left %v", b)
		}
		stop()
		synctest.Wait()
	})
}
