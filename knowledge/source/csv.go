package source

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"

	"frontdesk/knowledge"
	"frontdesk/knowledge/table"
)

// columns are the names under which a column is known.
var columns = map[string]string{
	"id": "id", "external_id": "id", "title": "title", "body": "body", "text": "body", "url": "url", "tags": "tags",
	"locale": "locale", "lang": "locale", "visibility": "visibility", "status": "status", "questions": "questions",
}

// csv reads a table of articles. One without their columns is none.
func (r *reader) csv(path, rel string) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return r.problem(rel, 0, "It cannot be read: "+cause(err)+".", "Check its permissions.")
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	t, err := table.Open(bufio.NewReaderSize(f, 64<<10), columns)
	if err != nil || !t.Has("id") || !t.Has("body") {
		return r.notArticle(rel, "It is no table of articles: its first line does not name the columns id and body.")
	}
	for row, err := range t.Rows() {
		var bad *table.BadRow
		switch {
		case errors.As(err, &bad):
			err = r.problem(rel, bad.Line, bad.What, bad.Do)
		case err != nil:
			return fmt.Errorf("source: %s: %w", rel, err)
		default:
			err = r.row(rel, row)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) row(rel string, row table.Row) error {
	if err := r.ctx.Err(); err != nil {
		return fmt.Errorf("source: %w", err)
	}
	in := knowledge.Input{
		ExternalID: row.Field("id"), Title: row.Field("title"), Body: row.Field("body"), URL: row.Field("url"), Locale: row.Field("locale"),
		Visibility: knowledge.Visibility(strings.ToLower(row.Field("visibility"))), Status: knowledge.Status(strings.ToLower(row.Field("status"))),
	}
	if in.ExternalID == "" {
		return r.problem(rel, row.Line, "The article has no id.", "Give it one that stays the same when it is imported again.")
	}
	if tags := row.Field("tags"); tags != "" {
		in.Tags = strings.FieldsFunc(tags, func(c rune) bool { return c == ',' || c == ';' || c == '|' })
		for i, t := range in.Tags {
			in.Tags[i] = strings.TrimSpace(t)
		}
	}
	if questions := row.Field("questions"); questions != "" {
		in.Phrasings = strings.Split(questions, "\n")
	}
	if in.Title == "" {
		in.Title, in.Body = knowledge.SplitTitle(in.Body)
	}
	if in.Title == "" {
		in.Title = in.ExternalID
	}
	return r.give(in, rel, row.Line)
}
