package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/knowledge"
)

// operations lists what the API offers.
func operations(g *Gateway) map[string]*huma.Operation {
	out := map[string]*huma.Operation{}
	for path, item := range g.api(http.NewServeMux()).OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodDelete: item.Delete} {
			if op != nil {
				out[method+" "+strings.TrimPrefix(path, "/api/v1")] = op
			}
		}
	}
	return out
}

var open = map[string]bool{"GET /setup": true, "POST /setup": true, "POST /login": true, "POST /logout": true,
	"GET /sign-in": true, "POST /links/look": true, "POST /links/use": true}

// TestDoors: every operation that is not for everybody refuses strangers, before
// it reads what they send, and those whose role is too low.
func TestDoors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stranger := w.stranger()
	viewer := w.hire("vera", chat.RoleViewer)
	editor := w.hire("eve", chat.RoleEditor)
	agent := w.hire("anna", chat.RoleAgent)
	admin := w.hire("ada", chat.RoleAdmin)
	owner := w.hire("olga", chat.RoleOwner)
	needs := map[string]chat.Role{
		"GET /actions": chat.RoleAdmin, "PUT /actions": chat.RoleAdmin, "POST /actions/openapi": chat.RoleAdmin,
		"POST /actions/try": chat.RoleAdmin, "GET /calls": chat.RoleViewer,
		"POST /users/invite": chat.RoleAdmin, "PUT /users/{id}": chat.RoleAdmin, "POST /users/{id}/link": chat.RoleAdmin, "POST /users/{id}/sign-out": chat.RoleAdmin,
		"GET /account": chat.RoleViewer, "PUT /account/photo": chat.RoleViewer, "GET /inboxes/{id}/proactive": chat.RoleViewer, "PUT /account": chat.RoleViewer, "PUT /account/password": chat.RoleViewer,
		"DELETE /account/sessions/{id}": chat.RoleViewer, "POST /account/sign-out-others": chat.RoleViewer,
		"GET /audit": chat.RoleAdmin, "GET /audit/actions": chat.RoleAdmin, "GET /audit/export": chat.RoleAdmin,
		"GET /staff/settings": chat.RoleAdmin, "PUT /staff/settings": chat.RoleOwner,
		"GET /me": chat.RoleViewer, "GET /embed": chat.RoleViewer, "GET /users": chat.RoleViewer, "POST /users": chat.RoleAdmin, "PUT /presence": chat.RoleAgent,
		"GET /conversations": chat.RoleViewer, "GET /conversations/{id}": chat.RoleViewer, "GET /conversations/{id}/entries": chat.RoleViewer,
		"POST /conversations/{id}/claim": chat.RoleAgent, "POST /conversations/{id}/release": chat.RoleAgent,
		"POST /conversations/{id}/assign": chat.RoleAgent, "POST /conversations/{id}/transfer": chat.RoleAgent,
		"POST /conversations/{id}/decline": chat.RoleAgent, "POST /conversations/{id}/snooze": chat.RoleAgent, "POST /conversations/{id}/wake": chat.RoleAgent,
		"GET /teams": chat.RoleViewer, "PUT /teams/{id}": chat.RoleAdmin, "DELETE /teams/{id}": chat.RoleAdmin,
		"POST /conversations/{id}/close": chat.RoleAgent, "POST /conversations/{id}/reply": chat.RoleAgent,
		"GET /search/conversations": chat.RoleViewer, "GET /tags": chat.RoleViewer, "PUT /conversations/{id}/tags": chat.RoleAgent,
		"PUT /tags/{id}": chat.RoleAdmin, "DELETE /tags/{id}": chat.RoleAdmin, "POST /tags/{id}/merge": chat.RoleAdmin,
		"GET /promises": chat.RoleViewer, "PATCH /promises/{id}": chat.RoleAgent, "POST /conversations/{id}/promises": chat.RoleAgent,
		"POST /conversations/{id}/promises/detect": chat.RoleAgent,
		"GET /articles": chat.RoleViewer, "POST /articles": chat.RoleEditor, "GET /articles/{id}": chat.RoleViewer, "PUT /articles/{id}": chat.RoleEditor,
		"DELETE /articles/{id}": chat.RoleEditor, "POST /import": chat.RoleEditor, "POST /import/files": chat.RoleEditor,
		"GET /questions": chat.RoleViewer, "POST /questions/import": chat.RoleEditor, "POST /questions/decide": chat.RoleEditor,
		"GET /knowledge/status": chat.RoleViewer, "POST /preview": chat.RoleViewer, "POST /ask": chat.RoleViewer, "GET /turns/{id}/replay": chat.RoleAdmin,
		"GET /customers/{id}/merges": chat.RoleViewer, "GET /customers/{id}/activity": chat.RoleViewer, "POST /merges/{id}/undo": chat.RoleAgent, "POST /conversations/{id}/verify": chat.RoleAgent,
		"GET /inboxes/{id}/identity": chat.RoleAdmin, "POST /inboxes/{id}/identity/rotate": chat.RoleAdmin,
		"POST /inboxes/{id}/identity/import": chat.RoleAdmin, "DELETE /inboxes/{id}/identity/{key}": chat.RoleAdmin,
		"GET /files": chat.RoleViewer, "PUT /files": chat.RoleAdmin, "POST /conversations/{id}/links/end": chat.RoleAgent,
		"GET /mail": chat.RoleAdmin, "PUT /mail": chat.RoleAdmin, "POST /mail/test": chat.RoleAdmin,
		"PUT /inboxes/{id}": chat.RoleAdmin, "GET /brand": chat.RoleViewer, "GET /inboxes/{id}/style": chat.RoleAdmin, "PUT /inboxes/{id}/style": chat.RoleAdmin,
		"GET /inboxes/{id}/prompts": chat.RoleAdmin, "PUT /inboxes/{id}/prompts/{name}/draft": chat.RoleAdmin,
		"POST /inboxes/{id}/prompts/{name}/live": chat.RoleAdmin, "POST /inboxes/{id}/prompts/{name}/restore": chat.RoleAdmin,
		"POST /inboxes/{id}/prompts/{name}/try": chat.RoleAdmin, "GET /inboxes/{id}/voice/history": chat.RoleAdmin,
		"GET /models": chat.RoleViewer, "GET /insight": chat.RoleViewer, "GET /conversations/{id}/spending": chat.RoleViewer,
		"GET /macros": chat.RoleAgent, "POST /macros": chat.RoleAgent, "PUT /macros/{id}": chat.RoleAgent, "DELETE /macros/{id}": chat.RoleAgent,
		"GET /views": chat.RoleViewer, "POST /views": chat.RoleViewer, "PUT /views/{id}": chat.RoleViewer, "DELETE /views/{id}": chat.RoleViewer,
		"GET /mentions": chat.RoleViewer, "POST /conversations/{id}/mentions/seen": chat.RoleViewer,
		"GET /feedback": chat.RoleViewer, "POST /conversations/{id}/transcript": chat.RoleAgent,
		"GET /gaps": chat.RoleViewer, "POST /gaps": chat.RoleAgent, "PUT /gaps/{id}": chat.RoleEditor,
		"GET /routing": chat.RoleViewer, "PUT /routing": chat.RoleAdmin, "GET /profiles": chat.RoleViewer, "PUT /users/{id}/profile": chat.RoleAgent,
		"GET /offers":   chat.RoleAgent,
		"GET /spending": chat.RoleAdmin, "GET /budget": chat.RoleAdmin, "PUT /budget": chat.RoleAdmin,
	}
	for _, use := range []string{"suggest", "reword", "translate", "summary", "tags", "article"} {
		needs["POST /conversations/{id}/assist/"+use] = chat.RoleAgent
	}
	for name := range operations(w.g) {
		method, path, _ := strings.Cut(name, " ")
		path = strings.NewReplacer("{id}", newID().String(), "{key}", newID().String()).Replace(path)
		if open[name] {
			continue
		}
		need, ok := needs[name]
		if !ok {
			t.Errorf("%s: this test does not know who may do it", name)
			continue
		}
		if a := stranger.do(method, path, map[string]string{}, nil); a.StatusCode != http.StatusUnauthorized || a.problem(t) != chat.CodeUnauthorized {
			t.Errorf("%s by a stranger: %s", name, a.Status)
		}
		for _, s := range []*staff{viewer, editor, agent, admin, owner} {
			a := s.do(method, path, map[string]string{}, nil)
			if refused := a.StatusCode == http.StatusForbidden; refused == s.user.Role.Can(need) {
				t.Errorf("%s by %s: %s, needs %s", name, s.user.Role, a.Status, need)
			} else if refused && a.problem(t) != chat.CodeForbidden {
				t.Errorf("%s: %s", name, a.body)
			}
		}
	}
}

