package openai_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"frontdesk/llm"
	"frontdesk/llm/fakeserver"
	"frontdesk/llm/openai"
)

var _ llm.Generator = (*openai.Pool)(nil)

// gap is the pause of the slow faults; deadlines are far above it.
const gap = 2 * time.Millisecond

// patient deadlines are met on any machine.
var patient = openai.Deadlines{First: time.Minute, Between: time.Minute, Total: time.Minute}

// deadlines gives those of which the one that a fault has to miss is short.
func deadlines(f fakeserver.Fault) openai.Deadlines {
	d := patient
	switch {
	case f.Want == llm.FaultLate:
		d.Total = time.Second // some tokens have to come within it
	case f.Want == llm.FaultStalled && f.Partial:
		d.Between = 50 * time.Millisecond
	case f.Want == llm.FaultStalled:
		d.First = 50 * time.Millisecond
	}
	return d
}

func serve(t *testing.T, s *fakeserver.Server) string {
	t.Helper()
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return srv.URL + "/v1"
}

func pool(t *testing.T, endpoints ...openai.Endpoint) *openai.Pool {
	t.Helper()
	for i := range endpoints {
		e := &endpoints[i]
		if e.Model == "" {
			e.Model = "fake"
		}
		if e.Deadlines == (openai.Deadlines{}) {
			e.Deadlines = patient
		}
		if e.Capabilities == nil {
			e.Capabilities = &openai.Capabilities{Usage: true, Schema: true, Tools: true, Seed: true}
		}
	}
	return newPool(t, openai.Options{Endpoints: endpoints})
}

func newPool(t *testing.T, o openai.Options) *openai.Pool {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	p, err := openai.NewPool(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func ask(text string) llm.Request {
	return llm.Request{Messages: []llm.Message{{Role: llm.RoleUser, Text: text}}}
}

func generate(t *testing.T, p llm.Generator, req llm.Request) (string, llm.Result, error) {
	t.Helper()
	var b strings.Builder
	r, err := p.Generate(t.Context(), req, func(piece string) error { b.WriteString(piece); return nil })
	return b.String(), r, err
}

const answer = "You can return a kettle within 30 days of delivery, also when you have tried it."

// Every fault ends in the right Error within the deadlines; every oddity gives
// the whole text. Never is half a text taken for a whole one.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, f := range fakeserver.Faults(gap) {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			server := fakeserver.New(func(fakeserver.Request) fakeserver.Reply { return f.Reply(answer) })
			p := pool(t, openai.Endpoint{Name: "main", BaseURL: serve(t, server), Key: "sk-secret-1234567890", Deadlines: deadlines(f)})
			start := time.Now()
			text, r, err := generate(t, p, ask("Return a kettle?"))
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("it took %v", took)
			}
			if got := llm.FaultOf(err); got != f.Want {
				t.Errorf("fault %q (%v), want %q", got, err, f.Want)
			}
			if f.Want == "" && text != answer {
				t.Errorf("text %q, want the whole", text)
			}
			if f.Want != "" && text == answer {
				t.Errorf("the whole text came, and an error")
			}
			if f.Partial != (text != "") || f.Partial != (r.First > 0) {
				t.Errorf("text %q, first token after %v; partial is %v", text, r.First, f.Partial)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error tells the key: %v", err)
			}
			if f.Name == "429 with Retry-After" {
				var e *llm.Error
				if !errors.As(err, &e) || e.RetryAfter != 7*time.Second {
					t.Errorf("error %+v, want RetryAfter 7s", e)
				}
			}
		})
	}
}

func TestGenerate(t *testing.T) {
	t.Parallel()
	server := fakeserver.New(func(fakeserver.Request) fakeserver.Reply { return fakeserver.Say(answer) })
	p := pool(t, openai.Endpoint{Name: "main", BaseURL: serve(t, server), Model: "m", Key: "k"})
	text, r, err := generate(t, p, ask("Return a kettle?"))
	if err != nil || text != answer {
		t.Fatalf("%q, %v", text, err)
	}
	if r.Endpoint != "main" || r.Model != "m" || r.Usage.Estimated || r.Usage.Completion != 16 || r.Usage.Prompt == 0 || r.First == 0 || r.Took < r.First {
		t.Errorf("result %+v", r)
	}
	got := server.Exchanges()[0].Request
	if got.Key() != "k" || !got.Stream || got.Temperature == nil || *got.Temperature == 0 || *got.Temperature > 1e-5 {
		t.Errorf("request %s with key %q", got.Body, got.Key())
	}
}

// A caller that gives up is seen by the server, and so is an error of emit.
func TestCancellationReachesTheServer(t *testing.T) {
	t.Parallel()
	server := fakeserver.New(func(fakeserver.Request) fakeserver.Reply {
		return fakeserver.Stream(fakeserver.Role(), fakeserver.Text("one two "), fakeserver.Stall())
	})
	p := pool(t, openai.Endpoint{BaseURL: serve(t, server)})
	ctx, cancel := context.WithCancel(t.Context())
	_, err := p.Generate(ctx, ask("x"), func(string) error { cancel(); return nil })
	if llm.FaultOf(err) != llm.FaultCanceled {
		t.Errorf("canceled: %v", err)
	}
	full := errors.New("full")
	if _, err = p.Generate(t.Context(), ask("x"), func(string) error { return full }); err != full { //nolint:errorlint // it is given as it is
		t.Errorf("an error of emit: %v", err)
	}
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) { //nolint:forbidigo // polling the server
		gone := 0
		for _, e := range server.Exchanges() {
			if e.Canceled {
				gone++
			}
		}
		if gone == 2 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the server saw %d of 2 cancellations", gone)
		}
	}
}
