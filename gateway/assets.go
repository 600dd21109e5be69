package gateway

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"

	"frontdesk/chat"
)

// assets are the built files of widget and console. They are served under a
// path that holds the hash of all of them, so that a browser may keep them for
// ever and a new build is a new address.
type assets struct {
	hash    string
	files   map[string]asset // "widget/app.js"
	pages   map[string]asset // "widget": its index.html, with addresses that lead to the files
	locales *locales         // of the widget; nil: it has its words in its files
}

type asset struct {
	data     []byte
	coded    []coded // none for what is not worth compressing
	typ, tag string  // media type, and ETag without quotes
}

// types are the media types that the build makes; others come from the system's table.
var types = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8",
	".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
	".ts": "application/typescript; charset=utf-8",
}

func newAssets(widget, console fs.FS) (*assets, error) {
	a := &assets{files: map[string]asset{}}
	sum := sha256.New()
	for _, tree := range []struct {
		name    string
		fsys    fs.FS
		quality int
	}{{"widget", widget, brotliBest}, {"console", console, brotliQuick}} {
		if tree.fsys == nil {
			continue
		}
		err := fs.WalkDir(tree.fsys, ".", func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(tree.fsys, p)
			if err != nil {
				return err
			}
			name := tree.name + "/" + p
			fmt.Fprintf(sum, "%s %d\n", name, len(data))
			sum.Write(data)
			f := plainAsset(p, data)
			f.coded = encode(data, tree.quality)
			a.files[name] = f
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("gateway: assets of %s: %w", tree.name, err)
		}
	}
	a.hash = hex.EncodeToString(sum.Sum(nil))[:16]
	a.pages = map[string]asset{}
	for _, tree := range []string{"widget", "console"} {
		if f, ok := a.files[tree+"/index.html"]; ok {
			base := fmt.Sprintf(`="/assets/%s/%s/`, a.hash, tree)
			page := plainAsset("index.html", bytes.ReplaceAll(f.data, []byte(`="./`), []byte(base)))
			page.coded = encode(page.data, brotliQuick)
			a.pages[tree] = page
		}
	}
	if widget != nil {
		var err error
		if a.locales, err = newLocales(widget); err != nil {
			return nil, fmt.Errorf("gateway: assets of widget: %w", err)
		}
	}
	return a, nil
}

// warm compresses what customers load, so that no first one waits for them.
func (a *assets) warm(ctx context.Context) {
	for name, f := range a.files {
		for _, c := range f.coded {
			if strings.HasPrefix(name, "widget/") && ctx.Err() == nil {
				c.data()
			}
		}
	}
}

// plainAsset is a file that is served as it is: a page of some hundred bytes is not worth compressing.
func plainAsset(name string, data []byte) asset {
	sum := sha256.Sum256(data)
	f := asset{data: data, typ: types[path.Ext(name)], tag: hex.EncodeToString(sum[:8])}
	if f.typ == "" {
		f.typ = mime.TypeByExtension(path.Ext(name))
	}
	return f
}

func (f asset) serve(w http.ResponseWriter, r *http.Request, cache string) {
	h := w.Header()
	h.Set("Cache-Control", cache)
	h.Set("Content-Type", f.typ)
	h.Add("Vary", "Accept-Encoding")
	tag := f.tag
	coding, data := f.best(r.Header.Get("Accept-Encoding"))
	if coding != "" {
		h.Set("Content-Encoding", coding)
		tag += "-" + coding
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data)) // answers If-None-Match, Range and HEAD
}

const (
	cacheForever = "public, max-age=31536000, immutable"
	cacheShort   = "public, max-age=300"
	cacheNever   = "no-cache"
)

// pagePolicy is the content security policy of our own pages.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; " +
	"font-src 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors "

