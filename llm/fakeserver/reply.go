package fakeserver

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"time"

	"frontdesk/llm"
)

// Reply is what the server sends: the body with its status, or a stream of
// steps. Make it with Say, Stream, Status or Body.
type Reply struct {
	Status int         // 0 means 200
	Header http.Header // beside, or instead of, the usual ones
	Body   string      // sent if there are no steps
	Steps  []Step
}

// Step is one thing that happens in a stream.
type Step func(*conn)

// Say streams a text word by word, as a server does when all is well: role,
// pieces, finish_reason stop, usage if it was asked for, [DONE].
func Say(text string) Reply { return Stream(Role(), Text(text), Finish("stop"), Usage(), Done()) }

// SayJSON is Say with the JSON of a value.
func SayJSON(v any) Reply {
	text, err := json.Marshal(v)
	if err != nil {
		return Status(http.StatusInternalServerError, "server_error", err.Error())
	}
	return Say(string(text))
}

// Call is a reply that asks for a function, its arguments in two pieces.
func Call(id, name, arguments string) Reply {
	half := len(arguments) / 2
	return Stream(Role(),
		Delta(map[string]any{"tool_calls": []any{map[string]any{"index": 0, "id": id, "type": "function", "function": map[string]any{"name": name, "arguments": ""}}}}),
		Delta(map[string]any{"tool_calls": []any{map[string]any{"index": 0, "function": map[string]any{"arguments": arguments[:half]}}}}),
		Delta(map[string]any{"tool_calls": []any{map[string]any{"index": 0, "function": map[string]any{"arguments": arguments[half:]}}}}),
		Finish("tool_calls"), Usage(), Done())
}

// Stream is a reply of steps.
func Stream(steps ...Step) Reply { return Reply{Steps: steps} }

// Status is an error reply in OpenAI's form.
func Status(code int, kind, message string) Reply {
	text, _ := json.Marshal(map[string]any{"error": map[string]any{"message": message, "type": kind, "code": kind}}) // strings always marshal
	return Body(code, "application/json", string(text))
}

// Body is any reply that is no stream.
func Body(code int, contentType, body string) Reply {
	return Reply{Status: code, Header: http.Header{"Content-Type": {contentType}}, Body: body}
}

// With gives the reply with one more header.
func (r Reply) With(key, value string) Reply {
	h := r.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set(key, value)
	r.Header = h
	return r
}

// conn is the stream that steps write to.
type conn struct {
	w      http.ResponseWriter
	r      *http.Request
	req    Request
	tokens int
	gone   bool // nothing can be written any more
}

func (r Reply) send(w http.ResponseWriter, hr *http.Request, req Request) {
	if r.Steps == nil {
		r.plain(w)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	for k, v := range r.Header {
		w.Header()[k] = v
	}
	if r.Status != 0 {
		w.WriteHeader(r.Status)
	}
	c := &conn{w: w, r: hr, req: req}
	for _, step := range r.Steps {
		if c.gone || hr.Context().Err() != nil {
			return
		}
		step(c)
	}
}

func (r Reply) plain(w http.ResponseWriter) {
	for k, v := range r.Header {
		w.Header()[k] = v
	}
	if r.Status != 0 {
		w.WriteHeader(r.Status)
	}
	_, _ = w.Write([]byte(r.Body)) // a client that went needs no answer
}

// Raw writes bytes as they are and flushes them.
func Raw(text string) Step { return func(c *conn) { c.write(text) } }

// Role is the first chunk of most servers: the role, no text.
func Role() Step { return Delta(map[string]any{"role": "assistant", "content": ""}) }

// Text writes a text in pieces that end behind spaces, one chunk each.
func Text(text string) Step {
	return func(c *conn) {
		for _, p := range strings.SplitAfter(text, " ") {
			if p != "" {
				Piece(p)(c)
			}
		}
	}
}

// Paced is Text with a pause before each piece.
func Paced(text string, gap time.Duration) Step {
	return func(c *conn) {
		for _, p := range strings.SplitAfter(text, " ") {
			Wait(gap)(c)
			Piece(p)(c)
		}
	}
}

// Piece writes one chunk with a text.
func Piece(text string) Step {
	return func(c *conn) {
		c.tokens++
		Delta(map[string]any{"content": text})(c)
	}
}

// Delta writes one chunk of choice 0.
func Delta(delta map[string]any) Step {
	return func(c *conn) {
		c.chunk([]any{map[string]any{"index": 0, "delta": delta, "finish_reason": nil}}, nil)
	}
}

// Finish writes the chunk that says why the text ends.
func Finish(reason string) Step {
	return func(c *conn) {
		c.chunk([]any{map[string]any{"index": 0, "delta": map[string]any{}, "finish_reason": reason}}, nil)
	}
}

// Usage writes the chunk of counts, if the request asked for it: a token a
// chunk of text, and for the prompt what llm.Estimate gives.
func Usage() Step {
	return func(c *conn) {
		if c.req.IncludeUsage {
			prompt := llm.Estimate(c.req.Prompt())
			c.chunk([]any{}, map[string]any{"prompt_tokens": prompt, "completion_tokens": c.tokens, "total_tokens": prompt + c.tokens})
		}
	}
}

// Done writes [DONE].
func Done() Step { return Raw("data: [DONE]\n\n") }

// Wait does nothing for a while, or until the client goes.
func Wait(d time.Duration) Step {
	return func(c *conn) {
		c.flush()
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
		case <-c.r.Context().Done():
			c.gone = true
		}
	}
}

// Until waits for a channel to close, or until the client goes.
func Until(ready <-chan struct{}) Step {
	return func(c *conn) {
		c.flush()
		select {
		case <-ready:
		case <-c.r.Context().Done():
			c.gone = true
		}
	}
}

// Stall does nothing more until the client goes.
func Stall() Step { return Until(nil) }

// Repeat does the steps n times, or until the client goes.
func Repeat(n int, steps ...Step) Step {
	return func(c *conn) {
		for range n {
			for _, s := range steps {
				if c.gone || c.r.Context().Err() != nil {
					return
				}
				s(c)
			}
		}
	}
}

// Drip writes a text byte by byte with a pause before each.
func Drip(text string, gap time.Duration) Step {
	return func(c *conn) {
		for i := range len(text) {
			Wait(gap)(c)
			c.write(text[i : i+1])
			if c.gone {
				return
			}
		}
	}
}

// Reset ends the connection with a TCP reset.
func Reset() Step {
	return func(c *conn) {
		c.gone = true
		nc, _, err := http.NewResponseController(c.w).Hijack()
		if err != nil {
			return
		}
		if tcp, ok := nc.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // a close that the other end sees as a reset
		}
		_ = nc.Close()
	}
}

func (c *conn) chunk(choices []any, usage any) {
	v := map[string]any{"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": c.req.Model, "choices": choices}
	if usage != nil {
		v["usage"] = usage
	}
	text, _ := json.Marshal(v) // maps of strings and numbers always marshal
	c.write("data: " + string(text) + "\n\n")
}

func (c *conn) write(text string) {
	if c.gone {
		return
	}
	if _, err := c.w.Write([]byte(text)); err != nil {
		c.gone = true
	}
	c.flush()
}

func (c *conn) flush() {
	if !c.gone && http.NewResponseController(c.w).Flush() != nil {
		c.gone = true
	}
}
