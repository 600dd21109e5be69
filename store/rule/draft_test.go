package rule

import (
	"testing"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var (
	customer = uuid.MustParse("00000000-0000-4000-8000-000000000001")
	stranger = uuid.MustParse("00000000-0000-4000-8000-000000000002")
	agent    = uuid.MustParse("00000000-0000-4000-8000-000000000003")
	client   = uuid.MustParse("00000000-0000-4000-8000-000000000004")
)

// draft is a well-formed one of that sender.
func draft(from chat.Party, id uuid.UUID, kind chat.Kind) chat.Draft {
	d := chat.Draft{ClientID: client, From: chat.Sender{Kind: from, ID: id}, Kind: kind, Text: "x"}
	switch kind {
	case chat.KindNote:
		d.Log = chat.LogStaff
	case chat.KindContact:
		d.Body.Contact = &chat.Contact{Email: "ann@example.com"}
	case chat.KindRating:
		d.Body.Rating = &chat.Rating{Score: 3}
	case chat.KindMessage, chat.KindNotice, chat.KindOwner:
	}
	return d
}

func TestCheckAppend(t *testing.T) {
	t.Parallel()
	message := func(change func(*chat.Draft)) chat.Draft {
		d := draft(chat.PartyCustomer, customer, chat.KindMessage)
		change(&d)
		return d
	}
	scored := func(score int) chat.Draft {
		d := draft(chat.PartyCustomer, customer, chat.KindRating)
		d.Body.Rating.Score = score
		return d
	}
	addressed := func(email string) chat.Draft {
		d := draft(chat.PartyCustomer, customer, chat.KindContact)
		d.Body.Contact.Email = email
		return d
	}
	for _, c := range []struct {
		name  string
		draft chat.Draft
		want  chat.Code
	}{
		{"a message", message(func(*chat.Draft) {}), ""},
		{"a notice", draft(chat.PartySystem, uuid.Nil, chat.KindNotice), ""},
		{"a contact", addressed("ann@example.com"), ""},
		{"a note", draft(chat.PartyAgent, agent, chat.KindNote), ""},
		{"a note of the system", draft(chat.PartySystem, uuid.Nil, chat.KindNote), ""},
		{"a note of the customer", draft(chat.PartyCustomer, customer, chat.KindNote), chat.CodeForbidden},
		{"a note of the bot", draft(chat.PartyBot, uuid.Nil, chat.KindNote), chat.CodeForbidden},
		{"no client id", message(func(d *chat.Draft) { d.ClientID = uuid.Nil }), chat.CodeInvalid},
		{"an unknown log", message(func(d *chat.Draft) { d.Log = "odd" }), chat.CodeInvalid},
		{"a message in the staff log", message(func(d *chat.Draft) { d.Log = chat.LogStaff }), chat.CodeInvalid},
		{"a public note", message(func(d *chat.Draft) { d.Kind = chat.KindNote }), chat.CodeInvalid},
		{"an unknown kind", message(func(d *chat.Draft) { d.Kind = "odd" }), chat.CodeInvalid},
		{"an owner entry", message(func(d *chat.Draft) { d.Kind = chat.KindOwner }), chat.CodeInvalid},
		{"an unknown sender", message(func(d *chat.Draft) { d.From.Kind = "odd" }), chat.CodeInvalid},
		{"text that is not UTF-8", message(func(d *chat.Draft) { d.Text = "\xff" }), chat.CodeInvalid},
		{"text with U+0000", message(func(d *chat.Draft) { d.Text = "a\x00b" }), chat.CodeInvalid},
		{"a name that is not UTF-8", message(func(d *chat.Draft) { d.From.Name = "\xff" }), chat.CodeInvalid},
		{"an address that is not UTF-8", addressed("\xff"), chat.CodeInvalid},
		{"a contact without", message(func(d *chat.Draft) { d.Kind = chat.KindContact }), chat.CodeInvalid},
		{"a rating without", message(func(d *chat.Draft) { d.Kind = chat.KindRating }), chat.CodeInvalid},
		{"the score 0", scored(0), chat.CodeInvalid},
		{"the score 1", scored(1), ""},
		{"the score 5", scored(5), ""},
		{"the score 6", scored(6), chat.CodeInvalid},
	} {
		got, err := CheckAppend(c.draft)
		if chat.CodeOf(err) != c.want {
			t.Errorf("%s: got %v, want code %q", c.name, err, c.want)
		}
		if err == nil && got.Log == "" {
			t.Errorf("%s: it was given no log", c.name)
		}
	}
}

func TestCheckAppendIf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		draft chat.Draft
		want  chat.Code
	}{
		{draft(chat.PartyBot, uuid.Nil, chat.KindMessage), ""},
		{draft(chat.PartyBot, uuid.Nil, chat.KindNotice), chat.CodeInvalid},
		{draft(chat.PartyBot, uuid.Nil, chat.KindNote), chat.CodeInvalid},
		{draft(chat.PartyAgent, agent, chat.KindMessage), chat.CodeInvalid},
		{chat.Draft{From: chat.Sender{Kind: chat.PartyBot}, Kind: chat.KindMessage}, chat.CodeInvalid},
	} {
		if _, err := CheckAppendIf(c.draft); chat.CodeOf(err) != c.want {
			t.Errorf("a %s of the %s: got %v, want code %q", c.draft.Kind, c.draft.From.Kind, err, c.want)
		}
	}
}

