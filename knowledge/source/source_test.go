package source

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// unpack writes the files of a txtar archive ("-- name --" before each) to a
// new folder and gives the expected output, its file "want".
func unpack(t *testing.T, path string) (folder, want string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
	name, files := "", map[string]string{}
	for line := range strings.Lines(string(data)) {
		if l := strings.TrimSpace(line); strings.HasPrefix(l, "-- ") && strings.HasSuffix(l, " --") {
			name = strings.TrimSpace(l[3 : len(l)-3])
			files[name] = ""
			continue
		}
		files[name] += line
	}
	for name, text := range files {
		if name != "" && name != "want" {
			write(t, filepath.Join(folder, name), text)
		}
	}
	return folder, files["want"]
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// show writes what a sequence gave as text.
func show(seq iter.Seq2[knowledge.Input, error]) string {
	var out strings.Builder
	for in, err := range seq {
		var p *knowledge.Problem
		switch {
		case errors.As(err, &p):
			kind := "left out"
			if p.Lost {
				kind = "lost"
			}
			fmt.Fprintf(&out, "! %s: %v\n", kind, p)
		case err != nil:
			fmt.Fprintf(&out, "! %s: %v\n", chat.CodeOf(err), err)
		default:
			fmt.Fprintf(&out, "%s\n  title: %s\n", in.ExternalID, in.Title)
			for _, f := range [][2]string{{"url", in.URL}, {"tags", strings.Join(in.Tags, ", ")}, {"locale", in.Locale}, {"visibility", string(in.Visibility)}, {"status", string(in.Status)}, {"questions", strings.Join(in.Phrasings, " | ")}} {
				if f[1] != "" {
					fmt.Fprintf(&out, "  %s: %s\n", f[0], f[1])
				}
			}
			body := strings.TrimSpace(in.Body)
			fmt.Fprintf(&out, "  | %s\n", strings.ReplaceAll(body, "\n", "\n  | "))
		}
	}
	return out.String()
}

// TestRead runs every archive of testdata: its files are imported as a folder.
func TestRead(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range archives {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			folder, want := unpack(t, path)
			if diff := cmp.Diff(want, show(Read(t.Context(), folder, Options{}))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadOneFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.md"), "\ufeff---\r\nid: 007\r\n---\r\n# Title\r\n\r\nText.\r\n")
	write(t, filepath.Join(dir, "b.html"), "<html><title>B | Shop</title><p>Text.")
	write(t, filepath.Join(dir, "c.jsonl"), "{\"id\": 5, \"title\": \"C\", \"body\": \"Text.\", \"questions\": [\"Why C?\"]}")
	for name, want := range map[string]knowledge.Input{
		"a.md":    {Source: "markdown:a.md", ExternalID: "007", Title: "Title", Body: "Text.\n", Locale: "de"},
		"b.html":  {Source: "html:b.html", ExternalID: "b.html", Title: "B | Shop", Body: "Text.", Locale: "de"},
		"c.jsonl": {Source: "jsonl:c.jsonl", ExternalID: "5", Title: "C", Body: "Text.", Locale: "de", Phrasings: []string{"Why C?"}},
	} {
		n := 0
		for in, err := range Read(t.Context(), filepath.Join(dir, name), Options{Locale: "de"}) {
			if n++; err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, in); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d articles", name, n)
		}
	}
	for in := range Read(t.Context(), filepath.Join(dir, "a.md"), Options{Source: "mine"}) {
		if in.Source != "mine" {
			t.Errorf("source %q, want the one given", in.Source)
		}
	}
}

func TestReadWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.pdf"), "%PDF-1.4")
	tests := []struct {
		path string
		code chat.Code
		says string
	}{
		{filepath.Join(dir, "gone"), chat.CodeNotFound, "Check the path"},
		{filepath.Join(dir, "a.pdf"), chat.CodeInvalid, "Use a folder, or a .md"},
		{"https://help.example/sitemap.xml", chat.CodeInvalid, "not supported yet"},
	}
	for _, tt := range tests {
		n := 0
		for _, err := range Read(t.Context(), tt.path, Options{}) {
			n++
			if chat.CodeOf(err) != tt.code || !strings.Contains(chat.MessageOf(err), tt.says) {
				t.Errorf("%s: %v", tt.path, err)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d errors", tt.path, n)
		}
	}
}

func TestReadSaysWhatIsNoText(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	png := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	write(t, filepath.Join(dir, "a.md"), "good")
	write(t, filepath.Join(dir, "binary.md"), png)
	write(t, filepath.Join(dir, "huge.md"), strings.Repeat("x", MaxSize+1))
	write(t, filepath.Join(dir, "image.png"), png)
	write(t, filepath.Join(dir, "latin1.md"), "one\ntwo\xe4\n")
	write(t, filepath.Join(dir, "lines.jsonl"), `{"id":"long","body":"`+strings.Repeat("x", MaxSize)+"\"}\n"+"{\"id\":\"\xff\"}\n"+`{"id":"next","body":"Text."}`)
	write(t, filepath.Join(dir, "nul.md"), "a\x00b")
	write(t, filepath.Join(dir, "utf16.md"), "\xff\xfea\x00b\x00")
	if err := os.Symlink("a.md", filepath.Join(dir, "z.md")); err != nil {
		t.Fatal(err)
	}
	want := `a.md
  title: A
  | good
! lost: binary.md: By its content it is image/png, not text. Export it as Markdown or HTML.
! lost: huge.md: The file has 10 MB; the most is 10. Split it into several articles.
! left out: image.png: It is image/png, not a Markdown, HTML, JSONL or CSV file. It was left out.
! lost: latin1.md:2: The text is not UTF-8. Save the file in the encoding UTF-8.
! lost: lines.jsonl:1: The line is longer than 10 MB. Split it into several articles.
! lost: lines.jsonl:2: The line is not UTF-8. Save the file in the encoding UTF-8.
next
  title: next
  | Text.
! lost: nul.md: By its content it is application/octet-stream, not text. Export it as Markdown or HTML.
! lost: utf16.md:1: The text is not UTF-8. Save the file in the encoding UTF-8.
! left out: z.md: It is a link, which is not followed. It was left out.
`
	if diff := cmp.Diff(want, show(Read(t.Context(), dir, Options{}))); diff != "" {
		t.Error(diff)
	}
}

func TestReadStops(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for i := range 3 {
		write(t, filepath.Join(dir, fmt.Sprintf("%d.md", i)), "text")
	}
	n := 0
	for range Read(t.Context(), dir, Options{}) {
		n++
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, err := range Read(ctx, dir, Options{}) {
		n++
		cancel()
		last = err
	}
	if n != 3 || !errors.Is(last, context.Canceled) {
		t.Errorf("%d steps, last %v", n, last)
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{
		"---\nid: a\ntitle: \"b: c\"\ntags: [d, e]\nvisibility: internal\nstatus: draft\n---\n# f\n", "---\ntitle: a: b\n---\n", "---\n", "---\n- a\n---\nb",
		"---\na: &x [1]\nid: *x\n---\n", "---\r\ndraft: true\r\n...\r\ntext", "text only", "---\n\ttags: x\n---", "---\n? a\n: b\n---\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		in, p := parseMarkdown(text)
		if p != nil {
			if p.Line < 1 || p.Line > strings.Count(strings.ReplaceAll(text, "\r", "\n"), "\n")+2 || p.What == "" || p.Do == "" {
				t.Errorf("problem %+v", p)
			}
			return
		}
		if text != "" && !strings.HasPrefix(text, "---") && in.Body != strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text) {
			t.Errorf("the body changed: %q", in.Body)
		}
		if in.Visibility != "" && in.Visibility != knowledge.Public && in.Visibility != knowledge.Internal {
			t.Errorf("visibility %q", in.Visibility)
		}
	})
}

func FuzzHTML(f *testing.F) {
	f.Add("<html lang=en><title>a</title><main><h1>b</h1><table><tr><td>c</table><script>d</script>")
	f.Fuzz(func(t *testing.T, page string) {
		in, err := parseHTML([]byte(page))
		if err == nil {
			knowledge.Prepare(in)
		}
	})
}
