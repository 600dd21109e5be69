package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"regexp"
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
		before := protocol.InboxRequest{Name: in.Name, Settings: in.Settings, Revision: r.Revision}
		in.Name, in.Settings, in.Revision = r.Name, r.Settings, r.Revision
		if in, err = CheckInbox(in); err != nil {
			return in, err
		}
		r.Settings = in.Settings
		if _, _, _, err := g.desk.Hours(ctx, ws, in); err != nil {
			return in, err
		}
		if in, err = g.store.PutInbox(ctx, ws, in); err == nil {
			auditChange(ctx, before, r)
		}
		return wholeInbox(in), err
	}
	return chat.Inbox{}, chat.Errorf(chat.CodeNotFound, "There is no such inbox.")
}

// wholeInbox has lists where the store has none.
func wholeInbox(in chat.Inbox) chat.Inbox {
	s := &in.Settings
	s.Sites, s.Starters, s.Locales, s.Holidays = list(s.Sites), list(s.Starters), list(s.Locales), list(s.Holidays)
	return in
}

// isOrigin matches an origin as it goes into a content security policy; the
// first label may be a *. There is no room in it for a second directive.
var isOrigin = regexp.MustCompile(`^https?://(\*\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?$`)

// maxEmergency is the longest text for somebody in danger, in bytes.
const maxEmergency = 600

// CheckInbox says what is wrong with an inbox's settings, as CodeInvalid or
// CodeTooLarge, and gives them as they are to be stored.
func CheckInbox(in chat.Inbox) (chat.Inbox, error) {
	s := &in.Settings
	err := checkInbox(in)
	if err == nil {
		s.Survey, err = s.Survey.Check()
	}
	if err == nil {
		s.Appearance, err = checkAppearance(s.Appearance)
	}
	return in, err
}

func checkInbox(in chat.Inbox) error {
	s := in.Settings
	if data, err := json.Marshal(in); err != nil || bytes.Contains(data, []byte(`\u0000`)) {
		return chat.Errorf(chat.CodeInvalid, "A text holds the character U+0000, which cannot be stored.")
	}
	if err := checkColour(s.Colour); err != nil {
		return err
	}
	if _, err := time.LoadLocation(s.Timezone); err != nil {
		return chat.Errorf(chat.CodeInvalid, "There is no time zone %q: use a name such as Europe/Berlin.", s.Timezone)
	}
	if len(s.Emergency) > maxEmergency {
		return chat.Errorf(chat.CodeInvalid, "The words at danger are %d bytes long; at most %d are read by somebody in need.", len(s.Emergency), maxEmergency)
	}
	if s.Answering != "" && s.Answering != chat.AnswerThreshold && s.Answering != chat.AnswerEarned {
		return chat.Errorf(chat.CodeInvalid, "An inbox answers by threshold or earned, not by %q.", s.Answering)
	}
	if len(s.Starters) > 3 {
		return chat.Errorf(chat.CodeInvalid, "An inbox has at most 3 questions to begin with.")
	}
	if err := checkProactive(s.Proactive); err != nil {
		return err
	}
	for _, site := range s.Sites {
		if !isOrigin.MatchString(site) {
			return chat.Errorf(chat.CodeInvalid, "The site %q is not an origin such as https://shop.example (no path, no slash at the end).", site)
		}
	}
	return nil
}
