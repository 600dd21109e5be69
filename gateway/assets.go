package gateway

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"frontdesk/chat"
)

// assets are the built files of widget and console, compressed once at start.
// They are served under a path that holds the hash of all of them, so that a
// browser may keep them for ever and a new build is a new address.
type assets struct {
	hash  string
	files map[string]asset // "widget/app.js"
}

type asset struct {
	data, gz []byte // gz is nil when it is no smaller
	typ      string
}

// types are the media types that the build makes; others come from the system's table.
var types = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8",
	".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
}

func newAssets(widget, console fs.FS) (*assets, error) {
	a := &assets{files: map[string]asset{}}
	sum := sha256.New()
	for _, tree := range []struct {
		name string
		fsys fs.FS
	}{{"widget", widget}, {"console", console}} {
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
			a.files[name] = newAsset(p, data)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("gateway: assets of %s: %w", tree.name, err)
		}
	}
	a.hash = hex.EncodeToString(sum.Sum(nil))[:16]
	return a, nil
}

func newAsset(name string, data []byte) asset {
	f := asset{data: data, typ: types[path.Ext(name)]}
	if f.typ == "" {
		f.typ = mime.TypeByExtension(path.Ext(name))
	}
	var buf bytes.Buffer
	zw, _ := gzip.NewWriterLevel(&buf, gzip.BestCompression) // the level is valid
	zw.Write(data)
	zw.Close()
	if buf.Len() < len(data) {
		f.gz = buf.Bytes()
	}
	return f
}

// page gives an HTML file with its relative addresses made absolute.
func (a *assets) page(tree string) (asset, bool) {
	f, ok := a.files[tree+"/index.html"]
	if !ok {
		return f, false
	}
	base := fmt.Sprintf(`="/assets/%s/%s/`, a.hash, tree)
	return newAsset("index.html", []byte(strings.ReplaceAll(string(f.data), `="./`, base))), true
}

func (f asset) serve(w http.ResponseWriter, r *http.Request, cache string) {
	h := w.Header()
	sum := sha256.Sum256(f.data)
	h.Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	h.Set("Cache-Control", cache)
	h.Set("Content-Type", f.typ)
	h.Add("Vary", "Accept-Encoding")
	if r.Header.Get("If-None-Match") == h.Get("ETag") {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	data := f.data
	if f.gz != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		data = f.gz
	}
	h.Set("Content-Length", fmt.Sprint(len(data)))
	if r.Method != http.MethodHead {
		w.Write(data)
	}
}

const (
	cacheForever = "public, max-age=31536000, immutable"
	cacheShort   = "public, max-age=300"
	cacheNever   = "no-cache"
)

// pagePolicy is the content security policy of our own pages.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
	"font-src 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; frame-ancestors "

func (g *Gateway) assetRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /assets/{hash}/{path...}", g.handleAsset)
	mux.HandleFunc("GET /widget/v1/frontdesk.js", g.handleLoader)
	mux.HandleFunc("GET /widget/v1/frame", g.handleFrame)
	mux.HandleFunc("GET /widget/v1/brand.css", g.handleBrand)
	mux.HandleFunc("GET /console/{path...}", g.handleConsolePage)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/console/", http.StatusFound)
	})
}

func (g *Gateway) handleAsset(w http.ResponseWriter, r *http.Request) {
	f, ok := g.assets.files[r.PathValue("path")]
	if !ok {
		writeProblem(w, chat.Errorf(chat.CodeNotFound, "There is no such file."))
		return
	}
	cache := cacheForever
	if r.PathValue("hash") != g.assets.hash {
		cache = cacheNever // a page of an older build, in the middle of an upgrade: serve what there is, keep nothing
	}
	f.serve(w, r, cache)
}

func (g *Gateway) handleLoader(w http.ResponseWriter, r *http.Request) {
	f, ok := g.assets.files["widget/frontdesk.js"]
	if !ok {
		writeProblem(w, chat.Errorf(chat.CodeNotFound, "This build has no widget."))
		return
	}
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	f.serve(w, r, cacheShort)
}

// handleFrame serves the widget's document, which only the inbox's sites may frame.
func (g *Gateway) handleFrame(w http.ResponseWriter, r *http.Request) {
	in, err := g.store.InboxByKey(r.Context(), r.URL.Query().Get("inbox"))
	if err != nil {
		g.problem(w, r, err)
		return
	}
	f, ok := g.assets.page("widget")
	if !ok {
		writeProblem(w, chat.Errorf(chat.CodeNotFound, "This build has no widget."))
		return
	}
	f.data = []byte(strings.ReplaceAll(string(f.data), `"/widget/v1/brand.css"`, `"/widget/v1/brand.css?inbox=`+in.Key+`"`))
	f = newAsset("index.html", f.data)
	ancestors := "*"
	if len(in.Settings.Sites) > 0 {
		ancestors = "'self' " + strings.Join(in.Settings.Sites, " ")
	}
	w.Header().Set("Content-Security-Policy", pagePolicy+ancestors)
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	f.serve(w, r, cacheNever)
}

func (g *Gateway) handleBrand(w http.ResponseWriter, r *http.Request) {
	in, err := g.store.InboxByKey(r.Context(), r.URL.Query().Get("inbox"))
	if err != nil {
		g.problem(w, r, err)
		return
	}
	newAsset("brand.css", []byte(brandSheet(in.Settings.Colour))).serve(w, r, cacheShort)
}

func (g *Gateway) handleConsolePage(w http.ResponseWriter, r *http.Request) {
	f, ok := g.assets.page("console")
	if !ok {
		writeProblem(w, chat.Errorf(chat.CodeNotFound, "This build has no console."))
		return
	}
	w.Header().Set("Content-Security-Policy", pagePolicy+"'none'")
	f.serve(w, r, cacheNever)
}
