package gateway

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// inboxOps are an inbox's settings.
func (g *Gateway) inboxOps(a huma.API) {
	op(g, a, route{http.MethodPut, "/inboxes/{id}", "putInbox", "Change an inbox", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Body protocol.InboxRequest
		}) (chat.Inbox, error) {
			return g.putInbox(ctx, who.workspace.ID, in.ID, in.Body)
		})
}

func (g *Gateway) putInbox(ctx context.Context, ws, id uuid.UUID, r protocol.InboxRequest) (chat.Inbox, error) {
	all, err := g.store.Inboxes(ctx, ws)
	if err != nil {
		return chat.Inbox{}, err
	}
	for _, in := range all {
		if in.ID != id {
			continue
		}
		in.Name, in.Settings = r.Name, r.Settings
		if err := CheckInbox(in); err != nil {
			return in, err
		}
		return g.store.PutInbox(ctx, ws, in)
	}
	return chat.Inbox{}, chat.Errorf(chat.CodeNotFound, "There is no such inbox.")
}

// CheckInbox says what is wrong with an inbox's settings, as CodeInvalid.
func CheckInbox(in chat.Inbox) error {
	s := in.Settings
	if s.Colour != "" && !isColour(s.Colour) {
		return chat.Errorf(chat.CodeInvalid, "The colour %q is not of the form #rrggbb.", s.Colour)
	}
	if _, err := time.LoadLocation(s.Timezone); err != nil {
		return chat.Errorf(chat.CodeInvalid, "There is no time zone %q: use a name such as Europe/Berlin.", s.Timezone)
	}
	if len(s.Starters) > 3 {
		return chat.Errorf(chat.CodeInvalid, "An inbox has at most 3 questions to begin with.")
	}
	for _, site := range s.Sites {
		u, err := url.Parse(site)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil {
			return chat.Errorf(chat.CodeInvalid, "The site %q is not an origin such as https://shop.example (no path, no slash at the end).", site)
		}
	}
	return nil
}
