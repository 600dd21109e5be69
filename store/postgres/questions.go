package postgres

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/store/rule"
)

// PutQuestions stores a batch.
func (s *Store) PutQuestions(ctx context.Context, ws uuid.UUID, qs []knowledge.Question) ([]knowledge.QuestionResult, error) {
	results, err := s.putQuestions(ctx, ws, qs)
	return results, s.end(ctx, err, "put %d questions", len(qs))
}

func (s *Store) putQuestions(ctx context.Context, ws uuid.UUID, qs []knowledge.Question) (results []knowledge.QuestionResult, err error) {
	if err := rule.CheckQuestions(qs); err != nil || len(qs) == 0 {
		return nil, err
	}
	err = s.changeArticles(ctx, ws, func(c *change) error {
		stored, err := c.storedQuestions(ctx, qs)
		if err != nil {
			return err
		}
		names, err := c.articleNames(ctx, qs)
		if err != nil {
			return err
		}
		results = make([]knowledge.QuestionResult, len(qs))
		var changed []uuid.UUID
		for i, q := range qs {
			if old, ok := stored[keyOf(q)]; ok {
				results[i].Question = old
				continue
			}
			name, ok := names[q.Article.ID]
			if !ok {
				return errNoArticle()
			}
			if results[i], err = c.addQuestion(q, name); err != nil {
				return err
			}
			if q.Status == knowledge.QuestionAccepted {
				changed = append(changed, q.Article.ID)
			}
		}
		c.revise(changed)
		return nil
	})
	if isTaken(err) {
		return nil, chat.Errorf(chat.CodeConflict, "a question with one of the ids is there already: %w", err)
	}
	return results, err
}

// questionKey is what a question is known by outside.
type questionKey struct {
	origin             knowledge.Origin
	source, externalID string
}

func keyOf(q knowledge.Question) questionKey { return questionKey{q.Origin, q.Source, q.External} }

// storedQuestions gives those of qs that are there.
func (c *change) storedQuestions(ctx context.Context, qs []knowledge.Question) (map[questionKey]knowledge.Question, error) {
	externals, sources, origins := make([]string, len(qs)), make([]string, len(qs)), make([]string, len(qs))
	for i, q := range qs {
		externals[i], sources[i], origins[i] = q.External, q.Source, string(q.Origin)
	}
	found, err := list(ctx, c.x, scanQuestion, selectQuestion+` WHERE q.workspace_id = $1 AND (q.external_id, q.source, q.origin) IN
		(SELECT * FROM unnest($2::text[], $3::text[], $4::text[]))`, c.ws, externals, sources, origins)
	byKey := make(map[questionKey]knowledge.Question, len(found))
	for _, q := range found {
		byKey[keyOf(q.Question)] = q.Question
	}
	return byKey, err
}

// articleNames gives the articles of qs that are there.
func (c *change) articleNames(ctx context.Context, qs []knowledge.Question) (map[uuid.UUID]knowledge.ArticleName, error) {
	ids := make([]uuid.UUID, len(qs))
	for i, q := range qs {
		ids[i] = q.Article.ID
	}
	found, err := list(ctx, c.x, func(row pgx.CollectableRow) (a knowledge.ArticleName, err error) {
		err = row.Scan(id(&a.ID), &a.Source, &a.ExternalID, &a.Title)
		return a, err
	}, `SELECT id, source, external_id, title FROM articles WHERE workspace_id = $1 AND id = ANY ($2)`, c.ws, uuids(ids))
	byID := make(map[uuid.UUID]knowledge.ArticleName, len(found))
	for _, a := range found {
		byID[a.ID] = a
	}
	return byID, err
}

func (c *change) addQuestion(q knowledge.Question, name knowledge.ArticleName) (r knowledge.QuestionResult, err error) {
	if q.ID, err = rule.NewID(q.ID); err != nil {
		return r, err
	}
	q.Workspace, q.Article, q.CreatedAt, q.DecidedAt = c.ws, name, c.now, c.now
	if q.Status == knowledge.QuestionProposed {
		q.DecidedAt, q.DecidedBy = time.Time{}, uuid.Nil
	}
	c.queueQuestion(q)
	return knowledge.QuestionResult{Added: true, Question: q}, nil
}

// queueQuestion has q stored; one that is there is accepted again if q is.
func (c *change) queueQuestion(q knowledge.Question) {
	hash := knowledge.NewPhrasing(q.Text).Hash
	c.batch.Queue(`INSERT INTO questions (workspace_id, id, article_id, text, hash, origin, source, external_id, status, match, score,
			decided_by, decided_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (external_id, source, origin, workspace_id) DO UPDATE
			SET status = 'accepted', decided_by = NULL, decided_at = excluded.decided_at
			WHERE excluded.status = 'accepted' AND questions.status <> 'accepted'`,
		c.ws, q.ID, q.Article.ID, q.Text, hash[:], q.Origin, q.Source, q.External, q.Status, q.Match, q.Score,
		id(&q.DecidedBy), when(&q.DecidedAt), q.CreatedAt)
}

// setPhrasings replaces a's questions of origin editor.
func (c *change) setPhrasings(a knowledge.Article, texts []string) error {
	keep := []string{}
	for _, text := range texts {
		keep = append(keep, rule.Phrased(a.ID, text).External)
	}
	if a.Number > 1 {
		c.batch.Queue(`DELETE FROM questions WHERE workspace_id = $1 AND article_id = $2 AND origin = 'editor' AND external_id <> ALL ($3)`,
			c.ws, a.ID, keep)
	}
	for _, text := range texts {
		if _, err := c.addQuestion(rule.Phrased(a.ID, text), knowledge.ArticleName{ID: a.ID}); err != nil {
			return err
		}
	}
	return nil
}

