package identity

import (
	"context"
	"crypto/rand"
	"encoding/base64"

	"github.com/google/uuid"

	"frontdesk/chat"
)

const (
	// secretBytes is what RFC 7518, 3.2, asks of an HS256 key: as many as the hash has.
	secretBytes = 32
	// secretPrefix lets a scanner of repositories find a secret that should not be there.
	secretPrefix = "fdid_"
	// minImported is the least that a secret of another product may have: theirs have 40 or more.
	minImported = 16
)

// Keys lists the live keys of an inbox, newest first, without a way to their secrets.
func (s *Service) Keys(ctx context.Context, ws, inbox uuid.UUID) ([]chat.IdentityKey, error) {
	return s.store.IdentityKeys(ctx, ws, inbox)
}

// Rotate makes a new secret for tokens and gives it, this once. The secret
// before it goes on counting until the next Rotate, or Drop.
func (s *Service) Rotate(ctx context.Context, ws, inbox uuid.UUID) (chat.IdentityKey, string, error) {
	raw := make([]byte, secretBytes)
	_, _ = rand.Read(raw) // never fails
	// The secret's own characters are the key, so that nobody has to decode it.
	secret := secretPrefix + base64.RawURLEncoding.EncodeToString(raw)
	k, err := s.store.AddIdentityKey(ctx, ws, chat.IdentityKey{Inbox: inbox, Use: chat.ProofToken, Secret: []byte(secret)})
	return k, secret, err
}

// Import keeps the secret with which a site made the user_hash for another
// product. CodeInvalid: it is too short.
func (s *Service) Import(ctx context.Context, ws, inbox uuid.UUID, secret string) (chat.IdentityKey, error) {
	if len(secret) < minImported {
		return chat.IdentityKey{}, chat.Errorf(chat.CodeInvalid, "The secret has %d characters, and less than %d can be guessed.", len(secret), minImported)
	}
	return s.store.AddIdentityKey(ctx, ws, chat.IdentityKey{Inbox: inbox, Use: chat.ProofHash, Secret: []byte(secret)})
}

// Drop ends a key at once: what was signed with it no longer counts. CodeNotFound.
func (s *Service) Drop(ctx context.Context, ws, inbox, id uuid.UUID) error {
	return s.store.DropIdentityKey(ctx, ws, inbox, id)
}

// keys are those of an inbox for a use.
func (s *Service) keys(ctx context.Context, in chat.Inbox, use chat.Proof) ([]chat.IdentityKey, error) {
	all, err := s.store.IdentityKeys(ctx, in.Workspace, in.ID)
	var out []chat.IdentityKey
	for _, k := range all {
		if k.Use == use {
			out = append(out, k)
		}
	}
	return out, err
}
