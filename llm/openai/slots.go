package openai

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"frontdesk/llm"
)

// slots bound how many generations an endpoint runs at once, and how many wait
// for how long to begin. Who waits longest is first.
type slots struct {
	taken   chan struct{}
	waiting atomic.Int64
	queue   int64
	wait    time.Duration
}

func newSlots(n, queue int, wait time.Duration) *slots {
	return &slots{taken: make(chan struct{}, n), queue: int64(queue), wait: wait}
}

// free reports whether a place is free right now.
func (s *slots) free() bool { return len(s.taken) < cap(s.taken) }

// take waits for a place; give returns it. The error is an *llm.Error.
func (s *slots) take(ctx context.Context) error {
	select {
	case s.taken <- struct{}{}:
		return nil
	default:
	}
	defer s.waiting.Add(-1)
	if s.waiting.Add(1) > s.queue {
		return &llm.Error{Fault: llm.FaultBusy, Err: fmt.Errorf("%d generations run and %d wait", cap(s.taken), s.queue)}
	}
	t := time.NewTimer(s.wait)
	defer t.Stop()
	select {
	case s.taken <- struct{}{}:
		return nil
	case <-t.C:
		return &llm.Error{Fault: llm.FaultBusy, Err: fmt.Errorf("no place became free within %v", s.wait)}
	case <-ctx.Done():
		return gaveUp(ctx)
	}
}

func (s *slots) give() { <-s.taken }

// gaveUp says why a caller's context ended.
func gaveUp(ctx context.Context) *llm.Error {
	err := context.Cause(ctx)
	var e *llm.Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, context.DeadlineExceeded):
		return &llm.Error{Fault: llm.FaultLate, Err: err}
	}
	return &llm.Error{Fault: llm.FaultCanceled, Err: err}
}
