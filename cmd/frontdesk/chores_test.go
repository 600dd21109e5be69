package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

func TestKeepTidy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var log bytes.Buffer
		done := map[string]int{}
		spaces := []chat.Workspace{{ID: uuid.New()}, {ID: uuid.New()}}
		chores := []chore{
			{"broken", func(context.Context, uuid.UUID, time.Time) (int, error) {
				done["broken"]++
				return 0, errors.New("out of order")
			}},
			{"full", func(_ context.Context, ws uuid.UUID, _ time.Time) (int, error) { done[ws.String()]++; return 3, nil }},
		}
		go keepTidy(ctx, func(context.Context) ([]chat.Workspace, error) { return spaces, nil }, chores, slog.New(slog.NewTextHandler(&log, nil)))
		synctest.Wait()
		time.Sleep(choresEvery)
		synctest.Wait()
		stop()
		synctest.Wait()
		if done["broken"] != 4 || done[spaces[0].ID.String()] != 2 || done[spaces[1].ID.String()] != 2 {
			t.Errorf("done %v", done)
		}
		if got := log.String(); strings.Count(got, "removed=3") != 4 || strings.Count(got, "out of order") != 4 {
			t.Errorf("log:\n%s", got)
		}
	})
}
