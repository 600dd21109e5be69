package openai

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"frontdesk/llm"
)

// idleWithin is how long an idle connection is kept: llama.cpp and others close
// theirs after 5 s, so ours go first.
const idleWithin = 4 * time.Second

// transport is what go-openai sends its requests with. It adds the key, gives
// the reply's body bounds, and makes of every reply that is none an *llm.Error,
// so that go-openai reads only what it can.
type transport struct {
	client  *http.Client
	key     *key
	keyName string // header that carries the key; "" is Authorization: Bearer
	header  http.Header
	log     *slog.Logger
	now     func() time.Time
}

// route is how an endpoint is reached.
type route struct {
	proxy       string // "" is what the environment says
	caFile      string
	connections int
}

func newTransport(r route, k *key, log *slog.Logger) (*transport, error) {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.IdleConnTimeout = idleWithin
	t.DisableCompression = true // it delays a stream, and what is small may grow
	t.MaxIdleConnsPerHost = max(r.connections, 2)
	if r.proxy != "" {
		u, err := url.Parse(r.proxy)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("proxy: write it as http://host:port")
		}
		t.Proxy = http.ProxyURL(u)
	}
	if r.caFile != "" {
		pem, err := os.ReadFile(r.caFile)
		if err != nil {
			return nil, fmt.Errorf("ca_file: %w", err)
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("ca_file %s holds no certificate in PEM form", r.caFile)
		}
		t.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	// A redirect would carry prompts to where nobody configured.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &transport{client: &http.Client{Transport: t, CheckRedirect: stay}, key: k, header: http.Header{}, log: log, now: time.Now}, nil
}

// Do sends a request. Without an error the reply is one of 2xx, and its body
// ends in an *llm.Error if it is not what was asked for.
func (t *transport) Do(req *http.Request) (*http.Response, error) {
	secret := t.key.value()
	resp, err := t.send(req, secret)
	if err == nil && resp.StatusCode == http.StatusUnauthorized && req.GetBody != nil && t.key.changed(secret) {
		_ = resp.Body.Close()
		if req.Body, err = req.GetBody(); err != nil {
			return nil, err
		}
		resp, err = t.send(req, t.key.value())
	}
	if err != nil {
		return nil, fault(err)
	}
	return t.check(req, resp)
}

func (t *transport) send(req *http.Request, secret string) (*http.Response, error) {
	for name, values := range t.header {
		req.Header[name] = values
	}
	switch {
	case secret == "":
		req.Header.Del("Authorization")
	case t.keyName != "":
		req.Header.Del("Authorization")
		req.Header.Set(t.keyName, secret)
	default:
		req.Header.Set("Authorization", "Bearer "+secret)
	}
	// net/http sends a POST again, once, on a connection that the server closed
	// while it was idle, if it is told that a repeat does no harm; an empty
	// value is not sent. It does so only before the first byte of a reply.
	req.Header["X-Idempotency-Key"] = []string{}
	return t.client.Do(req)
}

// check gives the reply its bounds, or says why it is none.
func (t *transport) check(req *http.Request, resp *http.Response) (*http.Response, error) {
	if resp.StatusCode < 200 || resp.StatusCode >= 300 {
		return nil, t.refusal(resp)
	}
	kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	stream := req.Header.Get("Accept") == "text/event-stream"
	switch {
	case resp.Header.Get("Content-Encoding") != "":
		return nil, t.notAReply(resp, "the reply is compressed though it was not asked to be")
	case stream && kind != "text/event-stream" && kind != "":
		return nil, t.notAReply(resp, fmt.Sprintf("the reply is no event stream but %q", kind))
	case !stream && kind == "text/html":
		return nil, t.notAReply(resp, "the reply is a web page: is this the address of an API?")
	case resp.ContentLength > maxBody:
		return nil, t.notAReply(resp, fmt.Sprintf("the reply is longer than %d bytes", maxBody))
	case stream:
		body := newEvents(resp.Body)
		if place, ok := req.Context().Value(bodyKey{}).(**events); ok {
			*place = body
		}
		resp.Body = body
	default:
		resp.Body = &bounded{src: resp.Body, left: maxBody}
	}
	return resp, nil
}

// refusal reads the error that a reply of another status than 2xx holds.
func (t *transport) refusal(resp *http.Response) error {
	body := t.head(resp)
	e := &apiError{}
	var v struct {
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(body, &v) == nil && len(v.Error) > 0 {
		e = parseAPIError(v.Error)
	}
	out := faultOf(resp.StatusCode, e)
	out.RetryAfter = retryAfter(resp.Header, t.now())
	t.log.Warn("language model: refused", "status", resp.StatusCode, "body", redact(string(body)))
	return out
}

func (t *transport) notAReply(resp *http.Response, why string) error {
	t.log.Warn("language model: no reply of a model", "why", why, "body", redact(string(t.head(resp))))
	return garbled(why)
}

// head reads the first of a body and closes it.
func (t *transport) head(resp *http.Response) []byte {
	// What cannot be read is missing in the log; the status says enough.
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxError))
	_ = resp.Body.Close()
	return body
}

// fault says why a request brought no reply.
func fault(err error) error {
	// The address may hold a key in its query; the host is in the endpoint's name.
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return &llm.Error{Fault: llm.FaultDown, Err: err}
}

// bounded is a body that ends in an error when it is too long.
type bounded struct {
	src  io.ReadCloser
	left int
}

// Read reads on.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, garbled(fmt.Sprintf("the reply is longer than %d bytes", maxBody))
	}
	n, err := b.src.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// Close ends it.
func (b *bounded) Close() error { return b.src.Close() }
