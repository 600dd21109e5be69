package storetest

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store"
)

var tenancyCases = []testCase{
	{"EnsureWorkspace gives the oldest", func(t *testing.T, w *world) {
		ws, inbox, err := w.EnsureWorkspace(w.ctx, "another name", chat.Inbox{Key: "another key"})
		check(t, err)
		if ws.ID != w.ws || ws.Name != "mine" || inbox.ID != w.inbox.ID || inbox.Key != "key-mine" {
			t.Errorf("got workspace %+v, inbox %+v; want the first ones", ws, inbox)
		}
		if inbox.Workspace != w.ws || !ws.CreatedAt.Equal(w.clock.time()) {
			t.Errorf("inbox in %v, workspace made at %v", inbox.Workspace, ws.CreatedAt)
		}
	}},
	{"EnsureWorkspace at once makes one", ensureAtOnce},
	{"Workspaces oldest first", func(t *testing.T, w *world) {
		w.clock.advance(time.Second)
		third := must(w.CreateWorkspace(w.ctx, "third"))(t)
		w.reopen()
		var names []string
		all := must(w.Workspaces(w.ctx))(t)
		for _, ws := range all {
			names = append(names, ws.Name)
		}
		equal(t, "names", names, []string{"mine", "beside", "third"})
		equal(t, "the third", all[2], third)
	}},
	{"inboxes", inboxes},
	{"a secret is made once", func(t *testing.T, w *world) {
		first := must(w.Secret(w.ctx, w.ws, "signing"))(t)
		if len(first) != 32 || bytes.Equal(first, make([]byte, 32)) {
			t.Fatalf("secret %x: want 32 random bytes", first)
		}
		w.reopen()
		equal(t, "after reopening", must(w.Secret(w.ctx, w.ws, "signing"))(t), first)
		if other := must(w.Secret(w.ctx, w.ws, "cookies"))(t); bytes.Equal(other, first) {
			t.Error("two names have the same secret")
		}
		if beside := must(w.Secret(w.ctx, w.beside, "signing"))(t); bytes.Equal(beside, first) {
			t.Error("two workspaces have the same secret")
		}
	}},
	{"a secret is the same for concurrent first use", func(t *testing.T, w *world) {
		var (
			mu   sync.Mutex
			seen = map[string]int{}
		)
		check(t, together(20, func(int) error {
			b, err := w.Secret(w.ctx, w.ws, "raced")
			mu.Lock()
			defer mu.Unlock()
			seen[string(b)]++
			return err
		}))
		if len(seen) != 1 {
			t.Errorf("%d different secrets", len(seen))
		}
	}},
	{"a workspace that does not exist", func(t *testing.T, w *world) {
		nowhere := uuid.New()
		_, err := w.Secret(w.ctx, nowhere, "signing")
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.PutInbox(w.ctx, nowhere, chat.Inbox{Key: "x"})
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.CreateCustomer(w.ctx, nowhere, chat.Customer{})
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.CreateUser(w.ctx, nowhere, chat.User{Email: "x@example.com", Role: chat.RoleAgent})
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.CreateOwner(w.ctx, nowhere, chat.User{Email: "x@example.com"})
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.InboxHead(w.ctx, nowhere)
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.Append(w.ctx, nowhere, id("talk"), customerSays("x", "x"))
		wantCode(t, err, chat.CodeNotFound)
		equal(t, "inboxes", must(w.Inboxes(w.ctx, nowhere))(t), []chat.Inbox(nil))
		equal(t, "users", must(w.Users(w.ctx, nowhere))(t), []chat.User(nil))
	}},
}

// ensureAtOnce starts on data without any workspace, as two nodes would.
func ensureAtOnce(t *testing.T, w *world) {
	address := w.backend.New(t)
	s, err := w.backend.Open(w.ctx, address, store.Options{Now: w.clock.Now})
	check(t, err)
	defer func() { check(t, s.Close()) }()
	var (
		mu   sync.Mutex
		seen = map[[2]uuid.UUID]bool{}
	)
	check(t, together(20, func(i int) error {
		ws, inbox, err := s.EnsureWorkspace(w.ctx, fmt.Sprint("name ", i), chat.Inbox{Key: fmt.Sprint("key ", i)})
		mu.Lock()
		defer mu.Unlock()
		seen[[2]uuid.UUID{ws.ID, inbox.ID}] = true
		return err
	}))
	if len(seen) != 1 {
		t.Errorf("%d different workspaces or inboxes", len(seen))
	}
	if all := must(s.Workspaces(w.ctx))(t); len(all) != 1 {
		t.Errorf("%d workspaces stored", len(all))
	}
}

func inboxes(t *testing.T, w *world) {
	in := chat.Inbox{ID: id("second inbox"), Key: "key-second", Name: "Shop", Settings: chat.InboxSettings{
		Sites: []string{"https://shop.example"}, Brand: "Shop", Starters: []string{"Where is my order?"},
		Locales: []string{"de", "en"}, Timezone: "Europe/Berlin",
	}}
	in.Settings.Hours[1].Open, in.Settings.Hours[1].Close = "09:00", "17:00"
	w.clock.advance(time.Second)
	made := must(w.PutInbox(w.ctx, w.ws, in))(t)
	in.Workspace, in.CreatedAt, in.Revision = w.ws, w.clock.time(), 1
	equal(t, "made", made, in)

	w.clock.advance(time.Second)
	in.Name, in.Key = "Shop 2", "key-changed"
	changed := must(w.PutInbox(w.ctx, w.ws, in))(t)
	_, err := w.PutInbox(w.ctx, w.ws, in)
	wantCode(t, err, chat.CodeStale)
	in.Revision = 2
	equal(t, "changed", changed, in)
	in.Revision = 0
	changed, in.Revision = must(w.PutInbox(w.ctx, w.ws, in))(t), 3
	equal(t, "changed whatever happened since", changed, in)
	w.reopen()
	equal(t, "oldest first", must(w.Inboxes(w.ctx, w.ws))(t), []chat.Inbox{w.inbox, in})
	equal(t, "by key", must(w.InboxByKey(w.ctx, "key-changed"))(t), in)
	if beside := must(w.InboxByKey(w.ctx, "key-beside"))(t); beside.Workspace != w.beside {
		t.Errorf("the key of the workspace beside leads to %v", beside.Workspace)
	}
	_, err = w.InboxByKey(w.ctx, "key-second")
	wantCode(t, err, chat.CodeNotFound)

	for _, taken := range []string{"key-mine", "key-beside"} {
		_, err = w.PutInbox(w.ctx, w.ws, chat.Inbox{ID: id("third inbox"), Key: taken})
		wantCode(t, err, chat.CodeConflict)
		in.Key = taken
		_, err = w.PutInbox(w.ctx, w.ws, in)
		wantCode(t, err, chat.CodeConflict)
	}
	_, err = w.PutInbox(w.ctx, w.ws, chat.Inbox{ID: id("third inbox")})
	wantCode(t, err, chat.CodeInvalid)

	fresh := must(w.PutInbox(w.ctx, w.ws, chat.Inbox{Key: "key-fresh"}))(t)
	if fresh.ID == uuid.Nil {
		t.Error("a zero id was kept")
	}
}
