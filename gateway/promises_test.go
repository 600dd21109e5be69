package gateway

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// TestPromises: an agent's promise from her words to the receipt that the customer checks.
func TestPromises(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agent, viewer := w.hire("Ana", chat.RoleAgent), w.hire("Vera", chat.RoleViewer)
	c, err := w.store.CreateCustomer(w.ctx, w.ws.ID, chat.Customer{Name: "Lena Brandt", TokenHash: []byte("x")})
	w.check(err)
	conv, err := w.store.OpenConversation(w.ctx, w.ws.ID, chat.Conversation{ID: newID(), Inbox: w.inbox.ID, Customer: c.ID, Subject: "My refund"})
	w.check(err)
	at := "/conversations/" + conv.ID.String() + "/promises"

	var found protocol.PromisesFound
	agent.ok(http.MethodPost, at+"/detect", protocol.PromiseText{Text: "Hello. I'll refund it within two hours. Anything else?"}, &found)
	if len(found.Data) != 1 || found.Data[0].Text != "I'll refund it within two hours" || found.Data[0].Due.Before(w.clock.Now().Add(time.Hour)) {
		t.Fatalf("found %+v", found)
	}
	agent.ok(http.MethodPost, at+"/detect", protocol.PromiseText{Text: "Hello"}, &found)
	if found.Data == nil || len(found.Data) != 0 {
		t.Errorf("found %+v", found)
	}
	due := w.clock.Now().Add(2 * time.Hour).UTC().Truncate(time.Microsecond)
	ask := protocol.PromiseRequest{ClientID: newID(), Text: "Refund of 20 €", Due: due}
	var made, again protocol.PromiseRow
	agent.ok(http.MethodPost, at, ask, &made)
	agent.ok(http.MethodPost, at, ask, &again)
	if made.ID != ask.ClientID || again.Number != made.Number || made.Name != "Lena Brandt" || made.OwnerName != "Ana" || made.Subject != "My refund" || made.Soon || !made.Due.Equal(due) {
		t.Errorf("made %+v, again %+v", made, again)
	}
	for what, r := range map[string]protocol.PromiseRequest{
		"no id": {Text: "x", Due: due}, "no words": {ClientID: newID(), Due: due}, "no time": {ClientID: newID(), Text: "x"}, "long ago": {ClientID: newID(), Text: "x", Due: due.AddDate(-1, 0, 0)},
	} {
		if a := agent.do(http.MethodPost, at, r, nil); a.problem(t) != chat.CodeInvalid {
			t.Errorf("%s: %s", what, a.Status)
		}
	}
	if a := agent.do(http.MethodPost, "/conversations/"+newID().String()+"/promises", ask, nil); a.problem(t) != chat.CodeNotFound {
		t.Errorf("in no conversation: %s", a.Status)
	}

	for query, want := range map[string]int{"": 1, "?owner=me": 0, "?owner=" + agent.user.ID.String(): 1, "?owner=queue": 0, "?state=kept": 0,
		"?conversation=" + conv.ID.String(): 1, "?customer=" + c.ID.String(): 1} {
		var page protocol.PromiseList
		viewer.ok(http.MethodGet, "/promises"+query, nil, &page)
		if len(page.Data) != want || page.Stats.Open != 1 {
			t.Errorf("%q: %+v", query, page)
		}
	}
	if a := agent.do(http.MethodGet, "/promises?owner=x", nil, nil); a.problem(t) != chat.CodeInvalid {
		t.Errorf("whose: %s", a.Status)
	}

	// What the customer can do with the receipt.
	entries, err := w.store.Entries(w.ctx, w.ws.ID, conv.ID, chat.LogPublic, 0, 0)
	w.check(err)
	given := entries[len(entries)-1].Promise
	if given == nil || given.Number != made.Number || given.Customer != uuid.Nil {
		t.Fatalf("the customer's copy: %+v", given)
	}
	var key protocol.ReceiptKey
	w.check(json.Unmarshal(w.get("/v1/promises/key?inbox=site").body, &key))
	block, _ := pem.Decode([]byte(key.PEM))
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	w.check(err)
	if !ed25519.Verify(public.(ed25519.PublicKey), given.Receipt(), given.Signature) {
		t.Error("the receipt does not verify with the key that is served")
	}
	check := func(number, signature string) answer {
		return w.get("/v1/promises/" + url.PathEscape(number) + "?inbox=site&signature=" + url.QueryEscape(signature))
	}
	signature := base64.StdEncoding.EncodeToString(given.Signature)
	var receipt protocol.Receipt
	w.check(json.Unmarshal(check(given.Number, signature).body, &receipt))
	if !receipt.Valid || receipt.Signed != string(given.Receipt()) || receipt.Promise.State != chat.PromiseOpen {
		t.Errorf("receipt %+v", receipt)
	}
	for what, a := range map[string]answer{
		"another signature": check(given.Number, base64.StdEncoding.EncodeToString(make([]byte, 64))), "no signature": check(given.Number, ""), "nonsense": check(given.Number, "%"),
		"another number": check(chat.ReceiptNumber(newID(), 0), signature),
	} {
		if a.problem(t) != chat.CodeNotFound {
			t.Errorf("%s: %s", what, a.body)
		}
	}
	if a := check("FD-0000-0001", signature); a.problem(t) != chat.CodeInvalid {
		t.Errorf("a slip: %s", a.body)
	}

	var moved protocol.PromiseRow
	change := "/promises/" + made.ID.String()
	agent.ok(http.MethodPatch, change, protocol.PromiseChangeRequest{State: chat.PromiseMoved, Due: due.Add(time.Hour), Consent: true}, &moved)
	w.check(json.Unmarshal(check(given.Number, signature).body, &receipt))
	if moved.ID == made.ID || receipt.Promise.State != chat.PromiseMoved || receipt.Next != moved.Number {
		t.Errorf("moved %+v, receipt %+v", moved, receipt)
	}
	if a := agent.do(http.MethodPatch, change, protocol.PromiseChangeRequest{State: chat.PromiseKept}, nil); a.problem(t) != chat.CodeStale {
		t.Errorf("settled twice: %s", a.Status)
	}
}
