package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
)

// held is whether the entry that a blob was claimed for is in its log.
const held = `EXISTS (SELECT 1 FROM entries e WHERE e.workspace_id = blobs.workspace_id AND e.conversation_id = blobs.conversation_id
	AND e.client_id = blobs.entry_id AND e.staff = (blobs.log = 'staff'))`

// ClaimFiles takes files for an entry.
func (s *Store) ClaimFiles(ctx context.Context, ws, conv uuid.UUID, by chat.Sender, log chat.Log, entry uuid.UUID, ids []uuid.UUID) ([]chat.Blob, error) {
	if log == "" {
		log = chat.LogPublic
	}
	var all []chat.Blob
	err := s.tx(ctx, func(x pgx.Tx) error {
		all = nil
		for _, key := range ids {
			var upload uuid.UUID
			scan := func(row pgx.CollectableRow) (chat.Blob, error) { return scanBlob(row, &upload) }
			b, err := one(ctx, x, scan, errNoFile(), `SELECT `+blobColumns+` FROM blobs
				WHERE workspace_id = $1 AND id = $2 AND conversation_id = $3 AND by_kind = $4 AND by_id = $5 FOR UPDATE`, ws, key, conv, by.Kind, by.ID)
			if err != nil {
				return err
			}
			tag, err := x.Exec(ctx, `UPDATE blobs SET log = $3, entry_id = $4, touched_at = $5 WHERE workspace_id = $1 AND id = $2
				AND (entry_id IS NULL OR entry_id = $4 AND log = $3 OR NOT `+held+`)`, ws, key, log, entry, s.time())
			if err != nil {
				return err
			}
			if tag.RowsAffected() == 0 {
				return chat.Errorf(chat.CodeConflict, "the file %q was sent with another message", b.Name)
			}
			b.Log, b.Entry = log, entry
			all = append(all, b)
		}
		return nil
	})
	if err != nil {
		all = nil
	}
	return all, s.end(ctx, err, "claim files for %s", entry)
}

// sweepAtATime is how many files are removed in one round.
const sweepAtATime = 100

// SweepFiles removes files that nobody sent.
func (s *Store) SweepFiles(ctx context.Context, ws uuid.UUID, before time.Time) (int, error) {
	n, err := s.sweepFiles(ctx, ws, before)
	return n, s.end(ctx, err, "sweep files")
}

func (s *Store) sweepFiles(ctx context.Context, ws uuid.UUID, before time.Time) (swept int, err error) {
	const old = `workspace_id = $1 AND touched_at < $2 AND conversation_id IS NOT NULL AND NOT settled`
	if _, err := s.pool.Exec(ctx, `UPDATE blobs SET settled = true WHERE `+old+` AND `+held, ws, before); err != nil {
		return 0, err
	}
	for {
		n := 0
		err := s.tx(ctx, func(x pgx.Tx) error {
			uploads, err := list(ctx, x, pgx.RowTo[uuid.UUID], `DELETE FROM blobs WHERE workspace_id = $1 AND id IN (
				SELECT id FROM blobs WHERE `+old+` AND NOT `+held+` LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING upload_id`, ws, before, sweepAtATime)
			if n = len(uploads); err != nil || n == 0 {
				return err
			}
			_, err = x.Exec(ctx, `DELETE FROM blob_rows WHERE workspace_id = $1 AND upload_id = ANY ($2)`, ws, uuids(uploads))
			return err
		})
		if err != nil || n == 0 {
			return swept, err
		}
		swept += n
	}
}
