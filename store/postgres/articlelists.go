package postgres

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/knowledge"
	"frontdesk/store/rule"
)

// ListArticles gives one page, newest change first: the order of revisions.
func (s *Store) ListArticles(ctx context.Context, ws uuid.UUID, q knowledge.ArticleQuery) (knowledge.ArticlePage, error) {
	page, err := s.listArticles(ctx, ws, q)
	return page, s.end(ctx, err, "list articles")
}

func (s *Store) listArticles(ctx context.Context, ws uuid.UUID, q knowledge.ArticleQuery) (page knowledge.ArticlePage, err error) {
	limit, err := rule.PageLimit(q.Limit)
	if err != nil {
		return page, err
	}
	where, args, err := articleFilter(ws, q)
	if err != nil {
		return page, err
	}
	before, err := rule.ParseRevision(q.Cursor)
	if err != nil {
		return page, err
	}
	args["before"], args["limit"] = before, limit+1
	var total int
	var found []knowledge.Article
	err = s.snapshot(ctx, func(x pgx.Tx) error {
		total, err = one(ctx, x, pgx.RowTo[int], nil, `SELECT count(*) FROM articles a WHERE `+where, args)
		if err != nil {
			return err
		}
		found, err = list(ctx, x, scanArticle, `SELECT `+articleColumns+`, '' FROM articles a WHERE `+where+
			` AND a.revision < @before ORDER BY a.revision DESC LIMIT @limit`, args)
		return err
	})
	return rule.ArticlePage(found, total, limit), err
}

// articleFilter puts the condition together from constants; values are bound.
func articleFilter(ws uuid.UUID, q knowledge.ArticleQuery) (string, pgx.NamedArgs, error) {
	args := pgx.NamedArgs{"ws": ws}
	where := []string{"a.workspace_id = @ws"}
	status, visibility := q.Status, q.Visibility
	if status == "" {
		status = knowledge.StatusDraft
		where = append(where, "a.status <> 'archived'")
	} else {
		args["status"] = status
		where = append(where, "a.status = @status")
	}
	if visibility == "" {
		visibility = knowledge.Public
	} else {
		args["visibility"] = visibility
		where = append(where, "a.visibility = @visibility")
	}
	if q.Source != "" {
		args["source"] = q.Source
		where = append(where, "a.source = @source")
	}
	if words := strings.Fields(strings.ToLower(q.Text)); len(words) > 0 {
		args["words"] = words
		where = append(where, "NOT EXISTS (SELECT FROM unnest(@words::text[]) word WHERE strpos(a.search, word) = 0)")
	}
	return strings.Join(where, " AND "), args, checkArticleWords(status, visibility)
}

// KnowledgeVersion gives the number of the last change.
func (s *Store) KnowledgeVersion(ctx context.Context, ws uuid.UUID) (int64, error) {
	n, err := one(ctx, s.pool, pgx.RowTo[int64], errNoWorkspace(), `SELECT knowledge_version FROM workspaces WHERE id = $1`, ws)
	return n, s.end(ctx, err, "knowledge version")
}

// DocumentsSince gives what changed after a revision.
func (s *Store) DocumentsSince(ctx context.Context, ws uuid.UUID, after int64, limit int) ([]knowledge.Document, error) {
	docs, err := s.documentsSince(ctx, ws, after, limit)
	return docs, s.end(ctx, err, "documents since %d", after)
}

func (s *Store) documentsSince(ctx context.Context, ws uuid.UUID, after int64, limit int) (docs []knowledge.Document, err error) {
	limit, err = rule.RowLimit(limit)
	if err != nil {
		return nil, err
	}
	// Of one state: a version that is replaced in between takes its chunks along.
	err = s.snapshot(ctx, func(x pgx.Tx) error {
		docs, err = list(ctx, x, func(row pgx.CollectableRow) (knowledge.Document, error) {
			a, err := scanArticle(row)
			return knowledge.Document{Article: a}, err
		}, `SELECT `+articleColumns+`, coalesce(v.body, '') FROM articles a
			LEFT JOIN versions v ON v.workspace_id = a.workspace_id AND v.id = a.version_id AND a.status = 'published'
			WHERE a.workspace_id = $1 AND a.revision > $2 ORDER BY a.revision LIMIT $3`, ws, after, limit)
		if err != nil {
			return err
		}
		if err := addChunks(ctx, x, ws, docs); err != nil {
			return err
		}
		return addQuestions(ctx, x, ws, docs)
	})
	return docs, err
}

// addChunks fills in the chunks of published documents.
func addChunks(ctx context.Context, q querier, ws uuid.UUID, docs []knowledge.Document) error {
	at := make(map[uuid.UUID]int, len(docs))
	var versions []uuid.UUID
	for i, d := range docs {
		if d.Status == knowledge.StatusPublished {
			at[d.Version] = i
			versions = append(versions, d.Version)
		}
	}
	if len(versions) == 0 {
		return nil
	}
	rows, err := q.Query(ctx, `SELECT version_id, ordinal, start_byte, end_byte, headings, text, hash FROM chunks
		WHERE workspace_id = $1 AND version_id = ANY ($2) ORDER BY version_id, ordinal`, ws, uuids(versions))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var version uuid.UUID
		var k knowledge.Chunk
		var hash []byte
		if err := rows.Scan(id(&version), &k.Ordinal, &k.Start, &k.End, &k.Headings, &k.Text, &hash); err != nil {
			return err
		}
		copy(k.Hash[:], hash)
		d := &docs[at[version]]
		d.Chunks = append(d.Chunks, k)
	}
	return rows.Err()
}
