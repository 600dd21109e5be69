package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

const (
	// choresEvery is how often what is no longer needed is removed.
	choresEvery = time.Hour
	// leasesKept is how long an ended lease is kept: its fence counts on, for
	// whoever was paused for as long as that.
	leasesKept = 24 * time.Hour
	// unsentKept is how long a file may wait for the message that it was uploaded for.
	unsentKept = 24 * time.Hour
)

// chore removes what is older than it needs to be from a workspace, and gives
// how much. Every node does all of them: what is gone is gone.
type chore struct {
	name string
	do   func(ctx context.Context, ws uuid.UUID, now time.Time) (int, error)
}

// chores are those of an installation that keeps records of turns for so many days.
func (c *core) chores(keepTurns int) []chore {
	return []chore{
		{"old records of turns", func(ctx context.Context, ws uuid.UUID, now time.Time) (int, error) {
			return c.store.PruneTurns(ctx, ws, now.AddDate(0, 0, -keepTurns))
		}},
		{"the audit log", c.pruneAudit},
		{"ended leases", func(ctx context.Context, ws uuid.UUID, now time.Time) (int, error) {
			return c.store.SweepLeases(ctx, ws, now.Add(-leasesKept))
		}},
		{"files that nobody sent", func(ctx context.Context, ws uuid.UUID, now time.Time) (int, error) {
			return c.store.SweepFiles(ctx, ws, now.Add(-unsentKept))
		}},
		{"old activity of customers", func(ctx context.Context, ws uuid.UUID, now time.Time) (int, error) {
			return c.store.PruneActivity(ctx, ws, now.Add(-chat.KeepActivity))
		}},
		{"expired links", func(ctx context.Context, ws uuid.UUID, now time.Time) (int, error) {
			return c.store.SweepResumes(ctx, ws, now)
		}},
	}
}

// pruneAudit forgets what was done before what the workspace keeps.
func (c *core) pruneAudit(ctx context.Context, ws uuid.UUID, now time.Time) (int, error) {
	s := chat.DefaultStaffSettings()
	set, err := c.store.Setting(ctx, ws, uuid.Nil, chat.StaffSettingsName)
	if err == nil {
		err = json.Unmarshal(set.Value, &s)
	}
	if err != nil && chat.CodeOf(err) != chat.CodeNotFound {
		return 0, err
	}
	return c.store.PruneAudit(ctx, ws, now.AddDate(0, 0, -s.AuditDays))
}

// keepTidy does the chores now and then, until ctx ends. One that fails is
// logged and tried again the next time.
func keepTidy(ctx context.Context, workspaces func(context.Context) ([]chat.Workspace, error), chores []chore, log *slog.Logger) {
	tick := time.NewTicker(choresEvery)
	defer tick.Stop()
	for {
		tidy(ctx, workspaces, chores, log)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func tidy(ctx context.Context, workspaces func(context.Context) ([]chat.Workspace, error), chores []chore, log *slog.Logger) {
	spaces, err := workspaces(ctx)
	if err != nil && ctx.Err() == nil {
		log.Warn("nothing is tidied up now", "err", err)
	}
	for _, ws := range spaces {
		for _, c := range chores {
			n, err := c.do(ctx, ws.ID, time.Now())
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				log.Warn("not tidied up", "what", c.name, "err", err)
			case n > 0:
				log.Info("tidied up", "what", c.name, "removed", n)
			}
		}
	}
}
