package storetest

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var staffCases = []testCase{
	{"a user", func(t *testing.T, w *world) {
		w.clock.advance(time.Second)
		given := chat.User{ID: id("user zoë"), Email: "Zoë@Example.com", Name: "Zoë", Role: chat.RoleEditor, PasswordHash: "$argon2id$v=19$x"}
		want := given
		want.Email, want.Workspace, want.CreatedAt = "zoë@example.com", w.ws, w.clock.time()
		equal(t, "returned", must(w.CreateUser(w.ctx, w.ws, given))(t), want)
		w.reopen()
		equal(t, "stored", must(w.User(w.ctx, w.ws, given.ID))(t), want)
		equal(t, "by e-mail", must(w.UserByEmail(w.ctx, w.ws, "ZOË@example.COM"))(t), want)
		_, err := w.User(w.ctx, w.beside, given.ID)
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.UserByEmail(w.ctx, w.beside, given.Email)
		wantCode(t, err, chat.CodeNotFound)
	}},
	{"taken", func(t *testing.T, w *world) {
		_, err := w.CreateUser(w.ctx, w.ws, chat.User{Email: "ALICE@example.com", Role: chat.RoleAgent})
		wantCode(t, err, chat.CodeConflict)
		_, err = w.CreateUser(w.ctx, w.ws, chat.User{ID: alice, Email: "new@example.com", Role: chat.RoleAgent})
		wantCode(t, err, chat.CodeConflict)
		u := must(w.User(w.ctx, w.ws, amir))(t)
		u.Email = "Alice@example.com"
		wantCode(t, w.UpdateUser(w.ctx, w.ws, u), chat.CodeConflict)
		equal(t, "Amir's", must(w.User(w.ctx, w.ws, amir))(t).Email, "amir@example.com")
	}},
	{"changed", func(t *testing.T, w *world) {
		want := must(w.User(w.ctx, w.ws, amir))(t)
		want.Name, want.Role, want.Email, want.PasswordHash = "Amir B.", chat.RoleAdmin, "amir.b@example.com", "new"
		change := want
		change.Email = "Amir.B@example.com"
		check(t, w.UpdateUser(w.ctx, w.ws, change))
		w.reopen()
		equal(t, "stored", must(w.User(w.ctx, w.ws, amir))(t), want)
		wantCode(t, w.UpdateUser(w.ctx, w.ws, chat.User{ID: uuid.New(), Email: "x@example.com"}), chat.CodeNotFound)
	}},
	{"profiles", func(t *testing.T, w *world) {
		given := chat.Profile{User: amir, Capacity: 3, Skills: []string{"Billing", " trade  ins ", "billing"}, Languages: []string{"fr", "EN-gb"}}
		want := chat.Profile{User: amir, Capacity: 3, Skills: []string{"billing", "trade ins"}, Languages: []string{"en-gb", "fr"}}
		equal(t, "none", len(must(w.Profiles(w.ctx, w.ws))(t)), 0)
		equal(t, "returned", must(w.PutProfile(w.ctx, w.ws, given))(t), want)
		w.reopen()
		equal(t, "stored", must(w.Profiles(w.ctx, w.ws))(t), []chat.Profile{want})
		want.Capacity, want.Skills = 0, []string{}
		must(w.PutProfile(w.ctx, w.ws, want))(t)
		equal(t, "changed", must(w.Profiles(w.ctx, w.ws))(t), []chat.Profile{want})
		for _, p := range []chat.Profile{{User: uuid.New()}, {}} {
			_, err := w.PutProfile(w.ctx, w.ws, p)
			wantCode(t, err, chat.CodeNotFound)
		}
		for _, p := range []chat.Profile{{User: amir, Capacity: -1}, {User: amir, Capacity: chat.MaxCapacity + 1}, {User: amir, Skills: []string{strings.Repeat("x", 61)}}} {
			_, err := w.PutProfile(w.ctx, w.ws, p)
			wantCode(t, err, chat.CodeInvalid)
		}
	}},
	{"by name, then id", func(t *testing.T, w *world) {
		for _, name := range []string{"Zed", "Bea", "Bea"} {
			must(w.CreateUser(w.ctx, w.ws, chat.User{Name: name, Email: uuid.NewString() + "@example.com", Role: chat.RoleAgent}))(t)
		}
		users := must(w.Users(w.ctx, w.ws))(t)
		var names []string
		for _, u := range users {
			names = append(names, u.Name)
		}
		equal(t, "names", names, []string{"Alice", "Amir", "Bea", "Bea", "Zed"})
		if users[2].ID.String() >= users[3].ID.String() {
			t.Error("equal names are not in the order of their ids")
		}
	}},
	{"one owner, the first", func(t *testing.T, w *world) {
		ws := must(w.CreateWorkspace(w.ctx, "new"))(t).ID
		var won atomic.Int32
		check(t, together(16, func(i int) error {
			u, err := w.CreateOwner(w.ctx, ws, chat.User{Name: fmt.Sprint(i), Email: fmt.Sprintf("u%d@example.com", i), Role: chat.RoleViewer})
			if chat.CodeOf(err) == chat.CodeConflict {
				return nil
			}
			if won.Add(1); err == nil && u.Role != chat.RoleOwner {
				return fmt.Errorf("made with role %s", u.Role)
			}
			return err
		}))
		equal(t, "winners", int(won.Load()), 1)
		equal(t, "users", len(must(w.Users(w.ctx, ws))(t)), 1)
	}},
	{"sessions", sessions},
	{"presence", presence},
}

