package knowledge

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
)

func TestCleanQuestion(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" How do I\r\n  pay? ":                           "How do I pay?",
		"I am jo@example.org,\nwhere is my parcel?":      "I am e-mail address, where is my parcel?",
		"\uFEFFMy card 4111 1111 1111 1111\x00 declined": "My card card number declined",
		"": "",
	} {
		if got := CleanQuestion(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	long := CleanQuestion(strings.Repeat("wörter ", 500))
	if len(long) > MaxQuestion || len(long) < MaxQuestion-10 || !strings.HasSuffix(long, "wörter") {
		t.Errorf("a long one became %d bytes, …%q", len(long), long[len(long)-10:])
	}
	if got := CleanQuestion(strings.Repeat("ö", MaxQuestion)); got != strings.Repeat("ö", MaxQuestion/2) {
		t.Errorf("without words: %d bytes", len(got))
	}
}

func TestPhrasingsOfAnInput(t *testing.T) {
	t.Parallel()
	in := Input{Source: "s", ExternalID: "e", Title: "T", Body: "b"}
	plain := Prepare(in)
	in.Phrasings = []string{" ", ""}
	if got := Prepare(in); got.Hash != plain.Hash || got.Phrasings != nil {
		t.Error("no phrasings and empty ones are two versions")
	}
	in.Phrasings = []string{"How do I  pay?", "", "How do I pay?", "Mail me at jo@example.org"}
	got := Prepare(in)
	if diff := cmp.Diff([]string{"How do I pay?", "Mail me at e-mail address"}, got.Phrasings); diff != "" {
		t.Error(diff)
	}
	if got.Hash == plain.Hash {
		t.Error("a phrasing does not change the hash")
	}
	for _, phrasings := range [][]string{make([]string, maxPhrasings+1), {strings.Repeat("x", MaxQuestion+1)}} {
		in.Phrasings = phrasings
		if err := in.Check(); chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("%d phrasings: %v", len(phrasings), err)
		}
	}
}

func TestQuestionCheck(t *testing.T) {
	t.Parallel()
	good := Question{Article: ArticleName{ID: uuid.New()}, Text: "How?", Source: "zendesk", External: "7", Origin: OriginHistory, Status: QuestionProposed}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	long := good
	long.External = strings.Repeat("7", maxQuestionKey-len(long.Source))
	if err := long.Check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*Question){
		"U+0000":   func(q *Question) { q.Text = "a\x00b" },
		"long key": func(q *Question) { q.External += strings.Repeat("7", maxQuestionKey) },
	} {
		bad := good
		change(&bad)
		if chat.CodeOf(bad.Check()) != chat.CodeInvalid {
			t.Errorf("%s passed", name)
		}
	}
}
