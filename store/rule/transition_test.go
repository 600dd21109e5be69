package rule

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
)

func TestCheckTransition(t *testing.T) {
	t.Parallel()
	note := draft(chat.PartyBot, uuid.Nil, chat.KindNote) // entries may be of any party
	for name, c := range map[string]struct {
		change func(*chat.Transition)
		want   chat.Code
	}{
		"to the queue":       {func(*chat.Transition) {}, ""},
		"to the bot":         {func(m *chat.Transition) { m.To = chat.OwnerBot }, ""},
		"closed":             {func(m *chat.Transition) { m.Status = chat.StatusClosed }, ""},
		"to an agent":        {func(m *chat.Transition) { m.To, m.Agent = chat.OwnerAgent, agent }, ""},
		"a note of the bot":  {func(m *chat.Transition) { m.Entries = []chat.Draft{note} }, ""},
		"no agent":           {func(m *chat.Transition) { m.To = chat.OwnerAgent }, chat.CodeInvalid},
		"no owner":           {func(m *chat.Transition) { m.To = "" }, chat.CodeInvalid},
		"an unknown owner":   {func(m *chat.Transition) { m.To = "odd" }, chat.CodeInvalid},
		"no status":          {func(m *chat.Transition) { m.Status = "" }, chat.CodeInvalid},
		"an unknown status":  {func(m *chat.Transition) { m.Status = "odd" }, chat.CodeInvalid},
		"one before of none": {func(m *chat.Transition) { m.Before = 1 }, chat.CodeInvalid},
		"less before":        {func(m *chat.Transition) { m.Before = -1 }, chat.CodeInvalid},
		"one before of one":  {func(m *chat.Transition) { m.Before, m.Entries = 1, []chat.Draft{note} }, ""},
		"a name in bytes":    {func(m *chat.Transition) { m.By.Name = "\xff" }, chat.CodeInvalid},
		"a malformed entry":  {func(m *chat.Transition) { m.Entries = []chat.Draft{note, {Kind: "odd"}} }, chat.CodeInvalid},
		"an owner entry":     {func(m *chat.Transition) { m.Entries = []chat.Draft{{Kind: chat.KindOwner, From: m.By}} }, chat.CodeInvalid},
	} {
		move := chat.Transition{To: chat.OwnerQueue, Status: chat.StatusOpen, By: chat.Sender{Kind: chat.PartyBot}}
		c.change(&move)
		if _, err := CheckTransition(move); chat.CodeOf(err) != c.want {
			t.Errorf("%s: got %v, want code %q", name, err, c.want)
		}
	}
}

func TestCheckTransitionGivesIDs(t *testing.T) {
	t.Parallel()
	given := func() chat.Transition {
		named, unnamed := draft(chat.PartySystem, uuid.Nil, chat.KindNotice), draft(chat.PartySystem, uuid.Nil, chat.KindNotice)
		unnamed.ClientID = uuid.Nil
		return chat.Transition{To: chat.OwnerQueue, Status: chat.StatusOpen, Entries: []chat.Draft{named, unnamed}, Handoff: &chat.Handoff{Reason: chat.ReasonAsked}}
	}
	move := given()
	got, err := CheckTransition(move)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(given(), move); diff != "" {
		t.Errorf("the caller's own changed (-want +got):\n%s", diff)
	}
	if got.Entries[0].ClientID != client || got.Entries[1].ClientID == uuid.Nil || got.Entries[0].Log != chat.LogPublic {
		t.Errorf("entries %+v", got.Entries)
	}
	if got.Handoff.ID == uuid.Nil || got.Handoff.Reason != chat.ReasonAsked {
		t.Errorf("handoff %+v", got.Handoff)
	}
	move.Handoff.ID = client
	if got, err = CheckTransition(move); err != nil || got.Handoff.ID != client {
		t.Errorf("handoff %+v, %v", got.Handoff, err)
	}
}
