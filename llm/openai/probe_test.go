package openai_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"frontdesk/llm"
	"frontdesk/llm/fakeserver"
	"frontdesk/llm/openai"
)

// abilities is a server that can do everything.
func abilities(r fakeserver.Request) fakeserver.Reply {
	switch {
	case r.Schema != nil:
		return fakeserver.SayJSON(map[string]bool{"polite": true})
	case r.Tools != nil:
		return fakeserver.Call("call_1", r.Tools[0], `{"zone":"UTC"}`)
	}
	return fakeserver.Say("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20")
}

func TestProbe(t *testing.T) {
	t.Parallel()
	refusing := func(bad func(fakeserver.Request) bool) fakeserver.Script {
		return func(r fakeserver.Request) fakeserver.Reply {
			if bad(r) {
				return fakeserver.Status(400, "invalid_request_error", "unknown field")
			}
			return fakeserver.Say("Hello.")
		}
	}
	for name, c := range map[string]struct {
		script fakeserver.Script
		want   openai.Capabilities
	}{
		"everything": {abilities, openai.Capabilities{Usage: true, Schema: true, Tools: true, Seed: true}},
		"no schema":  {func(fakeserver.Request) fakeserver.Reply { return fakeserver.Say("Hello.") }, openai.Capabilities{Usage: true, Seed: true}},
		"no usage":   {refusing(func(r fakeserver.Request) bool { return r.IncludeUsage }), openai.Capabilities{Seed: true}},
		"no seed":    {refusing(func(r fakeserver.Request) bool { return r.Seed != nil }), openai.Capabilities{Usage: true}},
		"plain": {refusing(func(r fakeserver.Request) bool {
			return r.Seed != nil || r.IncludeUsage || r.Tools != nil || r.Schema != nil
		}), openai.Capabilities{}},
		"cut at length": {func(fakeserver.Request) fakeserver.Reply {
			return fakeserver.Stream(fakeserver.Text("1 2"), fakeserver.Finish("length"), fakeserver.Done())
		}, openai.Capabilities{Seed: true}},
		"errors": {func(r fakeserver.Request) fakeserver.Reply {
			if r.Tools != nil || r.Schema != nil {
				return down
			}
			return fakeserver.Say("Hello.")
		}, openai.Capabilities{Usage: true, Seed: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := at(t, "main", fakeserver.New(c.script))
			e.Capabilities = nil
			p := newPool(t, openai.Options{Endpoints: []openai.Endpoint{e}})
			p.Start(t.Context())
			if got := p.Status()[0].Capabilities; got == nil || *got != c.want {
				t.Errorf("found %+v, want %+v", got, c.want)
			}
		})
	}
}

// A start does not wait for a slow endpoint, and one that is not there at the
// start is left alone for a while.
func TestStart(t *testing.T) {
	t.Parallel()
	slow, gone := at(t, "slow", failing(fakeserver.Stream(fakeserver.Role(), fakeserver.Stall()))), at(t, "gone", saying(""))
	slow.Capabilities, gone.Capabilities, gone.BaseURL = nil, nil, "http://127.0.0.1:1/v1"
	p := newPool(t, openai.Options{Endpoints: []openai.Endpoint{slow, gone}})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		wait(t, "the end of a probe", func() bool { return p.Status()[1].State == openai.StateOpen })
		cancel()
	}()
	p.Start(ctx)
	if got := p.Status(); got[0].State != openai.StateClosed || got[0].Capabilities != nil || got[1].State != openai.StateOpen || got[1].LastFault != llm.FaultDown {
		t.Errorf("%+v", got)
	}
}

// What an endpoint cannot do is left out of a request; what it can, is there.
func TestRequests(t *testing.T) {
	t.Parallel()
	req := llm.Request{
		Messages: []llm.Message{{Role: llm.RoleSystem, Text: "Be brief."}, {Role: llm.RoleUser, Text: "Where is it?"},
			{Role: llm.RoleAssistant, Calls: []llm.Call{{ID: "c1", Name: "order", Arguments: json.RawMessage(`{"id":1}`)}}}, {Role: llm.RoleTool, Text: "on its way", Call: "c1"}},
		MaxTokens: 50, Temperature: .5, Seed: 3, Stop: []string{"\n"},
		Schema: &llm.Schema{Name: "reply", JSON: json.RawMessage(`{"type":"object"}`)},
		Tools:  []llm.Tool{{Name: "order", Description: "Looks up an order.", Parameters: json.RawMessage(`{"type":"object"}`)}},
	}
	server := fakeserver.New(func(fakeserver.Request) fakeserver.Reply { return fakeserver.Call("c2", "order", `{"id": 2}`) })
	able, plain, thinking := at(t, "able", server), at(t, "plain", server), at(t, "thinking", server)
	able.Capabilities, plain.Capabilities = &openai.Capabilities{Usage: true, Schema: true, Tools: true, Seed: true}, &openai.Capabilities{}
	thinking.Model = "gpt-5-mini"
	for _, e := range []openai.Endpoint{able, plain, thinking} {
		text, r, err := generate(t, pool(t, e), req)
		if err != nil || text != "" || len(r.Calls) != 1 || r.Calls[0].Name != "order" || string(r.Calls[0].Arguments) != `{"id": 2}` || r.Calls[0].ID != "c2" {
			t.Errorf("%s: %q, %+v, %v", e.Name, text, r, err)
		}
	}
	got := server.Exchanges()
	a, b, c := got[0].Request, got[1].Request, got[2].Request
	if len(a.Messages) != 4 || a.Messages[2].Calls[0] != "order" || a.Messages[3].CallID != "c1" || a.Messages[0].Content != "Be brief." {
		t.Errorf("messages %+v", a.Messages)
	}
	if a.MaxTokens != 50 || *a.Temperature != .5 || *a.Seed != 3 || a.Stop[0] != "\n" || a.SchemaName != "reply" || a.Tools[0] != "order" || !a.IncludeUsage {
		t.Errorf("able: %s", a.Body)
	}
	if b.Seed != nil || b.Schema != nil || b.Tools != nil || b.IncludeUsage || b.MaxTokens != 50 {
		t.Errorf("plain: %s", b.Body)
	}
	if c.Temperature != nil || c.MaxTokens != 50 {
		t.Errorf("thinking: %s", c.Body)
	}
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	able := fakeserver.New(abilities)
	able.Models = []string{"fake", "other"}
	refused := saying("")
	refused.Keys = []string{"right"}
	ok, bad, gone := at(t, "ok", able), at(t, "bad", refused), at(t, "gone", saying(""))
	ok.Capabilities, ok.Price = nil, &openai.Price{Prompt: 1}
	bad.Key, bad.Order = "sk-wrong-1234567", 1
	gone.BaseURL, gone.Order = "http://127.0.0.1:1/v1", 2
	r := newPool(t, openai.Options{Endpoints: []openai.Endpoint{ok, bad, gone}}).Doctor(t.Context())
	if !r[0].Usable || !r[0].Reachable || r[0].Listed == nil || !*r[0].Listed || r[0].First == 0 || r[0].PerSecond == 0 || !r[0].Capabilities.Tools || r[0].Price.Prompt != 1 {
		t.Errorf("%+v", r[0])
	}
	if r[1].Usable || !r[1].Reachable || !strings.Contains(r[1].Problem, "key_file") || strings.Contains(r[1].Problem, "wrong-1234567") {
		t.Errorf("%+v", r[1])
	}
	if r[2].Usable || r[2].Reachable || !strings.Contains(r[2].Problem, "check that a server answers at http://127.0.0.1:1/v1") {
		t.Errorf("%+v", r[2])
	}
}
