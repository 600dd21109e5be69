package knowledge

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
)

// show writes blocks as a line of text, so that a want can be read.
func show(blocks []chat.Block) string {
	var out strings.Builder
	for _, b := range blocks {
		switch b.T {
		case "text":
			out.WriteString(b.Text)
			continue
		}
		out.WriteString("<" + b.T)
		if b.N != 0 {
			fmt.Fprintf(&out, " %d", b.N)
		}
		if b.Href != "" {
			out.WriteString(" " + b.Href)
		}
		if b.Align != "" {
			out.WriteString(" " + b.Align)
		}
		out.WriteString(">" + b.Text + show(b.Kids) + "</>")
	}
	return out.String()
}

func TestRender(t *testing.T) {
	t.Parallel()
	links := func(href string) string {
		if path, ok := strings.CutSuffix(href, ".md"); ok {
			return "https://help.example/" + path
		}
		return ""
	}
	tests := []struct{ name, body, want string }{
		{"inline", "a *b* **c** ~~d~~ `e`", "<p>a <em>b</> <strong>c</> <del>d</> <code>e</></>"},
		{"headings", "# A {#anchor}\n\nB\n---\n", "<h 1>A</><h 2>B</>"},
		{"line ends", "a\nb  \nc\\\nd", "<p>a b<br></>c<br></>d</>"},
		{"escapes", "1 \\* 2 &amp; &lt;b&gt; &#65; & &nope;", "<p>1 * 2 & <b> A & &nope;</>"},
		{"tight and nested list", "3. a\n4. b\n   - c\n", "<ol 3><li>a</><li>b<ul><li>c</></></></>"},
		{"loose list", "- a\n\n- b\n", "<ul><li><p>a</></><li><p>b</></></>"},
		{"tasks", "- [x] done\n- [ ] not", "<ul><li>☑ done</><li>☐ not</></>"},
		{"table", "|a|b|\n|:-|-:|\n|1|**2**|\n|3|\n", "<table><tr><th left>a</><th right>b</></><tr><td left>1</><td right><strong>2</></></><tr><td left>3</><td right></></></>"},
		{"code", "```go\nx := 1\n\ny\n```\n\n    z\n", "<pre>x := 1\n\ny</><pre>z</>"},
		{"quote and note", "> q\n\n> [!NOTE]\n> n\n\n> [!WARNING]\n> w\n", "<quote><p>q</></><note><p>n</></><note><p><strong>Warning</></><p>w</></>"},
		{"rule", "a\n\n***\n\nb", "<p>a</><hr></><p>b</>"},
		{"links", "[a](https://x.example/?q=1&r=2) [b](mailto:a@b.example) [c](tel:+491)", "<p><link https://x.example/?q=1&r=2>a</> <link mailto:a@b.example>b</> <link tel:+491>c</></>"},
		{"bad links leave their words", "[a](javascript:alert) [b](data:text/html,x) [c](//evil.example) [d](vbscript:x) [e](https:///x) [f](JaVaScRiPt:x)", "<p>a b c d e f</>"},
		{"escaped bad link", "[a](javascript&colon;alert)", "<p>a</>"},
		{"relative links", "[a](other.md) [b](gone.html) [c](#here)", "<p><link https://help.example/other>a</> b c</>"},
		{"bare links", "see https://x.example/a. or <me@x.example>", "<p>see <link https://x.example/a>https://x.example/a</>. or <link mailto:me@x.example>me@x.example</></>"},
		{"reference links", "[a][r]\n\n[r]: https://x.example\n", "<p><link https://x.example>a</></>"},
		{"attributes after a link", "[a](https://x.example){.external} {.b} c{.d}", "<p><link https://x.example>a</> {.b} c{.d}</>"},
		{"images", "![A *red* one](https://x.example/a.png) ![](b.png) ![b](b.png)", "<p><link https://x.example/a.png>A red one</>  b</>"},
		{"raw html", "a <b onclick=x>b</b><br>c <!-- d -->", "<p>a b<br></>c</>"},
		{"html block", "<div class=x>\n<p>One &amp; <b>two</b></p>\n<script>alert(1)</script>\n<style>p{}</style>\nthree<br>four\n</div>\n", "<p>One & two</><p>three<br></>four</>"},
		{"empty", " \n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, show(Render(tt.body, nil, links))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// under gives the spans of the parts of body.
func under(t *testing.T, body string, parts ...string) []chat.Span {
	t.Helper()
	var out []chat.Span
	for _, p := range parts {
		at := strings.Index(body, p)
		if at < 0 {
			t.Fatalf("%q is not in the body", p)
		}
		out = append(out, chat.Span{Start: at, End: at + len(p)})
	}
	return out
}

func TestRenderMarks(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		marks      []string
		want       string
	}{
		{"a sentence", "One. Two. Three.", []string{"Two."}, "<p>One. <mark>Two.</> Three.</>"},
		{"over inline nodes", "Tap **Set** and `go` now. End", []string{"Tap **Set** and `go` now."}, "<p><mark>Tap <strong>Set</> and <code>go</> now.</> End</>"},
		{"into an inline node", "a **b c** d", []string{"c** d"}, "<p>a <strong>b <mark>c</></><mark> d</></>"},
		{"steps", "1. Turn it.\n2. Lift it.\n3. Stop.\n", []string{"1. Turn it.\n2. Lift it."}, "<ol 1><li><mark>Turn it.</></><li><mark>Lift it.</></><li>Stop.</></>"},
		{"a row", "|a|b|\n|-|-|\n|1|2|\n|3|4|\n", []string{"|3|4|"}, "<table><tr><th>a</><th>b</></><tr><td>1</><td>2</></><tr><td><mark>3</></><td><mark>4</></></></>"},
		{"over a line end", "one\ntwo three", []string{"one\ntwo"}, "<p><mark>one two</> three</>"},
		{"that touch or overlap are one", "abcdef", []string{"abc", "bcd", "de"}, "<p><mark>abcde</>f</>"},
		{"code block", "```\nx\n```\n", []string{"x"}, "<mark><pre>x</></>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, show(Render(tt.body, under(t, tt.body, tt.marks...), nil))); diff != "" {
				t.Error(diff)
			}
		})
	}
	if got := show(Render("abc", []chat.Span{{Start: -5, End: 1}, {Start: 2, End: 99}, {Start: 2, End: 1}}, nil)); got != "<p><mark>a</>b<mark>c</></>" {
		t.Errorf("spans outside the body: %s", got)
	}
}

