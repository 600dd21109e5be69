package knowledge

import (
	"crypto/sha256"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"frontdesk/chat"
)

const (
	// chunkWords is the most words of a chunk. With the title and headings in
	// front it stays near the 256 tokens that the built-in encoder reads.
	chunkWords = 160
	// stepWords is the most words of a list item or quote that is kept whole: one that is
	// longer holds sections of its own and is cut between them.
	stepWords = 2 * chunkWords
	// leadWords is the most words of a line that stays with the list it leads to.
	leadWords = chunkWords / 4
)

// Chunks cuts an article's body into passages, in order of the text. They do
// not overlap, and together they hold everything but white space. A heading
// begins a new one and belongs to it; a section that is too long is cut
// into even parts between blocks, list items, table rows, and, in a paragraph
// that is too long by itself, between sentences. A code block, a row and a
// step stay whole, so a chunk may exceed chunkWords.
// The same input always gives the same chunks.
func Chunks(title, body string) []Chunk {
	c := chunker{page: parse(body), title: strings.TrimSpace(title)}
	c.collect(c.root, len(c.src))
	for _, section := range sections(c.atoms) {
		for _, part := range parts(section) {
			c.add(part)
		}
	}
	return c.finish()
}

// atom is a piece of source that is never cut. It ends where the next begins.
type atom struct {
	start   int
	words   int
	lead    bool   // it ends in a colon and belongs to what follows
	heading int    // level, 0 for anything else
	title   string // of a heading
}

type chunker struct {
	page
	title  string
	atoms  []atom
	path   []atom // headings above the current chunk
	chunks []Chunk
	body   []int // by chunk: where the passage begins, after its headings
}

// collect appends the atoms of parent's children, whose source ends at end.
func (c *chunker) collect(parent ast.Node, end int) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		stop := nextPos(n, end)
		if n.Pos() < 0 {
			continue
		}
		words := c.words(n.Pos(), stop)
		switch n := n.(type) {
		case *ast.LinkReferenceDefinition:
		case *ast.Heading:
			c.push(atom{start: n.Pos(), words: words, heading: c.level(n), title: c.plain(n)})
		case *ast.List:
			c.collect(n, stop)
		case *ast.ListItem, *ast.Blockquote:
			c.push(atom{start: n.Pos(), words: words})
			if words > stepWords && n.FirstChild() != nil {
				c.atoms[len(c.atoms)-1].words = 0
				c.collect(n, stop)
			}
		case *extast.Table:
			c.collectRows(n, stop)
		case *ast.Paragraph, *ast.TextBlock, *ast.HTMLBlock:
			c.collectSentences(n, stop, words)
		default:
			c.push(atom{start: n.Pos(), words: words})
		}
	}
}

// level is a heading's level; one inside a list or quote is no section.
func (c *chunker) level(n *ast.Heading) int {
	if n.Parent() != c.root {
		return 0
	}
	return n.Level
}

func (c *chunker) plain(n ast.Node) string {
	r := renderer{page: c.page, clip: chat.Span{Start: 0, End: len(c.src)}}
	return strings.Join(strings.Fields(plainInline(r.line(n, 0))), " ")
}

// push appends a; its start moves to the beginning of its line, so that list
// markers and quote signs come along. Of two atoms at one place the first wins.
func (c *chunker) push(a atom) {
	a.start = c.lineStart(a.start)
	c.pushExact(a)
}

func (c *chunker) pushExact(a atom) {
	if last := len(c.atoms) - 1; last >= 0 && a.start <= c.atoms[last].start {
		c.atoms[last].words += a.words
		return
	}
	c.atoms = append(c.atoms, a)
}

// collectRows makes an atom of each row, the first together with the header.
func (c *chunker) collectRows(table *extast.Table, end int) {
	for row := table.FirstChild(); row != nil; row = row.NextSibling() {
		a := atom{start: row.Pos(), words: c.words(row.Pos(), nextPos(row, end))}
		if _, first := row.PreviousSibling().(*extast.TableHeader); first || row == table.FirstChild() {
			a.start = table.Pos()
		}
		c.push(a)
	}
}

// collectSentences makes one atom of a paragraph, or one of each sentence if
// it is too long for a chunk.
func (c *chunker) collectSentences(n ast.Node, end, words int) {
	text := string(c.src[n.Pos():end])
	if words <= chunkWords {
		lead := words <= leadWords && strings.HasSuffix(strings.TrimRight(text, "*_ \t\n"), ":")
		c.push(atom{start: n.Pos(), words: words, lead: lead})
		return
	}
	for i, s := range Sentences(text) {
		start := n.Pos() + s.Start
		if i == 0 {
			start = c.lineStart(n.Pos())
		}
		for _, at := range hardCuts(text[s.Start:s.End]) {
			from := max(start, n.Pos()+s.Start+at)
			if at == 0 {
				from = start
			}
			c.pushExact(atom{start: from, words: min(countWords(text[s.Start+at:s.End]), chunkWords)})
		}
	}
}

