package openai_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/chat"
	"frontdesk/llm"
	"frontdesk/llm/fakeserver"
	"frontdesk/llm/openai"
)

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Unix(1_000_000, 0)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func saying(text string) *fakeserver.Server {
	return fakeserver.New(func(fakeserver.Request) fakeserver.Reply { return fakeserver.Say(text) })
}

func failing(reply fakeserver.Reply) *fakeserver.Server {
	return fakeserver.New(func(fakeserver.Request) fakeserver.Reply { return reply })
}

var down = fakeserver.Status(500, "server_error", "no")

func at(t *testing.T, name string, s *fakeserver.Server) openai.Endpoint {
	return openai.Endpoint{Name: name, Model: "fake", BaseURL: serve(t, s), Deadlines: patient, Capabilities: &openai.Capabilities{Usage: true}}
}

// Before the first piece every fault that another endpoint may not have leads
// to another; after it none does.
func TestFailover(t *testing.T) {
	t.Parallel()
	for _, f := range fakeserver.Faults(gap) {
		if f.Want == "" {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			other := saying(answer)
			second := at(t, "second", other)
			second.Order = 1
			first := at(t, "first", failing(f.Reply(answer)))
			first.Deadlines = deadlines(f)
			p := pool(t, second, first)
			text, r, err := generate(t, p, ask("x"))
			ownFault := f.Want == llm.FaultFiltered
			if f.Partial || ownFault {
				if llm.FaultOf(err) != f.Want || len(other.Exchanges()) != 0 {
					t.Errorf("%q, %v, and the second was asked %d times", text, err, len(other.Exchanges()))
				}
				return
			}
			if err != nil || text != answer || r.Endpoint != "second" {
				t.Errorf("%q from %q, %v", text, r.Endpoint, err)
			}
		})
	}
}

func TestOrderAndWeight(t *testing.T) {
	t.Parallel()
	a, b, c := at(t, "a", saying("a")), at(t, "b", saying("b")), at(t, "c", saying("c"))
	a.Weight, b.Weight, c.Order = 3, 1, 1
	p := pool(t, c, a, b)
	if p.Status()[0].Name != "a" {
		t.Errorf("the first is %+v", p.Status()[0])
	}
	got := map[string]int{}
	for range 400 {
		_, r, err := generate(t, p, ask("x"))
		if err != nil {
			t.Fatal(err)
		}
		got[r.Endpoint]++
	}
	// 300 of 400 are due, with a standard deviation of 9.
	if got["c"] != 0 || got["a"] < 240 || got["a"] > 360 {
		t.Errorf("asked %v, want about 300 a, 100 b, no c", got)
	}
}

// An endpoint that fails three times is left alone, tried once when its time is
// over, and left alone for longer when that fails; once it works it is asked as
// before, and probed anew.
func TestBreaker(t *testing.T) {
	t.Parallel()
	clock := newClock()
	server := failing(down)
	var mu sync.Mutex
	var faults []llm.Fault
	e := at(t, "main", server)
	e.Capabilities = nil
	p := newPool(t, openai.Options{Endpoints: []openai.Endpoint{e}, Now: clock.now, Observe: func(a openai.Attempt) {
		mu.Lock()
		defer mu.Unlock()
		faults = append(faults, a.Fault)
	}})
	if _, _, err := generate(t, p, ask("x")); llm.FaultOf(err) != llm.FaultDown {
		t.Fatal(err)
	}
	if got := p.Status()[0]; got.State != openai.StateOpen || got.LastFault != llm.FaultDown {
		t.Errorf("after 3 attempts: %+v", got)
	}
	asked := len(server.Exchanges())
	var fault *llm.Error
	if _, _, err := generate(t, p, ask("x")); !errors.As(err, &fault) || fault.Fault != llm.FaultDown || fault.RetryAfter <= 0 || fault.RetryAfter > 5*time.Second {
		t.Errorf("while it is left alone: %v", err)
	}
	clock.pass(5 * time.Second)
	if got := p.Status()[0].State; got != openai.StateHalfOpen {
		t.Errorf("after its time: %s", got)
	}
	if _, _, err := generate(t, p, ask("x")); llm.FaultOf(err) != llm.FaultDown {
		t.Errorf("the trial: %v", err)
	}
	if n := len(server.Exchanges()); n != asked+1 {
		t.Errorf("asked %d times by the trial, want once", n-asked)
	}
	clock.pass(4999 * time.Millisecond) // the second time is 5 to 10 s
	if got := p.Status()[0].State; got != openai.StateOpen {
		t.Errorf("after a failed trial: %s", got)
	}
	clock.pass(6 * time.Second)
	server.SetScript(abilities)
	if text, _, err := generate(t, p, ask("x")); err != nil || text == "" {
		t.Errorf("back: %q, %v", text, err)
	}
	wait(t, "a probe", func() bool { return p.Status()[0].Capabilities != nil })
	if got := p.Status()[0]; got.State != openai.StateClosed || *got.Capabilities != (openai.Capabilities{Usage: true, Schema: true, Tools: true, Seed: true}) {
		t.Errorf("after it: %+v", got)
	}
	mu.Lock()
	defer mu.Unlock()
	if want := []llm.Fault{"down", "down", "down", "down", ""}; !slices.Equal(faults, want) {
		t.Errorf("observed %v, want %v", faults, want)
	}
}

