package openai

import (
	"context"
	"errors"
	"log/slog"

	goopenai "github.com/sashabaranov/go-openai"

	"frontdesk/chat"
)

// Moderator asks an endpoint's /moderations whether a text breaks its rules.
// Make it with NewModerator.
type Moderator struct {
	client *goopenai.Client
	model  string
}

// NewModerator makes a Moderator; it asks nothing yet. Of the endpoint only
// address, key and model count. CodeInvalid says what is wrong.
func NewModerator(at Endpoint) (*Moderator, error) {
	if at.Model == "" {
		at.Model = goopenai.ModerationOmniLatest
	}
	at, err := at.defaults()
	if err != nil {
		return nil, err
	}
	k, err := newKey(at.Key, at.KeyFile)
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "moderation: %w", err)
	}
	t, err := newTransport(route{}, k, slog.Default().With("endpoint", at.Name))
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "moderation: %w", err)
	}
	cfg := goopenai.DefaultConfig("") // the transport adds the key
	cfg.BaseURL, cfg.HTTPClient = at.BaseURL, t
	return &Moderator{client: goopenai.NewClientWithConfig(cfg), model: at.Model}, nil
}

// Flagged reports whether a text breaks the rules. A server of one's own may
// stand behind the address: it gets {"input", "model"} and answers
// {"results": [{"flagged": true}]}.
func (m *Moderator) Flagged(ctx context.Context, text string) (bool, error) {
	resp, err := m.client.Moderations(ctx, goopenai.ModerationRequest{Input: text, Model: m.model})
	if err != nil {
		return false, err
	}
	if len(resp.Results) == 0 {
		return false, errors.New("moderation: the reply has no results")
	}
	for _, r := range resp.Results {
		if r.Flagged {
			return true, nil
		}
	}
	return false, nil
}
