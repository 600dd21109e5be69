package mail

import (
	"bytes"
	"embed"
	htmltemplate "html/template"
	"regexp"
	"strings"
	texttemplate "text/template"
	"unicode"
)

// Letter is what is said in one e-mail, and to whom. All texts are plain: what
// looks like HTML in them is shown as it is.
type Letter struct {
	To      string
	Lang    string // what it is written in, BCP 47; "" is English
	RTL     bool   // and that is written from the right
	Subject string
	Brand   string   // who speaks; the sender's name where the settings have none
	Colour  string   // "#rrggbb", the bar on top; "" is Frontdesk's own
	Title   string   // the first line
	Text    []string // paragraphs
	Code    string   // shown large
	Said    []Said   // words of the chat
	Sources []Link   // what they rest on; one without an address is named only
	Sourced string   // what stands above Sources
	Button  *Link
	Notes   []string // small print
	Thread  string   // what letters of one thread share: an id

	// After and Upto are the part of a conversation's log that the letter brings: above After, up to Upto. It goes out once
	// at the most, and only if no other letter of its kind brings something of that. Upto 0: it brings none, and is sent
	// again when it is not known whether it went.
	After, Upto int64
}

// Said is somebody's words in a chat.
type Said struct {
	From    string // "Mira", "You"
	Text    string
	Mine    bool   // of the reader
	At      string // "14:32"; "" says no time
	Day     string // the day that begins with it, "" if none does
	Sources []Link // what these words rest on
}

// Link is an address with its name.
type Link struct {
	Text string
	URL  string // https or http
}

//go:embed letter.html.tmpl letter.txt.tmpl
var files embed.FS

var (
	htmlLetter = htmltemplate.Must(htmltemplate.New("letter.html.tmpl").Funcs(htmltemplate.FuncMap{"lines": lines, "number": next}).ParseFS(files, "letter.html.tmpl"))
	textLetter = texttemplate.Must(texttemplate.New("letter.txt.tmpl").Funcs(texttemplate.FuncMap{"wrap": wrap, "quote": quote, "number": next}).ParseFS(files, "letter.txt.tmpl"))
	isColour   = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
)

// accent is Frontdesk's own colour (--accent in light).
const accent = "#2552c8"

// Render gives the letter as plain text and as HTML.
func (l Letter) Render() (text, html string, err error) {
	l = l.clean()
	var t, h bytes.Buffer
	if err := textLetter.Execute(&t, l); err != nil {
		return "", "", err
	}
	if err := htmlLetter.Execute(&h, l); err != nil {
		return "", "", err
	}
	return strings.TrimSpace(t.String()) + "\n", h.String(), nil
}

// clean takes out what no text of a letter may hold.
func (l Letter) clean() Letter {
	if !isColour.MatchString(l.Colour) {
		l.Colour = accent
	}
	if l.Lang == "" {
		l.Lang = "en"
	}
	l.Brand, l.Title, l.Code, l.Subject, l.Sourced = oneLine(l.Brand), oneLine(l.Title), oneLine(l.Code), oneLine(l.Subject), oneLine(l.Sourced)
	l.Text, l.Notes = printables(l.Text), printables(l.Notes)
	said := make([]Said, len(l.Said))
	for i, s := range l.Said {
		said[i] = Said{From: oneLine(s.From), Text: printable(s.Text), Mine: s.Mine, At: oneLine(s.At), Day: oneLine(s.Day), Sources: cleanLinks(s.Sources)}
	}
	l.Said, l.Sources = said, cleanLinks(l.Sources)
	return l
}

func cleanLinks(all []Link) []Link {
	out := make([]Link, len(all))
	for i, s := range all {
		out[i] = Link{Text: oneLine(s.Text), URL: oneLine(s.URL)}
	}
	return out
}

func printables(all []string) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = printable(s)
	}
	return out
}

// printable is s without control characters but line ends.
func printable(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || !unicode.IsControl(r) {
			return r
		}
		if r == '\t' {
			return ' '
		}
		return -1
	}, strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "")))
}

// next is the number of the i-th of a list, from 1.
func next(i int) int { return i + 1 }

func lines(s string) []string { return strings.Split(s, "\n") }

// width is that of a line of plain text: RFC 3676 suggests 66 to 78.
const width = 72

// wrap breaks lines between words.
func wrap(s string) string { return broken(s, width) }

// quote is s with a mark before each line, as replies have it.
func quote(s string) string {
	return "> " + strings.ReplaceAll(broken(s, width-2), "\n", "\n> ")
}

func broken(s string, width int) string {
	var b strings.Builder
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		at := 0
		for _, word := range strings.Fields(line) {
			n := len([]rune(word))
			switch {
			case at == 0:
			case at+1+n > width:
				b.WriteByte('\n')
				at = 0
			default:
				b.WriteByte(' ')
				at++
			}
			b.WriteString(word)
			at += n
		}
	}
	return b.String()
}