// wait polls.
func wait(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(time.Millisecond) { //nolint:forbidigo // polling
		if time.Now().After(end) {
			t.Fatalf("%s did not come", what)
		}
	}
}

// A refused key opens at once; what the text is to blame for never does.
func TestWhatTheBreakerCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault string
		want  openai.State
	}{
		{"401", openai.StateOpen}, {"404", openai.StateOpen}, {"302", openai.StateOpen},
		{"429 with Retry-After", openai.StateHeld},
		{"400", openai.StateClosed}, {"prompt too long", openai.StateClosed}, {"length", openai.StateClosed}, {"content_filter", openai.StateClosed},
	} {
		t.Run(c.fault, func(t *testing.T) {
			t.Parallel()
			f, ok := fakeserver.Named(c.fault, gap)
			if !ok {
				t.Fatal("no such fault")
			}
			server := failing(f.Reply(answer))
			p := pool(t, at(t, "main", server))
			for range 4 {
				if _, _, err := generate(t, p, ask("x")); llm.FaultOf(err) != f.Want && c.want == openai.StateClosed {
					t.Error(err)
				}
			}
			if got := p.Status()[0].State; got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			if n := len(server.Exchanges()); c.want != openai.StateClosed && n != 1 {
				t.Errorf("asked %d times, want once", n)
			}
		})
	}
}

// A caller's short limit is late, but says nothing of the endpoint.
func TestCallersLimit(t *testing.T) {
	t.Parallel()
	p := pool(t, at(t, "main", failing(fakeserver.Stream(fakeserver.Role(), fakeserver.Stall()))))
	for range tripsAfter + 1 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		_, err := p.Generate(ctx, ask("x"), func(string) error { return nil })
		cancel()
		if llm.FaultOf(err) != llm.FaultLate {
			t.Errorf("%v, want late", err)
		}
	}
	if got := p.Status()[0].State; got != openai.StateClosed {
		t.Errorf("the endpoint is %s", got)
	}
}

// tripsAfter is how many faults in a row the breaker takes.
const tripsAfter = 3

// A short Retry-After is waited for, and the wish is kept for all generations.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	var once sync.Once
	server := fakeserver.New(func(fakeserver.Request) (r fakeserver.Reply) {
		r = fakeserver.Say(answer)
		once.Do(func() { r = fakeserver.Status(429, "rate_limit", "slow").With("Retry-After-Ms", "30") })
		return r
	})
	p := pool(t, at(t, "main", server))
	start := time.Now()
	if text, _, err := generate(t, p, ask("x")); err != nil || text != answer {
		t.Errorf("%q, %v", text, err)
	}
	if took := time.Since(start); took < 30*time.Millisecond {
		t.Errorf("asked again after %v", took)
	}
}

// Retries are a tenth of the generations, after the first ten.
func TestRetryBudget(t *testing.T) {
	t.Parallel()
	clock := newClock()
	server := failing(down)
	p := newPool(t, openai.Options{Endpoints: []openai.Endpoint{at(t, "main", server)}, Now: clock.now})
	for range 40 {
		clock.pass(2 * time.Minute) // whatever it did, it is tried again
		_, _, _ = generate(t, p, ask("x"))
	}
	if n := len(server.Exchanges()); n > 40+10+4 {
		t.Errorf("asked %d times for 40 generations, want at most 54", n)
	}
}

