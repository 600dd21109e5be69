package openai

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"frontdesk/chat"
	"frontdesk/llm"
)

// Options configure a Pool. Only Endpoints must be set.
type Options struct {
	Endpoints []Endpoint
	Log       *slog.Logger     // nil: slog.Default()
	Now       func() time.Time // nil: time.Now
	// Observe is told of every attempt, from the generation's goroutine; nil: nobody is.
	Observe func(Attempt)
}

// Attempt is one request of a text to one endpoint.
type Attempt struct {
	Endpoint string
	Purpose  llm.Purpose
	Fault    llm.Fault // "" if the text came whole
	Retry    bool      // not the generation's first
	Result   llm.Result
}

// Pool is a Generator over one or several endpoints. It asks those of the
// lowest order that work, by weight, and leaves one alone that fails. Make it
// with NewPool, end it with Close.
type Pool struct {
	endpoints []*endpoint // by order
	log       *slog.Logger
	observe   func(Attempt)
	budget    budget

	ctx     context.Context // of the probes
	stop    context.CancelFunc
	running sync.WaitGroup
}

// NewPool makes a pool; it asks nothing yet. CodeInvalid says what is wrong
// with the configuration.
func NewPool(o Options) (*Pool, error) {
	if len(o.Endpoints) == 0 {
		return nil, chat.Errorf(chat.CodeInvalid, "no endpoint of a language model is configured")
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Observe == nil {
		o.Observe = func(Attempt) {}
	}
	p := &Pool{log: o.Log, observe: o.Observe, budget: budget{left: budgetAtMost}}
	for _, cfg := range o.Endpoints {
		e, err := newEndpoint(cfg, o)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(p.endpoints, func(other *endpoint) bool { return other.Name == e.Name }) {
			return nil, chat.Errorf(chat.CodeInvalid, "two endpoints are called %s: give each a name of its own", e.Name)
		}
		p.endpoints = append(p.endpoints, e)
	}
	slices.SortStableFunc(p.endpoints, func(a, b *endpoint) int { return cmp.Compare(a.Order, b.Order) })
	p.ctx, p.stop = context.WithCancel(context.Background())
	return p, nil
}

// Close ends running probes. Generations end by their own contexts.
func (p *Pool) Close() {
	p.stop()
	p.running.Wait()
	for _, e := range p.endpoints {
		e.transport.client.CloseIdleConnections()
	}
}

// Model names the model of the endpoint that is asked first.
func (p *Pool) Model() string { return p.endpoints[0].Model }

// Generate streams a text from an endpoint that works. Before the first piece
// came, another may be asked in its place.
func (p *Pool) Generate(ctx context.Context, req llm.Request, emit func(string) error) (result llm.Result, err error) {
	p.budget.earn()
	start := time.Now()
	var (
		first time.Duration // over all attempts
		tried []*endpoint
		e     *endpoint
	)
	watched := func(piece string) error {
		if first == 0 {
			first = max(time.Since(start), 1)
		}
		return emit(piece)
	}
	defer func() { result.First, result.Took = first, time.Since(start) }()
	for attempt := range maxAttempts {
		next, wait := p.next(e, tried, err, attempt)
		if next == nil {
			break
		}
		if attempt > 0 && !p.budget.spend() {
			break
		}
		if gone := sleep(ctx, wait); gone != nil {
			return result, gone
		}
		e, tried = next, append(tried, next)
		var once llm.Result
		once, err = p.attempt(ctx, e, attempt > 0, req, watched)
		result = add(result, once)
		if err == nil || first > 0 || ctx.Err() != nil || !elsewhere(llm.FaultOf(err)) {
			return result, err
		}
	}
	if err == nil {
		err = p.unavailable()
	}
	return result, err
}

// next chooses the endpoint to ask: one not tried yet, or else the last one
// again, after a wait.
func (p *Pool) next(last *endpoint, tried []*endpoint, err error, attempt int) (*endpoint, time.Duration) {
	if e := p.pick(tried); e != nil {
		return e, 0
	}
	var fault *llm.Error
	if last == nil || !errors.As(err, &fault) {
		return nil, 0
	}
	wait, ok := again(fault, attempt-1)
	if ready, left := last.breaker.ready(); !ok || !ready && left > wait {
		return nil, 0
	}
	return last, wait
}

// pick takes by weight one of the lowest order that may be asked; one that has
// a place free before one whose places are all taken.
func (p *Pool) pick(tried []*endpoint) *endpoint {
	for _, needFree := range []bool{true, false} {
		for i := 0; i < len(p.endpoints); {
			order, total := p.endpoints[i].Order, 0
			var chosen *endpoint
			for ; i < len(p.endpoints) && p.endpoints[i].Order == order; i++ {
				e := p.endpoints[i]
				if ready, _ := e.breaker.ready(); !ready || slices.Contains(tried, e) || needFree && !e.slots.free() {
					continue
				}
				total += e.Weight
				if rand.N(total) < e.Weight {
					chosen = e
				}
			}
			if chosen != nil {
				return chosen
			}
		}
	}
	return nil
}

// attempt asks one endpoint.
func (p *Pool) attempt(ctx context.Context, e *endpoint, retry bool, req llm.Request, emit func(string) error) (r llm.Result, err error) {
	var fault llm.Error
	defer func() {
		r.Endpoint = e.Name
		err = named(err, e.Name)
		p.observe(Attempt{Endpoint: e.Name, Purpose: req.Account.Purpose, Fault: fault.Fault, Retry: retry, Result: r})
	}()
	if err := e.slots.take(ctx); err != nil {
		fault = faultIn(err)
		return r, err
	}
	defer e.slots.give()
	trial, ok := e.breaker.enter()
	if !ok {
		fault = llm.Error{Fault: llm.FaultDown, Err: errors.New("it is left alone after faults")}
		return r, &fault
	}
	r, err = e.generate(ctx, e.can(), req, emit)
	fault = faultIn(err)
	verdict := fault.Fault
	if ctx.Err() != nil {
		verdict = llm.FaultCanceled // a caller's own, perhaps short, limit says nothing of the endpoint
	}
	switch e.breaker.leave(trial, verdict, fault.RetryAfter) {
	case tripped:
		p.log.Warn("language model: endpoint is left alone for a while", "endpoint", e.Name, "fault", fault.Fault, "err", err)
	case cameBack:
		p.log.Info("language model: endpoint is back", "endpoint", e.Name)
		p.probeLater(e)
	case same:
		if fault.Fault != "" && fault.Fault != llm.FaultCanceled {
			p.log.Warn("language model: generation failed", "endpoint", e.Name, "fault", fault.Fault, "err", err)
		} else if err == nil && !e.known() {
			p.probeLater(e)
		}
	}
	return r, err
}

// unavailable says that no endpoint may be asked, and when the first may again.
func (p *Pool) unavailable() error {
	soonest, fault := time.Duration(-1), llm.FaultDown
	for _, e := range p.endpoints {
		if _, left := e.breaker.ready(); soonest < 0 || left < soonest {
			soonest = left
		}
		if s, _, _ := e.breaker.state(); s == StateHeld {
			fault = llm.FaultBusy
		}
	}
	return &llm.Error{Fault: fault, RetryAfter: soonest, Err: errors.New("every endpoint is left alone for a while")}
}

// faultIn gives the fault of an attempt. An error that has none is the caller's
// own, from emit.
func faultIn(err error) (f llm.Error) {
	var e *llm.Error
	switch {
	case errors.As(err, &e):
		f = *e
	case err != nil:
		f.Fault = llm.FaultCanceled
	}
	return f
}

// named gives an error its endpoint. It is copied: it may be shared.
func named(err error, endpoint string) error {
	var e *llm.Error
	if !errors.As(err, &e) {
		return err
	}
	out := *e
	out.Endpoint = endpoint
	return &out
}

// add counts the tokens of all attempts together.
func add(before, r llm.Result) llm.Result {
	r.Usage.Prompt += before.Usage.Prompt
	r.Usage.Completion += before.Usage.Completion
	r.Usage.Estimated = r.Usage.Estimated || before.Usage.Estimated
	return r
}

// Prices gives what tokens cost, by the endpoint's name; without those that
// have no price.
func (p *Pool) Prices() map[string]Price {
	out := map[string]Price{}
	for _, e := range p.endpoints {
		if e.Price != nil {
			out[e.Name] = *e.Price
		}
	}
	return out
}
