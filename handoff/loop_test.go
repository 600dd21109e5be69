package handoff_test

import (
	"strings"
	"testing"

	"frontdesk/chat"
	"frontdesk/handoff"
)

// A conversation that people gave back to the bot twice stays with people the
// third time: with a reason and words of its own, ahead of others.
func TestLoopEndsWithAPerson(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var seen []handoff.Event
	d.Desk = handoff.New(handoff.Options{Store: d.store, Surroundings: d.store, Now: d.clock.Now,
		Words: func(r chat.Reason) string { return "words of " + string(r) }, Observe: func(e handoff.Event) { seen = append(seen, e) }})
	anna := d.agent("anna", true)
	c := d.talk("The lamp is dark.")
	over := func(r chat.Reason) chat.Conversation {
		t.Helper()
		d.says(c.ID, "It is still dark.")
		now := d.state(c.ID)
		after, err := d.HandOver(d.ctx, d.ws, c.ID, now.Epoch, handoff.Request{Reason: r, By: chat.Sender{Kind: chat.PartyBot},
			Says: &chat.Draft{ClientID: newID(), From: chat.Sender{Kind: chat.PartyBot}, Kind: chat.KindMessage, Text: "words of the bot",
				Body: chat.Body{Blocks: []chat.Block{{T: "p"}}, Answer: &chat.Answer{Action: chat.ActionHandoff, Reason: r}}}})
		d.check(err)
		return after
	}
	back := func() error {
		t.Helper()
		_, err := d.Reply(d.ctx, d.ws, c.ID, anna, chat.Draft{ClientID: newID(), Text: "Try the switch."})
		d.check(err)
		_, err = d.Release(d.ctx, d.ws, c.ID, d.state(c.ID).Epoch, anna)
		return err
	}
	for range 2 {
		if after := over(chat.ReasonLowConfidence); after.Reason != chat.ReasonLowConfidence || after.Priority != chat.PriorityNormal {
			t.Errorf("handed over: %+v", after)
		}
		d.check(back())
	}
	after := over(chat.ReasonLowConfidence)
	h, err := d.store.Handoff(d.ctx, d.ws, c.ID)
	d.check(err)
	if after.Reason != chat.ReasonLoop || after.Priority != chat.PriorityHigh || h.Reason != chat.ReasonLoop ||
		!strings.HasPrefix(h.Brief.Why, "It went to and fro") || !strings.Contains(h.Brief.Why, "likely enough") {
		t.Errorf("the third time: %+v, %+v", after, h)
	}
	log := strings.Join(d.log(c.ID), "\n")
	if strings.Count(log, "words of the bot") != 2 || strings.Count(log, "words of loop") != 1 {
		t.Errorf("log:\n%s", log)
	}
	wantCode(t, back(), chat.CodeConflict)
	if now := d.state(c.ID); now.Owner != chat.OwnerAgent || now.Agent != anna.ID {
		t.Errorf("it does not stay with her: %+v", now)
	}
	var reasons []chat.Reason
	for _, e := range seen {
		if e.Kind == handoff.EventHandedOver {
			reasons = append(reasons, e.Reason)
		}
	}
	equal(t, "observed", []chat.Reason{chat.ReasonLowConfidence, chat.ReasonLowConfidence, chat.ReasonLoop}, reasons)

	// Danger stays danger, and what is closed begins anew.
	c = d.talk("Two.")
	for range 2 {
		over(chat.ReasonAsked)
		d.check(back())
	}
	if after := over(chat.ReasonDistress); after.Reason != chat.ReasonDistress || after.Priority != chat.PriorityUrgent {
		t.Errorf("distress: %+v", after)
	}
	now := d.state(c.ID)
	_, err = d.Claim(d.ctx, d.ws, c.ID, now.Epoch, anna)
	d.check(err)
	_, err = d.Close(d.ctx, d.ws, c.ID, chat.Act{By: anna, Epoch: d.state(c.ID).Epoch}, "")
	d.check(err)
	_, err = d.Reopen(d.ctx, d.ws, c.ID, d.sender())
	d.check(err)
	if after := over(chat.ReasonAsked); after.Reason != chat.ReasonAsked {
		t.Errorf("after its end: %+v", after)
	}
	d.check(back())
}
