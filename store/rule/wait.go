package rule

import (
	"time"

	"frontdesk/chat"
)

// Told gives what a move's notice tells of the wait that begins with it; begins
// is false if t does not make c wait, or it waited before.
func Told(before, after chat.Conversation, t chat.Transition) (told chat.Told, begins bool) {
	if !before.Waiting.IsZero() || after.Waiting.IsZero() {
		return chat.Told{}, false
	}
	for _, d := range t.Entries {
		if n := d.Body.Notice; n != nil && n.Kind == chat.NoticeQueued {
			return chat.Told{Place: n.Place, MinWait: n.MinWait, MaxWait: n.MaxWait}, true
		}
	}
	return chat.Told{}, true
}

// Waited gives how long c has waited in the queue, if t is a claim.
func (c *Talk) Waited(t chat.Transition, now time.Time) (waited time.Duration, claim bool) {
	if c.Waiting.IsZero() || t.To != chat.OwnerAgent {
		return 0, false
	}
	return now.Sub(c.Waiting), true
}
