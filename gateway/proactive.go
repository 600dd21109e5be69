package gateway

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// This file holds what the widget says by itself: which of an inbox's messages a visitor may see is for the widget to
// tell, which knows the page; here they are checked, given out, counted, and put into the log when they are answered.

// openerStore counts proactive messages.
type openerStore interface {
	CountOpener(ctx context.Context, ws, inbox uuid.UUID, add chat.OpenerCount) error
	OpenerCounts(ctx context.Context, ws, inbox uuid.UUID, days int) ([]chat.OpenerCount, error)
}

// The limits of a proactive message: what fits into a small bubble, and an hour.
const (
	maxOpenerText  = 200 // characters
	maxOpenerAfter = 3600
	maxOpenerDays  = 365
	maxOpenerWords = 20 // patterns, and languages
	maxPattern     = 300
)

// checkProactive says what is wrong with an inbox's proactive messages, as CodeInvalid.
func checkProactive(rules []chat.ProactiveRule) error {
	if len(rules) > chat.MaxProactive {
		return chat.Errorf(chat.CodeInvalid, "An inbox has at most %d proactive messages.", chat.MaxProactive)
	}
	var ids []string
	for _, r := range rules {
		long := func(s string) bool { return s == "" || len(s) > maxPattern }
		switch {
		case r.ID == "" || len(r.ID) > 40 || slices.Contains(ids, r.ID):
			return chat.Errorf(chat.CodeInvalid, "Each proactive message needs an id of its own, of at most 40 bytes.")
		case strings.TrimSpace(r.Text) == "":
			return chat.Errorf(chat.CodeInvalid, "A proactive message has no text.")
		case len([]rune(r.Text)) > maxOpenerText:
			return chat.Errorf(chat.CodeInvalid, "The proactive message %q is longer than %d characters: nobody reads more in a bubble.", cutBytes(r.Text, 40)+"…", maxOpenerText)
		case r.After < 0 || r.After > maxOpenerAfter:
			return chat.Errorf(chat.CodeInvalid, "A proactive message waits 0 to %d seconds.", maxOpenerAfter)
		case r.EveryDays < 0 || r.EveryDays > maxOpenerDays:
			return chat.Errorf(chat.CodeInvalid, "A proactive message comes again after at most %d days.", maxOpenerDays)
		case len(r.Pages) > maxOpenerWords || len(r.Locales) > maxOpenerWords || slices.ContainsFunc(slices.Concat(r.Pages, r.Locales), long):
			return chat.Errorf(chat.CodeInvalid, "A proactive message has at most %d pages and languages, none of them empty.", maxOpenerWords)
		}
		ids = append(ids, r.ID)
	}
	return nil
}

// proactive are the messages that an inbox's widget may show.
func proactive(in chat.Inbox) []chat.ProactiveRule {
	return slices.DeleteFunc(slices.Clone(in.Settings.Proactive), func(r chat.ProactiveRule) bool { return r.Off })
}

// rule gives the message of an inbox that a client names, if it is switched on.
func openerOf(in chat.Inbox, id string) (chat.ProactiveRule, bool) {
	rules := proactive(in)
	i := slices.IndexFunc(rules, func(r chat.ProactiveRule) bool { return r.ID == id })
	if i < 0 {
		return chat.ProactiveRule{}, false
	}
	return rules[i], true
}

// handleOpenerSeen answers POST /v1/proactive: it counts, and keeps nothing of who it was.
func (g *Gateway) handleOpenerSeen(w http.ResponseWriter, r *http.Request) {
	addr := g.clientIP(r)
	handle(g, w, r, func(ctx context.Context, q protocol.OpenerSeen) (done, error) {
		if !g.limits.from("opener", addr, perAddressSessions, 1) {
			return done{}, chat.Errorf(chat.CodeRateLimited, "Too many from this address. Wait a minute.")
		}
		in, err := g.inbox(ctx, q.Inbox)
		if err != nil {
			return done{}, err
		}
		if _, ok := openerOf(in, q.Rule); !ok || q.What != "shown" && q.What != "opened" {
			return done{}, chat.Errorf(chat.CodeInvalid, "There is no such message.")
		}
		g.countOpener(ctx, in, q.Rule, q.What)
		return done{true}, nil
	})
}

