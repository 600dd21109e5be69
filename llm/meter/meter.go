// Package meter counts what a language model uses and keeps it within budgets.
// A Meter is a Generator around another one: it reserves before it asks, so
// that many turns at once, on any node, stay within the day's budget but for
// one request, and counts what was used after.
package meter

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/llm"
)

// Store is what a Meter needs of the store.
type Store interface {
	AddSpend(ctx context.Context, ws uuid.UUID, s chat.Spend) error
	Spent(ctx context.Context, ws uuid.UUID, q chat.SpendQuery) (chat.Spent, error)
	Setting(ctx context.Context, ws, inbox uuid.UUID, name string) (chat.Setting, error)
}

// Price is what a million tokens cost in the configured currency; or, which is
// the same figure, millionths of it for one token.
type Price struct{ Prompt, Completion float64 }

// micros is the price of so many tokens, rounded up.
func (p Price) micros(prompt, completion int64) int64 {
	cost := p.Prompt*float64(prompt) + p.Completion*float64(completion)
	whole := int64(cost)
	if cost > float64(whole) {
		whole++
	}
	return whole
}

// Observation is what a Meter tells of one request.
type Observation struct {
	Account llm.Account
	Model   string    // "" if none was asked
	Usage   llm.Usage // zero if nothing was used
	Micros  int64
	Fault   llm.Fault
	// Refused is the part of the budget that was used up, "" if none was; with
	// it the model was not asked.
	Refused chat.BudgetPart
}

// Options are what a Meter is made of. Generator and Store are needed.
type Options struct {
	Generator llm.Generator
	Store     Store
	Prices    map[string]Price  // by the endpoint's name (llm.Result.Endpoint); one that is missing costs nothing
	Observe   func(Observation) // nil: nobody. It must not block
	Log       *slog.Logger
	Now       func() time.Time
}

// Meter is a Generator that counts and refuses. Make it with New.
type Meter struct {
	o       Options
	dearest Price // of all endpoints: what a reservation is made at
	told    told
}

// New makes a Meter.
func New(o Options) (*Meter, error) {
	if o.Generator == nil || o.Store == nil {
		return nil, errors.New("meter: new: Generator and Store are needed")
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Observe == nil {
		o.Observe = func(Observation) {}
	}
	m := &Meter{o: o}
	for _, p := range o.Prices {
		m.dearest.Prompt, m.dearest.Completion = max(m.dearest.Prompt, p.Prompt), max(m.dearest.Completion, p.Completion)
	}
	return m, nil
}

// Model names the model within.
func (m *Meter) Model() string { return m.o.Generator.Model() }

// Generate asks the Generator within, if the budgets of req.Account allow it;
// else the error has FaultSpent. Without a workspace nothing is counted.
func (m *Meter) Generate(ctx context.Context, req llm.Request, emit func(string) error) (llm.Result, error) {
	counted := req.Account.Workspace != uuid.Nil
	var held hold
	if counted {
		var err error
		if held, err = m.reserve(ctx, req); err != nil {
			return llm.Result{}, err
		}
	}
	r, err := m.ask(ctx, req, emit)
	micros := m.o.Prices[r.Endpoint].micros(int64(r.Usage.Prompt), int64(r.Usage.Completion))
	if counted {
		m.settle(ctx, held, r, micros)
	}
	m.o.Observe(Observation{Account: req.Account, Model: m.modelOf(r), Usage: r.Usage, Micros: micros, Fault: llm.FaultOf(err)})
	return r, err
}

// ask asks the model. Its usage is estimated where the endpoint did not count.
func (m *Meter) ask(ctx context.Context, req llm.Request, emit func(string) error) (llm.Result, error) {
	written := 0
	r, err := m.o.Generator.Generate(ctx, req, func(piece string) error {
		written += len(piece)
		return emit(piece)
	})
	worked := err == nil || written > 0 || len(r.Calls) > 0 || workedOn(llm.FaultOf(err))
	if worked && r.Endpoint != "" && r.Usage.Prompt+r.Usage.Completion == 0 {
		r.Usage = llm.Usage{Prompt: promptTokens(req), Completion: tokensOf(written) + callTokens(r.Calls), Estimated: true}
	}
	return r, err
}

// workedOn reports whether a model has read the prompt, though it failed.
func workedOn(f llm.Fault) bool {
	switch f {
	case llm.FaultStalled, llm.FaultLate, llm.FaultCut, llm.FaultLength, llm.FaultFiltered, llm.FaultCanceled, llm.FaultGarbled:
		return true
	}
	return false
}
