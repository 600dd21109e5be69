package sqlite_test

import (
	"context"
	"testing"

	"go.uber.org/goleak"

	"frontdesk/store"
	"frontdesk/store/sqlite"
	"frontdesk/store/sqlite/sqlitetest"
	"frontdesk/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var backend = storetest.Backend{
	New: sqlitetest.Folder,
	Open: func(ctx context.Context, dir string, o store.Options) (store.Store, error) {
		return sqlite.Open(ctx, dir, o)
	},
}

func TestStore(t *testing.T) { storetest.Run(t, backend) }

func TestCrash(t *testing.T) { storetest.Crash(t, backend) }