// countOpener notes what became of a message. A count that is lost is not worth an error.
func (g *Gateway) countOpener(ctx context.Context, in chat.Inbox, rule, what string) {
	g.metrics.openers.WithLabelValues(what).Inc()
	add := chat.OpenerCount{Rule: rule}
	switch what {
	case "shown":
		add.Shown = 1
	case "opened":
		add.Opened = 1
	case "answered":
		add.Answered = 1
	}
	if err := g.store.CountOpener(ctx, in.Workspace, in.ID, add); err != nil {
		g.log.Warn("gateway: a proactive message was not counted", "inbox", in.ID, "err", err)
	}
}

// opened puts the words that a customer answers before her first message. It is harmless to do it twice: their id
// stands for the conversation and the rule.
func (h *customer) opened(ctx context.Context, d protocol.Send) error {
	ref := chat.Ref{Workspace: h.auth.workspace, Conversation: d.Conversation}
	c, err := h.srv.store.Conversation(ctx, ref.Workspace, ref.Conversation)
	if err != nil || c.LastSeq > 0 {
		return err
	}
	in, err := h.srv.inboxByID(ctx, ref.Workspace, h.auth.inbox)
	if err != nil {
		return err
	}
	rule, ok := openerOf(in, d.Opener)
	if !ok {
		return nil // it was taken away meanwhile: what she writes counts all the same
	}
	_, err = h.srv.store.Append(ctx, ref.Workspace, ref.Conversation, chat.Draft{ClientID: uuid.NewSHA1(d.Conversation, []byte("opener "+rule.ID)),
		From: chat.Sender{Kind: chat.PartySystem}, Kind: chat.KindNotice, Text: rule.Text, Body: chat.Body{Notice: &chat.Notice{Kind: chat.NoticeOpener}}})
	if err == nil {
		h.srv.countOpener(ctx, in, rule.ID, "answered")
	}
	return err
}

// inboxByID finds an inbox of a workspace. CodeNotFound.
func (g *Gateway) inboxByID(ctx context.Context, ws, id uuid.UUID) (chat.Inbox, error) {
	all, err := g.store.Inboxes(ctx, ws)
	if err != nil {
		return chat.Inbox{}, err
	}
	for _, in := range all {
		if in.ID == id {
			return in, nil
		}
	}
	return chat.Inbox{}, chat.Errorf(chat.CodeNotFound, "There is no such inbox.")
}

// openerDays is how many days the console shows the counts of.
const openerDays = 30

// proactiveOps are what the console sees of proactive messages; their rules are the inbox's.
func (g *Gateway) proactiveOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/inboxes/{id}/proactive", "openerCounts", "How often proactive messages were shown, opened and answered in 30 days", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *ByID) (protocol.OpenerList, error) {
			if err := g.hasInbox(ctx, who.workspace.ID, in.ID); err != nil {
				return protocol.OpenerList{}, err
			}
			all, err := g.store.OpenerCounts(ctx, who.workspace.ID, in.ID, openerDays)
			return protocol.OpenerList{Data: list(all)}, err
		})
}

// describeProactive adds the operations that are served without huma's router. Its handlers are never called.
func describeProactive(a huma.API) {
	huma.Register(a, huma.Operation{OperationID: "openerSeen", Method: http.MethodPost, Path: "/v1/proactive", MaxBodyBytes: maxBody,
		Summary: "Count that a visitor saw or opened a proactive message"},
		func(context.Context, *body[protocol.OpenerSeen]) (*body[done], error) {
			return nil, nil
		})
	huma.Register(a, huma.Operation{OperationID: "photo", Method: http.MethodGet, Path: "/v1/photos/{id}", Summary: "An agent's photo: a JPEG of 256 by 256 pixels"},
		func(context.Context, *ByID) (*huma.StreamResponse, error) {
			return nil, nil
		})
}
