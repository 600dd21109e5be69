package postgres

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"

	"frontdesk/knowledge"
	"frontdesk/store/rule"
)

// A vector index is a table beside the migrated schema, one for each
// generation (workspace, model, dimension): all vectors of that generation in
// half precision, with an HNSW index on them. It is made from the table vectors
// and may be dropped at any time; then search is exact until it is built again.
// A table of its own for each workspace keeps the others out of its graph, so
// that they can neither show up in a search nor thin it out.

const (
	// maxIndexed is the most dimensions that HNSW takes as halfvec.
	maxIndexed = 4000
	// fillRows is how many vectors are on their way into an index at a time:
	// 8 MB of 384 dimensions.
	fillRows = 5000
)

// generation is what an index is for.
type generation struct {
	ws    uuid.UUID
	model string
	dim   int
}

// table is the name of the index's table.
func (g generation) table() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %s", g.ws, g.dim, g.model))
	return fmt.Sprintf("vectors_%x", sum[:8])
}

// share keeps the index from being replaced until the end of x. Whoever adds
// vectors does so, so that the new index has them all.
func (g generation) share(ctx context.Context, x pgx.Tx) error {
	_, err := x.Exec(ctx, `SELECT pg_advisory_xact_lock_shared(hashtextextended('frontdesk ' || $1, 0))`, g.table())
	return err
}

// exists reports whether there is an index.
func (g generation) exists(ctx context.Context, q querier) (bool, error) {
	return one(ctx, q, pgx.RowTo[bool], nil, `SELECT to_regclass($1) IS NOT NULL`, g.table())
}

// addToIndex adds those of vs whose hashes are fresh. A vector that half
// precision cannot hold costs the index, not the vector.
func (s *Store) addToIndex(ctx context.Context, x pgx.Tx, g generation, vs []knowledge.Vector, fresh [][]byte) error {
	if there, err := g.exists(ctx, x); err != nil || !there {
		return err
	}
	isFresh := make(map[string]bool, len(fresh))
	for _, h := range fresh {
		isFresh[string(h)] = true
	}
	var hashes [][]byte
	var values []string
	for _, v := range vs {
		if isFresh[string(v.Hash[:])] {
			hashes = append(hashes, v.Hash[:])
			values = append(values, pgvector.NewHalfVector(v.Values).String())
		}
	}
	err := pgx.BeginFunc(ctx, x, func(savepoint pgx.Tx) error {
		_, err := savepoint.Exec(ctx, `INSERT INTO `+g.table()+` (hash, embedding)
			SELECT hash, value::halfvec FROM unnest($1::bytea[], $2::text[]) AS t (hash, value) ON CONFLICT (hash) DO NOTHING`, hashes, values)
		return err
	})
	if !unusable(err) {
		return err
	}
	s.log.WarnContext(ctx, "the vector index is dropped and search is exact until it is built again", "model", g.model, "error", err)
	_, err = x.Exec(ctx, `DROP TABLE IF EXISTS `+g.table())
	return err
}

// unusable reports whether err says that an index cannot hold a value
// (class 22), lacks something (42: dropped by hand, or with the extension), or
// is damaged (XX).
func unusable(err error) bool {
	code := state(err)
	return class(code, "22") || class(code, "42") || class(code, "XX")
}

// BuildVectorIndex makes the index of a model anew. Searches use the old one
// until the new one is whole.
func (s *Store) BuildVectorIndex(ctx context.Context, ws uuid.UUID, model string, dim int) error {
	return s.end(ctx, s.buildVectorIndex(ctx, generation{ws, model, dim}), "build the vector index of %q", model)
}

