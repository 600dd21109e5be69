package trust

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

const (
	// goodRating and badRating are the scores, of 5, from which a rating counts
	// as a verdict; between them it says nothing.
	goodRating = 4
	badRating  = 2
	// quietAfter is how long nobody must have said anything before silence
	// counts as consent.
	quietAfter = 24 * time.Hour
	// kept is the share of a suggestion's words that a reply must hold to count
	// as the suggestion, changed.
	kept = .5
)

// Judge reads the verdicts on the bot's answers and suggestions out of a
// conversation's public log (all of it, in order) and its newest handoff, nil
// if it has none. It is pure: a longer log gives the same verdicts and maybe
// more, under the same ids, but where silence was broken after all: then the
// verdict that was stored first counts. What says nothing clear gives none.
func Judge(conv chat.Conversation, entries []chat.Entry, handoff *chat.Handoff, now time.Time) []Verdict {
	j := judgement{conv: conv, told: lastWords(entries)}
	for i, e := range entries {
		j.read(e)
		if handoff != nil && isHandoff(e) && !later(entries[i+1:]) {
			j.suggested, j.suggestedSeq = handoff, e.Seq
		}
	}
	if now.Sub(conv.UpdatedAt) >= quietAfter {
		j.settle(KindQuiet, true, conv.UpdatedAt)
	}
	return j.verdicts
}

// isHandoff reports whether e is the move from the bot to the queue.
func isHandoff(e chat.Entry) bool {
	return e.Kind == chat.KindOwner && e.Change != nil && e.Change.From == chat.OwnerBot && e.Change.To == chat.OwnerQueue
}

func later(entries []chat.Entry) bool { return slices.ContainsFunc(entries, isHandoff) }

// judgement is a log read so far.
type judgement struct {
	conv     chat.Conversation
	verdicts []Verdict
	told     map[int64]said // the customer's last words on answers, by the answer's number
	// answer is the bot's last answer while it has no verdict and nobody else
	// has answered since.
	answer *chat.Entry
	// suggested is the handoff whose suggestion waits for the agent's reply.
	suggested    *chat.Handoff
	suggestedSeq int64
}

func (j *judgement) read(e chat.Entry) {
	switch {
	case e.Kind == chat.KindFeedback && e.Feedback != nil:
		if j.answer != nil && j.answer.Seq == e.Feedback.Seq {
			j.settle("", false, e.At)
		}
	case e.Kind == chat.KindRating && e.Rating != nil && e.Rating.Kind.OrCSAT() == chat.RatingCSAT:
		if e.Rating.Score >= goodRating || e.Rating.Score <= badRating {
			j.settle(KindRated, e.Rating.Score >= goodRating, e.At)
		}
	case e.Kind == chat.KindOwner && e.Change != nil:
		j.moved(e)
	case e.Kind != chat.KindMessage:
	case e.From.Kind == chat.PartyBot && e.Answer != nil:
		j.botSaid(e)
	case e.From.Kind == chat.PartyAgent:
		j.answer = nil
		j.agentSaid(e)
	}
}

// botSaid: an answer or a thank-you after an answer is the customer's consent
// to that; a question back or a handoff is not.
func (j *judgement) botSaid(e chat.Entry) {
	switch e.Answer.Action {
	case chat.ActionSmallTalk:
		j.settle(KindQuiet, true, e.At)
	case chat.ActionAnswer:
		if len(e.Answer.Citations) == 0 {
			return
		}
		if j.answer != nil && topicOf(j.answer) == topicOf(&e) {
			j.answer = nil // the same article again: neither wrong nor enough
		}
		j.settle(KindQuiet, true, e.At)
		j.answer = &e
	}
}

