package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// AcquireLease gives holder the lease on key.
func (s *Store) AcquireLease(ctx context.Context, ws uuid.UUID, key, holder string, until time.Time) (chat.Lease, error) {
	lease, err := write(ctx, s, func(x *tx) (chat.Lease, error) {
		lease := chat.Lease{Key: key, Holder: holder, Until: until.UTC().Truncate(time.Microsecond)}
		// The fence stays while the same holder renews, and rises otherwise. No row
		// comes back when somebody else has the lease.
		err := x.save()
		if err != nil {
			return chat.Lease{}, err
		}
		err = x.queryRow(`INSERT INTO leases (workspace_id, key, holder, fence, until) VALUES (?1, ?2, ?3, 1, ?4)
			ON CONFLICT (workspace_id, key) DO UPDATE SET holder = ?3, until = ?4, fence = fence + (holder <> ?3)
			WHERE holder IN ('', ?3) OR until <= ?5 RETURNING fence`,
			ws[:], key, holder, micros(lease.Until), micros(x.now)).Scan(&lease.Fence)
		switch {
		case isDangling(err):
			return chat.Lease{}, errNoWorkspace()
		case errors.Is(err, sql.ErrNoRows):
			return chat.Lease{}, chat.Errorf(chat.CodeConflict, "somebody else has the lease %q", key)
		}
		return lease, err
	})
	return lease, wrap(err, "acquire lease %s", key)
}

// ReleaseLease gives the lease back. The row stays, so that its fence goes on rising.
func (s *Store) ReleaseLease(ctx context.Context, ws uuid.UUID, key, holder string) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		_, err := x.put(`UPDATE leases SET holder = '' WHERE workspace_id = ? AND key = ? AND holder = ?`, ws[:], key, holder)
		return struct{}{}, err
	})
	return wrap(err, "release lease %s", key)
}

// SweepLeases removes those whose time is long over.
func (s *Store) SweepLeases(ctx context.Context, ws uuid.UUID, before time.Time) (int, error) {
	n, err := write(ctx, s, func(x *tx) (int64, error) {
		r, err := x.put(`DELETE FROM leases WHERE workspace_id = ? AND until < ?`, ws[:], micros(before))
		if err != nil {
			return 0, err
		}
		return r.RowsAffected()
	})
	return int(n), wrap(err, "sweep leases")
}

// Enqueue adds a job.
func (s *Store) Enqueue(ctx context.Context, ws uuid.UUID, j chat.Job) (chat.Job, error) {
	id, err := rule.NewID(j.ID)
	if err != nil {
		return chat.Job{}, wrap(err, "enqueue %s", j.Kind)
	}
	args := bytesOf(j.Args)
	got, err := write(ctx, s, func(x *tx) (chat.Job, error) {
		if j.Unique != "" {
			first, err := scanJob(x.queryRow(selectJob+`WHERE workspace_id = ? AND kind = ? AND unique_key = ? AND unique_key <> ''
				AND claimed_until <= ? ORDER BY run_at, id LIMIT 1`, ws[:], j.Kind, j.Unique, micros(x.now)))
			if !errors.Is(err, sql.ErrNoRows) {
				return first, err
			}
		}
		_, err := x.put(`INSERT INTO jobs (workspace_id, id, kind, args, unique_key, run_at) VALUES (?, ?, ?, ?, ?, ?)`,
			ws[:], id[:], j.Kind, args, j.Unique, micros(j.RunAt))
		switch {
		case isDangling(err):
			return chat.Job{}, errNoWorkspace()
		case isTaken(err):
			return chat.Job{}, chat.Errorf(chat.CodeConflict, "a job with the id %s is there already", id)
		case err != nil:
			return chat.Job{}, err
		}
		return scanJob(x.queryRow(selectJob+`WHERE workspace_id = ? AND id = ?`, ws[:], id[:]))
	})
	return got, wrap(err, "enqueue %s", j.Kind)
}

const selectJob = `SELECT id, kind, args, unique_key, run_at, attempts, error FROM jobs `

func scanJob(r row) (chat.Job, error) {
	var j chat.Job
	var runAt int64
	if err := r.Scan(&j.ID, &j.Kind, &j.Args, &j.Unique, &runAt, &j.Attempts, &j.Error); err != nil {
		return chat.Job{}, err
	}
	j.RunAt = timeOf(runAt)
	return j, nil
}

// ClaimJobs gives due jobs to holder.
func (s *Store) ClaimJobs(ctx context.Context, ws uuid.UUID, kind, holder string, until time.Time, limit int) ([]chat.Job, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, wrap(err, "claim jobs %s", kind)
	}
	jobs, err := write(ctx, s, func(x *tx) ([]chat.Job, error) {
		rows, err := x.query(selectJob+`WHERE workspace_id = ? AND kind = ? AND run_at <= ? AND claimed_until <= ?
			ORDER BY run_at, id LIMIT ?`, ws[:], kind, micros(x.now), micros(x.now), limit)
		jobs, err := collect(rows, err, scanJob)
		if err != nil {
			return nil, err
		}
		for i := range jobs {
			jobs[i].Attempts++
			if _, err := x.put(`UPDATE jobs SET claimed_by = ?, claimed_until = ?, attempts = ? WHERE workspace_id = ? AND id = ?`,
				holder, micros(until), jobs[i].Attempts, ws[:], jobs[i].ID[:]); err != nil {
				return nil, err
			}
		}
		return jobs, nil
	})
	return jobs, wrap(err, "claim jobs %s", kind)
}

func errJobLost() error {
	return chat.Errorf(chat.CodeStale, "the job is done, or somebody else has it by now")
}

// FinishJob removes a claimed job.
func (s *Store) FinishJob(ctx context.Context, ws, id uuid.UUID, holder string) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		return struct{}{}, x.change1(errJobLost(), `DELETE FROM jobs WHERE workspace_id = ? AND id = ? AND claimed_by = ? AND claimed_until > 0`,
			ws[:], id[:], holder)
	})
	return wrap(err, "finish job %s", id)
}

// RetryJob puts a claimed job back.
func (s *Store) RetryJob(ctx context.Context, ws, id uuid.UUID, holder string, runAt time.Time, reason string) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		return struct{}{}, x.change1(errJobLost(), `UPDATE jobs SET claimed_by = '', claimed_until = 0, run_at = ?, error = ?
			WHERE workspace_id = ? AND id = ? AND claimed_by = ? AND claimed_until > 0`, micros(runAt), reason, ws[:], id[:], holder)
	})
	return wrap(err, "retry job %s", id)
}
