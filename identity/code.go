package identity

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"frontdesk/chat"
)

const (
	// CodeDigits makes a million codes, of which CodeTries hit one in 333,333 times.
	CodeDigits = 6
	// CodeTries is how often a code may be tried.
	CodeTries = 3
	// CodeLife is how long a code may be used: until the letter is there and read.
	CodeLife = 10 * time.Minute
	// codesPerHour bounds, of one conversation and to one address, how many codes
	// are sent: with CodeTries, 15 guesses an hour of a million, and few enough
	// that nobody's mailbox is filled.
	codesPerHour = 5
	// CodeCounts is how long a code that was right counts: a chat, and the wait for
	// a person. The browser may be a shared one.
	CodeCounts = 2 * time.Hour
)

// LetterCode is the kind of letter that brings a code.
const LetterCode = "code"

// Sent is a code under way.
type Sent struct {
	Email string    `json:"email"`
	Until time.Time `json:"until"`
	Tries int       `json:"tries"`
}

// CodeError says that a code was wrong. As a chat.Error it is CodeInvalid, and
// after the last try CodeRateLimited.
type CodeError struct {
	Left int // tries that are left
	err  *chat.Error
}

// Error gives words for the customer.
func (e *CodeError) Error() string { return e.err.Error() }

// Unwrap gives the chat.Error.
func (e *CodeError) Unwrap() error { return e.err }

// SendCode sends a code to the address that a customer says is theirs. A code
// before it no longer counts. CodeInvalid: that is no address. CodeForbidden:
// the site knows this customer by another one. CodeRateLimited: too many were
// sent. CodeUnavailable: no e-mail can be sent. CodeNotFound: no such
// conversation of this customer.
func (s *Service) SendCode(ctx context.Context, ws, conv, customer uuid.UUID, email string) (Sent, error) {
	email, err := chat.CheckEmail(email)
	if err != nil {
		return Sent{}, err
	}
	if err := s.postReady(ctx, ws); err != nil {
		return Sent{}, err
	}
	if email, err = s.mayProve(ctx, ws, conv, customer, email); err != nil {
		return Sent{}, err
	}
	id := uuid.New()
	_, hash, err := s.codeOf(ctx, ws, id) // the code is written into the letter when that is sent, and kept nowhere
	if err != nil {
		return Sent{}, err
	}
	now := s.now()
	c, err := s.store.AddCode(ctx, ws, chat.IdentityCode{ID: id, Conversation: conv, Customer: customer, Email: email, Hash: hash, Tries: CodeTries, Until: now.Add(CodeLife)},
		chat.CodeLimit{Since: now.Add(-time.Hour), Conversation: codesPerHour, Emails: codesPerHour})
	if chat.CodeOf(err) == chat.CodeRateLimited {
		err = chat.Errorf(chat.CodeRateLimited, "That was the last code for now. Try again in an hour, or talk to a person.")
	}
	if err != nil {
		return Sent{}, err
	}
	return Sent{Email: c.Email, Until: c.Until, Tries: c.Tries}, s.post.Queue(ctx, ws, LetterCode, id, conv, 0)
}

func (s *Service) postReady(ctx context.Context, ws uuid.UUID) error {
	if s.post == nil {
		return chat.Errorf(chat.CodeUnavailable, "No e-mail can be sent from here. Talk to a person instead.")
	}
	return s.post.Ready(ctx, ws)
}

// mayProve checks that the conversation is the customer's, and that somebody whom the site knows keeps to the address
// that it knows. It gives the address that a code goes to: the known one as the site writes it, since two that look the
// same to us (a Kelvin sign is a k) may be two mailboxes.
func (s *Service) mayProve(ctx context.Context, ws, conv, customer uuid.UUID, email string) (string, error) {
	c, err := s.store.Conversation(ctx, ws, conv)
	if err == nil && c.Customer != customer {
		err = chat.Errorf(chat.CodeNotFound, "There is no such conversation.")
	}
	if err != nil {
		return "", err
	}
	who, err := s.store.Customer(ctx, ws, customer)
	if err != nil || who.Subject == "" {
		return email, err
	}
	if !strings.EqualFold(who.Email, email) {
		return "", chat.Errorf(chat.CodeForbidden, "Use the address of your account.")
	}
	return who.Email, nil
}

// CheckCode checks a code. If it is the right one, the customer is verified
// and the conversation's log says so. A *CodeError: it is not, with the tries
// left. CodeInvalid: it does not have six digits (no try is lost). CodeStale:
// it has expired. CodeNotFound: none was sent, or it was used. CodeRateLimited:
// no try is left.
func (s *Service) CheckCode(ctx context.Context, ws, conv, customer uuid.UUID, code string) (chat.Verification, error) {
	code, ok := digits(code)
	if !ok {
		return chat.Verification{}, chat.Errorf(chat.CodeInvalid, "The code has %d digits.", CodeDigits)
	}
	c, err := s.store.TryCode(ctx, ws, conv, customer)
	switch chat.CodeOf(err) {
	case "":
	case chat.CodeNotFound:
		return chat.Verification{}, chat.Errorf(chat.CodeNotFound, "No code is under way. Send a new one.")
	case chat.CodeStale:
		return chat.Verification{}, chat.Errorf(chat.CodeStale, "The code has expired: it counts for %d minutes. Send a new one.", int(CodeLife.Minutes()))
	case chat.CodeRateLimited:
		return chat.Verification{}, spent()
	default:
		return chat.Verification{}, err
	}
	key, err := s.store.Secret(ctx, ws, codeSecret)
	if err != nil {
		return chat.Verification{}, err
	}
	if !hmac.Equal(hashOf(key, c.ID, code), c.Hash) {
		return chat.Verification{}, wrong(c.Tries)
	}
	if err := s.store.UseCode(ctx, ws, c.ID); err != nil {
		return chat.Verification{}, err
	}
	return s.verify(ctx, ws, c)
}

