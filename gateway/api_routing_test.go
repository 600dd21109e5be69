package gateway

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

func TestRouting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, anna := w.hire("olga", chat.RoleOwner), w.hire("anna", chat.RoleAgent)
	var view protocol.RoutingView
	anna.ok(http.MethodGet, "/routing", nil, &view)
	if view.Revision != 0 || view.Routing.Mode != chat.RoutingManual {
		t.Errorf("at first: %+v", view)
	}
	r := view.Routing
	r.Mode, r.Rules = chat.RoutingOffer, []chat.RoutingRule{{Field: chat.RuleWords, Value: " refund\x00 ", Skills: []string{"Billing ", ""}}}
	owner.ok(http.MethodPut, "/routing", protocol.RoutingRequest{Routing: r}, &view)
	if got := view.Routing.Rules[0]; view.Revision != 1 || got.Value != "refund" || !slices.Equal(got.Skills, []string{"billing"}) {
		t.Errorf("set: %+v", view)
	}
	if a := owner.do(http.MethodPut, "/routing", protocol.RoutingRequest{Routing: r}, nil); a.problem(t) != chat.CodeStale {
		t.Errorf("over another's: %s", a.Status)
	}
	for what, bad := range map[string]func(*chat.Routing){
		"mode":       func(r *chat.Routing) { r.Mode = "sometimes" },
		"pick":       func(r *chat.Routing) { r.Pick = "" },
		"seconds":    func(r *chat.Routing) { r.OfferSeconds = 4 },
		"capacity":   func(r *chat.Routing) { r.Capacity = 0 },
		"empty rule": func(r *chat.Routing) { r.Rules = []chat.RoutingRule{{Field: chat.RuleWords, Value: " "}} },
		"rule":       func(r *chat.Routing) { r.Rules = []chat.RoutingRule{{Field: "moon", Value: "full"}} },
		"priority": func(r *chat.Routing) {
			r.Rules = []chat.RoutingRule{{Field: chat.RuleWords, Value: "x", Priority: "huge"}}
		},
	} {
		r := chat.DefaultRouting()
		bad(&r)
		if a := owner.do(http.MethodPut, "/routing", protocol.RoutingRequest{Revision: 1, Routing: r}, nil); a.problem(t) != chat.CodeInvalid {
			t.Errorf("%s: %s %s", what, a.Status, a.body)
		}
	}
}

func TestProfiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, anna, ben := w.hire("olga", chat.RoleOwner), w.hire("anna", chat.RoleAgent), w.hire("ben", chat.RoleAgent)
	path := "/users/" + anna.user.ID.String() + "/profile"
	var p chat.Profile
	owner.ok(http.MethodPut, path, protocol.ProfileRequest{Capacity: 3, Skills: []string{"Repairs"}, Languages: []string{}}, &p)
	if p.User != anna.user.ID || p.Capacity != 3 || !slices.Equal(p.Skills, []string{"repairs"}) {
		t.Errorf("set: %+v", p)
	}
	own := protocol.ProfileRequest{Capacity: 3, Skills: []string{"repairs"}, Languages: []string{"de", "EN"}}
	anna.ok(http.MethodPut, path, own, &p)
	var list protocol.ProfileList
	ben.ok(http.MethodGet, "/profiles", nil, &list)
	if len(list.Data) != 1 || !slices.Equal(list.Data[0].Languages, []string{"de", "en"}) {
		t.Errorf("listed: %+v", list)
	}
	more := own
	more.Capacity = 9
	for what, refused := range map[string]answer{
		"one's own capacity": anna.do(http.MethodPut, path, more, nil),
		"a colleague's":      ben.do(http.MethodPut, path, own, nil),
	} {
		if refused.problem(t) != chat.CodeForbidden {
			t.Errorf("%s: %s", what, refused.Status)
		}
	}
	if a := owner.do(http.MethodPut, "/users/"+uuid.NewString()+"/profile", own, nil); a.problem(t) != chat.CodeNotFound {
		t.Errorf("nobody's: %s", a.Status)
	}
}

// Each sees what is offered to her, as long as the offer stands.
func TestOffers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, ben := w.hire("anna", chat.RoleAgent), w.hire("ben", chat.RoleAgent)
	customer, err := w.store.CreateCustomer(w.ctx, w.ws.ID, chat.Customer{TokenHash: []byte("c")})
	w.check(err)
	c, err := w.store.OpenConversation(w.ctx, w.ws.ID, chat.Conversation{ID: newID(), Inbox: w.inbox.ID, Customer: customer.ID})
	w.check(err)
	c, err = w.desk.AskForPerson(w.ctx, w.ws.ID, c.ID, chat.Sender{Kind: chat.PartyCustomer, ID: customer.ID})
	w.check(err)
	conv, until := c.ID, w.clock.Now().Add(30*time.Second).UTC().Truncate(time.Microsecond)
	_, _, err = w.store.Transition(w.ctx, w.ws.ID, conv, chat.Transition{Epoch: c.Epoch, To: chat.OwnerQueue, Status: chat.StatusOpen,
		Offer: &chat.Offer{Agent: anna.user.ID, Until: until}})
	w.check(err)
	offers := func(s *staff) (list protocol.OfferList) {
		t.Helper()
		s.ok(http.MethodGet, "/offers", nil, &list)
		return list
	}
	if got := offers(anna); len(got.Data) != 1 || got.Data[0].ID != conv || !got.Data[0].OfferedUntil.Equal(until) || got.Now.After(w.clock.Now()) {
		t.Errorf("anna: %+v", got)
	}
	if got := offers(ben); len(got.Data) != 0 {
		t.Errorf("ben: %+v", got)
	}
	w.clock.advance(31 * time.Second)
	if got := offers(anna); len(got.Data) != 0 {
		t.Errorf("after it has lapsed: %+v", got)
	}
}
