package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"frontdesk/chat"
	"frontdesk/mail"
)

const (
	// letterAnswer is the kind of the letter that brings agents' answers to somebody who is not in the chat.
	letterAnswer = "answer"
	// answerBy is how long answers wait for an agent who writes on and on: then what there is goes out.
	answerBy = 10 * time.Minute
	// answerEntries is how much of a log is looked at: more than anybody writes to somebody who is not there.
	answerEntries = 200
	// subjectBytes is how much of a question is in a subject line, which phones cut after some forty characters.
	subjectBytes = 100
)

// reachedAt says where customers reach this server, for links.
func (p *post) reachedAt(url string) {
	if u := strings.TrimRight(url, "/"); u != "" {
		p.address.Store(&u)
	}
}

// Answering has the answer that an agent is about to give written to its customer, should they not read it in the chat.
// It comes before the answer is stored, so that no crash comes between the two.
func (p *post) Answering(ctx context.Context, ws, conv uuid.UUID) error {
	if p.server != nil {
		return p.queue.Queue(ctx, ws, letterAnswer, conv, conv, p.after)
	}
	c, err := p.store.Conversation(ctx, ws, conv)
	if err != nil || c.Email == "" || c.Promised.IsZero() {
		return err
	}
	_, err = p.store.Append(ctx, ws, conv, chat.Draft{
		ClientID: uuid.NewSHA1(conv, []byte("no mail server "+c.Promised.UTC().Format(time.RFC3339Nano))), Log: chat.LogStaff,
		From: chat.Sender{Kind: chat.PartySystem}, Kind: chat.KindNote,
		Text: fmt.Sprintf("The customer left %s for the answer, but no mail server is set: it waits in the chat until they come back. Write to them yourself if it matters.", c.Email),
	})
	return err
}

// unread is what a customer has not read of agents' answers, and not got by e-mail.
type unread struct {
	question string       // their own last words before it
	answers  []chat.Entry // in order; empty: there is nothing
	after    int64        // what was read or went by e-mail
	email    string       // where it may go, as said in the conversation; "" if nowhere
}

func (p *post) unread(ctx context.Context, ws uuid.UUID, c chat.Conversation) (u unread, err error) {
	if u.after, err = p.store.ReadUpTo(ctx, ws, c.ID); err != nil {
		return u, err
	}
	mailed, err := p.store.MailedUpTo(ctx, ws, c.ID, letterAnswer)
	if err != nil {
		return u, err
	}
	entries, err := p.store.Entries(ctx, ws, c.ID, chat.LogPublic, max(0, c.LastSeq-answerEntries), answerEntries)
	if err != nil {
		return u, err
	}
	// Whoever writes has read what was there.
	u.after, u.email, u.question = max(u.after, mailed, c.CustomerSeq), c.Email, c.Subject
	for _, e := range entries {
		switch {
		case e.Notice != nil && e.Notice.Kind == chat.NoticeMailed:
			u.after = max(u.after, e.Notice.Seq)
		case e.Contact != nil:
			u.email = e.Contact.Email
		case e.Kind == chat.KindMessage && e.From.Kind == chat.PartyCustomer:
			u.question = e.Text
		case e.Kind == chat.KindMessage && e.From.Kind == chat.PartyAgent:
			u.answers = append(u.answers, e)
		case e.Kind == chat.KindPromise && e.Promise.State == chat.PromiseOpen && e.From.Kind == chat.PartyAgent:
			u.answers = append(u.answers, e)
		}
	}
	u.answers = slices.DeleteFunc(u.answers, func(e chat.Entry) bool { return e.Seq <= u.after })
	return u, nil
}

// writeAnswer writes the letter with what a customer has not read.
func (p *post) writeAnswer(ctx context.Context, ws, conv uuid.UUID) (mail.Letter, error) {
	c, err := p.store.Conversation(ctx, ws, conv)
	if chat.CodeOf(err) == chat.CodeNotFound {
		return mail.Letter{}, mail.Needless
	}
	if err != nil {
		return mail.Letter{}, err
	}
	u, err := p.unread(ctx, ws, c)
	if err != nil {
		return mail.Letter{}, err
	}
	if len(u.answers) == 0 {
		return mail.Letter{}, mail.Needless
	}
	if u.email == "" {
		who, err := p.store.Customer(ctx, ws, c.Customer)
		if err != nil {
			return mail.Letter{}, err
		}
		if u.email = who.Email; u.email == "" {
			return mail.Letter{}, mail.Needless
		}
	}
	now := time.Now()
	quiet := u.answers[len(u.answers)-1].At.Add(p.after)
	if last := u.answers[0].At.Add(max(answerBy, p.after)); quiet.After(last) {
		quiet = last
	}
	if quiet.After(now) {
		return mail.Letter{}, &mail.Later{Until: quiet}
	}
	return p.newAnswer(ctx, ws, c, u)
}

