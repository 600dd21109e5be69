package openai

import (
	"context"
	"errors"
	"log/slog"

	"frontdesk/chat"
	"frontdesk/llm"
)

// Options configure a Pool.
type Options struct {
	Endpoints []Endpoint // at least one
	Log       *slog.Logger
}

// Pool is a Generator over one or several endpoints. Make it with NewPool.
type Pool struct {
	endpoints []*endpoint
}

// endpoint is one that the pool may ask.
type endpoint struct {
	Endpoint
	chat *generator
}

// NewPool makes a pool; it asks nothing yet. CodeInvalid says what is wrong
// with the configuration.
func NewPool(o Options) (*Pool, error) {
	if len(o.Endpoints) == 0 {
		return nil, chat.Errorf(chat.CodeInvalid, "no endpoint of a language model is configured")
	}
	p := &Pool{}
	for _, cfg := range o.Endpoints {
		e, err := newEndpoint(cfg, o.Log)
		if err != nil {
			return nil, err
		}
		p.endpoints = append(p.endpoints, e)
	}
	return p, nil
}

func newEndpoint(cfg Endpoint, log *slog.Logger) (*endpoint, error) {
	cfg, err := cfg.defaults()
	if err != nil {
		return nil, err
	}
	k, err := newKey(cfg.Key, cfg.KeyFile)
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "endpoint %s: %w", cfg.Name, err)
	}
	t, err := newTransport(route{cfg.Proxy, cfg.CAFile, cfg.Concurrency}, k, log)
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "endpoint %s: %w", cfg.Name, err)
	}
	t.keyName = cfg.KeyHeader
	for name, value := range cfg.Headers {
		t.header.Set(name, value)
	}
	return &endpoint{Endpoint: cfg, chat: newGenerator(cfg.BaseURL, cfg.Model, t, cfg.Deadlines)}, nil
}

// Model names the first endpoint's model.
func (p *Pool) Model() string { return p.endpoints[0].Model }

// Generate streams a text from the first endpoint that answers.
func (p *Pool) Generate(ctx context.Context, req llm.Request, emit func(string) error) (r llm.Result, err error) {
	emitted := false
	for _, e := range p.endpoints {
		can := Capabilities{Usage: true}
		if e.Capabilities != nil {
			can = *e.Capabilities
		}
		r, err = e.chat.generate(ctx, can, req, func(piece string) error { emitted = true; return emit(piece) })
		r.Endpoint = e.Name
		var fault *llm.Error
		if errors.As(err, &fault) {
			named := *fault
			named.Endpoint = e.Name
			err = &named
		}
		if err == nil || emitted || ctx.Err() != nil {
			return r, err
		}
	}
	return r, err
}
