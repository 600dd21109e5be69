// Package handoff moves a conversation between the bot, the queue and the
// agents, and sees to it that nobody is left waiting without knowing for what:
// it owns the rules of who may take what (move.go), the brief that an agent
// reads (brief.go), the words and times that a customer is told (notice.go),
// and opening hours (hours.go).
//
// The state lies in the store. Every move is one compare-and-set transaction
// on the conversation's epoch, so two agents, two nodes, or an agent and a slow
// bot cannot both win. A Desk holds nothing but what it has read lately, and may
// be used concurrently.
package handoff

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Store is what the desk needs of the store.
type Store interface {
	Conversation(ctx context.Context, ws, id uuid.UUID) (chat.Conversation, error)
	Entries(ctx context.Context, ws, conv uuid.UUID, log chat.Log, after int64, limit int) ([]chat.Entry, error)
	Append(ctx context.Context, ws, conv uuid.UUID, d chat.Draft) (chat.Entry, error)
	Transition(ctx context.Context, ws, conv uuid.UUID, t chat.Transition) (chat.Conversation, []chat.Entry, error)
	Promise(ctx context.Context, ws, id uuid.UUID) (chat.Promise, error)
	Promises(ctx context.Context, ws uuid.UUID, q chat.PromiseQuery) (chat.PromisePage, error)
}

// Surroundings is what else the desk asks about: who is there, who waits.
type Surroundings interface {
	Presence(ctx context.Context, ws uuid.UUID) ([]chat.Presence, error)
	QueuePlace(ctx context.Context, ws, conv uuid.UUID) (int, error)
	Waits(ctx context.Context, ws uuid.UUID, limit int) ([]chat.Wait, error)
	Told(ctx context.Context, ws, conv uuid.UUID) (chat.Told, error)
	CountConversations(ctx context.Context, ws, agent uuid.UUID) (chat.Counts, error)
	Inboxes(ctx context.Context, ws uuid.UUID) ([]chat.Inbox, error)
	Customer(ctx context.Context, ws, id uuid.UUID) (chat.Customer, error)
	Customers(ctx context.Context, ws uuid.UUID, ids []uuid.UUID) ([]chat.Customer, error)
	Conversations(ctx context.Context, ws uuid.UUID, q chat.ConversationQuery) (chat.ConversationPage, error)
	UpdateCustomer(ctx context.Context, ws uuid.UUID, c chat.Customer) error
	Setting(ctx context.Context, ws, inbox uuid.UUID, name string) (chat.Setting, error)
	Teams(ctx context.Context, ws uuid.UUID) ([]chat.Team, error)
}

// Options are what a Desk is made of. Zero Now and Log get defaults.
type Options struct {
	Store        Store
	Surroundings Surroundings
	Observe      func(Event) // nil: nobody. It must not block
	// Polish words a brief better. It has polishWithin; nil: nobody does.
	Polish func(ctx context.Context, c chat.Conversation, b chat.Brief) (*chat.BriefPolish, error)
	// Words gives what the bot says at a handoff whose reason the desk changes; nil: what it would have said.
	Words func(chat.Reason) string
	Now   func() time.Time
	Log   *slog.Logger
}

// Desk carries out handoffs.
type Desk struct {
	store    Store
	sur      Surroundings
	observer func(Event)
	polish   func(ctx context.Context, c chat.Conversation, b chat.Brief) (*chat.BriefPolish, error)
	words    func(chat.Reason) string
	waits    recentWaits
	now      func() time.Time
	log      *slog.Logger
}

// New makes a Desk.
func New(o Options) *Desk {
	d := &Desk{store: o.Store, sur: o.Surroundings, observer: o.Observe, polish: o.Polish, words: o.Words, now: o.Now, log: o.Log}
	if d.now == nil {
		d.now = time.Now
	}
	if d.log == nil {
		d.log = slog.Default()
	}
	return d
}

