package main

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/bot/compose"
	"frontdesk/bot/voice"
	"frontdesk/chat"
)

// openVoice makes what keeps the voices of inboxes. model is what answers are
// worded with; its zero value is no model.
func (c *core) openVoice(model compose.Options) *voice.Voice {
	return voice.New(voice.Options{Store: c.store, Decide: c.decide, Asked: c.askedLast, Compose: model, Log: c.log})
}

// style gives how the bot of an inbox speaks.
func (c *core) style(ctx context.Context, ws, inbox uuid.UUID) (chat.Style, error) {
	s, err := c.voice.Style(ctx, ws, inbox)
	return s.Style, err
}

// decide decides a turn with the engine of today.
func (c *core) decide(ctx context.Context, t bot.Turn) (bot.Decision, error) {
	return c.engine.Decide(ctx, t)
}

// askedLast gives the first words of the last conversations of an inbox.
func (c *core) askedLast(ctx context.Context, ws, inbox uuid.UUID, n int) ([]string, error) {
	var out []string
	for _, view := range []chat.View{chat.ViewAll, chat.ViewClosed} {
		page, err := c.store.Conversations(ctx, ws, chat.ConversationQuery{View: view, Limit: 100})
		if err != nil {
			return nil, err
		}
		for _, conv := range page.Conversations {
			asked := strings.TrimSpace(conv.Subject)
			if conv.Inbox == inbox && asked != "" && len(out) < n && !slices.Contains(out, asked) {
				out = append(out, asked)
			}
		}
	}
	return out, nil
}