// countingReader says how much of an upload was read.
type countingReader struct {
	n    atomic.Int64
	most int
}

func (r *countingReader) Read(p []byte) (int, error) {
	left := r.most - int(r.n.Load())
	if left <= 0 {
		return 0, io.EOF
	}
	p = p[:min(len(p), left)]
	for i := range p {
		p[i] = ' '
	}
	r.n.Add(int64(len(p)))
	return len(p), nil
}

func TestStrangersUploadNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := temporaryFiles(t)
	for _, path := range []string{"/import", "/import/files", "/articles"} {
		body := &countingReader{most: 200 << 20}
		req, err := http.NewRequest(http.MethodPost, w.srv.URL+"/api/v1"+path, body)
		w.check(err)
		req.Header.Set("Content-Type", map[string]string{"/import/files": "multipart/form-data; boundary=x"}[path])
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			res.Body.Close()
			if res.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s: %s", path, res.Status)
			}
		}
		if n := body.n.Load(); n > 16<<20 {
			t.Errorf("%s: %d bytes were taken", path, n)
		}
	}
	if after := temporaryFiles(t); after > before {
		t.Errorf("%d temporary files are left", after-before)
	}
}

func temporaryFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "multipart-") {
			n++
		}
	}
	return n
}

// TestBadQueries asks lists for what they have not. TestBadInput tries the rest.
func TestBadQueries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.hire("olga", chat.RoleOwner)
	for _, query := range []string{
		"/conversations?view=mien", "/conversations?limit=0", "/conversations?limit=201", "/conversations?limit=x", "/conversations?cursor=nonsense",
		"/articles?status=gone", "/articles?visibility=all", "/articles?limit=-1", "/articles?cursor=nonsense", "/articles?q=" + fill(201),
		"/questions?status=gone", "/questions?origin=x", "/questions?article=x", "/questions?limit=0", "/questions?cursor=nonsense",
		"/conversations/" + newID().String() + "/entries?log=secret", "/conversations/" + newID().String() + "/entries?after=-1",
	} {
		if a := owner.do(http.MethodGet, query, nil, nil); a.StatusCode != http.StatusUnprocessableEntity || a.problem(t) != chat.CodeInvalid {
			t.Errorf("%s: %s %s", query, a.Status, a.body)
		}
	}
	// An empty parameter is one that is not there.
	for _, query := range []string{"/conversations?view=&cursor=&limit=", "/articles?status=&visibility=&q=&cursor=", "/questions?status=&origin=&article=&cursor="} {
		owner.ok(http.MethodGet, query, nil, nil)
	}
	for _, path := range []string{"/nothing", "/conversations/x/y/z", "/me/"} {
		if a := owner.do(http.MethodGet, path, nil, nil); a.StatusCode != http.StatusNotFound || a.problem(t) != chat.CodeNotFound {
			t.Errorf("%s: %s", path, a.Status)
		}
	}
	if strings.Contains(w.logs.String(), "panic") {
		t.Errorf("log:\n%s", w.logs)
	}
}

