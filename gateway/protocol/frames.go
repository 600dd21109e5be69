package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"frontdesk/chat"
)

// Direction groups the frames: who sends them to whom.
type Direction string

// The directions.
const (
	FromCustomer Direction = "ChatClientFrame"
	ToCustomer   Direction = "ChatServerFrame"
	FromConsole  Direction = "ConsoleClientFrame"
	ToConsole    Direction = "ConsoleServerFrame"
)

// Frames lists every frame's type and the Go type of its d, by direction: the
// one table that decoding, documentation and generated types come from.
var Frames = map[Direction]map[string]any{
	FromCustomer: {
		"hello": Hello{}, "send": Send{}, "sync": Sync{}, "typing": TypingOn{}, "read": Read{},
		"request_person": RequestPerson{}, "end": EndConversation{}, "contact": LeaveContact{}, "rate": Rate{}, "confirm": Confirm{},
		"consent": SetConsent{}, "context": SetContext{}, "event": TrackEvent{}, "visit": TrackVisit{},
		"feedback": GiveFeedback{}, "transcript": AskTranscript{},
	},
	ToCustomer: {
		"welcome": Welcome{}, "ack": Ack{}, "entry": chat.Entry{}, "draft": DraftText{}, "draft_end": DraftEnd{},
		"typing": Typing{}, "read": Seen{}, "queue": Queue{}, "error": Error{}, "reset": Reset{}, "drain": Drain{},
		"close": Closed{},
	},
	FromConsole: {
		"subscribe": Subscribe{}, "unsubscribe": Unsubscribe{}, "typing": TypingOn{}, "read": Read{},
		"presence": SetPresence{}, "watch": Watch{},
	},
	ToConsole: {
		"welcome": ConsoleWelcome{}, "entry": chat.Entry{}, "inbox": InboxChanged{}, "presence": PresenceChanged{},
		"draft": DraftText{}, "draft_end": DraftEnd{}, "knowledge": KnowledgeChanged{},
		"watchers": Watchers{}, "mention": Mention{},
		"typing": Typing{}, "read": Seen{}, "error": Error{}, "reset": Reset{}, "drain": Drain{},
	},
}

// Decode reads the envelope of a frame. It fails with CodeTooLarge or
// CodeInvalid, in words for the client's author.
func Decode(data []byte) (Frame, error) {
	if len(data) > MaxFrame {
		return Frame{}, chat.Errorf(chat.CodeTooLarge, "frame has %d bytes, at most %d are allowed", len(data), MaxFrame)
	}
	if !utf8.Valid(data) {
		return Frame{}, chat.Errorf(chat.CodeInvalid, "frame is not valid UTF-8")
	}
	var f Frame
	if err := json.Unmarshal(data, &f); err != nil {
		return Frame{}, chat.Errorf(chat.CodeInvalid, "frame is not a JSON object {t, id, d}: %s", WhatIsWrong(err))
	}
	if f.T == "" {
		return Frame{}, chat.Errorf(chat.CodeInvalid, `frame has no "t"`)
	}
	if len(f.ID) > 64 {
		return Frame{}, chat.Errorf(chat.CodeInvalid, `frame's "id" has more than 64 bytes`)
	}
	return f, nil
}

// Payload reads a frame's d. Unknown fields are ignored.
func Payload[T any](f Frame) (T, error) {
	var v T
	if len(f.D) == 0 || string(f.D) == "null" {
		return v, chat.Errorf(chat.CodeInvalid, "frame %q has no %q", f.T, "d")
	}
	if err := json.Unmarshal(f.D, &v); err != nil {
		return v, chat.Errorf(chat.CodeInvalid, "frame %q: %s", f.T, WhatIsWrong(err))
	}
	return v, nil
}

// WhatIsWrong says what json.Unmarshal found, in the words of JSON and not of Go.
func WhatIsWrong(err error) string {
	var wrong *json.UnmarshalTypeError
	switch {
	case !errors.As(err, &wrong):
		return err.Error()
	case wrong.Field == "":
		return fmt.Sprintf("it is of the wrong type, %s", wrong.Value)
	}
	return fmt.Sprintf("%q is of the wrong type, %s", wrong.Field, wrong.Value)
}

// Encode makes a frame. It fails only for a d that JSON cannot express, which
// is a mistake in the caller.
func Encode(t, id string, d any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(struct {
		T  string `json:"t"`
		ID string `json:"id,omitempty"`
		D  any    `json:"d,omitempty"`
	}{t, id, d}); err != nil {
		return nil, fmt.Errorf("protocol: encode %s: %w", t, err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}