func (g *Gateway) assetRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /assets/{hash}/{path...}", g.handleAsset)
	mux.HandleFunc("GET /widget/{version}/{file}", g.handleEmbedded)
	mux.HandleFunc("GET /widget/v1/frame", g.handleFrame)
	mux.HandleFunc("GET /widget/v1/preview", g.handlePreview)
	mux.HandleFunc("GET /widget/v1/brand.css", g.handleBrand)
	mux.HandleFunc("GET /widget/v1/logo", g.handleLogo)
	mux.HandleFunc("GET /chat", g.handleChatPage)
	mux.HandleFunc("GET /chat/{inbox}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/chat?inbox="+url.QueryEscape(r.PathValue("inbox")), http.StatusFound) // a browser keeps the fragment
	})
	mux.HandleFunc("GET /console/{path...}", g.handleConsolePage)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/console/", http.StatusFound)
	})
}

func (g *Gateway) handleAsset(w http.ResponseWriter, r *http.Request) {
	name, cache := r.PathValue("path"), cacheForever
	if r.PathValue("hash") != g.assets.hash {
		cache = cacheNever
		if otherBuild(w, r, path.Ext(name)) {
			return
		}
	}
	f, ok := g.assets.files[name]
	if !ok {
		writeProblem(w, chat.Errorf(chat.CodeNotFound, "There is no such file."))
		return
	}
	f.serve(w, r, cache)
}

// beginAgain is what a page of another build gets for a script. It never ends, so that nobody uses what it lacks; what the
// customer has written and what is on its way is kept in the browser. The pause is for nodes of two builds beside each other.
var beginAgain = plainAsset("again.js", []byte("setTimeout(() => location.reload(), 500);\nawait new Promise(() => {});\n"))

// otherBuild answers a page that is open while the server is upgraded. The names in scripts and tables of words are made
// anew by each build, so that those of two do not go together: the page has to begin again. A sheet or a picture does no
// harm: false.
func otherBuild(w http.ResponseWriter, r *http.Request, kind string) bool {
	switch kind {
	case ".js":
		beginAgain.serve(w, r, cacheNever)
	case ".json":
		w.Header().Set("Cache-Control", cacheNever)
		http.Error(w, "This page is of another build of Frontdesk. Load it again.", http.StatusGone)
	default:
		return false
	}
	return true
}

// embedded matches the files that sites name: the loader, stand-ins for other
// products' loaders, and the types of its global function.
var embedded = regexp.MustCompile(`^(frontdesk\.js|shim-[a-z]+\.js|frontdesk\.d\.ts)$`)

// handleEmbedded serves what sites embed: as v1, which is kept for minutes, or
// under its own ETag, which is kept for ever and goes with an integrity.
func (g *Gateway) handleEmbedded(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	f, ok := g.assets.files["widget/"+name]
	if !ok || !embedded.MatchString(name) {
		writeProblem(w, chat.Errorf(chat.CodeNotFound, "The widget has no such file."))
		return
	}
	cache := cacheNever // the address of another build, whose site did not ask for an integrity or is told by it
	switch r.PathValue("version") {
	case "v1":
		cache = cacheShort
	case f.tag:
		cache = cacheForever
	}
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	f.serve(w, r, cache)
}

// handleFrame serves the widget's document, which only the inbox's sites may frame.
func (g *Gateway) handleFrame(w http.ResponseWriter, r *http.Request) {
	in, err := g.store.InboxByKey(r.Context(), clean(r.URL.Query().Get("inbox")))
	if err != nil {
		g.problem(w, r, err)
		return
	}
	// A page with an embedder policy frames only what has one itself. All that the frame loads is of our own origin, so
	// require-corp costs nothing; credentialless is not known to every browser that enforces require-corp.
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	w.Header().Set("Cross-Origin-Embedder-Policy", "require-corp")
	g.widgetPage(w, r, in, "widget/app.js", ancestors(in.Settings.Sites), launcherMeta(in.Settings, r.URL.Query()))
}

