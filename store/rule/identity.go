package rule

import (
	"strings"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// CheckIdentityKey says what is wrong with a key, as CodeInvalid.
func CheckIdentityKey(k chat.IdentityKey) error {
	if len(k.Secret) == 0 {
		return chat.Errorf(chat.CodeInvalid, "a key needs a secret")
	}
	if k.Use != chat.ProofToken && k.Use != chat.ProofHash {
		return chat.Errorf(chat.CodeInvalid, "a key is for token or hash, not for %q", k.Use)
	}
	return nil
}

// CheckSubject says what a customer lacks who is to be found by the site's id.
func CheckSubject(c chat.Customer) error {
	if c.Subject == "" || c.SubjectInbox == uuid.Nil {
		return chat.Errorf(chat.CodeInvalid, "a customer whom a site names needs a subject and its inbox")
	}
	return nil
}

// CheckMerge says why two customers cannot be merged.
func CheckMerge(m chat.Merge) error {
	if m.From == m.Into {
		return chat.Errorf(chat.CodeInvalid, "a customer is merged into another one")
	}
	return nil
}

// EmailKey is what addresses are compared by: hardly any server tells cases apart.
func EmailKey(email string) string { return strings.ToLower(email) }

// Tried is what TryCode gives of a code that counts, with the tries that were left before.
func Tried(c chat.IdentityCode, expired bool) (chat.IdentityCode, error) {
	switch {
	case expired:
		return chat.IdentityCode{}, chat.Errorf(chat.CodeStale, "the code has expired")
	case c.Tries <= 0:
		return chat.IdentityCode{}, chat.Errorf(chat.CodeRateLimited, "the code has no tries left")
	}
	c.Tries--
	return c, nil
}

// CheckCodes reports, as CodeRateLimited, that there are as many codes of a conversation or to an address as limit allows.
func CheckCodes(conversation, emails int, limit chat.CodeLimit) error {
	if conversation >= limit.Conversation || emails >= limit.Emails {
		return chat.Errorf(chat.CodeRateLimited, "too many codes were sent")
	}
	return nil
}
