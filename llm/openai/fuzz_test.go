package openai

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"frontdesk/llm"
)

// canned answers every request with the same stream.
type canned []byte

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/event-stream"}},
		Body: io.NopCloser(bytes.NewReader(c)), Request: r, ContentLength: -1}, nil
}

// Whatever bytes come, a text is whole only if a finish_reason was among them,
// and every failure is a fault with a name.
func FuzzStream(f *testing.F) {
	const chunk = `data: {"choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]}` + "\n\n"
	for _, seed := range []string{
		"", chunk, chunk + `data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}` + "\n\ndata: [DONE]\n\n",
		": ping\n\nevent: error\ndata: {\"error\":{\"message\":\"x\",\"code\":500}}\n\n", `data: {"error":null}`, "<html>", "data: [DONE]",
		`data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":7,"function":{"name":"x","arguments":"{"}}]},"finish_reason":"tool_calls"}]}`,
		"data: {\"error\":\"text\"}\r\n", "data:\ndata: 1\n", `{"error":{"code":[1]}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		log := slog.New(slog.DiscardHandler)
		tr := &transport{client: &http.Client{Transport: canned(stream)}, key: &key{}, log: log, now: time.Now}
		g := newGenerator("http://model.test/v1", "m", tr, Deadlines{})
		var b strings.Builder
		r, err := g.generate(t.Context(), Capabilities{}, llm.Request{}, func(piece string) error { b.WriteString(piece); return nil })
		escaped := bytes.Contains(stream, []byte(`\u`)) // a key may be written so
		if err == nil && !escaped && !bytes.Contains(bytes.ToLower(stream), []byte("finish_reason")) {
			t.Errorf("%q is whole, with text %q", stream, b.String())
		}
		switch llm.FaultOf(err) {
		case llm.FaultOther, llm.FaultStalled, llm.FaultLate, llm.FaultCanceled:
			t.Errorf("%q: %v", stream, err)
		}
		if (b.Len() > 0) != (r.First > 0) {
			t.Errorf("%q: text %q, first after %v", stream, b.String(), r.First)
		}
	})
}
