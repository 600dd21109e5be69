package rule

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Book is what a transaction reads of the ledger of promises.
type Book interface {
	// Promise finds one of the conversation by its id. CodeNotFound.
	Promise(id uuid.UUID) (chat.Promise, error)
	// Answer gives the open one of kind answer; its id is zero if there is none.
	Answer() (chat.Promise, error)
	// Taken reports whether a receipt has that number.
	Taken(number string) (bool, error)
	// Seed gives the workspace's secret chat.ReceiptSecret.
	Seed() ([]byte, error)
}

// Account does to the ledger what was done to c, and gives the lines to store,
// with those of entries that are a customer's copy. before is what c was, t what
// was done (zero if nothing but entries), entries what it made. Every write
// that can change Conversation.Promised ends with it: while that is set there is
// one open promise of kind answer, with that due time.
func (c *Talk) Account(before chat.Conversation, t chat.Transition, entries []chat.Entry, now time.Time, book Book) ([]chat.Entry, []chat.Promise, error) {
	a := &account{c: c, t: t, entries: entries, now: now, book: book}
	if err := a.others(); err != nil {
		return nil, nil, err
	}
	if err := a.answer(before); err != nil {
		return nil, nil, err
	}
	return a.entries, a.lines, nil
}

// account is the ledger's part of one write.
type account struct {
	c       *Talk
	t       chat.Transition
	entries []chat.Entry
	now     time.Time
	book    Book
	lines   []chat.Promise
	settled uuid.UUID // the promise of kind answer that t moves by its id
}

// others does what t says of promises by their ids.
func (a *account) others() error {
	if r := a.t.Record; r != nil {
		if _, err := a.book.Promise(r.ID); chat.CodeOf(err) != chat.CodeNotFound {
			if err == nil {
				err = chat.Errorf(chat.CodeConflict, "the promise %s is in the ledger already", r.ID)
			}
			return err
		}
		if _, err := a.make(*r); err != nil {
			return err
		}
	}
	for _, m := range a.t.Promises {
		if err := a.move(m); err != nil {
			return err
		}
	}
	return nil
}

// move does m.
func (a *account) move(m chat.PromiseMove) error {
	p, err := a.book.Promise(m.ID)
	if err != nil {
		return err
	}
	tells := m.State == chat.PromiseBroken && p.State == chat.PromiseBroken && p.ToldAt.IsZero()
	if p.State != chat.PromiseOpen && !tells {
		return chat.Errorf(chat.CodeStale, "the promise is %s by now", p.State)
	}
	if m.Owner != nil {
		p.Owner = *m.Owner
	}
	if m.Raised {
		p.RaisedAt = a.now
	}
	if m.State == chat.PromiseOpen {
		a.lines = append(a.lines, p)
		return nil
	}
	if p.Kind == chat.PromiseAnswer && !tells {
		a.settled, a.c.Promised = p.ID, m.Due
	}
	p.Reason = m.Reason
	return a.settle(p, m.State, m.Due, m.Told, m.By)
}

// settle ends p, with another in its place if due is set. The customer gets a
// copy of what stands then, or of p at its end; the words of a break are in t's entries.
func (a *account) settle(p chat.Promise, state chat.PromiseState, due time.Time, told bool, by chat.Sender) error {
	p.State = state
	if p.SettledAt.IsZero() {
		p.SettledAt = a.now
	}
	if told {
		p.ToldAt = a.now
	}
	if due.IsZero() {
		a.lines = append(a.lines, p)
		if p.Kind == chat.PromiseOther && state != chat.PromiseBroken {
			a.give(p, by)
		}
		return nil
	}
	next, err := a.make(chat.Promise{Kind: p.Kind, Text: p.Text, By: p.By, Owner: p.Owner, Due: due, Before: p.ID})
	if err != nil {
		return err
	}
	p.MovedTo = next.ID
	a.lines = slices.Insert(a.lines, len(a.lines)-1, p) // before next: two of an answer are never open
	return nil
}

// make adds a promise, numbered and signed, and gives the customer a copy.
func (a *account) make(p chat.Promise) (chat.Promise, error) {
	var err error
	if p.ID, err = NewID(p.ID); err != nil {
		return p, err
	}
	p.Conversation, p.Customer, p.State, p.At = a.c.ID, a.c.Customer, chat.PromiseOpen, a.now
	seed, err := a.book.Seed()
	if err != nil {
		return p, err
	}
	for try := 0; ; try++ {
		p.Number = chat.ReceiptNumber(p.ID, try)
		taken, err := a.book.Taken(p.Number)
		if err != nil {
			return p, err
		}
		if !taken {
			break
		}
	}
	p = p.Sign(seed)
	a.lines = append(a.lines, p)
	a.give(p, p.By)
	return p, nil
}

// give puts the customer's copy of p on the entry that tells of it: one that
// has its id, or a notice without a copy, or an entry of its own.
func (a *account) give(p chat.Promise, by chat.Sender) {
	given := p.Copy()
	for _, fits := range []func(chat.Entry) bool{
		func(e chat.Entry) bool { return e.Promise != nil && e.Promise.ID == p.ID },
		func(e chat.Entry) bool {
			return e.Kind == chat.KindNotice && e.Promise == nil && p.State == chat.PromiseOpen
		},
	} {
		if i := slices.IndexFunc(a.entries, fits); i >= 0 {
			a.entries[i].Promise = &given
			return
		}
	}
	d := chat.Draft{ClientID: uuid.NewSHA1(p.ID, []byte(p.State)), Log: chat.LogPublic, From: by, Kind: chat.KindPromise, Text: p.Text, Body: chat.Body{Promise: &given}}
	a.entries = append(a.entries, a.c.Next(d, a.now))
}

