package openai_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
	"frontdesk/llm/openai"
)

func readEndpoints(t *testing.T, text string) ([]openai.Endpoint, string, error) {
	t.Helper()
	folder := t.TempDir()
	path := filepath.Join(folder, "models.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := openai.ReadEndpoints(path)
	return list, folder, err
}

func TestReadEndpoints(t *testing.T) {
	t.Parallel()
	got, folder, err := readEndpoints(t, `
endpoints:
  - name: main
    base_url: http://localhost:8000/v1
    model: qwen3
    key_file: keys/main
    key_header: api-key
    headers: {X-Team: support}
    order: 1
    weight: 3
    deadlines: {first: 2s, between: 500ms, total: 1m}
    concurrency: 4
    queue: 8
    queue_wait: 1s
    proxy: http://proxy:3128
    ca_file: /etc/ca.pem
    price: {prompt: 0.15, completion: 0.6}
    capabilities: {usage: true, schema: false, tools: true, seed: true}
  - model: small
`)
	if err != nil {
		t.Fatal(err)
	}
	want := []openai.Endpoint{{Name: "main", BaseURL: "http://localhost:8000/v1", Model: "qwen3", KeyFile: filepath.Join(folder, "keys/main"), KeyHeader: "api-key",
		Headers: map[string]string{"X-Team": "support"}, Order: 1, Weight: 3,
		Deadlines:   openai.Deadlines{First: 2 * time.Second, Between: 500 * time.Millisecond, Total: time.Minute},
		Concurrency: 4, Queue: 8, QueueWait: time.Second, Proxy: "http://proxy:3128", CAFile: "/etc/ca.pem",
		Price: &openai.Price{Prompt: .15, Completion: .6}, Capabilities: &openai.Capabilities{Usage: true, Tools: true, Seed: true}}, {Model: "small"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestReadEndpointsRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, says string }{
		"empty":          {"", "write endpoints:"},
		"nothing listed": {"endpoints: []", "write endpoints:"},
		"typing error":   {"endpoints:\n  - modle: x\n", `line 2: there is no setting "modle"; an endpoint has name`},
		"top level":      {"endpoint:\n  - model: x\n", `there is no setting "endpoint"`},
		"no YAML":        {"endpoints: [", "an endpoint has name"},
		"a duration":     {"endpoints:\n  - {model: x, queue_wait: 3}\n  - {model: x, queue_wait: soon}\n", "line 3"},
		"negative":       {"endpoints:\n  - {model: x, weight: -1}\n", "endpoint 1: a weight, limit or duration is negative"},
		"negative price": {"endpoints:\n  - {model: x, price: {prompt: -1}}\n", "a price is negative"},
		"a key in it":    {"endpoints:\n  - {model: x, headers: {authorization: Bearer k}}\n", "key_file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := readEndpoints(t, c.text)
			if chat.CodeOf(err) != chat.CodeInvalid || err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want one that says %q", err, c.says)
			}
		})
	}
}