// TestListsAreNeverNull: clients are promised lists. What may be null is named.
func TestListsAreNeverNull(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.hire("olga", chat.RoleOwner)
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	p.send("request_person", "p", protocol.RequestPerson{Conversation: conv, ClientID: newID()})
	p.answer("p")
	var article knowledge.Article
	owner.ok(http.MethodPost, "/articles", protocol.ArticleRequest{Title: "T", Visibility: knowledge.Public, Status: knowledge.StatusPublished}, &article)
	null := regexp.MustCompile(`"([a-z_]+)":null`)
	for _, call := range []struct {
		method, path string
		in           any
	}{
		{http.MethodGet, "/me", nil},
		{http.MethodGet, "/users", nil},
		{http.MethodGet, "/conversations", nil},
		{http.MethodGet, "/conversations?view=closed", nil},
		{http.MethodGet, "/conversations/" + conv.String(), nil},
		{http.MethodGet, "/conversations/" + conv.String() + "/entries", nil},
		{http.MethodGet, "/conversations/" + conv.String() + "/entries?log=staff", nil},
		{http.MethodGet, "/articles", nil},
		{http.MethodGet, "/articles?q=nothing", nil},
		{http.MethodGet, "/articles/" + article.ID.String(), nil},
		{http.MethodPost, "/preview", protocol.PreviewRequest{}},
		{http.MethodPost, "/ask", protocol.AskRequest{Text: "?"}},
		{http.MethodPost, "/import", protocol.ImportRequest{Source: "x", Articles: []knowledge.Input{}}},
		{http.MethodGet, "/questions", nil},
		{http.MethodGet, "/models", nil},
		{http.MethodGet, "/spending", nil},
		{http.MethodPost, "/questions/import", protocol.QuestionImport{Exchanges: []knowledge.Exchange{}}},
		{http.MethodPut, "/inboxes/" + w.inbox.ID.String(), protocol.InboxRequest{Name: "Site"}},
	} {
		in := call.in
		if r, ok := in.(protocol.InboxRequest); ok {
			r.Settings.Sites, r.Settings.Starters, r.Settings.Locales = []string{}, []string{}, []string{}
			in = r
		}
		a := owner.do(call.method, call.path, in, nil)
		if a.StatusCode != http.StatusOK {
			t.Errorf("%s %s: %s %s", call.method, call.path, a.Status, a.body)
		}
		for _, m := range null.FindAllStringSubmatch(string(a.body), -1) {
			if m[1] != "suggested" && m[1] != "handoff" {
				t.Errorf("%s %s: %s is null", call.method, call.path, m[1])
			}
		}
	}
	var s json.RawMessage
	w.post("/v1/session", protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: w.inbox.Key}}, &s)
	for _, m := range null.FindAllStringSubmatch(string(s), -1) {
		t.Errorf("session: %s is null", m[1])
	}
}

func TestInbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, ben := w.hire("anna", chat.RoleAgent), w.hire("ben", chat.RoleAgent)
	p := w.join("")
	conv := newID()
	p.say(conv, "Help!")
	p.send("request_person", "p", protocol.RequestPerson{Conversation: conv, ClientID: newID()})
	p.answer("p")
	var list protocol.ConversationList
	anna.ok(http.MethodGet, "/conversations", nil, &list)
	if list.Queue != 1 || list.Mine != 0 || len(list.Data) != 1 || !strings.HasPrefix(list.Data[0].CustomerName, "Visitor ") {
		t.Fatalf("queue %+v", list)
	}
	path, epoch := "/conversations/"+conv.String(), list.Data[0].Epoch
	if a := anna.do(http.MethodPost, path+"/claim", protocol.MoveRequest{Epoch: epoch + 1}, nil); a.problem(t) != chat.CodeStale {
		t.Errorf("another epoch: %s", a.Status)
	}
	var row protocol.ConversationRow
	anna.ok(http.MethodPost, path+"/claim", protocol.MoveRequest{Epoch: epoch}, &row)
	if row.Owner != chat.OwnerAgent || row.AgentName != "anna" || row.Epoch != epoch+1 {
		t.Errorf("claimed %+v", row)
	}
	if a := ben.do(http.MethodPost, path+"/claim", protocol.MoveRequest{Epoch: epoch}, nil); a.problem(t) != chat.CodeConflict {
		t.Errorf("a second claim: %s", a.Status)
	}
	reply := protocol.ReplyRequest{ClientID: newID(), Text: "Here I am"}
	var first, again chat.Entry
	anna.ok(http.MethodPost, path+"/reply", reply, &first)
	anna.ok(http.MethodPost, path+"/reply", reply, &again)
	if first.Seq != again.Seq || first.From.Name != "anna" {
		t.Errorf("%+v, then %+v", first, again)
	}
	for _, bad := range []protocol.ReplyRequest{{Text: "x"}, {ClientID: newID(), Text: " "}} {
		if a := anna.do(http.MethodPost, path+"/reply", bad, nil); a.problem(t) != chat.CodeInvalid {
			t.Errorf("%+v: %s", bad, a.Status)
		}
	}
	if a := ben.do(http.MethodPost, path+"/reply", protocol.ReplyRequest{ClientID: newID(), Text: "Me too"}, nil); a.problem(t) != chat.CodeConflict {
		t.Errorf("another's reply: %s", a.Status)
	}
	var view protocol.ConversationView
	ben.ok(http.MethodGet, path, nil, &view)
	if view.Handoff == nil || view.Handoff.Brief.Goal != "Help!" || view.AgentName != "anna" || view.Person.ID != p.who {
		t.Errorf("view %+v", view)
	}
	anna.ok(http.MethodPost, path+"/release", protocol.MoveRequest{Epoch: view.Epoch}, &row)
	if row.Owner != chat.OwnerBot {
		t.Errorf("released %+v", row)
	}
	ben.ok(http.MethodPost, path+"/close", protocol.MoveRequest{Epoch: row.Epoch}, &row)
	ben.ok(http.MethodGet, "/conversations?view=closed", nil, &list)
	if len(list.Data) != 1 || list.Data[0].Status != chat.StatusClosed {
		t.Errorf("closed %+v", list)
	}
}