// answer does to the promise of an answer what was done to c.Promised, unless it
// was done by its id.
func (a *account) answer(before chat.Conversation) error {
	replied := slices.ContainsFunc(a.entries, func(e chat.Entry) bool { return e.Kind == chat.KindMessage && e.From.Kind == chat.PartyAgent })
	changed := !a.c.Promised.Equal(before.Promised) || replied && !before.Promised.IsZero()
	passed := a.c.Agent != before.Agent && !a.c.Promised.IsZero()
	if a.settled != uuid.Nil || !changed && !passed {
		return nil
	}
	p, err := a.book.Answer()
	if err != nil {
		return err
	}
	switch {
	case p.ID == uuid.Nil && a.c.Promised.IsZero():
		return nil // it was made before there was a ledger
	case p.ID == uuid.Nil:
		_, err := a.make(chat.Promise{Kind: chat.PromiseAnswer, Text: chat.PromiseAnswerText, By: chat.Sender{Kind: chat.PartySystem}, Owner: a.c.Agent, Due: a.c.Promised})
		return err
	case !changed:
		p.Owner = a.c.Agent
		a.lines = append(a.lines, p)
		return nil
	}
	p.Owner = a.c.Agent
	state, told := a.fate(p, replied)
	return a.settle(p, state, a.c.Promised, told, chat.Sender{Kind: chat.PartySystem})
}

// fate says what becomes of the promise of an answer that no longer stands.
func (a *account) fate(p chat.Promise, replied bool) (state chat.PromiseState, told bool) {
	late := a.now.After(p.Due)
	told = slices.ContainsFunc(a.entries, func(e chat.Entry) bool { return e.Notice != nil && e.Notice.Kind == chat.NoticeOverdue })
	switch {
	case late:
		return chat.PromiseBroken, told
	case replied:
		return chat.PromiseKept, false
	case a.c.Promised.IsZero():
		return chat.PromiseWithdrawn, false // the end of the conversation
	case a.c.Promised.After(p.Due):
		return chat.PromiseBroken, told // put off, and nobody asked the customer
	}
	return chat.PromiseMoved, false // to an earlier time: who would mind?
}

// checkLedger gives t with what it does to the ledger checked. CodeInvalid.
func checkLedger(t chat.Transition) (chat.Transition, error) {
	if t.Record != nil {
		p, err := chat.CheckPromise(*t.Record)
		if err == nil && p.Kind != chat.PromiseOther {
			err = invalid("a promise of an answer is made by its promised time")
		}
		if err == nil && (!storable(p.Text) || !storable(p.By.Name)) {
			err = invalid("the promise or the sender's name is not UTF-8")
		}
		if err != nil {
			return t, err
		}
		if p.ID, err = NewID(p.ID); err != nil {
			return t, err
		}
		t.Record = &p
	}
	moves := slices.Clone(t.Promises)
	for i := range moves {
		m := &moves[i]
		m.Due = m.Due.UTC().Truncate(time.Microsecond)
		if err := checkPromiseMove(*m); err != nil {
			return t, err
		}
	}
	t.Promises = moves
	return t, nil
}

func checkPromiseMove(m chat.PromiseMove) error {
	switch m.State {
	case chat.PromiseOpen, chat.PromiseKept, chat.PromiseWithdrawn:
		if !m.Due.IsZero() {
			return invalid("a promise that is %s has no new time", m.State)
		}
	case chat.PromiseMoved:
		if m.Due.IsZero() {
			return invalid("a promise that is moved needs its new time")
		}
	case chat.PromiseBroken:
	default:
		return invalid("there is no state of a promise %q", m.State)
	}
	if !storable(m.Reason) {
		return invalid("the reason is not UTF-8, or holds the character U+0000")
	}
	return nil
}

// PromiseLimit is the limit of a page of promises, with the query's state, or
// what is wrong with it. CodeInvalid.
func PromiseLimit(q chat.PromiseQuery) (chat.PromiseQuery, int, error) {
	switch q.State {
	case "":
		if q.Conversation == uuid.Nil && q.Customer == uuid.Nil {
			q.State = chat.PromiseOpen
		}
	case chat.PromiseOpen, chat.PromiseKept, chat.PromiseMoved, chat.PromiseBroken, chat.PromiseWithdrawn:
	default:
		return q, 0, invalid("there is no state of a promise %q", q.State)
	}
	if q.Owner != nil && q.State != chat.PromiseOpen {
		return q, 0, invalid("only open promises are listed by their owner")
	}
	limit, err := PageLimit(q.Limit)
	return q, limit, err
}

// PromisePage is the page, of at most limit, that begins with found. One more
// than limit means that there is a next page.
func PromisePage(q chat.PromiseQuery, found []chat.Promise, limit int) chat.PromisePage {
	if len(found) <= limit {
		return chat.PromisePage{Promises: found}
	}
	last := found[limit-1]
	return chat.PromisePage{Promises: found[:limit], Next: Place{promiseOrder(q, last), last.ID}.Cursor()}
}

// promiseOrder is the time by which a list is ordered, see chat.PromiseQuery.
func promiseOrder(q chat.PromiseQuery, p chat.Promise) time.Time {
	switch {
	case q.Conversation != uuid.Nil || q.Customer != uuid.Nil:
		return p.At
	case q.State == chat.PromiseOpen:
		return p.Due
	}
	return p.SettledAt
}
