package gateway

import (
	"cmp"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// How long a sign counts. A console says every 20 s that its agent still looks
// at a conversation (two missed and a margin), and at most every 3 s that she
// writes to the customer (see protocol.TypingOn).
const (
	watchLasts   = 45 * time.Second
	writingLasts = 6 * time.Second
)

// watchers knows which of the staff look at a conversation now, and who of them
// writes to its customer, so that two do not answer at once. What consoles say
// goes over the bus, so every node knows of all; nothing of it is stored, and
// what is not said again is over by itself.
type watchers struct {
	srv *Gateway

	mu   sync.Mutex
	seen map[chat.Ref]map[uuid.UUID]watcher // by connection: one person may have two tabs
}

type watcher struct {
	who            chat.Sender
	until, writing time.Time
}

// watchSignal is the Data of a SignalWatch.
type watchSignal struct {
	Conn  uuid.UUID   `json:"conn"`
	Who   chat.Sender `json:"who"`
	State watchState  `json:"state"`
}

type watchState string

const (
	watchLooks  watchState = "looks"
	watchWrites watchState = "writes"
	watchGone   watchState = "gone"
)

func newWatchers(srv *Gateway) *watchers {
	return &watchers{srv: srv, seen: map[chat.Ref]map[uuid.UUID]watcher{}}
}

// say tells all nodes what a connection's person does with a conversation.
func (w *watchers) say(ref chat.Ref, conn uuid.UUID, who chat.Sender, state watchState) {
	data, err := json.Marshal(watchSignal{conn, who, state})
	if err != nil {
		w.srv.log.Error("gateway: encode watch", "err", err)
		return
	}
	w.srv.bus.Publish(chat.Signal{Kind: chat.SignalWatch, Workspace: ref.Workspace, Conversation: ref.Conversation, Data: data})
}

// take notes what a connection, of this node or another, has said.
func (w *watchers) take(ref chat.Ref, data []byte) {
	var s watchSignal
	if json.Unmarshal(data, &s) != nil {
		return // of a node with another version
	}
	now := w.srv.now()
	w.change(ref, now, func(here map[uuid.UUID]watcher) {
		it := watcher{who: s.Who, until: now.Add(watchLasts), writing: here[s.Conn].writing}
		switch s.State {
		case watchGone:
			delete(here, s.Conn)
			return
		case watchWrites:
			it.writing = now.Add(writingLasts)
		case watchLooks:
		}
		here[s.Conn] = it
	})
}

// sweep forgets what was not said again.
func (w *watchers) sweep(now time.Time) {
	w.mu.Lock()
	refs := make([]chat.Ref, 0, len(w.seen))
	for ref := range w.seen {
		refs = append(refs, ref)
	}
	w.mu.Unlock()
	for _, ref := range refs {
		w.change(ref, now, func(here map[uuid.UUID]watcher) {
			for conn, it := range here {
				switch {
				case !it.until.After(now):
					delete(here, conn)
				case !it.writing.After(now):
					it.writing = time.Time{}
					here[conn] = it
				}
			}
		})
	}
}

// change changes who watches a conversation, and tells its followers if that
// makes a difference to them.
func (w *watchers) change(ref chat.Ref, now time.Time, fn func(map[uuid.UUID]watcher)) {
	w.mu.Lock()
	here := w.seen[ref]
	if here == nil {
		here = map[uuid.UUID]watcher{}
	}
	before := peopleOf(here)
	fn(here)
	after := peopleOf(here)
	if len(here) > 0 {
		w.seen[ref] = here
	} else {
		delete(w.seen, ref)
	}
	w.mu.Unlock()
	if slices.Equal(before, after) {
		return
	}
	if frame, err := protocol.Encode("watchers", "", protocol.Watchers{Conversation: ref.Conversation, Agents: after}); err == nil {
		w.srv.hub.relay(ref, frame, isStaff)
	}
}

// tell tells a connection who watches a conversation now, if anybody does.
func (w *watchers) tell(c *conn, ref chat.Ref) {
	w.mu.Lock()
	people := peopleOf(w.seen[ref])
	w.mu.Unlock()
	if len(people) > 0 {
		c.reply("watchers", "", protocol.Watchers{Conversation: ref.Conversation, Agents: people})
	}
}

// peopleOf gives each person once, by name.
func peopleOf(here map[uuid.UUID]watcher) []protocol.Watcher {
	people := []protocol.Watcher{}
	for _, it := range here {
		writes := !it.writing.IsZero()
		if i := slices.IndexFunc(people, func(p protocol.Watcher) bool { return p.ID == it.who.ID }); i >= 0 {
			people[i].Writing = people[i].Writing || writes
			continue
		}
		people = append(people, protocol.Watcher{ID: it.who.ID, Name: it.who.Name, Writing: writes})
	}
	slices.SortFunc(people, func(a, b protocol.Watcher) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID.String(), b.ID.String()))
	})
	return people
}

// mentionSignal is the Data of a SignalMention.
type mentionSignal struct {
	Users []uuid.UUID      `json:"users"`
	Note  protocol.Mention `json:"note"`
}

// tellMentioned tells the consoles of those whom a note mentions, on every node.
func (g *Gateway) tellMentioned(ws uuid.UUID, e chat.Entry) {
	data, err := json.Marshal(mentionSignal{e.Mentions, protocol.Mention{Conversation: e.Conversation, Seq: e.Seq, From: e.From, Text: cutBytes(e.Text, 200)}})
	if err != nil {
		g.log.Error("gateway: encode mention", "err", err)
		return
	}
	g.bus.Publish(chat.Signal{Kind: chat.SignalMention, Workspace: ws, Conversation: e.Conversation, Data: data})
}

func (g *Gateway) takeMention(ws uuid.UUID, data []byte) {
	var s mentionSignal
	if json.Unmarshal(data, &s) != nil {
		return
	}
	frame, err := protocol.Encode("mention", "", s.Note)
	if err != nil {
		return
	}
	for _, c := range g.hub.consoles(ws) {
		if h, ok := c.h.(*console); ok && slices.Contains(s.Users, h.who) {
			c.send(frame)
		}
	}
}
