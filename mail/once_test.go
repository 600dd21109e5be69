package mail

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"

	"frontdesk/chat"
)

// talk makes a conversation, and has the desk's letters bring its log up to upto.
func (d *desk) talk(upto int64) uuid.UUID {
	d.t.Helper()
	in, err := d.st.InboxByKey(d.t.Context(), "site")
	d.check(err)
	who, err := d.st.CreateCustomer(d.t.Context(), d.ws, chat.Customer{TokenHash: []byte("x")})
	d.check(err)
	c, err := d.st.OpenConversation(d.t.Context(), d.ws, chat.Conversation{ID: uuid.Must(uuid.NewV7()), Inbox: in.ID, Customer: who.ID})
	d.check(err)
	d.upto = upto
	return c.ID
}

// Whatever happens to the node that sends it, a letter that brings a part of a log comes once at the most.
func TestAPartOfALogComesOnce(t *testing.T) {
	t.Parallel()
	t.Run("two nodes and two jobs", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		conv := d.talk(3)
		// The second is queued while the first is claimed, as by a reply that comes meanwhile.
		d.check(d.Queue.Queue(t.Context(), d.ws, "test", conv, conv, 0))
		_, err := d.st.ClaimJobs(t.Context(), d.ws, jobKind, "gone", d.clock().Add(time.Second), 1)
		d.check(err)
		d.check(d.Queue.Queue(t.Context(), d.ws, "test", conv, conv, 0))
		d.advance(time.Second)
		other := d.node("two")
		var wg sync.WaitGroup
		for _, q := range []*Queue{d.Queue, other} {
			wg.Go(func() { d.check(q.round(t.Context())) })
		}
		wg.Wait()
		d.fail = Needless // there is nothing left, the writer finds
		d.advance(time.Minute)
		d.turn()
		if n := len(d.server.letters()); n != 1 {
			t.Errorf("%d letters", n)
		}
		if n, _, err := d.Waiting(t.Context(), d.ws); n != 0 || err != nil {
			t.Errorf("%d wait, %v", n, err)
		}
	})
	t.Run("the server's answer is lost", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.grace = 0
		conv := d.talk(3)
		d.server.stall()
		d.check(d.Queue.Queue(t.Context(), d.ws, "test", conv, conv, 0))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = d.round(ctx)
		}()
		until(t, func() bool { return len(d.server.letters()) == 1 })
		cancel()
		<-ended
		d.server.release()
		d.advance(claimFor)
		d.check(d.node("two").round(t.Context()))
		all := d.records()
		if len(d.server.letters()) != 1 || len(all) != 1 || all[0].State != chat.MailUnknown || all[0].Seq != 3 || len(d.done) != 1 {
			t.Errorf("%d letters, %+v, told of %+v", len(d.server.letters()), all, d.done)
		}
	})
	t.Run("the node dies before it has noted the server's answer", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		conv := d.talk(3)
		d.check(d.Queue.Queue(t.Context(), d.ws, "test", conv, conv, 0))
		jobs, err := d.st.ClaimJobs(t.Context(), d.ws, jobKind, "gone", d.clock().Add(time.Second), 1)
		d.check(err)
		_, err = d.st.BeginMail(t.Context(), d.ws, chat.Mail{ID: jobs[0].ID, Kind: "test", Conversation: conv, Seq: 3}, 0)
		d.check(err)
		d.advance(time.Second)
		d.turn()
		if len(d.server.letters()) != 0 || len(d.done) != 1 || d.done[0].State != chat.MailUnknown {
			t.Errorf("%d letters, told of %+v", len(d.server.letters()), d.done)
		}
	})
	t.Run("the node dies before it has told of it", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		conv := d.talk(3)
		d.doneFail = errors.New("the store is away")
		d.check(d.Queue.Queue(t.Context(), d.ws, "test", conv, conv, 0))
		d.turn()
		d.doneFail = nil
		d.advance(claimFor)
		d.turn()
		if len(d.server.letters()) != 1 || len(d.done) != 2 || d.done[1].State != chat.MailSent || d.done[1].Seq != 3 {
			t.Errorf("%d letters, told of %+v", len(d.server.letters()), d.done)
		}
	})
	t.Run("a refusal for now is no delivery", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		conv := d.talk(3)
		d.server.answers(&smtp.SMTPError{Code: 451, Message: "later, please"})
		d.check(d.Queue.Queue(t.Context(), d.ws, "test", conv, conv, 0))
		d.turn()
		upto, err := d.st.MailedUpTo(t.Context(), d.ws, conv, "test")
		if err != nil || upto != 0 {
			t.Fatalf("mailed up to %d, %v", upto, err)
		}
		d.advance(time.Second)
		d.turn()
		if all := d.records(); len(d.server.letters()) != 1 || all[0].State != chat.MailSent || all[0].Attempts != 2 {
			t.Errorf("%d letters, %+v", len(d.server.letters()), all)
		}
	})
	t.Run("the server's answer is waited for while we stop", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		conv := d.talk(3)
		d.server.stall()
		d.check(d.Queue.Queue(t.Context(), d.ws, "test", conv, conv, 0))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = d.round(ctx)
		}()
		until(t, func() bool { return len(d.server.letters()) == 1 })
		cancel()
		d.server.release()
		<-ended
		// This server refuses what it was late with, and that is an answer.
		if all := d.records(); len(all) != 1 || all[0].State != chat.MailFailed || !strings.Contains(all[0].Error, "too late") || len(d.done) != 1 {
			t.Errorf("%+v, told of %+v", all, d.done)
		}
	})
}

func TestALetterThatIsNotDueYet(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ref := uuid.New()
	d.fail = &Later{d.now.Add(time.Minute)}
	d.check(d.Queue.Queue(t.Context(), d.ws, "test", ref, uuid.Nil, 0))
	d.turn()
	d.fail = nil
	d.turn()
	if len(d.server.letters())+len(d.records()) != 0 {
		t.Fatal("it went before its time")
	}
	d.advance(time.Minute)
	d.turn()
	if all := d.records(); len(d.server.letters()) != 1 || all[0].Attempts != 1 {
		t.Errorf("%+v", all)
	}
}

func TestSourcesOfALetter(t *testing.T) {
	t.Parallel()
	l := letter()
	l.Sources = []Link{{"Returns <b>", "https://shop.example/returns"}, {"No address", ""}, {"Bad", "javascript:alert(1)"}}
	text, html, err := l.Render()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"- Returns <b>\n  https://shop.example/returns", "- No address"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
	if !strings.Contains(html, `<a href="https://shop.example/returns">Returns &lt;b&gt;</a>`) || strings.Contains(html, "javascript:") {
		t.Errorf("html:\n%s", html)
	}
}
