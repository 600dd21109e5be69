package liar

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// fact is a sentence, a step or a cell of a table that an article states.
type fact struct {
	article int
	text    string
	step    bool
	row     *row // of a cell
}

// row is a table's row with its neighbours.
type row struct {
	header []string
	cells  []string
	others [][]string // the other rows
	column int
}

const (
	leastWords = 5
	mostWords  = 40
)

// collect finds the facts of all articles.
func (m *maker) collect() {
	m.of = map[int][]int{}
	seen := map[string]bool{}
	m.common = map[string]bool{}
	for _, a := range m.articles {
		for _, w := range smallWord.FindAllString(a.Body, -1) {
			m.common[w] = true
		}
	}
	for i, a := range m.articles {
		rows := map[int][][]string{}
		headers := map[int][]string{}
		table := 0
		pieces := knowledge.Pieces(a.Body, chat.Span{Start: 0, End: len(a.Body)})
		for j, p := range pieces {
			if p.Kind != knowledge.PieceRow {
				table = j + 1
				continue
			}
			if len(p.Cells) > 1 && len(p.Header) == len(p.Cells) {
				rows[table], headers[table] = append(rows[table], p.Cells), p.Header
			}
		}
		for _, p := range pieces {
			if (p.Kind == knowledge.PieceSentence || p.Kind == knowledge.PieceStep) && states(p.Text, p.Kind) {
				m.fact(fact{article: i, text: p.Text, step: p.Kind == knowledge.PieceStep})
			}
		}
		for t := range len(pieces) + 1 {
			for r, cells := range rows[t] {
				for c := 1; c < len(cells); c++ {
					if valueLike.MatchString(cells[c]) && !noNoun.MatchString(headers[t][c]) && plainCell(cells[0]) && plainCell(cells[c]) && plainCell(headers[t][c]) {
						others := slices.Delete(slices.Clone(rows[t]), r, r+1)
						f := fact{article: i, row: &row{headers[t], cells, others, c}}
						f.text = m.say(f.row, 0)
						m.fact(f)
					}
				}
			}
		}
		for _, n := range nameRun.FindAllString(a.Body, -1) {
			if !seen[n] && !stopName[strings.Fields(n)[0]] {
				seen[n] = true
				m.names = append(m.names, n)
			}
		}
	}
}

func (m *maker) fact(f fact) {
	m.of[f.article] = append(m.of[f.article], len(m.facts))
	m.facts = append(m.facts, f)
}

// other gives another fact of the same article.
func (m *maker) other(f fact) (fact, bool) {
	list := m.of[f.article]
	for range 10 {
		o := m.facts[list[m.rand.IntN(len(list))]]
		if o.text != f.text && o.row == nil {
			return o, true
		}
	}
	return fact{}, false
}

func plainCell(s string) bool { return s != "" && len(s) < 60 && !strings.Contains(s, "\n") }

// say states a cell in one of some ways.
func (m *maker) say(r *row, way int) string {
	key, head, cell := r.cells[0], r.header[r.column], r.cells[r.column]
	switch way {
	case 1:
		return "For " + key + ", " + m.small(head) + " is " + cell + "."
	case 2:
		return head + " for " + key + ": " + cell + "."
	}
	return "The " + m.small(head) + " of " + key + " is " + cell + "."
}

// states reports whether a piece is a statement that stands by itself.
func states(text string, kind knowledge.PieceKind) bool {
	n := len(strings.Fields(text))
	first, _ := utf8.DecodeRuneInString(text)
	if n < leastWords || n > mostWords || strings.ContainsAny(text, "\n|{}<>[]=`*_\\") || !unicode.IsUpper(first) || strings.Contains(text, "?") {
		return false
	}
	if kind == knowledge.PieceSentence && !strings.HasSuffix(text, ".") {
		return false
	}
	if strings.HasSuffix(text, ":") || strings.Contains(strings.TrimRight(text, ". "), ". ") {
		return false
	}
	return !firstPerson.MatchString(text)
}

// firstPerson marks examples of what customers say.
var firstPerson = regexp.MustCompile(`\b(I|my|me)\b|(?i)\b(this article|image below|picture below|see below|screenshot|e\.g\.|i\.e\.)`)

var (
	valueLike = regexp.MustCompile(`\d`)
	// nameRun is words with a capital that no sentence begins with.
	nameRun  = regexp.MustCompile(`[a-z,] ((?:[A-Z][a-zA-Z0-9]+)(?: [A-Z][a-zA-Z0-9]+){0,3})`)
	stopName = map[string]bool{"I": true}
)

func lowerFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if second, _ := utf8.DecodeRuneInString(s[size:]); unicode.IsUpper(second) {
		return s // an acronym
	}
	return string(unicode.ToLower(r)) + s[size:]
}

// noNoun marks names of columns that do not make a sentence of "the price of it is 5".
var noNoun = regexp.MustCompile(`(?i)^(what|when|where|how|then|who|on|in|at|off|report|you|if)\b|\b(after|before|up to|all|it|you)\b|,`)

// small gives a text with a small letter at its start, unless that is a name's.
func (m *maker) small(s string) string {
	if first, _, _ := strings.Cut(s, " "); m.common[strings.ToLower(first)] {
		return lowerFirst(s)
	}
	return s
}

// smallWord is a word in small letters.
var smallWord = regexp.MustCompile(`\b[a-z]{2,}\b`)

func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// words gives the words of a text in small letters, without signs.
func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '$' && r != '€' && r != '%'
	})
}

// contains reports whether a run of words stands in others.
func contains(in, run []string) bool {
	for i := 0; i+len(run) <= len(in); i++ {
		if slices.Equal(in[i:i+len(run)], run) {
			return true
		}
	}
	return false
}
