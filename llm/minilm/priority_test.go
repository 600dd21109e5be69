package minilm

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestDocumentsGiveWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var questions atomic.Int32
		questions.Add(1)
		time.AfterFunc(20*time.Millisecond, func() { questions.Add(-1) })

		start := time.Now()
		document := turn{urgency: inBulk, questions: &questions}
		document.pause()
		if d := time.Since(start); d < 20*time.Millisecond || d > 20*time.Millisecond+nap {
			t.Errorf("a document waited %v for a question of 20 ms", d)
		}
		start = time.Now()
		document.pause()
		if d := time.Since(start); d != 0 {
			t.Errorf("with no question a document waited %v", d)
		}
	})
}

func TestDocumentsGoOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var questions atomic.Int32
		questions.Add(1)
		start := time.Now()
		document := turn{urgency: inBulk, questions: &questions}
		for range 5 {
			document.pause()
		}
		if d := time.Since(start); d < patience || d > patience+nap {
			t.Errorf("under questions without end a document waited %v, want %v", d, patience)
		}
		question := turn{urgency: atOnce, questions: &questions}
		start = time.Now()
		question.pause()
		if d := time.Since(start); d != 0 {
			t.Errorf("a question waited %v for another", d)
		}
	})
}
