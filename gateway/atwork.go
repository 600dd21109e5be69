package gateway

import "sync"

// mostAtWork is how many files may be under way to one network at a time. A browser fetches six; with one row in memory
// each (256 KiB), those of whoever reads them as slowly as possible take 16 MB.
const mostAtWork = 64

// atWork counts what is under way, by network. The zero value is ready; it may be used concurrently.
type atWork struct {
	mu        sync.Mutex
	byNetwork map[string]int
}

// begin counts one more from an address, until end, which must be called; ok is false if there are too many, and this
// one is not counted.
func (a *atWork) begin(addr string) (end func(), ok bool) {
	network, _ := networks(addr)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.byNetwork[network] >= mostAtWork {
		return func() {}, false
	}
	if a.byNetwork == nil {
		a.byNetwork = map[string]int{}
	}
	a.byNetwork[network]++
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.byNetwork[network]--; a.byNetwork[network] == 0 {
			delete(a.byNetwork, network)
		}
	}, true
}