func TestRenderSpan(t *testing.T) {
	t.Parallel()
	const body = "Intro one. Intro two.\n\n1. Turn.\n2. Lift.\n   - soft\n   - slow\n3. Stop.\n\n|a|b|\n|-|-|\n|1|2|\n|3|4|\n\n```\ncode here\n```\n\n> [!TIP]\n> Rest. Sleep.\n\n---\n"
	tests := []struct{ part, want string }{
		{"Intro two.", "<p>Intro two.</>"},
		{"2. Lift.\n   - soft", "<ol 2><li>Lift.<ul><li>soft</></></></>"},
		{"Stop.", "<ol 3><li>Stop.</></>"},
		{"- slow", "<ol 2><li><ul><li>slow</></></></>"},
		{"|3|4|", "<table><tr><th>a</><th>b</></><tr><td>3</><td>4</></></>"},
		{"|a|b|\n|-|-|\n|1|2|", "<table><tr><th>a</><th>b</></><tr><td>1</><td>2</></></>"},
		{"code", "<pre>code here</>"},
		{"Sleep.", "<note><p>Sleep.</></>"},
		{"Sleep.\n\n---", "<note><p>Sleep.</></>"},
		{"two.\n\n1. Turn", "<p>two.</><ol 1><li>Turn</></>"},
	}
	for _, tt := range tests {
		t.Run(tt.part, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, show(RenderSpan(body, under(t, body, tt.part)[0], nil))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRenderIsBounded(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("> ", 300) + "end"
	blocks := Render(deep, nil, nil)
	if d := depthOf(blocks); d > maxDepth+2 {
		t.Errorf("blocks are %d deep", d)
	}
	if !strings.Contains(PlainText(blocks), "end") {
		t.Error("the text was lost")
	}
}

func depthOf(blocks []chat.Block) int {
	d := 0
	for _, b := range blocks {
		d = max(d, 1+depthOf(b.Kids))
	}
	return d
}

var blockTypes = strings.Fields("p quote ul ol li table tr note h th td pre text code strong em del mark link cite br hr")

func FuzzRender(f *testing.F) {
	for _, s := range []string{sample, "a *b* [c](d \"e\") ![f](g) <h> `i` j@k.example", "- [x] a\n> [!TIP]\n> b", "<div><script>a</div>\n<br>", "[a](javascript:b) <http://c>", "|a|\n|-|\n|\\||\n", "\xff&#0;&amp\\"} {
		f.Add(s, 3, 20)
	}
	f.Fuzz(func(t *testing.T, body string, start, end int) {
		if len(body) > 1<<14 {
			t.Skip("larger bodies only take longer")
		}
		span := chat.Span{Start: start, End: end}
		for _, blocks := range [][]chat.Block{Render(body, []chat.Span{span}, func(h string) string { return h }), RenderSpan(body, span, func(h string) string { return h })} {
			checkBlocks(t, blocks)
			if d := depthOf(blocks); d > 3*maxDepth {
				t.Errorf("%d deep", d)
			}
			if _, err := json.Marshal(blocks); err != nil {
				t.Error(err)
			}
			PlainText(blocks)
		}
		at := 0
		for _, p := range Pieces(body, chat.Span{Start: 0, End: len(body)}) {
			if p.Span.Start < at || p.Span.End <= p.Span.Start || p.Span.End > len(body) {
				t.Fatalf("piece %+v after %d", p, at)
			}
			at = p.Span.End
		}
	})
}

func checkBlocks(t *testing.T, blocks []chat.Block) {
	t.Helper()
	for _, b := range blocks {
		if !slices.Contains(blockTypes, b.T) {
			t.Fatalf("unknown block %q", b.T)
		}
		if !utf8.ValidString(b.Text) || !utf8.ValidString(b.Href) {
			t.Fatalf("%q is not UTF-8", b.T)
		}
		if (b.Href != "") != (b.T == "link") {
			t.Fatalf("%q has the address %q", b.T, b.Href)
		}
		if u, err := url.Parse(b.Href); err != nil || !slices.Contains([]string{"", "http", "https", "mailto", "tel"}, u.Scheme) {
			t.Fatalf("address %q", b.Href)
		}
		checkBlocks(t, b.Kids)
	}
}
