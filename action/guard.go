package action

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"

	"code.dny.dev/ssrf"
)

// Hosts are the hosts inside the operator's own network that actions may
// reach: "orders.internal:8080", "10.1.2.3:80", or a name alone for any port.
// Everything else must be a public address. Who declares actions in the console
// cannot add to them.
type Hosts []string

// Allows reports whether a host, with or without its port, is one of them.
func (h Hosts) Allows(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	for _, allowed := range h {
		if strings.EqualFold(allowed, host) || strings.EqualFold(allowed, strings.Trim(name, "[]")) {
			return true
		}
	}
	return false
}

// maxHeader bounds the head of an answer, as net/http does for servers' requests.
const maxHeader = 64 << 10

// transport dials public addresses and those of hosts alone, whatever a name
// resolves to at that moment, and knows no proxy that would dial for it.
func transport(hosts Hosts) *http.Transport {
	guard := ssrf.New(ssrf.WithAnyPort(), ssrf.WithNetworks("tcp4", "tcp6"))
	plain := &net.Dialer{Timeout: defaultTimeout}
	guarded := &net.Dialer{Timeout: defaultTimeout, Control: guard.Safe}
	return &http.Transport{
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if hosts.Allows(addr) {
				return plain.DialContext(ctx, network, addr)
			}
			return guarded.DialContext(ctx, network, addr)
		},
		ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second,
		TLSHandshakeTimeout: defaultTimeout, MaxResponseHeaderBytes: maxHeader, DisableCompression: true,
	}
}

// newClient is what speaks to the shop. It follows no redirect: an answer from
// elsewhere is none of the declared host.
func newClient(hosts Hosts) *http.Client {
	return &http.Client{
		Transport:     transport(hosts),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
