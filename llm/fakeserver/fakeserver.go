// Package fakeserver is a scripted OpenAI-compatible server for tests: an
// http.Handler that streams what its script says, with every fault that real
// servers and the nets before them showed, and records what it was asked. It
// holds no model and imports no "testing", so that any test and a process
// beside a browser's test can run it.
package fakeserver

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"frontdesk/llm"
)

// Script says what the server replies to a chat request. It may be called
// concurrently.
type Script func(Request) Reply

// Server answers GET …/models, POST …/chat/completions and POST …/embeddings
// under any prefix. Make it with New; the fields may be set before it is served.
type Server struct {
	Models []string // what it lists and knows; nil: it takes any model and lists "fake"
	Keys   []string // bearer keys that it takes; nil: any, and none
	Dim    int      // of its vectors; 0 means 64

	mu        sync.Mutex
	script    Script
	exchanges []*Exchange
}

// New makes a server of a script. Nil says "Hello." to everything.
func New(script Script) *Server {
	if script == nil {
		script = func(Request) Reply { return Say("Hello.") }
	}
	return &Server{script: script}
}

// SetScript changes what later chat requests are replied.
func (s *Server) SetScript(script Script) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = script
}

// Exchange is one request and what became of it.
type Exchange struct {
	Request  Request
	Ended    bool // the reply was sent to its end, or the client went
	Canceled bool // the client went before the end
}

// Exchanges gives all chat requests so far, in the order of their arrival.
func (s *Server) Exchanges() []Exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Exchange, len(s.exchanges))
	for i, e := range s.exchanges {
		out[i] = *e
	}
	return out
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// Read wholly: only then does net/http notice that the client went.
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if !s.admits(r) {
		Status(http.StatusUnauthorized, "invalid_api_key", "Incorrect API key provided: "+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")).plain(w)
		return
	}
	switch {
	case strings.HasSuffix(r.URL.Path, "/models"):
		s.models(w)
	case strings.HasSuffix(r.URL.Path, "/chat/completions"):
		s.chat(w, r, body)
	case strings.HasSuffix(r.URL.Path, "/embeddings"):
		s.embeddings(w, r, body)
	default:
		Status(http.StatusNotFound, "not_found", "no such path").plain(w)
	}
}

func (s *Server) admits(r *http.Request) bool {
	if s.Keys == nil {
		return true
	}
	key, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return slices.Contains(s.Keys, key)
}

func (s *Server) models(w http.ResponseWriter) {
	names := s.Models
	if names == nil {
		names = []string{"fake"}
	}
	type model struct {
		ID     string `json:"id"`
		Object string `json:"object"`
	}
	list := []model{}
	for _, n := range names {
		list = append(list, model{n, "model"})
	}
	writeJSON(w, map[string]any{"object": "list", "data": list})
}

func (s *Server) knows(model string) bool { return s.Models == nil || slices.Contains(s.Models, model) }

func (s *Server) chat(w http.ResponseWriter, r *http.Request, body []byte) {
	req, err := parse(r, body)
	if err != nil {
		Status(http.StatusBadRequest, "invalid_request_error", err.Error()).plain(w)
		return
	}
	e := &Exchange{Request: req}
	s.mu.Lock()
	s.exchanges = append(s.exchanges, e)
	script := s.script
	s.mu.Unlock()
	reply := Status(http.StatusNotFound, "model_not_found", fmt.Sprintf("The model `%s` does not exist", req.Model))
	if s.knows(req.Model) {
		reply = script(req)
	}
	reply.send(w, r, req)
	s.mu.Lock()
	defer s.mu.Unlock()
	e.Ended, e.Canceled = true, r.Context().Err() != nil
}

func (s *Server) embeddings(w http.ResponseWriter, r *http.Request, body []byte) {
	var req struct {
		Model string   `json:"model"`
		Input []string `json:"input"`
	}
	if err := json.Unmarshal(body, &req); err != nil {
		Status(http.StatusBadRequest, "invalid_request_error", err.Error()).plain(w)
		return
	}
	if !s.knows(req.Model) {
		Status(http.StatusNotFound, "model_not_found", "no such model").plain(w)
		return
	}
	vs, err := llm.FakeEmbedder{Dims: s.Dim}.EmbedDocuments(r.Context(), req.Input)
	if err != nil {
		return // the client went
	}
	type vector struct {
		Index     int       `json:"index"`
		Embedding []float32 `json:"embedding"`
	}
	data := make([]vector, len(vs))
	for i, v := range vs {
		data[i] = vector{i, v}
	}
	writeJSON(w, map[string]any{"object": "list", "model": req.Model, "data": data})
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // a client that went needs no answer
}