func TestArticles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	eve := w.hire("eve", chat.RoleEditor)
	req := protocol.ArticleRequest{Title: "Re\x00turns", Body: "Send it **back**.", Tags: []string{"a"}, Visibility: knowledge.Public, Status: knowledge.StatusPublished}
	var a knowledge.Article
	eve.ok(http.MethodPost, "/articles", req, &a)
	if a.Source != SourceConsole || a.Title != "Returns" || a.Number != 1 || a.ExternalID != a.ID.String() {
		t.Errorf("%+v", a)
	}
	path := "/articles/" + a.ID.String()
	for _, url := range []string{"javascript:alert(1)", "nothing", "//x"} {
		bad := req
		bad.URL = url
		if res := eve.do(http.MethodPost, "/articles", bad, nil); res.problem(t) != chat.CodeInvalid {
			t.Errorf("%s: %s", url, res.Status)
		}
	}

	// Of many who save at once over the same version, one does.
	req.Version, req.Body = a.Version, "Send it back soon."
	codes := make(chan chat.Code, 8)
	for i := range cap(codes) {
		go func() {
			r := req
			r.Body = fmt.Sprint(req.Body, i)
			res := eve.do(http.MethodPut, path, r, nil)
			if res.StatusCode == http.StatusOK {
				codes <- ""
				return
			}
			codes <- res.problem(t)
		}()
	}
	saved := 0
	for range cap(codes) {
		switch code := <-codes; code {
		case "":
			saved++
		case chat.CodeStale, chat.CodeConflict:
		default:
			t.Errorf("code %q", code)
		}
	}
	eve.ok(http.MethodGet, path, nil, &a)
	if saved != 1 || a.Number != 2 {
		t.Errorf("%d saved, version %d", saved, a.Number)
	}
	var list protocol.ArticleList
	eve.ok(http.MethodGet, "/articles?q=RETURN&status=published", nil, &list)
	if list.Total != 1 || len(list.Data) != 1 || list.Data[0].Body != "" {
		t.Errorf("%+v", list)
	}
	eve.ok(http.MethodDelete, path, nil, nil)
	eve.ok(http.MethodGet, path, nil, &a)
	if a.Status != knowledge.StatusArchived {
		t.Errorf("archived: %+v", a)
	}
}