func sessions(t *testing.T, w *world) {
	now := w.clock.time()
	find := func(token string) string {
		t.Helper()
		data, found, err := w.FindSession(w.ctx, token)
		check(t, err)
		if !found {
			return "none"
		}
		return string(data)
	}
	check(t, w.SaveSession(w.ctx, "token 1", []byte("one"), now.Add(time.Hour)))
	check(t, w.SaveSession(w.ctx, "token 2", []byte("two"), now.Add(2*time.Hour)))
	w.reopen()
	equal(t, "one, two, none", []string{find("token 1"), find("token 2"), find("token 3")}, []string{"one", "two", "none"})
	check(t, w.SaveSession(w.ctx, "token 1", []byte("one again"), now.Add(3*time.Hour)))
	equal(t, "replaced", find("token 1"), "one again")
	w.clock.advance(2 * time.Hour)
	equal(t, "expired and not", []string{find("token 2"), find("token 1")}, []string{"none", "one again"})
	check(t, w.SaveSession(w.ctx, "token 2", []byte("two again"), now.Add(9*time.Hour)))
	equal(t, "a new one for the same token", find("token 2"), "two again")
	check(t, w.DeleteSession(w.ctx, "token 1"))
	check(t, w.DeleteSession(w.ctx, "token 1"))
	equal(t, "deleted", find("token 1"), "none")
}

func presence(t *testing.T, w *world) {
	state := func(user uuid.UUID) chat.PresenceState {
		t.Helper()
		for _, p := range must(w.Presence(w.ctx, w.ws))(t) {
			if p.User == user {
				return p.State
			}
		}
		t.Fatalf("%v is not in the list", user)
		return ""
	}
	equal(t, "nobody was seen", must(w.Presence(w.ctx, w.ws))(t), []chat.Presence{
		{User: alice, Name: "Alice", State: chat.PresenceOffline}, {User: amir, Name: "Amir", State: chat.PresenceOffline},
	})
	check(t, w.SetPresence(w.ctx, w.ws, amir, chat.PresenceAway))
	w.clock.advance(time.Second)
	check(t, w.SetPresence(w.ctx, w.ws, alice, chat.PresenceOnline))
	w.reopen()
	now := w.clock.time()
	equal(t, "both", must(w.Presence(w.ctx, w.ws))(t), []chat.Presence{
		{User: alice, Name: "Alice", State: chat.PresenceOnline, SeenAt: now},
		{User: amir, Name: "Amir", State: chat.PresenceAway, SeenAt: now.Add(-time.Second)},
	})
	w.clock.advance(chat.PresenceTTL)
	equal(t, "at the edge", []chat.PresenceState{state(alice), state(amir)}, []chat.PresenceState{chat.PresenceOnline, chat.PresenceOffline})
	w.clock.advance(time.Microsecond)
	equal(t, "over", state(alice), chat.PresenceOffline)
	check(t, w.SetPresence(w.ctx, w.ws, alice, chat.PresenceOnline))
	equal(t, "back", state(alice), chat.PresenceOnline)
	check(t, w.SetPresence(w.ctx, w.ws, alice, chat.PresenceOffline))
	equal(t, "gone", state(alice), chat.PresenceOffline)

	wantCode(t, w.SetPresence(w.ctx, w.ws, uuid.New(), chat.PresenceOnline), chat.CodeNotFound)
	wantCode(t, w.SetPresence(w.ctx, w.ws, alice, "asleep"), chat.CodeInvalid)
}
