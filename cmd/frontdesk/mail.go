package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/identity"
	"frontdesk/mail"
	"frontdesk/store"
)

// post is e-mail in this process: the server, the queue, and what the letters say.
type post struct {
	store    store.Store
	server   *mail.SMTP // nil: none is set
	queue    *mail.Queue
	identity *identity.Service
	after    time.Duration          // of quiet, after which unread answers go by e-mail
	address  atomic.Pointer[string] // where customers reach this server; nil until it is known
	mails    *prometheus.CounterVec // tries by what they came to
}

// openMail opens what Settings name, and connects to nothing.
func openMail(s Settings) (*mail.SMTP, error) {
	if s.SMTPURL == "" {
		return nil, nil
	}
	return mail.Open(s.SMTPURL, nil)
}

// newPost joins identity and mail: the one queues letters, the other asks it what they say.
func newPost(c *core, s Settings, node string) (*post, error) {
	p := &post{store: c.store, after: s.MailAfter, mails: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_mails_total",
		Help: "E-mails by kind, and what a try to send one came to: sent, queued for another try, failed, unknown, or needless."}, []string{"kind", "outcome"})}
	for _, state := range []chat.MailState{chat.MailSent, chat.MailQueued, chat.MailFailed, chat.MailUnknown} {
		p.mails.WithLabelValues(letterAnswer, string(state)) // both there from the start, so that an alert can be written
		p.mails.WithLabelValues(letterTranscript, string(state))
	}
	var err error
	if p.server, err = openMail(s); err != nil {
		return nil, err
	}
	o := mail.Options{Store: c.store, Node: node, Writers: map[string]mail.Writer{identity.LetterCode: p.writeCode, letterAnswer: p.writeAnswer, letterTranscript: p.writeTranscript}, Done: p.done, Log: c.log,
		Observe: func(kind, outcome string) { p.mails.WithLabelValues(kind, outcome).Inc() }}
	if p.server != nil {
		o.Carrier = p.server
	}
	p.queue = mail.NewQueue(o)
	p.identity = identity.New(identity.Options{Store: c.store, Post: p.queue, Log: c.log})
	return p, nil
}

// start sends what is queued until the function that it gives is called.
func (p *post) start() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.queue.Run(ctx)
	}()
	return func() {
		cancel()
		<-ended
	}
}

// writeCode writes the letter that brings a one-time code.
func (p *post) writeCode(ctx context.Context, ws, ref uuid.UUID) (mail.Letter, error) {
	code, c, err := p.identity.Code(ctx, ws, ref)
	switch chat.CodeOf(err) {
	case "":
	case chat.CodeNotFound:
		return mail.Letter{}, mail.Needless // used, or another was sent
	case chat.CodeStale:
		return mail.Letter{To: c.Email}, &mail.Refused{Err: fmt.Errorf("the code expired before the mail server took it: %w", err)}
	default:
		return mail.Letter{}, err
	}
	conv, err := p.store.Conversation(ctx, ws, c.Conversation)
	if err != nil {
		return mail.Letter{}, err
	}
	in, err := p.inboxOf(ctx, ws, conv)
	if err != nil {
		return mail.Letter{}, err
	}
	return codeLetter(code, c, in, tongue(conv, in)), nil
}

// inboxOf finds the inbox of a conversation.
func (p *post) inboxOf(ctx context.Context, ws uuid.UUID, c chat.Conversation) (chat.Inbox, error) {
	all, err := p.store.Inboxes(ctx, ws)
	if err != nil {
		return chat.Inbox{}, err
	}
	for _, in := range all {
		if in.ID == c.Inbox {
			return in, nil
		}
	}
	return chat.Inbox{}, chat.Errorf(chat.CodeNotFound, "there is no inbox %s", c.Inbox)
}

func brandOf(in chat.Inbox) string {
	if in.Settings.Brand != "" {
		return in.Settings.Brand
	}
	return in.Name
}