func TestQuestions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	eve := w.hire("eve", chat.RoleEditor)
	req := protocol.ArticleRequest{Title: "Pay", Visibility: knowledge.Public, Status: knowledge.StatusPublished, Questions: []string{"How do I\x00 pay?"}}
	var a knowledge.Article
	eve.ok(http.MethodPost, "/articles", req, &a)
	phrased := func(what string, want ...string) {
		t.Helper()
		eve.ok(http.MethodGet, "/articles/"+a.ID.String(), nil, &a)
		if !slices.Equal(a.Phrasings, want) {
			t.Errorf("%s: %q, want %q", what, a.Phrasings, want)
		}
	}
	phrased("at first", "How do I pay?")
	req.Version, req.Body, req.Questions = a.Version, "By card.", nil
	eve.ok(http.MethodPut, "/articles/"+a.ID.String(), req, &a)
	phrased("left out", "How do I pay?")
	// In JSON, as omitempty drops an empty list on its way out of Go.
	none := map[string]any{"title": "Pay", "body": "", "visibility": "public", "status": "published", "version": a.Version, "questions": []string{}}
	eve.ok(http.MethodPut, "/articles/"+a.ID.String(), none, &a)
	a.Phrasings = nil
	phrased("none")

	stored, err := w.store.PutQuestions(w.ctx, w.ws.ID, []knowledge.Question{{Article: knowledge.ArticleName{ID: a.ID}, Text: "Can I pay later?",
		Origin: knowledge.OriginHistory, Source: "desk", External: "7", Status: knowledge.QuestionProposed}})
	w.check(err)
	id := stored[0].Question.ID
	var decided protocol.QuestionsDecided
	decision := protocol.QuestionDecision{IDs: []uuid.UUID{id}, Status: knowledge.QuestionAccepted}
	eve.ok(http.MethodPost, "/questions/decide", decision, &decided)
	if decided.Changed != 1 {
		t.Errorf("%d changed", decided.Changed)
	}
	eve.ok(http.MethodPost, "/questions/decide", decision, &decided)
	if decided.Changed != 0 {
		t.Errorf("again: %d changed", decided.Changed)
	}
	var page protocol.QuestionList
	eve.ok(http.MethodGet, "/questions?status=accepted&origin=history&article="+a.ID.String(), nil, &page)
	if page.Total != 1 || len(page.Data) != 1 || page.Data[0].ID != id || page.Data[0].DecidedBy == uuid.Nil || page.Data[0].Article.Title != "Pay" {
		t.Errorf("%+v", page)
	}
	decision.Status = knowledge.QuestionProposed
	if res := eve.do(http.MethodPost, "/questions/decide", decision, nil); res.problem(t) != chat.CodeInvalid {
		t.Errorf("no decision: %s", res.Status)
	}
	var report knowledge.QuestionReport
	eve.ok(http.MethodPost, "/questions/import", protocol.QuestionImport{Exchanges: []knowledge.Exchange{{Source: "desk", ID: "8", Question: "x"}}}, &report)
	if report.Proposed != 1 {
		t.Errorf("%+v", report)
	}
}

