package gateway

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// botAnswers has the bot answer a conversation, and gives the answer's number.
func (w *world) botAnswers(conv uuid.UUID, action chat.Action, cited ...chat.Citation) int64 {
	w.t.Helper()
	e, err := w.store.Append(w.ctx, w.ws.ID, conv, chat.Draft{ClientID: newID(), From: chat.Sender{Kind: chat.PartyBot}, Kind: chat.KindMessage,
		Text: "30 days.", Body: chat.Body{Answer: &chat.Answer{Action: action, Confidence: .9, Citations: cited}}})
	w.check(err)
	return e.Seq
}

func TestFeedback(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, other := w.join(""), w.join("")
	conv := newID()
	p.say(conv, "How long may I return it?")
	answer := w.botAnswers(conv, chat.ActionAnswer)
	question := w.botAnswers(conv, chat.ActionClarify)

	give := func(who *peer, f protocol.GiveFeedback) (protocol.Ack, protocol.Error) {
		if f.Conversation == uuid.Nil {
			f.Conversation = conv
		}
		id := newID().String()
		who.send("feedback", id, f)
		return who.answer(id)
	}
	first := protocol.GiveFeedback{ClientID: newID(), Seq: answer, Reason: chat.FeedbackOutdated, Comment: "  It is 14 now\x00 "}
	ack, refused := give(p, first)
	if refused.Code != "" || ack.ClientID != first.ClientID {
		t.Fatalf("%+v, %+v", ack, refused)
	}
	if again, _ := give(p, first); again.Seq != ack.Seq {
		t.Errorf("a repeat is entry %d, the first %d", again.Seq, ack.Seq)
	}
	if changed, refused := give(p, protocol.GiveFeedback{ClientID: newID(), Seq: answer, Helpful: true}); changed.Seq != ack.Seq+1 || refused.Code != "" {
		t.Errorf("a change: %+v, %+v", changed, refused)
	}
	entries, err := w.store.Entries(w.ctx, w.ws.ID, conv, chat.LogPublic, ack.Seq-1, 1)
	w.check(err)
	if want := (chat.Feedback{Seq: answer, Reason: chat.FeedbackOutdated, Comment: "It is 14 now"}); entries[0].Feedback == nil || *entries[0].Feedback != want || entries[0].From.ID != p.who {
		t.Errorf("stored %+v", entries[0])
	}

	for name, bad := range map[string]struct {
		who  *peer
		f    protocol.GiveFeedback
		code chat.Code
	}{
		"an unknown reason":         {p, protocol.GiveFeedback{ClientID: newID(), Seq: answer, Reason: "rude"}, chat.CodeInvalid},
		"a reason for what helped":  {p, protocol.GiveFeedback{ClientID: newID(), Seq: answer, Helpful: true, Reason: chat.FeedbackWrong}, chat.CodeInvalid},
		"no client id":              {p, protocol.GiveFeedback{Seq: answer}, chat.CodeInvalid},
		"no answer named":           {p, protocol.GiveFeedback{ClientID: newID()}, chat.CodeInvalid},
		"the customer's own words":  {p, protocol.GiveFeedback{ClientID: newID(), Seq: 1}, chat.CodeInvalid},
		"a question back":           {p, protocol.GiveFeedback{ClientID: newID(), Seq: question}, chat.CodeInvalid},
		"what is not there yet":     {p, protocol.GiveFeedback{ClientID: newID(), Seq: 1 << 40}, chat.CodeInvalid},
		"the highest number":        {p, protocol.GiveFeedback{ClientID: newID(), Seq: 1<<63 - 1}, chat.CodeInvalid},
		"a long comment":            {p, protocol.GiveFeedback{ClientID: newID(), Seq: answer, Comment: strings.Repeat("x", protocol.MaxText+1)}, chat.CodeTooLarge},
		"somebody else's":           {other, protocol.GiveFeedback{ClientID: newID(), Seq: answer, Helpful: true}, chat.CodeNotFound},
		"a conversation that isn't": {p, protocol.GiveFeedback{Conversation: newID(), ClientID: newID(), Seq: answer, Helpful: true}, chat.CodeNotFound},
	} {
		if _, refused := give(bad.who, bad.f); refused.Code != bad.code {
			t.Errorf("%s: %+v, want %s", name, refused, bad.code)
		}
	}
}

func TestRatingsOfEachKind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	for _, c := range []struct {
		kind  chat.RatingKind
		score int
		good  bool
		shown int // the conversation's rating from then on
	}{
		{chat.RatingNPS, 0, true, 0}, {chat.RatingNPS, 10, true, 0}, {chat.RatingNPS, 11, false, 0},
		{"", 2, true, 2}, {chat.RatingCES, 7, true, 2}, {chat.RatingCES, 0, false, 2}, {chat.RatingCSAT, 5, true, 5}, {"stars", 5, false, 5},
	} {
		id := newID().String()
		p.send("rate", id, protocol.Rate{Conversation: conv, ClientID: newID(), Kind: c.kind, Score: c.score})
		if _, refused := p.answer(id); c.good != (refused.Code == "") || !c.good && refused.Code != chat.CodeInvalid {
			t.Errorf("%s %d: %+v", c.kind, c.score, refused)
		}
		if got, err := w.store.Conversation(w.ctx, w.ws.ID, conv); err != nil || got.Rating != c.shown {
			t.Errorf("after %s %d: %d, %v", c.kind, c.score, got.Rating, err)
		}
	}
}

func TestFeedbackIsLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	answer := w.botAnswers(conv, chat.ActionAnswer)
	for i := range perVisitorMessages.burst {
		id := newID().String()
		p.send("feedback", id, protocol.GiveFeedback{Conversation: conv, ClientID: newID(), Seq: answer, Helpful: i%2 == 0})
		if _, refused := p.answer(id); refused.Code == chat.CodeRateLimited {
			return
		}
	}
	t.Error("a customer may change their mind without end")
}
