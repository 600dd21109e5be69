package history

import (
	"bufio"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"frontdesk/chat"
)

// columns are the names under which a column is known.
var columns = map[string]string{
	"id": "id", "ticket": "id", "ticket_id": "id", "conversation": "id", "conversation_id": "id",
	"question": "question", "subject": "question", "message": "question",
	"answer": "answer", "reply": "answer", "response": "answer",
	"url": "url", "urls": "url", "link": "url", "links": "url", "article": "url", "article_url": "url",
}

func (r *reader) csv(in *bufio.Reader) error {
	head, err := in.Peek(in.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("history: read %s: %w", r.path, err)
	}
	rows := csv.NewReader(in)
	rows.Comma = separator(head)
	rows.FieldsPerRecord = -1 // a short row is named by us
	names, err := rows.Read()
	if err != nil {
		return chat.Errorf(chat.CodeInvalid, "%s has no line of column names: %w", r.path, err)
	}
	at, err := r.columnsOf(names)
	if err != nil {
		return err
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var bad *csv.ParseError
		switch {
		case errors.As(err, &bad):
			err = r.lost(bad.StartLine, fmt.Sprintf("The row cannot be read: %v.", bad.Err), `Put a field with a quote in quotes, and write each quote in it twice: "".`)
		case err != nil:
			return fmt.Errorf("history: read %s: %w", r.path, err)
		default:
			line, _ := rows.FieldPos(0)
			err = r.row(row, at, line)
		}
		if err != nil {
			return err
		}
	}
}

// separator tells what stands between the fields of the first line.
func separator(head []byte) rune {
	first, _, _ := strings.Cut(string(head), "\n")
	best := ','
	for _, c := range ";\t" {
		if strings.Count(first, string(c)) > strings.Count(first, string(best)) {
			best = c
		}
	}
	return best
}

// columnsOf gives the places of the columns that are read. The first of a
// kind counts.
func (r *reader) columnsOf(names []string) (map[string]int, error) {
	at := map[string]int{}
	for i, name := range names {
		kind := columns[strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "_")]
		if _, there := at[kind]; kind != "" && !there {
			at[kind] = i
		}
	}
	_, answer := at["answer"]
	_, url := at["url"]
	if _, ok := at["question"]; !ok || !answer && !url {
		return nil, chat.Errorf(chat.CodeInvalid, "%s has the columns %q. It needs question, and answer or url, in its first line.", r.path, names)
	}
	return at, nil
}

func (r *reader) row(row []string, at map[string]int, line int) error {
	field := func(kind string) string {
		if i, ok := at[kind]; ok && i < len(row) {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	for _, f := range row {
		if !utf8.ValidString(f) {
			return r.lost(line, "The row is not UTF-8.", "Save the file in the encoding UTF-8.")
		}
	}
	if i := at["question"]; i >= len(row) {
		return r.lost(line, fmt.Sprintf("The row has %d fields, and the question is field %d.", len(row), i+1), "Give each row all of its fields.")
	}
	t := talk{id: field("id"), messages: []message{{text: field("question")}}}
	if answer, urls := field("answer"), strings.Fields(field("url")); answer != "" || len(urls) > 0 {
		t.messages = append(t.messages, message{agent: true, text: answer, links: append(urls, linksIn(answer)...)})
	}
	if t.id == "" {
		t.id = idOf(field("question"))
		if _, twice := r.seen[t.id]; twice {
			return nil // the same question without an id is the same
		}
	}
	return r.give(t, line)
}

// idOf is the id of a question that has none: the same for the same words.
func idOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}
