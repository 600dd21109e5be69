package storetest

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var talkCases = []testCase{
	{"a macro and its revisions", macroRevisions},
	{"macros of everybody and of one", func(t *testing.T, w *world) {
		for _, m := range []chat.Macro{macroOf("b", uuid.Nil), macroOf("a", uuid.Nil), macroOf("z", alice), macroOf("a", alice), macroOf("mine", amir)} {
			must(w.PutMacro(w.ctx, w.ws, m))(t)
		}
		codes := func(owner uuid.UUID) (all []string) {
			for _, m := range must(w.Macros(w.ctx, w.ws, owner))(t) {
				all = append(all, m.Code)
			}
			return all
		}
		equal(t, "alice's", codes(alice), []string{"a", "z", "a", "b"})
		equal(t, "everybody's", codes(uuid.Nil), []string{"a", "b"})
		_, err := w.PutMacro(w.ctx, w.ws, macroOf("a", alice))
		wantCode(t, err, chat.CodeConflict)
	}},
	{"one of many changes a macro", func(t *testing.T, w *world) {
		m := must(w.PutMacro(w.ctx, w.ws, macroOf("a", uuid.Nil)))(t)
		var won atomic.Int64
		check(t, together(8, func(int) error {
			_, err := w.PutMacro(w.ctx, w.ws, m)
			switch chat.CodeOf(err) {
			case "":
				won.Add(1)
			case chat.CodeStale:
			default:
				return err
			}
			return nil
		}))
		equal(t, "stored", []int64{won.Load(), must(w.Macro(w.ctx, w.ws, m.ID))(t).Revision}, []int64{1, 2})
	}},
	{"saved views", savedViews},
	{"mentions come with their notes", mentionsOfNotes},
	{"mentions belong to notes", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		d := customerSays("x", "@Alice")
		d.Body.Mentions = []uuid.UUID{alice}
		_, err := w.Append(w.ctx, w.ws, id("talk"), d)
		wantCode(t, err, chat.CodeInvalid)
	}},
	{"gaps", gapsOnce},
}

func macroOf(code string, owner uuid.UUID) chat.Macro {
	return chat.Macro{Owner: owner, Code: code, Name: "Name of " + code, Text: "Hello {{customer.name}}",
		Actions: []chat.MacroAction{{Do: chat.MacroTag, Tag: "x"}}, By: alice}
}

func macroRevisions(t *testing.T, w *world) {
	m := macroOf("one", alice)
	m.ID = id("macro")
	stored := must(w.PutMacro(w.ctx, w.ws, m))(t)
	m.Revision, m.CreatedAt, m.UpdatedAt = 1, w.clock.time(), w.clock.time()
	equal(t, "new", stored, m)
	equal(t, "found", must(w.Macro(w.ctx, w.ws, m.ID))(t), m)
	w.clock.advance(time.Minute)
	m.Owner, m.Code, m.Text, m.Actions, m.By = uuid.Nil, "two", "Bye", nil, amir
	changed := must(w.PutMacro(w.ctx, w.ws, m))(t)
	m.Revision, m.UpdatedAt = 2, w.clock.time()
	equal(t, "changed", changed, m)
	_, err := w.PutMacro(w.ctx, w.ws, stored)
	wantCode(t, err, chat.CodeStale)
	again := macroOf("three", alice)
	again.ID = m.ID
	_, err = w.PutMacro(w.ctx, w.ws, again)
	wantCode(t, err, chat.CodeConflict)
	for code, bad := range map[chat.Code]chat.Macro{
		chat.CodeInvalid:  {Code: "bad code", Name: "x", Text: "x"},
		chat.CodeNotFound: {ID: id("other"), Code: "x", Name: "x", Text: "x", Revision: 1},
	} {
		_, err = w.PutMacro(w.ctx, w.ws, bad)
		wantCode(t, err, code)
	}
	_, err = w.PutMacro(w.ctx, id("no workspace"), macroOf("x", alice))
	wantCode(t, err, chat.CodeNotFound)
	check(t, w.DropMacro(w.ctx, w.ws, m.ID))
	wantCode(t, w.DropMacro(w.ctx, w.ws, m.ID), chat.CodeNotFound)
	_, err = w.Macro(w.ctx, w.ws, m.ID)
	wantCode(t, err, chat.CodeNotFound)
}

