package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/mail"
	"frontdesk/say"
)

const (
	// letterTranscript is the kind of the letter that brings a whole conversation to whom somebody asked to have it sent.
	letterTranscript = "transcript"
	// transcribeAfter is how long the letter waits for the entry that asks for it, which is stored after it was queued.
	transcribeAfter = 2 * time.Second
	// maxTranscript is how much of a conversation a letter brings, in bytes of text, the newest: mail clients cut off longer ones.
	maxTranscript = 90 << 10
)

// Ready fails when no letter can be sent, in words for a customer.
func (p *post) Ready(ctx context.Context, ws uuid.UUID) error { return p.queue.Ready(ctx, ws) }

// Transcribing is told before, and after, a wish for a transcript is stored.
func (p *post) Transcribing(ctx context.Context, ws, conv uuid.UUID) error {
	return p.queue.Queue(ctx, ws, letterTranscript, conv, conv, transcribeAfter)
}

// wish is a wish for a transcript that is not settled, and the log before it.
type wish struct {
	chat.Entry
	log   []chat.Entry // of what is sent, in order
	after int64        // the last wish that is settled
}

// wish finds the first wish that no notice settles; false if there is none.
func (p *post) wish(ctx context.Context, ws uuid.UUID, c chat.Conversation) (w wish, found bool, err error) {
	settled := map[int64]bool{}
	var all []chat.Entry
	for last := int64(0); last < c.LastSeq; {
		page, err := p.store.Entries(ctx, ws, c.ID, chat.LogPublic, last, 0)
		if err != nil {
			return w, false, err
		}
		if len(page) == 0 {
			break
		}
		all, last = append(all, page...), page[len(page)-1].Seq
	}
	for _, e := range all {
		if n := e.Notice; n != nil && (n.Kind == chat.NoticeTranscript || n.Kind == chat.NoticeUndelivered) {
			settled[n.Seq] = true
			w.after = max(w.after, n.Seq)
		}
	}
	for i, e := range all {
		if e.Kind == chat.KindTranscript && e.Transcript != nil && !settled[e.Seq] {
			w.Entry, w.log = e, said(all[:i])
			return w, true, nil
		}
	}
	return w, false, nil
}

// said are the entries of a public log that a transcript holds.
func said(all []chat.Entry) []chat.Entry {
	var out []chat.Entry
	for _, e := range all {
		switch e.Kind {
		case chat.KindMessage, chat.KindCall, chat.KindPromise:
			if e.Text != "" || len(e.Files) > 0 {
				out = append(out, e)
			}
		case chat.KindNotice:
			if e.Promise != nil && e.Text != "" {
				out = append(out, e)
			}
		case chat.KindOwner, chat.KindContact, chat.KindRating, chat.KindFeedback, chat.KindTranscript, chat.KindNote:
		}
	}
	return out
}

// writeTranscript writes the letter that the first unsettled wish of a conversation asks for.
func (p *post) writeTranscript(ctx context.Context, ws, conv uuid.UUID) (mail.Letter, error) {
	c, err := p.store.Conversation(ctx, ws, conv)
	if err != nil {
		return mail.Letter{}, err
	}
	w, found, err := p.wish(ctx, ws, c)
	if err != nil {
		return mail.Letter{}, err
	}
	if !found {
		return mail.Letter{}, mail.Needless
	}
	in, err := p.inboxOf(ctx, ws, c)
	if err != nil {
		return mail.Letter{}, err
	}
	return transcript(w, c, in), nil
}