func (s *Store) buildVectorIndex(ctx context.Context, g generation) error {
	if !s.vector || g.dim < 1 || g.dim > maxIndexed {
		return nil
	}
	err := s.tx(ctx, func(x pgx.Tx) error {
		// One node at a time; the others then do it again, with what has come since.
		if _, err := x.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('frontdesk build ' || $1, 0))`, g.table()); err != nil {
			return err
		}
		if err := s.makeIndex(ctx, x, g); err != nil {
			return err
		}
		return g.swap(ctx, x)
	})
	switch {
	case state(err) == undefinedObject: // the type halfvec
		s.log.WarnContext(ctx, "pgvector is gone: vectors are searched exactly and in memory", "error", err)
		return nil
	case err != nil:
		return err
	}
	s.indexes.Store(g.table(), true)
	return nil
}

// makeIndex makes the new table beside the old one: rows first and indexes
// after, which is many times faster than the other way round.
func (s *Store) makeIndex(ctx context.Context, x pgx.Tx, g generation) error {
	fresh := g.table() + "_new"
	if err := execute(ctx, x,
		`SELECT set_config('maintenance_work_mem', '256MB', true)
			WHERE pg_size_bytes(current_setting('maintenance_work_mem')) < pg_size_bytes('256MB')`,
		fmt.Sprintf(`CREATE TABLE %s (hash bytea NOT NULL, embedding halfvec(%d) NOT NULL)`, fresh, g.dim),
		fmt.Sprintf(`COMMENT ON TABLE %s IS '%s'`, fresh, g.comment()),
	); err != nil {
		return err
	}
	if err := g.fill(ctx, x, fresh, `true`); err != nil {
		return err
	}
	if !s.parallel {
		if err := execute(ctx, x, `SET LOCAL max_parallel_maintenance_workers = 0`); err != nil {
			return err
		}
	}
	// 16 and 64 are pgvector's defaults, stated because the recall was measured with them.
	return execute(ctx, x,
		fmt.Sprintf(`ALTER TABLE %s ADD PRIMARY KEY (hash)`, fresh),
		fmt.Sprintf(`CREATE INDEX ON %s USING hnsw (embedding halfvec_cosine_ops) WITH (m = 16, ef_construction = 64)`, fresh),
	)
}

// comment tells whoever looks at the database what the table is.
func (g generation) comment() string {
	return fmt.Sprintf("Frontdesk: vectors of %s, %d dimensions, workspace %s. Made from the table vectors; may be dropped at any time.",
		strings.ReplaceAll(g.model, "'", "''"), g.dim, g.ws)
}

// fill copies vectors into a table, those that meet a condition.
func (g generation) fill(ctx context.Context, x pgx.Tx, table, where string) error {
	last := []byte{}
	for {
		vs, err := list(ctx, x, scanVector, `SELECT hash, value FROM vectors v
			WHERE workspace_id = $1 AND model = $2 AND octet_length(value) = $3 AND hash > $4 AND `+where+` ORDER BY hash LIMIT $5`,
			g.ws, g.model, 4*g.dim, last, fillRows)
		if err != nil || len(vs) == 0 {
			return err
		}
		_, err = x.CopyFrom(ctx, pgx.Identifier{table}, []string{"hash", "embedding"}, pgx.CopyFromSlice(len(vs), func(i int) ([]any, error) {
			return []any{vs[i].Hash[:], pgvector.NewHalfVector(vs[i].Values)}, nil
		}))
		if err != nil {
			return err
		}
		last = vs[len(vs)-1].Hash[:]
	}
}

// swap puts the new table in the place of the old one, with the vectors that
// were stored since it was filled. Nobody stores any until the commit.
func (g generation) swap(ctx context.Context, x pgx.Tx) error {
	table, fresh := g.table(), g.table()+"_new"
	if _, err := x.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('frontdesk ' || $1, 0))`, table); err != nil {
		return err
	}
	if err := g.fill(ctx, x, fresh, `NOT EXISTS (SELECT FROM `+fresh+` f WHERE f.hash = v.hash)`); err != nil {
		return err
	}
	return execute(ctx, x,
		`DROP TABLE IF EXISTS `+table,
		fmt.Sprintf(`ALTER TABLE %s RENAME TO %s`, fresh, table),
		// With what the planner knows of tables that were just filled, it takes
		// wrong turns.
		`ANALYZE `+table, `ANALYZE articles`, `ANALYZE chunks`,
	)
}

