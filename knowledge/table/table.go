// Package table reads CSV files whose first line names the columns: with
// commas, semicolons or tabs, in any order of columns, going on after a bad row.
package table

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"
)

// Table is a file whose first line was read.
type Table struct {
	Names []string // of the columns, as they are written
	at    map[string]int
	rows  *csv.Reader
}

// Row is a row under the first line.
type Row struct {
	Line   int // from 1, where it begins
	at     map[string]int
	fields []string
}

// BadRow says what is wrong with a row, and what to do about it, as sentences.
type BadRow struct {
	Line     int
	What, Do string
}

// Error gives "line 3: What Do".
func (b *BadRow) Error() string { return fmt.Sprintf("line %d: %s %s", b.Line, b.What, b.Do) }

// Open reads the first line. known gives, for the names under which a column
// may stand (in lower case, with _ for a space), how Field calls it; the first
// column of a kind counts.
func Open(in *bufio.Reader, known map[string]string) (*Table, error) {
	if bom, err := in.Peek(3); err == nil && string(bom) == "\uFEFF" {
		_, _ = in.Discard(3) // they were peeked
	}
	head, err := in.Peek(in.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("table: %w", err)
	}
	rows := csv.NewReader(in)
	rows.Comma = separator(head)
	rows.FieldsPerRecord = -1 // a short row has empty fields
	names, err := rows.Read()
	if err != nil {
		return nil, fmt.Errorf("table: read the names of the columns: %w", err)
	}
	for _, name := range names {
		if !utf8.ValidString(name) {
			return nil, errors.New("table: the names of the columns are not UTF-8: save the file in the encoding UTF-8")
		}
	}
	t := &Table{Names: names, at: map[string]int{}, rows: rows}
	for i, name := range names {
		kind := known[strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "_")]
		if _, there := t.at[kind]; kind != "" && !there {
			t.at[kind] = i
		}
	}
	return t, nil
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

// Has reports whether there is a column of a kind.
func (t *Table) Has(kind string) bool {
	_, ok := t.at[kind]
	return ok
}

// Rows gives the rows. An error that is a *BadRow concerns one row and the
// sequence goes on; any other ends it.
func (t *Table) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for {
			row, err := t.next()
			if errors.Is(err, io.EOF) {
				return
			}
			var bad *BadRow
			if !yield(row, err) || err != nil && !errors.As(err, &bad) {
				return
			}
		}
	}
}

func (t *Table) next() (Row, error) {
	fields, err := t.rows.Read()
	var syntax *csv.ParseError
	switch {
	case errors.As(err, &syntax):
		return Row{}, &BadRow{syntax.StartLine, fmt.Sprintf("The row cannot be read: %v.", syntax.Err),
			`Put a field with a quote in quotes, and write each quote in it twice: "".`}
	case err != nil:
		return Row{}, err
	}
	line, _ := t.rows.FieldPos(0)
	for _, f := range fields {
		if !utf8.ValidString(f) {
			return Row{}, &BadRow{line, "The row is not UTF-8.", "Save the file in the encoding UTF-8."}
		}
	}
	return Row{line, t.at, fields}, nil
}

// Field gives the text of a kind, without the spaces around it; "" if the row has none.
func (r Row) Field(kind string) string {
	if i, ok := r.at[kind]; ok && i < len(r.fields) {
		return strings.TrimSpace(r.fields[i])
	}
	return ""
}
