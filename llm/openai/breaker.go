package openai

import (
	"math/rand/v2"
	"sync"
	"time"

	"frontdesk/llm"
)

// State is whether an endpoint is asked.
type State string

// The states.
const (
	StateClosed   State = "closed"    // it is asked
	StateOpen     State = "open"      // it failed too often and is left alone for a while
	StateHalfOpen State = "half-open" // one generation tries whether it is back
	StateHeld     State = "held"      // it asked to be left alone for a while
)

// An endpoint is left alone after tripAfter faults in a row, at first for
// openFirst, then for twice as long each time a trial fails, to openLongest. A
// server that restarts is back within seconds; one that does not come back
// costs one generation a minute. Half of the time is random, so that many nodes
// do not come back at once.
const (
	tripAfter   = 3
	openFirst   = 5 * time.Second
	openLongest = time.Minute
)

// breaker remembers how an endpoint did. Its methods may be called concurrently.
type breaker struct {
	now func() time.Time

	mu     sync.Mutex
	faults int       // in a row
	trips  int       // without a success between
	until  time.Time // when it may be tried again; zero if it is closed
	held   time.Time // not asked before, as it wished
	trial  bool      // a generation tries whether it is back
	last   llm.Fault // of the last fault
	lastAt time.Time
}

// ready reports whether the endpoint may be asked, and if not, how long it is
// left alone.
func (b *breaker) ready() (bool, time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.admits(b.now())
}

func (b *breaker) admits(now time.Time) (bool, time.Duration) {
	switch {
	case now.Before(b.held):
		return false, b.held.Sub(now)
	case b.until.IsZero():
		return true, 0
	}
	return !now.Before(b.until) && !b.trial, max(b.until.Sub(now), 0)
}

// enter begins a generation; ok is false if the endpoint is left alone. Of an
// endpoint that may be back, one generation at a time is the trial. Each ok is
// followed by one leave.
func (b *breaker) enter() (trial, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if ok, _ := b.admits(b.now()); !ok {
		return false, false
	}
	trial = !b.until.IsZero()
	b.trial = b.trial || trial
	return trial, true
}

// change is what a generation did to an endpoint's state.
type change int

const (
	same change = iota
	tripped
	cameBack
)

// leave tells how a generation came out.
func (b *breaker) leave(trial bool, f llm.Fault, retryAfter time.Duration) change {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	if trial {
		b.trial = false
	}
	if f != "" && f != llm.FaultCanceled {
		b.last, b.lastAt = f, now
	}
	switch verdict := judge(f); {
	case verdict == neutral:
		if f == llm.FaultBusy && retryAfter > 0 {
			b.held = now.Add(retryAfter)
		}
		return same
	case verdict == healthy:
		back := !b.until.IsZero()
		b.faults, b.trips, b.until = 0, 0, time.Time{}
		if back {
			return cameBack
		}
		return same
	case !trial && !b.until.IsZero():
		return same // begun before it opened
	default:
		b.faults++
		if !trial && verdict == faulty && b.faults < tripAfter {
			return same
		}
	}
	b.open(now)
	return tripped
}

// failed tells that a probe failed, after which the endpoint is left alone at once.
func (b *breaker) failed(f llm.Fault) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if v := judge(f); v == faulty || v == broken {
		b.last, b.lastAt = f, b.now()
		b.open(b.lastAt)
	}
}

func (b *breaker) open(now time.Time) {
	wait := min(openFirst<<min(b.trips, 8), openLongest)
	b.trips++
	b.until = now.Add(wait/2 + rand.N(wait/2))
}

// state gives what Status shows.
func (b *breaker) state() (s State, last llm.Fault, at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	switch {
	case !b.until.IsZero() && now.Before(b.until):
		s = StateOpen
	case !b.until.IsZero():
		s = StateHalfOpen
	case now.Before(b.held):
		s = StateHeld
	default:
		s = StateClosed
	}
	return s, b.last, b.lastAt
}

// verdict is what a fault says of the endpoint itself.
type verdict int

const (
	healthy verdict = iota
	neutral         // it says nothing of the endpoint
	faulty
	broken // it cannot work before somebody changes something
)

func judge(f llm.Fault) verdict {
	switch f {
	case "", llm.FaultLength, llm.FaultFiltered, llm.FaultTooLong, llm.FaultInvalid:
		return healthy // it answered
	case llm.FaultRefused, llm.FaultUnknown:
		return broken
	case llm.FaultDown, llm.FaultStalled, llm.FaultLate, llm.FaultCut, llm.FaultGarbled:
		return faulty
	}
	return neutral
}
