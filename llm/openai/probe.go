package openai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"frontdesk/llm"
)

// A start waits for the probes no longer than startWithin; they go on after
// that. A probe as a whole may take probeWithin, and one that failed is
// repeated at the earliest after probeEvery.
const (
	startWithin = 2 * time.Second
	probeWithin = 30 * time.Second
	probeEvery  = time.Minute
)

// Start probes what the endpoints can do that are not configured with it, and
// waits for at most 2 s. An endpoint is asked before its probe came back, too,
// for nothing but text; a probe that failed is made again when the endpoint works.
func (p *Pool) Start(ctx context.Context) {
	done := make(chan struct{})
	var all sync.WaitGroup
	for _, e := range p.endpoints {
		if !e.known() {
			all.Go(func() { p.probe(e) })
		}
	}
	p.running.Go(func() {
		all.Wait()
		close(done)
	})
	t := time.NewTimer(startWithin)
	defer t.Stop()
	select {
	case <-done:
	case <-t.C:
		p.log.Info("language model: the probe of what the endpoints can do goes on in the background")
	case <-ctx.Done():
	}
}

// probeLater probes in the background, unless it has just been done or the
// endpoint is configured with what it can do.
func (p *Pool) probeLater(e *endpoint) {
	last := e.probed.Load()
	if e.Capabilities != nil || p.ctx.Err() != nil || last != 0 && e.now().Sub(time.Unix(0, last)) < probeEvery {
		return
	}
	p.running.Go(func() { p.probe(e) })
}

func (p *Pool) probe(e *endpoint) {
	if !e.probing.CompareAndSwap(false, true) {
		return
	}
	defer e.probing.Store(false)
	e.probed.Store(e.now().UnixNano())
	ctx, cancel := context.WithTimeout(p.ctx, probeWithin)
	defer cancel()
	f, err := e.probe(ctx)
	if err != nil {
		e.breaker.failed(llm.FaultOf(err))
		p.log.Warn("language model: the probe failed", "endpoint", e.Name, "err", err)
		return
	}
	e.found.Store(&f.can)
	p.log.Info("language model: found what the endpoint can do", "endpoint", e.Name, "model", e.Endpoint.Model,
		"usage", f.can.Usage, "schema", f.can.Schema, "tools", f.can.Tools, "seed", f.can.Seed)
}

// findings are what a probe saw.
type findings struct {
	can       Capabilities
	first     time.Duration
	perSecond float64 // tokens; 0 if too few came
}

// probe asks for four short texts, about 200 tokens in all.
func (e *endpoint) probe(ctx context.Context) (f findings, err error) {
	if err := e.probeText(ctx, &f); err != nil {
		return f, err
	}
	if f.can.Schema, err = e.probeSchema(ctx); err != nil {
		return f, err
	}
	f.can.Tools, err = e.probeTools(ctx)
	return f, err
}

// seeds is any seed that is not 0.
const seeds = 7

// probeText finds whether usage and seed are taken, by leaving out what the
// endpoint does not understand, and how fast it is.
func (e *endpoint) probeText(ctx context.Context, f *findings) error {
	ask := llm.Request{Messages: user("Count from 1 to 20."), MaxTokens: 48, Seed: seeds}
	var err error
	for _, can := range []Capabilities{{Usage: true, Seed: true}, {Usage: true}, {Seed: true}, {}} {
		var r llm.Result
		pieces := 0
		r, err = e.generate(ctx, can, ask, func(string) error { pieces++; return nil })
		if llm.FaultOf(err) == llm.FaultInvalid {
			continue
		}
		if err != nil && llm.FaultOf(err) != llm.FaultLength {
			return err
		}
		f.can, f.first = can, r.First
		f.can.Usage = can.Usage && !r.Usage.Estimated
		if writing := r.Took - r.First; r.Usage.Completion > 8 && pieces > 8 && writing > 0 {
			f.perSecond = float64(r.Usage.Completion-1) / writing.Seconds()
		}
		return nil
	}
	return err
}

// probeSchema asks for something that no model would answer in that form by itself.
func (e *endpoint) probeSchema(ctx context.Context) (bool, error) {
	text, _, err := e.try(ctx, Capabilities{Schema: true}, llm.Request{Messages: user("Say hello."), MaxTokens: 64, Schema: &llm.Schema{
		Name: "greeting", JSON: json.RawMessage(`{"type":"object","properties":{"polite":{"type":"boolean"}},"required":["polite"],"additionalProperties":false}`)}})
	var v struct {
		Polite *bool `json:"polite"`
	}
	held := err == nil && json.Unmarshal([]byte(text), &v) == nil && v.Polite != nil
	return held, passing(err)
}

