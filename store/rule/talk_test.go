package rule

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
)

var (
	start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	now   = start.Add(time.Minute)
)

// asked is a conversation in the queue whose second message has no answer.
func asked() Talk {
	return Talk{CustomerAt: start, Conversation: chat.Conversation{
		ID: uuid.NewSHA1(uuid.Nil, []byte("talk")), Customer: customer, Owner: chat.OwnerQueue, Status: chat.StatusOpen, Epoch: 3,
		LastSeq: 4, StaffSeq: 1, CustomerSeq: 4, AnsweredSeq: 1, Subject: "First", LastText: "Second", LastFrom: chat.PartyCustomer,
		Reason: chat.ReasonAsked, Rating: 2, Email: "ann@example.com", Promised: start.Add(time.Hour), Waiting: start, UpdatedAt: start,
	}}
}

func TestNext(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		draft  chat.Draft
		effect func(*Talk) // on asked, beside UpdatedAt
	}{
		{"a customer's message", draft(chat.PartyCustomer, customer, chat.KindMessage), func(c *Talk) {
			c.LastSeq, c.CustomerSeq, c.CustomerAt, c.LastText, c.LastFrom = 5, 5, now, "x", chat.PartyCustomer
		}},
		{"the bot's", draft(chat.PartyBot, uuid.Nil, chat.KindMessage), func(c *Talk) {
			c.LastSeq, c.LastText, c.LastFrom = 5, "x", chat.PartyBot
		}},
		{"an agent's", draft(chat.PartyAgent, agent, chat.KindMessage), func(c *Talk) {
			c.LastSeq, c.LastText, c.LastFrom, c.AnsweredSeq, c.Promised, c.Email = 5, "x", chat.PartyAgent, 4, time.Time{}, ""
		}},
		{"a notice", draft(chat.PartySystem, uuid.Nil, chat.KindNotice), func(c *Talk) { c.LastSeq = 5 }},
		{"a rating", draft(chat.PartyCustomer, customer, chat.KindRating), func(c *Talk) { c.LastSeq, c.Rating = 5, 3 }},
		{"a contact", chat.Draft{Kind: chat.KindContact, Body: chat.Body{Contact: &chat.Contact{Email: "b@example.com"}}}, func(c *Talk) {
			c.LastSeq, c.Email = 5, "b@example.com"
		}},
		{"a note", draft(chat.PartyAgent, agent, chat.KindNote), func(c *Talk) { c.StaffSeq = 2 }},
	} {
		got, want := asked(), asked()
		c.effect(&want)
		want.UpdatedAt = now
		e := got.Next(c.draft, now)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		seq := want.LastSeq
		if c.draft.Log == chat.LogStaff {
			seq = want.StaffSeq
		}
		entry := chat.Entry{
			Conversation: want.ID, Log: c.draft.Log, Seq: seq, ClientID: c.draft.ClientID, At: now,
			From: c.draft.From, Kind: c.draft.Kind, Text: c.draft.Text, Body: c.draft.Body,
		}
		if diff := cmp.Diff(entry, e); diff != "" {
			t.Errorf("%s, the entry (-want +got):\n%s", c.name, diff)
		}
	}
	var fresh Talk
	fresh.Next(draft(chat.PartyBot, uuid.Nil, chat.KindMessage), now)
	fresh.Next(draft(chat.PartyCustomer, customer, chat.KindMessage), now)
	if fresh.Subject != "x" || fresh.CustomerSeq != 2 {
		t.Errorf("the first words are not the subject: %+v", fresh)
	}
}

