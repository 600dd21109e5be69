package gateway

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"frontdesk/chat"
)

// touchEvery is how exactly a session's last use is kept. scs saves a session at
// every request to move its expiry; most of these saves say nothing new.
const touchEvery = 5 * time.Minute

// sessionStore keeps console sessions in the store; scs hands it the hash of
// the token. A session is made by staffAuth.begin alone: what scs saves after
// that changes one that is there, so that a request which is still under way
// cannot bring back one that ended.
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
}

func newSessionStore(store staffStore, now func() time.Time) *sessionStore {
	return &sessionStore{store: store, now: now, saved: map[string]savedSession{}}
}

// storedToken is what scs hands to its store for a token.
func storedToken(token string) string {
	h := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(h[:])
}

// FindCtx finds a session.
func (s *sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	return s.store.FindSession(ctx, token)
}

// CommitCtx saves a session, unless it ended or is stored like this already. It
// ends when it is not used, at the latest at the deadline it was begun with.
func (s *sessionStore) CommitCtx(ctx context.Context, token string, b []byte, _ time.Time) error {
	deadline, _, err := scs.GobCodec{}.Decode(b)
	if err != nil {
		return err
	}
	expiry := s.now().Add(sessionIdle)
	if deadline.Before(expiry) {
		expiry = deadline
	}
	s.mu.Lock()
	old, known := s.saved[token]
	s.mu.Unlock()
	if known && bytes.Equal(old.data, b) && expiry.Sub(old.until) < touchEvery {
		return nil
	}
	switch err := s.store.SaveSession(ctx, token, b, expiry); chat.CodeOf(err) {
	case "":
		s.note(token, savedSession{data: b, until: expiry})
	case chat.CodeNotFound: // it ended meanwhile
	default:
		return err
	}
	return nil
}

// DeleteCtx ends a session.
func (s *sessionStore) DeleteCtx(ctx context.Context, token string) error {
	s.mu.Lock()
	delete(s.saved, token)
	s.mu.Unlock()
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
