package handoff

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Limits of the brief: what an agent reads in five seconds.
const (
	briefEntries = 200 // entries of the log that are looked at
	briefGoal    = 300 // bytes
	briefList    = 5   // lines of a list
	briefComment = 120 // bytes of what the customer said of an answer
	briefFacts   = 10  // attributes of the customer
)

// brief makes the brief of a handoff from the log and the bot's evidence,
// without a model, which may only polish it. With an error it is as complete as
// it could be.
func (d *Desk) brief(ctx context.Context, ws uuid.UUID, c chat.Conversation, r Request) (chat.Brief, error) {
	start := d.now()
	b := chat.Brief{
		Version: chat.BriefVersion, Reason: r.Reason, Before: r.Before, Why: why(r), Page: c.Page, Device: c.Device, Language: c.Locale, Identity: "unknown",
		Mood: mood(r.Reason), Suggested: r.Suggested,
	}
	entries, err := d.store.Entries(ctx, ws, c.ID, chat.LogPublic, max(0, c.LastSeq-briefEntries), briefEntries)
	if err != nil {
		err = fmt.Errorf("handoff: entries of %s: %w", c.ID, err)
	}
	b.Goal, b.Open = goal(entries, r.Question)
	b.Opener = opener(entries)
	b.Tried = tried(entries)
	b.Articles = articles(entries, r.Articles)
	b.Shop = shopUses(entries)
	b.Confidence = confidence(entries)
	if r.Confidence != nil {
		b.Confidence = append(b.Confidence, chat.BriefPoint{At: start.UTC(), Confidence: *r.Confidence, Action: chat.ActionHandoff})
	}
	var identityErr, journeyErr error
	b.Identity, b.Attributes, identityErr = d.identity(ctx, ws, c.Customer)
	b.Journey, journeyErr = d.journey(ctx, ws, c)
	b.TookMS = float64(d.now().Sub(start).Microseconds()) / 1000
	b.Polished = d.polished(ctx, c, b)
	return b, errors.Join(err, identityErr, journeyErr)
}

// polishWithin is what a handoff waits for better words: nobody waits for them
// longer than for the brief itself.
const polishWithin = 300 * time.Millisecond

// polished gives the brief's better words, nil if there are none in time.
func (d *Desk) polished(ctx context.Context, c chat.Conversation, b chat.Brief) *chat.BriefPolish {
	if d.polish == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, polishWithin)
	defer cancel()
	done := make(chan *chat.BriefPolish, 1) // whoever is late finds nobody, and does not stay
	go func() {
		p, err := d.polish(ctx, c, b)
		if err != nil {
			d.log.InfoContext(ctx, "handoff: the brief stays as it is", "conversation", c.ID, "err", err)
			p = nil
		}
		done <- p
	}()
	select {
	case p := <-done:
		return p
	case <-ctx.Done():
		return nil
	}
}

// goal gives what the customer wants in the customer's own words: the last
// message that says more than "a person, please", and the questions in all
// that nobody has answered.
func goal(entries []chat.Entry, question string) (string, []string) {
	open := []string{}
	first, said := "", ""
	for _, e := range entries {
		switch {
		case e.Kind != chat.KindMessage:
		case e.From.Kind == chat.PartyCustomer:
			if first == "" {
				first = e.Text
			}
			asked, telling := substance(e.Text)
			if telling {
				said = e.Text
			}
			open = append(open, asked...)
		case e.Body.Answer == nil || e.Body.Answer.Action == chat.ActionAnswer:
			open = open[:0]
		}
	}
	for _, other := range []string{question, first} {
		if said == "" {
			said = other
		}
	}
	if len(open) > briefList {
		open = open[len(open)-briefList:]
	}
	return cut(said, briefGoal), open
}

// opener gives the automatic message that the customer's first words answered.
func opener(entries []chat.Entry) string {
	for _, e := range entries {
		if e.Opener() {
			return cut(e.Text, briefGoal)
		}
	}
	return ""
}

// fewWords is up to how many words a statement says nothing by itself: "Yes
// please", "It is still broken".
const fewWords = 4

// substance gives the questions of a message, and whether it says or asks
// anything beyond the wish for a person.
func substance(text string) (asked []string, telling bool) {
	for _, s := range sentence.FindAllString(text, -1) {
		s = strings.TrimSpace(s)
		switch {
		case asksForPerson.MatchString(s):
		case strings.HasSuffix(s, "?"):
			asked, telling = append(asked, cut(s, briefGoal)), true
		case len(strings.Fields(s)) > fewWords:
			telling = true
		}
	}
	return asked, telling
}

var (
	// A wish for a person: a verb of asking before the person, or the person alone.
	asksForPerson = regexp.MustCompile(`(?i)(\b(talk|speak|chat|connect|transfer|hand|pass|put|get|give|want|need|like|real|live|actual|is there|are you|can i have)\b.*|^\W*((an?|the|any) )?)\b(person|human( being)?|agent|someone|somebody|representative|operator|colleague|staff)\b`)
	sentence      = regexp.MustCompile(`[^.!?\n]+[.!?]*`)
	// What people write of what they did themselves.
	triedWords = regexp.MustCompile(`(?i)\b(i|we)('ve| have)?( already| also| just)? (tried|checked|asked|called|waited|restarted|reset|looked|cleaned|changed|followed|contacted|searched|reinstalled|descaled|returned|sent|did)\b`)
)

