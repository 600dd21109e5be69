package openai_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/httprr"
	"frontdesk/llm"
	"frontdesk/llm/openai"
)

// These tests ask a real model, or play what it said: scripts/llm.sh runs one.
// They assert on the protocol, never on its words.

// realModel names the server in FRONTDESK_TEST_LLM_URL, or skips the test.
func realModel(t *testing.T) string {
	t.Helper()
	url := os.Getenv("FRONTDESK_TEST_LLM_URL")
	if url == "" {
		t.Skip("no language model: run it with scripts/llm.sh (make test-llm), which sets FRONTDESK_TEST_LLM_URL")
	}
	return url
}

// recorded gives the address of a server that plays testdata/NAME.httprr.
func recorded(t *testing.T, name string) string {
	t.Helper()
	tape, err := httprr.Open(filepath.Join("testdata", name+httprr.Extension), os.Getenv("FRONTDESK_TEST_LLM_URL"))
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(tape)
	t.Cleanup(func() {
		srv.Close()
		if err := tape.Close(); err != nil && !t.Failed() {
			t.Error(err)
		}
	})
	return srv.URL + "/v1"
}

// unhurried deadlines suit a small machine that does other things too.
var unhurried = openai.Deadlines{First: time.Minute, Between: 30 * time.Second, Total: 3 * time.Minute}

func realPool(t *testing.T, url string) *openai.Pool {
	return pool(t, openai.Endpoint{Name: "local", BaseURL: url, Model: "local", Deadlines: unhurried,
		Capabilities: &openai.Capabilities{Usage: true, Schema: true, Seed: true}})
}

func written(t *testing.T, g llm.Generator, req llm.Request) (string, int, llm.Result, error) {
	t.Helper()
	var text strings.Builder
	pieces := 0
	r, err := g.Generate(t.Context(), req, func(p string) error {
		pieces++
		text.WriteString(p)
		return nil
	})
	return text.String(), pieces, r, err
}

const rinse = "Rinse the burrs with cold water once a week, and let them dry for a day."

// exchanges are what is asked of a model, real or recorded.
var exchanges = map[string]func(t *testing.T, g llm.Generator){
	"compose": func(t *testing.T, g llm.Generator) {
		text, pieces, r, err := written(t, g, llm.Request{Seed: 1, MaxTokens: 80, Messages: []llm.Message{
			{Role: llm.RoleSystem, Text: "You answer customers of a shop in one sentence, from the passage only."},
			{Role: llm.RoleUser, Text: "Passage: " + rinse + "\n\nQuestion: How often do I rinse the burrs?"},
		}})
		if err != nil || text == "" || pieces < 2 {
			t.Fatalf("%d pieces, %q, %v", pieces, text, err)
		}
		if r.Usage.Estimated || r.Usage.Completion < 2 || r.Usage.Prompt < 30 || r.Model == "" || r.Endpoint != "local" || r.First <= 0 || r.Took < r.First {
			t.Errorf("result %+v", r)
		}
	},
	"rewrite": func(t *testing.T, g llm.Generator) {
		text, _, _, err := written(t, g, llm.Request{Seed: 1, MaxTokens: 60, Stop: []string{"\n"}, Messages: []llm.Message{
			{Role: llm.RoleUser, Text: "Earlier: How do I clean the grinder?\nNow: and how often?\nWrite what is asked now as one question that needs nothing else, on one line."},
		}})
		if err != nil || text == "" || strings.Contains(text, "\n") {
			t.Errorf("%q, %v: the stop does not hold", text, err)
		}
	},
	"schema": func(t *testing.T, g llm.Generator) {
		text, _, _, err := written(t, g, llm.Request{Seed: 1, MaxTokens: 200,
			Schema:   &llm.Schema{Name: "tags", JSON: json.RawMessage(`{"type":"object","properties":{"tag":{"type":"string","enum":["order","return","cleaning"]},"sure":{"type":"boolean"}},"required":["tag","sure"],"additionalProperties":false}`)},
			Messages: []llm.Message{{Role: llm.RoleUser, Text: "What is this about? " + rinse}},
		})
		var out struct {
			Tag  *string
			Sure *bool
		}
		if err != nil || json.Unmarshal([]byte(text), &out) != nil || out.Tag == nil || out.Sure == nil {
			t.Errorf("%q, %v: it is not of the schema", text, err)
		}
	},
	"length": func(t *testing.T, g llm.Generator) {
		text, _, r, err := written(t, g, llm.Request{Seed: 1, MaxTokens: 8, Messages: []llm.Message{{Role: llm.RoleUser, Text: "Tell me all about coffee."}}})
		if llm.FaultOf(err) != llm.FaultLength || text == "" || r.Usage.Completion != 8 {
			t.Errorf("%q, %v, %+v", text, err, r.Usage)
		}
	},
	"too_long": func(t *testing.T, g llm.Generator) {
		_, pieces, _, err := written(t, g, llm.Request{MaxTokens: 8, Messages: []llm.Message{{Role: llm.RoleUser, Text: strings.Repeat("rinse the burrs ", 3000)}}})
		if llm.FaultOf(err) != llm.FaultTooLong || pieces != 0 {
			t.Errorf("%d pieces, %v", pieces, err)
		}
	},
	"seed": func(t *testing.T, g llm.Generator) {
		req := llm.Request{Seed: 7, Temperature: .9, MaxTokens: 16, Messages: []llm.Message{{Role: llm.RoleUser, Text: "Name a colour."}}}
		first, _, _, err := written(t, g, req)
		second, _, _, again := written(t, g, req)
		if fault := llm.FaultOf(err); fault != "" && fault != llm.FaultLength || llm.FaultOf(again) != fault || first != second {
			t.Errorf("%q and %q, %v and %v", first, second, err, again)
		}
	},
}

func TestRecordedExchanges(t *testing.T) {
	t.Parallel()
	for name, ask := range exchanges {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ask(t, realPool(t, recorded(t, name)))
		})
	}
}

func TestRealModelExchanges(t *testing.T) {
	g := realPool(t, realModel(t))
	for name, ask := range exchanges {
		t.Run(name, func(t *testing.T) { ask(t, g) })
	}
}

// A generation that is given up ends at once, and frees its place in the server:
// it has two, and a third request is answered after two were given up.
func TestRealModelIsCancelled(t *testing.T) {
	g := realPool(t, realModel(t))
	for range 2 {
		ctx, cancel := context.WithCancel(t.Context())
		var at time.Time
		_, err := g.Generate(ctx, llm.Request{MaxTokens: 2000, Messages: []llm.Message{{Role: llm.RoleUser, Text: "Count from one to a thousand in words."}}}, func(string) error {
			if at.IsZero() {
				at = time.Now()
				cancel()
			}
			return nil
		})
		cancel()
		if took := time.Since(at); llm.FaultOf(err) != llm.FaultCanceled || took > 2*time.Second {
			t.Errorf("%v after %v", err, took)
		}
	}
	exchanges["compose"](t, g)
}

// The server closes idle connections after 5 s; ours are gone before.
func TestRealModelAfterAPause(t *testing.T) {
	g := realPool(t, realModel(t))
	exchanges["length"](t, g)
	select {
	case <-time.After(6 * time.Second):
	case <-t.Context().Done():
	}
	exchanges["length"](t, g)
}
