package gateway

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/identity"
)

// socketTokenLife is how long a socket token may wait for its hello.
const socketTokenLife = 60 * time.Second

// socketToken is what a socket token says. It is signed with the workspace's
// secret, so that every node can check it, and used once, by a lease.
type socketToken struct {
	Workspace uuid.UUID `json:"w"`
	Inbox     uuid.UUID `json:"i"`
	Customer  uuid.UUID `json:"c"`
	Nonce     uuid.UUID `json:"n"`
	Expires   int64     `json:"e"`           // Unix seconds
	Until     int64     `json:"u,omitempty"` // until when its connection may last, Unix seconds; 0 is for ever
	Only      uuid.UUID `json:"o,omitzero"`  // the one conversation that it is for; zero: all of the customer's
	Link      []byte    `json:"l,omitempty"` // the hash of the link that it came by
	Hash      bool      `json:"h,omitempty"` // the site named the customer by a user_hash
	Files     bool      `json:"f,omitempty"` // a token for files, which opens no socket
	Private   bool      `json:"p,omitempty"` // the browser asks not to be tracked
}

// newSession answers POST /v1/session. private: the browser asks not to be tracked. enter is asked before a new visitor
// is made.
func (g *Gateway) newSession(ctx context.Context, r protocol.SessionRequest, private bool, enter func() error) (protocol.Session, error) {
	in, err := g.inbox(ctx, r.Inbox)
	if err != nil {
		return protocol.Session{}, err
	}
	who, err := g.who(ctx, in, r.Credentials, cleanLocale(r.Locale), enter)
	if err != nil {
		return protocol.Session{}, err
	}
	v := visitor{workspace: in.Workspace, inbox: in.ID, customer: who.ID, only: who.only, link: who.link, hash: who.hash, private: private}
	var left int64
	if v.until = who.until; !v.until.IsZero() {
		left = max(0, int64(v.until.Sub(g.now())/time.Second))
	}
	if !v.until.IsZero() && who.link == nil {
		// As long as its token is taken, or whoever has no newer one would come again and again.
		v.until = v.until.Add(identity.Leeway)
	}
	socket, err := g.issue(ctx, v)
	if err != nil {
		return protocol.Session{}, err
	}
	files, err := g.fileToken(ctx, v)
	if err != nil {
		return protocol.Session{}, err
	}
	list, err := g.sessionList(ctx, v)
	if err != nil {
		return protocol.Session{}, err
	}
	return protocol.Session{Customer: who.ID, VisitorToken: who.token, SocketToken: socket, FileToken: files, Level: who.Level(g.now()), Until: who.until, Left: left, Email: hint(who.Email), Inbox: g.face(ctx, in), Conversations: list}, nil
}

// sessionList gives the conversations that a visitor may see.
func (g *Gateway) sessionList(ctx context.Context, v visitor) ([]protocol.ConversationSummary, error) {
	if v.only == uuid.Nil {
		return g.summaries(ctx, v.workspace, v.customer, 20)
	}
	c, err := g.store.Conversation(ctx, v.workspace, v.only)
	return []protocol.ConversationSummary{summaryOf(c)}, err
}

func summaryOf(c chat.Conversation) protocol.ConversationSummary {
	return protocol.ConversationSummary{ID: c.ID, Subject: c.Subject, Status: c.Status, LastSeq: c.LastSeq, At: c.UpdatedAt}
}

// inbox finds an inbox by its public key, and says what to do where there is none.
func (g *Gateway) inbox(ctx context.Context, key string) (chat.Inbox, error) {
	in, err := g.store.InboxByKey(ctx, clean(key))
	if chat.CodeOf(err) == chat.CodeNotFound {
		err = chat.Errorf(chat.CodeNotFound, "No inbox has the key %q: take the embed tag from the console.", cutBytes(key, 64))
	}
	return in, err
}

func hashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// issue makes a socket token.
func (g *Gateway) issue(ctx context.Context, v visitor) (string, error) {
	payload, err := json.Marshal(socketToken{Workspace: v.workspace, Inbox: v.inbox, Customer: v.customer, Only: v.only, Link: v.link, Hash: v.hash, Private: v.private,
		Nonce: uuid.New(), Expires: g.now().Add(socketTokenLife).Unix(), Until: unixOf(v.until)})
	if err != nil {
		return "", err
	}
	return g.seal(ctx, v.workspace, payload)
}

// seal signs a token's payload with the workspace's key.
func (g *Gateway) seal(ctx context.Context, ws uuid.UUID, payload []byte) (string, error) {
	mac, err := g.sign(ctx, ws, payload)
	if err != nil {
		return "", err
	}
	enc := base64.RawURLEncoding
	return enc.EncodeToString(payload) + "." + enc.EncodeToString(mac), nil
}

// unseal reads a token that seal made. CodeUnauthorized: it is not one of ours.
func (g *Gateway) unseal(ctx context.Context, token string) (t socketToken, err error) {
	refused := chat.Errorf(chat.CodeUnauthorized, "token refused")
	head, tail, ok := strings.Cut(token, ".")
	enc := base64.RawURLEncoding
	payload, err1 := enc.DecodeString(head)
	mac, err2 := enc.DecodeString(tail)
	if !ok || err1 != nil || err2 != nil || json.Unmarshal(payload, &t) != nil {
		return t, refused
	}
	want, err := g.sign(ctx, t.Workspace, payload)
	if chat.CodeOf(err) == chat.CodeNotFound {
		return t, refused // no such workspace
	}
	if err == nil && !hmac.Equal(mac, want) {
		err = refused
	}
	return t, err
}

