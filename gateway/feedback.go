package gateway

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// rate stores what the customer thinks of the conversation.
func (h *customer) rate(ctx context.Context, c *conn, f protocol.Frame, d protocol.Rate) error {
	r := chat.Rating{Kind: d.Kind, Score: d.Score}
	if err := r.Check(); err != nil {
		return err
	}
	var err error
	if r.Comment, err = h.mayJudge(ctx, d.Conversation, d.ClientID, d.Comment); err != nil {
		return err
	}
	return h.append(ctx, c, f, d.Conversation, chat.Draft{ClientID: d.ClientID, From: h.auth.sender(), Kind: chat.KindRating,
		Text: r.Comment, Body: chat.Body{Rating: &r}})
}

// feedback stores whether an answer helped.
func (h *customer) feedback(ctx context.Context, c *conn, f protocol.Frame, d protocol.GiveFeedback) error {
	word := chat.Feedback{Seq: d.Seq, Helpful: d.Helpful, Reason: d.Reason}
	if err := word.Check(); err != nil {
		return err
	}
	var err error
	if word.Comment, err = h.mayJudge(ctx, d.Conversation, d.ClientID, d.Comment); err != nil {
		return err
	}
	if err := h.isAnswer(ctx, d.Conversation, d.Seq); err != nil {
		return err
	}
	return h.append(ctx, c, f, d.Conversation, chat.Draft{ClientID: d.ClientID, From: h.auth.sender(), Kind: chat.KindFeedback,
		Text: word.Comment, Body: chat.Body{Feedback: &word}})
}

// mayJudge does what comes before a verdict of the customer, and gives its comment in the form to keep.
func (h *customer) mayJudge(ctx context.Context, conv, clientID uuid.UUID, comment string) (string, error) {
	if err := checkClientID(clientID); err != nil {
		return "", err
	}
	if err := h.own(ctx, conv); err != nil {
		return "", err
	}
	if err := h.mayWrite(ctx); err != nil {
		return "", err
	}
	comment = strings.TrimSpace(clean(comment))
	if len(comment) > protocol.MaxText {
		return "", chat.Errorf(chat.CodeTooLarge, "The comment is too long: at most %d bytes.", protocol.MaxText)
	}
	return comment, nil
}

// isAnswer checks that the bot answered with an entry. It never changes, so that this holds when the word on it is stored.
func (h *customer) isAnswer(ctx context.Context, conv uuid.UUID, seq int64) error {
	found, err := h.srv.store.Entries(ctx, h.auth.workspace, conv, chat.LogPublic, seq-1, 1)
	if err != nil {
		return err
	}
	if len(found) == 0 || found[0].Seq != seq || found[0].From.Kind != chat.PartyBot ||
		found[0].Answer == nil || found[0].Answer.Action != chat.ActionAnswer {
		return chat.Errorf(chat.CodeInvalid, "Entry %d is no answer of the bot.", seq)
	}
	return nil
}