// tried lists what the customer says to have done, and what the bot has shown.
func tried(entries []chat.Entry) []string {
	out := []string{}
	add := func(s string) {
		if len(out) < briefList && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	words := judged(entries)
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
				add("Was shown “" + cit.Title + "”" + words[e.Seq])
			}
		}
	}
	return out
}

// judged gives what the customer said last of answers, as the end of a line, by the answer's number.
func judged(entries []chat.Entry) map[int64]string {
	words := map[int64]string{}
	for _, e := range entries {
		if f := e.Body.Feedback; f != nil {
			words[f.Seq] = verdict(*f)
		}
	}
	return words
}

func verdict(f chat.Feedback) string {
	if f.Helpful {
		return ": it helped"
	}
	said := ": it did not help"
	switch f.Reason {
	case chat.FeedbackWrong:
		said += ", it is wrong"
	case chat.FeedbackUnclear:
		said += ", it is not clear"
	case chat.FeedbackOutdated:
		said += ", it is out of date"
	case chat.FeedbackOffTopic:
		said += ", it is not what was asked"
	case chat.FeedbackNone, chat.FeedbackOther:
	}
	if f.Comment != "" {
		said += " (“" + cut(strings.Join(strings.Fields(f.Comment), " "), briefComment) + "”)"
	}
	return said
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

// shopUses lists what the shop's actions gave and changed, newest first: look-ups
// that answered, and changes that the customer confirmed or did not.
func shopUses(entries []chat.Entry) []chat.BriefCall {
	out := []chat.BriefCall{}
	for i := len(entries) - 1; i >= 0 && len(out) < briefList; i-- {
		e := entries[i]
		switch {
		case e.Body.Call != nil:
			out = append(out, chat.BriefCall{At: e.At, Title: e.Body.Call.Title, State: e.Body.Call.State, Rows: []chat.Field{}})
		case e.Body.Answer != nil && e.Body.Answer.Used != nil && len(e.Body.Answer.Used.Fields) > 0:
			used := e.Body.Answer.Used
			out = append(out, chat.BriefCall{At: e.At, Title: used.Title, State: chat.CallDone, Rows: slices.Concat(used.Args, used.Fields)})
		}
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
	case chat.ReasonPolicy:
		return "The inbox's rules keep the bot out of this subject."
	case chat.ReasonAction:
		return "A change that the customer confirmed has failed, or may have: look in the shop before you repeat it."
	case chat.ReasonShadow:
		return "The bot had an answer, and does not answer questions like this by itself yet: compare it with yours."
	case chat.ReasonSuggest:
		return "The bot had an answer, and does not answer questions like this by itself yet: send it if it is right."
	case chat.ReasonTransferred:
		return "An agent passed it on."
	case chat.ReasonVanished:
		return "The agent who had it is gone, and the customer waits."
	case chat.ReasonLoop:
		return "It went to and fro between bot and people, and stays with a person now. " + why(Request{Reason: r.Before, Confidence: r.Confidence})
	case chat.ReasonFailure:
		return "The bot could not finish its turn."
	}
	return "The conversation was handed over."
}

// mood names the customer's mood where the reason tells it; "" claims nothing.
func mood(r chat.Reason) string {
	switch r {
	case chat.ReasonDistress:
		return "in distress"
	case chat.ReasonAbuse:
		return "angry"
	case chat.ReasonRepeated, chat.ReasonLoop:
		return "impatient"
	}
	return ""
}

// identity says who the customer is, and what else is known.
func (d *Desk) identity(ctx context.Context, ws, customer uuid.UUID) (string, []chat.BriefFact, error) {
	known := []chat.BriefFact{}
	person, err := d.sur.Customer(ctx, ws, customer)
	if err != nil {
		return "unknown", known, fmt.Errorf("handoff: customer %s: %w", customer, err)
	}
	for _, a := range person.Known() {
		if len(known) < briefFacts {
			known = append(known, chat.BriefFact{Name: a.Name, Value: a.Value, Verified: a.By == chat.SourceToken})
		}
	}
	return string(person.Level(d.now())), known, nil
}

// journey lists the customer's earlier conversations, newest first.
func (d *Desk) journey(ctx context.Context, ws uuid.UUID, c chat.Conversation) ([]string, error) {
	out := []string{}
	page, err := d.sur.Conversations(ctx, ws, chat.ConversationQuery{View: chat.ViewAll, Customer: c.Customer, Limit: briefList + 1})
	if err != nil {
		return out, fmt.Errorf("handoff: earlier conversations: %w", err)
	}
	for _, e := range page.Conversations {
		if e.ID != c.ID && e.Subject != "" && len(out) < briefList {
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
	if i := strings.LastIndexByte(s, ' '); i >= n/2 {
		s = s[:i]
	}
	return s + "…"
}
