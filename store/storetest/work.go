package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var workCases = []testCase{
	{"a lease", leases},
	{"one lease for many", func(t *testing.T, w *world) {
		var (
			mu   sync.Mutex
			wins int
		)
		check(t, together(20, func(i int) error {
			_, err := w.AcquireLease(w.ctx, w.ws, "raced", fmt.Sprint("node ", i), w.clock.time().Add(time.Minute))
			if chat.CodeOf(err) == chat.CodeConflict {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			wins++
			return err
		}))
		equal(t, "winners", wins, 1)
	}},
	{"jobs come when due, oldest first", func(t *testing.T, w *world) {
		now := w.clock.time()
		for name, due := range map[string]time.Duration{"late": -time.Minute, "now": 0, "soon": 30 * time.Second} {
			w.enqueue(chat.Job{ID: id(name), Kind: "mail", Args: []byte(`{"to": "` + name + `"}`), RunAt: now.Add(due), Attempts: 3, Error: "x"})
		}
		w.enqueue(chat.Job{ID: id("other kind"), Kind: "other", RunAt: now})
		w.reopen()
		jobs := w.claim("mail", "node 1", 10)
		equal(t, "claimed", jobs, []chat.Job{
			{ID: id("late"), Kind: "mail", Args: []byte(`{"to": "late"}`), RunAt: now.Add(-time.Minute), Attempts: 1},
			{ID: id("now"), Kind: "mail", Args: []byte(`{"to": "now"}`), RunAt: now, Attempts: 1},
		})
		equal(t, "claimed twice", len(w.claim("mail", "node 2", 10)), 0)
		w.clock.advance(30 * time.Second)
		equal(t, "the next", jobIDs(w.claim("mail", "node 2", 10)), []uuid.UUID{id("soon")})
	}},
	{"claims are limited", func(t *testing.T, w *world) {
		for i := range 5 {
			w.enqueue(chat.Job{ID: id(fmt.Sprint("job ", i)), Kind: "work", RunAt: w.clock.time().Add(time.Duration(i-10) * time.Second)})
		}
		equal(t, "two", jobIDs(w.claim("work", "n", 2)), []uuid.UUID{id("job 0"), id("job 1")})
		equal(t, "two more", jobIDs(w.claim("work", "n", 2)), []uuid.UUID{id("job 2"), id("job 3")})
		equal(t, "the rest", jobIDs(w.claim("work", "n", 2)), []uuid.UUID{id("job 4")})
	}},
	{"a job is done or comes again", jobLife},
	{"unique jobs", uniqueJobs},
	{"each job for one of many", func(t *testing.T, w *world) {
		const jobs = 40
		for i := range jobs {
			w.enqueue(chat.Job{Kind: "raced", RunAt: w.clock.time(), Unique: fmt.Sprint(i)})
		}
		var (
			mu      sync.Mutex
			claimed = map[uuid.UUID]int{}
		)
		check(t, together(8, func(i int) error {
			for {
				got, err := w.ClaimJobs(w.ctx, w.ws, "raced", fmt.Sprint("node ", i), w.clock.time().Add(time.Minute), 3)
				if err != nil || len(got) == 0 {
					return err
				}
				mu.Lock()
				for _, j := range got {
					claimed[j.ID]++
				}
				mu.Unlock()
			}
		}))
		equal(t, "jobs", len(claimed), jobs)
		for job, n := range claimed {
			if n != 1 {
				t.Errorf("%v was claimed %d times", job, n)
			}
		}
	}},
}

func leases(t *testing.T, w *world) {
	minute := func() time.Time { return w.clock.time().Add(time.Minute) }
	take := func(holder string) chat.Lease {
		t.Helper()
		return must(w.AcquireLease(w.ctx, w.ws, "lease", holder, minute()))(t)
	}
	refused := func(holder string) {
		t.Helper()
		_, err := w.AcquireLease(w.ctx, w.ws, "lease", holder, minute())
		wantCode(t, err, chat.CodeConflict)
	}
	first := take("node 1")
	equal(t, "lease", first, chat.Lease{Key: "lease", Holder: "node 1", Fence: first.Fence, Until: minute()})
	refused("node 2")
	w.clock.advance(30 * time.Second)
	again := take("node 1")
	if again.Fence != first.Fence || !again.Until.Equal(minute()) {
		t.Errorf("renewed: %+v, before %+v", again, first)
	}
	w.reopen()
	w.clock.advance(time.Minute - time.Microsecond)
	refused("node 2")
	w.clock.advance(time.Microsecond)
	second := take("node 2")
	if second.Fence <= again.Fence {
		t.Errorf("fence %d after %d", second.Fence, again.Fence)
	}
	check(t, w.ReleaseLease(w.ctx, w.ws, "lease", "node 1")) // not the holder
	refused("node 1")
	check(t, w.ReleaseLease(w.ctx, w.ws, "lease", "node 2"))
	check(t, w.ReleaseLease(w.ctx, w.ws, "no such lease", "node 2"))
	third := take("node 1")
	if third.Fence <= second.Fence {
		t.Errorf("fence %d after %d", third.Fence, second.Fence)
	}
	if other := must(w.AcquireLease(w.ctx, w.ws, "another", "node 2", minute()))(t); other.Key != "another" {
		t.Errorf("another lease: %+v", other)
	}

	// A sweep leaves what may still be held, and what has just ended.
	check(t, w.ReleaseLease(w.ctx, w.ws, "another", "node 2"))
	equal(t, "swept at once", must(w.SweepLeases(w.ctx, w.ws, w.clock.time()))(t), 0)
	w.clock.advance(2 * time.Minute)
	take("node 1")
	equal(t, "swept", must(w.SweepLeases(w.ctx, w.ws, w.clock.time()))(t), 1)
	refused("node 2")
	equal(t, "swept again", must(w.SweepLeases(w.ctx, w.ws, w.clock.time()))(t), 0)
}

func (w *world) enqueue(j chat.Job) chat.Job {
	w.t.Helper()
	return must(w.Enqueue(w.ctx, w.ws, j))(w.t)
}

// claim claims for a minute.
func (w *world) claim(kind, holder string, limit int) []chat.Job {
	w.t.Helper()
	return must(w.ClaimJobs(w.ctx, w.ws, kind, holder, w.clock.time().Add(time.Minute), limit))(w.t)
}

func jobIDs(jobs []chat.Job) []uuid.UUID {
	var ids []uuid.UUID
	for _, j := range jobs {
		ids = append(ids, j.ID)
	}
	return ids
}

func jobLife(t *testing.T, w *world) {
	job := w.enqueue(chat.Job{Kind: "work", RunAt: w.clock.time()})
	if job.ID == uuid.Nil {
		t.Fatal("no id")
	}
	wantCode(t, w.FinishJob(w.ctx, w.ws, job.ID, "node 1"), chat.CodeStale) // never claimed
	w.claim("work", "node 1", 1)
	wantCode(t, w.FinishJob(w.ctx, w.ws, job.ID, "node 2"), chat.CodeStale)
	wantCode(t, w.RetryJob(w.ctx, w.ws, job.ID, "node 2", w.clock.time(), "x"), chat.CodeStale)

	check(t, w.RetryJob(w.ctx, w.ws, job.ID, "node 1", w.clock.time().Add(time.Hour), "it broke"))
	wantCode(t, w.FinishJob(w.ctx, w.ws, job.ID, "node 1"), chat.CodeStale) // given back
	equal(t, "before its time", len(w.claim("work", "node 1", 1)), 0)
	w.clock.advance(time.Hour)
	w.reopen()
	got := w.claim("work", "node 1", 1)
	if len(got) != 1 || got[0].Attempts != 2 || got[0].Error != "it broke" || !got[0].RunAt.Equal(w.clock.time()) {
		t.Fatalf("again: %+v", got)
	}

	// The claim runs out: another node takes the job, and the first has lost it.
	w.clock.advance(time.Minute - time.Microsecond)
	equal(t, "still claimed", len(w.claim("work", "node 2", 1)), 0)
	w.clock.advance(time.Microsecond)
	if got = w.claim("work", "node 2", 1); len(got) != 1 || got[0].Attempts != 3 {
		t.Fatalf("after the claim ran out: %+v", got)
	}
	wantCode(t, w.FinishJob(w.ctx, w.ws, job.ID, "node 1"), chat.CodeStale)
	check(t, w.FinishJob(w.ctx, w.ws, job.ID, "node 2"))
	wantCode(t, w.FinishJob(w.ctx, w.ws, job.ID, "node 2"), chat.CodeStale)
	w.clock.advance(time.Hour)
	equal(t, "finished", len(w.claim("work", "node 1", 1)), 0)
}

func uniqueJobs(t *testing.T, w *world) {
	job := chat.Job{Kind: "work", Unique: "one", RunAt: w.clock.time()}
	first := w.enqueue(job)
	second := job
	second.RunAt = w.clock.time().Add(time.Hour)
	equal(t, "while one waits", w.enqueue(second), first)
	other := job
	other.Kind = "other"
	if w.enqueue(other).ID == first.ID {
		t.Error("another kind gave the same job")
	}
	other = job
	other.Unique = ""
	if plain, next := w.enqueue(other), w.enqueue(other); plain.ID == next.ID {
		t.Error("jobs that are not unique became one")
	}
	other.ID = first.ID
	_, err := w.Enqueue(w.ctx, w.ws, other)
	wantCode(t, err, chat.CodeConflict)

	w.claim("work", "node", 10)
	next := w.enqueue(job)
	if next.ID == first.ID {
		t.Error("a job that runs counts as waiting")
	}
	equal(t, "the next waits", w.enqueue(job), next)

	seen := make([]uuid.UUID, 16)
	check(t, together(16, func(i int) error {
		j, err := w.Enqueue(w.ctx, w.ws, chat.Job{Kind: "raced", Unique: "one", RunAt: w.clock.time()})
		seen[i] = j.ID
		return err
	}))
	for _, j := range seen {
		equal(t, "enqueued at once", j, seen[0])
	}
}
