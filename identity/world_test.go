package identity

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store"
	"frontdesk/store/sqlite"
	"frontdesk/store/sqlite/sqlitetest"
)

// world is a Service on a store of its own, with an inbox and two visitors.
type world struct {
	*Service
	t        *testing.T
	ctx      context.Context
	st       *sqlite.Store
	ws       uuid.UUID
	inbox    chat.Inbox
	ann, bob chat.Customer
	talk     uuid.UUID // Ann's conversation
	clock    *clock
	post     *post
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// post keeps what is queued.
type post struct {
	refs []uuid.UUID
	down error
}

func (p *post) Ready(context.Context, uuid.UUID) error { return p.down }

func (p *post) Queue(_ context.Context, _ uuid.UUID, kind string, ref, _ uuid.UUID, _ time.Duration) error {
	if kind != LetterCode {
		return errors.New("kind " + kind)
	}
	p.refs = append(p.refs, ref)
	return nil
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), clock: &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}, post: &post{}}
	st, err := sqlite.Open(context.Background(), sqlitetest.Folder(t), store.Options{Now: w.clock.Now})
	w.check(err)
	t.Cleanup(func() { _ = st.Close() })
	ws, in, err := st.EnsureWorkspace(w.ctx, "Site", chat.Inbox{Key: "site", Name: "Site"})
	w.check(err)
	w.st, w.ws, w.inbox = st, ws.ID, in
	for _, c := range []*chat.Customer{&w.ann, &w.bob} {
		*c, err = st.CreateCustomer(w.ctx, w.ws, chat.Customer{})
		w.check(err)
	}
	w.talk = uuid.New()
	_, err = st.OpenConversation(w.ctx, w.ws, chat.Conversation{ID: w.talk, Inbox: in.ID, Customer: w.ann.ID})
	w.check(err)
	w.Service = New(Options{Store: st, Post: w.post, Now: w.clock.Now})
	return w
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) wantCode(err error, code chat.Code) {
	w.t.Helper()
	if chat.CodeOf(err) != code {
		w.t.Fatalf("got %v (%s), want %s", err, chat.CodeOf(err), code)
	}
}

// secret makes the inbox a new secret.
func (w *world) secret() (chat.IdentityKey, string) {
	w.t.Helper()
	k, secret, err := w.Rotate(w.ctx, w.ws, w.inbox.ID)
	w.check(err)
	return k, secret
}

// token signs claims as a site would; an hour is added to claims without exp, unless it is nil.
func (w *world) token(secret string, c jwt.MapClaims, header ...string) string {
	w.t.Helper()
	if exp, ok := c["exp"]; !ok {
		c["exp"] = w.clock.Now().Add(time.Hour).Unix()
	} else if exp == nil {
		delete(c, "exp")
	}
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, c)
	if len(header) > 0 {
		t.Header["kid"] = header[0]
	}
	s, err := t.SignedString([]byte(secret))
	w.check(err)
	return s
}

func userHash(secret, user string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(user))
	return hex.EncodeToString(m.Sum(nil))
}

// adopt gives a visitor's conversations to a customer.
func (w *world) adopt(visitor, customer chat.Customer) {
	w.t.Helper()
	_, err := w.Adopt(w.ctx, w.ws, visitor, customer)
	w.check(err)
}