// revise gives each of the articles the next revision, once: what is found of
// it has changed.
func (c *change) revise(articles []uuid.UUID) {
	for i, article := range articles {
		if slices.Contains(articles[:i], article) {
			continue
		}
		c.revision++
		c.batch.Queue(`UPDATE articles SET revision = $3 WHERE workspace_id = $1 AND id = $2`, c.ws, article, c.revision)
	}
}

// DecideQuestions accepts or rejects questions.
func (s *Store) DecideQuestions(ctx context.Context, ws uuid.UUID, ids []uuid.UUID, status knowledge.QuestionStatus, by uuid.UUID) (int, error) {
	n, err := s.decideQuestions(ctx, ws, ids, status, by)
	return n, s.end(ctx, err, "decide %d questions", len(ids))
}

func (s *Store) decideQuestions(ctx context.Context, ws uuid.UUID, ids []uuid.UUID, status knowledge.QuestionStatus, by uuid.UUID) (n int, err error) {
	if err := rule.CheckDecision(status); err != nil {
		return 0, err
	}
	err = s.changeArticles(ctx, ws, func(c *change) error {
		found, err := list(ctx, c.x, scanQuestion, selectQuestion+` WHERE q.workspace_id = $1 AND q.id = ANY ($2) AND q.status <> $3 ORDER BY q.number`,
			ws, uuids(ids), status)
		if err != nil {
			return err
		}
		n = len(found)
		var changed []uuid.UUID
		for _, q := range found {
			c.batch.Queue(`UPDATE questions SET status = $3, decided_by = $4, decided_at = $5 WHERE workspace_id = $1 AND id = $2`,
				ws, q.ID, status, id(&by), c.now)
			if status == knowledge.QuestionAccepted || q.Status == knowledge.QuestionAccepted {
				changed = append(changed, q.Article.ID)
			}
		}
		c.revise(changed)
		return nil
	})
	return n, err
}

// ListQuestions gives one page of the list.
func (s *Store) ListQuestions(ctx context.Context, ws uuid.UUID, q knowledge.QuestionQuery) (knowledge.QuestionPage, error) {
	page, err := s.listQuestions(ctx, ws, q)
	return page, s.end(ctx, err, "list questions")
}

func (s *Store) listQuestions(ctx context.Context, ws uuid.UUID, q knowledge.QuestionQuery) (page knowledge.QuestionPage, err error) {
	limit, before, err := rule.CheckQuestionQuery(q)
	if err != nil {
		return page, err
	}
	args := pgx.NamedArgs{"ws": ws, "before": before, "limit": limit + 1}
	where := []string{"q.workspace_id = @ws", "a.status <> 'archived'"}
	if q.Status != "" {
		args["status"], where = q.Status, append(where, "q.status = @status")
	}
	if q.Origin != "" {
		args["origin"], where = q.Origin, append(where, "q.origin = @origin")
	}
	if q.Article != uuid.Nil {
		args["article"], where = q.Article, append(where, "q.article_id = @article")
	}
	condition := ` WHERE ` + strings.Join(where, " AND ")
	err = s.snapshot(ctx, func(x pgx.Tx) error {
		total, err := one(ctx, x, pgx.RowTo[int], nil, `SELECT count(*)`+fromQuestions+condition, args)
		if err != nil {
			return err
		}
		found, err := list(ctx, x, scanQuestion, selectQuestion+condition+` AND q.number < @before ORDER BY q.number DESC LIMIT @limit`, args)
		page = rule.QuestionPage(found, total, limit)
		return err
	})
	return page, err
}

const (
	fromQuestions  = ` FROM questions q JOIN articles a ON a.workspace_id = q.workspace_id AND a.id = q.article_id`
	selectQuestion = `SELECT q.number, q.workspace_id, q.id, q.article_id, a.source, a.external_id, a.title, q.text, q.origin, q.source, q.external_id,
		q.status, q.match, q.score, q.decided_by, q.decided_at, q.created_at` + fromQuestions
)

func scanQuestion(row pgx.CollectableRow) (q rule.NumberedQuestion, err error) {
	err = row.Scan(&q.Number, id(&q.Workspace), id(&q.ID), id(&q.Article.ID), &q.Article.Source, &q.Article.ExternalID, &q.Article.Title, &q.Text,
		&q.Origin, &q.Source, &q.External, &q.Status, &q.Match, &q.Score, id(&q.DecidedBy), when(&q.DecidedAt), &q.CreatedAt)
	return q, err
}

// addQuestions fills in the accepted questions of published documents.
func addQuestions(ctx context.Context, q querier, ws uuid.UUID, docs []knowledge.Document) error {
	var published []uuid.UUID
	for _, d := range docs {
		if d.Status == knowledge.StatusPublished {
			published = append(published, d.ID)
		}
	}
	if len(published) == 0 {
		return nil
	}
	type accepted struct {
		Article [16]byte
		Text    string
	}
	found, err := list(ctx, q, pgx.RowToStructByPos[accepted], `SELECT article_id, text FROM questions
		WHERE workspace_id = $1 AND article_id = ANY ($2) AND status = 'accepted' ORDER BY number`, ws, uuids(published))
	texts := make(map[uuid.UUID][]string, len(found))
	for _, a := range found {
		texts[a.Article] = append(texts[a.Article], a.Text)
	}
	for i := range docs {
		docs[i].Questions = rule.Phrasings(texts[docs[i].ID])
	}
	return err
}
