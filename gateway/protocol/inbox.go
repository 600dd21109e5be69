package protocol

import "frontdesk/chat"

// InboxRequest is the body of PUT /api/v1/inboxes/{id}: the whole of what may
// be set. The answer is the chat.Inbox.
type InboxRequest struct {
	Name     string             `json:"name" minLength:"1" maxLength:"80"`
	Settings chat.InboxSettings `json:"settings"`
	// Revision is the one that was changed: "stale" if there is a newer one by now. Without it the change overrides
	// whatever there is.
	Revision int `json:"revision,omitempty"`
}

// BrandColours are the answer of GET /api/v1/brand: the colours that are
// computed from a brand colour for each theme, and the style sheet of them.
type BrandColours struct {
	Light AccentColours `json:"light"`
	Dark  AccentColours `json:"dark"`
	Sheet string        `json:"sheet"`
}

// AccentColours are the colours of one theme, as "#rrggbb", and the contrast
// (WCAG 2.2, 1 to 21) that results: of words on a button, and of words and of
// shapes in the accent on what lies behind them.
type AccentColours struct {
	Accent       string  `json:"accent"`
	Hover        string  `json:"hover"`
	OnAccent     string  `json:"on_accent"`
	Line         string  `json:"line"`
	Text         string  `json:"text"`
	Subtle       string  `json:"subtle"`
	OnAccentRate float64 `json:"on_accent_contrast"`
	TextRate     float64 `json:"text_contrast"`
	LineRate     float64 `json:"line_contrast"`
}