func viewOf(name string, owner uuid.UUID) chat.SavedView {
	return chat.SavedView{Owner: owner, Name: name, View: chat.ViewAll, Query: "language=de&sort=waiting"}
}

func savedViews(t *testing.T, w *world) {
	first := viewOf("German", alice)
	first.ID = id("view")
	stored := must(w.PutSavedView(w.ctx, w.ws, first))(t)
	first.CreatedAt = w.clock.time()
	equal(t, "new", stored, first)
	for _, v := range []chat.SavedView{viewOf("b", uuid.Nil), viewOf("German", uuid.Nil), viewOf("A", alice), viewOf("amir's", amir)} {
		must(w.PutSavedView(w.ctx, w.ws, v))(t)
	}
	names := func(owner uuid.UUID) (all []string) {
		for _, v := range must(w.SavedViews(w.ctx, w.ws, owner))(t) {
			all = append(all, v.Name)
		}
		return all
	}
	equal(t, "alice's", names(alice), []string{"A", "German", "German", "b"})
	equal(t, "everybody's", names(uuid.Nil), []string{"German", "b"})
	w.clock.advance(time.Minute)
	first.Name, first.View, first.Query = "Closed ones", chat.ViewClosed, ""
	equal(t, "changed", must(w.PutSavedView(w.ctx, w.ws, first))(t), first)
	first.Name = "A"
	for code, bad := range map[chat.Code]chat.SavedView{
		chat.CodeConflict: first,
		chat.CodeInvalid:  {Name: "x", View: chat.ViewAll, Query: "b=1&a=2"},
	} {
		_, err := w.PutSavedView(w.ctx, w.ws, bad)
		wantCode(t, err, code)
	}
	_, err := w.PutSavedView(w.ctx, id("no workspace"), viewOf("x", alice))
	wantCode(t, err, chat.CodeNotFound)
	check(t, w.DropSavedView(w.ctx, w.ws, first.ID))
	wantCode(t, w.DropSavedView(w.ctx, w.ws, first.ID), chat.CodeNotFound)
	equal(t, "left", names(alice), []string{"A", "German", "b"})
}

// naming is a note that names users.
func naming(name string, users ...uuid.UUID) chat.Draft {
	d := note(name, "note "+name)
	d.Body.Mentions = users
	return d
}

func mentionsOfNotes(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	w.conversation(w.ws, "talk 2")
	first := must(w.Append(w.ctx, w.ws, id("talk"), naming("1", amir, alice)))(t)
	equal(t, "the note's", first.Mentions, []uuid.UUID{amir, alice})
	must(w.Append(w.ctx, w.ws, id("talk"), naming("1", amir, alice)))(t) // a repeat
	w.clock.advance(time.Second)
	must(w.Append(w.ctx, w.ws, id("talk"), naming("2", amir, amir, id("nobody"))))(t)
	w.clock.advance(time.Second)
	move := toQueue()
	move.Entries = []chat.Draft{naming("3", amir)}
	w.moveIn(w.ws, "talk 2", move)

	type line struct {
		Conversation uuid.UUID
		Seq          int64
		Text         string
		Seen         bool
	}
	lines := func(user uuid.UUID) (all []line) {
		for _, m := range must(w.Mentions(w.ctx, w.ws, user, 0))(t) {
			equal(t, "writer", m.From, note("", "").From)
			all = append(all, line{m.Conversation, m.Seq, m.Text, !m.SeenAt.IsZero()})
		}
		return all
	}
	equal(t, "amir's", lines(amir), []line{{id("talk 2"), 1, "note 3", false}, {id("talk"), 2, "note 2", false}, {id("talk"), 1, "note 1", false}})
	equal(t, "one of amir's", len(must(w.Mentions(w.ctx, w.ws, amir, 1))(t)), 1)
	equal(t, "not seen", must(w.CountMentions(w.ctx, w.ws, amir))(t), 3)
	equal(t, "seen now", []int{must(w.SeeMentions(w.ctx, w.ws, amir, id("talk")))(t), must(w.SeeMentions(w.ctx, w.ws, amir, id("talk")))(t),
		must(w.SeeMentions(w.ctx, w.ws, amir, id("no talk")))(t)}, []int{2, 0, 0})
	equal(t, "seen at", must(w.Mentions(w.ctx, w.ws, amir, 0))(t)[2].SeenAt, w.clock.time())
	equal(t, "left", must(w.CountMentions(w.ctx, w.ws, amir))(t), 1)
	equal(t, "alice's", lines(alice), []line{{id("talk"), 1, "note 1", false}})
	_, err := w.Mentions(w.ctx, w.ws, amir, -1)
	wantCode(t, err, chat.CodeInvalid)
}

