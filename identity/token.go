package identity

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"frontdesk/chat"
)

const (
	// MaxTokenLife is how far ahead a token's exp may lie at most: a working day
	// and a night. A page asks its server for a new one long before.
	MaxTokenLife = 24 * time.Hour
	// Leeway is how far two servers' clocks may differ: a token is taken for so long after its end.
	Leeway = time.Minute
	// maxToken bounds the bytes of a token: a few claims have less than a tenth.
	maxToken = 4 << 10
	// maxSubject bounds the bytes of a site's id of a customer.
	maxSubject = 255
	maxName    = 200 // bytes
)

// Fault says what is wrong with a token.
type Fault string

// The faults.
const (
	FaultMalformed Fault = "malformed" // no JWT, or a claim of the wrong type
	FaultAlgorithm Fault = "algorithm" // signed in another way than HS256
	FaultSignature Fault = "signature" // by none of the inbox's secrets
	FaultNoExpiry  Fault = "no_exp"
	FaultExpired   Fault = "expired"
	FaultTooLong   Fault = "too_long"  // it would count for too long
	FaultNotYet    Fault = "not_yet"   // nbf or iat lie ahead
	FaultSubject   Fault = "subject"   // no id of the customer, or not one that can be kept
	FaultAttribute Fault = "attribute" // attributes that cannot be kept
	FaultNoKeys    Fault = "no_keys"   // the inbox has no secret for tokens
	FaultNoHash    Fault = "no_hash"   // it has none for a user_hash
	FaultHash      Fault = "hash"      // a user_hash by none of those that it has
)

// words are what a fault is called, for the site's developer.
var words = map[Fault]string{
	FaultMalformed: "The token is not a JWT with the right claims: sub, email and name are strings, email_verified is true or false, exp is a number of seconds.",
	FaultAlgorithm: "The token is not signed with HS256, which is the only way that is taken.",
	FaultSignature: "The token is signed with none of this inbox's secrets: see that the site uses the newest one, as it was shown, and the right inbox.",
	FaultNoExpiry:  "The token has no exp, which says until when it counts.",
	FaultExpired:   "The token has expired: get a new one from the site.",
	FaultTooLong:   "The token would count for too long: its exp may lie at most %s ahead.",
	FaultNotYet:    "The token counts from a time that is yet to come: see that the site's clock is right.",
	FaultSubject:   "The site's id of the customer is missing, has control characters or is of more than 255 bytes: in a token it is sub, with a user_hash it is user_id, or email where there is no user_id.",
	FaultAttribute: "The token's attributes cannot be kept: attributes is an object of at most 32 names (64 bytes) with strings (256 bytes), numbers, true or false; plan is one such value.",
	FaultNoKeys:    "This inbox has no secret for tokens: make one with \"frontdesk admin inbox identity rotate\".",
	FaultNoHash:    "This inbox has no secret for a user_hash: give it the one that makes them with \"frontdesk admin inbox identity import\".",
	FaultHash:      "The user_hash was made with none of this inbox's secrets: it is the HMAC-SHA-256, in hexadecimal, of user_id, or of email where there is no user_id.",
}

// TokenError says why a token was refused. As a chat.Error it is CodeUnauthorized.
type TokenError struct {
	Fault Fault
	err   *chat.Error
}

// Error gives words for the site's developer. They hold nothing of the token.
func (e *TokenError) Error() string { return e.err.Error() }

// Unwrap gives the chat.Error.
func (e *TokenError) Unwrap() error { return e.err }

func (s *Service) refuse(f Fault, cause error) error {
	text := words[f]
	if f == FaultTooLong {
		text = strings.Replace(text, "%s", strings.TrimSuffix(strings.TrimSuffix(s.life.String(), "0s"), "0m"), 1)
	}
	return &TokenError{Fault: f, err: &chat.Error{Code: chat.CodeUnauthorized, Message: text, Err: cause}}
}

// claims are what a token may say.
type claims struct {
	jwt.RegisteredClaims
	Email         string `json:"email"`
	EmailVerified bool   `json:"email_verified"`
	Name          string `json:"name"`
	// Attributes are what the site vouches for beside; Plan is short for the one of that name.
	Attributes map[string]chat.Scalar `json:"attributes"`
	Plan       chat.Scalar            `json:"plan"`
}

