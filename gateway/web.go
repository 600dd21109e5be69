package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
	"unicode/utf8"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// maxBody is how many bytes a plain request body may have.
const maxBody = 64 << 10

// readBodyWithin is how long it may take to arrive: 64 KiB at 20 kbit/s, as from a train.
const readBodyWithin = 30 * time.Second

// status maps the codes to HTTP, once.
func status(code chat.Code) int {
	switch code {
	case chat.CodeInvalid:
		return http.StatusUnprocessableEntity
	case chat.CodeUnauthorized:
		return http.StatusUnauthorized
	case chat.CodeForbidden:
		return http.StatusForbidden
	case chat.CodeNotFound:
		return http.StatusNotFound
	case chat.CodeConflict, chat.CodeStale, chat.CodeClosed:
		return http.StatusConflict
	case chat.CodeTooLarge:
		return http.StatusRequestEntityTooLarge
	case chat.CodeRateLimited:
		return http.StatusTooManyRequests
	case chat.CodeUnavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// APIError is an error body, RFC 9457, with our code.
type APIError struct {
	Type   string    `json:"type"` // a URN for each code, to compare and not to open
	Title  string    `json:"title"`
	Status int       `json:"status"`
	Detail string    `json:"detail"`
	Code   chat.Code `json:"code"`
}

// Error gives the detail.
func (p *APIError) Error() string { return p.Detail }

// GetStatus gives the HTTP status.
func (p *APIError) GetStatus() int { return p.Status }

// ContentType gives the media type of a problem.
func (p *APIError) ContentType(string) string { return "application/problem+json" }

func problemOf(err error) *APIError {
	code := chat.CodeOf(err)
	return &APIError{Type: problemType(code), Title: http.StatusText(status(code)), Status: status(code), Detail: chat.MessageOf(err), Code: code}
}

// problemType names a code as RFC 9457 wants it: a URI.
func problemType(code chat.Code) string { return "urn:frontdesk:problem:" + string(code) }

// problem answers with err and logs what the client must not see.
func (g *Gateway) problem(w http.ResponseWriter, r *http.Request, err error) {
	g.logFault(r.Context(), r.Method+" "+r.URL.Path, err)
	p := problemOf(err)
	p.Detail = tongueOf(r).Error(err)
	p.write(w)
}

// logFault logs what is our fault; a client that went away is none.
func (g *Gateway) logFault(ctx context.Context, what string, err error) {
	if code := chat.CodeOf(err); (code == chat.CodeInternal || code == chat.CodeUnavailable) && ctx.Err() == nil {
		g.log.Error("gateway: request failed", "request", what, "err", err)
	}
}

// retryAfter is after how many seconds a client that was too fast may try
// again: by then each limit lets one more through.
const retryAfter = "12"

func writeProblem(w http.ResponseWriter, err error) {
	writeProblemAs(w, status(chat.CodeOf(err)), err)
}

// writeProblemAs answers with a status that no code has.
func writeProblemAs(w http.ResponseWriter, status int, err error) {
	p := problemOf(err)
	p.Status, p.Title = status, http.StatusText(status)
	p.write(w)
}

func (p *APIError) write(w http.ResponseWriter) {
	if p.Status == http.StatusTooManyRequests && w.Header().Get("Retry-After") == "" {
		w.Header().Set("Retry-After", retryAfter)
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // a client that went away has nobody to tell
}

// list makes a list that is not there an empty one: clients are promised lists, never null.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // as above
}

func readJSON(w http.ResponseWriter, r *http.Request, v any) error {
	data, err := readBody(w, r, maxBody)
	if err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			return chat.Errorf(chat.CodeTooLarge, "The request body has more than %d bytes.", big.Limit)
		}
		return chat.Errorf(chat.CodeInvalid, "The request body could not be read: %s", err.Error())
	}
	if !utf8.Valid(data) {
		return chat.Errorf(chat.CodeInvalid, "The request body is not valid UTF-8.")
	}
	if err := json.Unmarshal(data, v); err != nil {
		return chat.Errorf(chat.CodeInvalid, "The request body is not the JSON object that it should be: %s", protocol.WhatIsWrong(err))
	}
	return nil
}

// readBody reads a request's body of at most so many bytes. Whoever sends it byte by byte holds no reader for ever.
func readBody(w http.ResponseWriter, r *http.Request, most int64) ([]byte, error) {
	line := http.NewResponseController(w)
	_ = line.SetReadDeadline(time.Now().Add(readBodyWithin)) // a test's recorder has none
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if err == nil {
		_ = line.SetReadDeadline(time.Time{}) // the answer may be a stream: that its client leaves is seen by reading
	}
	return data, err
}

// secure sets the headers that every answer has.
func (g *Gateway) secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if g.o.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