// moved: a wish for a person right after an answer, or coming back after the
// end, says that the answer did not help.
func (j *judgement) moved(e chat.Entry) {
	c := e.Change
	switch {
	case isHandoff(e) && (c.Reason == chat.ReasonAsked || c.Reason == chat.ReasonRepeated):
		j.settle(KindHandoff, false, e.At)
	case isHandoff(e):
		j.answer = nil // it went on to something else
	case c.Reason == chat.ReasonReopened:
		j.settle(KindReopened, false, e.At)
	}
}

// said is the customer's word on an answer, and when it was said.
type said struct {
	chat.Feedback
	at time.Time
}

func lastWords(entries []chat.Entry) map[int64]said {
	told := map[int64]said{}
	for _, e := range entries {
		if e.Kind == chat.KindFeedback && e.Feedback != nil {
			told[e.Feedback.Seq] = said{*e.Feedback, e.At}
		}
	}
	return told
}

// settle gives the last answer its verdict. What the customer said of that very
// answer goes before all that is read out of the rest; "unclear" is nothing
// against what it says, and so no verdict.
func (j *judgement) settle(kind Kind, right bool, at time.Time) {
	if j.answer == nil {
		return
	}
	a := j.answer
	j.answer = nil
	if told, ok := j.told[a.Seq]; ok {
		if told.Reason == chat.FeedbackUnclear {
			return
		}
		kind, right, at = KindRated, told.Helpful, told.at
	}
	j.add(Verdict{Article: topicOf(a), Seq: a.Seq, At: at, Kind: kind, Right: right, Confidence: a.Answer.Confidence, Answered: true})
}

func (j *judgement) add(v Verdict) {
	v.Conversation = j.conv.ID
	v.ID = uuid.NewSHA1(j.conv.ID, fmt.Appendf(nil, "verdict on %d", v.Seq))
	j.verdicts = append(j.verdicts, v)
}

func topicOf(e *chat.Entry) uuid.UUID { return e.Answer.Citations[0].Article }

// agentSaid compares an agent's first reply with what was suggested.
func (j *judgement) agentSaid(e chat.Entry) {
	h := j.suggested
	j.suggested = nil
	if h == nil || h.Brief.Suggested == nil || len(h.Brief.Suggested.Citations) == 0 {
		return
	}
	s := h.Brief.Suggested
	v := Verdict{Article: s.Citations[0].Article, Seq: j.suggestedSeq, At: e.At, Answered: h.Reason == chat.ReasonShadow || h.Reason == chat.ReasonSuggest}
	if n := len(h.Brief.Confidence); n > 0 {
		v.Confidence = h.Brief.Confidence[n-1].Confidence
	}
	cites := slices.ContainsFunc(e.Sources, func(c chat.Citation) bool { return c.Article == v.Article })
	v.Kind, v.Right = compare(s.Text, e.Text, cites)
	if !v.Right && !cites && len(e.Sources) > 0 {
		v.Correct = e.Sources[0].Article
	}
	if v.Kind == KindRejected && h.Reason == chat.ReasonShadow && v.Correct == uuid.Nil {
		return // the agent did not see the suggestion as one: other words may say the same
	}
	j.add(v)
}

// compare says what an agent made of a suggestion. A changed one is right if
// most of its words and all of its numbers were kept, or if it rests on the
// same article and keeps the numbers.
func compare(suggestion, reply string, cites bool) (Kind, bool) {
	if strings.Contains(plain(reply), plain(suggestion)) {
		return KindAccepted, true
	}
	want, have := words(suggestion), words(reply)
	n, numbers := 0, true
	for w := range want {
		switch {
		case have[w]:
			n++
		case strings.ContainsAny(w, "0123456789"):
			numbers = false
		}
	}
	if cites || len(want) > 0 && float64(n) >= kept*float64(len(want)) {
		return KindEdited, numbers
	}
	return KindRejected, false
}

func plain(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }

var word = regexp.MustCompile(`[\pL\d]+(?:[.,:/-]\d+)*`)

func words(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range word.FindAllString(strings.ToLower(s), -1) {
		out[w] = true
	}
	return out
}