// execute runs statements one after the other.
func execute(ctx context.Context, x pgx.Tx, statements ...string) error {
	for _, sql := range statements {
		if _, err := x.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// NearestChunks asks the index of the model, if there is one.
func (s *Store) NearestChunks(ctx context.Context, ws uuid.UUID, model string, q []float32, k int, f knowledge.VectorFilter) ([]knowledge.VectorHit, bool, error) {
	hits, err := s.nearestChunks(ctx, generation{ws, model, len(q)}, q, k, f)
	if errors.Is(err, errNoIndex) {
		return nil, false, nil
	}
	return hits, err == nil, s.end(ctx, err, "nearest chunks by %q", model)
}

// errNoIndex says that the caller has to search by itself.
var errNoIndex = errors.New("there is no vector index")

func (s *Store) nearestChunks(ctx context.Context, g generation, q []float32, k int, f knowledge.VectorFilter) ([]knowledge.VectorHit, error) {
	k, err := rule.RowLimit(k)
	if err != nil {
		return nil, err
	}
	if err := s.findIndex(ctx, g); err != nil {
		return nil, err
	}
	where, args := chunkFilter(f)
	args["ws"], args["q"], args["k"] = g.ws, pgvector.NewHalfVector(q), k
	hits, err := list(ctx, s.pool, scanHit, nearestSQL(g.table(), where), args)
	if err == nil && len(hits) < k {
		// The filter lets few pass, and the walk through the index has given up:
		// the few are compared one by one.
		hits, err = list(ctx, s.pool, scanHit, exactSQL(g.table(), where), args)
	}
	if unusable(err) {
		s.indexes.Delete(g.table())
		s.log.WarnContext(ctx, "the vector index cannot be used; search is exact until it is built again", "model", g.model, "error", err)
		return nil, errNoIndex
	}
	return hits, err
}

// findIndex gives nil if there is an index. One that was there is taken to be
// there still; the query finds out.
func (s *Store) findIndex(ctx context.Context, g generation) error {
	if !s.vector {
		return errNoIndex
	}
	if _, known := s.indexes.Load(g.table()); known {
		return nil
	}
	there, err := g.exists(ctx, s.pool)
	switch {
	case err != nil:
		return err
	case !there:
		return errNoIndex
	}
	s.indexes.Store(g.table(), true)
	return nil
}

// nearestSQL puts the query together from constants; values are bound. It
// walks the index from near to far and looks up what each vector belongs to,
// until enough has passed the filter. OFFSET 0 keeps the planner to that order:
// it would begin with the articles where their table was not analysed yet. The
// index is in half precision and its order relaxed: hence the second sort.
func nearestSQL(table, where string) string {
	return `WITH near AS MATERIALIZED (
			SELECT p.version_id, p.ordinal, d.embedding <=> @q AS distance
			FROM ` + table + ` d CROSS JOIN LATERAL (
				SELECT c.version_id, c.ordinal FROM chunks c CROSS JOIN LATERAL (
					SELECT FROM articles a WHERE a.workspace_id = @ws AND a.version_id = c.version_id AND ` + where + ` OFFSET 0
				) a WHERE c.workspace_id = @ws AND c.hash = d.hash OFFSET 0
			) p
			ORDER BY d.embedding <=> @q LIMIT @k
		)
		SELECT version_id, ordinal, 1 - distance FROM near ORDER BY distance, version_id, ordinal`
}

// exactSQL is nearestSQL without the index: it compares with all that passes
// the filter.
func exactSQL(table, where string) string {
	return `SELECT c.version_id, c.ordinal, 1 - (d.embedding <=> @q)
		FROM articles a
		JOIN chunks c ON c.workspace_id = a.workspace_id AND c.version_id = a.version_id
		JOIN ` + table + ` d ON d.hash = c.hash
		WHERE a.workspace_id = @ws AND ` + where + `
		ORDER BY (d.embedding <=> @q) + 0, c.version_id, c.ordinal LIMIT @k`
}

// chunkFilter gives the condition for what f lets pass: what package
// knowledge lets pass in process.
func chunkFilter(f knowledge.VectorFilter) (string, pgx.NamedArgs) {
	args := pgx.NamedArgs{}
	where := []string{"a.status = 'published'"}
	if f.Audience != knowledge.AudienceAgent {
		where = append(where, "a.visibility = 'public'")
	}
	if f.Locale != "" {
		// Of the same language; an article without a locale goes with any.
		args["language"] = language(f.Locale)
		where = append(where, "(a.locale = '' OR lower(split_part(translate(a.locale, '_', '-'), '-', 1)) = @language)")
	}
	if len(f.Tags) > 0 {
		args["tags"] = f.Tags
		where = append(where, "a.tags @> @tags")
	}
	return strings.Join(where, " AND "), args
}

// language is the first part of a locale.
func language(locale string) string {
	first, _, _ := strings.Cut(strings.ReplaceAll(locale, "_", "-"), "-")
	return strings.ToLower(first)
}

func scanHit(row pgx.CollectableRow) (h knowledge.VectorHit, err error) {
	err = row.Scan(id(&h.Version), &h.Ordinal, &h.Cosine)
	return h, err
}
