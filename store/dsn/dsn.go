// Package dsn opens the store that a setting names: Postgres by its URL, or
// the embedded SQLite in the data folder when there is none.
package dsn

import (
	"context"
	"net/url"

	"frontdesk/chat"
	"frontdesk/store"
	"frontdesk/store/postgres"
	"frontdesk/store/sqlite"
)

// Open opens the store at databaseURL (postgres://… or postgresql://…), or
// the one in the folder dataDir if databaseURL is empty. CodeInvalid: the URL
// is of no database that Frontdesk knows; the error does not repeat it, as it
// may hold a password. The caller closes the store.
func Open(ctx context.Context, databaseURL, dataDir string, o store.Options) (store.Store, error) {
	if databaseURL == "" {
		return opened(sqlite.Open(ctx, dataDir, o))
	}
	u, err := url.Parse(databaseURL)
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "the database URL cannot be read; it must look like postgres://user:password@host:5432/name")
	}
	switch u.Scheme {
	case "postgres", "postgresql":
		return opened(postgres.Open(ctx, databaseURL, o))
	}
	return nil, chat.Errorf(chat.CodeInvalid, "the database URL begins with %q; use postgres://user:password@host:5432/name, "+
		"or leave it out to keep everything in the data folder", u.Scheme)
}

// opened keeps a nil *Store from becoming a store that is not nil.
func opened[S store.Store](s S, err error) (store.Store, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}
