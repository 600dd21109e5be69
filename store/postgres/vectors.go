package postgres

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/store/rule"
)

// PutVectors stores vectors that are not there yet, and keeps the index of
// the model, if there is one, up with them.
func (s *Store) PutVectors(ctx context.Context, ws uuid.UUID, model string, vs []knowledge.Vector) error {
	return s.end(ctx, s.putVectors(ctx, ws, model, vs), "put %d vectors of %q", len(vs), model)
}

func (s *Store) putVectors(ctx context.Context, ws uuid.UUID, model string, vs []knowledge.Vector) error {
	if len(vs) == 0 {
		return nil
	}
	dim := len(vs[0].Values)
	for _, v := range vs {
		if len(v.Values) == 0 || len(v.Values) != dim {
			return invalid("a vector has %d values, and another %d; all need the same number, and at least one", len(v.Values), dim)
		}
	}
	vs = firstOfEach(vs)
	hashes, values := make([][]byte, len(vs)), make([][]byte, len(vs))
	for i, v := range vs {
		hashes[i], values[i] = v.Hash[:], encodeVector(v.Values)
	}
	g := generation{ws, model, dim}
	var version int64
	var stored int
	err := s.tx(ctx, func(x pgx.Tx) error {
		if err := g.share(ctx, x); err != nil {
			return err
		}
		fresh, err := list(ctx, x, pgx.RowTo[[]byte], `INSERT INTO vectors (workspace_id, model, hash, value)
			SELECT $1, $2, hash, value FROM unnest($3::bytea[], $4::bytea[]) AS t (hash, value)
			ON CONFLICT (workspace_id, model, hash) DO NOTHING RETURNING hash`, ws, model, hashes, values)
		stored = len(fresh)
		if err != nil || stored == 0 {
			return err
		}
		if version, err = one(ctx, x, pgx.RowTo[int64], nil, `SELECT knowledge_version FROM workspaces WHERE id = $1`, ws); err != nil {
			return err
		}
		return s.addToIndex(ctx, x, g, vs, fresh)
	})
	if err == nil && stored > 0 {
		s.notify(chat.Signal{Kind: chat.SignalKnowledge, Workspace: ws, Seq: version})
	}
	return dangling(err)
}

// firstOfEach gives the first vector of each hash, in the order of hashes: the
// order in which all transactions take the rows.
func firstOfEach(vs []knowledge.Vector) []knowledge.Vector {
	vs = slices.Clone(vs)
	slices.SortStableFunc(vs, func(a, b knowledge.Vector) int { return bytes.Compare(a.Hash[:], b.Hash[:]) })
	return slices.CompactFunc(vs, func(a, b knowledge.Vector) bool { return a.Hash == b.Hash })
}

// Vectors gives those that exist.
func (s *Store) Vectors(ctx context.Context, ws uuid.UUID, model string, hashes [][32]byte) ([]knowledge.Vector, error) {
	wanted := make([][]byte, len(hashes))
	for i := range hashes {
		wanted[i] = hashes[i][:]
	}
	vs, err := list(ctx, s.pool, scanVector, `SELECT hash, value FROM vectors WHERE workspace_id = $1 AND model = $2 AND hash = ANY ($3)`, ws, model, wanted)
	return vs, s.end(ctx, err, "vectors of %q", model)
}

func scanVector(row pgx.CollectableRow) (v knowledge.Vector, err error) {
	var hash, value []byte
	err = row.Scan(&hash, &value)
	copy(v.Hash[:], hash)
	v.Values = decodeVector(value)
	return v, err
}

// encodeVector is a vector as a column: float32, little endian.
func encodeVector(values []float32) []byte {
	b := make([]byte, 0, 4*len(values))
	for _, f := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
	}
	return b
}

func decodeVector(b []byte) []float32 {
	values := make([]float32, len(b)/4)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return values
}

// PendingVectors gives texts of published articles without a vector.
func (s *Store) PendingVectors(ctx context.Context, ws uuid.UUID, model string, limit int) ([]knowledge.Pending, int, error) {
	pending, total, err := s.pendingVectors(ctx, ws, model, limit)
	return pending, total, s.end(ctx, err, "pending vectors of %q", model)
}

func (s *Store) pendingVectors(ctx context.Context, ws uuid.UUID, model string, limit int) (pending []knowledge.Pending, total int, err error) {
	limit, err = rule.RowLimit(limit)
	if err != nil {
		return nil, 0, err
	}
	const from = ` FROM (
			SELECT c.hash, c.text FROM articles a JOIN chunks c ON c.workspace_id = a.workspace_id AND c.version_id = a.version_id
				WHERE a.workspace_id = $1 AND a.status = 'published'
				AND NOT EXISTS (SELECT FROM vectors v WHERE v.workspace_id = $1 AND v.model = $2 AND v.hash = c.hash)
			UNION ALL
			SELECT q.hash, q.text FROM articles a JOIN questions q ON q.workspace_id = a.workspace_id AND q.article_id = a.id
				WHERE a.workspace_id = $1 AND a.status = 'published' AND q.status = 'accepted'
				AND NOT EXISTS (SELECT FROM vectors v WHERE v.workspace_id = $1 AND v.model = $2 AND v.hash = q.hash)
		) t`
	err = s.snapshot(ctx, func(x pgx.Tx) error {
		total, err = one(ctx, x, pgx.RowTo[int], nil, `SELECT count(DISTINCT hash)`+from, ws, model)
		if err != nil || total == 0 {
			return err
		}
		pending, err = list(ctx, x, func(row pgx.CollectableRow) (p knowledge.Pending, err error) {
			var hash []byte
			err = row.Scan(&hash, &p.Text)
			copy(p.Hash[:], hash)
			return p, err
		}, `SELECT DISTINCT ON (hash) hash, text`+from+` ORDER BY hash LIMIT $3`, ws, model, limit)
		return err
	})
	return pending, total, err
}
