package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// HelpTallies counts what customers said of answers.
func (s *Store) HelpTallies(ctx context.Context, ws uuid.UUID, q chat.FactQuery) ([]chat.HelpTally, error) {
	all, err := list(ctx, s.pool, func(r pgx.CollectableRow) (t chat.HelpTally, err error) {
		err = r.Scan(id(&t.Article), &t.Title, &t.Helpful, &t.Reason, &t.N)
		return t, err
	}, `SELECT f.article_id, coalesce(a.title, ''), f.helpful, f.reason, f.n
		FROM (
			SELECT article_id, helpful, reason, count(*) AS n FROM feedback
			WHERE workspace_id = $1 AND at >= $2 AND at < $3 AND ($4::uuid IS NULL OR inbox_id = $4)
			GROUP BY article_id, helpful, reason
		) f LEFT JOIN articles a ON a.workspace_id = $1 AND a.id = f.article_id`, ws, q.Since, q.Until, id(&q.Inbox))
	return rule.SortHelpTallies(all), s.end(ctx, err, "help tallies")
}

// JudgedAnswers lists them, the newest word first.
func (s *Store) JudgedAnswers(ctx context.Context, ws uuid.UUID, q chat.FeedbackQuery) (page chat.FeedbackPage, err error) {
	limit, before, err := rule.CheckFeedbackQuery(q)
	if err != nil {
		return page, s.end(ctx, err, "judged answers")
	}
	args := pgx.NamedArgs{"ws": ws, "before": before, "limit": limit + 1, "reason": q.Reason, "article": q.Article}
	where := ` WHERE f.workspace_id = @ws`
	if q.Unhelpful {
		where += ` AND NOT f.helpful`
	}
	if q.Reason != "" {
		where += ` AND f.reason = @reason`
	}
	if q.Article != uuid.Nil {
		where += ` AND f.article_id = @article`
	}
	err = s.snapshot(ctx, func(x pgx.Tx) error {
		total, err := one(ctx, x, pgx.RowTo[int], nil, `SELECT count(*) FROM feedback f`+where, args)
		if err != nil {
			return err
		}
		found, err := list(ctx, x, scanJudged, `SELECT f.number, f.conversation_id, f.at, f.seq, f.helpful, f.reason, f.comment, e.text, e.body, coalesce(a.number, 0),
				coalesce((SELECT q.text FROM entries q WHERE q.workspace_id = f.workspace_id AND q.conversation_id = f.conversation_id AND NOT q.staff
					AND q.seq < f.seq AND q.kind = 'message' AND q.party = 'customer' ORDER BY q.seq DESC LIMIT 1), '')
			FROM feedback f
			JOIN entries e ON e.workspace_id = f.workspace_id AND e.conversation_id = f.conversation_id AND NOT e.staff AND e.seq = f.seq
			LEFT JOIN articles a ON a.workspace_id = f.workspace_id AND a.id = f.article_id`+where+` AND f.number < @before ORDER BY f.number DESC LIMIT @limit`, args)
		page = rule.FeedbackPage(found, total, limit)
		return err
	})
	return page, s.end(ctx, err, "judged answers")
}

func scanJudged(row pgx.CollectableRow) (a rule.NumberedAnswer, err error) {
	var b chat.Body
	err = row.Scan(&a.Number, &a.Conversation, &a.At, &a.Seq, &a.Helpful, &a.Reason, &a.Comment, &a.Answer, document{&b}, &a.Newest, &a.Question)
	a.At = a.At.UTC()
	a.Cite(b)
	return a, err
}