// Request is a wish for a person, with what its maker knows.
type Request struct {
	Reason chat.Reason
	Before chat.Reason // what the reason was before the desk changed it; "" if it did not
	By     chat.Sender
	Says   *chat.Draft // the bot's last words, stored before the notice; nil for none
	// Question, Articles, Confidence and Suggested are the bot's evidence, for
	// the brief; all may be empty.
	Question   string
	Articles   []chat.BriefArticle
	Confidence *float64
	Suggested  *chat.Suggestion
}

// HandOver gives a conversation of the bot to the queue, if its epoch is still
// epoch: the brief, the owner change and the customer's notice are one
// transaction. CodeStale: somebody else has moved it.
func (d *Desk) HandOver(ctx context.Context, ws, conv uuid.UUID, epoch int64, r Request) (chat.Conversation, error) {
	c, err := d.store.Conversation(ctx, ws, conv)
	if err != nil {
		return c, err
	}
	if c.Epoch != epoch {
		return c, chat.Errorf(chat.CodeStale, "the conversation has moved on")
	}
	return d.handOver(ctx, ws, c, r)
}

// AskForPerson is the customer's own request. A conversation that is already
// on its way to a person, or with one, stays as it is.
func (d *Desk) AskForPerson(ctx context.Context, ws, conv uuid.UUID, by chat.Sender) (chat.Conversation, error) {
	return d.retry(ctx, ws, conv, func(c chat.Conversation) (chat.Conversation, error) {
		if c.Status == chat.StatusClosed {
			reopened, err := d.apply(ctx, ws, c, move{kind: moveReopen, by: by})
			if err != nil {
				return c, err
			}
			c = reopened
		}
		if c.Owner != chat.OwnerBot {
			return c, nil
		}
		return d.handOver(ctx, ws, c, Request{Reason: chat.ReasonAsked, By: by})
	})
}

func (d *Desk) handOver(ctx context.Context, ws uuid.UUID, c chat.Conversation, r Request) (chat.Conversation, error) {
	r = d.noticeLoop(ctx, ws, c, r)
	h := d.briefed(ctx, ws, c, r)
	needs := d.needs(ctx, ws, c, r.Reason)
	c.Priority = needs.Priority
	notice, promised := d.notice(ctx, ws, c, aPerson)
	var entries []chat.Draft
	if r.Says != nil {
		says := *r.Says
		if own := d.inbox(ctx, ws, c.Inbox).Settings.Emergency; own != "" && r.Reason == chat.ReasonDistress {
			says.Text, says.Body.Blocks = own, nil
		}
		entries = append(entries, says)
	}
	before := len(entries)
	entries = append(entries, notice)
	m := move{kind: moveRequest, by: r.By, reason: r.Reason, priority: c.Priority, cause: needs.Cause, entries: entries, before: before, handoff: h, promised: promised}
	if needs.Team != uuid.Nil {
		m.team = &needs.Team
	}
	after, err := d.apply(ctx, ws, c, m)
	if err == nil {
		d.observe(Event{Kind: EventHandedOver, Workspace: ws, Conversation: c.ID, Reason: r.Reason})
	}
	return after, err
}

// briefed is the handoff that r asks for.
func (d *Desk) briefed(ctx context.Context, ws uuid.UUID, c chat.Conversation, r Request) *chat.Handoff {
	h := &chat.Handoff{ID: newID(), Reason: r.Reason, At: d.now().UTC()}
	var err error
	if h.Brief, err = d.brief(ctx, ws, c, r); err != nil {
		// A handoff without a full brief beats none: the log holds everything.
		d.log.WarnContext(ctx, "handoff: brief incomplete", "conversation", c.ID, "err", err)
	}
	return h
}

// Claim gives a conversation to the agent. CodeStale: it is not in the state
// that the agent saw. CodeConflict: another agent has it. Claiming what one has is harmless.
func (d *Desk) Claim(ctx context.Context, ws, conv uuid.UUID, epoch int64, agent chat.User) (chat.Conversation, error) {
	return d.move(ctx, ws, conv, epoch, move{kind: moveClaim, by: sender(agent), agent: agent})
}

