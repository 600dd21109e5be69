package openai

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"frontdesk/llm"
)

// A generation that failed before its first piece is tried again, on another
// endpoint at once, on the same one after a random wait of up to backoff, twice
// that the next time. Retries beside a tenth of all generations and a few to
// begin with are not made: an endpoint that is down is not helped by asking
// it three times as often.
const (
	maxAttempts  = 3
	backoff      = 100 * time.Millisecond
	patience     = 2 * time.Second // the longest Retry-After that is waited for
	budgetShare  = 0.1
	budgetAtMost = 10
)

// budget is how many retries may still be made.
type budget struct {
	mu   sync.Mutex
	left float64
}

// earn adds a generation's share.
func (b *budget) earn() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = min(b.left+budgetShare, budgetAtMost)
}

// spend takes one retry; false if none is left.
func (b *budget) spend() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}

// elsewhere reports whether another endpoint may do what failed here.
func elsewhere(f llm.Fault) bool {
	switch f {
	case llm.FaultDown, llm.FaultBusy, llm.FaultRefused, llm.FaultUnknown, llm.FaultInvalid, llm.FaultTooLong,
		llm.FaultStalled, llm.FaultCut, llm.FaultGarbled:
		return true
	}
	return false // our own time or budget is over, or it is the text that failed
}

// again gives how long to wait before the same endpoint is asked again; false
// if that would not help.
func again(e *llm.Error, attempt int) (time.Duration, bool) {
	jitter := rand.N(backoff << attempt)
	switch {
	case e.Fault == llm.FaultDown, e.Fault == llm.FaultCut:
		return max(e.RetryAfter, 0) + jitter, e.RetryAfter <= patience
	case e.Fault == llm.FaultBusy && e.RetryAfter > 0:
		return e.RetryAfter + jitter, e.RetryAfter <= patience
	}
	return 0, false
}

// sleep waits, or gives why the context ended.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return gaveUp(ctx)
	}
}
