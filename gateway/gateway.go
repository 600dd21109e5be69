// Package gateway is Frontdesk's door: the websockets of customers and
// consoles, the HTTP API, and the pages that it serves. It authenticates,
// limits and checks what comes in, hands it to the log, the bot and the desk,
// and brings every follower of a conversation what its log holds.
//
// Rules for its goroutines: a connection's frames are handled one after the
// other on its reader; nothing here writes to a socket but the connection's own
// on-demand writer; no registry lock is held while the store is asked.
package gateway

//go:generate go run ./gen

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/identity"
	"frontdesk/knowledge"
)

// Store is what the gateway needs of the store.
type Store interface {
	logStore
	peopleStore
	staffStore
	articleStore
	questionStore
	modelStore
	insightStore
	talkStore
	viewStore
	fileStore
	photoStore
	openerStore
	answerStore
	searchStore
	promiseStore
	Ping(ctx context.Context) error
	Shared() bool
}

type logStore interface {
	OpenConversation(ctx context.Context, ws uuid.UUID, c chat.Conversation) (chat.Conversation, error)
	Conversation(ctx context.Context, ws, id uuid.UUID) (chat.Conversation, error)
	Append(ctx context.Context, ws, conv uuid.UUID, d chat.Draft) (chat.Entry, error)
	Entries(ctx context.Context, ws, conv uuid.UUID, log chat.Log, after int64, limit int) ([]chat.Entry, error)
	Conversations(ctx context.Context, ws uuid.UUID, q chat.ConversationQuery) (chat.ConversationPage, error)
	CountConversations(ctx context.Context, ws, agent uuid.UUID) (chat.Counts, error)
	PutTeam(ctx context.Context, ws uuid.UUID, t chat.Team) (chat.Team, error)
	Teams(ctx context.Context, ws uuid.UUID) ([]chat.Team, error)
	DropTeam(ctx context.Context, ws, id uuid.UUID) error
	Heads(ctx context.Context, ws uuid.UUID, ids []uuid.UUID) ([]chat.Head, error)
	InboxHead(ctx context.Context, ws uuid.UUID) (int64, error)
	Handoff(ctx context.Context, ws, conv uuid.UUID) (chat.Handoff, error)
	Orphans(ctx context.Context, ws uuid.UUID, before time.Time) (int, error)
}

type searchStore interface {
	Search(ctx context.Context, ws uuid.UUID, q chat.SearchQuery) (chat.SearchPage, error)
	Tags(ctx context.Context, ws uuid.UUID) ([]chat.Tag, error)
	SetTags(ctx context.Context, ws, conv uuid.UUID, names []string) (chat.Conversation, error)
	RenameTag(ctx context.Context, ws, id uuid.UUID, name string) error
	MergeTags(ctx context.Context, ws, from, into uuid.UUID) error
	DropTag(ctx context.Context, ws, id uuid.UUID) error
}

type peopleStore interface {
	Workspaces(ctx context.Context) ([]chat.Workspace, error)
	Inboxes(ctx context.Context, ws uuid.UUID) ([]chat.Inbox, error)
	InboxByKey(ctx context.Context, key string) (chat.Inbox, error)
	PutInbox(ctx context.Context, ws uuid.UUID, in chat.Inbox) (chat.Inbox, error)
	Secret(ctx context.Context, ws uuid.UUID, name string) ([]byte, error)
	CreateCustomer(ctx context.Context, ws uuid.UUID, c chat.Customer) (chat.Customer, error)
	Customer(ctx context.Context, ws, id uuid.UUID) (chat.Customer, error)
	Customers(ctx context.Context, ws uuid.UUID, ids []uuid.UUID) ([]chat.Customer, error)
	CustomerByToken(ctx context.Context, ws uuid.UUID, hash []byte) (chat.Customer, error)
	SetConsent(ctx context.Context, ws, customer uuid.UUID, given bool) error
	SetAttributes(ctx context.Context, ws, inbox, customer uuid.UUID, values map[string]chat.Scalar) error
	AddActivity(ctx context.Context, ws, inbox, customer uuid.UUID, a chat.Activity) (chat.Activity, error)
	Activity(ctx context.Context, ws, customer uuid.UUID) ([]chat.Activity, error)
	Merges(ctx context.Context, ws, into uuid.UUID) ([]chat.Merge, error)
	UndoMerge(ctx context.Context, ws, id, by uuid.UUID) (chat.Merge, error)
	AcquireLease(ctx context.Context, ws uuid.UUID, key, holder string, until time.Time) (chat.Lease, error)
	ReleaseLease(ctx context.Context, ws uuid.UUID, key, holder string) error
}

