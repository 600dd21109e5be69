// Package httprr records what a server answers and gives it again, so that
// tests with a language model run without one. A Tape is an http.Handler:
// tests point their client at it.
//
// A recording is one text file a test. Requests are matched by method, path,
// query and body; JSON bodies by their value. Of headers only the content type
// and Retry-After of answers are kept. What is written is scrubbed first:
// see scrub.go. To record anew, with the real server's URL where the test takes it from:
//
//	go test ./llm/openai -run TestRecorded -httprecord .
package httprr

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Extension is how the names of recordings end.
const Extension = ".httprr"

var record = flag.String("httprecord", "", "record anew the HTTP recordings whose path matches this regular expression")

// Tape is a recording that is played, or made. Safe for concurrent use.
type Tape struct {
	path     string
	upstream string // "" when it is played
	client   *http.Client

	mu        sync.Mutex
	exchanges []exchange
	used      []bool
	faults    []error
}

// exchange is a request with its answer, both as they are written.
type exchange struct {
	request request
	answer  answer
}

type request struct {
	method string
	target string // path and query
	body   string // scrubbed and canonical
}

type answer struct {
	status     int
	kind       string // content type
	retryAfter string
	body       string
}

// Open plays the recording at path. Where -httprecord names it, it is made
// anew out of what the server at upstream answers, of which scheme and host count.
func Open(path, upstream string) (*Tape, error) {
	wanted, err := regexp.Compile(*record)
	if err != nil {
		return nil, fmt.Errorf("httprr: -httprecord: %w", err)
	}
	if *record != "" && wanted.MatchString(filepath.ToSlash(path)) {
		return Record(path, upstream)
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("httprr: there is no recording %s: -httprecord makes it", path)
	}
	if err != nil {
		return nil, fmt.Errorf("httprr: %w", err)
	}
	t := &Tape{path: path}
	if t.exchanges, err = parse(string(text)); err != nil {
		return nil, fmt.Errorf("httprr: read %s: %w", path, err)
	}
	t.used = make([]bool, len(t.exchanges))
	return t, nil
}

// Record makes a recording of what the server at upstream answers. Close writes it.
func Record(path, upstream string) (*Tape, error) {
	at, err := url.Parse(upstream)
	if err != nil || at.Host == "" {
		return nil, fmt.Errorf("httprr: record %s: %q is no server's URL. Start one, such as scripts/llm.sh does", path, upstream)
	}
	return &Tape{path: path, upstream: at.Scheme + "://" + at.Host, client: &http.Client{}}, nil
}

// Recording reports whether the tape asks a real server.
func (t *Tape) Recording() bool { return t.upstream != "" }

// Close ends the tape. One that records is written, unless it holds what looks
// like a secret. For one that is played it is an error if a request was not on
// it, or if nobody asked for something that is.
func (t *Tape) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.faults) > 0 {
		return errors.Join(t.faults...)
	}
	if !t.Recording() {
		for i, used := range t.used {
			if !used {
				return fmt.Errorf("httprr: %s: nobody made the request %d (%s %s): record it anew with -httprecord", t.path, i+1, t.exchanges[i].request.method, t.exchanges[i].request.target)
			}
		}
		return nil
	}
	text := format(t.exchanges)
	if found := Secrets(text); len(found) > 0 {
		return fmt.Errorf("httprr: %s is not written, as it would hold %s", t.path, strings.Join(found, "; "))
	}
	if err := os.MkdirAll(filepath.Dir(t.path), 0o755); err != nil {
		return fmt.Errorf("httprr: %w", err)
	}
	if err := os.WriteFile(t.path, []byte(text), 0o644); err != nil {
		return fmt.Errorf("httprr: %w", err)
	}
	return nil
}

// ServeHTTP answers as recorded. A request that is not on the tape gets status
// 501, and makes Close fail.
func (t *Tape) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client is gone
	}
	secrets := secretsOf(r.Header)
	req := request{method: r.Method, target: secrets.strike(r.URL.RequestURI()), body: canonical(secrets.strike(string(body)))}
	var a answer
	if t.Recording() {
		a, err = t.ask(r, body, secrets)
		if err == nil {
			t.mu.Lock()
			t.exchanges = append(t.exchanges, exchange{req, a})
			t.mu.Unlock()
		}
	} else {
		a, err = t.find(req)
	}
	if err != nil {
		t.mu.Lock()
		t.faults = append(t.faults, err)
		t.mu.Unlock()
		http.Error(w, err.Error(), http.StatusNotImplemented)
		return
	}
	if a.kind != "" {
		w.Header().Set("Content-Type", a.kind)
	}
	if a.retryAfter != "" {
		w.Header().Set("Retry-After", a.retryAfter)
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body) // the client may have gone
}

// find gives the next unused answer to a request.
func (t *Tape) find(req request) (answer, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, x := range t.exchanges {
		if !t.used[i] && x.request == req {
			t.used[i] = true
			return x.answer, nil
		}
	}
	known := slices.ContainsFunc(t.exchanges, func(x exchange) bool { return x.request == req })
	if known {
		return answer{}, fmt.Errorf("httprr: %s: the request %s %s was made more often than recorded", t.path, req.method, req.target)
	}
	return answer{}, fmt.Errorf("httprr: %s has no request %s %s with this body: record it anew with -httprecord if it was meant to change:\n%s", t.path, req.method, req.target, req.body)
}

// ask asks the real server, and gives its answer scrubbed.
func (t *Tape) ask(r *http.Request, body []byte, secrets secrets) (answer, error) {
	out, err := http.NewRequestWithContext(r.Context(), r.Method, t.upstream+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return answer{}, fmt.Errorf("httprr: record: %w", err)
	}
	out.Header = r.Header.Clone()
	out.Header.Del("Accept-Encoding") // the recording is to be read
	resp, err := t.client.Do(out)
	if err != nil {
		return answer{}, fmt.Errorf("httprr: record: %w", err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, fmt.Errorf("httprr: record: %w", err)
	}
	a := answer{status: resp.StatusCode, kind: resp.Header.Get("Content-Type"), retryAfter: resp.Header.Get("Retry-After")}
	a.body, err = scrubbedAnswer(secrets.strike(string(got)))
	return a, err
}