// Release gives a conversation back: to the bot, or, if the customer still
// waits for the word of a person, to the queue. CodeForbidden: the agent does
// not have it. CodeConflict: the bot has had it back as often as it may.
func (d *Desk) Release(ctx context.Context, ws, conv uuid.UUID, epoch int64, agent chat.User) (chat.Conversation, error) {
	return d.move(ctx, ws, conv, epoch, move{kind: moveRelease, by: sender(agent), agent: agent, reason: chat.ReasonReleased})
}

// Close ends a conversation, and what was promised in it. CodeConflict: another
// agent has it. CodeStale: it is not as the agent saw it.
func (d *Desk) Close(ctx context.Context, ws, conv uuid.UUID, a chat.Act, outcome chat.Outcome) (chat.Conversation, error) {
	return d.move(ctx, ws, conv, a.Epoch, move{kind: moveClose, by: sender(a.By), agent: a.By, reason: chat.ReasonClosed,
		entries: notes(a.By, a.Note), outcome: outcome, seen: a.Seen})
}

// End is the customer's own close of a conversation, whoever has it. id is the client's, by which the end is known when
// it comes again, and ends nothing that was opened since. One that is closed stays as it is. CodeInvalid: nothing was
// said in it.
func (d *Desk) End(ctx context.Context, ws, conv uuid.UUID, by chat.Sender, id uuid.UUID) (chat.Conversation, error) {
	return d.retry(ctx, ws, conv, func(c chat.Conversation) (chat.Conversation, error) {
		switch {
		case c.Status == chat.StatusClosed:
			return c, nil
		case c.LastSeq == 0:
			return c, errNothing()
		}
		after, err := d.apply(ctx, ws, c, move{kind: moveClose, id: id, by: by, reason: chat.ReasonClosed})
		if chat.CodeOf(err) == chat.CodeConflict { // its entry is in the log
			return c, nil
		}
		return after, err
	})
}

// Reopen gives a closed conversation back to the bot, because its customer
// wrote again. One that is open stays as it is.
func (d *Desk) Reopen(ctx context.Context, ws, conv uuid.UUID, by chat.Sender) (chat.Conversation, error) {
	return d.retry(ctx, ws, conv, func(c chat.Conversation) (chat.Conversation, error) {
		if c.Status == chat.StatusOpen {
			return c, nil
		}
		return d.apply(ctx, ws, c, move{kind: moveReopen, by: by})
	})
}

// Reply stores an agent's message, taking the conversation first if nobody
// has it. draft needs ClientID and Text; repeating it is harmless and takes
// nothing. CodeConflict: another agent has it.
func (d *Desk) Reply(ctx context.Context, ws, conv uuid.UUID, agent chat.User, draft chat.Draft) (chat.Entry, error) {
	draft.From, draft.Kind = sender(agent), chat.KindMessage
	if draft.Log == chat.LogStaff {
		draft.Kind = chat.KindNote
	}
	promised, err := d.promised(ctx, ws, conv)
	if err != nil {
		return chat.Entry{}, err
	}
	for try := 1; ; try++ {
		// The store knows a repeat, and whose the conversation is: it is asked first, so that a late repeat of a stored
		// reply does not take a conversation that has moved on since.
		e, err := d.store.Append(ctx, ws, conv, draft)
		if chat.CodeOf(err) != chat.CodeForbidden || try == retries {
			if err == nil && draft.Log != chat.LogStaff && promised.After(d.now()) {
				d.observe(Event{Kind: EventPromiseKept, Workspace: ws, Conversation: conv})
			}
			return e, err
		}
		if _, err := d.retry(ctx, ws, conv, func(c chat.Conversation) (chat.Conversation, error) {
			if has(agent, c) {
				return c, nil
			}
			return d.apply(ctx, ws, c, move{kind: moveClaim, by: sender(agent), agent: agent})
		}); err != nil {
			return chat.Entry{}, err
		}
	}
}