// verify notes that c's customer has shown c's address to be theirs.
func (s *Service) verify(ctx context.Context, ws uuid.UUID, c chat.IdentityCode) (chat.Verification, error) {
	who, err := s.store.Customer(ctx, ws, c.Customer)
	if err != nil {
		return chat.Verification{}, err
	}
	v := chat.Verification{By: chat.ProofCode, Until: s.now().Add(CodeCounts).UTC().Truncate(time.Microsecond), Email: true}
	if who.Level(s.now()) == chat.LevelVerified && who.Verification.Until.After(v.Until) {
		v.By, v.Until = who.Verification.By, who.Verification.Until // what the site's token gives lasts longer
	}
	if err := s.store.VerifyCustomer(ctx, ws, c.Customer, v, c.Email); err != nil {
		return chat.Verification{}, err
	}
	_, err = s.store.Append(ctx, ws, c.Conversation, chat.Draft{
		ClientID: uuid.NewSHA1(c.ID, []byte("verified")), From: chat.Sender{Kind: chat.PartySystem}, Kind: chat.KindNotice,
		Text: "The address " + c.Email + " is confirmed.",
		Body: chat.Body{Notice: &chat.Notice{Kind: chat.NoticeVerified, Email: c.Email, Until: v.Until}},
	})
	return v, err
}

// Ask asks the customer of a conversation, in its log, to show who they are.
// Asking again before the customer has written or confirmed anything adds
// nothing, and neither does asking somebody who is verified. CodeUnavailable: no
// e-mail can be sent. CodeNotFound: no such conversation.
func (s *Service) Ask(ctx context.Context, ws, conv uuid.UUID) error {
	c, err := s.store.Conversation(ctx, ws, conv)
	if err != nil {
		return err
	}
	who, err := s.store.Customer(ctx, ws, c.Customer)
	if err != nil || who.Level(s.now()) == chat.LevelVerified {
		return err
	}
	if err := s.postReady(ctx, ws); err != nil {
		return err
	}
	once := fmt.Sprintf("verify %d %d", c.CustomerSeq, who.Verification.Until.UnixMicro())
	_, err = s.store.Append(ctx, ws, conv, chat.Draft{
		ClientID: uuid.NewSHA1(conv, []byte(once)), From: chat.Sender{Kind: chat.PartySystem}, Kind: chat.KindNotice,
		Text: "To go on, please confirm that it is you.",
		Body: chat.Body{Notice: &chat.Notice{Kind: chat.NoticeVerify}},
	})
	return err
}

// Code gives a code that counts, for the letter that brings it. CodeNotFound:
// it no longer does. CodeStale: it has expired.
func (s *Service) Code(ctx context.Context, ws, id uuid.UUID) (code string, c chat.IdentityCode, err error) {
	if c, err = s.store.Code(ctx, ws, id); err != nil {
		return "", c, err
	}
	if !c.Until.After(s.now()) {
		return "", c, chat.Errorf(chat.CodeStale, "the code has expired")
	}
	code, _, err = s.codeOf(ctx, ws, id)
	return code, c, err
}

// codeSecret is the name of the workspace's secret that codes are made with.
const codeSecret = "identity-code"

// codeOf gives the code with an id, and its hash. The code follows from the
// id, which is random, and the workspace's secret, so that it need not be kept.
func (s *Service) codeOf(ctx context.Context, ws, id uuid.UUID) (string, []byte, error) {
	key, err := s.store.Secret(ctx, ws, codeSecret)
	if err != nil {
		return "", nil, err
	}
	// 64 bits to 10^6 values: none is likelier than another by more than 10^-13.
	n := binary.BigEndian.Uint64(keyed(key, "code", id, "")) % 1_000_000
	code := fmt.Sprintf("%0*d", CodeDigits, n)
	return code, hashOf(key, id, code), nil
}

func hashOf(key []byte, id uuid.UUID, code string) []byte { return keyed(key, "hash", id, code) }

func keyed(key []byte, use string, id uuid.UUID, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(use + "\x00"))
	m.Write(id[:])
	m.Write([]byte(text))
	return m.Sum(nil)
}

// digits gives a code without the signs that people put between its digits, and whether it has the form of one.
func digits(s string) (string, bool) {
	foreign := false
	s = strings.Map(func(r rune) rune {
		if r == '-' || unicode.IsSpace(r) {
			return -1
		}
		foreign = foreign || r < '0' || r > '9'
		return r
	}, s)
	return s, !foreign && len(s) == CodeDigits
}

func wrong(left int) error {
	switch left {
	case 0:
		return &CodeError{0, chat.Errorf(chat.CodeRateLimited, "That is not the code, and it was the last try. Send a new code.")}
	case 1:
		return &CodeError{1, chat.Errorf(chat.CodeInvalid, "That is not the code. One try is left.")}
	}
	return &CodeError{left, chat.Errorf(chat.CodeInvalid, "That is not the code. %d tries are left.", left)}
}

func spent() error {
	return chat.Errorf(chat.CodeRateLimited, "This code has no tries left. Send a new one.")
}