// View gives how e-mail stands.
func (p *post) View(ctx context.Context, ws uuid.UUID) (protocol.MailView, error) {
	v := protocol.MailView{Recent: []chat.Mail{}}
	if p.server != nil {
		v.Server, v.Sender = p.server.Server(), p.server.From()
	}
	s, err := p.queue.Settings(ctx, ws)
	if err != nil {
		return v, err
	}
	v.Settings = protocol.MailSettings{From: s.From, Name: s.Name, ReplyTo: s.ReplyTo}
	recent, err := p.store.Mails(ctx, ws, "", 20)
	v.Recent = append(v.Recent, recent...)
	return v, err
}

// Set changes whom e-mail comes from.
func (p *post) Set(ctx context.Context, ws, by uuid.UUID, r protocol.MailSettings) error {
	s, err := mail.Settings{From: r.From, Name: r.Name, ReplyTo: r.ReplyTo}.Check()
	if err != nil {
		return err
	}
	value, err := json.Marshal(s)
	if err != nil {
		return err
	}
	before, err := p.store.Setting(ctx, ws, uuid.Nil, mail.SettingName)
	if err != nil && chat.CodeOf(err) != chat.CodeNotFound {
		return err
	}
	_, err = p.store.PutSetting(ctx, ws, chat.Setting{Name: mail.SettingName, Value: value, By: by, Revision: before.Revision})
	return err
}

// Test sends a letter at once, past the queue, so that what is wrong is said now.
func (p *post) Test(ctx context.Context, ws uuid.UUID, to string) (protocol.MailTested, error) {
	if p.server == nil {
		return protocol.MailTested{}, errNoMailServer()
	}
	to, err := chat.CheckEmail(to)
	if err != nil {
		return protocol.MailTested{}, err
	}
	s, err := p.queue.Settings(ctx, ws)
	if err != nil {
		return protocol.MailTested{}, err
	}
	start := time.Now()
	probe, err := p.server.Probe(ctx)
	if err == nil {
		err = p.server.Send(ctx, uuid.NewString(), testLetter(to), s)
	}
	return protocol.MailTested{Server: probe.Server, TLS: probe.TLS, MS: time.Since(start).Milliseconds()}, plainly(err)
}

// plainly gives the staff the mail server's own words, which hold no secret.
func plainly(err error) error {
	if err == nil || chat.CodeOf(err) != chat.CodeInternal {
		return err
	}
	return chat.Errorf(chat.CodeUnavailable, "%w", err)
}

func testLetter(to string) mail.Letter {
	return mail.Letter{
		To: to, Brand: "Frontdesk", Subject: "A test letter of Frontdesk", Title: "E-mail works",
		Text:  []string{"Your mail server took this letter. Codes to customers go the same way."},
		Notes: []string{"Sent on request of somebody who manages this Frontdesk."},
	}
}

func errNoMailServer() error {
	return chat.Errorf(chat.CodeUnavailable, "No mail server is set: start Frontdesk with FRONTDESK_SMTP_URL, such as smtp://user:password@mail.example:587.")
}

type doctorMailCmd struct {
	To string `placeholder:"ADDRESS" help:"Send a test letter there as well."`
}

// Help says what is looked at.
func (doctorMailCmd) Help() string {
	return `Connects to FRONTDESK_SMTP_URL, agrees on TLS, signs in and leaves; with --to it sends a letter.

  FRONTDESK_SMTP_URL_FILE=/run/secrets/smtp frontdesk doctor mail --to me@example.com`
}

// Run says how far it got.
func (cmd doctorMailCmd) Run(env *environment) error {
	server, err := openMail(env.Settings)
	if err != nil {
		return err
	}
	if server == nil {
		return errNoMailServer()
	}
	probe, err := server.Probe(env.ctx)
	if err != nil {
		return err
	}
	from := server.From()
	if from == "" {
		from = "none in the URL: the one of the console's Settings, Mail"
	}
	fmt.Fprintf(env.stdout, "server  %s\nTLS     %s\ntook    %d ms\nsender  %s\n", probe.Server, probe.TLS, probe.TookMS, from)
	if cmd.To == "" {
		return nil
	}
	var s mail.Settings
	if err := administer(env, func(a administration) (err error) {
		s, err = a.mailSettings(env.ctx)
		return err
	}); err != nil {
		return err
	}
	if err := server.Send(env.ctx, uuid.NewString(), testLetter(strings.TrimSpace(cmd.To)), s); err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "sent    a test letter to %s\n", cmd.To)
	return err
}
