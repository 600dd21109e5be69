package gateway

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/handoff"
)

// Briefs as the desk makes them, and as the API gives them, are of the form that
// docs/brief.schema.json describes; what lacks a part or has a foreign one is not.
func TestBriefsAreOfTheirForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.hire("anna", chat.RoleAgent)
	customer, err := w.store.CreateCustomer(w.ctx, w.ws.ID, chat.Customer{TokenHash: []byte("c"), Locale: "en"})
	w.check(err)
	defs := briefDefs()
	faults := func(brief any) []error {
		var r huma.ValidateResult
		huma.Validate(defs, defs.Map()["Brief"], huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, brief, &r)
		return r.Errors
	}
	confidence := .3
	for _, reason := range append(chat.HandoffReasons(), "") {
		c, err := w.store.OpenConversation(w.ctx, w.ws.ID, chat.Conversation{ID: newID(), Inbox: w.inbox.ID, Customer: customer.ID, Page: chat.Page{URL: "https://shop.example/m2"}, Device: "Safari on iPhone"})
		w.check(err)
		_, err = w.store.Append(w.ctx, w.ws.ID, c.ID, chat.Draft{ClientID: newID(), From: chat.Sender{Kind: chat.PartyCustomer, ID: customer.ID}, Kind: chat.KindMessage, Text: "I already tried the switch. Where is my order?"})
		w.check(err)
		r := handoff.Request{Reason: reason, By: chat.Sender{Kind: chat.PartyBot}, Confidence: &confidence}
		if reason == chat.ReasonSuggest {
			r.Suggested = &chat.Suggestion{Text: "It is on its way.", Citations: []chat.Citation{{N: 1, Article: uuid.New(), Title: "Orders", Spans: []chat.Span{{End: 4}}}}}
			r.Articles = []chat.BriefArticle{{Article: uuid.New(), Number: 3, Title: "Orders", Score: .7}}
		}
		if reason == "" { // by the customer, in the other way
			_, err = w.desk.AskForPerson(w.ctx, w.ws.ID, c.ID, chat.Sender{Kind: chat.PartyCustomer, ID: customer.ID})
		} else {
			_, err = w.desk.HandOver(w.ctx, w.ws.ID, c.ID, c.Epoch, r)
		}
		w.check(err)
		var view struct {
			Handoff struct {
				Brief map[string]any `json:"brief"`
			} `json:"handoff"`
		}
		anna.ok("GET", "/conversations/"+c.ID.String(), nil, &view)
		brief := view.Handoff.Brief
		if errs := faults(brief); len(errs) > 0 {
			t.Errorf("%s: %v\n%v", reason, errs, brief)
		}
		if brief["promised"] == nil || brief["device"] != "Safari on iPhone" || brief["goal"] == "" || len(brief["tried"].([]any)) != 1 {
			t.Errorf("%s: %v", reason, brief)
		}
		brief["reason"] = "full moon"
		delete(brief, "why")
		brief["moon"] = "full"
		if errs := faults(brief); len(errs) != 3 {
			t.Errorf("three faults are %d: %v", len(errs), errs)
		}
	}
	var schema map[string]any
	data, err := BriefSchema()
	w.check(err)
	w.check(json.Unmarshal(data, &schema))
	if n, fields := len(defs.Map()["Brief"].Properties), reflect.TypeFor[chat.Brief]().NumField(); n != fields {
		t.Errorf("%d parts are described, of %d", n, fields)
	}
}
