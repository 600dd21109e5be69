package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"frontdesk/chat"
	"frontdesk/llm"
	"frontdesk/llm/meter"
	"frontdesk/llm/openai"
)

// endpoints gives the endpoints of language models that the settings name, none
// if they name none.
func (s *Settings) endpoints() ([]openai.Endpoint, error) {
	switch {
	case s.NoModel:
		return nil, nil
	case s.LlmModel != "" && s.LlmEndpoints != "":
		return nil, chat.Errorf(chat.CodeInvalid, "both --llm-model (FRONTDESK_LLM_MODEL) and --llm-endpoints (FRONTDESK_LLM_ENDPOINTS) are set: keep one")
	case s.LlmEndpoints != "":
		return openai.ReadEndpoints(s.LlmEndpoints)
	case s.LlmModel == "":
		return nil, nil
	}
	e := openai.Endpoint{BaseURL: s.OpenaiBaseURL, Model: s.LlmModel, Key: s.OpenaiAPIKey}
	if s.OpenaiAPIKeyFile != "" { // read again when it changes
		e.Key, e.KeyFile = "", s.OpenaiAPIKeyFile
	}
	return []openai.Endpoint{e}, nil
}

// models are the language models of an installation: a pool of endpoints,
// counted by a meter. Nil is none.
type models struct {
	*meter.Meter
	pool     *openai.Pool
	probed   sync.Once
	store    meter.Store
	currency string
	attempt  atomic.Pointer[func(openai.Attempt)]    // told of every attempt, once it is set
	spent    atomic.Pointer[func(meter.Observation)] // likewise of every text, and of those that no budget allowed
}

// openModels gives the language models that the settings name, nil if they name
// none. It asks nothing yet.
func (c *core) openModels(s Settings) error {
	list, err := s.endpoints()
	if err != nil || len(list) == 0 {
		return err
	}
	m := &models{store: c.store}
	m.pool, err = openai.NewPool(openai.Options{Endpoints: list, Log: c.log, Observe: func(a openai.Attempt) {
		if f := m.attempt.Load(); f != nil {
			(*f)(a)
		}
	}})
	if err != nil {
		return err
	}
	c.closers = append(c.closers, func() error { m.pool.Close(); return nil })
	prices := map[string]meter.Price{}
	for name, p := range m.pool.Prices() {
		prices[name] = meter.Price(p)
	}
	if len(prices) > 0 {
		if m.currency = s.LlmCurrency; !isCurrency.MatchString(m.currency) {
			return chat.Errorf(chat.CodeInvalid, "the currency of prices, --llm-currency (FRONTDESK_LLM_CURRENCY), is %q: give a code of three letters, as EUR", m.currency)
		}
	}
	m.Meter, err = meter.New(meter.Options{Generator: m.pool, Store: c.store, Prices: prices, Log: c.log, Observe: func(ob meter.Observation) {
		if f := m.spent.Load(); f != nil {
			(*f)(ob)
		}
	}})
	if err != nil {
		return err
	}
	c.models, c.generator = m, m
	return nil
}

// start finds what the endpoints can do, within 2 s, if that has not been done.
func (m *models) start(ctx context.Context) { m.probed.Do(func() { m.pool.Start(ctx) }) }

// Generate streams a text. A server has found what the endpoints can do before
// its first customer; any other command does with its first text.
func (m *models) Generate(ctx context.Context, req llm.Request, emit func(string) error) (llm.Result, error) {
	m.start(ctx)
	return m.Meter.Generate(ctx, req, emit)
}

// details are what /readyz says beside ready.
func (c *core) details() map[string]string {
	if c.models == nil {
		return nil
	}
	return map[string]string{"models": c.models.available()}
}

// available says for /readyz how many endpoints are asked. A model that is away
// never makes a node unready: answers need none.
func (m *models) available() string {
	up := 0
	list := m.pool.Status()
	for _, e := range list {
		if e.State == openai.StateClosed {
			up++
		}
	}
	return fmt.Sprintf("%d of %s in use", up, count(len(list), "endpoint"))
}

// register adds the figures of language models.
func (m *models) register(reg prometheus.Registerer) {
	requests := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_model_requests_total",
		Help: "Requests to an endpoint of a language model, by what they were for and how they came out: ok, or the fault."}, []string{"endpoint", "purpose", "outcome"})
	tokens := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_model_tokens_total",
		Help: "Tokens that an endpoint read (prompt) and wrote (completion)."}, []string{"endpoint", "kind"})
	buckets := []float64{.05, .1, .2, .5, 1, 2, 3, 5, 10, 20, 45}
	first := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "frontdesk_model_first_token_seconds",
		Help: "From a request to its first token.", Buckets: buckets}, []string{"endpoint"})
	took := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "frontdesk_model_request_seconds",
		Help: "From a request to its end.", Buckets: buckets}, []string{"endpoint"})
	reg.MustRegister(requests, tokens, first, took)
	for i, e := range m.pool.Status() {
		reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "frontdesk_model_endpoint_up",
			Help: "Whether an endpoint of a language model is asked, or left alone after faults.", ConstLabels: prometheus.Labels{"endpoint": e.Name}},
			func() float64 {
				if m.pool.Status()[i].State == openai.StateClosed {
					return 1
				}
				return 0
			}))
	}
	observe := func(a openai.Attempt) {
		outcome := string(a.Fault)
		if a.Fault == "" {
			outcome = "ok"
		}
		requests.WithLabelValues(a.Endpoint, string(a.Purpose), outcome).Inc()
		tokens.WithLabelValues(a.Endpoint, "prompt").Add(float64(a.Result.Usage.Prompt))
		tokens.WithLabelValues(a.Endpoint, "completion").Add(float64(a.Result.Usage.Completion))
		took.WithLabelValues(a.Endpoint).Observe(a.Result.Took.Seconds())
		if a.Result.First > 0 {
			first.WithLabelValues(a.Endpoint).Observe(a.Result.First.Seconds())
		}
	}
	m.attempt.Store(&observe)
	m.registerSpending(reg)
}

var _ llm.Generator = (*models)(nil)
