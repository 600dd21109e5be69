package openai

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestWatchdog(t *testing.T) {
	t.Parallel()
	// Each step waits, then does something; late says when the dog barks.
	type step struct {
		after time.Duration
		do    func(*watchdog)
	}
	alive, pause, stop := (*watchdog).alive, (*watchdog).pause, (*watchdog).stop
	expect := func(d time.Duration) func(*watchdog) { return func(w *watchdog) { w.expect(d) } }
	for name, c := range map[string]struct {
		steps []step
		late  time.Duration // since the start; 0: never
	}{
		"no sign":                {nil, 10 * time.Second},
		"a sign":                 {[]step{{4 * time.Second, alive}}, 14 * time.Second},
		"signs":                  {[]step{{9 * time.Second, alive}, {9 * time.Second, alive}, {9 * time.Second, alive}}, 37 * time.Second},
		"less time from now on":  {[]step{{4 * time.Second, expect(time.Second)}}, 5 * time.Second},
		"more time from now on":  {[]step{{4 * time.Second, expect(time.Minute)}}, 64 * time.Second},
		"the caller has it":      {[]step{{time.Second, pause}, {time.Hour, alive}}, time.Hour + 11*time.Second},
		"the caller keeps it":    {[]step{{time.Second, pause}}, 0},
		"stopped":                {[]step{{time.Second, stop}}, 0},
		"less time, then a sign": {[]step{{time.Second, expect(2 * time.Second)}, {time.Second, alive}}, 4 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				start, late := time.Now(), time.Duration(0)
				w := newWatchdog(10*time.Second, func() { late = time.Since(start) })
				for _, s := range c.steps {
					time.Sleep(s.after) //nolint:forbidigo // the bubble's time
					s.do(w)
				}
				time.Sleep(100 * time.Hour) //nolint:forbidigo // the bubble's time
				synctest.Wait()
				w.stop()
				if late != c.late {
					t.Errorf("late after %v, want %v", late, c.late)
				}
			})
		})
	}
}
