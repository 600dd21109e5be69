package gateway

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// The limits stop programs. These are people behind one address, or phones of one network, as many as are to pass: an
// office of 200, and the phones of a carrier's NAT: with blocks of 500 ports it has 128 behind an address, and here 500
// come at once for a campaign, and 2,000 in an hour.
func TestACrowdIsLetIn(t *testing.T) {
	t.Parallel()
	office := func(int) string { return "203.0.113.7" }
	phone := func(i int) string { return fmt.Sprintf("2001:db8:7:%x::1", i) } // a /64 each, of one /48
	as := func(i int) chat.Sender { return chat.Sender{Kind: chat.PartyCustomer, ID: someone(i)} }
	open := func(l *limits, i int, addr string) bool { return l.session(addr) && l.newcomer(addr) }
	for name, c := range map[string]struct {
		people int
		within time.Duration
		addr   func(int) string
		do     func(l *limits, i int, addr string) bool
	}{
		"an office opens the widget within a minute":    {200, time.Minute, office, open},
		"an office opens it at once":                    {200, time.Second, office, open},
		"a campaign's phones behind one address":        {500, time.Minute, office, open},
		"phones of a network that gives each its own":   {5000, time.Minute, phone, open},
		"2,000 behind one address within an hour":       {2000, time.Hour, office, open},
		"an office comes back after a restart, at once": {500, time.Second, office, func(l *limits, _ int, addr string) bool { return l.session(addr) }},
		"one in ten of an office confirms who they are": {20, 5 * time.Minute, office, func(l *limits, _ int, addr string) bool { return l.code(addr) && l.codeCheck(addr) }},
		"one in six of an office wants a transcript":    {33, time.Hour, office, func(l *limits, i int, addr string) bool { return l.transcript(someone(i), fmt.Sprint(i), as(i), addr) }},
		"every other of an office sends a picture of 4 MB": {100, time.Minute, office, func(l *limits, i int, addr string) bool {
			return l.upload(addr, someone(i)) && l.uploadBytes(addr, someone(i), 4<<20)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Unix(1_800_000_000, 0)
			l, err := newLimits(func() time.Time { return now }, nil)
			if err != nil {
				t.Fatal(err)
			}
			refused := 0
			for i := range c.people {
				if !c.do(l, i, c.addr(i)) {
					refused++
				}
				now = now.Add(c.within / time.Duration(c.people))
			}
			if refused > 0 {
				t.Errorf("%d of %d were refused", refused, c.people)
			}
		})
	}
}

// someone is a customer, or a conversation, of a number.
func someone(i int) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, i)) }

// After an outage all who chat behind one address come back by the widget's own backoff: full jitter, from half a second to
// half a minute. Whoever is refused is in soon, too.
func TestACrowdComesBack(t *testing.T) {
	t.Parallel()
	for people, within := range map[int]time.Duration{128: time.Second, 500: time.Second, 2000: 2 * time.Minute} {
		now := time.Unix(1_800_000_000, 0)
		l, err := newLimits(func() time.Time { return now }, nil)
		if err != nil {
			t.Fatal(err)
		}
		chance := rand.New(rand.NewPCG(1, uint64(people)))
		wait := func(failures int) time.Duration {
			return time.Duration(chance.Float64() * float64(min(500*time.Millisecond<<failures, 30*time.Second)))
		}
		type try struct {
			at       time.Duration
			failures int
		}
		var due []try
		for range people {
			due = append(due, try{wait(0), 0})
		}
		var last time.Duration
		refused := 0
		for len(due) > 0 {
			next := slices.IndexFunc(due, func(t try) bool { return !slices.ContainsFunc(due, func(o try) bool { return o.at < t.at }) })
			one := due[next]
			due = slices.Delete(due, next, next+1)
			last = one.at
			now = time.Unix(1_800_000_000, 0).Add(one.at)
			if !l.session("203.0.113.7") {
				refused++
				failures := min(one.failures+1, 10)
				due = append(due, try{one.at + wait(failures), failures})
			}
		}
		t.Logf("%d are back within %v, %d attempts refused", people, last.Round(100*time.Millisecond), refused)
		if last > within {
			t.Errorf("%d are back only after %v", people, last)
		}
	}
}

// The same through the server: 200 visitors of one address, who are all new.
func TestAnOfficeOpensTheWidget(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 200 {
		var s protocol.Session
		res := w.post("/v1/session", protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: w.inbox.Key}, Locale: "en"}, &s)
		if res.StatusCode != http.StatusOK {
			t.Fatalf("visitor %d: %s", i, res.Status)
		}
		w.clock.advance(300 * time.Millisecond)
	}
}
