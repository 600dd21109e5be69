package history_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/knowledge/history"
)

// read writes a file and gives what is read of it, a line for each.
func read(t *testing.T, name, text string, o history.Options) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out []string
	for e, err := range history.Read(t.Context(), path, o) {
		var p *knowledge.Problem
		switch {
		case errors.As(err, &p):
			out = append(out, fmt.Sprintf("%s:%d: %s", filepath.Base(p.Path), p.Line, p.What))
		case err != nil:
			out = append(out, fmt.Sprintf("%s: %s", chat.CodeOf(err), strings.ReplaceAll(err.Error(), path, name)))
		default:
			out = append(out, fmt.Sprintf("%d %s/%s: %s | %s | %s", e.Line, e.Source, e.ID, e.Question, strings.ReplaceAll(e.Answer, "\n\n", " // "), strings.Join(e.Links, " ")))
		}
	}
	return out
}

func TestFormats(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, text string
		want       []string
	}{
		"csv": {"a.csv", "Ticket ID,Question,Answer,URL\n" +
			"7,How do I pay by invoice?,\"See \"\"ways to pay\"\": https://help.example/pay.\",\n" +
			"8,Where is my parcel now?,,https://help.example/parcel\n" +
			"8,The same id once more?,x,\n" +
			"9,\"broken \" quote\",x,\n" +
			"10,hello,x,\n",
			[]string{
				"2 csv:a.csv/7: How do I pay by invoice? | See \"ways to pay\": https://help.example/pay. | https://help.example/pay",
				"3 csv:a.csv/8: Where is my parcel now? |  | https://help.example/parcel",
				"a.csv:4: It has the id \"8\", which line 3 has already.",
				"a.csv:5: The row cannot be read: extraneous or missing \" in quoted-field.",
				"a.csv:6: It has no question of a customer.",
			}},
		"csv with semicolons and no ids": {"b.csv", "\uFEFFquestion;answer\nWhere is my order, please?;In the post.\nWhere is my order, please?;In the post.\n\nsan\xff s;x\n", []string{
			"2 csv:b.csv/d799f60ca3e5efb9: Where is my order, please? | In the post. | ",
			"b.csv:5: The row is not UTF-8.",
		}},
		"csv without columns": {"c.csv", "a,b\n1,2\n", []string{`invalid: c.csv has the columns ["a" "b"]. It needs question, and answer or url, in its first line.`}},
		"jsonl": {"a.jsonl", `{"id":1,"question":"How do I pay later?","answer":["First.","Second: https://x.example/a)"],"url":"https://x.example/b"}
{"id":2,"question":"How do I pay

{"id":3,"question":7}
[{"id":4,"question":"One in a list here?"}]
{"question":"Is there no id here?"}`, []string{
			"1 jsonl:a.jsonl/1: How do I pay later? | First. // Second: https://x.example/a) | https://x.example/a https://x.example/b",
			"a.jsonl:2: The line is not JSON: unexpected end of JSON input.",
			`a.jsonl:4: It is no conversation of the format jsonl: its "question" is of the type number.`,
			"5 jsonl:a.jsonl/4: One in a list here? |  | ",
			"6 jsonl:a.jsonl/138e83f5bd18e735: Is there no id here? |  | ",
		}},
		"zendesk, an object a line": {"z.json", `{"id":35436,"subject":"My order","requester_id":20,"comments":[{"author_id":20,"public":true,"html_body":"<p>Hi there,</p><p>Where is my order KK-1?</p>"},{"author_id":9,"public":false,"body":"Private: look at https://intern.example"},{"author_id":9,"public":true,"html_body":"<p>See <a href=\"https://help.example/articles/1-parcel\">this</a>.</p><blockquote>Where is my order</blockquote>"},{"author_id":20,"body":"Thanks!"}]}
{"id":35437,"subject":"Refund of a gift card","requester":{"id":21},"comments":[{"author_id":21,"body":"Hello!"},{"author_id":9,"body":"It is not possible.\n\nOn Mon, Jan 5, 2026 at 9:00 Jo wrote:\n> Hello!"}]}
{"id":35438,"subject":"x"}`, []string{
			"1 zendesk/35436: Where is my order KK-1? | See this. | https://help.example/articles/1-parcel",
			"2 zendesk/35437: Refund of a gift card | It is not possible. | ",
			"z.json:3: It has no question of a customer.",
		}},
		"zendesk, a page of the API": {"z.json", `{
  "tickets": [
    {"id": 1, "requester_id": 2, "comments": [
      {"author_id": 2, "plain_body": "Can I change the address of an order?"},
      {"author_id": 3, "plain_body": "Until it is packed."}]},
    {"id": 2, "requester_id": 2, "comments": []}
  ],
  "next_page": null
}
`, []string{
			"1 zendesk/1: Can I change the address of an order? | Until it is packed. | ",
			"z.json:1: It has no question of a customer.",
		}},
		"intercom": {"i.json", `[
{"type":"conversation","id":"48","source":{"subject":"","body":"<p>Hello</p>","author":{"type":"lead"}},
 "conversation_parts":{"conversation_parts":[
  {"part_type":"comment","body":"<p>I am a robot: https://bot.example</p>","author":{"type":"bot"}},
  {"part_type":"comment","body":"<p>How can I descale the kettle?</p>","author":{"type":"user"}},
  {"part_type":"note","body":"<p>A note</p>","author":{"type":"admin"}},
  {"part_type":"assignment","body":null,"author":{"type":"admin"}},
  {"part_type":"close","body":"<p>With citric acid.</p>","author":{"type":"admin"}}]}},
{"type":"conversation","id":49,"source":{"body":7}},
{"type":"conversation","id":"50","source":{"body":"<p>We have news!</p>","author":{"type":"admin"}},"conversation_parts":{"conversation_parts":[]}}
]`, []string{
			"2 intercom/48: How can I descale the kettle? | With citric acid. | ",
			`i.json:9: It is no conversation of the format intercom: its "source.body" is of the type number.`,
			"i.json:10: It has no question of a customer.",
		}},
		"chatwoot": {"c.json", `{"data":{"meta":{},"payload":[{"id":5,"messages":[
{"content":"hi","message_type":0,"sender_type":"Contact"},
{"content":"what do beans cost in Austria","message_type":"incoming"},
{"content":"Assigned to Jo","message_type":2},
{"content":"Wait a moment https://bot.example","message_type":1,"sender":{"type":"agent_bot"}},
{"content":"Private","message_type":1,"private":true},
{"content":"12 €, see https://help.example/costs.","message_type":1,"sender":{"type":"user"}}]}]}}`, []string{
			"1 chatwoot/5: what do beans cost in Austria | 12 €, see https://help.example/costs. | https://help.example/costs",
		}},
		"not JSON at all": {"x.json", "{\n \"tickets\": [\n {\"id\": 1,\n}", []string{"invalid: x.json, line 4: it is not JSON: …"}},
		"another JSON":    {"x.json", `{"name":"Jo"}`, []string{"x.json:1: It is a conversation of no help desk that is known."}},
		"empty":           {"x.json", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := read(t, c.file, c.text, history.Options{})
			for i := range got {
				// Where the words are those of the JSON library, their beginning counts.
				if i < len(c.want) && strings.HasSuffix(c.want[i], "…") && strings.HasPrefix(got[i], strings.TrimSuffix(c.want[i], "…")) {
					got[i] = c.want[i]
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	line := `{"id":1,"question":"How do I pay later?","messages":[{"content":"Where is my parcel?","message_type":0}]}`
	if got := read(t, "x.json", line, history.Options{Format: history.FormatChatwoot, Source: "old desk"}); len(got) != 1 || got[0] != "1 old desk/1: Where is my parcel? |  | " {
		t.Errorf("got %q", got)
	}
	if got := read(t, "x.json", line, history.Options{Format: "odd"}); len(got) != 1 || !strings.HasPrefix(got[0], "invalid: There is no format") {
		t.Errorf("got %q", got)
	}
	for path, code := range map[string]chat.Code{"nowhere.json": chat.CodeNotFound, ".": chat.CodeInvalid} {
		for _, err := range history.Read(t.Context(), path, history.Options{}) {
			if chat.CodeOf(err) != code {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	path := filepath.Join(t.TempDir(), "x.jsonl")
	if err := os.WriteFile(path, []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, err := range history.Read(ctx, path, history.Options{}) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	}
}

func TestQuestion(t *testing.T) {
	t.Parallel()
	story := strings.Repeat("I bought it in spring and was happy with it for months. ", 5)
	for in, want := range map[string]string{
		"Hi! How do I pay by invoice? Thanks in advance!":   "How do I pay by invoice?",
		"Dear Ms Brandt,\nmy grinder stopped. Kind regards": "my grinder stopped.",
		"hello there":                                             "",
		"Can you help me? I have a question.":                     "",
		"Is the kettle safe?\n\n-- \nJo Brandt\nOslo":             "Is the kettle safe?",
		"> an old message\nIs the kettle safe?":                   "Is the kettle safe?",
		story + "Now the handle is loose. Can I fix it? " + story: "Now the handle is loose. Can I fix it?",
		story: "I bought it in spring and was happy with it for months. I bought it in spring and was happy with it for months.",
	} {
		got := read(t, "x.json", fmt.Sprintf(`{"id":1,"messages":[{"content":%q,"message_type":0}]}`, in), history.Options{Format: history.FormatChatwoot})
		if want == "" {
			if len(got) != 1 || !strings.Contains(got[0], "no question") {
				t.Errorf("%q: got %q", in, got)
			}
			continue
		}
		if len(got) != 1 || got[0] != "1 chatwoot/1: "+want+" |  | " {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
