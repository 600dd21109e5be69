package sqlite

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// HelpTallies counts what customers said of answers.
func (s *Store) HelpTallies(ctx context.Context, ws uuid.UUID, q chat.FactQuery) ([]chat.HelpTally, error) {
	where, args := ``, []any{ws[:], micros(q.Since), micros(q.Until)}
	if q.Inbox != uuid.Nil {
		where, args = ` AND f.inbox_id = ?`, append(args, q.Inbox[:])
	}
	all, err := list(ctx, s, func(r row) (t chat.HelpTally, err error) {
		err = r.Scan(&t.Article, &t.Title, &t.Helpful, &t.Reason, &t.N)
		return t, err
	}, `SELECT f.article_id, coalesce(a.title, ''), f.helpful, f.reason, count(*)
		FROM feedback f LEFT JOIN articles a ON a.workspace_id = f.workspace_id AND a.id = f.article_id
		WHERE f.workspace_id = ? AND f.at >= ? AND f.at < ?`+where+` GROUP BY f.article_id, f.helpful, f.reason`, args...)
	return rule.SortHelpTallies(all), wrap(err, "help tallies")
}

// JudgedAnswers lists them, the newest word first.
func (s *Store) JudgedAnswers(ctx context.Context, ws uuid.UUID, q chat.FeedbackQuery) (chat.FeedbackPage, error) {
	limit, before, err := rule.CheckFeedbackQuery(q)
	if err != nil {
		return chat.FeedbackPage{}, wrap(err, "judged answers")
	}
	where, args := `WHERE f.workspace_id = ? `, []any{ws[:]}
	if q.Unhelpful {
		where += `AND f.helpful = 0 `
	}
	if q.Reason != "" {
		where, args = where+`AND f.reason = ? `, append(args, string(q.Reason))
	}
	if q.Article != uuid.Nil {
		where, args = where+`AND f.article_id = ? `, append(args, q.Article[:])
	}
	total, err := scanValue[int](s.read(ctx).queryRow(`SELECT count(*) FROM feedback f `+where, args...))
	if err != nil {
		return chat.FeedbackPage{}, wrap(err, "judged answers")
	}
	found, err := list(ctx, s, scanJudged, `SELECT f.n, c.id, f.at, f.seq, f.helpful, f.reason, f.comment, e.text, e.body, coalesce(a.number, 0),
			coalesce((SELECT text FROM entries WHERE conversation = f.conversation AND log = 'public' AND seq < f.seq
				AND kind = 'message' AND from_kind = 'customer' ORDER BY seq DESC LIMIT 1), '')
		FROM feedback f JOIN conversations c ON c.n = f.conversation
		JOIN entries e ON e.conversation = f.conversation AND e.log = 'public' AND e.seq = f.seq
		LEFT JOIN articles a ON a.workspace_id = f.workspace_id AND a.id = f.article_id
		`+where+`AND f.n < ? ORDER BY f.n DESC LIMIT ?`, append(args, before, limit+1)...)
	return rule.FeedbackPage(found, total, limit), wrap(err, "judged answers")
}

func scanJudged(r row) (a rule.NumberedAnswer, err error) {
	var at int64
	var body string
	if err := r.Scan(&a.Number, &a.Conversation, &at, &a.Seq, &a.Helpful, &a.Reason, &a.Comment, &a.Answer, &body, &a.Newest, &a.Question); err != nil {
		return a, err
	}
	a.At = timeOf(at)
	var b chat.Body
	err = json.Unmarshal([]byte(body), &b)
	a.Cite(b)
	return a, err
}
