package gateway

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/knowledge"
)

func (g *Gateway) customerRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /v1/here", handleHere)
	mux.HandleFunc("POST /v1/session", g.handleSession)
	mux.HandleFunc("POST /v1/session/end", g.handleEndLink)
	mux.HandleFunc("POST /v1/identity/code", g.handleSendCode)
	mux.HandleFunc("POST /v1/identity/check", g.handleCheckCode)
	mux.HandleFunc("GET /v1/photos/{id}", g.handlePhoto)
	mux.HandleFunc("POST /v1/proactive", g.handleOpenerSeen)
	mux.HandleFunc("GET /v1/articles/{version}", g.handleArticle)
	mux.HandleFunc("GET /v1/promises/key", g.handleReceiptKey)
	mux.HandleFunc("GET /v1/promises/{number}", g.handleReceipt)
	mux.HandleFunc("GET /v1/socket", func(w http.ResponseWriter, r *http.Request) {
		g.upgrade(w, r, protocol.ChatV1, g.customerOf(r))
	})
}

// handleHere says nothing: what answers otherwise is not this server, but a network that wants somebody to sign in first.
func handleHere(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
}

// sameOrigin reports whether a request comes from a page of this server.
// Programs send no Origin, which is fine where a token in the first frame lets
// them in; where a cookie does, an Origin is required.
func (g *Gateway) sameOrigin(r *http.Request, required bool) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return !required
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || g.o.Secure) {
		return false
	}
	if strings.EqualFold(u.Host, r.Host) {
		return true
	}
	public, err := url.Parse(g.o.PublicURL)
	return err == nil && strings.EqualFold(u.Host, public.Host) && u.Scheme == public.Scheme
}

// handleArticle shows one article version to a customer, with the cited
// passages marked, or an article as it is now: one that was not cited has no
// version that anything rests on. Internal and withdrawn articles are not found.
func (g *Gateway) handleArticle(w http.ResponseWriter, r *http.Request) {
	notFound := chat.Errorf(chat.CodeNotFound, "This article is no longer there.")
	id, err := uuid.Parse(r.PathValue("version"))
	if err != nil {
		writeProblem(w, notFound)
		return
	}
	in, err := g.store.InboxByKey(r.Context(), clean(r.URL.Query().Get("inbox")))
	if err != nil {
		g.problem(w, r, err)
		return
	}
	a, err := g.store.ArticleVersion(r.Context(), in.Workspace, id)
	if chat.CodeOf(err) == chat.CodeNotFound {
		a, err = g.store.Article(r.Context(), in.Workspace, id)
	}
	if chat.CodeOf(err) == chat.CodeNotFound || err == nil && (a.Visibility != knowledge.Public || a.Status != knowledge.StatusPublished) {
		err = notFound // in the same words, so that nobody learns what there is
	}
	if err != nil {
		g.problem(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, articleView(a, parseSpans(r.URL.Query().Get("spans"), len(a.Body))))
}

// wordsPerMinute is how fast people read on a screen, rounded down from the
// 238 of Brysbaert (2019), as help articles are read to be followed.
const wordsPerMinute = 220

func articleView(a knowledge.Article, spans []chat.Span) protocol.ArticleView {
	return protocol.ArticleView{Title: a.Title, URL: webURL(a.URL), Number: a.Number, Tags: list(a.Tags), UpdatedAt: a.UpdatedAt,
		Minutes: max(1, (len(strings.Fields(a.Body))+wordsPerMinute/2)/wordsPerMinute),
		Blocks:  list(knowledge.Render(a.Body, spans, webURL))}
}

// webURL lets links to the web through and drops all others.
func webURL(s string) string {
	if u, err := url.Parse(s); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
		return s
	}
	return ""
}

// maxSpans is how many passages of one article are marked: beyond it all is marked.
const maxSpans = 50

// parseSpans reads "12-40,52-90" and leaves out what is not a span of a body of n bytes.
func parseSpans(s string, n int) []chat.Span {
	var out []chat.Span
	for part := range strings.SplitSeq(s, ",") {
		from, to, ok := strings.Cut(part, "-")
		a, err1 := strconv.Atoi(from)
		b, err2 := strconv.Atoi(to)
		if ok && err1 == nil && err2 == nil && 0 <= a && a < b && b <= n && len(out) < maxSpans {
			out = append(out, chat.Span{Start: a, End: b})
		}
	}
	return out
}