// Of an endpoint's places no more than it has are taken; who finds none goes
// elsewhere, and where there is nowhere waits, but not without end.
func TestPlaces(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	server := fakeserver.New(func(fakeserver.Request) fakeserver.Reply {
		return fakeserver.Stream(fakeserver.Role(), fakeserver.Until(release), fakeserver.Text(answer), fakeserver.Finish("stop"), fakeserver.Done())
	})
	e := at(t, "main", server)
	e.Concurrency, e.Queue, e.QueueWait = 2, 1, time.Minute
	p := pool(t, e)
	results := make(chan error, 3)
	for i := range 3 {
		go func() {
			_, _, err := generate(t, p, ask("x"))
			results <- err
		}()
		wait(t, "a generation", func() bool { s := p.Status()[0]; return s.Running+s.Waiting == i+1 })
	}
	if s := p.Status()[0]; s.Running != 2 || s.Waiting != 1 || len(server.Exchanges()) > 2 {
		t.Errorf("status %+v", s)
	}
	if _, _, err := generate(t, p, ask("x")); llm.FaultOf(err) != llm.FaultBusy {
		t.Errorf("with a full queue: %v", err)
	}
	close(release)
	for range 3 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func TestQueueWait(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	defer close(release)
	slow := fakeserver.New(func(fakeserver.Request) fakeserver.Reply {
		return fakeserver.Stream(fakeserver.Role(), fakeserver.Until(release), fakeserver.Finish("stop"))
	})
	e := at(t, "main", slow)
	e.Concurrency, e.QueueWait = 1, 5*time.Millisecond
	spare := at(t, "spare", saying(answer))
	spare.Order = 1
	p := pool(t, e)
	both := pool(t, e, spare)
	for _, p := range []*openai.Pool{p, both} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() { _, _ = p.Generate(ctx, ask("x"), func(string) error { return nil }) }()
		wait(t, "a generation", func() bool { return p.Status()[0].Running == 1 })
	}
	if _, _, err := generate(t, p, ask("x")); llm.FaultOf(err) != llm.FaultBusy {
		t.Errorf("no place became free: %v", err)
	}
	if _, r, err := generate(t, both, ask("x")); err != nil || r.Endpoint != "spare" {
		t.Errorf("with a spare: %q, %v", r.Endpoint, err)
	}
}

// A key that was changed in its file is used as soon as the old one is refused.
func TestKeyFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key")
	write := func(s string) {
		if err := os.WriteFile(path, []byte(s+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("old")
	server := saying(answer)
	server.Keys = []string{"new"}
	e := at(t, "main", server)
	e.KeyFile = path
	p := pool(t, e)
	write("new")
	if text, _, err := generate(t, p, ask("x")); err != nil || text != answer {
		t.Errorf("%q, %v", text, err)
	}
	write("other")
	server.Keys = []string{"none"}
	if _, _, err := generate(t, p, ask("x")); llm.FaultOf(err) != llm.FaultRefused {
		t.Errorf("a wrong key: %v", err)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	server := saying(answer)
	e := at(t, "main", server)
	e.Key, e.KeyHeader, e.Headers = "k", "api-key", map[string]string{"x-team": "support"}
	if _, _, err := generate(t, pool(t, e), ask("x")); err != nil {
		t.Fatal(err)
	}
	h := server.Exchanges()[0].Request.Header
	if h.Get("Api-Key") != "k" || h.Get("Authorization") != "" || h.Get("X-Team") != "support" || h.Get("X-Idempotency-Key") != "" {
		t.Errorf("headers %v", h)
	}
}

func TestNewPoolRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		endpoints []openai.Endpoint
		says      string
	}{
		"nothing":    {nil, "no endpoint"},
		"no model":   {[]openai.Endpoint{{BaseURL: "http://x/v1"}}, "names no model"},
		"no address": {[]openai.Endpoint{{BaseURL: "localhost:1", Model: "m"}}, "http://localhost:11434/v1"},
		"same name":  {[]openai.Endpoint{{Name: "a", Model: "m"}, {Name: "a", Model: "m"}}, "two endpoints are called a"},
		"two keys":   {[]openai.Endpoint{{Model: "m", Key: "k", KeyFile: "f"}}, "keep one"},
		"no file":    {[]openai.Endpoint{{Model: "m", KeyFile: "/nonexistent"}}, "key_file"},
		"proxy":      {[]openai.Endpoint{{Model: "m", Proxy: "proxy"}}, "http://host:port"},
		"ca":         {[]openai.Endpoint{{Model: "m", CAFile: "/nonexistent"}}, "ca_file"},
	} {
		_, err := openai.NewPool(openai.Options{Endpoints: c.endpoints})
		if chat.CodeOf(err) != chat.CodeInvalid || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want one that says %q", name, err, c.says)
		}
	}
}

func TestPrices(t *testing.T) {
	t.Parallel()
	e := at(t, "main", saying(""))
	e.Price = &openai.Price{Prompt: 0.15, Completion: 0.6}
	got := pool(t, e, at(t, "free", saying(""))).Prices()
	if len(got) != 1 || got["main"] != *e.Price {
		t.Errorf("%v", got)
	}
}
