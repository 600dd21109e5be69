package openai

import (
	"sync/atomic"
	"time"

	"frontdesk/chat"
	"frontdesk/llm"
)

// endpoint is one that the pool may ask.
type endpoint struct {
	Endpoint
	*generator
	transport *transport
	breaker   *breaker
	slots     *slots
	found     atomic.Pointer[Capabilities] // nil until a probe came back
	probing   atomic.Bool
	probed    atomic.Int64 // unix nanoseconds when the last probe began
	now       func() time.Time
}

func newEndpoint(cfg Endpoint, o Options) (*endpoint, error) {
	cfg, err := cfg.defaults()
	if err != nil {
		return nil, err
	}
	k, err := newKey(cfg.Key, cfg.KeyFile)
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "endpoint %s: %w", cfg.Name, err)
	}
	t, err := newTransport(route{cfg.Proxy, cfg.CAFile, cfg.Concurrency}, k, o.Log.With("endpoint", cfg.Name))
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "endpoint %s: %w", cfg.Name, err)
	}
	t.keyName, t.now = cfg.KeyHeader, o.Now
	for name, value := range cfg.Headers {
		t.header.Set(name, value)
	}
	e := &endpoint{Endpoint: cfg, transport: t, generator: newGenerator(cfg.BaseURL, cfg.Model, t, cfg.Deadlines),
		breaker: &breaker{now: o.Now}, slots: newSlots(cfg.Concurrency, cfg.Queue, cfg.QueueWait), now: o.Now}
	e.found.Store(cfg.Capabilities)
	return e, nil
}

// can gives what the endpoint is known to do; nothing before a probe came back.
func (e *endpoint) can() Capabilities {
	if c := e.found.Load(); c != nil {
		return *c
	}
	return Capabilities{}
}

func (e *endpoint) known() bool { return e.found.Load() != nil }

// Status is how an endpoint does.
type Status struct {
	Name         string        `json:"name"`
	Model        string        `json:"model"`
	State        State         `json:"state"`
	LastFault    llm.Fault     `json:"last_fault,omitempty"`
	LastFaultAt  time.Time     `json:"last_fault_at,omitzero"`
	Running      int           `json:"running"`
	Waiting      int           `json:"waiting"`
	Capabilities *Capabilities `json:"capabilities,omitempty"` // nil: not known yet
}

// Status tells how each endpoint does, in the order in which they are asked.
func (p *Pool) Status() []Status {
	out := make([]Status, len(p.endpoints))
	for i, e := range p.endpoints {
		s := Status{Name: e.Name, Model: e.Endpoint.Model, Running: len(e.slots.taken), Waiting: int(e.slots.waiting.Load()), Capabilities: e.found.Load()}
		s.State, s.LastFault, s.LastFaultAt = e.breaker.state()
		out[i] = s
	}
	return out
}
