package gateway

import (
	"context"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"frontdesk/chat"
)

// metrics are the gateway's figures. No label holds an id.
type metrics struct {
	reg         *prometheus.Registry
	connections prometheus.Gauge
	opened      *prometheus.CounterVec
	closed      *prometheus.CounterVec
	messages    *prometheus.CounterVec
	openers     *prometheus.CounterVec
	panics      prometheus.Counter
	auditLost   prometheus.Counter
}

func newMetrics(version string) *metrics {
	m := &metrics{
		reg: prometheus.NewRegistry(),
		connections: prometheus.NewGauge(prometheus.GaugeOpts{Name: "frontdesk_ws_connections",
			Help: "Open connections, whatever carries them."}),
		opened: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_connections_opened_total",
			Help: "Connections that were opened, by what carries them: socket, stream or poll."}, []string{"by"}),
		closed: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_ws_closes_total",
			Help: "Connections that the server closed, by close code."}, []string{"code"}),
		messages: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_messages_total",
			Help: "Acknowledged messages, by sender; one that is sent again counts again."}, []string{"from"}),
		openers: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_proactive_total",
			Help: "Messages that widgets showed by themselves: shown, opened, answered."}, []string{"what"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{Name: "frontdesk_panics_total",
			Help: "Faults in the handling of one frame, each of which closed its connection."}),
		auditLost: prometheus.NewCounter(prometheus.CounterOpts{Name: "frontdesk_audit_lost_total",
			Help: "Acts that could not be written to the audit log; the server's log has them."}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "frontdesk_build_info", Help: "Always 1; the labels say what runs.",
		ConstLabels: prometheus.Labels{"version": version}})
	build.Set(1)
	m.reg.MustRegister(m.connections, m.opened, m.closed, m.messages, m.openers, m.panics, m.auditLost, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) opens(by string)         { m.opened.WithLabelValues(by).Inc() }
func (m *metrics) closes(code int)         { m.closed.WithLabelValues(strconv.Itoa(code)).Inc() }
func (m *metrics) message(from chat.Party) { m.messages.WithLabelValues(string(from)).Inc() }

// Registry is where other parts register their figures.
func (g *Gateway) Registry() *prometheus.Registry { return g.metrics.reg }

// Metrics serves the figures, for the operator's own listener.
func (g *Gateway) Metrics() http.Handler {
	return promhttp.HandlerFor(g.metrics.reg, promhttp.HandlerOpts{Registry: g.metrics.reg})
}

// orphanAge is how long a customer may be without an answer, a person or a promised time.
const orphanAge = 30 * time.Second

// WatchOrphans registers the gauge frontdesk_orphans, which counts when it is read.
func (g *Gateway) WatchOrphans() {
	g.metrics.reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "frontdesk_orphans",
		Help: "Open conversations whose last word is the customer's, older than 30 s, without an owner or a promised time; -1 if it cannot be counted."},
		func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			spaces, err := g.store.Workspaces(ctx)
			total := 0
			for _, ws := range spaces {
				n, oerr := g.store.Orphans(ctx, ws.ID, g.now().Add(-orphanAge))
				if oerr != nil {
					err = oerr
				}
				total += n
			}
			if err != nil {
				return -1
			}
			return float64(total)
		}))
}

// checkReady asks all that a request needs.
func (g *Gateway) checkReady(ctx context.Context) error {
	err := g.store.Ping(ctx)
	if err == nil && g.o.Ready != nil {
		err = g.o.Ready(ctx)
	}
	if err != nil {
		g.log.Warn("gateway: not ready", "err", err)
	}
	return err
}

// readiness remembers an answer for a second: anybody may ask, and asking writes to the store.
type readiness struct {
	mu  sync.Mutex
	at  time.Time
	err error
}

func (r *readiness) check(ctx context.Context, now func() time.Time, ask func(context.Context) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if t := now(); t.Sub(r.at) >= time.Second {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		r.at, r.err = t, ask(ctx)
	}
	return r.err
}

func (g *Gateway) healthRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if g.isDraining() {
			writeJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "draining"})
			return
		}
		if err := g.ready.check(r.Context(), g.now, g.checkReady); err != nil {
			writeJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "not ready", "detail": chat.MessageOf(err)})
			return
		}
		out := map[string]string{"status": "ready"}
		if g.o.Details != nil {
			maps.Copy(out, g.o.Details())
		}
		writeJSON(w, http.StatusOK, out)
	})
	mux.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"version": g.o.Version})
	})
}