// redeem checks a socket token and uses it up. CodeStale: expired or used;
// CodeUnauthorized: not one of ours.
func (g *Gateway) redeem(ctx context.Context, token string) (*visitor, error) {
	t, err := g.unseal(ctx, token)
	if err == nil && t.Files {
		err = chat.Errorf(chat.CodeUnauthorized, "token refused")
	}
	if err != nil {
		return nil, err
	}
	expires := time.Unix(t.Expires, 0)
	if g.now().After(expires) {
		return nil, chat.Errorf(chat.CodeStale, "token expired")
	}
	if _, err := g.store.AcquireLease(ctx, t.Workspace, "socket:"+t.Nonce.String(), uuid.NewString(), expires); err != nil {
		if chat.CodeOf(err) == chat.CodeConflict {
			return nil, chat.Errorf(chat.CodeStale, "token used")
		}
		return nil, err
	}
	v := &visitor{workspace: t.Workspace, inbox: t.Inbox, customer: t.Customer, only: t.Only, link: t.Link, hash: t.Hash, private: t.Private}
	if t.Until != 0 {
		v.until = time.Unix(t.Until, 0)
	}
	return v, nil
}

func unixOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func (g *Gateway) sign(ctx context.Context, ws uuid.UUID, payload []byte) ([]byte, error) {
	key, err := g.keys.of(ctx, g.store, ws)
	if err != nil {
		return nil, err
	}
	m := hmac.New(sha256.New, key)
	m.Write(payload)
	return m.Sum(nil), nil
}

// keys remembers the key that each workspace signs socket tokens with: it never changes.
type keys struct {
	mu   sync.Mutex
	byWS map[uuid.UUID][]byte
}

func (k *keys) of(ctx context.Context, store peopleStore, ws uuid.UUID) ([]byte, error) {
	k.mu.Lock()
	key := k.byWS[ws]
	k.mu.Unlock()
	if key != nil {
		return key, nil
	}
	key, err := store.Secret(ctx, ws, "socket")
	if err != nil {
		return nil, err // what a forged token names is not remembered
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byWS == nil {
		k.byWS = map[uuid.UUID][]byte{}
	}
	k.byWS[ws] = key
	return key, nil
}

// face is what a customer sees of an inbox now. Hours that cannot be told keep nobody from asking.
func (g *Gateway) face(ctx context.Context, in chat.Inbox) protocol.InboxFace {
	online, closes, opens, err := g.desk.Hours(ctx, in.Workspace, in)
	if err != nil {
		g.log.Warn("gateway: opening hours", "inbox", in.ID, "err", err)
	}
	voice, err := g.o.Voice.Style(ctx, in.Workspace, in.ID)
	if err != nil {
		g.log.Warn("gateway: the bot's name", "inbox", in.ID, "err", err)
	}
	s := in.Settings
	f := protocol.InboxFace{Name: in.Name, Brand: s.Brand, Bot: voice.Style.Name, Greeting: s.Greeting, Starters: s.Starters, Online: online, ClosesAt: closes, OpensAt: opens,
		Privacy: s.Privacy, Survey: s.Survey, Colour: s.Colour, Appearance: faceAppearance(in),
		Transcript: g.o.Mail.Ready(ctx, in.Workspace) == nil}
	if f.Brand == "" {
		f.Brand = in.Name
	}
	f.Proactive = proactive(in)
	if rules, err := g.fileRules(ctx, in.Workspace); err != nil {
		g.log.Warn("gateway: which files are taken", "inbox", in.ID, "err", err)
	} else if rules.Customers && !s.NoFiles {
		f.Files = &protocol.TakenFiles{Types: rules.Types, MaxBytes: rules.MaxBytes, Most: chat.MaxFiles}
	}
	if f.Starters == nil {
		f.Starters = []string{}
	}
	return f
}

func (g *Gateway) summaries(ctx context.Context, ws, who uuid.UUID, limit int) ([]protocol.ConversationSummary, error) {
	page, err := g.store.Conversations(ctx, ws, chat.ConversationQuery{View: chat.ViewAll, Customer: who, Limit: limit})
	if err != nil {
		return nil, err
	}
	out := make([]protocol.ConversationSummary, 0, len(page.Conversations))
	for _, c := range page.Conversations {
		out = append(out, summaryOf(c))
	}
	return out, nil
}

func (g *Gateway) handleSession(w http.ResponseWriter, r *http.Request) {
	addr := g.clientIP(r)
	if !g.limits.session(addr) {
		g.problem(w, r, errTooManySessions())
		return
	}
	handle(g, w, r, func(ctx context.Context, q protocol.SessionRequest) (protocol.Session, error) {
		if q.Resume != "" && !g.limits.resume(addr) {
			return protocol.Session{}, errTooManyLinks()
		}
		return g.newSession(ctx, q, asksForPrivacy(r.Header), func() error {
			if g.limits.newcomer(addr) {
				return nil
			}
			return errTooManySessions()
		})
	})
}

func errTooManySessions() error {
	return chat.Errorf(chat.CodeRateLimited, "Too many sessions from this address. Wait a minute.")
}