type staffStore interface {
	CreateUser(ctx context.Context, ws uuid.UUID, u chat.User) (chat.User, error)
	CreateOwner(ctx context.Context, ws uuid.UUID, u chat.User) (chat.User, error)
	User(ctx context.Context, ws, id uuid.UUID) (chat.User, error)
	UserByEmail(ctx context.Context, ws uuid.UUID, email string) (chat.User, error)
	Users(ctx context.Context, ws uuid.UUID) ([]chat.User, error)
	UserByIdentity(ctx context.Context, ws uuid.UUID, who chat.StaffIdentity) (chat.User, error)
	UserByLink(ctx context.Context, ws uuid.UUID, hash []byte) (chat.User, error)
	ChangeUser(ctx context.Context, ws, id uuid.UUID, c chat.UserChange) (before, after chat.User, err error)
	BeginSession(ctx context.Context, ws uuid.UUID, token string, s chat.StaffSession) (chat.StaffSession, error)
	SaveSession(ctx context.Context, token string, data []byte, expiry time.Time) error
	FindSession(ctx context.Context, token string) (data []byte, found bool, err error)
	DeleteSession(ctx context.Context, token string) error
	Sessions(ctx context.Context, ws, user uuid.UUID) ([]chat.StaffSession, error)
	EndSessions(ctx context.Context, ws, user, session uuid.UUID, others bool) (int, error)
	AddAudit(ctx context.Context, ws uuid.UUID, e chat.AuditEntry) (chat.AuditEntry, error)
	Audit(ctx context.Context, ws uuid.UUID, q chat.AuditQuery) (chat.AuditPage, error)
	SetPresence(ctx context.Context, ws, user uuid.UUID, state chat.PresenceState) error
	Presence(ctx context.Context, ws uuid.UUID) ([]chat.Presence, error)
	PutProfile(ctx context.Context, ws uuid.UUID, p chat.Profile) (chat.Profile, error)
	Profiles(ctx context.Context, ws uuid.UUID) ([]chat.Profile, error)
}

type articleStore interface {
	PutArticles(ctx context.Context, ws uuid.UUID, puts []knowledge.Put) ([]knowledge.PutResult, error)
	ArchiveArticles(ctx context.Context, ws uuid.UUID, ids []uuid.UUID) (int, error)
	ArchiveMissing(ctx context.Context, ws uuid.UUID, source string, keep []string) (int, error)
	Article(ctx context.Context, ws, id uuid.UUID) (knowledge.Article, error)
	ArticleVersion(ctx context.Context, ws, version uuid.UUID) (knowledge.Article, error)
	ListArticles(ctx context.Context, ws uuid.UUID, q knowledge.ArticleQuery) (knowledge.ArticlePage, error)
}

type questionStore interface {
	DecideQuestions(ctx context.Context, ws uuid.UUID, ids []uuid.UUID, status knowledge.QuestionStatus, by uuid.UUID) (int, error)
	ListQuestions(ctx context.Context, ws uuid.UUID, q knowledge.QuestionQuery) (knowledge.QuestionPage, error)
}