func TestMove(t *testing.T) {
	t.Parallel()
	by := chat.Sender{Kind: chat.PartyAgent, ID: agent, Name: "Alice"}
	for _, c := range []struct {
		name   string
		move   chat.Transition
		effect func(*Talk) // on asked, beside Epoch and LastSeq, if it moves, and UpdatedAt
	}{
		{"to the queue again", chat.Transition{To: chat.OwnerQueue, Status: chat.StatusOpen}, func(*Talk) {}},
		{"to an agent", chat.Transition{To: chat.OwnerAgent, Status: chat.StatusOpen, Agent: agent, Name: "Alice", Reason: chat.ReasonClaimed}, func(c *Talk) {
			c.Owner, c.Agent, c.LastAgent, c.Reason, c.Waiting = chat.OwnerAgent, agent, agent, chat.ReasonClaimed, time.Time{}
		}},
		{"to the bot, with an agent who does not count", chat.Transition{To: chat.OwnerBot, Status: chat.StatusOpen, Agent: agent, Name: "Alice"}, func(c *Talk) {
			c.Owner, c.Waiting = chat.OwnerBot, time.Time{}
		}},
		{"closed in the queue", chat.Transition{To: chat.OwnerQueue, Status: chat.StatusClosed, Answered: true}, func(c *Talk) {
			c.Status, c.Waiting, c.AnsweredSeq = chat.StatusClosed, time.Time{}, 4
		}},
		{"a new promise", chat.Transition{To: chat.OwnerQueue, Status: chat.StatusOpen, Promised: now.Add(1500).In(time.FixedZone("", 3600))}, func(c *Talk) {
			c.Promised = now.Add(time.Microsecond)
		}},
		{"no promise any more", chat.Transition{To: chat.OwnerQueue, Status: chat.StatusOpen, ClearPromise: true}, func(c *Talk) {
			c.Promised, c.Email = time.Time{}, ""
		}},
		{"another promise instead", chat.Transition{To: chat.OwnerQueue, Status: chat.StatusOpen, ClearPromise: true, Promised: now}, func(c *Talk) {
			c.Promised, c.Email = now, ""
		}},
	} {
		got, want := asked(), asked()
		c.effect(&want)
		want.UpdatedAt = now
		moves := want.Owner != asked().Owner || want.Status != asked().Status
		if moves {
			want.Epoch, want.LastSeq = 4, 5
		}
		c.move.ID, c.move.By, c.move.Epoch = client, by, 3
		entries, err := got.Move(c.move, now)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		change := &chat.Change{From: chat.OwnerQueue, To: c.move.To, Status: c.move.Status, Epoch: 4, Reason: c.move.Reason}
		if c.move.To == chat.OwnerAgent {
			change.Agent, change.Name = agent, "Alice"
		}
		if !moves {
			if len(entries) != 0 {
				t.Errorf("%s: no move, and entries %+v", c.name, entries)
			}
			continue
		}
		if diff := cmp.Diff([]chat.Entry{{
			Conversation: want.ID, Log: chat.LogPublic, Seq: 5, ClientID: client, At: now, From: by, Kind: chat.KindOwner, Body: chat.Body{Change: change},
		}}, entries); diff != "" {
			t.Errorf("%s, the entries (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestMoveWithEntries(t *testing.T) {
	t.Parallel()
	drafts := []chat.Draft{
		draft(chat.PartyBot, uuid.Nil, chat.KindMessage), draft(chat.PartyAgent, agent, chat.KindNote), draft(chat.PartyCustomer, customer, chat.KindContact),
	}
	for before, want := range [][]chat.Kind{
		{chat.KindOwner, chat.KindMessage, chat.KindNote, chat.KindContact},
		{chat.KindMessage, chat.KindOwner, chat.KindNote, chat.KindContact},
		{chat.KindMessage, chat.KindNote, chat.KindOwner, chat.KindContact},
		{chat.KindMessage, chat.KindNote, chat.KindContact, chat.KindOwner},
	} {
		c := asked()
		move := chat.Transition{Epoch: 3, To: chat.OwnerBot, Status: chat.StatusOpen, Entries: drafts, Before: before, ClearPromise: true}
		entries, err := c.Move(move, now)
		if err != nil {
			t.Fatal(err)
		}
		var kinds []chat.Kind
		public, staff := int64(4), int64(1)
		for _, e := range entries {
			kinds = append(kinds, e.Kind)
			seq := &public
			if e.Log == chat.LogStaff {
				seq = &staff
			}
			if *seq++; e.Seq != *seq {
				t.Errorf("%d before: %s has the number %d, want %d", before, e.Kind, e.Seq, *seq)
			}
		}
		if diff := cmp.Diff(want, kinds); diff != "" {
			t.Errorf("%d before (-want +got):\n%s", before, diff)
		}
		// The contact comes before the end of the move, which drops it.
		if c.LastSeq != 7 || c.StaffSeq != 2 || c.Email != "" || c.LastFrom != chat.PartyBot {
			t.Errorf("%d before: %+v", before, c)
		}
	}
}

func TestMoveStale(t *testing.T) {
	t.Parallel()
	for _, epoch := range []int64{2, 4} {
		c := asked()
		entries, err := c.Move(chat.Transition{Epoch: epoch, To: chat.OwnerBot, Status: chat.StatusOpen}, now)
		if diff := cmp.Diff(asked(), c); chat.CodeOf(err) != chat.CodeStale || entries != nil || diff != "" {
			t.Errorf("epoch %d: %v, %v (-want +got):\n%s", epoch, entries, err, diff)
		}
	}
}

func TestWaited(t *testing.T) {
	t.Parallel()
	inQueue, withBot := asked(), Talk{}
	for _, c := range []struct {
		talk   Talk
		to     chat.Owner
		waited time.Duration
		claim  bool
	}{
		{inQueue, chat.OwnerAgent, time.Minute, true},
		{inQueue, chat.OwnerBot, 0, false},
		{inQueue, chat.OwnerQueue, 0, false},
		{withBot, chat.OwnerAgent, 0, false},
	} {
		if waited, claim := c.talk.Waited(chat.Transition{To: c.to}, now); waited != c.waited || claim != c.claim {
			t.Errorf("to %s: %v, %v", c.to, waited, claim)
		}
	}
}

func TestShort(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"":                          0,
		"x":                         1,
		strings.Repeat("x", 200):    200,
		strings.Repeat("x", 201):    200,
		strings.Repeat("é", 101):    200,
		strings.Repeat("€", 100):    198,
		strings.Repeat("\xbf", 300): 0, // no beginning of a character anywhere
	} {
		if got := Short(text); len(got) != want || !utf8.ValidString(got) {
			t.Errorf("%.20q… of %d bytes became %d, want %d", text, len(text), len(got), want)
		}
	}
}
