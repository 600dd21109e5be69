package main

import (
	"context"
	"regexp"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"frontdesk/chat"
	"frontdesk/gateway"
	"frontdesk/gateway/protocol"
	"frontdesk/llm/meter"
	"frontdesk/llm/openai"
)

// isCurrency is the form of a currency's code (ISO 4217).
var isCurrency = regexp.MustCompile(`^[A-Z]{3}$`)

// told is what the gateway tells of the language models; nil if there are none.
func (c *core) told() gateway.Models {
	if c.models == nil {
		return nil
	}
	return c.models
}

// Currency is that of the endpoints' prices; "" if none has one.
func (m *models) Currency() string { return m.currency }

// Endpoints tells how the endpoints do, in the order in which they are asked.
func (m *models) Endpoints() []protocol.ModelEndpoint {
	var out []protocol.ModelEndpoint
	for _, e := range m.pool.Status() {
		to := protocol.ModelEndpoint{Name: e.Name, Model: e.Model, Up: e.State == openai.StateClosed, Fault: string(e.LastFault)}
		if !e.LastFaultAt.IsZero() {
			to.At = &e.LastFaultAt
		}
		out = append(out, to)
	}
	return out
}

// Standing is how today's budget stands.
func (m *models) Standing(ctx context.Context, ws, inbox uuid.UUID) (chat.Standing, error) {
	return meter.Standing(ctx, m.store, ws, inbox, time.Now())
}

// registerSpending adds the figures of what is spent.
func (m *models) registerSpending(reg prometheus.Registerer) {
	tokens := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_model_spent_tokens_total",
		Help: "Tokens that count against budgets, read and written, by what they were for and by model."}, []string{"purpose", "model"})
	cost := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_model_cost_total",
		Help: "What they cost in the configured currency, where the endpoint has a price."}, []string{"purpose", "model"})
	refused := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_model_budget_refusals_total",
		Help: "Texts that no model was asked for because a budget was used up, by whose: visitor, inbox or workspace."}, []string{"budget"})
	for _, part := range []chat.BudgetPart{chat.BudgetVisitor, chat.BudgetInbox, chat.BudgetWorkspace} {
		refused.WithLabelValues(string(part)) // there from the start, so that an alert can be written
	}
	reg.MustRegister(tokens, cost, refused)
	observe := func(ob meter.Observation) {
		if ob.Refused != "" {
			refused.WithLabelValues(string(ob.Refused)).Inc()
		}
		if used := ob.Usage.Prompt + ob.Usage.Completion; used > 0 {
			tokens.WithLabelValues(string(ob.Account.Purpose), ob.Model).Add(float64(used))
			cost.WithLabelValues(string(ob.Account.Purpose), ob.Model).Add(float64(ob.Micros) / 1e6)
		}
	}
	m.spent.Store(&observe)
}
