package sso

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"golang.org/x/oauth2"

	"frontdesk/chat"
)

// way is one way to the provider and back. The browser keeps it, sealed: no
// node has to remember it, and nobody else can go it.
type way struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"` // PKCE's
	Back     string `json:"b"` // where to go afterwards
	Expires  int64  `json:"e"` // Unix seconds
}

func newWay(back string, expires time.Time) way {
	return way{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Back: back, Expires: expires.Unix()}
}

// seal encrypts a way: the verifier is for the provider alone.
func (p *Provider) seal(ctx context.Context, w way) (string, error) {
	aead, err := p.aead(ctx)
	if err != nil {
		return "", err
	}
	plain, err := json.Marshal(w)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(aead.Seal(nil, nil, plain, p.bound())), nil
}

// open decrypts what seal made. CodeStale's fault, FaultExpired, for anything else.
func (p *Provider) open(ctx context.Context, kept string) (way, error) {
	aead, err := p.aead(ctx)
	if err != nil {
		return way{}, err
	}
	var w way
	sealed, err := base64.RawURLEncoding.DecodeString(kept)
	if err == nil {
		var plain []byte
		if plain, err = aead.Open(nil, nil, sealed, p.bound()); err == nil {
			err = json.Unmarshal(plain, &w)
		}
	}
	if err != nil {
		return way{}, refused(chat.FaultExpired, err)
	}
	if !p.now().Before(time.Unix(w.Expires, 0)) {
		return way{}, refused(chat.FaultExpired, errors.New("it took too long"))
	}
	return w, nil
}

// bound ties a way to the provider for which it was begun.
func (p *Provider) bound() []byte { return []byte(p.config.Issuer + "\n" + p.config.ClientID) }

func (p *Provider) aead(ctx context.Context) (cipher.AEAD, error) {
	secret, err := p.store.Secret(ctx, p.ws, "sso")
	if err != nil {
		return nil, err
	}
	key := sha256.Sum256(secret)
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// once uses a way up, on all nodes.
func (p *Provider) once(ctx context.Context, w way) error {
	_, err := p.store.AcquireLease(ctx, p.ws, "sso:"+w.State, uuid.NewString(), time.Unix(w.Expires, 0).Add(time.Minute))
	if chat.CodeOf(err) == chat.CodeConflict {
		return refused(chat.FaultExpired, errors.New("the way back was gone already"))
	}
	return err
}
