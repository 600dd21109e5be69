package postgres

import (
	"context"
	"testing"

	"frontdesk/store"
	"frontdesk/store/storetest"
)

var backend = storetest.Backend{
	New: newDatabase,
	Open: func(ctx context.Context, address string, o store.Options) (store.Store, error) {
		return Open(ctx, address, o)
	},
}

func TestStore(t *testing.T) {
	needServer(t)
	storetest.Run(t, backend)
}

func TestCrash(t *testing.T) {
	needServer(t)
	storetest.Crash(t, backend)
}