func TestUpload(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	eve := w.hire("eve", chat.RoleEditor)
	upload := func(files map[string]string) answer {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for name, text := range files {
			part, err := form.CreateFormFile("files", name)
			w.check(err)
			_, err = part.Write([]byte(text))
			w.check(err)
		}
		w.check(form.Close())
		req, err := http.NewRequest(http.MethodPost, w.srv.URL+"/api/v1/import/files", &body)
		w.check(err)
		req.Header.Set("Content-Type", form.FormDataContentType())
		return eve.request(req, nil)
	}
	before := temporaryFiles(t)
	a := upload(map[string]string{"../../etc/passwd.md": "# A", "b.md": "# " + fill(1<<20), "c.exe": "x"})
	var report protocol.ImportReport
	w.check(json.Unmarshal(a.body, &report))
	if report.Added != 2 || len(report.Problems) != 1 || report.Problems[0].Path != "c.exe" {
		t.Errorf("%+v", report)
	}
	if a := upload(nil); a.problem(t) != chat.CodeInvalid {
		t.Errorf("nothing: %s", a.Status)
	}
	if after := temporaryFiles(t); after > before {
		t.Errorf("%d temporary files are left", after-before)
	}
	req, err := http.NewRequest(http.MethodPost, w.srv.URL+"/api/v1/import/files", io.MultiReader(
		strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.md\"\r\n\r\n"), &countingReader{most: maxImportBody + 1}))
	w.check(err)
	req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	if res, err := eve.Do(req); err == nil {
		res.Body.Close()
		if res.StatusCode < 400 || res.StatusCode >= 500 {
			t.Errorf("too large: %s", res.Status)
		}
	}
	if after := temporaryFiles(t); after > before {
		t.Errorf("%d temporary files are left after a refused upload", after-before)
	}
}

func TestPutInbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.hire("olga", chat.RoleOwner)
	path := "/inboxes/" + w.inbox.ID.String()
	good := protocol.InboxRequest{Name: "Shop", Settings: chat.InboxSettings{
		Sites: []string{"https://shop.example", "http://localhost:3000", "https://*.shop.example"}, Colour: "#0a7f5b", Timezone: "Europe/Berlin",
		Starters: []string{"Where is my parcel?"}, Locales: []string{"en"},
	}}
	good.Settings.Hours[time.Monday].Open, good.Settings.Hours[time.Monday].Close = "08:00", "24:00"
	var in chat.Inbox
	owner.ok(http.MethodPut, path, good, &in)
	if in.Name != "Shop" || in.Key != w.inbox.Key || len(in.Settings.Sites) != 3 {
		t.Errorf("%+v", in)
	}
	for name, bad := range map[string]func(*chat.InboxSettings){
		"a second directive": func(s *chat.InboxSettings) { s.Sites = []string{"https://a.example; script-src *"} },
		"a path":             func(s *chat.InboxSettings) { s.Sites = []string{"https://a.example/x"} },
		"any site":           func(s *chat.InboxSettings) { s.Sites = []string{"*"} },
		"a keyword":          func(s *chat.InboxSettings) { s.Sites = []string{"'unsafe-inline'"} },
		"a new line":         func(s *chat.InboxSettings) { s.Sites = []string{"https://a.example\nX: y"} },
		"colour":             func(s *chat.InboxSettings) { s.Colour = "red" },
		"zone":               func(s *chat.InboxSettings) { s.Timezone = "Europe/Atlantis" },
		"hours":              func(s *chat.InboxSettings) { s.Hours[0].Open = "9" },
		"starters":           func(s *chat.InboxSettings) { s.Starters = []string{"1", "2", "3", "4"} },
		"U+0000":             func(s *chat.InboxSettings) { s.Greeting = "a\x00b" },
	} {
		r := good
		bad(&r.Settings)
		if a := owner.do(http.MethodPut, path, r, nil); a.problem(t) != chat.CodeInvalid {
			t.Errorf("%s: %s %s", name, a.Status, a.body)
		}
	}
	if a := owner.do(http.MethodPut, "/inboxes/"+uuid.NewString(), good, nil); a.problem(t) != chat.CodeNotFound {
		t.Errorf("another: %s", a.Status)
	}
}
