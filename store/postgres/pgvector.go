package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	pgvector "github.com/pgvector/pgvector-go/pgx"
)

// The versions of pgvector that are told apart.
var (
	// oldestVector is the first with iterative scans: without them a filtered
	// search silently finds fewer than there are.
	oldestVector = [3]int{0, 8, 0}
	// soundVector is the first without known faults of HNSW: parallel builds
	// overflowed before 0.8.2 (CVE-2026-3172), vacuum corrupted indexes before
	// 0.8.3, and failed under concurrent deletes before 0.8.4.
	soundVector = [3]int{0, 8, 4}
)

// searchSettings are what NearestChunks relies on:
//   - relaxed_order walks on until enough rows have passed the filters.
//   - 100 candidates at a time are twice what the hybrid search asks for.
//   - After 4,000 the walk gives up: a filter that lets less than one in a
//     hundred pass leaves so few that comparing them all is faster.
const searchSettings = `SELECT set_config('hnsw.iterative_scan', 'relaxed_order', false),
	set_config('hnsw.ef_search', '100', false), set_config('hnsw.max_scan_tuples', '4000', false)`

// findVector looks for pgvector, and installs it where that is allowed.
// Without it search is exact and in process: that deserves a warning, never a
// failure.
func (s *Store) findVector(ctx context.Context, conn *pgx.Conn) error {
	version, err := vectorVersion(ctx, conn)
	if err != nil {
		return err
	}
	if version == "" {
		_, refused := conn.Exec(ctx, `CREATE EXTENSION IF NOT EXISTS vector`)
		if version, err = vectorVersion(ctx, conn); err != nil {
			return err
		}
		if version == "" {
			s.log.WarnContext(ctx, "pgvector is not there: vectors are searched exactly and in memory; for more than some 20,000 "+
				"passages install pgvector 0.8.4 or later, run CREATE EXTENSION vector, and start again", "reason", refused)
			return nil
		}
	}
	number, err := parseVersion(version)
	switch {
	case err != nil || older(number, oldestVector):
		s.log.WarnContext(ctx, "pgvector is too old: vectors are searched exactly and in memory; "+
			"install 0.8.4 or later, run ALTER EXTENSION vector UPDATE, and start again", "version", version)
	case older(number, soundVector):
		s.vector = true
		s.log.WarnContext(ctx, "pgvector has known faults in its index: install 0.8.4 or later and run ALTER EXTENSION vector UPDATE",
			"version", version)
	default:
		s.vector, s.parallel = true, true
	}
	return nil
}

// vectorVersion gives the version of pgvector in this database, "" if there is none.
func vectorVersion(ctx context.Context, conn *pgx.Conn) (version string, err error) {
	err = conn.QueryRow(ctx, `SELECT coalesce((SELECT extversion FROM pg_extension WHERE extname = 'vector'), '')`).Scan(&version)
	return version, err
}

func parseVersion(version string) (number [3]int, err error) {
	if _, err = fmt.Sscanf(version, "%d.%d.%d", &number[0], &number[1], &number[2]); err != nil {
		return number, fmt.Errorf("version %q: %w", version, err)
	}
	return number, nil
}

// older reports whether a comes before b.
func older(a, b [3]int) bool {
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

// prepareVectors sets up a new connection of the pool for vectors.
func prepareVectors(ctx context.Context, conn *pgx.Conn) error {
	if err := pgvector.RegisterTypes(ctx, conn); err != nil {
		return err
	}
	_, err := conn.Exec(ctx, searchSettings)
	return err
}