func gapsOnce(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	g := chat.Gap{ID: id("gap"), Conversation: id("talk"), Question: " Do you ship to Malta? ", Locale: "en", State: chat.GapDone, By: alice}
	stored := must(w.AddGap(w.ctx, w.ws, g))(t)
	g.Question, g.State, g.CreatedAt, g.UpdatedAt = "Do you ship to Malta?", chat.GapOpen, w.clock.time(), w.clock.time()
	equal(t, "new", stored, g)
	again := g
	again.ID, again.By = uuid.Nil, amir
	equal(t, "again", must(w.AddGap(w.ctx, w.ws, again))(t), g)
	two := must(w.AddGap(w.ctx, w.ws, chat.Gap{Conversation: id("talk"), Question: "And to Gozo?"}))(t)
	w.clock.advance(time.Second)
	done := must(w.SetGap(w.ctx, w.ws, g.ID, chat.GapDone, id("article")))(t)
	g.State, g.Article, g.UpdatedAt = chat.GapDone, id("article"), w.clock.time()
	equal(t, "done", done, g)
	equal(t, "the article stays", must(w.SetGap(w.ctx, w.ws, g.ID, chat.GapDone, uuid.Nil))(t).Article, g.Article)

	first := must(w.Gaps(w.ctx, w.ws, chat.GapQuery{Limit: 1}))(t)
	equal(t, "first page", first.Gaps, []chat.Gap{two})
	second := must(w.Gaps(w.ctx, w.ws, chat.GapQuery{Limit: 1, Cursor: first.Next}))(t)
	equal(t, "second page", second, chat.GapPage{Gaps: []chat.Gap{g}, Total: 2})
	equal(t, "open", must(w.Gaps(w.ctx, w.ws, chat.GapQuery{State: chat.GapOpen}))(t), chat.GapPage{Gaps: []chat.Gap{two}, Total: 1})

	taken := chat.Gap{ID: two.ID, Conversation: id("talk"), Question: "Something else?"}
	_, err := w.AddGap(w.ctx, w.ws, taken)
	wantCode(t, err, chat.CodeConflict)
	_, err = w.AddGap(w.ctx, w.ws, chat.Gap{Conversation: id("talk"), Question: " "})
	wantCode(t, err, chat.CodeInvalid)
	_, err = w.AddGap(w.ctx, w.ws, chat.Gap{Conversation: id("no talk"), Question: "?"})
	wantCode(t, err, chat.CodeNotFound)
	_, err = w.SetGap(w.ctx, w.ws, id("no gap"), chat.GapOpen, uuid.Nil)
	wantCode(t, err, chat.CodeNotFound)
	_, err = w.SetGap(w.ctx, w.ws, g.ID, "later", uuid.Nil)
	wantCode(t, err, chat.CodeInvalid)
	for _, q := range []chat.GapQuery{{State: "later"}, {Limit: -1}, {Cursor: "x"}} {
		_, err = w.Gaps(w.ctx, w.ws, q)
		wantCode(t, err, chat.CodeInvalid)
	}
}