// Desk moves conversations between bot, queue and agents.
type Desk interface {
	AskForPerson(ctx context.Context, ws, conv uuid.UUID, by chat.Sender) (chat.Conversation, error)
	Claim(ctx context.Context, ws, conv uuid.UUID, epoch int64, agent chat.User) (chat.Conversation, error)
	Release(ctx context.Context, ws, conv uuid.UUID, epoch int64, agent chat.User) (chat.Conversation, error)
	Close(ctx context.Context, ws, conv uuid.UUID, a chat.Act, outcome chat.Outcome) (chat.Conversation, error)
	Assign(ctx context.Context, ws, conv uuid.UUID, a chat.Act, to chat.User) (chat.Conversation, error)
	Transfer(ctx context.Context, ws, conv uuid.UUID, a chat.Act, team chat.Team) (chat.Conversation, error)
	Decline(ctx context.Context, ws, conv uuid.UUID, a chat.Act) (chat.Conversation, error)
	Snooze(ctx context.Context, ws, conv uuid.UUID, a chat.Act, until time.Time) (chat.Conversation, error)
	Wake(ctx context.Context, ws, conv uuid.UUID, a chat.Act) (chat.Conversation, error)
	End(ctx context.Context, ws, conv uuid.UUID, by chat.Sender, id uuid.UUID) (chat.Conversation, error)
	Reopen(ctx context.Context, ws, conv uuid.UUID, by chat.Sender) (chat.Conversation, error)
	Reply(ctx context.Context, ws, conv uuid.UUID, agent chat.User, draft chat.Draft) (chat.Entry, error)
	TakeBack(ctx context.Context, ws uuid.UUID, agent chat.User) error
	LeaveContact(ctx context.Context, ws, conv uuid.UUID, by chat.Sender, clientID uuid.UUID, c chat.Contact, onlyHere bool) (chat.Entry, error)
	Place(ctx context.Context, ws, conv uuid.UUID) (int, error)
	Expect(ctx context.Context, ws uuid.UUID, place int, here time.Duration) chat.Told
	Online(ctx context.Context, ws uuid.UUID) (bool, error)
	Hours(ctx context.Context, ws uuid.UUID, in chat.Inbox) (online bool, closes, opens time.Time, err error)
	Promiser
}

// Bus carries signals between the parts of the system.
type Bus interface {
	Publish(chat.Signal)
	Subscribe(func(chat.Signal)) (cancel func())
}

// Asker answers one question without a conversation.
type Asker func(ctx context.Context, ws uuid.UUID, q protocol.AskRequest) (protocol.AskReply, error)

// Voice keeps how the bot of an inbox speaks. Each change follows a revision,
// and has an author: CodeStale says that another came between.
type Voice interface {
	Style(ctx context.Context, ws, inbox uuid.UUID) (chat.StyleState, error)
	PutStyle(ctx context.Context, ws, inbox uuid.UUID, revision int64, s chat.Style, by uuid.UUID) (chat.StyleState, error)
	Prompts(ctx context.Context, ws, inbox uuid.UUID) (chat.PromptBook, error)
	PutDraft(ctx context.Context, ws, inbox uuid.UUID, revision int64, name, text string, by uuid.UUID) (chat.PromptBook, error)
	GoLive(ctx context.Context, ws, inbox uuid.UUID, revision int64, name string, by uuid.UUID) (chat.PromptBook, error)
	Restore(ctx context.Context, ws, inbox uuid.UUID, revision int64, name string, from int64, by uuid.UUID) (chat.PromptBook, error)
	History(ctx context.Context, ws, inbox uuid.UUID) ([]chat.VoiceChange, error)
	Try(ctx context.Context, ws, inbox uuid.UUID, name, text string, questions []string) (chat.PromptTrials, error)
}

// Identity says who customers are.
type Identity interface {
	ByToken(ctx context.Context, in chat.Inbox, token, locale string) (chat.Customer, error)
	ByHash(ctx context.Context, in chat.Inbox, n identity.Named, locale string) (chat.Customer, error)
	Adopt(ctx context.Context, ws uuid.UUID, visitor, customer chat.Customer) ([]uuid.UUID, error)
	Ask(ctx context.Context, ws, conv uuid.UUID) error
	SendCode(ctx context.Context, ws, conv, customer uuid.UUID, email string) (identity.Sent, error)
	CheckCode(ctx context.Context, ws, conv, customer uuid.UUID, code string) (chat.Verification, error)
	Link(ctx context.Context, ws uuid.UUID, token string) (chat.Resume, error)
	LinkByHash(ctx context.Context, ws uuid.UUID, hash []byte) (chat.Resume, error)
	Lower(ctx context.Context, ws, customer uuid.UUID, email string) error
	IdentityKeys
}

