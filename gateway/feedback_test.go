package gateway

import (
	"strings"
	"testing"
	"time"

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

func TestTranscript(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, other := w.join(""), w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	ask := func(who *peer, d protocol.AskTranscript) (protocol.Ack, protocol.Error) {
		t.Helper()
		d.Conversation = conv
		if d.ClientID == uuid.Nil {
			d.ClientID = newID()
		}
		id := newID().String()
		who.send("transcript", id, d)
		return who.answer(id)
	}
	for name, bad := range map[string]struct {
		who  *peer
		d    protocol.AskTranscript
		code chat.Code
	}{
		"nobody knows the address": {p, protocol.AskTranscript{}, chat.CodeInvalid},
		"half an address":          {p, protocol.AskTranscript{Email: "ann@example"}, chat.CodeInvalid},
		"two addresses":            {p, protocol.AskTranscript{Email: "a@example.com, b@example.com"}, chat.CodeInvalid},
		"a header":                 {p, protocol.AskTranscript{Email: "a@example.com\r\nBcc: b@example.com"}, chat.CodeInvalid},
		"somebody else's":          {other, protocol.AskTranscript{Email: "ann@example.com"}, chat.CodeNotFound},
	} {
		if _, refused := ask(bad.who, bad.d); refused.Code != bad.code {
			t.Errorf("%s: %+v, want %s", name, refused, bad.code)
		}
	}
	if len(w.letters.transcribing) != 0 {
		t.Fatalf("told of %v", w.letters.transcribing)
	}
	first := protocol.AskTranscript{ClientID: newID(), Email: " ann@example.com ", Zone: "Europe/Berlin"}
	ack, refused := ask(p, first)
	if refused.Code != "" {
		t.Fatalf("refused: %+v", refused)
	}
	again, _ := ask(p, first)
	entries, err := w.store.Entries(w.ctx, w.ws.ID, conv, chat.LogPublic, ack.Seq-1, 5)
	w.check(err)
	if want := (chat.Transcript{Email: "ann@example.com", Zone: "Europe/Berlin"}); again.Seq != ack.Seq || len(entries) != 1 || *entries[0].Transcript != want {
		t.Errorf("stored %+v", entries)
	}
	// The address that was left in the chat is known from then on, and a zone that is none does no harm.
	p.send("contact", "c", protocol.LeaveContact{Conversation: conv, ClientID: newID(), Email: "left@example.com"})
	p.answer("c")
	ack, refused = ask(p, protocol.AskTranscript{Zone: "Mars/Olympus"})
	entries, err = w.store.Entries(w.ctx, w.ws.ID, conv, chat.LogPublic, ack.Seq-1, 5)
	w.check(err)
	if refused.Code != "" || *entries[0].Transcript != (chat.Transcript{Email: "left@example.com"}) {
		t.Errorf("%+v, %+v", refused, entries)
	}
	if _, refused = ask(p, protocol.AskTranscript{Email: "ann@example.com"}); refused.Code != chat.CodeInvalid || refused.RetryAfter != 0 {
		t.Errorf("a fourth, which must not hold back what is said after it: %+v", refused)
	}
	w.clock.advance(11 * 60e9)
	p = w.join(p.visit) // the heart beats by a clock of its own, and cuts a line that was silent for so long
	// An agent may send it, too; no mail server is no wish.
	agent := w.hire("Mira", chat.RoleAgent)
	var e chat.Entry
	agent.ok("POST", "/conversations/"+conv.String()+"/transcript", protocol.TranscriptRequest{ClientID: newID()}, &e)
	if e.Text != "left@example.com" || e.From.Name != "Mira" || e.From.Kind != chat.PartyAgent {
		t.Errorf("the agent's: %+v", e)
	}
	w.letters.mu.Lock()
	w.letters.refuses = chat.Errorf(chat.CodeUnavailable, "No e-mail can be sent from here.")
	w.letters.mu.Unlock()
	before := len(w.letters.transcribing)
	if _, refused = ask(p, protocol.AskTranscript{}); refused.Code != chat.CodeUnavailable || len(w.letters.transcribing) != before {
		t.Errorf("without a mail server: %+v", refused)
	}
	if s := w.session(""); s.Inbox.Transcript {
		t.Error("the widget offers what cannot be had")
	}
}

// The mail server of the site sends nobody's letters to all the world: not of one visitor, nor of one address that makes
// ever new ones.
func TestTranscriptsToManyAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent := func(p *peer) (n int) {
		for range perVisitorOpenings.burst {
			conv := newID()
			p.say(conv, "Buy at evil.example!")
			p.send("transcript", conv.String(), protocol.AskTranscript{Conversation: conv, ClientID: newID(), Email: conv.String() + "@example.com"})
			if _, refused := p.answer(conv.String()); refused.Code == "" {
				n++
			}
			w.clock.advance(time.Second)
		}
		return n
	}
	if n := sent(w.join("")); n != perVisitorTranscripts.burst {
		t.Errorf("one visitor had %d sent", n)
	}
	all := perVisitorTranscripts.burst
	for range perAddressTranscripts.burst / perVisitorTranscripts.burst {
		all += sent(w.join(""))
	}
	if all > perAddressTranscripts.burst+1 { // time goes by
		t.Errorf("one address had %d sent", all)
	}
	w.clock.advance(time.Hour)
	if n := sent(w.join("")); n == 0 {
		t.Error("nobody may any more")
	}
}

func TestHint(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"": "", "maria@example.com": "m…@example.com", "ä@example.com": "ä…@example.com", "@example.com": "", "nobody": ""} {
		if got := hint(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}
