package gateway

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/knowledge"
)

// get asks for a page, with headers as "Name: value".
func (w *world) get(path string, headers ...string) answer {
	w.t.Helper()
	req, err := http.NewRequest(http.MethodGet, w.srv.URL+path, nil)
	w.check(err)
	req.Header.Set("Accept-Encoding", "identity")
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := (&http.Client{Transport: http.DefaultTransport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
	w.check(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	w.check(err)
	return answer{res, body}
}

func (w *world) settings(set func(*chat.InboxSettings)) {
	w.t.Helper()
	set(&w.inbox.Settings)
	var err error
	w.inbox, err = w.store.PutInbox(w.ctx, w.ws.ID, w.inbox)
	w.check(err)
}

func TestAssets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	base := "/assets/" + w.g.assets.hash
	plain := w.get(base + "/widget/app.js")
	if string(plain.body) != string(built["app.js"].Data) || plain.Header.Get("Content-Type") != "text/javascript; charset=utf-8" ||
		plain.Header.Get("Cache-Control") != cacheForever || plain.Header.Get("Content-Encoding") != "" || plain.Header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("plain: %v", plain.Header)
	}
	tags := map[string]bool{}
	for accept, coding := range map[string]string{"identity": "", "gzip": "gzip", "gzip, deflate, br": "br", "br;q=0.1, gzip": "gzip"} {
		a := w.get(base+"/widget/app.js", "Accept-Encoding: "+accept)
		tag := a.Header.Get("ETag")
		if a.Header.Get("Content-Encoding") != coding || string(unpack(t, coding, a.body)) != string(plain.body) || tags[coding+tag] || (coding != "") != (len(a.body) < len(plain.body)) {
			t.Errorf("%s: %v, %d bytes", accept, a.Header, len(a.body))
		}
		tags[tag] = true
		again := w.get(base+"/widget/app.js", "If-None-Match: W/"+tag+`, "x"`, "Accept-Encoding: "+accept)
		if again.StatusCode != http.StatusNotModified || len(again.body) != 0 {
			t.Errorf("%s again: %s", accept, again.Status)
		}
	}
	if len(tags) != 3 {
		t.Errorf("three codings have the ETags %v", tags)
	}
	if a := w.get(base + "/widget/logo.png"); a.Header.Get("Content-Encoding") != "" || a.Header.Get("Content-Type") != "image/png" {
		t.Errorf("picture: %v", a.Header)
	}
	// A page of another build begins again; of its files only what fits any build is served.
	for name, want := range map[string]int{"widget/app.js": 200, "widget/pane-that-is-no-more.js": 200, "console/console.js": 200, "widget/locale-de.json": 410, "widget/logo.png": 200, "widget/none.png": 404} {
		a := w.get("/assets/0123456789abcdef/" + name)
		again := strings.Contains(string(a.body), "location.reload()")
		if a.StatusCode != want || want != http.StatusNotFound && a.Header.Get("Cache-Control") != cacheNever || again != strings.HasSuffix(name, ".js") {
			t.Errorf("another build's %s: %s %v %q", name, a.Status, a.Header, a.body)
		}
	}
	for _, path := range []string{"/widget/nothing.js", "/widget/", "/", "/widget/../../secret", "/widget/%2e%2e/x", "/console"} {
		if a := w.get(base + path); a.StatusCode == http.StatusOK {
			t.Errorf("%s: %s", path, a.Status)
		}
	}
	// The hash is of content and names: another build has another.
	o := w.g.o
	other, err := newAssets(built, nil)
	w.check(err)
	if other.hash == w.g.assets.hash {
		t.Error("two builds have one hash")
	}
	if same, err := newAssets(o.Widget, o.Console); err != nil || same.hash != w.g.assets.hash {
		t.Errorf("one build has two hashes (%v)", err)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	frame := w.get("/widget/v1/frame?inbox=site")
	policy := frame.Header.Get("Content-Security-Policy")
	if !strings.Contains(string(frame.body), `src="/assets/`+w.g.assets.hash+`/widget/app.js"`) || !strings.Contains(string(frame.body), `href="/widget/v1/brand.css?inbox=site"`) ||
		!strings.HasSuffix(policy, "frame-ancestors *") || !strings.Contains(policy, "require-trusted-types-for 'script'") || strings.Contains(policy, "unsafe") ||
		!strings.Contains(string(frame.body), `<meta name="launcher" content=":host{inset:auto 24px 24px auto!important;`) ||
		frame.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" || frame.Header.Get("Cross-Origin-Embedder-Policy") != "require-corp" || frame.Header.Get("Cache-Control") != cacheNever || frame.Header.Get("X-Frame-Options") != "" {
		t.Errorf("frame: %v\n%s", frame.Header, frame.body)
	}
	again := w.get("/widget/v1/frame?inbox=site", "If-None-Match: "+frame.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified || again.Header.Get("Content-Security-Policy") != policy {
		t.Errorf("again: %s %v", again.Status, again.Header)
	}
	w.settings(func(s *chat.InboxSettings) {
		s.Sites = []string{"https://shop.example", "https://a.example; script-src *", "https://*.shop.example"} // the second was never let in
	})
	if got := w.get("/widget/v1/frame?inbox=site").Header.Get("Content-Security-Policy"); !strings.HasSuffix(got, "frame-ancestors 'self' https://shop.example https://*.shop.example") {
		t.Errorf("policy %q", got)
	}
	for _, path := range []string{"/widget/v1/frame", "/widget/v1/frame?inbox=other", "/widget/v1/frame?inbox=%00", "/widget/v1/brand.css?inbox=other"} {
		if a := w.get(path); a.StatusCode != http.StatusNotFound || a.problem(t) != chat.CodeNotFound || a.Header.Get("Content-Security-Policy") != "default-src 'none'; frame-ancestors 'none'" {
			t.Errorf("%s: %s %v", path, a.Status, a.Header)
		}
	}
	for _, path := range []string{"/console/", "/console/inbox/queue"} {
		a := w.get(path)
		if a.StatusCode != http.StatusOK || !strings.HasSuffix(a.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") || !strings.Contains(string(a.body), "/console/app.js") {
			t.Errorf("%s: %s %v", path, a.Status, a.Header)
		}
	}
	if a := w.get("/"); a.StatusCode != http.StatusFound || a.Header.Get("Location") != "/console/" {
		t.Errorf("/: %s", a.Status)
	}
	for _, path := range []string{"/", "/console/", "/widget/v1/frame?inbox=site", "/healthz", "/nothing", "/api/v1/me"} {
		h := w.get(path).Header
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin", "Permissions-Policy": "camera=(), geolocation=(), microphone=()"} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
	}
}

// What sites embed may be loaded from any site and, under its own ETag, kept for ever.
func TestWhatSitesEmbed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e, err := EmbedOf(built)
	w.check(err)
	for path, cache := range map[string]string{
		"/widget/v1/frontdesk.js": cacheShort, "/widget/" + e.Version + "/frontdesk.js": cacheForever, "/widget/0123456789abcdef/frontdesk.js": cacheNever,
		"/widget/v1/shim-other.js": cacheShort, "/widget/v1/frontdesk.d.ts": cacheShort,
	} {
		a := w.get(path)
		if a.StatusCode != http.StatusOK || a.Header.Get("Access-Control-Allow-Origin") != "*" || a.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" || a.Header.Get("Cache-Control") != cache {
			t.Errorf("%s: %s %v", path, a.Status, a.Header)
		}
	}
	for _, path := range []string{"/widget/v1/app.js", "/widget/v1/index.html", "/widget/v1/shim-none.js", "/widget/v1/", "/widget/v1/locale-en.json", "/widget/" + e.Version + "/frame", "/widget/v1/..%2fconsole%2fapp.js"} {
		if a := w.get(path); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, a.Status)
		}
	}
	// All else is for our own pages.
	for _, path := range []string{"/assets/" + w.g.assets.hash + "/widget/app.js", "/widget/v1/brand.css?inbox=site", "/console/", "/v1/articles/x?inbox=site", "/api/v1/me"} {
		if a := w.get(path); a.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("%s: %v", path, a.Header)
		}
	}
	var told protocol.Embed
	viewer := w.hire("anna", chat.RoleViewer)
	viewer.ok(http.MethodGet, "/embed", nil, &told)
	if told.Server != "" {
		t.Errorf("reached at %q", told.Server)
	}
	w.g.ReachedAt("https://help.example/")
	viewer.ok(http.MethodGet, "/embed", nil, &told)
	sum := sha512.Sum384(w.get("/widget/v1/frontdesk.js").body)
	e.Server = "https://help.example"
	if told != e || e.Integrity != "sha384-"+base64.StdEncoding.EncodeToString(sum[:]) {
		t.Errorf("told %+v, %+v", told, e)
	}
	if _, err := EmbedOf(nil); chat.CodeOf(err) != chat.CodeNotFound {
		t.Errorf("without a widget: %v", err)
	}
	if got := Tag(`https://help.example`, `"><script>`); got != `<script async src="https://help.example/widget/v1/frontdesk.js" data-inbox="&#34;&gt;&lt;script&gt;"></script>` {
		t.Error(got)
	}
}

