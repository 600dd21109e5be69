package postgres

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// uploadTTL is after how long an upload that did not end has been forgotten
// by everybody. No client takes a day for 20 MiB.
const uploadTTL = 24 * time.Hour

// PutBlob stores a file: rows first, each by itself, so that a slow reader
// holds no connection; then, in one transaction, the blob that makes them count.
func (s *Store) PutBlob(ctx context.Context, ws uuid.UUID, b chat.Blob, r io.Reader) (chat.Blob, error) {
	stored, err := s.putBlob(ctx, ws, b, r)
	return stored, s.end(ctx, err, "put blob %s", b.ID)
}

func (s *Store) putBlob(ctx context.Context, ws uuid.UUID, b chat.Blob, r io.Reader) (chat.Blob, error) {
	var err error
	b.Log, b.Entry = "", uuid.Nil
	if b.ID, err = rule.NewID(b.ID); err != nil {
		return chat.Blob{}, err
	}
	upload, err := rule.NewID(uuid.Nil)
	if err != nil {
		return chat.Blob{}, err
	}
	if _, err := s.pool.Exec(ctx, `INSERT INTO uploads (workspace_id, id, started_at) VALUES ($1, $2, $3)`, ws, upload, s.time()); err != nil {
		return chat.Blob{}, dangling(err)
	}
	b.CreatedAt = s.time()
	b.Size, b.SHA256, err = s.putRows(ctx, ws, upload, r)
	if err == nil {
		err = s.finishUpload(ctx, ws, upload, b)
	}
	if err != nil {
		// Also when ctx is done. What stays because the server is gone is
		// removed after a day.
		_ = s.dropUpload(context.WithoutCancel(ctx), ws, upload)
		return chat.Blob{}, err
	}
	return b, nil
}

// putRows stores what r gives, and says how much it was, and its hash.
func (s *Store) putRows(ctx context.Context, ws, upload uuid.UUID, r io.Reader) (size int64, sum []byte, err error) {
	file := rule.NewUpload(r)
	row := make([]byte, rule.BlobRow)
	for number := 0; ; number++ {
		n, err := file.Next(row)
		switch {
		case err != nil && ctx.Err() != nil:
			return 0, nil, ctx.Err() // which may be why r failed
		case err != nil:
			return 0, nil, err
		case n == 0:
			size, sum = file.Sum()
			return size, sum, nil
		}
		if _, err := s.pool.Exec(ctx, `INSERT INTO blob_rows (workspace_id, upload_id, number, data) VALUES ($1, $2, $3, $4)`,
			ws, upload, number, row[:n]); err != nil {
			return 0, nil, err
		}
	}
}

func (s *Store) finishUpload(ctx context.Context, ws, upload uuid.UUID, b chat.Blob) error {
	return s.tx(ctx, func(x pgx.Tx) error {
		_, err := x.Exec(ctx, `INSERT INTO blobs (workspace_id, id, upload_id, name, type, size, sha256, created_at, conversation_id, by_kind, by_id, width, height, touched_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $8)`,
			ws, b.ID, upload, b.Name, b.Type, b.Size, b.SHA256, b.CreatedAt, id(&b.Conversation), b.By.Kind, id(&b.By.ID), b.Width, b.Height)
		switch {
		case isTaken(err):
			return chat.Errorf(chat.CodeConflict, "there is a file with the id %s already", b.ID)
		case isDangling(err):
			return errNoConversation()
		}
		if err == nil {
			_, err = x.Exec(ctx, `DELETE FROM uploads WHERE workspace_id = $1 AND id = $2`, ws, upload)
		}
		return err
	})
}

func (s *Store) dropUpload(ctx context.Context, ws, upload uuid.UUID) error {
	return s.tx(ctx, func(x pgx.Tx) error {
		// If the upload is gone, the blob was stored after all.
		tag, err := x.Exec(ctx, `DELETE FROM uploads WHERE workspace_id = $1 AND id = $2`, ws, upload)
		if err == nil && tag.RowsAffected() == 1 {
			_, err = x.Exec(ctx, `DELETE FROM blob_rows WHERE workspace_id = $1 AND upload_id = $2`, ws, upload)
		}
		return err
	})
}

// dropUploads removes what processes that died left of their uploads.
func (s *Store) dropUploads(ctx context.Context) error {
	type upload struct{ ws, id uuid.UUID }
	old, err := list(ctx, s.pool, func(row pgx.CollectableRow) (u upload, err error) {
		err = row.Scan(id(&u.ws), id(&u.id))
		return u, err
	}, `SELECT workspace_id, id FROM uploads WHERE started_at < $1`, s.time().Add(-uploadTTL))
	for _, u := range old {
		err = errors.Join(err, s.dropUpload(ctx, u.ws, u.id))
	}
	return err
}

// Blob gives a file.
func (s *Store) Blob(ctx context.Context, ws, key uuid.UUID) (chat.Blob, io.ReadCloser, error) {
	r := &blobReader{ctx: ctx, s: s, ws: ws}
	b, err := one(ctx, s.pool, func(row pgx.CollectableRow) (chat.Blob, error) { return scanBlob(row, &r.upload) }, errNoFile(),
		`SELECT `+blobColumns+` FROM blobs WHERE workspace_id = $1 AND id = $2`, ws, key)
	if err != nil {
		return chat.Blob{}, nil, s.end(ctx, err, "blob %s", key)
	}
	r.left = b.Size
	return b, r, nil
}

const blobColumns = `upload_id, id, name, type, size, sha256, created_at, conversation_id, by_kind, by_id, width, height, log, entry_id`

func scanBlob(row pgx.CollectableRow, upload *uuid.UUID) (b chat.Blob, err error) {
	err = row.Scan(id(upload), id(&b.ID), &b.Name, &b.Type, &b.Size, &b.SHA256, &b.CreatedAt,
		id(&b.Conversation), &b.By.Kind, id(&b.By.ID), &b.Width, &b.Height, &b.Log, id(&b.Entry))
	return b, err
}

func errNoFile() error { return chat.Errorf(chat.CodeNotFound, "there is no such file") }

// blobReader reads a file row by row, and holds no connection in between.
type blobReader struct {
	ctx    context.Context // of the Blob call, as the contract says
	s      *Store
	ws     uuid.UUID
	upload uuid.UUID
	number int
	left   int64  // bytes that were not read from the database yet
	row    []byte // what is left of the row at hand
}

// Read gives the next bytes.
func (r *blobReader) Read(p []byte) (int, error) {
	if len(r.row) == 0 {
		if r.left <= 0 {
			return 0, io.EOF
		}
		row, err := one(r.ctx, r.s.pool, pgx.RowTo[[]byte], errors.New("a row of the file is missing"),
			`SELECT data FROM blob_rows WHERE workspace_id = $1 AND upload_id = $2 AND number = $3`, r.ws, r.upload, r.number)
		if err != nil {
			return 0, r.s.end(r.ctx, err, "read row %d of a blob", r.number)
		}
		r.row, r.number, r.left = row, r.number+1, r.left-int64(len(row))
	}
	n := copy(p, r.row)
	r.row = r.row[n:]
	return n, nil
}

// Close ends the reading.
func (r *blobReader) Close() error {
	r.row, r.left = nil, 0
	return nil
}
