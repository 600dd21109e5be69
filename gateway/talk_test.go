package gateway

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

func TestMacros(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin, anna, ben := w.hire("ada", chat.RoleAdmin), w.hire("anna", chat.RoleAgent), w.hire("ben", chat.RoleAgent)
	codes := func(s *staff) string {
		var l protocol.MacroList
		s.ok(http.MethodGet, "/macros", nil, &l)
		var all []string
		for _, m := range l.Data {
			all = append(all, m.Code)
		}
		if !slices.Equal(l.Placeholders, chat.Placeholders) {
			t.Errorf("placeholders %q", l.Placeholders)
		}
		return strings.Join(all, " ")
	}
	var shared, own chat.Macro
	admin.ok(http.MethodPost, "/macros", protocol.MacroRequest{Code: "hello", Name: "Hello", Text: "Hello {{customer.first_name}}", Shared: true}, &shared)
	anna.ok(http.MethodPost, "/macros", protocol.MacroRequest{Code: "mine", Name: "Mine", Text: "I am {{agent.name}}"}, &own)
	if own.Owner != anna.user.ID || own.By != anna.user.ID || shared.Owner != uuid.Nil {
		t.Errorf("owners %v, %v", own.Owner, shared.Owner)
	}
	if got := []string{codes(admin), codes(anna), codes(ben)}; !slices.Equal(got, []string{"hello", "mine hello", "hello"}) {
		t.Errorf("lists %q", got)
	}
	put := func(s *staff, m chat.Macro, r protocol.MacroRequest) chat.Code {
		t.Helper()
		a := s.do(http.MethodPut, "/macros/"+m.ID.String(), r, nil)
		if a.StatusCode == http.StatusOK {
			return ""
		}
		return a.problem(t)
	}
	change := protocol.MacroRequest{Code: "hello", Name: "Hello", Text: "Hi", Shared: true, Revision: 1}
	for _, c := range []struct {
		name string
		got  chat.Code
		want chat.Code
	}{
		{"an agent changes everybody's", put(anna, shared, change), chat.CodeForbidden},
		{"an agent makes hers everybody's", put(anna, own, protocol.MacroRequest{Code: "mine", Name: "x", Text: "x", Shared: true, Revision: 1}), chat.CodeForbidden},
		{"another's does not exist", put(ben, own, change), chat.CodeNotFound},
		{"an admin neither", put(admin, own, change), chat.CodeNotFound},
		{"without a revision", put(admin, shared, protocol.MacroRequest{Code: "x", Name: "x", Text: "x"}), chat.CodeInvalid},
		{"an admin changes it", put(admin, shared, change), ""},
		{"and somebody else, at the same time", put(admin, shared, change), chat.CodeStale},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
	a := anna.do(http.MethodPost, "/macros", protocol.MacroRequest{Code: "x", Name: "x", Text: "Hi {{customer.age}}"}, nil)
	if a.problem(t) != chat.CodeInvalid || !strings.Contains(string(a.body), "{{customer.age}}") {
		t.Errorf("an unknown placeholder: %s", a.body)
	}
	if a := anna.do(http.MethodPost, "/macros", protocol.MacroRequest{Code: "mine", Name: "x", Text: "x"}, nil); a.problem(t) != chat.CodeConflict {
		t.Errorf("a code twice: %s", a.body)
	}
	if a := ben.do(http.MethodDelete, "/macros/"+own.ID.String(), nil, nil); a.problem(t) != chat.CodeNotFound {
		t.Errorf("another's is gone: %s", a.body)
	}
	anna.ok(http.MethodDelete, "/macros/"+own.ID.String(), nil, nil)
	if got := codes(anna); got != "hello" {
		t.Errorf("left: %q", got)
	}
}

func TestSavedViews(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin, anna, ben := w.hire("ada", chat.RoleAdmin), w.hire("anna", chat.RoleViewer), w.hire("ben", chat.RoleAgent)
	names := func(s *staff) string {
		var l protocol.SavedViewList
		s.ok(http.MethodGet, "/views", nil, &l)
		var all []string
		for _, v := range l.Data {
			all = append(all, v.Name)
		}
		return strings.Join(all, ", ")
	}
	german := protocol.SavedViewRequest{Name: " German ", View: chat.ViewAll, Query: "language=de&sort=waiting"}
	team := protocol.SavedViewRequest{Name: "Long waits", View: chat.ViewQueue, Query: "waiting=60", Shared: true}
	var own, shared chat.SavedView
	anna.ok(http.MethodPost, "/views", german, &own)
	admin.ok(http.MethodPost, "/views", team, &shared)
	if own.Name != "German" || own.Owner != anna.user.ID || own.Query != german.Query || shared.Owner != uuid.Nil {
		t.Errorf("saved %+v, %+v", own, shared)
	}
	if got := []string{names(admin), names(anna), names(ben)}; !slices.Equal(got, []string{"Long waits", "German, Long waits", "Long waits"}) {
		t.Errorf("lists %q", got)
	}
	refused := func(s *staff, method, path string, r any) chat.Code {
		t.Helper()
		a := s.do(method, "/views"+path, r, nil)
		if a.StatusCode == http.StatusOK {
			return ""
		}
		return a.problem(t)
	}
	renamed := german
	renamed.Name = "Austrian"
	mine, everybodys := "/"+own.ID.String(), "/"+shared.ID.String()
	for _, c := range []struct {
		name string
		got  chat.Code
		want chat.Code
	}{
		{"an agent shares", refused(ben, http.MethodPost, "", team), chat.CodeForbidden},
		{"an agent changes everybody's", refused(ben, http.MethodPut, everybodys, german), chat.CodeForbidden},
		{"an agent removes everybody's", refused(ben, http.MethodDelete, everybodys, nil), chat.CodeForbidden},
		{"a viewer makes hers everybody's", refused(anna, http.MethodPut, mine, team), chat.CodeForbidden},
		{"another's does not exist", refused(ben, http.MethodPut, mine, renamed), chat.CodeNotFound},
		{"nor for an admin", refused(admin, http.MethodDelete, mine, nil), chat.CodeNotFound},
		{"a name twice", refused(anna, http.MethodPost, "", german), chat.CodeConflict},
		{"narrowed by nothing known", refused(anna, http.MethodPost, "", protocol.SavedViewRequest{Name: "x", View: chat.ViewAll, Query: "q=x"}), chat.CodeInvalid},
		{"a new name", refused(anna, http.MethodPut, mine, renamed), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
	for i := range chat.MaxSavedViews - 1 {
		anna.ok(http.MethodPost, "/views", protocol.SavedViewRequest{Name: strings.Repeat("v", i+1), View: chat.ViewAll}, nil)
	}
	if got := refused(anna, http.MethodPost, "", protocol.SavedViewRequest{Name: "one more", View: chat.ViewAll}); got != chat.CodeConflict {
		t.Errorf("more than the most: %q", got)
	}
	if got := refused(anna, http.MethodPut, mine, german); got != "" {
		t.Errorf("one of the most is changed: %q", got)
	}
	anna.ok(http.MethodDelete, "/views/"+own.ID.String(), nil, nil)
	if got := names(anna); strings.Contains(got, "German") || !strings.HasSuffix(got, "Long waits") {
		t.Errorf("left %q", got)
	}
}

// A mention comes at once to whom it names, stays until it is seen, and not to others.
func TestMentions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, ben, cleo := w.hire("anna", chat.RoleAgent), w.hire("ben", chat.RoleAgent), w.hire("cleo", chat.RoleAgent)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	bens, cleos := ben.console(), cleo.console()
	note := protocol.ReplyRequest{ClientID: newID(), Text: "@ben please", Note: true, Mentions: []uuid.UUID{ben.user.ID, ben.user.ID, newID()}}
	var e chat.Entry
	anna.ok(http.MethodPost, "/conversations/"+conv.String()+"/reply", note, &e)
	if !slices.Equal(e.Mentions, []uuid.UUID{ben.user.ID}) {
		t.Errorf("the note mentions %v", e.Mentions)
	}
	var m protocol.Mention
	bens.expect("mention", &m)
	if m.Conversation != conv || m.Seq != 1 || m.From.Name != "anna" || m.Text != note.Text {
		t.Errorf("told %+v", m)
	}
	cleos.send("subscribe", "after", protocol.Subscribe{Conversation: newID()})
	cleos.answer("after")
	for _, f := range cleos.seen {
		if f.T == "mention" {
			t.Errorf("cleo was told: %s", f.D)
		}
	}
	var l protocol.MentionList
	ben.ok(http.MethodGet, "/mentions", nil, &l)
	if len(l.Data) != 1 || l.Unseen != 1 || l.Data[0].Text != note.Text || !strings.HasPrefix(l.Data[0].CustomerName, "Visitor ") {
		t.Errorf("list %+v", l)
	}
	var seen protocol.MentionsSeen
	ben.ok(http.MethodPost, "/conversations/"+conv.String()+"/mentions/seen", nil, &seen)
	ben.ok(http.MethodGet, "/mentions", nil, &l)
	if seen.Unseen != 0 || l.Unseen != 0 || l.Data[0].SeenAt.IsZero() {
		t.Errorf("seen %+v, list %+v", seen, l)
	}
	var reply chat.Entry // to the customer: it mentions nobody, whatever is asked for
	anna.ok(http.MethodPost, "/conversations/"+conv.String()+"/reply", protocol.ReplyRequest{ClientID: newID(), Text: "Hi", Mentions: []uuid.UUID{ben.user.ID}}, &reply)
	if len(reply.Mentions) != 0 {
		t.Errorf("a reply mentions %v", reply.Mentions)
	}
	many := protocol.ReplyRequest{ClientID: newID(), Text: "all", Note: true, Mentions: make([]uuid.UUID, maxMentions+1)}
	if a := anna.do(http.MethodPost, "/conversations/"+conv.String()+"/reply", many, nil); a.problem(t) != chat.CodeInvalid {
		t.Errorf("too many: %s", a.body)
	}
}

func TestGaps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, eve := w.hire("anna", chat.RoleAgent), w.hire("eve", chat.RoleEditor)
	p := w.join("")
	conv := newID()
	p.say(conv, "Do you ship to Malta?")
	var g, again chat.Gap
	r := protocol.GapRequest{Conversation: conv, Question: "Do you ship to Malta?"}
	anna.ok(http.MethodPost, "/gaps", r, &g)
	anna.ok(http.MethodPost, "/gaps", r, &again)
	if g.ID != again.ID || g.State != chat.GapOpen || g.By != anna.user.ID {
		t.Errorf("gap %+v, again %+v", g, again)
	}
	if a := anna.do(http.MethodPost, "/gaps", protocol.GapRequest{Conversation: newID(), Question: "x"}, nil); a.problem(t) != chat.CodeNotFound {
		t.Errorf("of no conversation: %s", a.body)
	}
	article := newID()
	eve.ok(http.MethodPut, "/gaps/"+g.ID.String(), protocol.GapChange{State: chat.GapDone, Article: article}, &g)
	var l protocol.GapList
	eve.ok(http.MethodGet, "/gaps?state=done", nil, &l)
	if len(l.Data) != 1 || l.Total != 1 || l.Data[0].Article != article {
		t.Errorf("list %+v", l)
	}
	eve.ok(http.MethodGet, "/gaps?state=open", nil, &l)
	if len(l.Data) != 0 {
		t.Errorf("open %+v", l)
	}
}

// watching reads on until a console was told that these look at a conversation ("name", "name writes").
func (p *peer) watching(want ...string) {
	p.t.Helper()
	for {
		var d protocol.Watchers
		p.expect("watchers", &d)
		got := []string{}
		for _, a := range d.Agents {
			name := a.Name
			if a.Writing {
				name += " writes"
			}
			got = append(got, name)
		}
		if slices.Equal(got, want) {
			return
		}
	}
}

// Who looks at a conversation sees who else does, on two nodes of one bus, until they leave or are silent.
func TestWatchers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.g.o
	o.Node = "two"
	other, err := New(o)
	w.check(err)
	other.Start()
	t.Cleanup(other.Close)
	srv := httptest.NewServer(other.Handler())
	t.Cleanup(srv.Close)
	second := &world{t: t, ctx: w.ctx, g: other, srv: srv, store: w.store, ws: w.ws, logs: w.logs}

	anna, ben := w.hire("anna", chat.RoleAgent), second.hire("ben", chat.RoleAgent)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	p.send("sync", "", protocol.Sync{Conversation: conv})
	p.expect("entry", nil) // what comes from now on comes to her
	as, bs := anna.console(), ben.console()
	as.send("watch", "", protocol.Watch{Conversation: conv, On: true}) // not followed yet: nobody is told
	as.send("subscribe", "", protocol.Subscribe{Conversation: conv})
	as.send("watch", "", protocol.Watch{Conversation: conv, On: true})
	as.watching("anna")
	bs.send("subscribe", "", protocol.Subscribe{Conversation: conv})
	bs.watching("anna") // it comes with the subscription
	bs.send("watch", "", protocol.Watch{Conversation: conv, On: true})
	as.watching("anna", "ben")
	bs.send("typing", "", protocol.TypingOn{Conversation: conv})
	as.watching("anna", "ben writes")
	p.expect("typing", nil)
	w.clock.advance(writingLasts + time.Second)
	as.watching("anna", "ben")
	as.send("watch", "", protocol.Watch{Conversation: conv, On: true})
	w.clock.advance(watchLasts - time.Second) // anna has said so again, ben has not
	as.watching("anna")
	bs.send("watch", "", protocol.Watch{Conversation: conv, On: true})
	as.watching("anna", "ben")
	bs.ws.Close()
	as.watching("anna")
	as.send("unsubscribe", "", protocol.Unsubscribe{Conversation: conv})
	for _, g := range []*Gateway{w.g, other} {
		w.eventually("nobody is left", func() bool {
			g.watchers.mu.Lock()
			defer g.watchers.mu.Unlock()
			return len(g.watchers.seen) == 0
		})
	}
	for _, f := range p.seen {
		if f.T == "watchers" {
			t.Errorf("a customer was told: %s", f.D)
		}
	}
}
