// Package identity says who a customer is. A site vouches for its customers
// with a signed token (token.go) or, while it moves from another product, with
// a user_hash (hash.go); somebody whom no site vouches for shows that an e-mail
// address is theirs by a code that is sent there (code.go). The secrets that
// sites sign with are made and changed here (keys.go).
//
// What was shown is kept with the customer, with its end: chat.Verification.
// A Service holds no state but its settings and may be used concurrently.
package identity

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Store is what identity needs of the store.
type Store interface {
	Keys
	Customers
	Codes
	Links
}

// Keys keeps the secrets.
type Keys interface {
	IdentityKeys(ctx context.Context, ws, inbox uuid.UUID) ([]chat.IdentityKey, error)
	AddIdentityKey(ctx context.Context, ws uuid.UUID, k chat.IdentityKey) (chat.IdentityKey, error)
	DropIdentityKey(ctx context.Context, ws, inbox, id uuid.UUID) error
	Secret(ctx context.Context, ws uuid.UUID, name string) ([]byte, error)
}

// Customers keeps who is known.
type Customers interface {
	Customer(ctx context.Context, ws, id uuid.UUID) (chat.Customer, error)
	IdentifyCustomer(ctx context.Context, ws uuid.UUID, c chat.Customer) (chat.Customer, error)
	VerifyCustomer(ctx context.Context, ws, customer uuid.UUID, v chat.Verification, email string) error
	MergeCustomers(ctx context.Context, ws uuid.UUID, m chat.Merge) (chat.Merge, error)
}

// Codes keeps the codes under way, and the logs that say so.
type Codes interface {
	Conversation(ctx context.Context, ws, id uuid.UUID) (chat.Conversation, error)
	Append(ctx context.Context, ws, conv uuid.UUID, d chat.Draft) (chat.Entry, error)
	AddCode(ctx context.Context, ws uuid.UUID, c chat.IdentityCode, limit chat.CodeLimit) (chat.IdentityCode, error)
	Code(ctx context.Context, ws, id uuid.UUID) (chat.IdentityCode, error)
	TryCode(ctx context.Context, ws, conv, customer uuid.UUID) (chat.IdentityCode, error)
	UseCode(ctx context.Context, ws, id uuid.UUID) error
}

// Post sends letters by e-mail, some time soon.
type Post interface {
	// Ready fails with CodeUnavailable, in words for a customer, when nothing can be sent.
	Ready(ctx context.Context, ws uuid.UUID) error
	// Queue has the letter of a kind about ref written and sent, after a pause.
	Queue(ctx context.Context, ws uuid.UUID, kind string, ref, conversation uuid.UUID, after time.Duration) error
}

// Options are what a Service is made of. Store is required. Without a Post no codes are sent.
type Options struct {
	Store Store
	Post  Post
	// TokenLife is how far ahead a token's exp may lie; 0 means MaxTokenLife.
	TokenLife time.Duration
	Now       func() time.Time
	Log       *slog.Logger
}

// Service identifies customers.
type Service struct {
	store Store
	post  Post
	life  time.Duration
	now   func() time.Time
	log   *slog.Logger
}

// New makes a Service.
func New(o Options) *Service {
	s := &Service{store: o.Store, post: o.Post, life: o.TokenLife, now: o.Now, log: o.Log}
	if s.life == 0 {
		s.life = MaxTokenLife
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	return s
}

// Known is what is certain about a customer now.
type Known struct {
	Level   chat.Level
	Email   string // that is the customer's own for certain, else ""
	Subject string // the site's id of a customer whom it vouches for now, else ""
}

// Known says what is certain about a customer now. CodeNotFound.
func (s *Service) Known(ctx context.Context, ws, customer uuid.UUID) (Known, error) {
	c, err := s.store.Customer(ctx, ws, customer)
	if err != nil {
		return Known{Level: chat.LevelAnonymous}, err
	}
	k := Known{Level: c.Level(s.now())}
	if k.Level.AtLeast(chat.LevelVouched) {
		k.Subject = c.Subject
	}
	if k.Level.AtLeast(chat.LevelVerified) && c.Verification.Email {
		k.Email = c.Email
	}
	return k, nil
}

// Verified says how surely it is known now who a customer is. CodeNotFound.
func (s *Service) Verified(ctx context.Context, ws, customer uuid.UUID) (chat.Level, error) {
	k, err := s.Known(ctx, ws, customer)
	return k.Level, err
}

// Adopt gives the conversations that a visitor had before the site named them
// to the customer whom it named. Whoever is named already is left alone. It can
// be undone (see the store's UndoMerge), as several people may use one browser.
// It gives the conversations that have become the customer's.
func (s *Service) Adopt(ctx context.Context, ws uuid.UUID, visitor, customer chat.Customer) ([]uuid.UUID, error) {
	if visitor.ID == customer.ID || visitor.Subject != "" {
		return nil, nil
	}
	m, err := s.store.MergeCustomers(ctx, ws, chat.Merge{From: visitor.ID, Into: customer.ID})
	if err == nil && len(m.Conversations) > 0 {
		s.log.InfoContext(ctx, "identity: conversations adopted", "merge", m.ID, "from", m.From, "into", m.Into, "conversations", len(m.Conversations))
	}
	return m.Conversations, err
}
