package identity

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"frontdesk/chat"
)

// hashCounts is how long a user_hash counts once it was shown. The hash itself
// never ends: a page shows it again with every session.
const hashCounts = 24 * time.Hour

// Named is whom a page says that its visitor is, as other products have it.
type Named struct {
	UserID string
	Email  string
	Name   string
	// Hash is the HMAC-SHA-256 of the user id, or of the e-mail where a site has no
	// ids, with the site's secret, in hexadecimal.
	Hash string
}

// ByHash gives the customer whom a page names by a user_hash. It is a way over
// from other products: the hash never expires, so the level is LevelVouched,
// whatever else the page says. A *TokenError says why it is refused.
func (s *Service) ByHash(ctx context.Context, in chat.Inbox, n Named, locale string) (chat.Customer, error) {
	subject := n.UserID
	if subject == "" {
		subject = n.Email
	}
	if !isSubject(subject) {
		return chat.Customer{}, s.refuse(FaultSubject, nil)
	}
	given, err := hex.DecodeString(n.Hash)
	if err != nil {
		return chat.Customer{}, s.refuse(FaultHash, err)
	}
	all, err := s.keys(ctx, in, chat.ProofHash)
	if err != nil {
		return chat.Customer{}, err
	}
	if len(all) == 0 {
		return chat.Customer{}, s.refuse(FaultNoHash, nil)
	}
	for _, k := range all {
		m := hmac.New(sha256.New, k.Secret)
		m.Write([]byte(subject))
		if hmac.Equal(given, m.Sum(nil)) {
			return s.byHash(ctx, in, n, subject, locale)
		}
	}
	return chat.Customer{}, s.refuse(FaultHash, nil)
}

func (s *Service) byHash(ctx context.Context, in chat.Inbox, n Named, subject, locale string) (chat.Customer, error) {
	// The page may say any name and address beside the hash. They are taken for a customer who has none; what the site
	// has signed, or a code has shown, stays.
	c := chat.Customer{Subject: subject, SubjectInbox: in.ID, Locale: locale,
		Verification: chat.Verification{By: chat.ProofHash, Until: s.now().Add(hashCounts).UTC()}}
	known, err := s.store.IdentifyCustomer(ctx, in.Workspace, c)
	if err != nil || known.Name != "" && known.Email != "" {
		return known, err
	}
	if known.Name == "" {
		c.Name = name(n.Name)
	}
	if known.Email == "" {
		c.Email = address(n.Email)
	}
	return s.store.IdentifyCustomer(ctx, in.Workspace, c)
}
