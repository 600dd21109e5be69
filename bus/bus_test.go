package bus_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"frontdesk/bus"
	"frontdesk/chat"
)

func TestLocal(t *testing.T) {
	t.Parallel()
	var b bus.Local
	b.Publish(chat.Signal{Seq: 1}) // to nobody
	var first, second []int64
	cancelFirst := b.Subscribe(func(s chat.Signal) { first = append(first, s.Seq) })
	cancelSecond := b.Subscribe(func(s chat.Signal) { second = append(second, s.Seq) })
	b.Publish(chat.Signal{Seq: 2})
	cancelFirst()
	cancelFirst() // again does nothing
	b.Publish(chat.Signal{Seq: 3})
	cancelSecond()
	b.Publish(chat.Signal{Seq: 4})
	if len(first) != 1 || first[0] != 2 || len(second) != 2 || second[1] != 3 {
		t.Errorf("first had %v, second %v", first, second)
	}
}

// After cancel returns, the function is not called any more.
func TestCancelIsFinal(t *testing.T) {
	t.Parallel()
	var b bus.Local
	stop := make(chan struct{})
	var publishers sync.WaitGroup
	for range 4 {
		publishers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					b.Publish(chat.Signal{})
				}
			}
		})
	}
	for range 200 {
		var over atomic.Bool
		cancel := b.Subscribe(func(chat.Signal) {
			if over.Load() {
				t.Error("called after cancel")
			}
		})
		cancel()
		over.Store(true)
	}
	close(stop)
	publishers.Wait()
}
