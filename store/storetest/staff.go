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
	{"a change", changedUser},
	{"the last owner", lastOwner},
	{"two owners take the role from each other", func(t *testing.T, w *world) {
		owners := []uuid.UUID{alice, amir}
		for _, who := range owners {
			_, _, err := w.ChangeUser(w.ctx, w.ws, who, chat.UserChange{Role: ptr(chat.RoleOwner)})
			check(t, err)
		}
		var done atomic.Int32
		check(t, together(2, func(i int) error {
			_, _, err := w.ChangeUser(w.ctx, w.ws, owners[i], chat.UserChange{Role: ptr(chat.RoleAgent)})
			if chat.CodeOf(err) == chat.CodeConflict {
				return nil
			}
			done.Add(1)
			return err
		}))
		equal(t, "demoted", int(done.Load()), 1)
	}},
	{"a link is used once", usedLink},
	{"an identity", identityOfUser},
	{"sessions", sessions},
	{"a user's sessions", sessionsOfUser},
	{"disabling ends sessions", disabled},
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
	begin := func(token string, until time.Time) {
		t.Helper()
		must(w.BeginSession(w.ctx, w.ws, token, chat.StaffSession{User: alice, Way: chat.SignInPassword, ExpiresAt: until}))(t)
	}
	wantCode(t, w.SaveSession(w.ctx, "token 1", []byte("none"), now.Add(time.Hour)), chat.CodeNotFound)
	begin("token 1", now.Add(time.Minute))
	begin("token 2", now.Add(2*time.Hour))
	equal(t, "begun", find("token 1"), "")
	check(t, w.SaveSession(w.ctx, "token 1", []byte("one"), now.Add(time.Hour)))
	check(t, w.SaveSession(w.ctx, "token 2", []byte("two"), now.Add(2*time.Hour)))
	w.reopen()
	equal(t, "one, two, none", []string{find("token 1"), find("token 2"), find("token 3")}, []string{"one", "two", "none"})
	check(t, w.SaveSession(w.ctx, "token 1", []byte("one again"), now.Add(3*time.Hour)))
	equal(t, "replaced", find("token 1"), "one again")
	w.clock.advance(2 * time.Hour)
	equal(t, "expired and not", []string{find("token 2"), find("token 1")}, []string{"none", "one again"})
	begin("token 3", now.Add(9*time.Hour))
	check(t, w.DeleteSession(w.ctx, "token 1"))
	check(t, w.DeleteSession(w.ctx, "token 1"))
	equal(t, "deleted", find("token 1"), "none")
	wantCode(t, w.SaveSession(w.ctx, "token 1", []byte("back"), now.Add(9*time.Hour)), chat.CodeNotFound)
	equal(t, "not brought back", find("token 1"), "none")
	_, err := w.BeginSession(w.ctx, w.ws, "token 4", chat.StaffSession{User: id("nobody"), ExpiresAt: now.Add(time.Hour)})
	wantCode(t, err, chat.CodeNotFound)
}

func sessionsOfUser(t *testing.T, w *world) {
	now := w.clock.time()
	begin := func(ws, user uuid.UUID, token string, until time.Duration) chat.StaffSession {
		t.Helper()
		w.clock.advance(time.Second)
		return must(w.BeginSession(w.ctx, ws, token, chat.StaffSession{User: user, Way: chat.SignInProvider, Address: "192.0.2.7", Device: "Firefox", ExpiresAt: now.Add(until)}))(t)
	}
	first := begin(w.ws, alice, "1", time.Hour)
	second := begin(w.ws, alice, "2", time.Hour)
	begin(w.ws, alice, "short", time.Minute)
	begin(w.ws, amir, "amir", time.Hour)
	begin(w.beside, alice, "beside", time.Hour)
	w.clock.advance(time.Minute)
	check(t, w.SaveSession(w.ctx, "1", []byte("x"), now.Add(2*time.Hour)))
	first.UsedAt, first.ExpiresAt = w.clock.time(), now.Add(2*time.Hour)
	w.reopen()
	equal(t, "listed", must(w.Sessions(w.ctx, w.ws, alice))(t), []chat.StaffSession{first, second})
	equal(t, "another's id", must(w.EndSessions(w.ctx, w.ws, amir, second.ID, false))(t), 0)
	third := begin(w.ws, alice, "3", time.Hour)
	must(w.EndSessions(w.ctx, w.ws, alice, first.ID, true))(t)
	equal(t, "left", must(w.Sessions(w.ctx, w.ws, alice))(t), []chat.StaffSession{first})
	equal(t, "again", must(w.EndSessions(w.ctx, w.ws, alice, third.ID, false))(t), 0)
	equal(t, "the one", must(w.EndSessions(w.ctx, w.ws, alice, first.ID, false))(t), 1)
	equal(t, "amir's", len(must(w.Sessions(w.ctx, w.ws, amir))(t)), 1)
	equal(t, "beside", must(w.EndSessions(w.ctx, w.beside, alice, uuid.Nil, true))(t), 1)
}

