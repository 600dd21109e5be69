package gateway

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// voiceOps are how the bot of an inbox speaks: its style and its prompts.
func (g *Gateway) voiceOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/inboxes/{id}/style", "getStyle", "How the bot of an inbox speaks", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *ByID) (chat.StyleState, error) {
			if err := g.hasInbox(ctx, who.workspace.ID, in.ID); err != nil {
				return chat.StyleState{}, err
			}
			return g.o.Voice.Style(ctx, who.workspace.ID, in.ID)
		})
	op(g, a, route{http.MethodPut, "/inboxes/{id}/style", "putStyle", "Set how the bot of an inbox speaks", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Body protocol.StyleRequest
		}) (chat.StyleState, error) {
			if err := g.hasInbox(ctx, who.workspace.ID, in.ID); err != nil {
				return chat.StyleState{}, err
			}
			return g.o.Voice.PutStyle(ctx, who.workspace.ID, in.ID, in.Body.Revision, cleanStyle(in.Body.Style), who.user.ID)
		})
	op(g, a, route{http.MethodGet, "/inboxes/{id}/prompts", "listPrompts", "The prompts of an inbox, as they are and as they are by default", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *ByID) (chat.PromptBook, error) {
			if err := g.hasInbox(ctx, who.workspace.ID, in.ID); err != nil {
				return chat.PromptBook{}, err
			}
			return g.o.Voice.Prompts(ctx, who.workspace.ID, in.ID)
		})
	op(g, a, route{http.MethodPut, "/inboxes/{id}/prompts/{name}/draft", "putPromptDraft", "Keep instructions as the draft of a prompt", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *struct {
			ByPrompt
			Body protocol.PromptDraftRequest
		}) (chat.PromptBook, error) {
			if err := g.hasInbox(ctx, who.workspace.ID, in.ID); err != nil {
				return chat.PromptBook{}, err
			}
			return g.o.Voice.PutDraft(ctx, who.workspace.ID, in.ID, in.Body.Revision, clean(in.Name), clean(in.Body.Text), who.user.ID)
		})
	op(g, a, route{http.MethodPost, "/inboxes/{id}/prompts/{name}/live", "promptLive", "Use the draft of a prompt from now on", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *struct {
			ByPrompt
			Body protocol.PromptLiveRequest
		}) (chat.PromptBook, error) {
			if err := g.hasInbox(ctx, who.workspace.ID, in.ID); err != nil {
				return chat.PromptBook{}, err
			}
			return g.o.Voice.GoLive(ctx, who.workspace.ID, in.ID, in.Body.Revision, clean(in.Name), who.user.ID)
		})
	op(g, a, route{http.MethodPost, "/inboxes/{id}/prompts/{name}/restore", "restorePrompt", "Go back to what a prompt was", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *struct {
			ByPrompt
			Body protocol.PromptRestoreRequest
		}) (chat.PromptBook, error) {
			if err := g.hasInbox(ctx, who.workspace.ID, in.ID); err != nil {
				return chat.PromptBook{}, err
			}
			return g.o.Voice.Restore(ctx, who.workspace.ID, in.ID, in.Body.Revision, clean(in.Name), in.Body.From, who.user.ID)
		})
	op(g, a, route{http.MethodPost, "/inboxes/{id}/prompts/{name}/try", "tryPrompt", "Try instructions beside those that are live, before they go live", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *struct {
			ByPrompt
			Body protocol.PromptTryRequest
		}) (chat.PromptTrials, error) {
			if err := g.hasInbox(ctx, who.workspace.ID, in.ID); err != nil {
				return chat.PromptTrials{}, err
			}
			return g.o.Voice.Try(ctx, who.workspace.ID, in.ID, clean(in.Name), clean(in.Body.Text), in.Body.Questions)
		})
	op(g, a, route{http.MethodGet, "/inboxes/{id}/voice/history", "voiceHistory", "Who changed what of an inbox's style and prompts, newest first", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *ByID) (protocol.VoiceHistory, error) {
			if err := g.hasInbox(ctx, who.workspace.ID, in.ID); err != nil {
				return protocol.VoiceHistory{}, err
			}
			changes, err := g.o.Voice.History(ctx, who.workspace.ID, in.ID)
			return protocol.VoiceHistory{Data: list(changes)}, err
		})
}

// ByPrompt is the address of a prompt of an inbox. It is exported for huma, see ByID.
type ByPrompt struct {
	ByID
	Name string `path:"name" maxLength:"40"`
}

// hasInbox says CodeNotFound of an inbox that the workspace has not.
func (g *Gateway) hasInbox(ctx context.Context, ws, id uuid.UUID) error {
	all, err := g.store.Inboxes(ctx, ws)
	if err == nil && !slices.ContainsFunc(all, func(in chat.Inbox) bool { return in.ID == id }) {
		err = chat.Errorf(chat.CodeNotFound, "There is no such inbox.")
	}
	return err
}

// cleanStyle takes out of all texts what databases do not store.
func cleanStyle(s chat.Style) chat.Style {
	s.Name, s.SignOff = clean(s.Name), clean(s.SignOff)
	for i := range s.OffLimits {
		o := &s.OffLimits[i]
		o.Name, o.Answer = clean(o.Name), clean(o.Answer)
		for j := range o.Phrases {
			o.Phrases[j] = clean(o.Phrases[j])
		}
	}
	return s
}
