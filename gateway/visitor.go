package gateway

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// asksForPrivacy reports whether a browser asks not to be tracked: by Do Not
// Track or Global Privacy Control.
func asksForPrivacy(h http.Header) bool {
	return h.Get("DNT") == "1" || h.Get("Sec-GPC") == "1"
}

// track lets one of the frames through with which a page says what it knows of
// its customer.
func (h *customer) track() error {
	switch {
	case !h.srv.limits.track(h.auth.customer):
		return chat.Errorf(chat.CodeRateLimited, "Too many: 40 of context, event, visit and consent a minute are taken. Send what helps to answer.")
	case h.auth.only != uuid.Nil:
		return chat.Errorf(chat.CodeForbidden, "Whoever came by a link from an e-mail is not known beyond that conversation: nothing is kept.")
	}
	return nil
}

// tracked answers what track let through.
func (h *customer) tracked(c *conn, f protocol.Frame, err error) error {
	if err == nil && f.ID != "" {
		c.reply("ack", f.ID, protocol.Ack{})
	}
	return err
}

func (h *customer) consent(ctx context.Context, c *conn, f protocol.Frame, d protocol.SetConsent) error {
	err := h.track()
	if err == nil && d.Given && h.auth.private {
		err = errPrivate()
	}
	if err == nil {
		err = h.srv.store.SetConsent(ctx, h.auth.workspace, h.auth.customer, d.Given)
	}
	return h.tracked(c, f, err)
}

func errPrivate() error {
	return chat.Errorf(chat.CodeForbidden, "This browser asks not to be tracked (Do Not Track, or Global Privacy Control): nothing is kept.")
}

// say is track for what a browser may ask not to be kept.
func (h *customer) say() error {
	if err := h.track(); err != nil || !h.auth.private {
		return err
	}
	return errPrivate()
}

func (h *customer) context(ctx context.Context, c *conn, f protocol.Frame, d protocol.SetContext) error {
	err := h.say()
	if err == nil {
		err = h.srv.store.SetAttributes(ctx, h.auth.workspace, h.auth.inbox, h.auth.customer, d.Attributes)
	}
	return h.tracked(c, f, err)
}

func (h *customer) event(ctx context.Context, c *conn, f protocol.Frame, d protocol.TrackEvent) error {
	return h.did(ctx, c, f, chat.Activity{Kind: chat.ActivityEvent, Name: d.Name, Props: d.Properties})
}

func (h *customer) visit(ctx context.Context, c *conn, f protocol.Frame, d protocol.TrackVisit) error {
	page, err := checkPage(d.Page)
	if err != nil {
		return err
	}
	return h.did(ctx, c, f, chat.Activity{Kind: chat.ActivityVisit, Page: page})
}

func (h *customer) did(ctx context.Context, c *conn, f protocol.Frame, a chat.Activity) error {
	err := h.say()
	if err == nil {
		_, err = h.srv.store.AddActivity(ctx, h.auth.workspace, h.auth.inbox, h.auth.customer, a)
	}
	return h.tracked(c, f, err)
}

// where gives the page that a conversation begins on, empty where the inbox
// asks for consent and the customer has not given it, or the browser asks not
// to be tracked.
func (h *customer) where(ctx context.Context, page chat.Page) (chat.Page, error) {
	page, err := checkPage(page)
	if err != nil || page == (chat.Page{}) {
		return page, err
	}
	if h.auth.private {
		return chat.Page{}, nil
	}
	all, err := h.srv.store.Inboxes(ctx, h.auth.workspace)
	for _, in := range all {
		if in.ID != h.auth.inbox || !in.Settings.Privacy.Consent {
			continue
		}
		who, err := h.srv.store.Customer(ctx, h.auth.workspace, h.auth.customer)
		if err != nil || who.ConsentedAt.IsZero() {
			return chat.Page{}, err
		}
	}
	return page, err
}

// visitorOps are what is known of customers, as the staff sees it.
func (g *Gateway) visitorOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/customers/{id}/activity", "listActivity", "What a customer did on the website: the newest 100 visits and events of 90 days", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *ByID) (protocol.ActivityList, error) {
			if _, err := g.store.Customer(ctx, who.workspace.ID, in.ID); err != nil {
				return protocol.ActivityList{}, err
			}
			all, err := g.store.Activity(ctx, who.workspace.ID, in.ID)
			return protocol.ActivityList{Data: list(all)}, err
		})
}
