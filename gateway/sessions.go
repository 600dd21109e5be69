package gateway

import (
	"bytes"
	"context"
	"sync"
	"time"
)

// touchEvery is how exactly a session's last use is kept. scs saves a session at
// every request to move its expiry; most of these saves say nothing new.
const touchEvery = 5 * time.Minute

// sessionStore keeps console sessions in the store; scs hands it the hash of the token.
type sessionStore struct {
	store staffStore
	now   func() time.Time

	mu    sync.Mutex
	saved map[string]savedSession
	swept time.Time
}

// savedSession is what this node knows of a stored session.
type savedSession struct {
	data  []byte
	until time.Time // the stored expiry
	ended bool      // signed out: a request that is still under way must not bring it back
}

func newSessionStore(store staffStore, now func() time.Time) *sessionStore {
	return &sessionStore{store: store, now: now, saved: map[string]savedSession{}}
}

// FindCtx finds a session.
func (s *sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	return s.store.FindSession(ctx, token)
}

// CommitCtx saves a session, unless it ended or is stored like this already.
func (s *sessionStore) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	s.mu.Lock()
	old, known := s.saved[token]
	s.mu.Unlock()
	if known && (old.ended || bytes.Equal(old.data, b) && expiry.Sub(old.until) < touchEvery) {
		return nil
	}
	if err := s.store.SaveSession(ctx, token, b, expiry); err != nil {
		return err
	}
	s.note(token, savedSession{data: b, until: expiry})
	return nil
}

// DeleteCtx ends a session.
func (s *sessionStore) DeleteCtx(ctx context.Context, token string) error {
	s.note(token, savedSession{ended: true, until: s.now().Add(sessionLife)})
	return s.store.DeleteSession(ctx, token)
}

// note remembers a session, and forgets those that have expired.
func (s *sessionStore) note(token string, saved savedSession) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saved[token] = saved
	now := s.now()
	if now.Sub(s.swept) < touchEvery {
		return
	}
	s.swept = now
	for token, old := range s.saved {
		if now.After(old.until) {
			delete(s.saved, token)
		}
	}
}

// Find, Commit and Delete complete scs.Store; scs calls the forms with a context.
func (s *sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s *sessionStore) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

// Delete is DeleteCtx without a context.
func (s *sessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
