package rule

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"frontdesk/chat"
)

// CheckFeedbackQuery gives a query's limit and the number below which its page begins. CodeInvalid.
func CheckFeedbackQuery(q chat.FeedbackQuery) (limit int, before int64, err error) {
	if err := (chat.Feedback{Seq: 1, Reason: q.Reason}).Check(); err != nil {
		return 0, 0, err
	}
	if limit, err = PageLimit(q.Limit); err != nil {
		return 0, 0, err
	}
	before, err = ParseRevision(q.Cursor)
	return limit, before, err
}

// NumberedAnswer is a judged answer with its place in the list.
type NumberedAnswer struct {
	chat.JudgedAnswer
	Number int64
}

// Cite sets what the answer rests on from its body.
func (a *NumberedAnswer) Cite(b chat.Body) {
	if b.Answer != nil && len(b.Answer.Citations) > 0 {
		c := b.Answer.Citations[0]
		a.Article, a.Title, a.JudgedAnswer.Number = c.Article, c.Title, c.Number
	}
}

// FeedbackPage is the page, of at most limit, that begins with found, out of total.
// One more than limit means that there is a next page.
func FeedbackPage(found []NumberedAnswer, total, limit int) chat.FeedbackPage {
	page := chat.FeedbackPage{Total: total}
	for i, a := range found {
		if i == limit {
			page.Next = strconv.FormatInt(found[i-1].Number, 10)
			break
		}
		page.Answers = append(page.Answers, a.JudgedAnswer)
	}
	return page
}

// SortHelpTallies puts tallies into the order that the contract states.
func SortHelpTallies(all []chat.HelpTally) []chat.HelpTally {
	slices.SortFunc(all, func(a, b chat.HelpTally) int {
		return cmp.Or(slices.Compare(a.Article[:], b.Article[:]), compareBool(a.Helpful, b.Helpful), strings.Compare(string(a.Reason), string(b.Reason)))
	})
	return all
}

// compareBool has true before false.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