// transcript is the letter. Its times are those of the zone that the wish names, or the inbox's.
func transcript(w wish, c chat.Conversation, in chat.Inbox) mail.Letter {
	brand, zone, t := brandOf(in), zoneOf(w.Transcript.Zone, in.Settings.Timezone), tongue(c, in)
	title := t.Text("Your conversation with %s", brand)
	l := mail.Letter{
		To: w.Transcript.Email, Lang: t.Tag(), RTL: t.RTL(), Brand: brand, Colour: in.Settings.Colour, Thread: w.ClientID.String(), After: w.after, Upto: w.Seq,
		Subject: title, Title: title,
	}
	if subject := shortened(c.Subject); subject != "" {
		l.Subject += ": " + subject
	}
	kept, left := newest(w.log)
	if left > 0 {
		l.Text = append(l.Text, t.Text("This is its newest part: %d earlier messages are in the chat alone.", left))
	}
	if len(kept) == 0 {
		l.Text = append(l.Text, t.Text("Nothing was said in it yet."))
	}
	day := ""
	for _, e := range kept {
		s := mail.Said{From: speaker(t, e, brand), Text: withFiles(t, e, readable(t, e, zone)), Mine: e.From.Kind == chat.PartyCustomer, At: e.At.In(zone).Format("15:04")}
		if on := t.Date(e.At.In(zone)); on != day {
			s.Day, day = on, on
		}
		for _, source := range cited(e) {
			s.Sources = append(s.Sources, mail.Link{Text: source.Title, URL: source.URL})
		}
		l.Said = append(l.Said, s)
	}
	l.Notes = []string{t.Text("Times are those of %s.", strings.ReplaceAll(zone.String(), "_", " ")), whoAsked(t, w, brand)}
	return l
}

func whoAsked(t *say.Table, w wish, brand string) string {
	if w.From.Kind == chat.PartyAgent {
		return t.Text("%s of %s sent this to you.", orSomebody(w.From.Name, t.Text("Somebody")), brand)
	}
	return t.Text("Somebody asked for this in the chat with %s and gave this address. It was not you? Then the address was mistyped, and you need do nothing.", brand)
}

// newest gives the newest entries that a letter can hold, and how many are before them.
func newest(log []chat.Entry) ([]chat.Entry, int) {
	size := 0
	for i := len(log) - 1; i >= 0; i-- {
		if size += len(log[i].Text); size > maxTranscript && i < len(log)-1 {
			return log[i+1:], i + 1
		}
	}
	return log, 0
}

// speaker names who said an entry, as the customer reads it. The bot says that it is one.
func speaker(t *say.Table, e chat.Entry, brand string) string {
	switch e.From.Kind {
	case chat.PartyCustomer:
		return t.Text("You")
	case chat.PartyBot:
		return t.Text("%s (AI)", orSomebody(e.From.Name, brand))
	case chat.PartyAgent, chat.PartySystem:
	}
	return orSomebody(e.From.Name, brand)
}

// cited are the articles that an entry names, each once.
func cited(e chat.Entry) []chat.Citation {
	if e.Answer == nil {
		return e.Sources
	}
	return e.Answer.Citations
}

// zoneOf gives the first of these zones that there is, UTC if none.
func zoneOf(names ...string) *time.Location {
	for _, name := range names {
		if zone, err := time.LoadLocation(name); err == nil && name != "" {
			return zone
		}
	}
	return time.UTC
}

// transcribed settles a wish in the log, once its letter has gone or was given up, and has the next one's written.
func (p *post) transcribed(ctx context.Context, ws uuid.UUID, m chat.Mail) error {
	n := chat.Notice{Kind: chat.NoticeTranscript, Email: m.To, Seq: m.Seq}
	text := fmt.Sprintf("The conversation went to %s.", m.To)
	switch m.State {
	case chat.MailFailed:
		n.Kind, text = chat.NoticeUndelivered, fmt.Sprintf("The e-mail to %s could not be delivered. Check the address and send it again.", m.To)
	case chat.MailUnknown:
		n.Kind, text = chat.NoticeUndelivered, fmt.Sprintf("Whether the e-mail to %s arrived is not known. Send it again if it does not.", m.To)
	case chat.MailSent:
	case chat.MailQueued, chat.MailSending:
		return nil
	}
	_, err := p.store.Append(ctx, ws, m.Conversation, chat.Draft{ClientID: uuid.NewSHA1(m.ID, []byte("settled")), From: chat.Sender{Kind: chat.PartySystem},
		Kind: chat.KindNotice, Text: text, Body: chat.Body{Notice: &n}})
	if err != nil {
		return err
	}
	c, err := p.store.Conversation(ctx, ws, m.Conversation)
	if err != nil {
		return err
	}
	if _, more, err := p.wish(ctx, ws, c); err != nil || !more {
		return err
	}
	return p.queue.Queue(ctx, ws, letterTranscript, m.Conversation, m.Conversation, 0)
}
