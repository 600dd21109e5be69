package sqlite

import (
	"context"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// hasConversation checks that a conversation is there; uuid.Nil is none at all, and fine.
func (x *tx) hasConversation(ws, conv uuid.UUID) error {
	if conv == uuid.Nil {
		return nil
	}
	_, err := one(x, scanValue[int64], errNoConversation(), `SELECT n FROM conversations WHERE workspace_id = ? AND id = ?`, ws[:], conv[:])
	return err
}

// held is whether the entry that a blob was claimed for is in its log.
const held = `EXISTS (SELECT 1 FROM entries e WHERE e.conversation = (SELECT c.n FROM conversations c WHERE c.workspace_id = blobs.workspace_id AND c.id = blobs.conversation_id)
	AND e.log = blobs.log AND e.client_id = blobs.entry_id)`

// ClaimFiles takes files for an entry.
func (s *Store) ClaimFiles(ctx context.Context, ws, conv uuid.UUID, by chat.Sender, log chat.Log, entry uuid.UUID, ids []uuid.UUID) ([]chat.Blob, error) {
	if log == "" {
		log = chat.LogPublic
	}
	all, err := write(ctx, s, func(x *tx) ([]chat.Blob, error) {
		var all []chat.Blob
		for _, id := range ids {
			var upload uuid.UUID
			scan := func(r row) (chat.Blob, error) { return scanBlob(r, &upload) }
			b, err := one(x, scan, errNoFile(), selectBlob+`WHERE workspace_id = ? AND id = ? AND conversation_id = ? AND by_kind = ? AND by_id = ?`,
				ws[:], id[:], conv[:], string(by.Kind), by.ID[:])
			if err != nil {
				return nil, err
			}
			err = x.change1(chat.Errorf(chat.CodeConflict, "the file %q was sent with another message", b.Name),
				`UPDATE blobs SET log = ?3, entry_id = ?4, touched_at = ?5 WHERE workspace_id = ?1 AND id = ?2
				AND (entry_id IS NULL OR entry_id = ?4 AND log = ?3 OR NOT `+held+`)`, ws[:], id[:], string(log), entry[:], micros(x.now))
			if err != nil {
				return nil, err
			}
			b.Log, b.Entry = log, entry
			all = append(all, b)
		}
		return all, nil
	})
	return all, wrap(err, "claim files for %s", entry)
}

// sweepAtATime is how many files are removed in one round: each is a write of its own.
const sweepAtATime = 100

// SweepFiles removes files that nobody sent.
func (s *Store) SweepFiles(ctx context.Context, ws uuid.UUID, before time.Time) (int, error) {
	n, err := s.sweepFiles(ctx, ws, before)
	return n, wrap(err, "sweep files")
}

func (s *Store) sweepFiles(ctx context.Context, ws uuid.UUID, before time.Time) (swept int, err error) {
	const old = `workspace_id = ? AND touched_at < ? AND conversation_id IS NOT NULL AND settled = 0`
	for {
		uploads, err := write(ctx, s, func(x *tx) ([]uuid.UUID, error) {
			if _, err := x.put(`UPDATE blobs SET settled = 1 WHERE `+old+` AND `+held, ws[:], micros(before)); err != nil {
				return nil, err
			}
			rows, err := x.query(`SELECT upload FROM blobs WHERE `+old+` LIMIT ?`, ws[:], micros(before), sweepAtATime)
			return collect(rows, err, scanValue[uuid.UUID])
		})
		if err != nil || len(uploads) == 0 {
			return swept, err
		}
		for _, upload := range uploads {
			gone, err := write(ctx, s, func(x *tx) (bool, error) {
				r, err := x.put(`DELETE FROM blobs WHERE upload = ?3 AND workspace_id = ?1 AND touched_at < ?2`, ws[:], micros(before), upload[:])
				if err != nil {
					return false, err
				}
				n, err := r.RowsAffected()
				if err != nil || n == 0 {
					return false, err
				}
				_, err = x.put(`DELETE FROM blob_rows WHERE upload = ?`, upload[:])
				return true, err
			})
			if err != nil {
				return swept, err
			}
			if gone {
				swept++
			}
		}
	}
}
