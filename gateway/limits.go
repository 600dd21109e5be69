package gateway

import (
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"frontdesk/chat"
)

// Rates, each per key. They are meant to stop programs, not people: whole
// offices share an address, so the address's limits are wide. TestACrowdIsLetIn
// holds whom they let through.
var (
	// A page load makes a session, and so does each reconnect: after an outage all of an office or of a carrier's NAT come
	// at once. Only those who are new leave something in the store: of them 500 pass within a minute, as a campaign may
	// bring through a carrier's NAT (120 at first refused every tenth of an office of 200 that opened the widget in one),
	// and no more than one a second for long.
	perAddressSessions  = limit{rate.Every(time.Second / 20), 600}
	perAddressNewcomers = limit{rate.Every(time.Second), 450}
	perAddressLogins    = limit{rate.Every(6 * time.Second), 10}
	perAccountLogins    = limit{rate.Every(12 * time.Second), 8}
	perVisitorMessages  = limit{rate.Every(time.Second), 20}      // a resend after a cut comes at once
	perAddressCodes     = limit{rate.Every(30 * time.Second), 20} // one in ten of that office
	perAddressChecks    = limit{rate.Every(2 * time.Second), 30}
	perVisitorOpenings  = limit{rate.Every(30 * time.Second), 10}
	perAddressResumes   = limit{rate.Every(3 * time.Second), 40}         // a page that reconnects makes one
	perVisitorTracks    = limit{rate.Every(1500 * time.Millisecond), 40} // 40 a minute: more tells an agent nothing
	perVisitorUploads   = limit{rate.Every(30 * time.Second), 20}
	perAddressUploads   = limit{rate.Every(5 * time.Second), 100}
	// What customers send in, in kB: an hour's ten of the largest files, and an office's hundred.
	perVisitorBytes = limit{rate.Every(time.Hour / 200_000), 200_000}
	perAddressBytes = limit{rate.Every(time.Hour / 2_000_000), 2_000_000}
)

type limit struct {
	every rate.Limit
	burst int
}

// limits holds the rate limiters by key, and forgets those that are full again.
type limits struct {
	now     func() time.Time
	trusted []netip.Prefix
	told    sync.Once // of a proxy that is not

	mu    sync.Mutex
	byKey map[limitKey]*rate.Limiter
	swept time.Time
}

type limitKey struct {
	kind string
	key  string
}

func newLimits(now func() time.Time, proxies []string) (*limits, error) {
	l := &limits{now: now, byKey: map[limitKey]*rate.Limiter{}, swept: now()}
	for _, p := range proxies {
		prefix, err := netip.ParsePrefix(p)
		if addr, aerr := netip.ParseAddr(p); aerr == nil {
			prefix, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return nil, chat.Errorf(chat.CodeInvalid, "trusted proxy %q is neither an address (10.0.0.1) nor a range of them (10.0.0.0/8)", p)
		}
		l.trusted = append(l.trusted, prefix)
	}
	return l, nil
}

func (l *limits) allow(kind, key string, lim limit) bool { return l.allowN(kind, key, lim, 1) }

func (l *limits) allowN(kind, key string, lim limit, n int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := limitKey{kind, key}
	r := l.byKey[k]
	if r == nil {
		r = rate.NewLimiter(lim.every, lim.burst)
		l.byKey[k] = r
	}
	return r.AllowN(l.now(), n)
}

func (l *limits) session(addr string) bool {
	return l.from("session", addr, perAddressSessions, 1)
}

func (l *limits) newcomer(addr string) bool {
	return l.from("newcomer", addr, perAddressNewcomers, 1)
}

func (l *limits) login(addr, email string) bool {
	return l.from("login-address", addr, perAddressLogins, 1) && l.allow("login-account", strings.ToLower(email), perAccountLogins)
}

func (l *limits) code(addr string) bool {
	return l.from("code", addr, perAddressCodes, 1)
}

