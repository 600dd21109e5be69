package minilm

import (
	"runtime"
	"sync/atomic"
	"time"
)

// urgency is how a pass shares the processor.
type urgency bool

const (
	atOnce urgency = false // a question: never waits
	inBulk urgency = true  // a document: waits for questions
)

const (
	// patience is how long one document waits for questions altogether, so
	// that an import goes on under a steady stream of them. It is some thirty
	// questions of 3 ms.
	patience = 100 * time.Millisecond

	// nap is how long a document sleeps before it looks again. A question
	// takes about 3 ms, so little is lost at its end.
	nap = 250 * time.Microsecond
)

// turn lets others go first between the steps of a pass.
type turn struct {
	urgency
	questions *atomic.Int32
	waited    time.Duration
	steps     int
}

// pause is called between two steps, some ten microseconds apart. A document
// sleeps while a question is under way, until its patience is used up, and now
// and then lets another goroutine have its place: one that has just been woken
// would otherwise wait for the scheduler to preempt this one, 10 ms later.
func (t *turn) pause() {
	if t.urgency == atOnce {
		return
	}
	for t.questions.Load() > 0 && t.waited < patience {
		start := time.Now()
		time.Sleep(nap)
		t.waited += time.Since(start)
	}
	if t.steps++; t.steps%stepsPerYield == 0 {
		runtime.Gosched()
	}
}
