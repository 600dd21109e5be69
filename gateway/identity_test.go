package gateway

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/identity"
)

// letters keeps what would go by e-mail.
type letters struct {
	mu           sync.Mutex
	refs         []uuid.UUID
	settings     protocol.MailSettings
	answering    []uuid.UUID
	refuses      error // what Ready says
	transcribing []uuid.UUID
	sends        bool     // there is a mail server for the staff
	invited      []string // "address link"
}

func (l *letters) Ready(context.Context, uuid.UUID) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refuses
}

// Transcribing is told that somebody asks for a transcript.
func (l *letters) Transcribing(_ context.Context, _, conv uuid.UUID) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.transcribing = append(l.transcribing, conv)
	return nil
}

func (l *letters) Queue(_ context.Context, _ uuid.UUID, _ string, ref, _ uuid.UUID, _ time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refs = append(l.refs, ref)
	return nil
}

func (l *letters) last() uuid.UUID {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refs[len(l.refs)-1]
}

// Answering is told that an answer is about to be given.
func (l *letters) Answering(_ context.Context, _, conv uuid.UUID) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answering = append(l.answering, conv)
	return nil
}

func (l *letters) View(context.Context, uuid.UUID) (protocol.MailView, error) {
	return protocol.MailView{Server: "mail.example:587", Settings: l.settings, Recent: []chat.Mail{}}, nil
}

func (l *letters) Set(_ context.Context, _, _ uuid.UUID, s protocol.MailSettings) error {
	l.settings = s
	return nil
}

func (*letters) Test(_ context.Context, _ uuid.UUID, to string) (protocol.MailTested, error) {
	if !strings.Contains(to, "@") {
		return protocol.MailTested{}, chat.Errorf(chat.CodeInvalid, "no address")
	}
	return protocol.MailTested{Server: "mail.example:587", TLS: "TLS 1.3"}, nil
}

func (l *letters) Invite(_ context.Context, _ chat.Workspace, u chat.User, link string) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.sends {
		return false, nil
	}
	l.invited = append(l.invited, u.Email+" "+link)
	return true, nil
}

// signed is a token of the inbox's site.
func (w *world) signed(secret string, life time.Duration) string {
	w.t.Helper()
	s, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "42", "name": "Eve", "exp": w.clock.Now().Add(life).Unix()}).SignedString([]byte(secret))
	w.check(err)
	return s
}

func (w *world) secret() string {
	w.t.Helper()
	_, secret, err := w.identity.Rotate(w.ctx, w.ws.ID, w.inbox.ID)
	w.check(err)
	return secret
}

func (w *world) sessionOf(c protocol.Credentials) (s protocol.Session) {
	w.t.Helper()
	c.Inbox = w.inbox.Key
	if res := w.post("/v1/session", protocol.SessionRequest{Credentials: c}, &s); res.StatusCode != http.StatusOK {
		w.t.Fatalf("session: %s", res.Status)
	}
	return s
}

func TestASiteNamesItsCustomer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret := w.secret()
	// What an anonymous visitor has said is the customer's when the site names them in that browser.
	p := w.join("")
	conv := uuid.Must(uuid.NewV7())
	p.say(conv, "Where is my order?")
	s := w.sessionOf(protocol.Credentials{VisitorToken: p.visit, UserJWT: w.signed(secret, time.Hour)})
	if s.Level != chat.LevelVerified || s.VisitorToken != p.visit || len(s.Conversations) != 1 || s.Conversations[0].ID != conv {
		t.Errorf("session %+v", s)
	}
	if !s.Until.Equal(w.clock.Now().Add(time.Hour).Truncate(time.Second)) {
		t.Errorf("until %s", s.Until)
	}
	// In another browser the same customer, without a visitor's token.
	other := w.sessionOf(protocol.Credentials{UserJWT: w.signed(secret, time.Hour)})
	if other.VisitorToken != "" || len(other.Conversations) != 1 {
		t.Errorf("session elsewhere %+v", other)
	}
	// Without the site's word the browser is nobody again.
	if after := w.session(p.visit); len(after.Conversations) != 0 || after.Level != chat.LevelAnonymous {
		t.Errorf("session after %+v", after)
	}
	// An agent can take the merge back.
	c, err := w.store.Conversation(w.ctx, w.ws.ID, conv)
	w.check(err)
	agent := w.hire("mira", chat.RoleAgent)
	var merges protocol.MergeList
	agent.ok("GET", "/customers/"+c.Customer.String()+"/merges", nil, &merges)
	if len(merges.Data) != 1 {
		t.Fatalf("merges %+v", merges)
	}
	want(t, agent.do("POST", "/merges/"+merges.Data[0].ID.String()+"/undo", nil, nil), http.StatusOK)
	want(t, agent.do("POST", "/merges/"+merges.Data[0].ID.String()+"/undo", nil, nil), http.StatusConflict)
	if back := w.session(p.visit); len(back.Conversations) != 1 {
		t.Errorf("session when it is undone %+v", back)
	}
}

func TestASitesWordThatIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.secret()
	res := w.post("/v1/session", protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: w.inbox.Key, UserJWT: w.signed("wrong", time.Hour)}}, nil)
	if res.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %s", res.Status)
	}
	res = w.post("/v1/session", protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: w.inbox.Key, User: &protocol.NamedUser{ID: "1", Hash: "00"}}}, nil)
	if res.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %s", res.Status)
	}
}

// Whoever has once seen a user_hash is not verified because the customer has shown a token since: the site may have moved
// to tokens long ago. A code is another matter, which is how a customer of a user_hash is verified.
func TestAHashGetsNothingOfAToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const old = "a secret of another product"
	_, err := w.identity.Import(w.ctx, w.ws.ID, w.inbox.ID, old)
	w.check(err)
	mac := hmac.New(sha256.New, []byte(old))
	mac.Write([]byte("42"))
	p := w.knockAs(w.sessionOf(protocol.Credentials{User: &protocol.NamedUser{ID: "42", Hash: hex.EncodeToString(mac.Sum(nil))}}))
	level := func() chat.Level {
		t.Helper()
		c, err := w.store.Customer(w.ctx, w.ws.ID, p.who)
		w.check(err)
		return c.Level(w.clock.Now())
	}
	q := w.knockAs(w.sessionOf(protocol.Credentials{UserJWT: w.signed(w.secret(), time.Hour)}))
	q.say(newID(), "Where is my order?")
	if q.who != p.who || level() != chat.LevelVerified {
		t.Fatalf("%s is %s, and not %s, verified", q.who, level(), p.who)
	}
	conv := newID()
	p.say(conv, "Cancel it")
	if level() != chat.LevelVouched {
		t.Error("who came by the hash is verified by another's token")
	}
	w.check(w.store.VerifyCustomer(w.ctx, w.ws.ID, p.who, chat.Verification{By: chat.ProofCode, Until: w.clock.Now().Add(time.Hour), Email: true}, "eve@example.com"))
	p.say(conv, "Cancel it now")
	if level() != chat.LevelVerified {
		t.Error("a code is not counted")
	}
}

// A connection of somebody for whom the site's word has ended is closed, so that the page brings a new one.
func TestTheSitesWordEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.sessionOf(protocol.Credentials{UserJWT: w.signed(w.secret(), time.Hour)})
	p := w.knock()
	p.send("hello", "h", protocol.Hello{Token: s.SocketToken})
	p.expect("welcome", nil)
	if s.Left < 3590 || s.Left > 3600 {
		t.Errorf("%d seconds are left", s.Left)
	}
	// As long as a token is taken its connection lasts, or whoever has none that is newer would come again and again.
	w.clock.advance(time.Hour + identity.Leeway - time.Second)
	p.send("sync", "s", protocol.Sync{Conversation: newID()})
	p.answer("s")
	w.clock.advance(2 * time.Second)
	p.send("typing", "", protocol.TypingOn{Conversation: uuid.New()}) // any sign of life
	if code := p.ended(); code != protocol.CloseTokenExpired {
		t.Errorf("closed with %d", code)
	}
}

