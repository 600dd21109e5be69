package action

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"path"
	"strings"
	"sync/atomic"
)

// outcome is what became of one use of an action.
type outcome struct {
	status outcomeStatus
	code   int    // HTTP status; 0: no answer
	body   any    // the decoded answer, when done
	reason string // for staff, when it is not done
}

type outcomeStatus int

const (
	done    outcomeStatus = iota
	absent                // the API answered 404: there is no such thing
	failed                // nothing was changed
	unknown               // it may have been changed
)

// request makes the HTTP request of an action. args are checked; what could
// leave the declared address all the same is refused here.
func (a Action) request(ctx context.Context, s Service, secrets Secrets, args map[string]any, key string) (*http.Request, error) {
	base, err := parseBase(s.Base)
	if err != nil {
		return nil, err
	}
	where, err := a.fillPath(args)
	if err != nil {
		return nil, err
	}
	query, body := url.Values{}, map[string]any{}
	for name, v := range args {
		switch a.place(name) {
		case inQuery:
			query.Set(name, printed(v))
		case inBody:
			body[name] = v
		}
	}
	u := *base
	u.RawPath = strings.TrimSuffix(base.EscapedPath(), "/") + where
	if u.Path, err = url.PathUnescape(u.RawPath); err != nil {
		return nil, fmt.Errorf("action: path: %w", err)
	}
	if path.Clean(u.Path) != strings.TrimSuffix(u.Path, "/") {
		return nil, errors.New("action: the path leads elsewhere")
	}
	u.RawQuery = query.Encode()
	var content io.Reader
	if len(body) > 0 {
		data, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("action: body: %w", err)
		}
		content = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(ctx, a.Method, u.String(), content)
	if err != nil {
		return nil, fmt.Errorf("action: request: %w", err)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "Frontdesk")
	r.Header.Set("Idempotency-Key", key)
	if content != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range s.Headers {
		value, err := secrets.value(h.Secret)
		if err != nil {
			return nil, fmt.Errorf("action: header %s: %w", h.Name, err)
		}
		r.Header.Set(h.Name, h.Prefix+value)
	}
	return r, nil
}

// fillPath puts arguments into the path, each as one segment or a part of one.
func (a Action) fillPath(args map[string]any) (string, error) {
	var wrong error
	filled := slot.ReplaceAllStringFunc(a.Path, func(s string) string {
		name := s[1 : len(s)-1]
		v := printed(args[name])
		// Servers differ in what they make of an escaped slash, so none is sent.
		if v == "" || v == "." || v == ".." || strings.ContainsAny(v, "/\\?#%;") || strings.ContainsFunc(v, isControl) {
			wrong = fmt.Errorf("action: %q cannot be a part of an address", name)
		}
		return url.PathEscape(v)
	})
	return filled, wrong
}

// printed gives an argument as text.
func printed(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	data, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(data)
}

// send sends one request and judges what came of it.
func send(client *http.Client, r *http.Request, write bool, limit int) outcome {
	var reached atomic.Bool
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { reached.Store(true) },
	}))
	lost := failed // a look-up that did not answer has changed nothing
	resp, err := client.Do(r)
	if err != nil {
		if write && reached.Load() {
			lost = unknown
		}
		return outcome{status: lost, reason: why(err)}
	}
	defer resp.Body.Close()
	if write {
		lost = unknown
	}
	return read(resp, lost, limit)
}

// read judges an answer. lost is what an answer that cannot be read amounts to.
func read(resp *http.Response, lost outcomeStatus, limit int) outcome {
	o := outcome{code: resp.StatusCode}
	switch {
	case resp.StatusCode >= 500:
		o.status, o.reason = lost, fmt.Sprintf("the shop's server failed: %d", resp.StatusCode)
		return o
	case resp.StatusCode == http.StatusNotFound:
		o.status, o.reason = absent, "the shop does not know it: 404"
		return o
	case resp.StatusCode >= 300:
		// A redirect too: it is not followed, so nothing was done.
		o.status, o.reason = failed, fmt.Sprintf("the shop refused it: %d", resp.StatusCode)
		return o
	case resp.StatusCode == http.StatusNoContent:
		o.body = map[string]any{}
		return o
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, int64(limit)+1))
	switch media, _, merr := mime.ParseMediaType(resp.Header.Get("Content-Type")); {
	case err != nil:
		o.status, o.reason = lost, "the answer broke off: "+why(err)
	case len(data) > limit:
		o.status, o.reason = lost, fmt.Sprintf("the answer has more than %d bytes", limit)
	case len(bytes.TrimSpace(data)) == 0:
		o.body = map[string]any{}
	case merr != nil || media != "application/json" && !strings.HasSuffix(media, "+json"):
		o.status, o.reason = lost, "the answer is no JSON"
	default:
		if o.body, err = decode(data); err != nil {
			o.status, o.reason = lost, "the answer is no JSON"
		}
	}
	return o
}

func decode(data []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err = d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, errors.New("more than one value")
	}
	return v, nil
}

// why says what an error of the network is, without the address: that may
// hold what the customer said.
func why(err error) string {
	var timeout interface{ Timeout() bool }
	var op *net.OpError
	var u *url.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return "it took too long"
	case errors.As(err, &op) && op.Op == "dial":
		return "the shop's server was not reached: " + op.Err.Error()
	case errors.As(err, &u):
		return u.Err.Error()
	}
	return err.Error()
}
