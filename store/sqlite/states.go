package sqlite

import (
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

// maxStates bounds the conversations whose state the committer remembers: at
// about 1 KiB each, 4 MiB. More than 4,096 are hardly in use at a time.
const maxStates = 4096

// state is a conversation together with what only this store needs to know.
type state struct {
	rule.Talk
	n int64 // its row
}

// states is what the committer knows of conversations without asking the
// database, which would be a quarter of the time that an append takes. It can
// know, because it alone writes: the folder is locked, and all writes go through
// it. A write takes the state out, and only when it is kept does its new state
// come in; what fails leaves nothing behind.
type states map[chat.Ref]state

// take gives a conversation's state as it is in this transaction. Whoever
// changes it says so by changed.
func (x *tx) take(ws, id uuid.UUID) (state, error) {
	ref := chat.Ref{Workspace: ws, Conversation: id}
	if c, ok := x.c.states[ref]; ok {
		delete(x.c.states, ref)
		return c, nil
	}
	return stateOf(x, ws, id)
}

// changed has others told of c's new state, and remembers it, when this write is kept.
func (x *tx) changed(c state) {
	x.change.state = &c
	x.tell(chat.Signal{Kind: chat.SignalEntry, Workspace: c.Workspace, Conversation: c.ID, Seq: c.LastSeq})
}

// put remembers c.
func (s states) put(c state) {
	if len(s) >= maxStates {
		clear(s)
	}
	s[chat.Ref{Workspace: c.Workspace, Conversation: c.ID}] = c
}