// The frame says in which language its words come, which are on their way before its script asks for them.
func TestFrameInALanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct{ query, accept, html, locale string }{
		{"", "de-AT,en;q=0.5", `<html lang="de" dir="ltr">`, "de"},
		{"&lang=ar", "de", `<html lang="ar" dir="rtl">`, "ar"},
		{"&lang=ar&locale=de", "en", `<html lang="de" dir="ltr">`, "de"},
		{"&lang=ar&locale=xx", "en", `<html lang="ar" dir="rtl">`, "ar"},
		{"&lang=x%22%3E%3Cscript%3E", "fi", `<html lang="en" dir="ltr">`, "en"},
	} {
		a := w.get("/widget/v1/frame?inbox=site"+c.query, "Accept-Language: "+c.accept)
		link := "</assets/" + w.g.assets.hash + "/widget/locale-" + c.locale + `.json>; rel="preload"; as="fetch"; crossorigin`
		if !strings.Contains(string(a.body), c.html) || a.Header.Get("Link") != link || a.Header.Get("Content-Language") != c.locale || !slices.Contains(a.Header.Values("Vary"), "Accept-Language") ||
			!strings.HasSuffix(a.Header.Values("Link")[1], `/widget/pane-around.js>; rel="modulepreload"`) {
			t.Errorf("%+v: %v\n%s", c, a.Header, a.body)
		}
		if a := w.get("/assets/" + w.g.assets.hash + "/widget/locale-" + c.locale + ".json"); a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "application/json" || a.Header.Get("Cache-Control") != cacheForever {
			t.Errorf("%s: %s %v", c.locale, a.Status, a.Header)
		}
	}
	w.settings(func(s *chat.InboxSettings) { s.Locales = []string{"de-CH", "en"} })
	if a := w.get("/widget/v1/frame?inbox=site"); !strings.Contains(string(a.body), `lang="de"`) {
		t.Errorf("in the inbox's language: %s", a.body)
	}
}

func TestBrandSheetOfAnInbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := w.get("/widget/v1/brand.css?inbox=site")
	if own.StatusCode != http.StatusOK || !strings.Contains(string(own.body), "--accent: light-dark(#2552c8,") || own.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("without a colour: %s %v %q", own.Status, own.Header, own.body)
	}
	w.settings(func(s *chat.InboxSettings) { s.Colour = "#0a7f5b" })
	a := w.get("/widget/v1/brand.css?inbox=site")
	if !strings.Contains(string(a.body), "--accent: light-dark(#0a7f5b,") {
		t.Errorf("with a colour: %s", a.body)
	}
	// An operator's colour is no way into the style sheet.
	for _, colour := range []string{"#0a7f5b;}*{display:none", "red", "#0a7f5", "url(x)"} {
		w.settings(func(s *chat.InboxSettings) { s.Colour = colour })
		if a := w.get("/widget/v1/brand.css?inbox=site"); string(a.body) != string(own.body) {
			t.Errorf("%q gives %s", colour, a.body)
		}
	}
}

func TestArticleView(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	put := func(v knowledge.Visibility, s knowledge.Status, body string) knowledge.Article {
		t.Helper()
		res, err := w.store.PutArticles(w.ctx, w.ws.ID, []knowledge.Put{knowledge.Prepare(knowledge.Input{Source: "s", ExternalID: string(v) + string(s), Title: "Returns",
			Body: body, URL: "javascript:alert(1)", Visibility: v, Status: s})})
		w.check(err)
		return res[0].Article
	}
	const body = "Send it back within 30 days. The label is free."
	public := put(knowledge.Public, knowledge.StatusPublished, body)
	a := w.get("/v1/articles/" + public.Version.String() + "?inbox=site&spans=0-28,40-99,x,9-3")
	var v protocol.ArticleView
	w.check(json.Unmarshal(a.body, &v))
	if v.Title != "Returns" || v.URL != "" || v.Number != 1 || v.Minutes != 1 || v.Tags == nil || !strings.Contains(string(a.body), `"mark"`) || a.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s", a.body)
	}
	var newest protocol.ArticleView
	w.check(json.Unmarshal(w.get("/v1/articles/"+public.ID.String()+"?inbox=site").body, &newest))
	if v.Blocks, newest.Blocks = nil, nil; !cmp.Equal(v, newest) {
		t.Errorf("by the article's id: %+v", newest)
	}
	var first answer
	for name, version := range map[string]string{
		"internal": put(knowledge.Internal, knowledge.StatusPublished, body).Version.String(), "internal, by its id": put(knowledge.Internal, knowledge.StatusPublished, body).ID.String(), "draft": put(knowledge.Public, knowledge.StatusDraft, body).Version.String(),
		"unknown": uuid.NewString(), "none": "x",
	} {
		a := w.get("/v1/articles/" + version + "?inbox=site")
		if a.StatusCode != http.StatusNotFound || a.problem(t) != chat.CodeNotFound {
			t.Errorf("%s: %s", name, a.Status)
		}
		if first.body == nil {
			first = a
		} else if string(first.body) != string(a.body) {
			t.Errorf("%s is told apart: %s, %s", name, a.body, first.body)
		}
	}
	_, err := w.store.ArchiveArticles(w.ctx, w.ws.ID, []uuid.UUID{public.ID})
	w.check(err)
	if a := w.get("/v1/articles/" + public.Version.String() + "?inbox=site"); a.StatusCode != http.StatusNotFound {
		t.Errorf("archived: %s", a.Status)
	}
	beside, err := w.store.CreateWorkspace(w.ctx, "beside")
	w.check(err)
	_, err = w.store.PutInbox(w.ctx, beside.ID, chat.Inbox{Key: "beside", Name: "Beside"})
	w.check(err)
	if a := w.get("/v1/articles/" + put(knowledge.Public, knowledge.StatusPublished, body+"!").Version.String() + "?inbox=beside"); a.StatusCode != http.StatusNotFound {
		t.Errorf("from another workspace: %s", a.Status)
	}
}

func TestSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, body := range map[string]string{
		"not JSON": "{", "a list": "[]", "wrong types": `{"inbox":7}`, "empty": "", "two values": `{"inbox":"site"}{}`,
	} {
		res, err := http.Post(w.srv.URL+"/v1/session", "application/json", strings.NewReader(body))
		w.check(err)
		data, err := io.ReadAll(res.Body)
		w.check(err)
		res.Body.Close()
		if (answer{res, data}).problem(t) != chat.CodeInvalid {
			t.Errorf("%s: %s", name, data)
		}
	}
	res, err := http.Post(w.srv.URL+"/v1/session", "application/json", strings.NewReader(`{"inbox":"`+fill(maxBody)+`"}`))
	w.check(err)
	data, err := io.ReadAll(res.Body)
	w.check(err)
	res.Body.Close()
	if res.StatusCode != http.StatusRequestEntityTooLarge || (answer{res, data}).problem(t) != chat.CodeTooLarge {
		t.Errorf("too large: %s", data)
	}
	for _, key := range []string{"", "other", "si\x00te2", strings.Repeat("ü", 100)} {
		if res := w.post("/v1/session", protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: key}}, nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("inbox %q: %s", key, res.Status)
		}
	}
	first, second := w.session(""), w.session("")
	if first.VisitorToken == second.VisitorToken || first.SocketToken == second.SocketToken || first.Conversations == nil || first.Inbox.Starters == nil || first.Inbox.Brand != "Site" {
		t.Errorf("%+v, %+v", first, second)
	}
	if again := w.session(first.VisitorToken); again.VisitorToken != first.VisitorToken || again.SocketToken == first.SocketToken {
		t.Errorf("again: %+v", again)
	}
	if fresh := w.session("made up"); fresh.VisitorToken == "made up" {
		t.Error("a visitor may choose the token")
	}
	// Opening hours that nobody can read keep nobody from asking.
	w.settings(func(s *chat.InboxSettings) { s.Timezone = "Europe/Atlantis" })
	w.session("")
}

