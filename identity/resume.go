package identity

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// LinkLife is how long a link that resumes a conversation counts: a fortnight, as people answer e-mail after a holiday.
const LinkLife = 14 * 24 * time.Hour

// A link's token is 16 random bytes and the first 16 of their HMAC with the workspace's key: 128 bits that nobody
// guesses, and a signature that refuses guesses before the store is asked. The store keeps the hash of the whole.
const linkPart = 16

// Links keeps the links that resume a conversation.
type Links interface {
	AddResume(ctx context.Context, ws uuid.UUID, r chat.Resume) (chat.Resume, error)
	Resume(ctx context.Context, ws uuid.UUID, hash []byte) (chat.Resume, error)
}

// NewLink makes a token that resumes a conversation, and nothing else, for whoever reads the mailbox of email. It counts
// for LinkLife, on any device and any number of times, as mail scanners open links too.
func (s *Service) NewLink(ctx context.Context, ws, conv uuid.UUID, email string) (string, error) {
	part := make([]byte, linkPart)
	_, _ = rand.Read(part) // it never fails
	mac, err := s.linkMAC(ctx, ws, part)
	if err != nil {
		return "", err
	}
	token := base64.RawURLEncoding.EncodeToString(append(part, mac...))
	_, err = s.store.AddResume(ctx, ws, chat.Resume{Hash: hashLink(token), Conversation: conv, Email: email, Until: s.now().Add(LinkLife)})
	return token, err
}

// Link finds the link of a token. CodeUnauthorized: it is none of ours, or was withdrawn; CodeStale: it has expired.
func (s *Service) Link(ctx context.Context, ws uuid.UUID, token string) (chat.Resume, error) {
	refused := chat.Errorf(chat.CodeUnauthorized, "This link does not open a conversation. Take the newest e-mail, or open the chat on the website.")
	data, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(data) != 2*linkPart {
		return chat.Resume{}, refused
	}
	mac, err := s.linkMAC(ctx, ws, data[:linkPart])
	if err != nil {
		return chat.Resume{}, err
	}
	if !hmac.Equal(mac, data[linkPart:]) {
		return chat.Resume{}, refused
	}
	r, err := s.LinkByHash(ctx, ws, hashLink(token))
	if chat.CodeOf(err) == chat.CodeNotFound {
		err = refused
	}
	return r, err
}

// LinkByHash finds a link again. CodeNotFound: it was withdrawn; CodeStale: it has expired.
func (s *Service) LinkByHash(ctx context.Context, ws uuid.UUID, hash []byte) (chat.Resume, error) {
	r, err := s.store.Resume(ctx, ws, hash)
	if err == nil && s.now().After(r.Until) {
		err = chat.Errorf(chat.CodeStale, "This link has expired. Open the chat on the website.")
	}
	return r, err
}

// Lower ends what a customer has shown of who they are, before somebody writes in their name who has shown less. A link
// proves the mailbox that it went to, so only a code that went to the same one, email, still counts. With email "" it is
// a user_hash, which whoever has seen it can show for ever: it does not get what the site's token gave.
func (s *Service) Lower(ctx context.Context, ws, customer uuid.UUID, email string) error {
	c, err := s.store.Customer(ctx, ws, customer)
	if err != nil || !c.Level(s.now()).AtLeast(chat.LevelVouched) {
		return err
	}
	v := c.Verification
	switch {
	case email == "" && v.By != chat.ProofToken, v.By == chat.ProofCode && strings.EqualFold(c.Email, email):
		return nil
	case email == "":
		v = chat.Verification{By: chat.ProofHash, Until: s.now().Add(hashCounts).UTC()}
	default:
		v.Until = s.now()
	}
	return s.store.VerifyCustomer(ctx, ws, customer, v, "")
}

func (s *Service) linkMAC(ctx context.Context, ws uuid.UUID, part []byte) ([]byte, error) {
	key, err := s.store.Secret(ctx, ws, "resume")
	if err != nil {
		return nil, err
	}
	m := hmac.New(sha256.New, key)
	m.Write(part)
	return m.Sum(nil)[:linkPart], nil
}

func hashLink(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}
