package sqlite

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"frontdesk/chat"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to date. It refuses one that is newer than
// this program: an old program would damage what it does not know.
func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.writer, files, goose.WithSlog(s.log), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	have, know, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's number: %w", err)
	}
	if have > know {
		return chat.Errorf(chat.CodeConflict, "the data has schema %d, and this program supports up to %d; "+
			"use the newer Frontdesk that made it, or restore a backup from before", have, know)
	}
	if have == know {
		return nil
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate the schema from %d to %d: %w", have, know, err)
	}
	return nil
}
