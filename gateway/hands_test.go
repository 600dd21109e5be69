package gateway

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// Somebody sat at this browser before, and still has a connection elsewhere with its token. When the site names who sits
// there now, what is said from then on is not for the first one; when an agent takes that back, not for the second.
func TestAConversationThatChangesHands(t *testing.T) { everyWay(t, testAConversationThatChangesHands) }

func testAConversationThatChangesHands(t *testing.T, w *world) {
	secret := w.secret()
	conv := newID()
	before := w.join("")
	before.say(conv, "Is anybody there?")
	before.send("sync", "", protocol.Sync{Conversation: conv})
	before.has(conv, 1, 1)

	eve := w.knockAs(w.sessionOf(protocol.Credentials{VisitorToken: before.visit, UserJWT: w.signed(secret, time.Hour)}), protocol.Sync{Conversation: conv})
	eve.has(conv, 1, 1)
	eve.say(conv, "My card ends in 4711.")
	eve.has(conv, 1, 2)
	if before.ended(); len(before.entries[conv]) != 1 {
		t.Errorf("who sat there before reads on: %+v", before.entries[conv])
	}
	// The same token finds nothing of it.
	again := w.join(before.visit, protocol.Sync{Conversation: conv})
	again.quiet("entry", "reset", "queue")

	c, err := w.store.Conversation(w.ctx, w.ws.ID, conv)
	w.check(err)
	link := w.link(conv, "eve@example.com")
	agent := w.hire("mira", chat.RoleAgent)
	var merges protocol.MergeList
	agent.ok("GET", "/customers/"+c.Customer.String()+"/merges", nil, &merges)
	want(t, agent.do("POST", "/merges/"+merges.Data[0].ID.String()+"/undo", nil, nil), http.StatusOK)
	again.say(conv, "I am somebody else.")
	if eve.ended(); len(eve.entries[conv]) != 2 {
		t.Errorf("who was taken for the same reads on: %+v", eve.entries[conv])
	}
	if _, status := w.by(link); status != http.StatusUnauthorized {
		t.Errorf("a link that went to her still opens it: %d", status)
	}
}

// A connection that knows a conversation, and does not follow it, may do nothing in it once it is another's.
func TestNothingIsDoneInWhatWasOnesOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret := w.secret()
	conv := newID()
	before := w.join("")
	before.say(conv, "Is anybody there?")
	w.sessionOf(protocol.Credentials{VisitorToken: before.visit, UserJWT: w.signed(secret, time.Hour)})
	for typ, d := range touching(conv) {
		before.send(typ, typ, d)
		if typ == "typing" {
			continue // a passing sign without an answer
		}
		if _, refused := before.answer(typ); refused.Code == "" {
			t.Errorf("%s is done", typ)
		}
	}
	if c, err := w.store.Conversation(w.ctx, w.ws.ID, conv); err != nil || c.LastSeq != 1 || c.Owner != chat.OwnerBot {
		t.Errorf("it is %+v, %v", c, err)
	}
}

// Another node learns of it when it polls.
func TestAnotherNodeSeesThatAConversationChangedHands(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	conv := newID()
	p := w.join("")
	p.say(conv, "Is anybody there?")
	p.send("sync", "", protocol.Sync{Conversation: conv})
	p.has(conv, 1, 1)
	eve, err := w.identity.ByToken(w.ctx, w.inbox, w.signed(w.secret(), time.Hour), "")
	w.check(err)
	_, err = w.store.MergeCustomers(w.ctx, w.ws.ID, chat.Merge{From: p.who, Into: eve.ID})
	w.check(err)
	w.check(w.g.pollOnce(map[uuid.UUID]int64{}))
	p.ended()
}