func TestHealth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for path, want := range map[string]string{"/healthz": `{"status":"ok"}`, "/readyz": `{"status":"ready"}`, "/version": `{"version":"1.2.3"}`} {
		if a := w.get(path); a.StatusCode != http.StatusOK || strings.TrimSpace(string(a.body)) != want {
			t.Errorf("%s: %s %s", path, a.Status, a.body)
		}
	}
	w.check(w.store.Close())
	w.clock.advance(time.Second)
	if a := w.get("/readyz"); a.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("with the store closed: %s", a.Status)
	}
	if a := w.get("/healthz"); a.StatusCode != http.StatusOK {
		t.Errorf("with the store closed: %s", a.Status)
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.g.WatchOrphans()
	p := w.join("")
	p.say(newID(), "Hello?")
	p.raw(2, []byte("x"))
	p.ended()
	w.clock.advance(2 * orphanAge)
	rec := httptest.NewRecorder()
	w.g.Metrics().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, line := range []string{
		`frontdesk_build_info{version="1.2.3"} 1`, `frontdesk_messages_total{from="customer"} 1`, `frontdesk_ws_closes_total{code="4500"} 1`,
		`frontdesk_orphans 1`, `frontdesk_panics_total 0`,
	} {
		if !strings.Contains(rec.Body.String(), line+"\n") {
			t.Errorf("missing: %s", line)
		}
	}
	if id := p.who.String(); strings.Contains(rec.Body.String(), id) {
		t.Error("a label holds an id")
	}
	if a := w.get("/metrics"); a.StatusCode != http.StatusNotFound {
		t.Errorf("metrics are public: %s", a.Status)
	}
}

// What a browser asks to tell this server from a network that answers in its place is nothing, and kept nowhere.
func TestHere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.srv.URL+"/v1/here", nil)
	w.check(err)
	res, err := http.DefaultClient.Do(req)
	w.check(err)
	body, err := io.ReadAll(res.Body)
	w.check(err)
	w.check(res.Body.Close())
	if res.StatusCode != http.StatusNoContent || len(body) != 0 || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s, %q, %v", res.Status, body, res.Header)
	}
}