// attributes gives those that have a value.
func (c *claims) attributes() []chat.Attribute {
	var all []chat.Attribute
	for _, name := range slices.Sorted(maps.Keys(c.Attributes)) {
		if value := c.Attributes[name]; value != "" {
			all = append(all, chat.Attribute{Name: name, Value: string(value)})
		}
	}
	return all
}

// ByToken gives the customer whom the token of an inbox's site names, and
// makes one if the site has not named them before. A *TokenError says why the
// token is refused.
func (s *Service) ByToken(ctx context.Context, in chat.Inbox, token, locale string) (chat.Customer, error) {
	c, err := s.check(ctx, in, token)
	if err != nil {
		return chat.Customer{}, err
	}
	return s.store.IdentifyCustomer(ctx, in.Workspace, chat.Customer{
		Attributes: c.attributes(), Subject: c.Subject, SubjectInbox: in.ID, Name: name(c.Name), Email: address(c.Email), Locale: locale,
		Verification: chat.Verification{By: chat.ProofToken, Until: c.ExpiresAt.UTC(), Email: c.EmailVerified && address(c.Email) != ""},
	})
}

func (s *Service) check(ctx context.Context, in chat.Inbox, token string) (*claims, error) {
	if len(token) > maxToken {
		return nil, s.refuse(FaultMalformed, nil)
	}
	all, err := s.keys(ctx, in, chat.ProofToken)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, s.refuse(FaultNoKeys, nil)
	}
	c := new(claims)
	_, err = jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithLeeway(Leeway), jwt.WithTimeFunc(s.now)).ParseWithClaims(token, c, func(t *jwt.Token) (any, error) { return candidates(all, t), nil })
	switch {
	case err != nil:
		return nil, s.refuse(faultOf(err, token), err)
	case c.ExpiresAt.Sub(s.now()) > s.life+Leeway:
		return nil, s.refuse(FaultTooLong, nil)
	case !isSubject(c.Subject):
		return nil, s.refuse(FaultSubject, nil)
	}
	if c.Plan != "" {
		if c.Attributes == nil {
			c.Attributes = map[string]chat.Scalar{}
		}
		c.Attributes[chat.PlanAttribute] = c.Plan
	}
	if err := chat.CheckAttributes(c.Attributes); err != nil {
		return nil, s.refuse(FaultAttribute, err)
	}
	return c, nil
}

// candidates are the keys that a token may be signed with: the one that it names, or all.
func candidates(all []chat.IdentityKey, t *jwt.Token) any {
	var set jwt.VerificationKeySet
	kid, _ := t.Header["kid"].(string)
	for _, k := range all {
		if id, err := uuid.Parse(kid); err == nil && id == k.ID {
			return k.Secret
		}
		set.Keys = append(set.Keys, k.Secret)
	}
	return set
}

func faultOf(err error, token string) Fault {
	var scalar *chat.Error
	var typ *json.UnmarshalTypeError
	if errors.As(err, &scalar) || errors.As(err, &typ) && strings.HasPrefix(typ.Field, "attributes") {
		return FaultAttribute
	}
	for _, f := range []struct {
		is    error
		fault Fault
	}{
		{jwt.ErrTokenMalformed, FaultMalformed}, {jwt.ErrTokenExpired, FaultExpired}, {jwt.ErrTokenRequiredClaimMissing, FaultNoExpiry},
		{jwt.ErrTokenNotValidYet, FaultNotYet}, {jwt.ErrTokenUsedBeforeIssued, FaultNotYet},
	} {
		if errors.Is(err, f.is) {
			return f.fault
		}
	}
	// The library says of a foreign algorithm, too, that the signature is invalid.
	if t, _, parsed := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{}); parsed == nil && t.Method != jwt.SigningMethodHS256 {
		return FaultAlgorithm
	}
	if errors.Is(err, jwt.ErrTokenSignatureInvalid) {
		return FaultSignature
	}
	return FaultMalformed
}

func isSubject(s string) bool {
	return s != "" && len(s) <= maxSubject && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// name is a name as it is kept: of one line, and not longer than any name.
func name(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")), " ")
	for len(s) > maxName {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}

// address is an e-mail address as it is kept. One that is none is left out: who the customer is does not hang on it.
func address(s string) string {
	s, err := chat.CheckEmail(s)
	if err != nil {
		return ""
	}
	return s
}
