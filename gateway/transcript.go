package gateway

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// How often a conversation is sent, and to one mailbox, whoever fills it.
var (
	perTalkTranscripts = limit{rate.Every(10 * time.Minute), 3}
	perMailTranscripts = limit{rate.Every(time.Hour), 6}
	// What a customer asks for goes to whatever address they type, with words of theirs in it: without these limits
	// anybody could have the site's mail server send letters of their own making to all the world.
	perVisitorTranscripts = limit{rate.Every(20 * time.Minute), 5}
	perAddressTranscripts = limit{rate.Every(3 * time.Minute), 20} // an office's
)

// transcript limits what is sent; by and addr are the customer who asks for it, and from where: an agent may without.
func (l *limits) transcript(conv uuid.UUID, email string, by chat.Sender, addr string) bool {
	if by.Kind == chat.PartyCustomer && !(l.allow("transcript-by", string(by.ID[:]), perVisitorTranscripts) && l.from("transcript-from", addr, perAddressTranscripts, 1)) {
		return false
	}
	return l.allow("transcript", string(conv[:]), perTalkTranscripts) && l.allow("transcript-to", strings.ToLower(email), perMailTranscripts)
}

// transcript has the conversation sent to its customer.
func (h *customer) transcript(ctx context.Context, c *conn, f protocol.Frame, d protocol.AskTranscript) error {
	if err := checkClientID(d.ClientID); err != nil {
		return err
	}
	conv, err := h.look(ctx, d.Conversation)
	if err != nil {
		return err
	}
	if err := h.mayWrite(ctx); err != nil {
		return err
	}
	e, err := h.srv.askTranscript(ctx, h.auth.workspace, conv, h.auth.sender(), d.ClientID, chat.Transcript{Email: d.Email, Zone: d.Zone}, h.addr)
	var often *chat.Error
	if errors.As(err, &often) && often.Code == chat.CodeRateLimited {
		// The wait is minutes long: a client that sent the frame again until then would hold back all words behind it.
		final := *often
		final.Code = chat.CodeInvalid
		err = &final
	}
	if err != nil {
		return err
	}
	h.ack(c, f, e)
	return nil
}

// transcriptOps are what agents may do with transcripts.
func (g *Gateway) transcriptOps(a huma.API) {
	op(g, a, route{http.MethodPost, "/conversations/{id}/transcript", "sendTranscript", "Send the customer the conversation by e-mail", 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Body protocol.TranscriptRequest
		}) (chat.Entry, error) {
			if err := checkClientID(in.Body.ClientID); err != nil {
				return chat.Entry{}, err
			}
			conv, err := g.store.Conversation(ctx, who.workspace.ID, in.ID)
			if err != nil {
				return chat.Entry{}, err
			}
			by := chat.Sender{Kind: chat.PartyAgent, ID: who.user.ID, Name: who.user.Name}
			return g.askTranscript(ctx, who.workspace.ID, conv, by, in.Body.ClientID, chat.Transcript{Email: in.Body.Email}, "")
		})
}

// askTranscript records a wish for a transcript, which has it written and sent. addr is where a customer's wish comes from.
// The queue is told before and after: so no crash comes between the wish and
// its letter, however long the store takes.
func (g *Gateway) askTranscript(ctx context.Context, ws uuid.UUID, conv chat.Conversation, by chat.Sender, clientID uuid.UUID, t chat.Transcript, addr string) (chat.Entry, error) {
	if err := g.o.Mail.Ready(ctx, ws); err != nil {
		return chat.Entry{}, err
	}
	var err error
	if t.Email, err = g.transcriptTo(ctx, ws, conv, t.Email); err != nil {
		return chat.Entry{}, err
	}
	if t.Zone = clean(t.Zone); t.Zone != "" {
		if _, err := time.LoadLocation(t.Zone); err != nil || len(t.Zone) > 64 {
			t.Zone = "" // a browser that knows another zone than we: the inbox's is near enough
		}
	}
	if !g.limits.transcript(conv.ID, t.Email, by, addr) {
		return chat.Entry{}, chat.Errorf(chat.CodeRateLimited, "Conversations were sent several times just now. Look into the mailbox, or try again later.")
	}
	if err := g.o.Mail.Transcribing(ctx, ws, conv.ID); err != nil {
		return chat.Entry{}, err
	}
	e, err := g.store.Append(ctx, ws, conv.ID, chat.Draft{ClientID: clientID, From: by, Kind: chat.KindTranscript, Text: t.Email, Body: chat.Body{Transcript: &t}})
	if err != nil {
		return chat.Entry{}, err
	}
	return e, g.o.Mail.Transcribing(ctx, ws, conv.ID)
}

// transcriptTo gives the address that a transcript goes to: what was typed, or what is known of the customer.
func (g *Gateway) transcriptTo(ctx context.Context, ws uuid.UUID, conv chat.Conversation, typed string) (string, error) {
	if typed = strings.TrimSpace(clean(typed)); typed != "" {
		return chat.CheckEmail(typed)
	}
	who, err := g.store.Customer(ctx, ws, conv.Customer)
	if err != nil {
		return "", err
	}
	// What was left for the promised answer is newer than what somebody once gave, and older than what was shown to be theirs.
	if !who.Level(g.now()).AtLeast(chat.LevelVouched) && conv.Email != "" {
		return conv.Email, nil
	}
	if who.Email == "" {
		return "", chat.Errorf(chat.CodeInvalid, "No e-mail address is known here. Type the one that it goes to.")
	}
	return who.Email, nil
}

// hint is an address by which its owner knows it, and nobody else: "m…@example.com".
func hint(email string) string {
	name, domain, ok := strings.Cut(email, "@")
	if !ok || name == "" {
		return ""
	}
	first := []rune(name)[:1]
	return string(first) + "…@" + domain
}
