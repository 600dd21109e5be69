package gateway

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// TestDesk passes a conversation round: by assignment, by transfer, put off,
// and to its end.
func TestDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, ben, boss := w.hire("anna", chat.RoleAgent), w.hire("ben", chat.RoleAgent), w.hire("boss", chat.RoleAdmin)
	for _, s := range []*staff{anna, ben} {
		s.ok(http.MethodPut, "/presence", protocol.PresenceRequest{State: chat.PresenceOnline}, nil)
	}
	p := w.join("")
	conv := newID()
	p.say(conv, "Help!")
	c, err := w.desk.AskForPerson(w.ctx, w.ws.ID, conv, chat.Sender{Kind: chat.PartyCustomer, ID: p.who})
	w.check(err)
	path := "/conversations/" + conv.String()
	var row protocol.ConversationRow
	at := func() protocol.NotedRequest {
		return protocol.NotedRequest{MoveRequest: protocol.MoveRequest{Epoch: c.Epoch}, Note: " private\x00 "}
	}
	move := func(s *staff, name string, body any) {
		t.Helper()
		row = protocol.ConversationRow{}
		s.ok(http.MethodPost, path+name, body, &row)
		c = row.Conversation
	}
	refused := func(s *staff, name string, body any, want chat.Code) {
		t.Helper()
		if a := s.do(http.MethodPost, path+name, body, nil); a.problem(t) != want {
			t.Errorf("%s: %s %s, want %s", name, a.Status, a.body, want)
		}
	}

	// Teams.
	var team chat.Team
	id := newID()
	teamPath := "/teams/" + id.String()
	boss.ok(http.MethodPut, teamPath, protocol.TeamRequest{Name: " Refunds ", Members: []uuid.UUID{ben.user.ID}}, &team)
	if team.ID != id || team.Name != "Refunds" || len(team.Members) != 1 {
		t.Errorf("team %+v", team)
	}
	for _, bad := range []struct {
		path string
		team protocol.TeamRequest
		want chat.Code
	}{
		{"/teams/" + newID().String(), protocol.TeamRequest{Name: "refunds", Members: []uuid.UUID{}}, chat.CodeConflict},
		{teamPath, protocol.TeamRequest{Name: "  ", Members: []uuid.UUID{}}, chat.CodeInvalid},
		{teamPath, protocol.TeamRequest{Name: "x", Members: []uuid.UUID{newID()}}, chat.CodeInvalid},
	} {
		if a := boss.do(http.MethodPut, bad.path, bad.team, nil); a.problem(t) != bad.want {
			t.Errorf("%+v: %s", bad.team, a.Status)
		}
	}

	move(anna, "/transfer", protocol.TransferRequest{NotedRequest: at(), Team: team.ID})
	if row.TeamName != "Refunds" || row.Owner != chat.OwnerQueue {
		t.Errorf("to a team: %+v", row)
	}
	var list protocol.ConversationList
	ben.ok(http.MethodGet, "/conversations?view=team", nil, &list)
	if len(list.Data) != 1 || list.Team != 1 || list.Queue != 1 {
		t.Errorf("the team's view: %+v", list)
	}
	refused(anna, "/transfer", protocol.TransferRequest{NotedRequest: at(), Team: newID()}, chat.CodeInvalid)
	refused(anna, "/transfer", protocol.TransferRequest{NotedRequest: at(), Team: team.ID, Agent: ben.user.ID}, chat.CodeInvalid)
	refused(anna, "/decline", at(), chat.CodeStale)

	move(anna, "/assign", protocol.AssignRequest{NotedRequest: at(), Agent: ben.user.ID})
	if row.AgentName != "ben" || row.Team != team.ID {
		t.Errorf("assigned: %+v", row)
	}
	refused(anna, "/assign", protocol.AssignRequest{NotedRequest: at(), Agent: newID()}, chat.CodeInvalid)
	editor := w.hire("eve", chat.RoleEditor)
	refused(anna, "/assign", protocol.AssignRequest{NotedRequest: at(), Agent: editor.user.ID}, chat.CodeInvalid)

	until := w.clock.Now().Add(time.Hour).UTC().Truncate(time.Second)
	refused(anna, "/snooze", protocol.SnoozeRequest{MoveRequest: at().MoveRequest, Until: until}, chat.CodeConflict)
	refused(ben, "/snooze", protocol.SnoozeRequest{MoveRequest: at().MoveRequest, Until: until.AddDate(-1, 0, 0)}, chat.CodeInvalid)
	move(ben, "/snooze", protocol.SnoozeRequest{MoveRequest: at().MoveRequest, Until: until})
	if !row.Snoozed.Equal(until) {
		t.Errorf("snoozed: %+v", row)
	}
	ben.ok(http.MethodGet, "/conversations?view=snoozed", nil, &list)
	if len(list.Data) != 1 || list.Snoozed != 1 || list.Mine != 0 {
		t.Errorf("the snoozed view: %+v", list)
	}
	move(ben, "/wake", at().MoveRequest)
	if !row.Snoozed.IsZero() {
		t.Errorf("woken: %+v", row)
	}
	p.say(conv, "Hello?")
	seen := at().MoveRequest
	seen.Seen = c.CustomerSeq
	refused(ben, "/snooze", protocol.SnoozeRequest{MoveRequest: seen, Until: until}, chat.CodeStale)
	refused(ben, "/close", protocol.CloseRequest{NotedRequest: protocol.NotedRequest{MoveRequest: seen}, Outcome: chat.OutcomeSolved}, chat.CodeStale)
	refused(ben, "/close", protocol.CloseRequest{NotedRequest: at(), Outcome: "odd"}, chat.CodeInvalid)
	move(ben, "/close", protocol.CloseRequest{NotedRequest: at(), Outcome: chat.OutcomeSolved})
	if row.Status != chat.StatusClosed || row.Outcome != chat.OutcomeSolved {
		t.Errorf("closed: %+v", row)
	}
	var notes protocol.EntryList
	ben.ok(http.MethodGet, path+"/entries?log=staff", nil, &notes)
	if n := len(notes.Data); n < 3 || notes.Data[n-1].Text != "private" {
		t.Errorf("notes %+v", notes)
	}
	refused(ben, "/transfer", protocol.TransferRequest{NotedRequest: at()}, chat.CodeClosed)

	boss.ok(http.MethodDelete, teamPath, nil, nil)
	var teams protocol.TeamList
	ben.ok(http.MethodGet, "/teams", nil, &teams)
	if len(teams.Data) != 0 {
		t.Errorf("teams %+v", teams)
	}
}