func (p *post) newAnswer(ctx context.Context, ws uuid.UUID, c chat.Conversation, u unread) (mail.Letter, error) {
	in, err := p.inboxOf(ctx, ws, c)
	if err != nil {
		return mail.Letter{}, err
	}
	at := p.address.Load()
	if at == nil { // we are starting
		return mail.Letter{}, &mail.Later{Until: time.Now().Add(5 * time.Second)}
	}
	token, err := p.identity.NewLink(ctx, ws, c.ID, u.email)
	if err != nil {
		return mail.Letter{}, err
	}
	l := answerLetter(c, in, u, *at+"/chat?inbox="+url.QueryEscape(in.Key)+"#"+token)
	page, err := p.store.Promises(ctx, ws, chat.PromiseQuery{Conversation: c.ID, Limit: 20})
	if err != nil {
		return mail.Letter{}, err
	}
	t := tongue(c, in)
	l.Text = receipts(t, zoneOf(in.Settings.Timezone), page.Promises, u.answers[0].At)
	s, err := p.queue.Settings(ctx, ws)
	if err == nil && s.ReplyTo == "" {
		l.Notes = append(l.Notes, t.Text("Please answer in the chat: an answer to this e-mail does not reach it."))
	}
	return l, err
}

// done tells both sides of a conversation that a letter has gone out, and its agents that one has not.
func (p *post) done(ctx context.Context, ws uuid.UUID, m chat.Mail) error {
	if m.Conversation == uuid.Nil {
		return nil
	}
	if m.Kind == letterTranscript {
		if err := p.transcribed(ctx, ws, m); err != nil && chat.CodeOf(err) != chat.CodeNotFound {
			return err
		}
	}
	d := chat.Draft{ClientID: uuid.NewSHA1(m.ID, []byte(m.State)), From: chat.Sender{Kind: chat.PartySystem}}
	switch {
	case m.State == chat.MailSent && m.Kind == letterAnswer:
		d.Kind, d.Text = chat.KindNotice, fmt.Sprintf("This went to %s by e-mail.", m.To)
		d.Body = chat.Body{Notice: &chat.Notice{Kind: chat.NoticeMailed, Email: m.To, Seq: m.Seq}}
	case m.State == chat.MailFailed:
		d.Log, d.Kind, d.Text = chat.LogStaff, chat.KindNote, fmt.Sprintf("The e-mail to %s was not delivered: %s", m.To, m.Error)
		if m.Kind == letterAnswer {
			d.Text += "\nThe customer has not seen the answer. It waits in the chat; reach them in another way if it matters."
		}
	case m.State == chat.MailUnknown:
		d.Log, d.Kind = chat.LogStaff, chat.KindNote
		d.Text = fmt.Sprintf("Whether the e-mail to %s went out is not known: the connection to the mail server was lost. It is not sent a second time by itself; your next answer goes out as usual.", m.To)
	default:
		return nil
	}
	_, err := p.store.Append(ctx, ws, m.Conversation, d)
	if chat.CodeOf(err) == chat.CodeNotFound {
		err = nil
	}
	return err
}

// register registers the figures of e-mail.
func (p *post) register(reg *prometheus.Registry) {
	waiting := func(of func(n int, oldest time.Time) float64) func() float64 {
		return func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			total, first := 0, time.Time{}
			all, err := p.store.Workspaces(ctx)
			for _, ws := range all {
				n, oldest, werr := p.queue.Waiting(ctx, ws.ID)
				if werr != nil {
					err = werr
				}
				if total += n; n > 0 && (first.IsZero() || oldest.Before(first)) {
					first = oldest
				}
			}
			if err != nil {
				return -1
			}
			return of(total, first)
		}
	}
	reg.MustRegister(p.mails,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "frontdesk_mail_queue", Help: "E-mails that wait, also those that are not due yet; -1 if they cannot be counted."},
			waiting(func(n int, _ time.Time) float64 { return float64(n) })),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "frontdesk_mail_queue_late_seconds", Help: "For how long the e-mail that is due longest has been due; 0 if none is, -1 if it cannot be told."},
			waiting(func(_ int, first time.Time) float64 {
				if first.IsZero() {
					return 0
				}
				return max(0, time.Since(first).Seconds())
			})))
}
