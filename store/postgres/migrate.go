package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"frontdesk/chat"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to date, one node at a time, and looks for
// pgvector. It refuses a schema that is newer than this program: an old program
// would damage what it does not know.
func (s *Store) migrate(ctx context.Context, config *pgx.ConnConfig) error {
	conn, err := pgx.ConnectConfig(ctx, config.Copy())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	have, err := schemaNumber(ctx, conn)
	if err != nil {
		return fmt.Errorf("read the schema's number: %w", err)
	}
	know, err := newestMigration()
	if err != nil {
		return err
	}
	if have > know {
		return chat.Errorf(chat.CodeConflict, "the database has schema %d, and this program supports up to %d; "+
			"use the newer Frontdesk that made it, or restore a backup from before", have, know)
	}
	if have < know {
		if err := s.runMigrations(ctx, config); err != nil {
			return fmt.Errorf("migrate the schema from %d to %d: %w", have, know, err)
		}
	}
	return s.findVector(ctx, conn)
}

// schemaNumber gives the newest migration that was run, 0 if there was none.
// It only reads, which goose's own way does not.
func schemaNumber(ctx context.Context, conn *pgx.Conn) (int64, error) {
	var there bool
	if err := conn.QueryRow(ctx, `SELECT to_regclass($1) IS NOT NULL`, goose.DefaultTablename).Scan(&there); err != nil || !there {
		return 0, err
	}
	var number int64
	err := conn.QueryRow(ctx, `SELECT coalesce(max(version_id), 0) FROM `+goose.DefaultTablename).Scan(&number)
	return number, err
}

// newestMigration gives the number of the newest one that this program has.
func newestMigration() (int64, error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(files) == 0 {
		return 0, errors.Join(err, errors.New("no migrations in the program"))
	}
	return goose.NumericComponent(files[len(files)-1])
}

func (s *Store) runMigrations(ctx context.Context, config *pgx.ConnConfig) (err error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	// Asked for once a second, for the five minutes that another node's
	// migration may take.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return err
	}
	db := stdlib.OpenDB(*config.Copy())
	defer func() { err = errors.Join(err, db.Close()) }()
	p, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithSessionLocker(locker), goose.WithSlog(s.log), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}
