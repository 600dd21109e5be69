package main

import (
	"slices"
	"strings"
	"time"

	"frontdesk/chat"
	"frontdesk/identity"
	"frontdesk/mail"
	"frontdesk/say"
)

// tongue is the language that a conversation's customer is written to in: theirs, or the inbox's where we have no words in theirs.
func tongue(c chat.Conversation, in chat.Inbox) *say.Table {
	return say.In(append([]string{c.Locale}, in.Settings.Locales...)...)
}

// codeLetter brings a one-time code.
func codeLetter(code string, c chat.IdentityCode, in chat.Inbox, t *say.Table) mail.Letter {
	brand := brandOf(in)
	return mail.Letter{
		To: c.Email, Lang: t.Tag(), RTL: t.RTL(), Brand: brand, Colour: in.Settings.Colour, Thread: c.ID.String(),
		Subject: t.Text("%s is your code for %s", code, brand),
		Title:   t.Text("Confirm that it is you"),
		Text:    []string{t.Text("Enter this code in the chat with %s:", brand)},
		Code:    code,
		Notes: []string{
			t.Text("The code counts for %d minutes and once. Nobody of %s will ask you for it.", int(identity.CodeLife.Minutes()), brand),
			t.Text("You did not ask for it? Then somebody typed your address by mistake, and you need do nothing."),
		},
	}
}

// answerLetter brings what a customer has not read of agents' answers; link opens the conversation.
func answerLetter(c chat.Conversation, in chat.Inbox, u unread, link string) mail.Letter {
	brand, zone, t, last := brandOf(in), zoneOf(in.Settings.Timezone), tongue(c, in), u.answers[len(u.answers)-1]
	l := mail.Letter{
		To: u.email, Lang: t.Tag(), RTL: t.RTL(), Brand: brand, Colour: in.Settings.Colour, Thread: c.ID.String(), After: u.after, Upto: last.Seq,
		Subject: subjectOf(t, c.Subject, brand), Title: t.Text("%s answered you", orSomebody(last.From.Name, brand)),
		Sourced: t.Text("Sources"),
		Button:  &mail.Link{Text: t.Text("Go on in the chat"), URL: link},
		Notes: []string{
			t.Text("The link opens this conversation and nothing else, on any device, for %d days. Whoever has it can read and write there: do not pass it on.", int(identity.LinkLife.Hours()/24)),
			t.Text("You get this because you left this address in the chat, and the answer came when you were not there."),
		},
	}
	if u.question != "" {
		l.Said = []mail.Said{{From: t.Text("You wrote"), Text: u.question, Mine: true}}
	}
	seen := map[string]bool{}
	for _, e := range u.answers {
		words := readable(t, e, zone)
		if e.Kind == chat.KindPromise { // the customer's copy: it says what and by when, and has its receipt
			words += "\n" + t.Text(receiptLine, e.Promise.Number)
		}
		l.Said = append(l.Said, mail.Said{From: orSomebody(e.From.Name, brand), Text: withFiles(t, e, words)})
		for _, source := range e.Sources {
			if !seen[source.Title+source.URL] {
				seen[source.Title+source.URL] = true
				l.Sources = append(l.Sources, mail.Link{Text: source.Title, URL: source.URL})
			}
		}
	}
	return l
}

// readable is what an entry says: the desk's words in the customer's language, everybody else's as they are.
func readable(t *say.Table, e chat.Entry, zone *time.Location) string {
	words := ""
	switch {
	case e.Notice != nil:
		words = t.Notice(*e.Notice, e.At, zone)
	case e.Kind == chat.KindPromise && e.Promise != nil && e.Promise.Text != "":
		words = t.Text("%s (by %s)", e.Promise.Text, t.DueIn(zone, e.Promise.Due, e.At))
	}
	if words == "" {
		return e.Text
	}
	return words
}

// receiptLine gives the customer the receipt of a promise whose due time was said before.
const receiptLine = "Your receipt for this promise: %s. If it is not kept, you hear from us with a new time."

// receipts are the lines about promises that the answers kept, or made: those settled or given since the first of them.
func receipts(t *say.Table, zone *time.Location, promises []chat.Promise, since time.Time) []string {
	var lines []string
	for _, promised := range slices.Backward(promises) {
		switch {
		case promised.State == chat.PromiseKept && !promised.SettledAt.Before(since):
			lines = append(lines, t.Text("Promised: %s by %s. Kept on %s. Receipt %s.", what(t, promised), t.Stamp(zone, promised.Due), t.Stamp(zone, promised.SettledAt), promised.Number))
		case promised.State == chat.PromiseOpen && !promised.At.Before(since):
			lines = append(lines, t.Text("Promised: %s by %s. Receipt %s.", what(t, promised), t.Stamp(zone, promised.Due), promised.Number))
		}
	}
	return lines
}

// what a promise is about, within a sentence.
func what(t *say.Table, p chat.Promise) string {
	if p.Kind == chat.PromiseAnswer {
		return t.Text("an answer")
	}
	return t.Text("“%s”", p.Text)
}

// withFiles is what an entry says, and what else is in the chat.
func withFiles(t *say.Table, e chat.Entry, words string) string {
	if len(e.Files) == 0 {
		return words
	}
	names := make([]string, 0, len(e.Files))
	for _, f := range e.Files {
		names = append(names, f.Name)
	}
	all := strings.Join(names, ", ")
	if e.Text == all {
		return t.Text("In the chat: %s", all)
	}
	return words + "\n\n" + t.Text("In the chat: %s", all)
}

func orSomebody(name, brand string) string {
	if name == "" {
		return brand
	}
	return name
}

// subjectOf is the subject line of a letter about a question: the question, so that whoever asked knows it.
func subjectOf(t *say.Table, question, brand string) string {
	if question = shortened(question); question == "" {
		return t.Text("An answer from %s", brand)
	}
	return "Re: " + question
}

// shortened is as much of a question as a subject line shows.
func shortened(question string) string {
	question = strings.Join(strings.Fields(question), " ")
	if len(question) <= subjectBytes {
		return question
	}
	question = strings.ToValidUTF8(question[:subjectBytes], "")
	if i := strings.LastIndexByte(question, ' '); i > subjectBytes/2 {
		question = question[:i]
	}
	return question + "…"
}