// IdentityKeys manages the secrets that sites vouch for customers with.
type IdentityKeys interface {
	Keys(ctx context.Context, ws, inbox uuid.UUID) ([]chat.IdentityKey, error)
	Rotate(ctx context.Context, ws, inbox uuid.UUID) (chat.IdentityKey, string, error)
	Import(ctx context.Context, ws, inbox uuid.UUID, secret string) (chat.IdentityKey, error)
	Drop(ctx context.Context, ws, inbox, id uuid.UUID) error
}

// Mail is what the staff may know and set of e-mail.
type Mail interface {
	View(ctx context.Context, ws uuid.UUID) (protocol.MailView, error)
	Set(ctx context.Context, ws, by uuid.UUID, s protocol.MailSettings) error
	Test(ctx context.Context, ws uuid.UUID, to string) (protocol.MailTested, error)
	// Answering is told before an agent's reply is stored: should its customer not read it, it goes by e-mail.
	Answering(ctx context.Context, ws, conv uuid.UUID) error
	// Ready fails when no letter can be sent, in words for a customer. CodeUnavailable.
	Ready(ctx context.Context, ws uuid.UUID) error
	// Transcribing is told before, and again after, a wish for a transcript is stored.
	Transcribing(ctx context.Context, ws, conv uuid.UUID) error
	// Invite sends somebody the link with which she sets a password. sent is false,
	// without an error, where no mail server is set up.
	Invite(ctx context.Context, ws chat.Workspace, u chat.User, link string) (sent bool, err error)
}

// Options are what a Gateway is made of. Store, Desk, Bus, Ask, OnCustomer,
// Identity, Mail, KnowledgeStatus and Voice are required.
type Options struct {
	Store      Store
	Desk       Desk
	Bus        Bus
	Ask        Asker
	Identity   Identity
	Mail       Mail
	OnCustomer func(chat.Ref) // a customer's message is stored: the bot's turn
	// Language tells the language of a customer's words as a BCP 47 tag, "" where it is not clear; spoken is what their
	// browser says. nil: a conversation keeps the language that it began with.
	Language func(text, spoken string) string
	// Import stores articles of a source; Parse reads those of one uploaded file.
	Import func(ctx context.Context, ws uuid.UUID, r protocol.ImportRequest) (protocol.ImportReport, error)
	Parse  func(name string, data []byte) ([]knowledge.Input, []protocol.Problem)
	// ImportQuestions matches a help desk's history to the articles.
	ImportQuestions func(ctx context.Context, ws uuid.UUID, r protocol.QuestionImport) (knowledge.QuestionReport, error)
	// KnowledgeStatus says how far search is on this node.
	KnowledgeStatus func(ws uuid.UUID) protocol.KnowledgeStatus
	Voice           Voice
	SSO             SSO                             // the identity provider; nil for none
	Assist          Assistant                       // helps agents write; nil: nobody does
	OnClosed        func(chat.Ref)                  // a conversation has been ended; nil: nobody is told
	Actions         Actions                         // what the bot may do in the shop; nil for nothing
	Operate         Operate                         // tools on the operator's socket; nil for none
	Ready           func(ctx context.Context) error // more for /readyz to check; nil for nothing
	Models          Models                          // nil: no language model is connected
	// Details are what /readyz says beside "ready", for anybody to read; nil for nothing.
	Details func() map[string]string
	// Replay takes a recorded turn of the bot once more, or all of a conversation; nil knows none.
	Replay func(ctx context.Context, ws, id uuid.UUID) (protocol.TurnReplays, error)

	Workspace chat.Workspace // whose staff signs in here
	Widget    fs.FS          // built widget
	Console   fs.FS          // built console
	Node      string         // name of this node
	PublicURL string         // "https://help.example"; "" takes it from the request
	Secure    bool           // cookies only over https
	Demo      bool
	Version   string
	// TrustedProxies are addresses whose X-Forwarded-For counts.
	TrustedProxies []string
	MaxPerVisitor  int // connections of one visitor on this node; 0 means 10

	Now func() time.Time
	Log *slog.Logger
}

