package openai_test

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"frontdesk/llm"
	"frontdesk/llm/openai"
)

// TestRealModel holds the client to a real server's protocol, never to its
// words: those of a model this small mean nothing.
func TestRealModel(t *testing.T) {
	t.Parallel()
	url := os.Getenv("FRONTDESK_TEST_LLM_URL")
	if url == "" {
		t.Skip("no FRONTDESK_TEST_LLM_URL; \"make test-llm\" starts a server")
	}
	e := openai.Endpoint{Name: "real", Model: "local", BaseURL: url, Deadlines: patient}
	p := newPool(t, openai.Options{Endpoints: []openai.Endpoint{e}})
	report := p.Doctor(t.Context())[0]
	t.Logf("%+v", report)
	if !report.Usable || report.Listed == nil || !*report.Listed || !report.Capabilities.Usage || !report.Capabilities.Seed || !report.Capabilities.Schema || report.First == 0 || report.PerSecond == 0 {
		t.Errorf("doctor: %+v", report)
	}
	e.Capabilities = &report.Capabilities
	p = newPool(t, openai.Options{Endpoints: []openai.Endpoint{e}})
	count := llm.Request{Messages: []llm.Message{{Role: llm.RoleUser, Text: "Count from 1 to 9."}}, MaxTokens: 300, Stop: []string{"7"}}

	text, r, err := generate(t, p, count)
	if err != nil || text == "" || r.Usage.Estimated || r.Usage.Prompt < 5 || r.Usage.Completion < 2 || r.First == 0 {
		t.Errorf("whole: %q, %+v, %v", text, r, err)
	}
	if again, _, err := generate(t, p, count); err != nil || again != text {
		t.Errorf("at temperature 0: %q, then %q, %v", text, again, err)
	}
	short := count
	short.MaxTokens, short.Stop = 3, nil
	if text, r, err = generate(t, p, short); llm.FaultOf(err) != llm.FaultLength || text == "" || r.Usage.Completion != 3 {
		t.Errorf("cut at 3 tokens: %q, %+v, %v", text, r, err)
	}
	schema := count
	schema.Stop = nil
	schema.Schema = &llm.Schema{Name: "five", JSON: json.RawMessage(`{"type":"object","properties":{"five":{"type":"integer"}},"required":["five"],"additionalProperties":false}`)}
	var v struct{ Five *int }
	if text, _, err = generate(t, p, schema); err != nil || json.Unmarshal([]byte(text), &v) != nil || v.Five == nil {
		t.Errorf("schema: %q, %v", text, err)
	}
	long := llm.Request{Messages: []llm.Message{{Role: llm.RoleUser, Text: strings.Repeat("one two three four ", 4000)}}, MaxTokens: 5}
	if _, _, err = generate(t, p, long); llm.FaultOf(err) != llm.FaultTooLong {
		t.Errorf("a prompt beyond the window: %v", err)
	}

	// The end of a stream by us frees the server: the next text begins soon.
	ctx, cancel := context.WithCancel(t.Context())
	endless := llm.Request{Messages: count.Messages, Temperature: 1, MaxTokens: 3000}
	if _, err = p.Generate(ctx, endless, func(string) error { cancel(); return nil }); llm.FaultOf(err) != llm.FaultCanceled {
		t.Errorf("canceled: %v", err)
	}
	// llama.cpp closes a connection that was idle for 5 s: one of ours is not
	// used that late, and a later text comes as any other.
	time.Sleep(5500 * time.Millisecond) //nolint:forbidigo // the server's own clock
	if _, _, err = generate(t, p, count); err != nil {
		t.Errorf("after a pause: %v", err)
	}
}
