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
			Help: "Conversations that went from the bot to people, by reason."}, []string{"reason"}),
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
	v.turns.wordings = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_wordings_total",
		Help: "Answers that a language model was asked to word, by outcome: composed, or why the answer went out as it was found."}, []string{"outcome"})
	v.turns.wordings.WithLabelValues(bot.WordedAnew)
	v.turns.dropped = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_dropped_sentences_total",
		Help: "Sentences of a language model that nobody saw because they did not pass their check, by why."}, []string{"why"})
	v.turns.firstShown = prometheus.NewHistogram(prometheus.HistogramOpts{Name: "frontdesk_first_shown_seconds",
		Help:    "From the customer's last message to the first sentence of a language model on its way to their screen.",
		Buckets: []float64{.1, .2, .3, .5, .75, 1, 1.5, 2, 3, 5}})
	reg.MustRegister(v.turns.wordings, v.turns.dropped, v.turns.firstShown)
	reg.MustRegister(v.turns.answers, v.turns.handoffs, v.turns.degraded, v.turns.unsupported, v.turns.retrieval, v.turns.duration,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "frontdesk_knowledge_pending_vectors",
			Help: "Passages that are found by words only, because they have no vector yet."},
			func() float64 { return float64(v.base.Status(v.workspace.ID).Pending) }))
	v.desk = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_desk_events_total",
		Help: "Promised times kept and broken, conversations taken back from agents who are gone, offered and assigned, and waits that were as long as was told or not, by kind."}, []string{"kind"})
	for _, r := range chat.HandoffReasons() {
		v.turns.handoffs.WithLabelValues(string(r))
	}
	for _, k := range handoff.EventKinds() {
		if k == handoff.EventHandedOver {
			continue // counted by reason
		}
		v.desk.WithLabelValues(string(k)) // there from the start, so that an alert can be written
	}
	reg.MustRegister(v.desk, v.calls)
	v.post.register(reg)
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
	wordings, dropped           *prometheus.CounterVec
	firstShown                  prometheus.Histogram
}

func (v *service) observe(ob bot.Observation) {
	v.turns.answers.WithLabelValues(string(ob.Action)).Inc()
	v.turns.duration.Observe(ob.Waited.Seconds())
	v.observeWording(ob.Wording)
	if v.generator != nil { // who else reads a summary before the end?
		v.keeper.Wake(ob.Ref)
	}
}

func (v *service) observeCall(c chat.Call) {
	v.calls.WithLabelValues(c.Action, string(c.State)).Inc()
}

func (v *service) observeDesk(e handoff.Event) {
	if e.Kind == handoff.EventHandedOver {
		v.turns.handoffs.WithLabelValues(string(e.Reason)).Inc()
		return
	}
	v.desk.WithLabelValues(string(e.Kind)).Inc()
}

func (v *service) observeWording(w bot.Wording) {
	if w.Outcome == "" {
		return
	}
	v.turns.wordings.WithLabelValues(w.Outcome).Inc()
	for why, n := range w.Dropped {
		v.turns.dropped.WithLabelValues(why).Add(float64(n))
	}
	if w.FirstShown > 0 {
		v.turns.firstShown.Observe(w.FirstShown.Seconds())
	}
}

func (v *service) observeSearch(took time.Duration, degraded string) {
	v.turns.retrieval.Observe(took.Seconds())
	if degraded != "" {
		v.turns.degraded.WithLabelValues(degraded).Inc()
	}
}
