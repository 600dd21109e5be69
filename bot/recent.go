package bot

import (
	"container/list"
	"sync"
)

// recent keeps the values that were used last. Safe for concurrent use.
type recent[K comparable, V any] struct {
	limit int // how many

	mu    sync.Mutex
	order *list.List // of *kept, the last used in front
	byKey map[K]*list.Element
}

type kept[K comparable, V any] struct {
	key   K
	value V
}

func newRecent[K comparable, V any](limit int) *recent[K, V] {
	return &recent[K, V]{limit: limit, order: list.New(), byKey: map[K]*list.Element{}}
}

func (r *recent[K, V]) get(key K) (value V, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.byKey[key]
	if !ok {
		return value, false
	}
	r.order.MoveToFront(e)
	return e.Value.(*kept[K, V]).value, true
}

// put keeps a value and gives the one that is kept: that of whoever came first.
func (r *recent[K, V]) put(key K, value V) V {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.byKey[key]; ok {
		return e.Value.(*kept[K, V]).value
	}
	r.byKey[key] = r.order.PushFront(&kept[K, V]{key, value})
	if r.order.Len() > r.limit {
		last := r.order.Back()
		r.order.Remove(last)
		delete(r.byKey, last.Value.(*kept[K, V]).key)
	}
	return value
}
