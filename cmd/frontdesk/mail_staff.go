package main

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/mail"
)

// Invite sends a member of the staff the link with which she sets a password.
// It goes past the queue, which keeps what letters say: the link's token is
// nowhere but in the letter.
func (p *post) Invite(ctx context.Context, ws chat.Workspace, u chat.User, link string) (bool, error) {
	if p.server == nil {
		return false, nil
	}
	s, err := p.queue.Settings(ctx, ws.ID)
	if err != nil {
		return false, err
	}
	if err := p.server.Send(ctx, uuid.NewString(), staffLetter(ws, u, link), s); err != nil {
		return false, plainly(err)
	}
	return true, nil
}

func staffLetter(ws chat.Workspace, u chat.User, link string) mail.Letter {
	l := mail.Letter{
		To: u.Email, Brand: ws.Name, Thread: u.ID.String(),
		Subject: "Set a new password for " + ws.Name, Title: "Set a new password",
		Text:   []string{fmt.Sprintf("Hello %s, choose a new password for the console of %s.", u.Name, ws.Name)},
		Button: &mail.Link{Text: "Choose a password", URL: link},
		Notes: []string{fmt.Sprintf("The link works once, until %s.", u.Link.Until.UTC().Format("2 January 15:04 MST")),
			"You did not ask for it? Then tell whoever manages the console; your password stays as it is until the link is used."},
	}
	if u.PasswordHash == "" {
		l.Subject, l.Title = "You are invited to "+ws.Name, "Welcome to "+ws.Name
		l.Text = []string{fmt.Sprintf("Hello %s, you are invited to the console of %s. Choose a password to begin.", u.Name, ws.Name)}
		l.Notes = l.Notes[:1]
	}
	return l
}
