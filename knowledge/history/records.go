package history

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"unicode/utf8"

	"frontdesk/chat"
)

// json reads a JSON file: an object a line, or whole documents.
func (r *reader) json(in *bufio.Reader) error {
	byLine, err := oneALine(in)
	if err != nil {
		return fmt.Errorf("history: read %s: %w", r.path, err)
	}
	if byLine {
		return r.lines(in)
	}
	return r.documents(in)
}

// oneALine reports whether the first line is a JSON value of its own, or is
// too long to tell: a document on one line is read as a line too.
func oneALine(in *bufio.Reader) (bool, error) {
	head, err := in.Peek(in.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	line, _, whole := bytes.Cut(bytes.TrimLeft(head, " \t\r\n"), []byte("\n"))
	if !whole && len(head) == in.Size() {
		return true, nil
	}
	line = bytes.TrimSpace(line)
	// A broken first line is a line all the same, unless the value goes on below.
	return json.Valid(line) || len(line) > 1 && line[0] == '{' && line[len(line)-1] == '}', nil
}

// lines reads one value a line; a bad one is reported and stops nothing.
func (r *reader) lines(in *bufio.Reader) error {
	for n := 1; ; n++ {
		line, tooLong, readErr := readLine(in)
		if readErr != nil && !errors.Is(readErr, io.EOF) {
			return fmt.Errorf("history: %s, line %d: %w", r.path, n, readErr)
		}
		line = bytes.TrimSpace(line)
		var err error
		switch {
		case tooLong:
			err = r.lost(n, fmt.Sprintf("The line is longer than %d MB.", maxRecord>>20), "Write one conversation a line.")
		case len(line) == 0:
		case !utf8.Valid(line):
			err = r.lost(n, "The line is not UTF-8.", "Save the file in the encoding UTF-8.")
		case !json.Valid(line):
			err = r.lost(n, "The line is not JSON: "+explain(json.Unmarshal(line, new(any)))+".", "Write one object a line.")
		default:
			err = r.value(line, n)
		}
		if err != nil {
			return err
		}
		if readErr != nil {
			return nil
		}
	}
}

// readLine gives the next line. Of one above maxRecord it keeps nothing.
func readLine(in *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > maxRecord {
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

// documents reads values that go over several lines, one after another. The
// elements of a list are read one by one, as an export may be long.
func (r *reader) documents(in *bufio.Reader) error {
	count := &lineCounter{in: in}
	dec := json.NewDecoder(count)
	broken := func(err error) error {
		at := dec.InputOffset()
		if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
			at = max(at, syntax.Offset)
		}
		return chat.Errorf(chat.CodeInvalid, "%s, line %d: it is not JSON: %s. What stands before was read; mend it and import again.",
			r.path, count.lineAt(at), explain(err))
	}
	for {
		if first, err := peekByte(dec, count); errors.Is(err, io.EOF) {
			return nil
		} else if err == nil && first == '[' {
			if _, err := dec.Token(); err != nil {
				return broken(err)
			}
			for dec.More() {
				if err := r.next(dec, count); err != nil {
					return orBroken(err, broken)
				}
			}
			if _, err := dec.Token(); err != nil {
				return broken(err)
			}
			continue
		}
		if err := r.next(dec, count); err != nil {
			return orBroken(err, broken)
		}
	}
}

// errSyntax marks an error of the JSON itself.
type errSyntax struct{ error }

func orBroken(err error, broken func(error) error) error {
	var syntax errSyntax
	if errors.As(err, &syntax) {
		return broken(syntax.error)
	}
	return err
}

// next reads one value of a document.
func (r *reader) next(dec *json.Decoder, count *lineCounter) error {
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return errSyntax{err}
	}
	return r.value(raw, count.lineAt(dec.InputOffset()-int64(len(raw))))
}

// peekByte gives the first byte of the next value.
func peekByte(dec *json.Decoder, in io.Reader) (byte, error) {
	rest, err := io.ReadAll(dec.Buffered())
	if err != nil {
		return 0, err
	}
	if rest = bytes.TrimLeft(rest, " \t\r\n"); len(rest) > 0 {
		return rest[0], nil
	}
	if c, ok := in.(*lineCounter); ok {
		return c.peek()
	}
	return 0, io.EOF
}

// lists are the keys under which the help desks' APIs put a page's records.
var lists = []string{"tickets", "conversations", "data", "payload"}

// value reads a record, a list of them, or a page that holds such a list.
func (r *reader) value(raw json.RawMessage, line int) error {
	if len(raw) > 0 && raw[0] == '[' {
		var all []json.RawMessage
		if err := json.Unmarshal(raw, &all); err != nil {
			return r.lost(line, "It is not JSON: "+explain(err)+".", "Export it again.")
		}
		for _, one := range all {
			if err := r.value(one, line); err != nil {
				return err
			}
		}
		return nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return r.lost(line, "It is not a JSON object of a conversation: "+explain(err)+".", "Write one object for each.")
	}
	for _, key := range lists {
		if inner, ok := fields[key]; ok && len(inner) > 0 && (inner[0] == '[' || inner[0] == '{' && key == "data") {
			return r.value(inner, line)
		}
	}
	return r.record(raw, fields, line)
}

// record reads one conversation.
func (r *reader) record(raw json.RawMessage, fields map[string]json.RawMessage, line int) error {
	if r.format == FormatAuto {
		r.format = detect(fields)
	}
	parse := parsers[r.format]
	if parse == nil {
		return r.lost(line, "It is a conversation of no help desk that is known.", "Name the format, or write it as CSV or JSONL with question, answer and url.")
	}
	t, err := parse(raw)
	if err != nil {
		return r.lost(line, fmt.Sprintf("It is no conversation of the format %s: %s.", r.format, explain(err)), "Export it again, or name the right format.")
	}
	return r.give(t, line)
}

// detect tells a record's format by its fields; FormatAuto if it is none.
func detect(fields map[string]json.RawMessage) Format {
	has := func(key string) bool { _, ok := fields[key]; return ok }
	switch {
	case has("question"):
		return FormatJSONL
	case has("conversation_parts"), has("source") && has("contacts"):
		return FormatIntercom
	case has("comments") && (has("requester_id") || has("requester") || has("subject")):
		return FormatZendesk
	case has("messages"):
		return FormatChatwoot
	}
	return FormatAuto
}

// explain says what is wrong with a value in terms of JSON, not of Go.
func explain(err error) string {
	var t *json.UnmarshalTypeError
	switch {
	case err == nil:
		return "it goes on after its end"
	case errors.As(err, &t) && t.Field != "":
		return fmt.Sprintf("its %q is of the type %s", t.Field, t.Value)
	case errors.As(err, &t):
		return "it is of the type " + t.Value
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	}
	return err.Error()
}

// lineCounter notes where the lines of what passes through it begin.
type lineCounter struct {
	in     *bufio.Reader
	offset int64
	ends   []int64 // offsets of the line feeds
}

func (c *lineCounter) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			c.ends = append(c.ends, c.offset+int64(i))
		}
	}
	c.offset += int64(n)
	return n, err
}

// peek gives the next byte that is no space, which nobody has read yet, and
// passes over the spaces.
func (c *lineCounter) peek() (byte, error) {
	for {
		b, err := c.in.Peek(1)
		if err != nil {
			return 0, err
		}
		if !bytes.ContainsRune([]byte(" \t\r\n"), rune(b[0])) {
			return b[0], nil
		}
		if _, err := c.Read(make([]byte, 1)); err != nil {
			return 0, err
		}
	}
}

// lineAt gives the line, from 1, of an offset.
func (c *lineCounter) lineAt(offset int64) int {
	return 1 + sort.Search(len(c.ends), func(i int) bool { return c.ends[i] >= offset })
}
