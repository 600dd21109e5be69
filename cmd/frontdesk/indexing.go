package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

const (
	// indexEvery is how long a conversation may be found by its old words only;
	// a search indexes what it can before it looks, so that nobody waits for this.
	indexEvery = time.Second
	// indexAtOnce is how many conversations are indexed before others get their
	// turn: a tenth of a second, on SQLite.
	indexAtOnce = 256
)

// indexer is what conversations are indexed by.
type indexer interface {
	Workspaces(ctx context.Context) ([]chat.Workspace, error)
	IndexConversations(ctx context.Context, ws uuid.UUID, limit int) (int, error)
}

// keepIndexed indexes what was said, for the search over conversations, until
// ctx ends. On several nodes each does it: what one has indexed the others leave.
func keepIndexed(ctx context.Context, s indexer, log *slog.Logger) {
	tick := time.NewTicker(indexEvery)
	defer tick.Stop()
	for {
		if err := indexAll(ctx, s); err != nil && ctx.Err() == nil {
			log.Warn("conversations are not indexed now; those that changed may not be found", "err", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func indexAll(ctx context.Context, s indexer) error {
	spaces, err := s.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, ws := range spaces {
		for {
			n, err := s.IndexConversations(ctx, ws.ID, indexAtOnce)
			if err != nil {
				return err
			}
			if n < indexAtOnce {
				break
			}
		}
	}
	return nil
}
