package handoff

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// briefForm is the version of the brief's form.
const briefForm = 1

// Limits of the brief: what an agent reads in five seconds.
const (
	briefEntries = 200 // entries of the log that are looked at
	briefGoal    = 300 // bytes
	briefList    = 5   // lines of a list
)

// brief makes the brief of a handoff from the log and the bot's evidence. It
// asks no model. With an error it is as complete as it could be.
func (d *Desk) brief(ctx context.Context, ws uuid.UUID, c chat.Conversation, r Request) (chat.Brief, error) {
	start := d.now()
	b := chat.Brief{
		Version: briefForm, Reason: r.Reason, Why: why(r), Page: c.Page, Language: c.Locale, Identity: "unknown",
		Tried: []string{}, Open: []string{}, Articles: []chat.BriefArticle{}, Confidence: []chat.BriefPoint{}, Journey: []string{},
		Suggested: r.Suggested,
	}
	entries, err := d.store.Entries(ctx, ws, c.ID, chat.LogPublic, max(0, c.LastSeq-briefEntries), briefEntries)
	if err != nil {
		return b, fmt.Errorf("handoff: brief of %s: %w", c.ID, err)
	}
	b.Goal, b.Open = goal(entries, r.Question)
	b.Tried = tried(entries)
	b.Articles = articles(entries, r.Articles)
	b.Confidence = confidence(entries)
	if r.Confidence != nil {
		b.Confidence = append(b.Confidence, chat.BriefPoint{At: start.UTC(), Confidence: *r.Confidence, Action: chat.ActionHandoff})
	}
	if b.Identity, err = d.identity(ctx, ws, c.Customer); err != nil {
		return b, err
	}
	if b.Journey, err = d.journey(ctx, ws, c); err != nil {
		return b, err
	}
	b.TookMS = float64(d.now().Sub(start).Microseconds()) / 1000
	return b, nil
}

// goal gives what the customer wants in the customer's own words: the last
// thing asked that is more than "a person, please", and the questions in all
// that the bot has left unanswered.
func goal(entries []chat.Entry, question string) (string, []string) {
	open := []string{}
	said := ""
	for _, e := range entries {
		switch {
		case e.Kind != chat.KindMessage:
		case e.From.Kind == chat.PartyCustomer:
			if said == "" || len(strings.Fields(e.Text)) > 4 || strings.Contains(e.Text, "?") && !asksForPerson.MatchString(e.Text) {
				said = e.Text
			}
			open = append(open, questions(e.Text)...)
		case e.Body.Answer == nil || e.Body.Answer.Action == chat.ActionAnswer:
			open = open[:0]
		}
	}
	if said == "" {
		said = question
	}
	if len(open) > briefList {
		open = open[len(open)-briefList:]
	}
	return cut(said, briefGoal), open
}

var (
	asksForPerson = regexp.MustCompile(`(?i)\b(person|human|agent|someone|somebody|representative|staff)\b`)
	sentence      = regexp.MustCompile(`[^.!?\n]+[.!?]*`)
	// What people write of what they did themselves.
	triedWords = regexp.MustCompile(`(?i)\b(i|we)('ve| have)?( already| also| just)? (tried|checked|asked|called|waited|restarted|reset|looked|cleaned|changed|followed|contacted|searched|reinstalled|descaled|returned|sent|did)\b`)
)

func questions(text string) []string {
	var out []string
	for _, s := range sentence.FindAllString(text, -1) {
		if s = strings.TrimSpace(s); strings.HasSuffix(s, "?") && !asksForPerson.MatchString(s) {
			out = append(out, cut(s, briefGoal))
		}
	}
	return out
}

// tried lists what the customer says to have done, and what the bot has shown.
func tried(entries []chat.Entry) []string {
	out := []string{}
	add := func(s string) {
		for _, have := range out {
			if have == s {
				return
			}
		}
		if len(out) < briefList {
			out = append(out, s)
		}
	}
	for _, e := range entries {
		if e.Kind != chat.KindMessage {
			continue
		}
		if e.From.Kind == chat.PartyCustomer {
			for _, s := range sentence.FindAllString(e.Text, -1) {
				if triedWords.MatchString(s) {
					add(cut(strings.TrimSpace(s), briefGoal))
				}
			}
		}
		if a := e.Body.Answer; a != nil && a.Action == chat.ActionAnswer {
			for _, cit := range a.Citations {
				add("Was shown “" + cit.Title + "”")
			}
		}
	}
	return out
}

