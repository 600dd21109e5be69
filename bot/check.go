package bot

import (
	"fmt"
	"regexp"
	"strings"

	"frontdesk/chat"
)

// valueLike is everything in an answer that would do harm if it were wrong:
// addresses, and every number, which covers prices, dates and times.
var valueLike = regexp.MustCompile(`(?i)https?://[^\s)>\]]+|www\.[^\s)>\]]+|[\pL\d._%+-]+@[\pL\d-]+(?:\.[\pL\d-]+)+|\d+(?:[.,:/\x{2013}-]\d+)*`)

// verify checks what is about to be said against its sources, whoever wrote
// it: each statement's numbers, prices, dates, URLs and e-mail addresses must
// occur in its span, each link's address in a cited body, and the text must
// say nothing beyond the statements. bodies gives the body of each citation.
func (q quoted) verify(bodies map[int]string) error {
	said := map[string]bool{}
	for _, s := range q.statements {
		body, ok := bodies[s.Citation]
		if !ok || s.Span.Start < 0 || s.Span.End > len(body) || s.Span.Start >= s.Span.End {
			return fmt.Errorf("bot: check answer: statement %q has no source", s.Text)
		}
		source := unescaped(body[s.Span.Start:s.Span.End])
		for _, v := range valueLike.FindAllString(s.Text, -1) {
			if !holdsWhole(source, v) {
				return fmt.Errorf("bot: check answer: %q is not in the source of %q", v, s.Text)
			}
			said[v] = true
		}
	}
	if len(q.statements) == 0 {
		return fmt.Errorf("bot: check answer: no statement")
	}
	var sources strings.Builder
	for _, c := range q.citations {
		sources.WriteString(c.Title + "\n")
		for _, s := range c.Spans {
			if s.Start < 0 || s.End > len(bodies[c.N]) || s.Start >= s.End {
				return fmt.Errorf("bot: check answer: citation %d has a span outside its article", c.N)
			}
			sources.WriteString(bodies[c.N][s.Start:s.End] + "\n")
		}
	}
	all := unescaped(sources.String())
	for _, v := range valueLike.FindAllString(listNumber.ReplaceAllString(q.text, ""), -1) {
		if !said[v] && !holdsWhole(all, v) && !inHeader(v, q.blocks, bodies) {
			return fmt.Errorf("bot: check answer: %q is in no cited passage", v)
		}
	}
	return q.verifyLinks(q.blocks, bodies)
}

// Values gives everything in a text that would do harm if it were wrong: its
// numbers and addresses, in order.
func Values(text string) []string {
	return valueLike.FindAllString(listNumber.ReplaceAllString(text, ""), -1)
}

// HoldsValue reports whether a text holds one of the Values of another, not as
// a part of a longer one.
func HoldsValue(text, value string) bool { return holdsWhole(text, value) }

// holdsWhole reports whether a source holds a value that is not part of a
// longer one: "15" and "5.90" do not hold "5".
func holdsWhole(source, v string) bool {
	for from := 0; ; {
		at := strings.Index(source[from:], v)
		if at < 0 {
			return false
		}
		start, end := from+at, from+at+len(v)
		if !goesOn.MatchString(source[end:]) && !comesFrom.MatchString(source[max(0, start-8):start]) {
			return true
		}
		from = start + 1
	}
}

// How a number goes on to the right and to the left.
var (
	goesOn    = regexp.MustCompile(`^[.,:/\x{2013}-]?\d`)
	comesFrom = regexp.MustCompile(`\d[.,:/\x{2013}-]?$`)
)

// listNumber is the number that a renderer puts before a step.
var listNumber = regexp.MustCompile(`(?m)^\s*\d+\. `)

// inHeader allows what a table's header holds: a cited row brings its header
// along, which may stand outside the row's span but is in the same body.
func inHeader(v string, blocks []chat.Block, bodies map[int]string) bool {
	for _, b := range blocks {
		if b.T == "th" && strings.Contains(plain(b.Kids), v) {
			for _, body := range bodies {
				if holdsWhole(unescaped(body), v) {
					return true
				}
			}
		}
		if inHeader(v, b.Kids, bodies) {
			return true
		}
	}
	return false
}

func plain(blocks []chat.Block) string {
	var out strings.Builder
	for _, b := range blocks {
		out.WriteString(b.Text)
		out.WriteString(plain(b.Kids))
	}
	return out.String()
}

// verifyLinks checks that every address that a reader could follow stands in
// a cited body, or is the one of an article that a link there leads to.
func (q quoted) verifyLinks(blocks []chat.Block, bodies map[int]string) error {
	for _, b := range blocks {
		href := b.Href
		if inside, ok := q.links[href]; ok {
			href = inside
		}
		if href != "" && !hrefKnown(href, bodies) {
			return fmt.Errorf("bot: check answer: link %q is in no cited article", b.Href)
		}
		if err := q.verifyLinks(b.Kids, bodies); err != nil {
			return err
		}
	}
	return nil
}

func hrefKnown(href string, bodies map[int]string) bool {
	bare := strings.TrimPrefix(href, "mailto:")
	for _, scheme := range []string{"http://", "https://"} {
		if strings.HasPrefix(strings.ToLower(bare), scheme+"www.") {
			bare = bare[len(scheme):] // a bare "www." gets its scheme from the renderer
		}
	}
	for _, body := range bodies {
		if strings.Contains(unescaped(body), bare) {
			return true
		}
	}
	return false
}

// unescaped undoes what Markdown escapes, so that "1\.5 &amp; 2" holds "1.5 & 2".
func unescaped(s string) string {
	return entity.Replace(backslash.ReplaceAllString(s, "$1"))
}

var (
	backslash = regexp.MustCompile(`\\([[:punct:]])`)
	entity    = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'", "&nbsp;", " ")
)
