package main

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/handoff"
)

// metrics registers the figures of what lies below the gateway.
func (v *service) metrics() {
	reg := v.gateway.Registry()
	v.turns = turnMetrics{
		answers: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_answers_total",
			Help: "Finished turns of the bot, by action."}, []string{"action"}),
		handoffs: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_handoffs_total",
			Help: "Conversations that the bot handed over, by reason."}, []string{"reason"}),
		degraded: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_degraded_searches_total",
			Help: "Searches by words alone, because the question's vector was late, failed or had nothing to compare with."}, []string{"why"}),
		unsupported: prometheus.NewCounter(prometheus.CounterOpts{Name: "frontdesk_unsupported_answers_total",
			Help: "Answers that were not given because their source does not hold a number, link or address in them. It should stay 0."}),
		retrieval: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "frontdesk_retrieval_seconds",
			Help:    "One search, with the question's embedding.",
			Buckets: []float64{.001, .002, .005, .01, .02, .05, .1, .2, .5, 1}}),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "frontdesk_turn_duration_seconds",
			Help:    "From the customer's last message to the stored answer or handoff.",
			Buckets: []float64{.005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 20}}),
	}
	reg.MustRegister(v.turns.answers, v.turns.handoffs, v.turns.degraded, v.turns.unsupported, v.turns.retrieval, v.turns.duration,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "frontdesk_knowledge_pending_vectors",
			Help: "Passages that are found by words only, because they have no vector yet."},
			func() float64 { return float64(v.base.Status(v.workspace.ID).Pending) }))
	v.desk = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_desk_events_total",
		Help: "Promised times kept and broken, and conversations taken back from agents who are gone, by kind."}, []string{"kind"})
	for _, k := range []handoff.EventKind{handoff.EventPromiseKept, handoff.EventPromiseBroken, handoff.EventTakenBack} {
		v.desk.WithLabelValues(string(k)) // there from the start, so that an alert can be written
	}
	reg.MustRegister(v.desk)
	if v.models != nil {
		v.models.register(reg)
	}
	v.searched = v.observeSearch
	v.unsupported = func(string) { v.turns.unsupported.Inc() }
	v.gateway.WatchOrphans()
}

// turnMetrics are the figures of the bot's turns.
type turnMetrics struct {
	answers, handoffs, degraded *prometheus.CounterVec
	unsupported                 prometheus.Counter
	retrieval, duration         prometheus.Histogram
}

func (v *service) observe(ob bot.Observation) {
	v.turns.answers.WithLabelValues(string(ob.Action)).Inc()
	v.turns.duration.Observe(ob.Waited.Seconds())
	if ob.Action == chat.ActionHandoff {
		v.turns.handoffs.WithLabelValues(string(ob.Reason)).Inc()
	}
}

func (v *service) observeDesk(e handoff.Event) { v.desk.WithLabelValues(string(e.Kind)).Inc() }

func (v *service) observeSearch(took time.Duration, degraded string) {
	v.turns.retrieval.Observe(took.Seconds())
	if degraded != "" {
		v.turns.degraded.WithLabelValues(degraded).Inc()
	}
}
