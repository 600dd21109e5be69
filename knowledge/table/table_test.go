package table_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"frontdesk/knowledge/table"
)

var known = map[string]string{"id": "id", "ticket_id": "id", "text": "text"}

func TestRows(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"\uFEFFText,Ticket ID,id\n a ,1,2\nb\n\"c\nd\",3\n": {"2: 1|a", "3: |b", "4: 3|c\nd"},
		"id;text\n1;a, b\n":                {"2: 1|a, b"},
		"id\ttext\n1\ta;b,c\n":             {"2: 1|a;b,c"},
		"id,text\n1,\"a\" b\n2,x\xff\n3,c": {`line 2: The row cannot be read: extraneous or missing " in quoted-field.`, "line 3: The row is not UTF-8.", "4: 3|c"},
		"other\nx\n":                       {"2: |"},
	} {
		tab, err := table.Open(bufio.NewReader(strings.NewReader(text)), known)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for row, err := range tab.Rows() {
			var bad *table.BadRow
			if errors.As(err, &bad) {
				got = append(got, strings.TrimSpace(strings.TrimSuffix(bad.Error(), bad.Do)))
				continue
			}
			got = append(got, fmt.Sprintf("%d: %s|%s", row.Line, row.Field("id"), row.Field("text")))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
		if tab.Has("text") != strings.Contains(strings.ToLower(text), "text") {
			t.Errorf("%q: Has(text) is %v", text, tab.Has("text"))
		}
	}
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	if _, err := table.Open(bufio.NewReader(strings.NewReader("")), known); !errors.Is(err, io.EOF) {
		t.Errorf("an empty file: %v", err)
	}
	if _, err := table.Open(bufio.NewReader(strings.NewReader("\xff\xfet\x00e\x00x\x00t\x00\n\x00")), known); err == nil || !strings.Contains(err.Error(), "UTF-8") {
		t.Errorf("a file in UTF-16: %v", err)
	}
	broken := io.MultiReader(strings.NewReader("id,text\n1,a\n"+strings.Repeat("x,y\n", 2000)), iotest.ErrReader(io.ErrClosedPipe))
	tab, err := table.Open(bufio.NewReader(broken), known)
	if err != nil {
		t.Fatal(err)
	}
	var last error
	for _, last = range tab.Rows() {
		continue
	}
	if !errors.Is(last, io.ErrClosedPipe) {
		t.Errorf("a file that breaks off: %v", last)
	}
}