func disabled(t *testing.T, w *world) {
	must(w.BeginSession(w.ctx, w.ws, "amir", chat.StaffSession{User: amir, ExpiresAt: w.clock.time().Add(time.Hour)}))(t)
	must(w.BeginSession(w.ctx, w.ws, "alice", chat.StaffSession{User: alice, ExpiresAt: w.clock.time().Add(time.Hour)}))(t)
	check(t, w.SetPresence(w.ctx, w.ws, amir, chat.PresenceOnline))
	told := len(w.signals.of(w.ws))
	_, off, err := w.ChangeUser(w.ctx, w.ws, amir, chat.UserChange{Disabled: ptr(true)})
	check(t, err)
	equal(t, "since", off.Disabled, w.clock.time())
	equal(t, "told", w.signals.of(w.ws)[told:], []chat.Signal{{Kind: chat.SignalPresence, Workspace: w.ws}})
	equal(t, "presence", must(w.Presence(w.ctx, w.ws))(t)[1].State, chat.PresenceOffline)
	for token, there := range map[string]bool{"amir": false, "alice": true} {
		_, found, err := w.FindSession(w.ctx, token)
		check(t, err)
		equal(t, token, found, there)
	}
	w.clock.advance(time.Hour)
	_, still, err := w.ChangeUser(w.ctx, w.ws, amir, chat.UserChange{Disabled: ptr(true)})
	check(t, err)
	equal(t, "since then", still.Disabled, off.Disabled)
	_, on, err := w.ChangeUser(w.ctx, w.ws, amir, chat.UserChange{Disabled: ptr(false)})
	check(t, err)
	equal(t, "enabled", on.Disabled, time.Time{})
}

func ptr[T any](v T) *T { return &v }

func changedUser(t *testing.T, w *world) {
	was := must(w.User(w.ctx, w.ws, amir))(t)
	want := was
	want.Name, want.Role, want.PasswordHash = "Amir B.", chat.RoleAdmin, "new"
	before, after, err := w.ChangeUser(w.ctx, w.ws, amir, chat.UserChange{Name: &want.Name, Role: &want.Role, PasswordHash: &want.PasswordHash})
	check(t, err)
	equal(t, "before", before, was)
	equal(t, "after", after, want)
	w.reopen()
	equal(t, "stored", must(w.User(w.ctx, w.ws, amir))(t), want)
	_, _, err = w.ChangeUser(w.ctx, w.ws, id("nobody"), chat.UserChange{})
	wantCode(t, err, chat.CodeNotFound)
	_, _, err = w.ChangeUser(w.ctx, w.ws, amir, chat.UserChange{Role: ptr(chat.Role("king"))})
	wantCode(t, err, chat.CodeInvalid)
}