// Gateway serves customers, staff and operators. Make it with New, mount
// Handler, call Start, and at the end Drain and then Close.
type Gateway struct {
	o        Options
	store    Store
	desk     Desk
	bus      Bus
	log      *slog.Logger
	keys     keys
	photos   photos
	ready    readiness
	hub      *hub
	metrics  *metrics
	limits   *limits
	fetching atWork // files, by the network that they go to
	staff    *staffAuth
	assets   *assets
	address  atomic.Pointer[string] // where browsers reach this server, as far as it is told

	ctx      context.Context // of all connections: ends at Close
	cancel   context.CancelFunc
	conns    sync.WaitGroup // readers and writers
	wg       sync.WaitGroup // all other goroutines
	unsub    func()
	inboxes  *inboxChanges
	watchers *watchers
	mu       sync.Mutex
	draining bool
	visitors map[uuid.UUID][]*conn // by account, oldest first

	mailboxes sync.Map // *mailbox, by the key of its connection
}

// New makes a Gateway. It fails if the options contradict themselves.
func New(o Options) (*Gateway, error) {
	if o.Store == nil || o.Desk == nil || o.Bus == nil || o.Ask == nil || o.OnCustomer == nil || o.KnowledgeStatus == nil || o.Identity == nil || o.Mail == nil || o.Voice == nil {
		return nil, errors.New("gateway: Store, Desk, Bus, Ask, OnCustomer, Identity, Mail, KnowledgeStatus and Voice are needed")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Actions == nil {
		o.Actions = noActions{}
	}
	if o.MaxPerVisitor == 0 {
		o.MaxPerVisitor = 10
	}
	g := &Gateway{o: o, store: o.Store, desk: o.Desk, bus: o.Bus, log: o.Log, visitors: map[uuid.UUID][]*conn{}}
	g.ctx, g.cancel = context.WithCancel(context.Background())
	g.metrics = newMetrics(o.Version)
	g.hub = newHub(g, runtime.GOMAXPROCS(0))
	g.inboxes = newInboxChanges(g)
	g.watchers = newWatchers(g)
	var err error
	if g.limits, err = newLimits(o.Now, o.TrustedProxies); err != nil {
		return nil, err
	}
	if g.staff, err = newStaffAuth(g); err != nil {
		return nil, err
	}
	if g.assets, err = newAssets(o.Widget, o.Console); err != nil {
		return nil, err
	}
	g.ReachedAt(o.PublicURL)
	return g, nil
}

func (g *Gateway) now() time.Time { return g.o.Now() }

// ReachedAt says where browsers reach this server, once it listens there and
// where no PublicURL does.
func (g *Gateway) ReachedAt(url string) {
	url = strings.TrimRight(url, "/")
	g.address.Store(&url)
}

// Start begins delivery and heartbeats.
func (g *Gateway) Start() {
	for _, s := range g.hub.shards {
		g.wg.Go(func() { g.hub.run(g.ctx, s) })
	}
	g.wg.Go(g.heartbeats)
	g.wg.Go(g.keepTelling)
	g.wg.Go(func() { g.assets.warm(g.ctx) })
	if g.store.Shared() {
		g.wg.Go(g.poll)
	}
	g.unsub = g.bus.Subscribe(g.signal)
}

// signal takes a Signal of the bus. It does not block.
func (g *Gateway) signal(s chat.Signal) {
	ref := chat.Ref{Workspace: s.Workspace, Conversation: s.Conversation}
	switch s.Kind {
	case chat.SignalEntry:
		g.hub.wake(ref, s.Seq)
		g.inboxes.mark(s.Workspace, s.Conversation)
	case chat.SignalPresence:
		g.inboxes.markPresence(s.Workspace)
	case chat.SignalKnowledge:
		if frame, err := protocol.Encode("knowledge", "", protocol.KnowledgeChanged{Version: s.Seq}); err == nil {
			g.hub.tellStaff(s.Workspace, frame)
		}
	case chat.SignalTyping, chat.SignalDraft:
		g.relay(ref, s)
	case chat.SignalWatch:
		g.watchers.take(ref, s.Data)
	case chat.SignalMention:
		g.takeMention(s.Workspace, s.Data)
	}
}

// pollEvery is how long a lost or absent bus may delay what another node stored.
const pollEvery = time.Second

// poll finds by reading what no signal told: with several nodes on one
// database, a wake-up may be lost, or there may be no bus at all.
func (g *Gateway) poll() {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	lists := map[uuid.UUID]int64{}
	for {
		select {
		case <-g.ctx.Done():
			return
		case <-tick.C:
		}
		if err := g.pollOnce(lists); err != nil && g.ctx.Err() == nil {
			g.log.Warn("gateway: poll", "err", err)
		}
	}
}

// pollOnce tells the hub of heads it has not seen, and consoles of lists that
// are not as they were; heads holds what they were.
func (g *Gateway) pollOnce(heads map[uuid.UUID]int64) error {
	for ws, ids := range g.hub.followed() {
		all, err := g.store.Heads(g.ctx, ws, ids)
		if err != nil {
			return err
		}
		for _, h := range all {
			g.hub.saw(chat.Ref{Workspace: ws, Conversation: h.Conversation}, h)
		}
	}
	for ws := range g.hub.workspaces() {
		head, err := g.store.InboxHead(g.ctx, ws)
		if err != nil {
			return err
		}
		if old, ok := heads[ws]; !ok || old != head {
			g.inboxes.mark(ws, uuid.Nil)
		}
		heads[ws] = head
	}
	return nil
}

// heartbeats is one timer for all: each second a beat.
func (g *Gateway) heartbeats() {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for turn := 0; ; turn++ {
		select {
		case <-g.ctx.Done():
			return
		case <-tick.C:
			g.beat(turn)
		}
	}
}

// beat visits every connection once per half ping interval, a slice of them
// each turn. Once per ping interval consoles are told who is there: an agent
// whose sign of life stays away goes without a signal.
func (g *Gateway) beat(turn int) {
	const (
		slices = int(protocol.PingEvery / 2 / time.Second)
		round  = int(protocol.PingEvery / time.Second)
	)
	now := g.now()
	g.watchers.sweep(now)
	for _, c := range g.hub.all() {
		young := now.Sub(c.opened) < 2*protocol.HelloWithin // watch the hello closely
		if young || int(c.id[15])%slices == turn%slices {
			c.beat(now)
		}
	}
	if turn%round == round-1 {
		for ws := range g.hub.workspaces() {
			g.inboxes.markPresence(ws)
		}
	}
	g.limits.sweep()
}

// Drain asks every client to go elsewhere, spread over the given time, and
// takes no new connections. It returns when they are gone or ctx ends.
func (g *Gateway) Drain(ctx context.Context, over time.Duration) {
	g.mu.Lock()
	g.draining = true
	g.mu.Unlock()
	frame, _ := protocol.Encode("drain", "", protocol.Drain{AfterMS: int(over.Milliseconds())})
	for _, c := range g.hub.all() {
		c.send(frame)
	}
	deadline := time.NewTimer(over)
	defer deadline.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for g.hub.count() > 0 {
		select {
		case <-ctx.Done():
			return
		case <-deadline.C:
			for _, c := range g.hub.all() {
				c.close(protocol.CloseDrain, "this node is going away")
			}
			return
		case <-tick.C:
		}
	}
}

// Close ends every connection and waits for all goroutines. Peers have
// closeWithin to take leave, and are cut off then. It may be called twice.
func (g *Gateway) Close() {
	g.mu.Lock()
	g.draining = true
	g.mu.Unlock()
	if g.unsub != nil {
		g.unsub()
	}
	for _, c := range g.hub.all() {
		c.close(protocol.CloseDrain, "this node is going away")
	}
	g.inboxes.stop()
	gone := make(chan struct{})
	go func() {
		g.conns.Wait()
		close(gone)
	}()
	patience := time.NewTimer(closeWithin)
	defer patience.Stop()
	select {
	case <-gone:
	case <-patience.C:
	}
	g.cancel()
	for _, c := range g.hub.all() {
		c.link.cut()
	}
	<-gone
	g.wg.Wait()
}

// admit registers a connection and its reader, unless the gateway is closing.
func (g *Gateway) admit(c *conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.draining {
		return false
	}
	g.hub.add(c)
	g.conns.Add(1)
	return true
}

func (g *Gateway) isDraining() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.draining
}

// Handler is everything that this server answers, but metrics and profiles.
func (g *Gateway) Handler() http.Handler {
	mux := http.NewServeMux()
	g.healthRoutes(mux)
	g.customerRoutes(mux)
	g.streamRoutes(mux)
	g.fileRoutes(mux)
	g.assetRoutes(mux)
	g.staffRoutes(mux)
	return g.secure(mux)
}