// promised gives by when the conversation's customer is to be answered; zero if nothing is promised.
func (d *Desk) promised(ctx context.Context, ws, conv uuid.UUID) (time.Time, error) {
	c, err := d.store.Conversation(ctx, ws, conv)
	return c.Promised, err
}

// LeaveContact records where the customer can be reached and confirms the
// promised time. onlyHere: it counts for this conversation alone, and not for what is known of the customer.
// CodeInvalid: that is no e-mail address.
func (d *Desk) LeaveContact(ctx context.Context, ws, conv uuid.UUID, by chat.Sender, clientID uuid.UUID, given chat.Contact, onlyHere bool) (chat.Entry, error) {
	email, err := chat.CheckEmail(given.Email)
	if err != nil {
		return chat.Entry{}, err
	}
	name := chat.PersonName(given.Name)
	e, err := d.store.Append(ctx, ws, conv, chat.Draft{ClientID: clientID, From: by, Kind: chat.KindContact, Text: email,
		Body: chat.Body{Contact: &chat.Contact{Email: email, Name: name}}})
	if err != nil {
		return e, err
	}
	cust, err := d.sur.Customer(ctx, ws, by.ID)
	// The address of somebody whom the site has named, or that a code went to, is not replaced by what somebody types.
	if known := cust.Verification.By != ""; err == nil && !known && !onlyHere && (cust.Email != email || name != "" && cust.Name != name) {
		cust.Email = email
		if name != "" {
			cust.Name = name
		}
		err = d.sur.UpdateCustomer(ctx, ws, cust)
	}
	if err != nil {
		return e, err
	}
	c, err := d.store.Conversation(ctx, ws, conv)
	if err != nil || c.Owner == chat.OwnerAgent || !c.Promised.After(d.now()) {
		return e, err
	}
	// The confirmation's id stands for what it says: the same promise to the same address is given once.
	said := uuid.NewSHA1(conv, []byte("promise "+c.Promised.UTC().Format(time.RFC3339Nano)+" "+email))
	_, err = d.store.Append(ctx, ws, conv, d.promise(ctx, ws, c, said, email))
	return e, err
}

// Place gives a waiting conversation's place in the queue, from 1; 0 if it does not wait.
func (d *Desk) Place(ctx context.Context, ws, conv uuid.UUID) (int, error) {
	return d.sur.QueuePlace(ctx, ws, conv)
}

// Online reports whether an agent is online now.
func (d *Desk) Online(ctx context.Context, ws uuid.UUID) (bool, error) {
	all, err := d.sur.Presence(ctx, ws)
	for _, p := range all {
		if p.State == chat.PresenceOnline {
			return true, nil
		}
	}
	return false, err
}

// retries is how often a move that raced with another is tried again on fresh
// state. Each round needs another move in between, so few are enough.
const retries = 5

// retry runs act on fresh state until it does not fail with CodeStale.
func (d *Desk) retry(ctx context.Context, ws, conv uuid.UUID, act func(chat.Conversation) (chat.Conversation, error)) (chat.Conversation, error) {
	for try := 1; ; try++ {
		c, err := d.store.Conversation(ctx, ws, conv)
		if err != nil {
			return c, err
		}
		c, err = act(c)
		if chat.CodeOf(err) != chat.CodeStale || try == retries {
			return c, err
		}
	}
}

// has reports whether the agent has the conversation now.
func has(agent chat.User, c chat.Conversation) bool {
	return c.Owner == chat.OwnerAgent && c.Agent == agent.ID && c.Status == chat.StatusOpen
}

func sender(u chat.User) chat.Sender {
	return chat.Sender{Kind: chat.PartyAgent, ID: u.ID, Name: u.Name}
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
