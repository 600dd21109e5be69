package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/insight"
)

// insightStore is what a supervisor's figures are made of.
type insightStore interface {
	Tallies(ctx context.Context, ws uuid.UUID, q chat.FactQuery) ([]chat.Tally, error)
	HelpTallies(ctx context.Context, ws uuid.UUID, q chat.FactQuery) ([]chat.HelpTally, error)
	Delays(ctx context.Context, ws uuid.UUID, q chat.FactQuery) ([]chat.Delay, error)
	Waiting(ctx context.Context, ws, inbox uuid.UUID) ([]chat.Waiting, error)
	Waits(ctx context.Context, ws uuid.UUID, limit int) ([]chat.Wait, error)
	Loads(ctx context.Context, ws uuid.UUID) ([]chat.Load, error)
	Profiles(ctx context.Context, ws uuid.UUID) ([]chat.Profile, error)
	PromiseStats(ctx context.Context, ws uuid.UUID, since time.Time) (chat.PromiseStats, error)
}

// toldSample is how many of the newest waits are compared with what was told:
// weeks of a small desk, the day of a big one.
const toldSample = 2000

func (g *Gateway) insightOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/insight", "insight", "How the desk does: who is served by whom, waits, ratings, promises. What each agent did is for admins and the agent", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *struct {
			Days  int       `query:"days" minimum:"1" maximum:"90" default:"1" doc:"Today and the days before, as the inbox's time zone has them"`
			Inbox uuid.UUID `query:"inbox" doc:"Of an inbox; left out: of all, in the time zone of the oldest"`
		}) (insight.Report, error) {
			r, err := g.insight(ctx, who.workspace.ID, in.Inbox, in.Days)
			if err == nil && !who.user.Role.Can(chat.RoleAdmin) {
				r = r.Without(who.user.ID)
			}
			return r, err
		})
}

func (g *Gateway) insight(ctx context.Context, ws, inbox uuid.UUID, days int) (insight.Report, error) {
	zone, err := g.zoneOf(ctx, ws, inbox)
	if err != nil {
		return insight.Report{}, err
	}
	now := g.o.Now()
	// What happened at this very moment counts.
	in := insight.Input{Since: insight.Days(now, zone, days).UTC(), Until: now.UTC().Add(time.Microsecond), Zone: zone}
	for _, read := range []func() error{
		func() (err error) {
			in.Tallies, err = g.store.Tallies(ctx, ws, chat.FactQuery{Since: in.Since, Until: in.Until, Inbox: inbox})
			return err
		},
		func() (err error) {
			in.Help, err = g.store.HelpTallies(ctx, ws, chat.FactQuery{Since: in.Since, Until: in.Until, Inbox: inbox})
			return err
		},
		func() (err error) {
			in.Delays, err = g.store.Delays(ctx, ws, chat.FactQuery{Since: in.Since, Until: in.Until, Inbox: inbox})
			return err
		},
		func() (err error) { in.Waiting, err = g.store.Waiting(ctx, ws, inbox); return err },
		func() (err error) { in.Loads, err = g.store.Loads(ctx, ws); return err },
		func() (err error) { in.Orphans, err = g.store.Orphans(ctx, ws, now.Add(-orphanAge)); return err },
		func() (err error) { in.Users, err = g.store.Users(ctx, ws); return err },
		func() (err error) { in.Presence, err = g.store.Presence(ctx, ws); return err },
		func() (err error) { in.Profiles, err = g.store.Profiles(ctx, ws); return err },
		func() (err error) { in.Capacity, err = g.capacity(ctx, ws); return err },
	} {
		if err := read(); err != nil {
			return insight.Report{}, err
		}
	}
	if inbox != uuid.Nil { // what follows is not kept by inbox
		return insight.New(in), nil
	}
	if in.Told, err = g.store.Waits(ctx, ws, toldSample); err != nil {
		return insight.Report{}, err
	}
	in.Told = list(in.Told)
	promises, err := g.store.PromiseStats(ctx, ws, in.Since)
	in.Promises = &promises
	return insight.New(in), err
}

// zoneOf gives the time zone of an inbox, or of the oldest.
func (g *Gateway) zoneOf(ctx context.Context, ws, inbox uuid.UUID) (*time.Location, error) {
	all, err := g.store.Inboxes(ctx, ws)
	if err != nil {
		return nil, err
	}
	at := 0
	if inbox != uuid.Nil {
		at = slices.IndexFunc(all, func(in chat.Inbox) bool { return in.ID == inbox })
	}
	if at < 0 || at >= len(all) {
		return nil, chat.Errorf(chat.CodeNotFound, "There is no such inbox.")
	}
	zone, err := time.LoadLocation(all[at].Settings.Timezone)
	if err != nil {
		return nil, fmt.Errorf("time zone of inbox %s: %w", all[at].ID, err)
	}
	return zone, nil
}

// capacity is that of agents who have none of their own.
func (g *Gateway) capacity(ctx context.Context, ws uuid.UUID) (int, error) {
	routing := chat.DefaultRouting()
	set, err := g.store.Setting(ctx, ws, uuid.Nil, chat.RoutingSetting)
	if chat.CodeOf(err) == chat.CodeNotFound {
		return routing.Capacity, nil
	}
	if err == nil {
		err = json.Unmarshal(set.Value, &routing)
	}
	return routing.Capacity, err
}
