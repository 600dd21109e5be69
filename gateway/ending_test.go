package gateway

import (
	"net/http"
	"testing"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// A customer ends a chat: the agent reads who did, it leaves her list, it can be rated, and what the customer writes
// afterwards opens it again.
func TestTheCustomerEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.hire("anna", chat.RoleAgent)
	anna.ok(http.MethodPut, "/presence", protocol.PresenceRequest{State: chat.PresenceOnline}, nil)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	p.send("sync", "", protocol.Sync{Conversation: conv})
	_, err := w.desk.AskForPerson(w.ctx, w.ws.ID, conv, chat.Sender{Kind: chat.PartyCustomer, ID: p.who})
	w.check(err)
	anna.claim(conv)
	console := anna.console()
	console.send("subscribe", "", protocol.Subscribe{Conversation: conv})
	c, err := w.store.Conversation(w.ctx, w.ws.ID, conv)
	w.check(err)

	end := protocol.EndConversation{Conversation: conv, ClientID: newID()}
	for range 2 {
		p.send("end", "end", end)
		if ack, refused := p.answer("end"); ack.Seq != c.LastSeq+1 || ack.ClientID != end.ClientID || refused.Code != "" {
			t.Fatalf("%+v, %+v", ack, refused)
		}
	}
	console.has(conv, 1, c.LastSeq+1)
	last := console.entries[conv][c.LastSeq]
	if last.Kind != chat.KindOwner || last.ClientID != end.ClientID || last.From.Kind != chat.PartyCustomer || last.Change.Status != chat.StatusClosed {
		t.Errorf("entry %+v", last)
	}
	var list protocol.ConversationList
	anna.ok(http.MethodGet, "/conversations?view=mine", nil, &list)
	if len(list.Data) != 0 || list.Mine != 0 {
		t.Errorf("hers: %+v", list)
	}
	anna.ok(http.MethodGet, "/conversations?view=closed", nil, &list)
	if len(list.Data) != 1 || list.Data[0].Outcome != chat.OutcomeNone {
		t.Errorf("closed: %+v", list)
	}
	p.send("rate", "rate", protocol.Rate{Conversation: conv, ClientID: newID(), Score: 5})
	if _, refused := p.answer("rate"); refused.Code != "" {
		t.Errorf("rate: %+v", refused)
	}

	p.say(conv, "One more thing")
	p.send("end", "late", end) // what was asked before
	p.answer("late")
	if c, err = w.store.Conversation(w.ctx, w.ws.ID, conv); err != nil || c.Status != chat.StatusOpen || !c.Unanswered() {
		t.Errorf("after a message: %+v, %v", c, err)
	}
	p.send("end", "no id", protocol.EndConversation{Conversation: conv})
	if _, refused := p.answer("no id"); refused.Code != chat.CodeInvalid {
		t.Errorf("without an id: %+v", refused)
	}
}
