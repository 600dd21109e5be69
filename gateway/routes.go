package gateway

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/knowledge"
)

// The connections are tuned for many idle ones: small read buffers, write
// buffers only while something is written. No compression: it costs memory per
// connection and opens a side channel.
const (
	readBuffer  = 512
	writeBuffer = 1024
)

func (g *Gateway) customerRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /v1/session", g.handleSession)
	mux.HandleFunc("GET /v1/articles/{version}", g.handleArticle)
	mux.HandleFunc("GET /v1/socket", func(w http.ResponseWriter, r *http.Request) {
		g.upgrade(w, r, protocol.ChatV1, &customer{srv: g})
	})
}

var writeBuffers sync.Pool

// upgrade makes a websocket of a request and serves it on a goroutine of its
// own, so that the request and its buffers are freed.
func (g *Gateway) upgrade(w http.ResponseWriter, r *http.Request, sub string, h handler) {
	switch {
	case g.isDraining():
		writeProblem(w, chat.Errorf(chat.CodeUnavailable, "This node is going away: connect again."))
		return
	case !websocket.IsWebSocketUpgrade(r):
		writeProblem(w, chat.Errorf(chat.CodeInvalid, "This address speaks websocket, subprotocol %s.", sub))
		return
	case !contains(websocket.Subprotocols(r), sub):
		w.Header().Set("Sec-WebSocket-Protocol", sub)
		http.Error(w, "unknown subprotocol: offer "+sub, http.StatusBadRequest)
		return
	case !g.sameOrigin(r):
		writeProblem(w, chat.Errorf(chat.CodeForbidden, "A page of another origin may not connect."))
		return
	}
	up := websocket.Upgrader{ReadBufferSize: readBuffer, WriteBufferSize: writeBuffer, WriteBufferPool: &writeBuffers,
		Subprotocols: []string{sub}, CheckOrigin: func(*http.Request) bool { return true }} // checked above
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	c := &conn{id: uuid.New(), ws: ws, srv: g, h: h, rate: rate.NewLimiter(frameRate, frameBurst), opened: g.now(), lastRead: g.now()}
	c.ctx, c.cancel = context.WithCancel(g.ctx)
	g.hub.add(c)
	switch h := h.(type) {
	case *customer:
		h.conn = c
	case *console:
		g.greetConsole(c, h)
	}
	g.wg.Add(1)
	go c.serve()
}

// sameOrigin reports whether a browser's request comes from a page of this
// server. Programs send no Origin; the token or the session is what lets them in.
func (g *Gateway) sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return false
	}
	if strings.EqualFold(u.Host, r.Host) {
		return true
	}
	public, err := url.Parse(g.o.PublicURL)
	return err == nil && g.o.PublicURL != "" && strings.EqualFold(u.Host, public.Host) && u.Scheme == public.Scheme
}

// handleArticle shows one article version to a customer, with the cited
// passages marked. Internal and withdrawn articles are not found.
func (g *Gateway) handleArticle(w http.ResponseWriter, r *http.Request) {
	notFound := chat.Errorf(chat.CodeNotFound, "This article is no longer there.")
	id, err := uuid.Parse(r.PathValue("version"))
	if err != nil {
		writeProblem(w, notFound)
		return
	}
	in, err := g.store.InboxByKey(r.Context(), r.URL.Query().Get("inbox"))
	if err != nil {
		g.problem(w, r, err)
		return
	}
	a, err := g.store.ArticleVersion(r.Context(), in.Workspace, id)
	if err == nil && (a.Visibility != knowledge.Public || a.Status != knowledge.StatusPublished) {
		err = notFound
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
	tags := a.Tags
	if tags == nil {
		tags = []string{}
	}
	return protocol.ArticleView{Title: a.Title, URL: webURL(a.URL), Number: a.Number, Tags: tags, UpdatedAt: a.UpdatedAt,
		Minutes: max(1, (len(strings.Fields(a.Body))+wordsPerMinute/2)/wordsPerMinute),
		Blocks:  knowledge.Render(a.Body, spans, webURL)}
}

// webURL lets links to the web through and drops all others.
func webURL(s string) string {
	if u, err := url.Parse(s); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
		return s
	}
	return ""
}

// parseSpans reads "12-40,52-90" and leaves out what is not a span of a body of n bytes.
func parseSpans(s string, n int) []chat.Span {
	var out []chat.Span
	for part := range strings.SplitSeq(s, ",") {
		from, to, ok := strings.Cut(part, "-")
		a, err1 := strconv.Atoi(from)
		b, err2 := strconv.Atoi(to)
		if ok && err1 == nil && err2 == nil && 0 <= a && a < b && b <= n && len(out) < 50 {
			out = append(out, chat.Span{Start: a, End: b})
		}
	}
	return out
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
