package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// PutBlob stores r's bytes. Each row is a write of its own, so that a slow r
// holds up nobody; the row in blobs, which comes last, is what makes them count.
func (s *Store) PutBlob(ctx context.Context, ws uuid.UUID, b chat.Blob, r io.Reader) (chat.Blob, error) {
	stored, err := s.putBlob(ctx, ws, b, r)
	return stored, wrap(err, "put blob %q", b.Name)
}

func (s *Store) putBlob(ctx context.Context, ws uuid.UUID, b chat.Blob, r io.Reader) (_ chat.Blob, err error) {
	b.Log, b.Entry = "", uuid.Nil
	if b.ID, err = rule.NewID(b.ID); err != nil {
		return chat.Blob{}, err
	}
	upload, err := rule.NewID(uuid.Nil)
	if err != nil {
		return chat.Blob{}, err
	}
	defer func() {
		if err != nil {
			// What is left now would be dropped at the next Open at the latest.
			_ = s.dropUpload(context.WithoutCancel(ctx), upload)
		}
	}()
	if b.Size, b.SHA256, err = s.putRows(ctx, ws, upload, r); err != nil {
		return chat.Blob{}, err
	}
	return write(ctx, s, func(x *tx) (chat.Blob, error) {
		b := b
		b.CreatedAt = x.now
		if err := x.hasConversation(ws, b.Conversation); err != nil {
			return chat.Blob{}, err
		}
		_, err := x.put(`INSERT INTO blobs (workspace_id, id, upload, name, type, size, sha256, created_at, conversation_id, by_kind, by_id, width, height, touched_at)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?8)`,
			ws[:], b.ID[:], upload[:], b.Name, b.Type, b.Size, b.SHA256, micros(b.CreatedAt), blobOf(b.Conversation), string(b.By.Kind), blobOf(b.By.ID), b.Width, b.Height)
		switch {
		case isDangling(err):
			return chat.Blob{}, errNoWorkspace()
		case isTaken(err):
			return chat.Blob{}, chat.Errorf(chat.CodeConflict, "a file with the id %s is there already", b.ID)
		}
		return b, err
	})
}

// putRows stores r's bytes under upload and gives their number and SHA-256.
func (s *Store) putRows(ctx context.Context, ws, upload uuid.UUID, r io.Reader) (int64, []byte, error) {
	file := rule.NewUpload(r)
	for ordinal := 0; ; ordinal++ {
		// A buffer of its own for each write: one that was given up may still be read.
		data := make([]byte, rule.BlobRow)
		n, err := file.Next(data)
		if err != nil {
			return 0, nil, err
		}
		if n == 0 {
			size, sum := file.Sum()
			return size, sum, nil
		}
		_, err = write(ctx, s, func(x *tx) (struct{}, error) {
			_, err := x.put(`INSERT INTO blob_rows (workspace_id, upload, ordinal, data) VALUES (?, ?, ?, ?)`, ws[:], upload[:], ordinal, data[:n])
			if isDangling(err) {
				err = errNoWorkspace()
			}
			return struct{}{}, err
		})
		if err != nil {
			return 0, nil, err
		}
	}
}

// dropUpload removes the rows of an upload that did not come to its end.
func (s *Store) dropUpload(ctx context.Context, upload uuid.UUID) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		_, err := x.put(`DELETE FROM blob_rows WHERE upload = ?1 AND NOT EXISTS (SELECT 1 FROM blobs WHERE upload = ?1)`, upload[:])
		return struct{}{}, err
	})
	return err
}

// dropUploads removes the rows of all uploads that a crash cut off.
func (s *Store) dropUploads(ctx context.Context) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		_, err := x.put(`DELETE FROM blob_rows WHERE NOT EXISTS (SELECT 1 FROM blobs WHERE blobs.upload = blob_rows.upload)`)
		return struct{}{}, err
	})
	return wrap(err, "drop unfinished uploads")
}

// Blob gives a file and its bytes.
func (s *Store) Blob(ctx context.Context, ws, id uuid.UUID) (chat.Blob, io.ReadCloser, error) {
	r := &blobReader{s: s, ctx: ctx}
	b, err := one(s.read(ctx), func(row row) (chat.Blob, error) {
		return scanBlob(row, &r.upload)
	}, errNoFile(), selectBlob+`WHERE workspace_id = ? AND id = ?`, ws[:], id[:])
	if err != nil {
		return chat.Blob{}, nil, wrap(err, "blob %s", id)
	}
	return b, r, nil
}

const selectBlob = `SELECT upload, id, name, type, size, sha256, created_at, conversation_id, by_kind, by_id, width, height, log, entry_id FROM blobs `

func scanBlob(r row, upload *uuid.UUID) (b chat.Blob, err error) {
	var created int64
	err = r.Scan(upload, &b.ID, &b.Name, &b.Type, &b.Size, &b.SHA256, &created, &b.Conversation, &b.By.Kind, &b.By.ID, &b.Width, &b.Height, &b.Log, &b.Entry)
	b.CreatedAt = timeOf(created)
	return b, err
}

func errNoFile() error { return chat.Errorf(chat.CodeNotFound, "there is no such file") }

// blobReader reads a file row by row, and holds nothing of the database
// between two reads. A stored file never changes.
type blobReader struct {
	s       *Store
	ctx     context.Context // of the call of Blob, which the reader belongs to
	upload  uuid.UUID
	ordinal int
	rest    []byte // of the row that was read last
	closed  bool
}

func (r *blobReader) Read(p []byte) (int, error) {
	if r.closed {
		return 0, wrap(errors.New("it is closed"), "read blob")
	}
	if len(p) == 0 {
		return 0, nil
	}
	if len(r.rest) == 0 {
		row := r.s.read(r.ctx).queryRow(`SELECT data FROM blob_rows WHERE upload = ? AND ordinal = ?`, r.upload[:], r.ordinal)
		if err := row.Scan(&r.rest); errors.Is(err, sql.ErrNoRows) {
			return 0, io.EOF
		} else if err != nil {
			return 0, wrap(err, "read blob")
		}
		r.ordinal++
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// Close ends the reading.
func (r *blobReader) Close() error {
	r.closed, r.rest = true, nil
	return nil
}
