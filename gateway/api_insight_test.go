package gateway

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/insight"
)

// TestInsight: the figures tell what was done, to whom they are for.
func TestInsight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin, anna, ben := w.hire("olga", chat.RoleAdmin), w.hire("anna", chat.RoleAgent), w.hire("ben", chat.RoleAgent)
	other, err := w.store.PutInbox(w.ctx, w.ws.ID, chat.Inbox{Key: "other", Name: "Other", Settings: chat.InboxSettings{Timezone: "Asia/Tokyo"}})
	w.check(err)
	_, err = w.store.PutProfile(w.ctx, w.ws.ID, chat.Profile{User: anna.user.ID, Capacity: 3})
	w.check(err)

	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	w.move(conv, chat.Transition{To: chat.OwnerQueue, Status: chat.StatusOpen, Reason: chat.ReasonAsked})
	w.move(conv, chat.Transition{To: chat.OwnerAgent, Agent: anna.user.ID, Status: chat.StatusOpen, Reason: chat.ReasonClaimed})
	waits := newID()
	w.join("").say(waits, "And me?")
	w.move(waits, chat.Transition{To: chat.OwnerQueue, Status: chat.StatusOpen, Reason: chat.ReasonDistress, Priority: chat.PriorityUrgent})

	ask := func(s *staff, query string) (r insight.Report) {
		t.Helper()
		s.ok(http.MethodGet, "/insight"+query, nil, &r)
		return r
	}
	r := ask(admin, "")
	if r.Served != (insight.Served{All: 2, Person: 2}) || r.Now.Waiting != 1 || r.Now.Urgent != 1 || r.Now.Since.IsZero() || r.Waits.N != 1 || len(r.Handed) != 2 || !r.Hourly {
		t.Errorf("report: %+v", r)
	}
	if r.Promises == nil || r.Told == nil || r.Zone != "UTC" {
		t.Errorf("of all inboxes: %+v", r)
	}
	did := map[uuid.UUID]bool{}
	for _, a := range r.Agents {
		did[a.User] = a.Did != nil
		if a.User == anna.user.ID && (a.Open != 1 || a.Capacity != 3) {
			t.Errorf("anna: %+v", a)
		}
	}
	if len(did) != 3 || !did[anna.user.ID] || !did[ben.user.ID] {
		t.Errorf("an admin sees what each did: %v", did)
	}
	for _, a := range ask(anna, "?days=7").Agents {
		if (a.Did != nil) != (a.User == anna.user.ID) {
			t.Errorf("anna sees of %s: %v", a.Name, a.Did)
		}
	}
	r = ask(admin, "?days=30&inbox="+other.ID.String())
	if r.Served.All != 0 || r.Now.Waiting != 0 || r.Promises != nil || r.Told != nil || r.Zone != "Asia/Tokyo" || len(r.Steps) != 30 || r.Hourly {
		t.Errorf("of another inbox: %+v", r)
	}
	if zone, err := time.LoadLocation("Asia/Tokyo"); err != nil || r.Since.In(zone).Hour() != 0 {
		t.Errorf("days of the inbox begin at %s (%v)", r.Since, err)
	}
	for query, want := range map[string]int{"?days=0": 422, "?days=91": 422, "?days=x": 422, "?inbox=x": 422, "?inbox=" + newID().String(): 404} {
		if a := admin.do(http.MethodGet, "/insight"+query, nil, nil); a.StatusCode != want {
			t.Errorf("%s: %s", query, a.Status)
		}
	}
}

// move makes a transition from the conversation's present epoch.
func (w *world) move(conv uuid.UUID, t chat.Transition) {
	w.t.Helper()
	c, err := w.store.Conversation(w.ctx, w.ws.ID, conv)
	w.check(err)
	t.Epoch = c.Epoch
	_, _, err = w.store.Transition(w.ctx, w.ws.ID, conv, t)
	w.check(err)
}