// handleChatPage serves an inbox's chat as a page of its own, where links from e-mails lead. Their token is in the
// fragment, which no browser sends: the page hands it over by POST, and whoever only fetches the page changes nothing.
func (g *Gateway) handleChatPage(w http.ResponseWriter, r *http.Request) {
	in, err := g.store.InboxByKey(r.Context(), clean(r.URL.Query().Get("inbox")))
	if err != nil {
		g.problem(w, r, err)
		return
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("X-Robots-Tag", "noindex")
	g.widgetPage(w, r, in, "widget/app.js", "'none'", "")
}

// handlePreview serves the widget's document for the console, which tells it what to show.
func (g *Gateway) handlePreview(w http.ResponseWriter, r *http.Request) {
	in, err := g.store.InboxByKey(r.Context(), clean(r.URL.Query().Get("inbox")))
	if err != nil {
		g.problem(w, r, err)
		return
	}
	w.Header().Set("X-Robots-Tag", "noindex")
	g.widgetPage(w, r, in, "console/preview.js", "'self'", "")
}

// widgetPage serves the widget's document with an inbox's colours and the
// words of a language on their way, for the given ancestors. The language is
// the tag's setting (locale in the query) or that of the embedding page (lang),
// else the browser's, else the inbox's. script is what it runs, head goes
// before that.
func (g *Gateway) widgetPage(w http.ResponseWriter, r *http.Request, in chat.Inbox, script, ancestors, head string) {
	page, ok := g.assets.pages["widget"]
	if !ok {
		writeProblem(w, chat.Errorf(chat.CodeNotFound, "This build has no widget."))
		return
	}
	brand := fmt.Appendf(nil, `"/widget/v1/brand.css?inbox=%s"`, url.QueryEscape(in.Key))
	html := bytes.ReplaceAll(page.data, []byte(`"/widget/v1/brand.css"`), brand)
	html = bytes.ReplaceAll(html, []byte(`/widget/app.js"`), []byte(`/`+script+`"`))
	html = bytes.Replace(html, []byte("<script"), []byte(head+"<script"), 1)
	w.Header().Set("Content-Security-Policy", pagePolicy+ancestors)
	if l := g.assets.locales; l != nil {
		query := r.URL.Query()
		tag := l.pick(query.Get("locale"), query.Get("lang"), r.Header.Get("Accept-Language"), strings.Join(in.Settings.Locales, ","))
		html = pageIn(html, tag)
		w.Header().Add("Vary", "Accept-Language")
		w.Header().Set("Content-Language", tag)
		// As fetch asks for it, or it is loaded twice.
		w.Header().Set("Link", fmt.Sprintf(`</assets/%s/widget/locale-%s.json>; rel="preload"; as="fetch"; crossorigin`, g.assets.hash, tag))
		// What says that there is no connection must be there before there is none.
		w.Header().Add("Link", fmt.Sprintf(`</assets/%s/widget/pane-around.js>; rel="modulepreload"`, g.assets.hash))
	}
	f := plainAsset("index.html", html)
	f.coded = encode(f.data, brotliOnce)
	f.serve(w, r, cacheNever)
}

// ancestors gives the sources of frame-ancestors for an inbox's sites. What is
// no origin is left out; it must not become a directive of its own.
func ancestors(sites []string) string {
	if len(sites) == 0 {
		return "*"
	}
	out := "'self'"
	for _, s := range sites {
		if isOrigin.MatchString(s) {
			out += " " + s
		}
	}
	return out
}

func (g *Gateway) handleBrand(w http.ResponseWriter, r *http.Request) {
	in, err := g.store.InboxByKey(r.Context(), clean(r.URL.Query().Get("inbox")))
	if err != nil {
		g.problem(w, r, err)
		return
	}
	plainAsset("brand.css", []byte(brandSheet(in.Settings.Colour, faceAppearance(in)))).serve(w, r, cacheShort)
}

func (g *Gateway) handleConsolePage(w http.ResponseWriter, r *http.Request) {
	page, ok := g.assets.pages["console"]
	if !ok {
		writeProblem(w, chat.Errorf(chat.CodeNotFound, "This build has no console."))
		return
	}
	w.Header().Set("Content-Security-Policy", "frame-src 'self'; "+pagePolicy+"'none'") // the preview of the widget
	page.serve(w, r, cacheNever)
}