func TestCheckSender(t *testing.T) {
	t.Parallel()
	c := chat.Conversation{Customer: customer}
	for _, s := range []struct {
		from chat.Party
		id   uuid.UUID
		want chat.Code
	}{
		{chat.PartyCustomer, customer, ""},
		{chat.PartyCustomer, stranger, chat.CodeForbidden},
		{chat.PartyCustomer, uuid.Nil, chat.CodeForbidden},
		{chat.PartyAgent, stranger, ""},
		{chat.PartyBot, uuid.Nil, ""},
	} {
		if err := CheckSender(c, draft(s.from, s.id, chat.KindRating)); chat.CodeOf(err) != s.want {
			t.Errorf("%s %v: got %v, want code %q", s.from, s.id, err, s.want)
		}
	}
}

func TestMayAppend(t *testing.T) {
	t.Parallel()
	const no, over = chat.CodeForbidden, chat.CodeClosed
	for _, c := range []struct {
		owner  chat.Owner
		agent  uuid.UUID
		status chat.Status
		// What a message of each gets.
		customers, bots, agents, systems chat.Code
	}{
		{chat.OwnerBot, uuid.Nil, chat.StatusOpen, "", "", no, ""},
		{chat.OwnerBot, uuid.Nil, chat.StatusClosed, over, no, no, ""},
		{chat.OwnerQueue, uuid.Nil, chat.StatusOpen, "", no, no, ""},
		{chat.OwnerQueue, uuid.Nil, chat.StatusClosed, over, no, no, ""},
		{chat.OwnerAgent, agent, chat.StatusOpen, "", no, "", ""},
		{chat.OwnerAgent, agent, chat.StatusClosed, over, no, "", ""},
		{chat.OwnerAgent, stranger, chat.StatusOpen, "", no, no, ""},
	} {
		state := chat.Conversation{Customer: customer, Owner: c.owner, Agent: c.agent, Status: c.status}
		for _, m := range []struct {
			from chat.Party
			id   uuid.UUID
			want chat.Code
		}{
			{chat.PartyCustomer, customer, c.customers}, {chat.PartyBot, uuid.Nil, c.bots},
			{chat.PartyAgent, agent, c.agents}, {chat.PartySystem, uuid.Nil, c.systems},
		} {
			if err := MayAppend(state, draft(m.from, m.id, chat.KindMessage)); chat.CodeOf(err) != m.want {
				t.Errorf("a message of the %s to one of the %s, %s: got %v, want code %q", m.from, c.owner, c.status, err, m.want)
			}
			if err := MayAppend(state, draft(m.from, m.id, chat.KindRating)); err != nil {
				t.Errorf("what is no message: %v", err)
			}
		}
	}
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for _, c := range []struct {
		code chat.Code
		from chat.Party
	}{
		{chat.CodeClosed, chat.PartyCustomer}, {chat.CodeForbidden, chat.PartyCustomer},
		{chat.CodeForbidden, chat.PartyBot}, {chat.CodeForbidden, chat.PartyAgent},
	} {
		err := Refusal(c.code, draft(c.from, customer, chat.KindMessage))
		if chat.CodeOf(err) != c.code || seen[err.Error()] {
			t.Errorf("%s of the %s: %v", c.code, c.from, err)
		}
		seen[err.Error()] = true
	}
}

func TestHolds(t *testing.T) {
	t.Parallel()
	asked := chat.Conversation{Owner: chat.OwnerBot, Status: chat.StatusOpen, Epoch: 3, CustomerSeq: 7, AnsweredSeq: 5}
	fence := chat.Fence{Epoch: 3, CustomerSeq: 7}
	if !Holds(asked, fence) {
		t.Error("it does not hold for what it describes")
	}
	for name, change := range map[string]func(*chat.Conversation){
		"closed":         func(c *chat.Conversation) { c.Status = chat.StatusClosed },
		"queue":          func(c *chat.Conversation) { c.Owner = chat.OwnerQueue },
		"agent":          func(c *chat.Conversation) { c.Owner = chat.OwnerAgent },
		"later epoch":    func(c *chat.Conversation) { c.Epoch++ },
		"earlier epoch":  func(c *chat.Conversation) { c.Epoch-- },
		"newer message":  func(c *chat.Conversation) { c.CustomerSeq++ },
		"answered":       func(c *chat.Conversation) { c.AnsweredSeq = 7 },
		"answered later": func(c *chat.Conversation) { c.AnsweredSeq = 8 },
	} {
		c := asked
		change(&c)
		if Holds(c, fence) {
			t.Errorf("%s: it still holds", name)
		}
	}
	if chat.CodeOf(Overtaken()) != chat.CodeStale {
		t.Error(Overtaken())
	}
}