func lastOwner(t *testing.T, w *world) {
	change := func(who uuid.UUID, c chat.UserChange) chat.Code {
		t.Helper()
		_, _, err := w.ChangeUser(w.ctx, w.ws, who, c)
		return chat.CodeOf(err)
	}
	equal(t, "promoted", change(alice, chat.UserChange{Role: ptr(chat.RoleOwner)}), chat.Code(""))
	equal(t, "demoted", change(alice, chat.UserChange{Role: ptr(chat.RoleAdmin)}), chat.CodeConflict)
	equal(t, "disabled", change(alice, chat.UserChange{Disabled: ptr(true)}), chat.CodeConflict)
	equal(t, "renamed", change(alice, chat.UserChange{Name: ptr("Al")}), chat.Code(""))
	equal(t, "a second", change(amir, chat.UserChange{Role: ptr(chat.RoleOwner)}), chat.Code(""))
	equal(t, "disabled then", change(amir, chat.UserChange{Disabled: ptr(true)}), chat.Code(""))
	equal(t, "a disabled one does not count", change(alice, chat.UserChange{Role: ptr(chat.RoleAdmin)}), chat.CodeConflict)
	equal(t, "demoted while disabled", change(amir, chat.UserChange{Role: ptr(chat.RoleAgent)}), chat.Code(""))
	equal(t, "still owner", must(w.User(w.ctx, w.ws, alice))(t).Role, chat.RoleOwner)
}

func usedLink(t *testing.T, w *world) {
	link := chat.StaffLink{Hash: []byte("hash"), Until: w.clock.time().Add(time.Hour)}
	_, _, err := w.ChangeUser(w.ctx, w.ws, amir, chat.UserChange{Link: &link})
	check(t, err)
	w.reopen()
	equal(t, "found", must(w.UserByLink(w.ctx, w.ws, link.Hash))(t).Link, link)
	_, err = w.UserByLink(w.ctx, w.beside, link.Hash)
	wantCode(t, err, chat.CodeNotFound)
	_, _, err = w.ChangeUser(w.ctx, w.ws, alice, chat.UserChange{Link: &link})
	wantCode(t, err, chat.CodeConflict)
	use := func(who uuid.UUID, hash string) chat.Code {
		_, _, err := w.ChangeUser(w.ctx, w.ws, who, chat.UserChange{Uses: []byte(hash), PasswordHash: ptr("by link")})
		return chat.CodeOf(err)
	}
	equal(t, "another's", use(alice, "hash"), chat.CodeStale)
	equal(t, "another", use(amir, "other"), chat.CodeStale)
	var used atomic.Int32
	check(t, together(8, func(int) error {
		if use(amir, "hash") == "" {
			used.Add(1)
		}
		return nil
	}))
	equal(t, "used", int(used.Load()), 1)
	link.Until = w.clock.time()
	_, _, err = w.ChangeUser(w.ctx, w.ws, amir, chat.UserChange{Link: &link})
	check(t, err)
	equal(t, "expired", use(amir, "hash"), chat.CodeStale)
}

func identityOfUser(t *testing.T, w *world) {
	who := chat.StaffIdentity{Issuer: "https://id.example", Subject: "7"}
	tie := func(user uuid.UUID, who chat.StaffIdentity) chat.Code {
		_, _, err := w.ChangeUser(w.ctx, w.ws, user, chat.UserChange{Identity: &who})
		return chat.CodeOf(err)
	}
	equal(t, "tied", tie(amir, who), chat.Code(""))
	equal(t, "tied again", tie(amir, who), chat.Code(""))
	equal(t, "to another", tie(amir, chat.StaffIdentity{Issuer: "https://id.example", Subject: "8"}), chat.CodeConflict)
	equal(t, "another user", tie(alice, who), chat.CodeConflict)
	w.reopen()
	equal(t, "found", must(w.UserByIdentity(w.ctx, w.ws, who))(t).ID, amir)
	for _, other := range []chat.StaffIdentity{{Issuer: "https://evil.example", Subject: "7"}, {Issuer: who.Issuer}, {}} {
		_, err := w.UserByIdentity(w.ctx, w.ws, other)
		wantCode(t, err, chat.CodeNotFound)
	}
	_, err := w.UserByIdentity(w.ctx, w.beside, who)
	wantCode(t, err, chat.CodeNotFound)
	equal(t, "untied", tie(amir, chat.StaffIdentity{}), chat.Code(""))
	equal(t, "free", tie(alice, who), chat.Code(""))
	_, err = w.CreateUser(w.ctx, w.ws, chat.User{Email: "third@example.com", Role: chat.RoleAgent, Identity: who})
	wantCode(t, err, chat.CodeConflict)
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
