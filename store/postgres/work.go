package postgres

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// AcquireLease gives holder the lease on key, if it is to be had.
func (s *Store) AcquireLease(ctx context.Context, ws uuid.UUID, key, holder string, until time.Time) (chat.Lease, error) {
	l, err := s.acquireLease(ctx, ws, key, holder, until)
	return l, s.end(ctx, err, "acquire lease %q for %q", key, holder)
}

func (s *Store) acquireLease(ctx context.Context, ws uuid.UUID, key, holder string, until time.Time) (chat.Lease, error) {
	if holder == "" {
		return chat.Lease{}, invalid("a lease needs a holder")
	}
	l := chat.Lease{Key: key, Holder: holder, Until: until.UTC().Truncate(time.Microsecond)}
	fence, err := one(ctx, s.pool, pgx.RowTo[int64], chat.Errorf(chat.CodeConflict, "somebody else has the lease %q", key),
		`INSERT INTO leases AS l (workspace_id, key, holder, fence, until) VALUES ($1, $2, $3, 1, $4)
		ON CONFLICT (workspace_id, key) DO UPDATE SET holder = excluded.holder, until = excluded.until,
			fence = l.fence + CASE WHEN l.holder = excluded.holder THEN 0 ELSE 1 END
		WHERE l.holder IS NULL OR l.holder = excluded.holder OR l.until <= $5
		RETURNING fence`, ws, key, holder, l.Until, s.time())
	if err != nil {
		return chat.Lease{}, dangling(err)
	}
	l.Fence = fence
	return l, nil
}

// ReleaseLease gives it back. The row stays, and with it the fence.
func (s *Store) ReleaseLease(ctx context.Context, ws uuid.UUID, key, holder string) error {
	_, err := s.pool.Exec(ctx, `UPDATE leases SET holder = NULL WHERE workspace_id = $1 AND key = $2 AND holder = $3`, ws, key, holder)
	return s.end(ctx, err, "release lease %q", key)
}

// SweepLeases removes those whose time is long over.
func (s *Store) SweepLeases(ctx context.Context, ws uuid.UUID, before time.Time) (int, error) {
	tag, err := s.pool.Exec(ctx, `DELETE FROM leases WHERE workspace_id = $1 AND until < $2`, ws, before)
	return int(tag.RowsAffected()), s.end(ctx, err, "sweep leases")
}

// Enqueue adds a job.
func (s *Store) Enqueue(ctx context.Context, ws uuid.UUID, j chat.Job) (chat.Job, error) {
	stored, err := s.enqueue(ctx, ws, j)
	return stored, s.end(ctx, err, "enqueue a job of kind %q", j.Kind)
}

func (s *Store) enqueue(ctx context.Context, ws uuid.UUID, j chat.Job) (chat.Job, error) {
	key, err := rule.NewID(j.ID)
	if err != nil {
		return chat.Job{}, err
	}
	var stored chat.Job
	err = s.tx(ctx, func(x pgx.Tx) error {
		if j.Unique != "" {
			stored, err = s.waitingJob(ctx, x, ws, j)
			if !errors.Is(err, pgx.ErrNoRows) {
				return err
			}
		}
		stored, err = one(ctx, x, scanJob, nil, `INSERT INTO jobs (workspace_id, id, kind, args, unique_key, run_at) VALUES ($1, $2, $3, $4, $5, $6)
			RETURNING `+jobColumns, ws, key, j.Kind, j.Args, zeronull.Text(j.Unique), j.RunAt)
		return err
	})
	if isTaken(err) {
		return chat.Job{}, chat.Errorf(chat.CodeConflict, "there is a job with the id %s already", key)
	}
	return stored, dangling(err)
}

// waitingJob finds a job like j that waits, or gives pgx.ErrNoRows; then
// nobody else adds one before the end of x.
func (s *Store) waitingJob(ctx context.Context, x pgx.Tx, ws uuid.UUID, j chat.Job) (chat.Job, error) {
	if _, err := x.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('frontdesk job ' || $1::text || ' ' || $2::text || ' ' || $3::text, 0))`,
		ws.String(), j.Kind, j.Unique); err != nil {
		return chat.Job{}, err
	}
	return one(ctx, x, scanJob, pgx.ErrNoRows, `SELECT `+jobColumns+` FROM jobs
		WHERE workspace_id = $1 AND kind = $2 AND unique_key = $3 AND (holder IS NULL OR claimed_until <= $4)
		ORDER BY run_at, id LIMIT 1`, ws, j.Kind, j.Unique, s.time())
}

// ClaimJobs gives due jobs to holder.
func (s *Store) ClaimJobs(ctx context.Context, ws uuid.UUID, kind, holder string, until time.Time, limit int) ([]chat.Job, error) {
	jobs, err := s.claimJobs(ctx, ws, kind, holder, until, limit)
	return jobs, s.end(ctx, err, "claim jobs of kind %q", kind)
}

func (s *Store) claimJobs(ctx context.Context, ws uuid.UUID, kind, holder string, until time.Time, limit int) ([]chat.Job, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, err
	}
	if holder == "" {
		return nil, invalid("a claim needs a holder")
	}
	// What another node is about to claim is skipped, not waited for.
	jobs, err := list(ctx, s.pool, scanJob, `UPDATE jobs SET holder = $3, claimed_until = $4, attempts = attempts + 1
		WHERE workspace_id = $1 AND id = ANY (ARRAY(
			SELECT id FROM jobs WHERE workspace_id = $1 AND kind = $2 AND run_at <= $5 AND (holder IS NULL OR claimed_until <= $5)
			ORDER BY run_at, id LIMIT $6 FOR UPDATE SKIP LOCKED))
		RETURNING `+jobColumns, ws, kind, holder, until, s.time(), limit)
	slices.SortFunc(jobs, func(a, b chat.Job) int {
		return cmp.Or(a.RunAt.Compare(b.RunAt), slices.Compare(a.ID[:], b.ID[:]))
	})
	return jobs, err
}

const jobColumns = `id, kind, args, unique_key, run_at, attempts, error`

func scanJob(row pgx.CollectableRow) (j chat.Job, err error) {
	err = row.Scan(id(&j.ID), &j.Kind, &j.Args, (*zeronull.Text)(&j.Unique), &j.RunAt, &j.Attempts, &j.Error)
	return j, err
}

// FinishJob removes a claimed job.
func (s *Store) FinishJob(ctx context.Context, ws, id uuid.UUID, holder string) error {
	err := s.changeClaimed(ctx, `DELETE FROM jobs WHERE workspace_id = $1 AND id = $2 AND holder = $3`, ws, id, holder)
	return s.end(ctx, err, "finish job %s", id)
}

// RetryJob puts a claimed job back.
func (s *Store) RetryJob(ctx context.Context, ws, id uuid.UUID, holder string, runAt time.Time, reason string) error {
	err := s.changeClaimed(ctx, `UPDATE jobs SET holder = NULL, claimed_until = NULL, run_at = $4, error = $5
		WHERE workspace_id = $1 AND id = $2 AND holder = $3`, ws, id, holder, runAt, reason)
	return s.end(ctx, err, "retry job %s", id)
}

func (s *Store) changeClaimed(ctx context.Context, sql string, args ...any) error {
	tag, err := s.pool.Exec(ctx, sql, args...)
	if err == nil && tag.RowsAffected() == 0 {
		return chat.Errorf(chat.CodeStale, "the job is no longer yours, or done")
	}
	return err
}