func (e *endpoint) probeTools(ctx context.Context) (bool, error) {
	_, r, err := e.try(ctx, Capabilities{Tools: true}, llm.Request{Messages: user("What time is it now? Use the function."), MaxTokens: 64, Tools: []llm.Tool{{
		Name: "current_time", Description: "Tells the time of day.", Parameters: json.RawMessage(`{"type":"object","properties":{}}`)}}})
	called := slices.ContainsFunc(r.Calls, func(c llm.Call) bool { return c.Name == "current_time" })
	return called && err == nil, passing(err)
}

func (e *endpoint) try(ctx context.Context, can Capabilities, req llm.Request) (string, llm.Result, error) {
	var b strings.Builder
	r, err := e.generate(ctx, can, req, func(piece string) error { b.WriteString(piece); return nil })
	return b.String(), r, err
}

// passing gives the error that says nothing of what the endpoint can do, so
// that the probe has to be made again.
func passing(err error) error {
	var answered *apiError
	switch llm.FaultOf(err) {
	case llm.FaultCanceled, llm.FaultBusy, llm.FaultRefused, llm.FaultStalled, llm.FaultLate:
		return err
	case llm.FaultDown:
		if !errors.As(err, &answered) {
			return err
		}
	}
	return nil // also an error 500: some answer so what they cannot do
}

func user(text string) []llm.Message { return []llm.Message{{Role: llm.RoleUser, Text: text}} }

// Report is what Doctor found of one endpoint.
type Report struct {
	Name         string        `json:"name"`
	Address      string        `json:"address"`
	Model        string        `json:"model"`
	Usable       bool          `json:"usable"`
	Problem      string        `json:"problem,omitempty"` // what to do, if it is not usable
	Reachable    bool          `json:"reachable"`
	Listed       *bool         `json:"listed,omitempty"` // the model is in the endpoint's list; nil: there is no list
	Capabilities Capabilities  `json:"capabilities"`
	First        time.Duration `json:"first_token_ns,omitempty"`
	PerSecond    float64       `json:"tokens_per_second,omitempty"` // 0: too few came to tell
	Price        *Price        `json:"price,omitempty"`
}

// Doctor probes every endpoint anew, all at once, and reports in the order in
// which they are asked.
func (p *Pool) Doctor(ctx context.Context) []Report {
	out := make([]Report, len(p.endpoints))
	var all sync.WaitGroup
	for i, e := range p.endpoints {
		all.Go(func() { out[i] = e.examine(ctx) })
	}
	all.Wait()
	return out
}

func (e *endpoint) examine(ctx context.Context) Report {
	ctx, cancel := context.WithTimeout(ctx, probeWithin)
	defer cancel()
	r := Report{Name: e.Name, Address: e.BaseURL, Model: e.Endpoint.Model, Price: e.Price}
	list, err := e.client.ListModels(ctx)
	if err == nil {
		r.Reachable = true
		listed := false
		for _, m := range list.Models {
			listed = listed || m.ID == r.Model
		}
		r.Listed = &listed
	}
	f, err := e.probe(ctx)
	if e.Capabilities != nil {
		f.can = *e.Capabilities
	}
	r.Capabilities, r.First, r.PerSecond = f.can, f.first, f.perSecond
	r.Usable = err == nil
	var refused *apiError
	r.Reachable = r.Reachable || err == nil || errors.As(err, &refused)
	if err != nil {
		r.Problem = advice(err, r)
	}
	return r
}

// advice says what an operator can do about an endpoint that is not usable.
// The prompts were ours, so the endpoint's own words may be shown.
func advice(err error, r Report) string {
	said := strings.TrimPrefix(err.Error(), "language model: ")
	var api *apiError
	if errors.As(err, &api) && api.message != "" {
		said += fmt.Sprintf(" (%s)", redact(api.message))
	}
	hint := "look at the server's log"
	switch llm.FaultOf(err) {
	case llm.FaultRefused:
		hint = "check the key: OPENAI_API_KEY, or the endpoint's key_file"
	case llm.FaultUnknown:
		hint = fmt.Sprintf("check the model's name, %q, and the address, which ends in the version, as /v1", r.Model)
	case llm.FaultDown:
		hint = "check that a server answers at " + r.Address
	case llm.FaultGarbled, llm.FaultCut:
		hint = "check that " + r.Address + " is the address of an OpenAI-compatible API, and that no proxy changes its replies"
	case llm.FaultStalled, llm.FaultLate, llm.FaultCanceled:
		hint = "it is too slow: give it a smaller model, more processors, or longer deadlines"
	case llm.FaultBusy:
		hint = "its limit of requests is reached: wait, or raise it"
	case llm.FaultInvalid:
		hint = "it does not understand a plain chat request: check that the model can chat"
	}
	return said + ": " + hint
}
