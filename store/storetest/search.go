package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

var searchCases = []testCase{
	{"words", searchWords},
	{"what is found by", searchFields},
	{"pages, the newest conversation first", searchPages},
	{"the entry that was found", searchEntries},
	{"malformed searches", func(t *testing.T, w *world) {
		for _, q := range []chat.SearchQuery{{}, {Text: " ?! "}, {Text: "x", Limit: 201}, {Text: "x", Limit: -1}, {Text: "x", Cursor: "?"}} {
			_, err := w.Search(w.ctx, w.ws, q)
			wantCode(t, err, chat.CodeInvalid)
		}
	}},
	{"many to index", searchBehind},
	{"a long conversation", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.says("talk", customerSays("first", "the subject"))
		w.says("talk", customerSays("buried", "buried deep"))
		w.says("talk", customerSays("long", strings.Repeat("endless ", rule.WordLimit-10)))
		w.says("talk", customerSays("last", "and the last ones"))
		equal(t, "the end", w.finds(`"the last ones"`), []uuid.UUID{id("talk")})
		equal(t, "far back", w.finds("endless"), []uuid.UUID{id("talk")})
		equal(t, "the subject", w.finds("subject"), []uuid.UUID{id("talk")})
		equal(t, "beyond", w.finds("buried"), []uuid.UUID(nil))
	}},
	{"indexing twice at a time", func(t *testing.T, w *world) {
		for i := range 40 {
			name := fmt.Sprint("talk ", i)
			w.conversation(w.ws, name)
			w.says(name, customerSays("a", "parcel"))
		}
		check(t, together(4, func(int) error {
			_, err := w.IndexConversations(w.ctx, w.ws, 100)
			return err
		}))
		equal(t, "found", len(w.finds("parcel")), 40)
		equal(t, "left", must(w.IndexConversations(w.ctx, w.ws, 100))(t), 0)
	}},
}

// finds gives the conversations that a search finds.
func (w *world) finds(text string) []uuid.UUID {
	w.t.Helper()
	var ids []uuid.UUID
	for _, h := range must(w.Search(w.ctx, w.ws, chat.SearchQuery{Text: text}))(w.t).Hits {
		ids = append(ids, h.Conversation.ID)
	}
	return ids
}

// saying opens a conversation of that name in which the customer says something.
func (w *world) saying(name, text string) {
	w.t.Helper()
	w.clock.advance(time.Second)
	w.conversation(w.ws, name)
	w.says(name, customerSays("first", text))
}

func searchWords(t *testing.T, w *world) {
	w.saying("parcel", "My PARCEL KK-20418 is lost; the lost letter came. Größe: Straße")
	w.saying("lamp", "The lamp is broken. My parcel of lamps?")
	w.saying("signs", "l'été, 'quoted' \"twice\" * AND NOT NEAR(a b) : <-> !& \\ ¶ 日本語")
	for text, want := range map[string][]string{
		"parcel":               {"lamp", "parcel"},
		"Lost Parcel":          {"parcel"},
		`"lost parcel"`:        {},
		`"lost letter"`:        {"parcel"},
		`"lost lett`:           {"parcel"},
		`"lost lett"`:          {},
		"parc":                 {"lamp", "parcel"},
		"parc lamp":            {}, // only the last word may go on
		"lamp parc":            {"lamp"},
		"kk-20418":             {"parcel"},
		"KK 204":               {"parcel"},
		"20418 kk":             {"parcel"},
		`"20418 kk"`:           {},
		"grosse strasse":       {"parcel"},
		"GROẞE":                {"parcel"},
		"ete":                  {"signs"},
		"'quoted'":             {"signs"},
		"and not near a b":     {"signs"},
		"* AND":                {"signs"},
		"本語":                   {"signs"},
		"日語":                   {},
		"¶":                    nil, // no word
		"parcel missing words": {},
		`"is broken my"`:       {"lamp"},
		`"came größe"`:         {"parcel"},
	} {
		page, err := w.Search(w.ctx, w.ws, chat.SearchQuery{Text: text})
		if want == nil {
			wantCode(t, err, chat.CodeInvalid)
			continue
		}
		check(t, err)
		var got []string
		for _, h := range page.Hits {
			for _, name := range []string{"parcel", "lamp", "signs"} {
				if id(name) == h.Conversation.ID {
					got = append(got, name)
				}
			}
		}
		equal(t, text, got, want)
	}
	equal(t, "beside", must(w.Search(w.ctx, w.beside, chat.SearchQuery{Text: "parcel"}))(t).Hits, []chat.Hit(nil))
}

