package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"frontdesk/evals"
	"frontdesk/llm"
)

// suite makes runs and keeps them in files.
type suite struct {
	embed   llm.Embedder
	data    string
	cache   string
	program string // hash of what makes the runs
	reuse   bool

	mu  sync.Mutex
	log io.Writer
}

// result is a set with its runs.
type result struct {
	plan    plan
	queries []evals.Query
	runs    map[string][]evals.Outcome // by variant
	floor   []evals.Outcome
	before  []evals.Outcome // the run of an earlier program; nil: none
}

func (s *suite) say(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.log, format+"\n", args...)
}

// all makes the runs of every plan whose data is there, jobs at a time.
// Results are in the order of the plans.
func (s *suite) all(ctx context.Context, list []plan, jobs int) ([]result, error) {
	found := make([]*result, len(list))
	errs := make([]error, len(list))
	next := make(chan int)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var wait sync.WaitGroup
	for range max(1, jobs) {
		wait.Go(func() {
			for i := range next {
				if found[i], errs[i] = s.one(ctx, list[i]); errs[i] != nil {
					stop() // the others keep what they have
				}
			}
		})
	}
	for i := range list {
		next <- i
	}
	close(next)
	wait.Wait()
	var out []result
	for _, r := range found {
		if r != nil {
			out = append(out, *r)
		}
	}
	return out, errors.Join(errs...)
}

// one makes the runs of a plan; nil if its data is not there.
func (s *suite) one(ctx context.Context, p plan) (*result, error) {
	dir := p.folderOf(s.data)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		s.say("%s: left out, there is no %s (FRONTDESK_EVAL_DATA names the folder of the sets)", p.name, dir)
		return nil, nil
	}
	set, err := evals.ReadSet(ctx, dir)
	if err != nil {
		return nil, err
	}
	set = p.derive(set)
	r := &result{plan: p, queries: set.Queries, runs: map[string][]evals.Outcome{}}
	identity, err := setHash(set)
	if err != nil {
		return nil, err
	}
	for _, v := range p.variants(set) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if r.runs[v.name], err = s.run(ctx, p, set, v, identity); err != nil {
			return nil, fmt.Errorf("%s, %s: %w", p.name, v.name, err)
		}
	}
	r.floor, err = s.kept(p, "floor", identity, func(string) ([]evals.Outcome, error) {
		return evals.Floor(set.Articles, set.Queries, p.floor), nil
	})
	if err != nil {
		return nil, err
	}
	r.before, err = readBefore(s.before(p))
	if len(r.before) != len(r.queries) { // of another version of the set
		r.before = nil
	}
	return r, err
}

// file is the plan's name as that of a file.
func (p plan) file() string { return strings.ReplaceAll(p.name, ", ", ".") }

func (s *suite) before(p plan) string { return filepath.Join(s.cache, "before", p.file()+".jsonl") }

func readBefore(path string) ([]evals.Outcome, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return evals.ReadRun(path)
}

// run gives the outcomes of a variant. The product's run of the program before
// is kept beside.
func (s *suite) run(ctx context.Context, p plan, set evals.Set, v variant, identity string) ([]evals.Outcome, error) {
	return s.kept(p, v.name, identity, func(path string) ([]evals.Outcome, error) {
		if v.name == full {
			if err := keep(path, s.before(p)); err != nil {
				return nil, err
			}
		}
		o := evals.RunOptions{Articles: set.Articles, Queries: set.Queries, Embedder: s.embed, Agent: p.agent, Progress: s.progress(p.name + " " + v.name)}
		v.set(&o)
		return evals.Run(ctx, o)
	})
}

// keep moves a run, if there is one.
func keep(path, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return fmt.Errorf("keep the run before: %w", err)
	}
	if err := os.Rename(path, to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("keep the run before: %w", err)
	}
	return nil
}

// kept gives outcomes from their file, if the same program made them of the
// same set, else by making them.
func (s *suite) kept(p plan, name, identity string, create func(path string) ([]evals.Outcome, error)) ([]evals.Outcome, error) {
	path := filepath.Join(s.cache, "runs", p.file()+"."+name+".jsonl")
	stamp := s.program + " " + identity
	made, err := os.ReadFile(path + ".stamp")
	if err == nil && (s.reuse || string(made) == stamp) {
		return evals.ReadRun(path)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read stamp: %w", err)
	}
	start := time.Now()
	outcomes, err := create(path)
	if err != nil {
		return nil, err
	}
	s.say("%s, %s: %d questions in %.0f s", p.name, name, len(outcomes), time.Since(start).Seconds())
	return outcomes, writeRun(path, stamp, outcomes)
}

// writeRun writes a run and then, when it is whole, its stamp.
func writeRun(path, stamp string, outcomes []evals.Outcome) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("write run: %w", err)
	}
	if err := os.Remove(path + ".stamp"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("write run: %w", err)
	}
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write run: %w", err)
	}
	if err := errors.Join(evals.WriteRun(f, outcomes), f.Close()); err != nil {
		return err
	}
	return os.WriteFile(path+".stamp", []byte(stamp), 0o644)
}

// progress tells now and then how far a set is.
func (s *suite) progress(name string) func(done, total int) {
	last := time.Now()
	return func(done, total int) {
		if time.Since(last) > 20*time.Second && done < total {
			last = time.Now()
			s.say("%s: %d of %d", name, done, total)
		}
	}
}

func setHash(s evals.Set) (string, error) {
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(s); err != nil {
		return "", fmt.Errorf("hash %s: %w", s.Name, err)
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}
