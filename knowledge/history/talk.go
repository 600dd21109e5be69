package history

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"frontdesk/knowledge"
)

// talk is a conversation as a help desk kept it.
type talk struct {
	id       string
	subject  string
	messages []message // in order; those that the customer saw
}

type message struct {
	agent bool
	text  string
	links []string
}

// exchange takes out the first real question and what agents said after it;
// ok is false if there is no question.
func (t talk) exchange() (e knowledge.Exchange, ok bool) {
	asked := 0 // messages up to the answer
	for asked < len(t.messages) && e.Question == "" {
		// What the customer writes before an agent answers is one question.
		var burst []string
		for asked < len(t.messages) && t.messages[asked].agent {
			asked++
		}
		for asked < len(t.messages) && !t.messages[asked].agent {
			burst = append(burst, unquoted(t.messages[asked].text))
			asked++
		}
		e.Question = question(strings.Join(burst, "\n"))
	}
	if e.Question == "" {
		e.Question = question(t.subject)
		asked = 0
	}
	var answers []string
	for _, m := range t.messages[asked:] {
		if !m.agent {
			continue
		}
		if text := unquoted(m.text); text != "" {
			answers = append(answers, text)
		}
		for _, link := range m.links {
			if !slices.Contains(e.Links, link) {
				e.Links = append(e.Links, link)
			}
		}
	}
	e.Answer = strings.Join(answers, "\n\n")
	return e, e.Question != ""
}

const (
	// shortWords is up to how many words a message is taken as it is: people
	// say what they ask and why within about so much.
	shortWords = 45
	// leastWords is how many words a question has at least.
	leastWords = 3
)

var (
	// greeting is how a message begins before it says something.
	greeting = regexp.MustCompile(`(?i)^\W*(hi|hello|hey|hiya|dear [^,.!?]{1,40}|good (morning|afternoon|evening|day)|greetings)( there| all| team| everyone| support| (sir|madam)( or madam)?)?\s*[,.!:–-]*\s*`)
	// phrases are sentences that ask for an ear, thank or take leave.
	phrases = regexp.MustCompile(`(?i)^\W*(i have (a|one|another) (quick )?question|(can|could) (you|someone|anyone) (please )?help( me)?( out)?( please)?|i need (some )?help|is (anyone|anybody|someone) (there|here|online)|are you there|(many |kind )?thanks?( you)?( (so|very) much| a lot| in advance| for (your|the) (help|time|reply))?|cheers|(best|kind|warm)( regards| wishes)?|regards|sincerely|i hope (you are|this finds you) (doing )?well|sent from my \w+.*)\W*$`)
	// quoteHead begins what a mail program repeats of earlier messages.
	quoteHead = regexp.MustCompile(`(?m)^(On .{5,120} wrote:|-{2,} ?Original Message ?-{2,}|_{10,}|##- Please type your reply above this line -##)\s*$`)
	signature = regexp.MustCompile(`(?m)^-- ?$`)
)

// unquoted gives a message without what was quoted and signed.
func unquoted(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for _, end := range []*regexp.Regexp{quoteHead, signature} {
		if at := end.FindStringIndex(text); at != nil && at[0] > 0 {
			text = text[:at[0]]
		}
	}
	var kept []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), ">") {
			kept = append(kept, strings.TrimRight(line, "\n"))
		}
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}

// question gives what a customer's words ask, "" if they only greet. Of a
// long story it is the first sentence with a question mark and the one before
// it, which says what it is about.
func question(text string) string {
	var said []string
	for _, span := range knowledge.Sentences(text) {
		s := strings.Join(strings.Fields(text[span.Start:span.End]), " ")
		s = greeting.ReplaceAllString(s, "")
		if s != "" && !phrases.MatchString(s) {
			said = append(said, s)
		}
	}
	whole := strings.Join(said, " ")
	n := len(strings.Fields(whole))
	switch {
	case n < leastWords:
		return ""
	case n <= shortWords:
		return whole
	}
	for i, s := range said {
		if strings.HasSuffix(s, "?") {
			return strings.Join(said[max(i-1, 0):i+1], " ")
		}
	}
	return strings.Join(said[:min(len(said), 2)], " ")
}

var webAddress = regexp.MustCompile("(?i)\\bhttps?://[^\\s<>\"'`\\])}|]+")

// linksIn gives the web addresses in a text, without the dot that ends its sentence.
func linksIn(text string) []string {
	var links []string
	for _, link := range webAddress.FindAllString(text, -1) {
		links = append(links, strings.TrimRight(link, ".,;:!?*_"))
	}
	return links
}

// blocks are the elements that end a line.
var blocks = map[atom.Atom]bool{
	atom.P: true, atom.Br: true, atom.Div: true, atom.Li: true, atom.Ul: true, atom.Ol: true, atom.Tr: true, atom.Table: true,
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.Blockquote: true, atom.Pre: true,
}

// textOf gives the words of a message in HTML, and where its links lead. What
// it quotes of earlier messages is left out. Plain text passes as it is.
func textOf(markup string) (text string, links []string) {
	root, err := html.Parse(strings.NewReader(markup))
	if err != nil { // of reading only, and a string can be read
		return markup, linksIn(markup)
	}
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
			return
		case n.DataAtom == atom.Script || n.DataAtom == atom.Style || n.DataAtom == atom.Blockquote:
			return
		case n.DataAtom == atom.A:
			for _, a := range n.Attr {
				if a.Key == "href" && webAddress.MatchString(a.Val) {
					links = append(links, a.Val)
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if blocks[n.DataAtom] {
			b.WriteByte('\n')
		}
	}
	walk(root)
	text = strings.TrimSpace(b.String())
	return text, append(links, linksIn(text)...)
}
