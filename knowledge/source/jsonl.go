package source

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"frontdesk/knowledge"
)

// record is a line of JSONL.
type record struct {
	ID         identifier           `json:"id"`
	Title      string               `json:"title"`
	Body       string               `json:"body"`
	URL        string               `json:"url"`
	Tags       []string             `json:"tags"`
	Locale     string               `json:"locale"`
	Visibility knowledge.Visibility `json:"visibility"`
	Status     knowledge.Status     `json:"status"`
	Questions  []string             `json:"questions"`
}

// identifier is a string or a number.
type identifier string

func (id *identifier) UnmarshalJSON(data []byte) error {
	var s string
	if err := json.Unmarshal(data, &s); err == nil {
		*id = identifier(s)
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(data, &n); err != nil {
		return errors.New("the id is neither a text nor a number")
	}
	*id = identifier(n.String())
	return nil
}

func (r *reader) jsonl(path, rel string) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return r.problem(rel, 0, "It cannot be read: "+cause(err)+".", "Check its permissions.")
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	lines := bufio.NewReaderSize(f, 64<<10)
	for n := 1; ; n++ {
		if err := r.ctx.Err(); err != nil {
			return fmt.Errorf("source: %w", err)
		}
		line, tooLong, readErr := readLine(lines)
		if readErr != nil && !errors.Is(readErr, io.EOF) {
			return fmt.Errorf("source: %s, line %d: %w", rel, n, readErr)
		}
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\uFEFF"))
		}
		if err := r.line(rel, n, line, tooLong); err != nil {
			return err
		}
		if readErr != nil {
			return nil
		}
	}
}

// readLine gives the next line. Of one above MaxSize it keeps nothing.
func readLine(r *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > MaxSize {
			line, tooLong = nil, true
		}
		if !tooLong {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, tooLong, err
		}
	}
}

func (r *reader) line(rel string, n int, line []byte, tooLong bool) error {
	switch {
	case tooLong:
		return r.problem(rel, n, fmt.Sprintf("The line is longer than %d MB.", MaxSize>>20), "Split it into several articles.")
	case len(bytes.TrimSpace(line)) == 0:
		return nil
	case !utf8.Valid(line):
		return r.problem(rel, n, "The line is not UTF-8.", "Save the file in the encoding UTF-8.")
	}
	var rec record
	if err := json.Unmarshal(line, &rec); err != nil {
		return r.problem(rel, n, "The line is not a JSON object of an article: "+explain(err)+".", "Write one object a line, with id, title and body.")
	}
	if strings.TrimSpace(string(rec.ID)) == "" {
		return r.problem(rel, n, "The article has no id.", "Give it one that stays the same when it is imported again.")
	}
	in := knowledge.Input{
		ExternalID: string(rec.ID), Title: rec.Title, Body: rec.Body, URL: rec.URL, Tags: rec.Tags,
		Locale: rec.Locale, Visibility: rec.Visibility, Status: rec.Status, Phrasings: rec.Questions,
	}
	if strings.TrimSpace(in.Title) == "" {
		in.Title, in.Body = knowledge.SplitTitle(in.Body)
	}
	if in.Title == "" {
		in.Title = in.ExternalID
	}
	return r.give(in, rel, n)
}

// explain says what is wrong with a line in terms of JSON, not of Go.
func explain(err error) string {
	var t *json.UnmarshalTypeError
	switch {
	case errors.As(err, &t) && t.Field != "":
		return fmt.Sprintf("its %q is of the type %s", t.Field, t.Value)
	case errors.As(err, &t):
		return "it is of the type " + t.Value
	}
	return err.Error()
}
