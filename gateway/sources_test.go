package gateway

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/knowledge"
)

// What an agent's reply names as its sources is shown to the customer, so it
// is taken from the store, never from the request.
func TestReplySources(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.hire("anna", chat.RoleAgent)
	p := w.join("")
	conv := newID()
	p.say(conv, "Can I send it back?")
	put := func(id string, v knowledge.Visibility) knowledge.Article {
		res, err := w.store.PutArticles(w.ctx, w.ws.ID, []knowledge.Put{knowledge.Prepare(knowledge.Input{Source: "s", ExternalID: id, Title: id, Body: "Within 30 days.", Visibility: v})})
		w.check(err)
		return res[0].Article
	}
	public, internal := put("returns", knowledge.Public), put("goodwill", knowledge.Internal)
	reply := func(cs ...chat.Citation) protocol.ReplyRequest {
		return protocol.ReplyRequest{ClientID: newID(), Text: "Yes, within 30 days.", Citations: cs}
	}
	path := "/conversations/" + conv.String() + "/reply"

	var e chat.Entry
	anna.ok(http.MethodPost, path, reply(chat.Citation{N: 7, Version: public.Version, Title: "<script>", URL: "javascript:alert(1)",
		Spans: []chat.Span{{Start: 0, End: 6}, {Start: 4, End: 9999}, {Start: 3, End: 2}}}), &e)
	if len(e.Sources) != 1 {
		t.Fatalf("sources %+v, want one", e.Sources)
	}
	got := e.Sources[0]
	if got.N != 1 || got.Title != "returns" || got.Article != public.ID || got.URL != "" || len(got.Spans) != 1 || got.Spans[0] != (chat.Span{Start: 0, End: 6}) {
		t.Errorf("source %+v, want the stored article with its one good span", got)
	}

	w.check(func() error { _, err := w.store.ArchiveArticles(w.ctx, w.ws.ID, []uuid.UUID{public.ID}); return err }())
	for name, c := range map[string]chat.Citation{
		"internal": {Version: internal.Version}, "withdrawn": {Version: public.Version}, "unknown": {Version: newID()},
	} {
		if a := anna.do(http.MethodPost, path, reply(c), nil); a.problem(t) != chat.CodeInvalid {
			t.Errorf("a source that is %s: %s, want code invalid", name, a.Status)
		}
	}
	if a := anna.do(http.MethodPost, path, reply(make([]chat.Citation, maxSources+1)...), nil); a.problem(t) != chat.CodeInvalid {
		t.Errorf("too many sources: %s", a.Status)
	}
}
