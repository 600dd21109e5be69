package history

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"frontdesk/chat"
	"frontdesk/knowledge/table"
)

// columns are the names under which a column is known.
var columns = map[string]string{
	"id": "id", "ticket": "id", "ticket_id": "id", "conversation": "id", "conversation_id": "id",
	"question": "question", "subject": "question", "message": "question",
	"answer": "answer", "reply": "answer", "response": "answer",
	"url": "url", "urls": "url", "link": "url", "links": "url", "article": "url", "article_url": "url",
}

func (r *reader) csv(in *bufio.Reader) error {
	t, err := table.Open(in, columns)
	if err != nil {
		return chat.Errorf(chat.CodeInvalid, "%s has no line of names of columns that can be read: %w", r.path, err)
	}
	if !t.Has("question") || !t.Has("answer") && !t.Has("url") {
		return chat.Errorf(chat.CodeInvalid, "%s has the columns %q. It needs question, and answer or url, in its first line.", r.path, t.Names)
	}
	for row, err := range t.Rows() {
		var bad *table.BadRow
		switch {
		case errors.As(err, &bad):
			err = r.lost(bad.Line, bad.What, bad.Do)
		case err != nil:
			return fmt.Errorf("history: read %s: %w", r.path, err)
		default:
			err = r.row(row)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) row(row table.Row) error {
	question, answer, links := row.Field("question"), row.Field("answer"), strings.Fields(row.Field("url"))
	t := talk{id: row.Field("id"), messages: []message{{text: question}}}
	if answer != "" || len(links) > 0 {
		t.messages = append(t.messages, message{agent: true, text: answer, links: append(links, linksIn(answer)...)})
	}
	if t.id == "" {
		t.id = idOf(question)
		if _, twice := r.seen[t.id]; twice {
			return nil // the same question without an id is the same
		}
	}
	return r.give(t, row.Line)
}

// idOf is the id of a question that has none: the same for the same words.
func idOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}