func TestACodeByEmail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.join("")
	conv := uuid.Must(uuid.NewV7())
	p.say(conv, "Where is my order?")
	w.hire("mira", chat.RoleAgent).ok("POST", "/conversations/"+conv.String()+"/verify", nil, nil)
	mine := protocol.Credentials{Inbox: w.inbox.Key, VisitorToken: p.visit}
	var sent protocol.CodeSent
	if res := w.post("/v1/identity/code", protocol.CodeRequest{Credentials: mine, Conversation: conv, Email: "ann@example.com"}, &sent); res.StatusCode != http.StatusOK || sent.Tries != 3 {
		t.Fatalf("%s, %+v", res.Status, sent)
	}
	code, _, err := w.identity.Code(w.ctx, w.ws.ID, w.letters.last())
	w.check(err)
	for _, test := range []struct {
		who  protocol.Credentials
		conv uuid.UUID
		code string
		want int
	}{
		{protocol.Credentials{Inbox: w.inbox.Key}, conv, code, http.StatusUnauthorized},
		{protocol.Credentials{Inbox: w.inbox.Key, VisitorToken: "nobody's"}, conv, code, http.StatusUnauthorized},
		{protocol.Credentials{Inbox: w.inbox.Key, VisitorToken: w.session("").VisitorToken}, conv, code, http.StatusNotFound},
		{protocol.Credentials{Inbox: "no inbox", VisitorToken: p.visit}, conv, code, http.StatusNotFound},
		{mine, uuid.New(), code, http.StatusNotFound},
		{mine, conv, "12345", http.StatusUnprocessableEntity},
		{mine, conv, strings.Map(func(r rune) rune { return '0' + (r-'0'+1)%10 }, code), http.StatusUnprocessableEntity},
		{mine, conv, code, http.StatusOK},
		{mine, conv, code, http.StatusNotFound},
	} {
		if res := w.post("/v1/identity/check", protocol.CodeCheck{Credentials: test.who, Conversation: test.conv, Code: test.code}, nil); res.StatusCode != test.want {
			t.Errorf("%+v: %s, want %d", test, res.Status, test.want)
		}
	}
	p.send("sync", "", protocol.Sync{Conversation: conv})
	var e chat.Entry
	for e.Kind != chat.KindNotice || e.Notice.Kind == chat.NoticeVerify {
		e = chat.Entry{}
		p.expect("entry", &e)
	}
	if e.Notice.Kind != chat.NoticeVerified || e.Notice.Email != "ann@example.com" {
		t.Errorf("the customer reads %+v", e)
	}
	if again := w.session(p.visit); again.Level != chat.LevelVerified {
		t.Errorf("level %s", again.Level)
	}
	w.eventually("the bot looks again", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.woken) == 2
	})
}

func TestSecretsByTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agent := w.hire("mira", chat.RoleAgent)
	path := "/inboxes/" + w.inbox.ID.String() + "/identity"
	want(t, agent.do("GET", path, nil, nil), http.StatusForbidden)
	want(t, agent.do("POST", path+"/rotate", nil, nil), http.StatusForbidden)
	admin := w.hire("ada", chat.RoleAdmin)
	var made protocol.NewIdentityKey
	admin.ok("POST", path+"/rotate", nil, &made)
	if s := w.sessionOf(protocol.Credentials{UserJWT: w.signed(made.Secret, time.Hour)}); s.Level != chat.LevelVerified {
		t.Errorf("level %s", s.Level)
	}
	want(t, admin.do("POST", path+"/import", protocol.ImportIdentityKey{Secret: "short"}, nil), http.StatusUnprocessableEntity)
	admin.ok("POST", path+"/import", protocol.ImportIdentityKey{Secret: "a secret of another product"}, nil)
	var keys json.RawMessage
	admin.ok("GET", path, nil, &keys)
	if strings.Contains(string(keys), made.Secret) || strings.Count(string(keys), `"id"`) != 2 {
		t.Errorf("listed %s", keys)
	}
	want(t, admin.do("DELETE", path+"/"+made.Key.ID.String(), nil, nil), http.StatusOK)
	want(t, admin.do("DELETE", path+"/"+made.Key.ID.String(), nil, nil), http.StatusNotFound)
	want(t, admin.do("POST", "/inboxes/"+uuid.NewString()+"/identity/rotate", nil, nil), http.StatusNotFound)
}

func TestMailByTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want(t, w.hire("mira", chat.RoleAgent).do("GET", "/mail", nil, nil), http.StatusForbidden)
	admin := w.hire("ada", chat.RoleAdmin)
	var v protocol.MailView
	admin.ok("PUT", "/mail", protocol.MailSettings{From: "desk@example.com"}, &v)
	if v.Settings.From != "desk@example.com" || v.Server != "mail.example:587" {
		t.Errorf("set %+v", v)
	}
	want(t, admin.do("POST", "/mail/test", protocol.MailTest{To: "nobody"}, nil), http.StatusUnprocessableEntity)
	admin.ok("POST", "/mail/test", protocol.MailTest{To: "me@example.com"}, nil)
}

func want(t *testing.T, a answer, status int) {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("%s %s: %s, want %d: %s", a.Request.Method, a.Request.URL, a.Status, status, a.body)
	}
}
