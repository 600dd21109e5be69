package sqlite

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"math"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/store/rule"
)

// PutVectors stores vectors of a model.
func (s *Store) PutVectors(ctx context.Context, ws uuid.UUID, model string, vs []knowledge.Vector) error {
	// Encoded here and not in the committer, which everybody waits for.
	data := make([][]byte, len(vs))
	for i, v := range vs {
		if len(v.Values) == 0 || len(v.Values) != len(vs[0].Values) {
			return wrap(invalid("a vector has %d values, the first one has %d", len(v.Values), len(vs[0].Values)), "put vectors")
		}
		data[i] = encodeVector(v.Values)
	}
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		version, err := x.knowledgeVersion(ws)
		if err != nil {
			return struct{}{}, err
		}
		var added int64
		for i, v := range vs {
			res, err := x.put(`INSERT INTO vectors (workspace_id, model, hash, data) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
				ws[:], model, v.Hash[:], data[i])
			if err != nil {
				return struct{}{}, err
			}
			n, err := res.RowsAffected()
			if err != nil {
				return struct{}{}, err
			}
			added += n
		}
		if added > 0 {
			x.tell(chat.Signal{Kind: chat.SignalKnowledge, Workspace: ws, Seq: version})
		}
		return struct{}{}, nil
	})
	return wrap(err, "put %d vectors of %s", len(vs), model)
}

// Vectors gives those of hashes that exist.
func (s *Store) Vectors(ctx context.Context, ws uuid.UUID, model string, hashes [][32]byte) ([]knowledge.Vector, error) {
	texts := make([]string, len(hashes))
	for i, h := range hashes {
		texts[i] = hex.EncodeToString(h[:])
	}
	set, err := encode(texts)
	if err != nil {
		return nil, wrap(err, "vectors of %s", model)
	}
	vs, err := list(ctx, s, scanVector, `SELECT hash, data FROM vectors
		WHERE workspace_id = ? AND model = ? AND hash IN (SELECT unhex(value) FROM json_each(?))`, ws[:], model, set)
	return vs, wrap(err, "vectors of %s", model)
}

func scanVector(r row) (knowledge.Vector, error) {
	var hash, data []byte
	if err := r.Scan(&hash, &data); err != nil {
		return knowledge.Vector{}, err
	}
	return knowledge.Vector{Hash: [32]byte(hash), Values: decodeVector(data)}, nil
}

// PendingVectors gives texts that have no vector of model, in the order of their hashes.
func (s *Store) PendingVectors(ctx context.Context, ws uuid.UUID, model string, limit int) ([]knowledge.Pending, int, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, 0, wrap(err, "pending vectors")
	}
	const from = ` FROM (
		SELECT c.hash, c.text FROM articles a JOIN chunks c ON c.workspace_id = a.workspace_id AND c.version_id = a.version_id
			WHERE a.workspace_id = ?1 AND a.status = 'published'
			AND NOT EXISTS (SELECT 1 FROM vectors v WHERE v.workspace_id = ?1 AND v.model = ?2 AND v.hash = c.hash)
		UNION ALL
		SELECT q.hash, q.text FROM questions q JOIN articles a ON a.workspace_id = q.workspace_id AND a.id = q.article_id
			WHERE q.workspace_id = ?1 AND q.status = 'accepted' AND a.status = 'published'
			AND NOT EXISTS (SELECT 1 FROM vectors v WHERE v.workspace_id = ?1 AND v.model = ?2 AND v.hash = q.hash)
	) t`
	var total int
	if err := s.read(ctx).queryRow(`SELECT count(DISTINCT hash)`+from, ws[:], model).Scan(&total); err != nil {
		return nil, 0, wrap(err, "count pending vectors of %s", model)
	}
	pending, err := list(ctx, s, func(r row) (knowledge.Pending, error) {
		var p knowledge.Pending
		var hash []byte
		err := r.Scan(&hash, &p.Text)
		if err == nil {
			p.Hash = [32]byte(hash)
		}
		return p, err
	}, `SELECT hash, min(text)`+from+` GROUP BY hash ORDER BY hash LIMIT ?3`, ws[:], model, limit)
	return pending, total, wrap(err, "pending vectors of %s", model)
}

// NearestChunks reports that there is no index: search exactly in process.
func (s *Store) NearestChunks(ctx context.Context, _ uuid.UUID, _ string, _ []float32, _ int, _ knowledge.VectorFilter) ([]knowledge.VectorHit, bool, error) {
	return nil, false, wrap(ctxError(ctx, s), "nearest chunks")
}

// BuildVectorIndex does nothing: SQLite has no index for vectors.
func (s *Store) BuildVectorIndex(ctx context.Context, _ uuid.UUID, _ string, _ int) error {
	return wrap(ctxError(ctx, s), "build vector index")
}

// encodeVector is a vector as a column: float32, little-endian.
func encodeVector(values []float32) []byte {
	b := make([]byte, 0, 4*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
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