// Whatever a conversation is found by, it is found by the next search, and no
// more when it is gone.
func searchFields(t *testing.T, w *world) {
	w.saying("talk", "Hello")
	found := func(text string, want bool) {
		t.Helper()
		if got := len(w.finds(text)) == 1; got != want {
			t.Errorf("found by %q: %v", text, got)
		}
	}
	found("ann", true)
	found(id("talk").String(), true)
	found(id("talk").String()[:13], true)
	must(w.SetTags(w.ctx, w.ws, id("talk"), []string{"Urgent case"}))(t)
	found(`"urgent case"`, true)
	found("case ann", true)
	check(t, w.RenameTag(w.ctx, w.ws, must(w.Tags(w.ctx, w.ws))(t)[0].ID, "Solved"))
	found("solved", true)
	found("urgent", false)
	check(t, w.UpdateCustomer(w.ctx, w.ws, chat.Customer{ID: ann, Name: "Zoë", Email: "zoe@example.com"}))
	found("zoe hello", true)
	found("zoe@example.com", true)
	found("ann", false)
	check(t, w.VerifyCustomer(w.ctx, w.ws, ann, chat.Verification{}, "other@example.com"))
	found("other@example.com", true)
	w.says("talk", note("n", "call her back"))
	found("call hello", true)
	w.says("talk", chat.Draft{ClientID: id("contact"), From: customerSays("", "").From, Kind: chat.KindContact, Body: chat.Body{Contact: &chat.Contact{Email: "desk@example.org"}}})
	found("desk@example.org", true)
	m := must(w.MergeCustomers(w.ctx, w.ws, chat.Merge{From: ann, Into: bob}))(t)
	found("bob", true)
	found("zoe", false)
	must(w.UndoMerge(w.ctx, w.ws, m.ID, alice))(t)
	found("zoe", true)
	w.move("talk", toClosed())
	w.reopen()
	found("hello", true)
	// Two texts that follow each other are no phrase.
	found(`"back desk"`, false)
	found(`"desk example org call"`, false)
}

func searchPages(t *testing.T, w *world) {
	var want []uuid.UUID
	for i := range 25 {
		name := fmt.Sprint("talk ", i)
		w.saying(name, fmt.Sprint("parcel number ", i))
		want = append([]uuid.UUID{id(name)}, want...)
	}
	w.clock.advance(time.Hour)
	w.says("talk 3", customerSays("later", "still no parcel")) // the order is that of the beginning
	var got []uuid.UUID
	for cursor := ""; ; {
		page := must(w.Search(w.ctx, w.ws, chat.SearchQuery{Text: "parcel", Limit: 7, Cursor: cursor}))(t)
		for _, h := range page.Hits {
			equal(t, "state", h.Conversation, must(w.Conversation(w.ctx, w.ws, h.Conversation.ID))(t))
			got = append(got, h.Conversation.ID)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
		if len(page.Hits) != 7 {
			t.Fatalf("%d on a page that is not the last", len(page.Hits))
		}
	}
	equal(t, "all pages", got, want)
	equal(t, "at most 50", len(must(w.Search(w.ctx, w.ws, chat.SearchQuery{Text: "parcel"}))(t).Hits), 25)
}

func searchEntries(t *testing.T, w *world) {
	w.saying("talk", "Where is the parcel?")
	w.clock.advance(time.Second)
	w.says("talk", botSays("b", "The parcel left the shop in Lyon."))
	w.clock.advance(time.Second)
	w.says("talk", note("n", "Asked Lyon."))
	for text, want := range map[string]string{
		"parcel":      "The parcel left the shop in Lyon.",
		"lyon":        "Asked Lyon.",
		"lyon parcel": "The parcel left the shop in Lyon.",
		"where lyon":  "Asked Lyon.", // one word each: the newest
		"ann":         "",
	} {
		hits := must(w.Search(w.ctx, w.ws, chat.SearchQuery{Text: text}))(t).Hits
		if len(hits) != 1 {
			t.Fatalf("%s: %d hits", text, len(hits))
		}
		got := ""
		if e := hits[0].Entry; e != nil {
			got = e.Text
			log := must(w.Entries(w.ctx, w.ws, id("talk"), e.Log, e.Seq-1, 1))(t)
			equal(t, "entry", log[0], *e)
		}
		equal(t, text, got, want)
	}
}

func searchBehind(t *testing.T, w *world) {
	for i := range rule.IndexAhead + 10 {
		w.conversation(w.ws, fmt.Sprint("talk ", i))
	}
	page := must(w.Search(w.ctx, w.ws, chat.SearchQuery{Text: "ann", Limit: 200}))(t)
	if !page.Behind || len(page.Hits) != rule.IndexAhead {
		t.Errorf("%d hits, behind: %v", len(page.Hits), page.Behind)
	}
	equal(t, "indexed", must(w.IndexConversations(w.ctx, w.ws, 4))(t), 4)
	equal(t, "the rest", must(w.IndexConversations(w.ctx, w.ws, 100))(t), 6)
	equal(t, "nothing", must(w.IndexConversations(w.ctx, w.ws, 100))(t), 0)
	page = must(w.Search(w.ctx, w.ws, chat.SearchQuery{Text: "ann", Limit: 200}))(t)
	if page.Behind || page.Next == "" {
		t.Errorf("behind: %v, next %q", page.Behind, page.Next)
	}
}