// hardCuts gives where a sentence that no chunk can hold is cut, between
// words: speech recognition gives pages without a full stop.
func hardCuts(sentence string) []int {
	cuts := []int{0}
	words, inWord := 0, false
	for i, r := range sentence {
		if unicode.IsSpace(r) {
			inWord = false
			continue
		}
		if !inWord {
			if words++; words > chunkWords {
				cuts = append(cuts, i)
				words = 1
			}
			inWord = true
		}
	}
	return cuts
}

func (c *chunker) words(start, end int) int { return countWords(string(c.src[start:end])) }

// countWords counts the runs of non-space that hold a letter or digit, so that
// table rules and list markers do not count.
func countWords(s string) int {
	n, counted := 0, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			counted = false
		case !counted && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			counted = true
			n++
		}
	}
	return n
}

// sections splits atoms before each heading that follows something else, so
// that headings without text of their own stay with what comes after.
func sections(atoms []atom) [][]atom {
	var out [][]atom
	start := 0
	for i := 1; i < len(atoms); i++ {
		if atoms[i].heading > 0 && atoms[i-1].heading == 0 {
			out = append(out, atoms[start:i])
			start = i
		}
	}
	if start < len(atoms) {
		out = append(out, atoms[start:])
	}
	return out
}

// parts cuts a section into runs of about equal size, none over chunkWords
// unless one atom is.
func parts(section []atom) [][]atom {
	total := countAll(section)
	n := (total + chunkWords - 1) / chunkWords
	if n < 2 {
		return [][]atom{section}
	}
	target := (total + n - 1) / n
	var out [][]atom
	start, words := 0, 0
	for i, a := range section {
		full := words+a.words > chunkWords || words+a.words/2 >= target
		if cut := beforeLead(section, start, i); a.words > 0 && full && cut > start {
			out = append(out, section[start:cut])
			start, words = cut, countAll(section[cut:i])
		}
		words += a.words
	}
	return append(out, section[start:])
}

// beforeLead gives where to cut before the atom at i: not between it and a
// line that leads to it ("Follow these steps:"), nor between headings and text.
// It is start if there is no such place.
func beforeLead(section []atom, start, i int) int {
	for i > start && section[i-1].lead {
		i--
	}
	if countAll(section[start:i]) == 0 || headingsOnly(section[start:i]) {
		return start
	}
	return i
}

func countAll(atoms []atom) int {
	n := 0
	for _, a := range atoms {
		n += a.words
	}
	return n
}

func headingsOnly(atoms []atom) bool {
	for _, a := range atoms {
		if a.heading == 0 {
			return false
		}
	}
	return true
}

// add makes a chunk of a part, without its end, which the next one decides.
func (c *chunker) add(part []atom) {
	var passed []string // headings that are not above what follows
	content := -1
	for _, a := range part {
		if a.heading == 0 {
			content = a.start
			break
		}
		for len(c.path) > 0 && c.path[len(c.path)-1].heading >= a.heading {
			top := c.path[len(c.path)-1]
			if top.start >= part[0].start {
				passed = append(passed, top.title)
			}
			c.path = c.path[:len(c.path)-1]
		}
		c.path = append(c.path, a)
	}
	chunk := Chunk{Ordinal: len(c.chunks), Start: part[0].start, Text: strings.Join(passed, "\n")}
	for _, h := range c.path {
		if h.title != "" && !strings.EqualFold(h.title, c.title) {
			chunk.Headings = append(chunk.Headings, h.title)
		}
	}
	c.chunks = append(c.chunks, chunk)
	c.body = append(c.body, content)
}

// finish sets ends, texts and hashes.
func (c *chunker) finish() []Chunk {
	all := chat.Span{Start: 0, End: len(c.src)}
	if all = trim(c.src, all); all.Start == all.End {
		return nil
	}
	if len(c.chunks) == 0 { // nothing but link definitions
		c.chunks, c.body = []Chunk{{}}, []int{-1}
	}
	c.chunks[0].Start = all.Start
	for i := range c.chunks {
		chunk := &c.chunks[i]
		end := all.End
		if i+1 < len(c.chunks) {
			end = c.chunks[i+1].Start
		}
		span := trim(c.src, chat.Span{Start: chunk.Start, End: end})
		chunk.Start, chunk.End = span.Start, span.End
		chunk.Text = c.text(*chunk, c.body[i])
		chunk.Hash = sha256.Sum256([]byte(chunk.Text))
	}
	return c.chunks
}

// text is what is embedded and indexed: title, headings, passage.
func (c *chunker) text(chunk Chunk, body int) string {
	lines := []string{c.title}
	lines = append(lines, chunk.Headings...)
	lines = append(lines, chunk.Text)
	if body >= 0 {
		lines = append(lines, PlainText(c.render(chat.Span{Start: body, End: chunk.End}, nil, nil)))
	}
	var out []string
	for _, l := range lines {
		if l != "" {
			out = append(out, l)
		}
	}
	return clean(strings.Join(out, "\n"))
}
