// Package history reads what a help desk keeps of its conversations: the
// exports of Zendesk, Intercom and Chatwoot, CSV and JSONL. Of each
// conversation it takes the customer's question, the agents' answers and the
// links in them; what it cannot read it names by file and line, and goes on.
package history

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// Format is how a history is written.
type Format string

// The formats. FormatAuto tells them by the file's name and its first record.
const (
	FormatAuto     Format = "auto"
	FormatCSV      Format = "csv"
	FormatJSONL    Format = "jsonl"
	FormatZendesk  Format = "zendesk"
	FormatIntercom Format = "intercom"
	FormatChatwoot Format = "chatwoot"
)

// maxRecord is the most bytes of one conversation: far above any that people
// have, and below what could exhaust the process.
const maxRecord = 16 << 20

const (
	// maxID is the most bytes of an id, maxAnswer those of what agents said that
	// are kept: an encoder reads the first 1,500 or so.
	maxID     = 200
	maxAnswer = 20_000
)

// Options change how a history is read. The zero value is good.
type Options struct {
	Format Format // "" is FormatAuto
	// Source names where the conversations come from, so that the same history
	// read twice is the same source. "" means the name of the help desk, or for
	// CSV and JSONL the kind and the file's base name: "csv:questions.csv".
	Source string
}

// Read gives the conversations of the file at path, in its order. An error
// that is a *knowledge.Problem concerns one conversation and the sequence goes
// on; any other ends it, with a chat.Code where the user can mend it.
//
// What is read:
//   - CSV (comma, semicolon or tab) with a line of names: question, and at
//     least one of answer and url; id if there is one.
//   - JSONL: question, answer (a text or a list), url (or urls, links), id.
//   - Zendesk: tickets with comments (id, subject, requester_id, comments with
//     author_id, public, html_body, plain_body, body).
//   - Intercom: conversations (id, source, conversation_parts).
//   - Chatwoot: conversations with messages (message_type, private, content).
//
// The help desks' JSON may be one object a line, a list, or pages as the API
// gives them ("tickets", "conversations", "data", "payload").
func Read(ctx context.Context, path string, o Options) iter.Seq2[knowledge.Exchange, error] {
	return func(yield func(knowledge.Exchange, error) bool) {
		r := &reader{ctx: ctx, path: path, format: o.Format, source: o.Source, yield: yield, seen: map[string]int{}}
		if err := r.read(); err != nil && !errors.Is(err, errStop) {
			yield(knowledge.Exchange{}, err)
		}
	}
}

// errStop says that the consumer wants no more.
var errStop = errors.New("stop")

type reader struct {
	ctx    context.Context
	path   string
	format Format
	source string
	yield  func(knowledge.Exchange, error) bool
	seen   map[string]int // id -> line
}

func (r *reader) read() (err error) {
	f, err := os.Open(r.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return chat.Errorf(chat.CodeNotFound, "There is no file %s. Check the path.", r.path)
	case err != nil:
		return chat.Errorf(chat.CodeInvalid, "The file %s cannot be read: %w", r.path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return chat.Errorf(chat.CodeInvalid, "%s is a folder. Name one file of the export.", r.path)
	}
	known := []Format{"", FormatAuto, FormatCSV, FormatJSONL, FormatZendesk, FormatIntercom, FormatChatwoot}
	if !slices.Contains(known, r.format) {
		return chat.Errorf(chat.CodeInvalid, "There is no format %q of a history. Use auto, csv, jsonl, zendesk, intercom or chatwoot.", r.format)
	}
	if r.format == "" {
		r.format = FormatAuto
	}
	in := bufio.NewReaderSize(f, 64<<10)
	if bom, err := in.Peek(3); err == nil && string(bom) == "\uFEFF" {
		_, _ = in.Discard(3) // they were peeked
	}
	name := strings.ToLower(filepath.Ext(r.path))
	if r.format == FormatCSV || r.format == FormatAuto && (name == ".csv" || name == ".tsv") {
		r.format = FormatCSV
		return r.csv(in)
	}
	return r.json(in)
}

// give passes a conversation on, if it has a question.
func (r *reader) give(t talk, line int) error {
	if err := r.ctx.Err(); err != nil {
		return fmt.Errorf("history: %w", err)
	}
	if r.source == "" {
		r.source = string(r.format)
		if r.format == FormatCSV || r.format == FormatJSONL {
			r.source += ":" + filepath.Base(r.path)
		}
	}
	e, ok := t.exchange()
	if !ok {
		return r.report(&knowledge.Problem{Path: r.path, Line: line, What: "It has no question of a customer.", Do: "It was left out."})
	}
	if t.id == "" || len(t.id) > maxID {
		return r.lost(line, "The conversation has no id, or one of more than 200 bytes.", "Give it one that stays the same when it is imported again.")
	}
	if before, ok := r.seen[t.id]; ok {
		return r.lost(line, fmt.Sprintf("It has the id %q, which line %d has already.", t.id, before), "Give it an id of its own.")
	}
	r.seen[t.id] = line
	e.Answer = strings.ToValidUTF8(e.Answer[:min(len(e.Answer), maxAnswer)], "")
	e.Source, e.ID, e.Line = r.source, t.id, line
	if !r.yield(e, nil) {
		return errStop
	}
	return nil
}

// lost reports a conversation that cannot be read.
func (r *reader) lost(line int, what, do string) error {
	return r.report(&knowledge.Problem{Path: r.path, Line: line, What: what, Do: do, Lost: true})
}

func (r *reader) report(p *knowledge.Problem) error {
	if !r.yield(knowledge.Exchange{}, p) {
		return errStop
	}
	return nil
}
