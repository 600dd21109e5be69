package postgres

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

func errNoArticle() error {
	return chat.Errorf(chat.CodeNotFound, "there is no such article")
}

// PutArticles stores a batch.
func (s *Store) PutArticles(ctx context.Context, ws uuid.UUID, puts []knowledge.Put) ([]knowledge.PutResult, error) {
	results, err := s.putArticles(ctx, ws, puts)
	return results, s.end(ctx, err, "put %d articles", len(puts))
}

func (s *Store) putArticles(ctx context.Context, ws uuid.UUID, puts []knowledge.Put) ([]knowledge.PutResult, error) {
	if err := checkPuts(puts); err != nil || len(puts) == 0 {
		return nil, err
	}
	var results []knowledge.PutResult
	err := s.changeArticles(ctx, ws, func(c *change) error {
		stored, err := c.stored(ctx, puts)
		if err != nil {
			return err
		}
		results = make([]knowledge.PutResult, 0, len(puts))
		for _, p := range puts {
			r, err := c.put(stored[place{p.Source, p.ExternalID}], p)
			if err != nil {
				return err
			}
			results = append(results, r)
		}
		return nil
	})
	if isTaken(err) {
		return nil, chat.Errorf(chat.CodeConflict, "an article with one of the ids is there already: %w", err)
	}
	return results, err
}

// place is what an article is known by outside.
type place struct{ source, externalID string }

func checkPuts(puts []knowledge.Put) error {
	seen := make(map[place]bool, len(puts))
	for _, p := range puts {
		at := place{p.Source, p.ExternalID}
		switch {
		case p.Source == "" || p.ExternalID == "":
			return invalid("an article needs a source and an external id")
		case seen[at]:
			return invalid("the article %q of %q is there twice", p.ExternalID, p.Source)
		}
		seen[at] = true
		if err := checkArticleWords(p.Status, p.Visibility); err != nil {
			return err
		}
	}
	return nil
}

func checkArticleWords(status knowledge.Status, visibility knowledge.Visibility) error {
	switch status {
	case knowledge.StatusDraft, knowledge.StatusPublished, knowledge.StatusArchived:
	default:
		return invalid("there is no status %q of an article", status)
	}
	if visibility != knowledge.Public && visibility != knowledge.Internal {
		return invalid("there is no visibility %q", visibility)
	}
	return nil
}

// ArchiveArticles archives articles by id.
func (s *Store) ArchiveArticles(ctx context.Context, ws uuid.UUID, ids []uuid.UUID) (int, error) {
	n, err := s.archive(ctx, ws, `id = ANY ($2)`, uuids(ids))
	return n, s.end(ctx, err, "archive %d articles", len(ids))
}

// ArchiveMissing archives what its source no longer has.
func (s *Store) ArchiveMissing(ctx context.Context, ws uuid.UUID, source string, keep []string) (int, error) {
	if keep == nil {
		keep = []string{}
	}
	n, err := s.archive(ctx, ws, `source = $2 AND external_id <> ALL ($3)`, source, keep)
	return n, s.end(ctx, err, "archive what is missing of %q", source)
}

// archive archives the articles of a condition, whose arguments begin with $2.
func (s *Store) archive(ctx context.Context, ws uuid.UUID, where string, args ...any) (n int, err error) {
	err = s.changeArticles(ctx, ws, func(c *change) error {
		ids, err := list(ctx, c.x, pgx.RowTo[[16]byte], `SELECT id FROM articles
			WHERE workspace_id = $1 AND status <> 'archived' AND `+where+` ORDER BY id FOR UPDATE`, append([]any{ws}, args...)...)
		if err != nil {
			return err
		}
		n = len(ids)
		for _, id := range ids {
			c.revision++
			c.batch.Queue(`UPDATE articles SET status = 'archived', revision = $3, updated_at = $4 WHERE workspace_id = $1 AND id = $2`,
				ws, id, c.revision, c.now)
		}
		return nil
	})
	return n, err
}

// Article finds one at its newest version.
func (s *Store) Article(ctx context.Context, ws, id uuid.UUID) (knowledge.Article, error) {
	a, err := one(ctx, s.pool, func(row pgx.CollectableRow) (a knowledge.Article, err error) {
		err = row.Scan(append(articleFields(&a), &a.Body, &a.Phrasings)...)
		return a, err
	}, errNoArticle(), `SELECT `+articleColumns+`, v.body,
			ARRAY(SELECT q.text FROM questions q WHERE q.workspace_id = a.workspace_id AND q.article_id = a.id
				AND q.origin = 'editor' AND q.status = 'accepted' ORDER BY q.number)
		FROM articles a
		JOIN versions v ON v.workspace_id = a.workspace_id AND v.id = a.version_id WHERE a.workspace_id = $1 AND a.id = $2`, ws, id)
	return a, s.end(ctx, err, "article %s", id)
}

// ArticleVersion finds one at a given version.
func (s *Store) ArticleVersion(ctx context.Context, ws, version uuid.UUID) (knowledge.Article, error) {
	a, err := one(ctx, s.pool, func(row pgx.CollectableRow) (a knowledge.Article, err error) {
		var number int
		var title, body string
		err = row.Scan(append(articleFields(&a), &number, &title, &body)...)
		a.Version, a.Number, a.Title, a.Body = version, number, title, body
		return a, err
	}, errNoArticle(), `SELECT `+articleColumns+`, v.number, v.title, v.body FROM versions v
		JOIN articles a ON a.workspace_id = v.workspace_id AND a.id = v.article_id WHERE v.workspace_id = $1 AND v.id = $2`, ws, version)
	return a, s.end(ctx, err, "article at version %s", version)
}

const articleColumns = `a.id, a.workspace_id, a.source, a.external_id, a.version_id, a.number, a.title, a.url, a.tags, a.locale,
	a.visibility, a.status, a.revision, a.created_at, a.updated_at`

// articleFields is where articleColumns are scanned into.
func articleFields(a *knowledge.Article) []any {
	return []any{id(&a.ID), id(&a.Workspace), &a.Source, &a.ExternalID, id(&a.Version), &a.Number, &a.Title, &a.URL, &a.Tags, &a.Locale,
		&a.Visibility, &a.Status, &a.Revision, &a.CreatedAt, &a.UpdatedAt}
}

// scanArticle scans articleColumns and a body.
func scanArticle(row pgx.CollectableRow) (a knowledge.Article, err error) {
	err = row.Scan(append(articleFields(&a), &a.Body)...)
	return a, err
}

// searchText is what ListArticles looks into, in lower case.
func searchText(title, externalID string) string {
	return strings.ToLower(title + "\n" + externalID)
}
