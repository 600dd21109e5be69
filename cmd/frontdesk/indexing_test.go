package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// backlog has so many conversations to index in each workspace.
type backlog struct {
	mu   sync.Mutex
	left map[uuid.UUID]int
}

func (b *backlog) add(ws uuid.UUID, n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left[ws] += n
}

func (b *backlog) sum() (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, left := range b.left {
		n += left
	}
	return n
}

func (b *backlog) Workspaces(context.Context) (all []chat.Workspace, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for ws := range b.left {
		all = append(all, chat.Workspace{ID: ws})
	}
	if len(all) == 0 {
		err = errors.New("out of order")
	}
	return all, err
}

func (b *backlog) IndexConversations(_ context.Context, ws uuid.UUID, limit int) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := min(b.left[ws], limit)
	b.left[ws] -= n
	return n, nil
}

func TestIndexingCatchesUpAndGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		b := &backlog{left: map[uuid.UUID]int{}}
		go keepIndexed(ctx, b, slog.New(slog.DiscardHandler))
		synctest.Wait() // it failed
		one, two := uuid.New(), uuid.New()
		b.add(one, 3*indexAtOnce+1)
		b.add(two, 1)
		time.Sleep(indexEvery)
		synctest.Wait()
		if n := b.sum(); n != 0 {
			t.Errorf("%d left", n)
		}
		b.add(two, 5)
		time.Sleep(indexEvery)
		synctest.Wait()
		if n := b.sum(); n != 0 {
			t.Errorf("%d left", n)
		}
		stop()
		synctest.Wait()
	})
}