// articles lists what was shown, newest first, then what else was considered.
func articles(entries []chat.Entry, considered []chat.BriefArticle) []chat.BriefArticle {
	out := []chat.BriefArticle{}
	seen := map[uuid.UUID]bool{}
	add := func(a chat.BriefArticle) {
		if !seen[a.Article] && len(out) < briefList {
			seen[a.Article] = true
			out = append(out, a)
		}
	}
	for i := len(entries) - 1; i >= 0; i-- {
		a := entries[i].Body.Answer
		if a == nil || a.Action != chat.ActionAnswer {
			continue
		}
		for _, c := range a.Citations {
			add(chat.BriefArticle{Article: c.Article, Number: c.Number, Title: c.Title, URL: c.URL, Score: c.Score, Shown: true})
		}
	}
	for _, a := range considered {
		add(a)
	}
	return out
}

func confidence(entries []chat.Entry) []chat.BriefPoint {
	out := []chat.BriefPoint{}
	for _, e := range entries {
		if a := e.Body.Answer; a != nil && a.Action != chat.ActionSmallTalk {
			out = append(out, chat.BriefPoint{At: e.At, Confidence: a.Confidence, Action: a.Action})
		}
	}
	if len(out) > briefList {
		out = out[len(out)-briefList:]
	}
	return out
}

// why says in one sentence why the conversation comes now.
func why(r Request) string {
	switch r.Reason {
	case chat.ReasonAsked:
		return "The customer asked for a person."
	case chat.ReasonLowConfidence:
		if r.Confidence != nil {
			return fmt.Sprintf("No answer was likely enough to be right: the best had a confidence of %s.", probability(*r.Confidence))
		}
		return "No answer was likely enough to be right."
	case chat.ReasonNothingFound:
		return "No article is about this."
	case chat.ReasonValueMissing:
		return "The article on this does not hold the value asked for."
	case chat.ReasonInternal:
		return "Only an internal article holds this."
	case chat.ReasonPersonOnly:
		return "This needs a look into the customer's own data, which only a person may take."
	case chat.ReasonRepeated:
		return "The customer asked the same again."
	case chat.ReasonDistress:
		return "The customer writes of danger or distress."
	case chat.ReasonAbuse:
		return "The customer is abusive."
	case chat.ReasonLanguage:
		return "The customer writes in a language that the bot does not answer in."
	case chat.ReasonFailure:
		return "The bot could not finish its turn."
	}
	return "The conversation was handed over."
}

func (d *Desk) identity(ctx context.Context, ws, customer uuid.UUID) (string, error) {
	person, err := d.sur.Customer(ctx, ws, customer)
	switch {
	case err != nil:
		return "unknown", fmt.Errorf("handoff: customer %s: %w", customer, err)
	case person.Verified:
		return "verified", nil
	case person.Email != "":
		return "e-mail given", nil
	}
	return "anonymous", nil
}

// journey lists the customer's earlier conversations, newest first.
func (d *Desk) journey(ctx context.Context, ws uuid.UUID, c chat.Conversation) ([]string, error) {
	out := []string{}
	page, err := d.sur.Conversations(ctx, ws, chat.ConversationQuery{View: chat.ViewAll, Customer: c.Customer, Limit: briefList + 1})
	if err != nil {
		return out, fmt.Errorf("handoff: earlier conversations: %w", err)
	}
	for _, e := range page.Conversations {
		if e.ID != c.ID && len(out) < briefList {
			out = append(out, fmt.Sprintf("%s: %s", e.CreatedAt.Format("2 January"), e.Subject))
		}
	}
	return out, nil
}

// probability writes p the way the console does: ".72".
func probability(p float64) string {
	return strings.TrimPrefix(fmt.Sprintf("%.2f", p), "0")
}

// cut shortens s to at most n bytes, at a space if it can.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = s[:n-len("…")]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	if i := strings.LastIndexByte(s, ' '); i > n/2 {
		s = s[:i]
	}
	return s + "…"
}
