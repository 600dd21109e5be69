package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/store/rule"
)

// PutQuestions stores a batch.
func (s *Store) PutQuestions(ctx context.Context, ws uuid.UUID, qs []knowledge.Question) ([]knowledge.QuestionResult, error) {
	if err := rule.CheckQuestions(qs); err != nil {
		return nil, wrap(err, "put questions")
	}
	results, err := write(ctx, s, func(x *tx) ([]knowledge.QuestionResult, error) {
		results := make([]knowledge.QuestionResult, len(qs))
		var changed []uuid.UUID
		for i, q := range qs {
			var err error
			if results[i], err = x.putQuestion(ws, q); err != nil {
				return nil, err
			}
			if results[i].Added && q.Status == knowledge.QuestionAccepted {
				changed = append(changed, q.Article.ID)
			}
		}
		return results, x.revise(ws, changed)
	})
	return results, wrap(err, "put %d questions", len(qs))
}

// putQuestion stores one question of a batch, unless it is there.
func (x *tx) putQuestion(ws uuid.UUID, q knowledge.Question) (knowledge.QuestionResult, error) {
	stored, err := scanQuestion(x.queryRow(selectQuestion+`WHERE q.workspace_id = ? AND q.origin = ? AND q.source = ? AND q.external_id = ?`,
		ws[:], string(q.Origin), q.Source, q.External))
	if !errors.Is(err, sql.ErrNoRows) {
		return knowledge.QuestionResult{Question: stored.Question}, err
	}
	q.Workspace, q.CreatedAt = ws, x.now
	if q.ID, err = rule.NewID(q.ID); err != nil {
		return knowledge.QuestionResult{}, err
	}
	if q.DecidedAt = x.now; q.Status == knowledge.QuestionProposed {
		q.DecidedAt, q.DecidedBy = timeOf(0), uuid.Nil
	}
	if q.Article, err = x.articleName(ws, q.Article.ID); err != nil {
		return knowledge.QuestionResult{}, err
	}
	hash := knowledge.NewPhrasing(q.Text).Hash
	_, err = x.put(`INSERT INTO questions (workspace_id, id, article_id, text, hash, origin, source, external_id, status, match, score,
		decided_by, decided_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		ws[:], q.ID[:], q.Article.ID[:], q.Text, hash[:], string(q.Origin), q.Source, q.External, string(q.Status), string(q.Match), q.Score,
		blobOf(q.DecidedBy), micros(q.DecidedAt), micros(q.CreatedAt))
	if isTaken(err) {
		err = chat.Errorf(chat.CodeConflict, "the id %s is another question's", q.ID)
	}
	return knowledge.QuestionResult{Added: true, Question: q}, err
}

func (x *tx) articleName(ws, id uuid.UUID) (knowledge.ArticleName, error) {
	return one(x, func(r row) (knowledge.ArticleName, error) {
		a := knowledge.ArticleName{ID: id}
		err := r.Scan(&a.Source, &a.ExternalID, &a.Title)
		return a, err
	}, errNoArticle(), `SELECT source, external_id, title FROM articles WHERE workspace_id = ? AND id = ?`, ws[:], id[:])
}

// revise gives each of the articles the next revision, once: what is found of
// it has changed.
func (x *tx) revise(ws uuid.UUID, articles []uuid.UUID) error {
	before, err := x.knowledgeVersion(ws)
	if err != nil {
		return err
	}
	version := before
	for i, id := range articles {
		if slices.Contains(articles[:i], id) {
			continue
		}
		version++
		if _, err := x.put(`UPDATE articles SET revision = ? WHERE workspace_id = ? AND id = ?`, version, ws[:], id[:]); err != nil {
			return err
		}
	}
	return x.setKnowledgeVersion(ws, before, version)
}

// setPhrasings replaces a's questions of origin editor.
func (x *tx) setPhrasings(a knowledge.Article, texts []string) error {
	keep := []string{}
	for _, text := range texts {
		keep = append(keep, rule.Phrased(a.ID, text).External)
	}
	set, err := encode(keep)
	if err != nil {
		return err
	}
	if _, err := x.put(`DELETE FROM questions WHERE workspace_id = ? AND article_id = ? AND origin = 'editor'
		AND external_id NOT IN (SELECT value FROM json_each(?))`, a.Workspace[:], a.ID[:], set); err != nil {
		return err
	}
	for _, text := range texts {
		r, err := x.putQuestion(a.Workspace, rule.Phrased(a.ID, text))
		if err != nil {
			return err
		}
		if r.Question.Status == knowledge.QuestionAccepted {
			continue
		}
		if _, err := x.put(`UPDATE questions SET status = 'accepted', decided_by = NULL, decided_at = ? WHERE workspace_id = ? AND id = ?`,
			micros(x.now), a.Workspace[:], r.Question.ID[:]); err != nil {
			return err
		}
	}
	return nil
}

// DecideQuestions accepts or rejects questions.
func (s *Store) DecideQuestions(ctx context.Context, ws uuid.UUID, ids []uuid.UUID, status knowledge.QuestionStatus, by uuid.UUID) (int, error) {
	set, err := encodeIDs(ids)
	if err == nil {
		err = rule.CheckDecision(status)
	}
	if err != nil {
		return 0, wrap(err, "decide questions")
	}
	n, err := write(ctx, s, func(x *tx) (int, error) {
		if _, err := x.knowledgeVersion(ws); err != nil {
			return 0, err
		}
		rows, err := x.query(selectQuestion+`WHERE q.workspace_id = ? AND q.id IN (SELECT unhex(value) FROM json_each(?)) AND q.status <> ?`,
			ws[:], set, string(status))
		found, err := collect(rows, err, scanQuestion)
		if err != nil {
			return 0, err
		}
		var changed []uuid.UUID
		for _, q := range found {
			if _, err := x.put(`UPDATE questions SET status = ?, decided_by = ?, decided_at = ? WHERE workspace_id = ? AND id = ?`,
				string(status), blobOf(by), micros(x.now), ws[:], q.ID[:]); err != nil {
				return 0, err
			}
			if status == knowledge.QuestionAccepted || q.Status == knowledge.QuestionAccepted {
				changed = append(changed, q.Article.ID)
			}
		}
		return len(found), x.revise(ws, changed)
	})
	return n, wrap(err, "decide %d questions", len(ids))
}

// ListQuestions gives one page of the list.
func (s *Store) ListQuestions(ctx context.Context, ws uuid.UUID, q knowledge.QuestionQuery) (knowledge.QuestionPage, error) {
	page, err := s.listQuestions(ctx, ws, q)
	return page, wrap(err, "list questions")
}

func (s *Store) listQuestions(ctx context.Context, ws uuid.UUID, q knowledge.QuestionQuery) (knowledge.QuestionPage, error) {
	limit, before, err := rule.CheckQuestionQuery(q)
	if err != nil {
		return knowledge.QuestionPage{}, err
	}
	const listed = `WHERE q.workspace_id = ?1 AND a.status <> 'archived'
		AND (?2 = '' OR q.status = ?2) AND (?3 = '' OR q.origin = ?3) AND (?4 IS NULL OR q.article_id = ?4)`
	args := []any{ws[:], string(q.Status), string(q.Origin), blobOf(q.Article)}
	var total int
	if err := s.read(ctx).queryRow(`SELECT count(*)`+fromQuestions+listed, args...).Scan(&total); err != nil {
		return knowledge.QuestionPage{}, err
	}
	found, err := list(ctx, s, scanQuestion, selectQuestion+listed+` AND q.n < ?5 ORDER BY q.n DESC LIMIT ?6`, append(args, before, limit+1)...)
	return rule.QuestionPage(found, total, limit), err
}

const (
	fromQuestions  = ` FROM questions q JOIN articles a ON a.workspace_id = q.workspace_id AND a.id = q.article_id `
	selectQuestion = `SELECT q.n, q.workspace_id, q.id, q.article_id, a.source, a.external_id, a.title, q.text, q.origin, q.source, q.external_id,
		q.status, q.match, q.score, q.decided_by, q.decided_at, q.created_at` + fromQuestions
)

func scanQuestion(r row) (q rule.NumberedQuestion, err error) {
	var decided, created int64
	err = r.Scan(&q.Number, &q.Workspace, &q.ID, &q.Article.ID, &q.Article.Source, &q.Article.ExternalID, &q.Article.Title, &q.Text,
		&q.Origin, &q.Source, &q.External, &q.Status, &q.Match, &q.Score, &q.DecidedBy, &decided, &created)
	q.DecidedAt, q.CreatedAt = timeOf(decided), timeOf(created)
	return q, err
}
