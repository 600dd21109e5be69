// Package mail sends e-mail: what letters look like (letter.go), how they reach
// the mail server (smtp.go), and the queue that has them written and tries
// until the server has taken them (queue.go). It sends and receives nothing
// else: bounces go to the sender's mailbox.
//
// A letter is queued as a kind and an id, and written when it is sent. So a
// text that may not be kept (a code) never lies in the queue, and what was said
// meanwhile can be in the letter, or make it needless.
package mail

import (
	"strings"
	"unicode"

	"frontdesk/chat"
)

// Settings are whom letters come from.
type Settings struct {
	From    string `json:"from"`               // address; "" takes the server's own
	Name    string `json:"name,omitempty"`     // "" takes the letter's brand
	ReplyTo string `json:"reply_to,omitempty"` // where replies go, if not to From
}

// SettingName is under which the store keeps Settings.
const SettingName = "mail"

// Check gives the settings in the form to keep. CodeInvalid.
func (s Settings) Check() (Settings, error) {
	var err error
	for _, a := range []*string{&s.From, &s.ReplyTo} {
		if *a = strings.TrimSpace(*a); *a != "" {
			if *a, err = chat.CheckEmail(*a); err != nil {
				return s, err
			}
		}
	}
	s.Name = oneLine(s.Name)
	if len(s.Name) > 100 {
		return s, chat.Errorf(chat.CodeInvalid, "The sender's name has at most 100 bytes.")
	}
	return s, nil
}

// oneLine is s without control characters, so that it can be no second header.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(s), " ")
}