func (l *limits) codeCheck(addr string) bool {
	return l.from("code-check", addr, perAddressChecks, 1)
}

// site48 is how much more all networks of an IPv6 site may than one: a site may have 65,536 to walk through, and 16
// households or phones that are at it at the same time are few enough.
const site48 = 16

// from limits what comes from an address: from its network, and, with IPv6, from all those of its site.
func (l *limits) from(kind, addr string, lim limit, n int) bool {
	network, site := networks(addr)
	if !l.allowN(kind, network, lim, n) {
		return false
	}
	lim.every, lim.burst = lim.every*site48, lim.burst*site48
	return site == "" || l.allowN(kind, site, lim, n)
}

// networks are what an address is limited by: one IPv6 customer has a /64, and may have a /48 of them.
func networks(addr string) (network, site string) {
	a, err := netip.ParseAddr(addr)
	if err != nil {
		return addr, ""
	}
	if a = a.Unmap().WithZone(""); a.Is4() {
		return a.String(), ""
	}
	one, _ := a.Prefix(64) // both are valid lengths
	all, _ := a.Prefix(48)
	return one.String(), all.String()
}

func (l *limits) message(who uuid.UUID) bool {
	return l.allow("message", string(who[:]), perVisitorMessages)
}
func (l *limits) opening(who uuid.UUID) bool {
	return l.allow("opening", string(who[:]), perVisitorOpenings)
}

func (l *limits) track(who uuid.UUID) bool {
	return l.allow("track", string(who[:]), perVisitorTracks)
}

func (l *limits) resume(addr string) bool {
	return l.from("resume", addr, perAddressResumes, 1)
}

func (l *limits) upload(addr string, who uuid.UUID) bool {
	return l.allow("upload", string(who[:]), perVisitorUploads) && l.from("upload-address", addr, perAddressUploads, 1)
}

// uploadBytes reserves what a request says it brings; one that does not say it counts as the largest.
func (l *limits) uploadBytes(addr string, who uuid.UUID, size int64) bool {
	if size < 0 || size > maxFile {
		size = maxFile
	}
	kB := int(size/1000) + 1
	return l.allowN("upload-bytes", string(who[:]), perVisitorBytes, kB) && l.from("upload-address-bytes", addr, perAddressBytes, kB)
}

// sweep forgets, once a minute, the limiters that are full again.
func (l *limits) sweep() {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if now.Sub(l.swept) < time.Minute {
		return
	}
	l.swept = now
	for k, r := range l.byKey {
		if r.TokensAt(now) >= float64(r.Burst()) {
			delete(l.byKey, k)
		}
	}
}

// clientIP gives the address of a request's client: the peer's, or, if that is a trusted
// proxy, the last address in X-Forwarded-For that is none.
func (g *Gateway) clientIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	g.limits.tellOfProxy(g.log, host, r)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && g.limits.isTrusted(host); i-- {
		hop := strings.TrimSpace(hops[i])
		if ap, err := netip.ParseAddrPort(hop); err == nil { // some proxies add the port
			hop = ap.Addr().String()
		}
		hop = strings.Trim(hop, "[]") // and some write IPv6 so
		if hop != "" {
			host = hop
		}
	}
	return host
}

// tellOfProxy warns, once, of what looks like a proxy that nobody has named: all that comes through it is one address to
// the limits. From the open internet anybody may say that they are one.
func (l *limits) tellOfProxy(log *slog.Logger, peer string, r *http.Request) {
	addr, err := netip.ParseAddr(peer)
	if err != nil || r.Header.Get("X-Forwarded-For") == "" || !(addr.IsLoopback() || addr.IsPrivate()) || l.isTrusted(peer) {
		return
	}
	l.told.Do(func() {
		log.Warn("gateway: a proxy speaks for customers and is not trusted, so the limits take all of them for one: name it in FRONTDESK_TRUSTED_PROXIES", "proxy", peer)
	})
}

func (l *limits) isTrusted(host string) bool {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range l.trusted {
		if p.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}
