package main

import (
	"frontdesk/bot"
	"frontdesk/llm/openai"
)

// moderator gives who looks at messages before they are answered, nil if the
// settings name nobody.
func (s *Settings) moderator() (bot.Moderator, error) {
	if s.ModerationURL == "" {
		return nil, nil
	}
	return openai.NewModerator(openai.Endpoint{BaseURL: s.ModerationURL, Key: s.ModerationKey, Model: s.ModerationModel})
}
