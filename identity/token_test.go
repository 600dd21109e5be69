package identity

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"frontdesk/chat"
)

func TestATokenNamesACustomer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, secret := w.secret()
	first, err := w.ByToken(w.ctx, w.inbox, w.token(secret, jwt.MapClaims{"sub": "42", "email": "eve@example.com", "email_verified": true, "name": " Eve \n Adams "}), "fr")
	w.check(err)
	if first.Subject != "42" || first.Name != "Eve Adams" || first.Email != "eve@example.com" || first.Locale != "fr" || !first.Verification.Email {
		t.Errorf("got %+v", first)
	}
	known, err := w.Known(w.ctx, w.ws, first.ID)
	w.check(err)
	if want := (Known{Level: chat.LevelVerified, Email: "eve@example.com", Subject: "42"}); known != want {
		t.Errorf("known %+v, want %+v", known, want)
	}
	again, err := w.ByToken(w.ctx, w.inbox, w.token(secret, jwt.MapClaims{"sub": "42", "email": "no address"}, key.ID.String()), "")
	w.check(err)
	if again.ID != first.ID || again.Email != "eve@example.com" || again.Verification.Email {
		t.Errorf("again %+v", again)
	}
	w.clock.advance(time.Hour + time.Second)
	if level, err := w.Verified(w.ctx, w.ws, first.ID); err != nil || level != chat.LevelGiven {
		t.Errorf("when the token has ended: %v, %v", level, err)
	}
}

func TestATokenHasAttributes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.secret()
	c, err := w.ByToken(w.ctx, w.inbox, w.token(secret, jwt.MapClaims{"sub": "42", "plan": "business",
		"attributes": jwt.MapClaims{"plan": "free", "seats": 12, "trial": false, "none": nil, "since": "2024"}}), "")
	w.check(err)
	var got []string
	for _, a := range c.Attributes {
		got = append(got, a.Name+" "+a.Value+" "+string(a.By))
	}
	want := []string{"plan business token", "seats 12 token", "since 2024 token", "trial false token"}
	if !slices.Equal(got, want) {
		t.Errorf("attributes %q, want %q", got, want)
	}
	c, err = w.ByToken(w.ctx, w.inbox, w.token(secret, jwt.MapClaims{"sub": "42"}), "")
	w.check(err)
	if len(c.Attributes) > 0 {
		t.Errorf("what the token no longer says is still there: %+v", c.Attributes)
	}
}

func TestSecretsRotate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, first := w.secret()
	token := w.token(first, jwt.MapClaims{"sub": "42"})
	_, second := w.secret()
	for _, secret := range []string{first, second} {
		_, err := w.ByToken(w.ctx, w.inbox, w.token(secret, jwt.MapClaims{"sub": "42"}), "")
		w.check(err)
	}
	// A token that names one key is not tried with the other.
	_, err := w.ByToken(w.ctx, w.inbox, w.token(second, jwt.MapClaims{"sub": "42"}, one.ID.String()), "")
	wantFault(t, err, FaultSignature)
	w.secret() // the third: the first no longer counts
	_, err = w.ByToken(w.ctx, w.inbox, token, "")
	wantFault(t, err, FaultSignature)
	keys, err := w.Keys(w.ctx, w.ws, w.inbox.ID)
	w.check(err)
	if len(keys) != 2 {
		t.Fatalf("%d keys", len(keys))
	}
	w.check(w.Drop(w.ctx, w.ws, w.inbox.ID, keys[1].ID))
	_, err = w.ByToken(w.ctx, w.inbox, w.token(second, jwt.MapClaims{"sub": "42"}), "")
	wantFault(t, err, FaultSignature)
}

func TestTokensThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.secret()
	now := w.clock.Now()
	good := w.token(secret, jwt.MapClaims{"sub": "42"})
	parts := strings.Split(good, ".")
	none, err := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"sub": "42", "exp": now.Add(time.Hour).Unix()}).SignedString(jwt.UnsafeAllowNoneSignatureType)
	w.check(err)
	hs512, err := jwt.NewWithClaims(jwt.SigningMethodHS512, jwt.MapClaims{"sub": "42", "exp": now.Add(time.Hour).Unix()}).SignedString([]byte(secret))
	w.check(err)
	forged := parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"1","exp":99999999999}`)) + "." + parts[2]
	for name, test := range map[string]struct {
		token string
		want  Fault
	}{
		"empty":                {"", FaultMalformed},
		"no JWT":               {"a.b.c", FaultMalformed},
		"too large":            {good + strings.Repeat("x", maxToken), FaultMalformed},
		"a number as sub":      {w.token(secret, jwt.MapClaims{"sub": 42}), FaultMalformed},
		"a text as verified":   {w.token(secret, jwt.MapClaims{"sub": "42", "email_verified": "yes"}), FaultMalformed},
		"unsigned":             {none, FaultAlgorithm},
		"HS512":                {hs512, FaultAlgorithm},
		"forged":               {forged, FaultSignature},
		"another's secret":     {w.token("another secret", jwt.MapClaims{"sub": "42"}), FaultSignature},
		"no signature":         {parts[0] + "." + parts[1] + ".", FaultSignature},
		"no exp":               {w.token(secret, jwt.MapClaims{"sub": "42", "exp": nil}), FaultNoExpiry},
		"expired":              {w.token(secret, jwt.MapClaims{"sub": "42", "exp": now.Add(-2 * time.Minute).Unix()}), FaultExpired},
		"too long":             {w.token(secret, jwt.MapClaims{"sub": "42", "exp": now.Add(25 * time.Hour).Unix()}), FaultTooLong},
		"not yet":              {w.token(secret, jwt.MapClaims{"sub": "42", "nbf": now.Add(10 * time.Minute).Unix()}), FaultNotYet},
		"made tomorrow":        {w.token(secret, jwt.MapClaims{"sub": "42", "iat": now.Add(10 * time.Minute).Unix()}), FaultNotYet},
		"a list of attributes": {w.token(secret, jwt.MapClaims{"sub": "42", "attributes": []string{"plan"}}), FaultAttribute},
		"a list as value":      {w.token(secret, jwt.MapClaims{"sub": "42", "attributes": jwt.MapClaims{"plans": []string{"a"}}}), FaultAttribute},
		"an object as plan":    {w.token(secret, jwt.MapClaims{"sub": "42", "plan": jwt.MapClaims{"name": "a"}}), FaultAttribute},
		"a long value":         {w.token(secret, jwt.MapClaims{"sub": "42", "plan": strings.Repeat("a", 257)}), FaultAttribute},
		"an attribute no name": {w.token(secret, jwt.MapClaims{"sub": "42", "attributes": jwt.MapClaims{"": "a"}}), FaultAttribute},
		"no sub":               {w.token(secret, jwt.MapClaims{"email": "a@example.com"}), FaultSubject},
		"a long sub":           {w.token(secret, jwt.MapClaims{"sub": strings.Repeat("4", 256)}), FaultSubject},
		"a sub of two lines":   {w.token(secret, jwt.MapClaims{"sub": "4\n2"}), FaultSubject},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := w.ByToken(w.ctx, w.inbox, test.token, "")
			wantFault(t, err, test.want)
			if strings.Contains(err.Error(), secret) || chat.MessageOf(err) != strings.ReplaceAll(words[test.want], "%s", "24h") {
				t.Errorf("says %q", chat.MessageOf(err))
			}
		})
	}
	// Clocks differ a little.
	_, err = w.ByToken(w.ctx, w.inbox, w.token(secret, jwt.MapClaims{"sub": "42", "exp": now.Add(-30 * time.Second).Unix(), "iat": now.Add(30 * time.Second).Unix()}), "")
	w.check(err)
}

func TestWithoutASecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.ByToken(w.ctx, w.inbox, w.token("x", jwt.MapClaims{"sub": "42"}), "")
	wantFault(t, err, FaultNoKeys)
	_, err = w.ByHash(w.ctx, w.inbox, Named{UserID: "42", Hash: userHash("x", "42")}, "")
	wantFault(t, err, FaultNoHash)
	// A secret for one way is none for the other.
	_, secret := w.secret()
	_, err = w.ByHash(w.ctx, w.inbox, Named{UserID: "42", Hash: userHash(secret, "42")}, "")
	wantFault(t, err, FaultNoHash)
}

func TestAUserHashVouches(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const secret = "a secret of another product"
	_, err := w.Import(w.ctx, w.ws, w.inbox.ID, "short")
	w.wantCode(err, chat.CodeInvalid)
	_, err = w.Import(w.ctx, w.ws, w.inbox.ID, secret)
	w.check(err)
	c, err := w.ByHash(w.ctx, w.inbox, Named{UserID: "42", Email: "eve@example.com", Name: "Eve", Hash: userHash(secret, "42")}, "")
	w.check(err)
	known, err := w.Known(w.ctx, w.ws, c.ID)
	w.check(err)
	if want := (Known{Level: chat.LevelVouched, Subject: "42"}); known != want || c.Name != "Eve" || c.Email != "eve@example.com" {
		t.Errorf("known %+v, want %+v; %+v", known, want, c)
	}
	// What the page says beside the hash changes nobody's address.
	again, err := w.ByHash(w.ctx, w.inbox, Named{UserID: "42", Email: "mallory@example.com", Name: "M", Hash: strings.ToUpper(userHash(secret, "42"))}, "")
	w.check(err)
	if again.ID != c.ID || again.Email != c.Email || again.Name != c.Name {
		t.Errorf("again %+v", again)
	}
	byMail, err := w.ByHash(w.ctx, w.inbox, Named{Email: "eve@example.com", Hash: userHash(secret, "eve@example.com")}, "")
	w.check(err)
	if byMail.ID == c.ID {
		t.Error("an address and an id named one customer")
	}
	for _, n := range []Named{{UserID: "43", Hash: userHash(secret, "42")}, {UserID: "42", Hash: "no hex"}, {UserID: "42"}} {
		_, err := w.ByHash(w.ctx, w.inbox, n, "")
		wantFault(t, err, FaultHash)
	}
	_, err = w.ByHash(w.ctx, w.inbox, Named{Hash: userHash(secret, "")}, "")
	wantFault(t, err, FaultSubject)
}

func TestConversationsAreAdopted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.secret()
	eve, err := w.ByToken(w.ctx, w.inbox, w.token(secret, jwt.MapClaims{"sub": "eve"}), "")
	w.check(err)
	w.adopt(w.ann, eve)
	w.adopt(w.ann, eve) // nothing is left
	c, err := w.st.Conversation(w.ctx, w.ws, w.talk)
	w.check(err)
	if c.Customer != eve.ID {
		t.Error("the conversation stayed behind")
	}
	// Somebody else whom the site names in the same browser takes nothing of Eve.
	other, err := w.ByToken(w.ctx, w.inbox, w.token(secret, jwt.MapClaims{"sub": "other"}), "")
	w.check(err)
	w.adopt(eve, other)
	merges, err := w.st.Merges(w.ctx, w.ws, other.ID)
	w.check(err)
	if len(merges) != 0 {
		t.Errorf("took %+v", merges)
	}
}

func wantFault(t *testing.T, err error, want Fault) {
	t.Helper()
	var e *TokenError
	if !errors.As(err, &e) || e.Fault != want || chat.CodeOf(err) != chat.CodeUnauthorized {
		t.Errorf("got %v, want the fault %s", err, want)
	}
}
