package handoff_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// The customer ends a conversation wherever it is: place, offer, snooze and promised time go with it.
func TestTheCustomerEnds(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ana := d.agent("Ana", true)
		offered := func() chat.Conversation {
			c := d.waiting("A person, please")
			c, err := d.Offer(d.ctx, d.ws, c.ID, c.Epoch, chat.Offer{Agent: ana.ID, Until: d.clock.Now().Add(time.Minute)})
			d.check(err)
			return c
		}
		hers := func() chat.Conversation { return d.replies(d.claims(d.waiting("A person, please"), ana), ana) }
		for name, begin := range map[string]func() chat.Conversation{
			"bot, unanswered":  func() chat.Conversation { return d.talk("Where is my order?") },
			"queue":            func() chat.Conversation { return d.waiting("A person, please") },
			"offered":          offered,
			"agent, to answer": func() chat.Conversation { return d.claims(d.waiting("A person, please"), ana) },
			"agent":            hers,
			"snoozed": func() chat.Conversation {
				c := hers()
				_, err := d.Snooze(d.ctx, d.ws, c.ID, d.act(c, ana, ""), d.clock.Now().Add(time.Hour))
				d.check(err)
				return d.state(c.ID)
			},
		} {
			c, id := begin(), newID()
			promise, promiseErr := d.OpenAnswer(d.ctx, d.ws, c.ID)
			after, err := d.End(d.ctx, d.ws, c.ID, d.sender(), id)
			d.check(err)
			if after.Status != chat.StatusClosed || after.Owner != chat.OwnerBot || after.Agent != uuid.Nil || after.Outcome != chat.OutcomeNone || after.Epoch != c.Epoch+1 ||
				after.Unanswered() || !after.Promised.IsZero() || !after.Waiting.IsZero() || !after.Snoozed.IsZero() || after.Offered != uuid.Nil {
				t.Errorf("%s: %+v", name, after)
			}
			if promiseErr == nil && promise != nil {
				if p := d.promise(promise.ID); p.State != chat.PromiseWithdrawn {
					t.Errorf("%s: promise %+v", name, p)
				}
			}
			entries, err := d.store.Entries(d.ctx, d.ws, c.ID, chat.LogPublic, c.LastSeq, 0)
			d.check(err)
			if len(entries) != 1 || entries[0].ClientID != id || entries[0].From.Kind != chat.PartyCustomer || entries[0].Change.Status != chat.StatusClosed {
				t.Errorf("%s: entries %+v", name, entries)
			}
			if err := d.botSays(c); chat.CodeOf(err) != chat.CodeStale {
				t.Errorf("%s: a turn that was under way: %v", name, err)
			}
			// Twice is once, and a repeat that comes late ends nothing new.
			if again, err := d.End(d.ctx, d.ws, c.ID, d.sender(), newID()); err != nil || again.LastSeq != after.LastSeq {
				t.Errorf("%s, again: %+v, %v", name, again, err)
			}
			reopened, err := d.Reopen(d.ctx, d.ws, c.ID, d.sender())
			d.check(err)
			if late, err := d.End(d.ctx, d.ws, c.ID, d.sender(), id); err != nil || late.Status != chat.StatusOpen || late.Epoch != reopened.Epoch {
				t.Errorf("%s, late: %+v, %v", name, late, err)
			}
			_, err = d.End(d.ctx, d.ws, c.ID, d.sender(), newID())
			d.check(err)
		}
		n, err := d.store.CountConversations(d.ctx, d.ws, ana.ID)
		d.check(err)
		if n != (chat.Counts{}) {
			t.Errorf("still counted: %+v", n)
		}
	})
}

func TestThereMustBeSomethingToEnd(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	_, err := d.End(d.ctx, d.ws, d.talk().ID, d.sender(), newID())
	wantCode(t, err, chat.CodeInvalid)
	_, err = d.End(d.ctx, d.ws, newID(), d.sender(), newID())
	wantCode(t, err, chat.CodeNotFound)
}
