package rule

import (
	"encoding/json"

	"frontdesk/chat"
)

// EncodeBody is b in the form in which the stores keep it: JSON, and "" when
// there is nothing in it, as in most messages.
func EncodeBody(b chat.Body) (string, error) {
	if b.Locale == "" && len(b.Blocks) == 0 && b.Answer == nil && len(b.Sources) == 0 && len(b.Mentions) == 0 &&
		b.Card == nil && b.Call == nil && b.Change == nil && b.Notice == nil && b.Contact == nil && b.Rating == nil && b.Feedback == nil && b.Transcript == nil && len(b.Files) == 0 && b.Promise == nil && b.Deed == nil {
		return "", nil
	}
	encoded, err := json.Marshal(b)
	return string(encoded), err
}
