// Package store is the contract that store/sqlite and store/postgres meet and
// that store/storetest holds them to. It has no code of its own. Consumers do
// not import it: they declare the few methods they need.
//
// What holds for every method:
//   - The workspace comes first, and nothing of another workspace is ever read
//     or changed: what belongs elsewhere is CodeNotFound.
//   - A method is one transaction. When it returns nil, the change is durable.
//   - Errors carry a chat.Code; one without is a fault of the database.
//   - Times are UTC, truncated to microseconds. The store takes them from its
//     injected clock, never from the database.
//   - After a commit that changed a conversation, articles or presence, the
//     Notify function given at Open is called with a Signal, from any
//     goroutine; it must not block.
//   - All methods may be called concurrently, and after Close they fail with
//     CodeUnavailable.
package store

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// Options are what both stores are opened with. Zero fields get defaults.
type Options struct {
	Log    *slog.Logger      // slog.Default
	Now    func() time.Time  // time.Now
	Notify func(chat.Signal) // nothing
}

// Store is the whole contract.
type Store interface {
	Tenancy
	Log
	Inbox
	People
	Staff
	Articles
	Vectors
	Work
	Blobs

	// Ping fails with CodeUnavailable if the database cannot be written to now.
	Ping(ctx context.Context) error
	// Shared reports whether other processes may use the same data (Postgres):
	// then followers must poll as well as listen.
	Shared() bool
	// Close waits for running transactions and releases everything.
	Close() error
}

// Tenancy is workspaces, inboxes and secrets.
type Tenancy interface {
	// EnsureWorkspace gives the oldest workspace and its oldest inbox, making
	// both (as given) if there is none. Two nodes that start at once get the same.
	EnsureWorkspace(ctx context.Context, name string, inbox chat.Inbox) (chat.Workspace, chat.Inbox, error)
	// CreateWorkspace makes another workspace.
	CreateWorkspace(ctx context.Context, name string) (chat.Workspace, error)
	// Workspaces lists all of them, oldest first.
	Workspaces(ctx context.Context) ([]chat.Workspace, error)
	// PutInbox makes or changes an inbox by its id. CodeConflict: its key is taken.
	PutInbox(ctx context.Context, ws uuid.UUID, in chat.Inbox) (chat.Inbox, error)
	// Inboxes lists a workspace's inboxes, oldest first.
	Inboxes(ctx context.Context, ws uuid.UUID) ([]chat.Inbox, error)
	// InboxByKey finds an inbox, and by it the workspace, by its public key. CodeNotFound.
	InboxByKey(ctx context.Context, key string) (chat.Inbox, error)
	// Secret gives the workspace's secret of that name: 32 random bytes, made
	// at first use, the same on every node.
	Secret(ctx context.Context, ws uuid.UUID, name string) ([]byte, error)
}

// Log is the conversation log and its owner.
type Log interface {
	// OpenConversation stores c if its id is new (owner bot, epoch 1, open) and
	// gives the stored one otherwise. CodeForbidden: it is another customer's.
	OpenConversation(ctx context.Context, ws uuid.UUID, c chat.Conversation) (chat.Conversation, error)
	// Conversation gives the state. CodeNotFound.
	Conversation(ctx context.Context, ws, id uuid.UUID) (chat.Conversation, error)
	// Append gives d the next number of its log and stores it. A repeated
	// ClientID returns the first entry unchanged. A public message of the
	// customer sets CustomerSeq (and the subject, if it is the first); one of
	// an agent sets AnsweredSeq to CustomerSeq and drops the promise; a rating
	// sets Rating; a contact sets Email. CodeNotFound; CodeClosed for a
	// customer's message to a closed conversation; CodeForbidden when d is from
	// a customer whose conversation it is not, or a public message of an agent who
	// does not own it.
	// Concurrent appends are grouped into one commit.
	Append(ctx context.Context, ws, conv uuid.UUID, d chat.Draft) (chat.Entry, error)
	// AppendIf is Append for the bot, under a Fence (see there); it sets AnsweredSeq to
	// the fence's CustomerSeq. CodeStale. A repeated ClientID returns the first entry.
	AppendIf(ctx context.Context, ws, conv uuid.UUID, d chat.Draft, f chat.Fence) (chat.Entry, error)
	// Entries gives at most limit entries of a log after seq, in order. limit 0 means 500.
	Entries(ctx context.Context, ws, conv uuid.UUID, log chat.Log, after int64, limit int) ([]chat.Entry, error)
	// Transition moves owner or status (see chat.Transition) and gives the new
	// state and the entries it made. CodeStale.
	// Waiting is set on a move to queue (kept if it was set) and cleared on any other.
	Transition(ctx context.Context, ws, conv uuid.UUID, t chat.Transition) (chat.Conversation, []chat.Entry, error)
}

// Inbox is what console, runner and monitors ask about conversations.
type Inbox interface {
	// Conversations gives one page of a view.
	Conversations(ctx context.Context, ws uuid.UUID, q chat.ConversationQuery) (chat.ConversationPage, error)
	// CountConversations counts the open conversations that wait in the queue and those that agent has.
	CountConversations(ctx context.Context, ws, agent uuid.UUID) (queue, mine int, err error)
	// Heads gives the heads of those of ids that exist, in any order.
	Heads(ctx context.Context, ws uuid.UUID, ids []uuid.UUID) ([]chat.Head, error)
	// InboxHead gives a number that differs whenever any conversation of the
	// workspace changed since; it is for polling and means nothing else.
	InboxHead(ctx context.Context, ws uuid.UUID) (int64, error)
	// Awaiting gives open conversations of the bot whose customer's last
	// message is unanswered and older than before, oldest first.
	Awaiting(ctx context.Context, ws uuid.UUID, before time.Time, limit int) ([]chat.Conversation, error)
	// Orphans counts open conversations whose last word is the customer's,
	// older than before, in no queue with a promise in the future, and not with an agent.
	Orphans(ctx context.Context, ws uuid.UUID, before time.Time) (int, error)
	// QueuePlace gives a waiting conversation's place, from 1; 0 if it does not wait.
	QueuePlace(ctx context.Context, ws, conv uuid.UUID) (int, error)
	// Waits gives how long the last limit claimed conversations had waited, newest first.
	Waits(ctx context.Context, ws uuid.UUID, limit int) ([]time.Duration, error)
	// Handoff gives the conversation's newest handoff. CodeNotFound.
	Handoff(ctx context.Context, ws, conv uuid.UUID) (chat.Handoff, error)
}

// People is customers.
type People interface {
	// CreateCustomer stores c under its id.
	CreateCustomer(ctx context.Context, ws uuid.UUID, c chat.Customer) (chat.Customer, error)
	// Customer finds one. CodeNotFound.
	Customer(ctx context.Context, ws, id uuid.UUID) (chat.Customer, error)
	// CustomerByToken finds one by the hash of the visitor token. CodeNotFound.
	CustomerByToken(ctx context.Context, ws uuid.UUID, hash []byte) (chat.Customer, error)
	// UpdateCustomer changes name, e-mail, verified and locale. CodeNotFound.
	UpdateCustomer(ctx context.Context, ws uuid.UUID, c chat.Customer) error
}

// Staff is users, their console sessions and their presence.
type Staff interface {
	// CreateUser stores u. CodeConflict: the e-mail is taken.
	CreateUser(ctx context.Context, ws uuid.UUID, u chat.User) (chat.User, error)
	// CreateOwner stores u as the workspace's first user, with role owner. CodeConflict: there is one already.
	CreateOwner(ctx context.Context, ws uuid.UUID, u chat.User) (chat.User, error)
	// UpdateUser changes name, role, e-mail and password hash. CodeNotFound, CodeConflict.
	UpdateUser(ctx context.Context, ws uuid.UUID, u chat.User) error
	// User finds one. CodeNotFound.
	User(ctx context.Context, ws, id uuid.UUID) (chat.User, error)
	// UserByEmail finds one, in any case of letters. CodeNotFound.
	UserByEmail(ctx context.Context, ws uuid.UUID, email string) (chat.User, error)
	// Users lists them by name.
	Users(ctx context.Context, ws uuid.UUID) ([]chat.User, error)

	// SaveSession, FindSession and DeleteSession keep console sessions by the
	// hash of their token. FindSession gives found=false for a missing or expired one.
	SaveSession(ctx context.Context, token string, data []byte, expiry time.Time) error
	FindSession(ctx context.Context, token string) (data []byte, found bool, err error)
	DeleteSession(ctx context.Context, token string) error

	// SetPresence records a sign of life. It signals only when the state changed.
	SetPresence(ctx context.Context, ws, user uuid.UUID, state chat.PresenceState) error
	// Presence lists every user's presence, with PresenceOffline for those whose sign of life is older than chat.PresenceTTL.
	Presence(ctx context.Context, ws uuid.UUID) ([]chat.Presence, error)
}

// Articles is the knowledge base. Every change raises the workspace's
// knowledge version by one, in the order of the commits.
type Articles interface {
	// PutArticles stores a batch in one transaction; results are in order. Two
	// Puts of one article in a batch are CodeInvalid.
	PutArticles(ctx context.Context, ws uuid.UUID, puts []knowledge.Put) ([]knowledge.PutResult, error)
	// ArchiveArticles archives those of ids that are not yet, and gives how many.
	ArchiveArticles(ctx context.Context, ws uuid.UUID, ids []uuid.UUID) (int, error)
	// ArchiveMissing archives the articles of source whose external id is not in keep.
	ArchiveMissing(ctx context.Context, ws uuid.UUID, source string, keep []string) (int, error)
	// Article finds one, at its newest version. CodeNotFound.
	Article(ctx context.Context, ws, id uuid.UUID) (knowledge.Article, error)
	// ArticleVersion finds one at a given version: its title, body and number
	// are of then; status and visibility are of now, so that a withdrawn article is not shown. CodeNotFound.
	ArticleVersion(ctx context.Context, ws, version uuid.UUID) (knowledge.Article, error)
	// ListArticles gives one page of the list.
	ListArticles(ctx context.Context, ws uuid.UUID, q knowledge.ArticleQuery) (knowledge.ArticlePage, error)
	// KnowledgeVersion is the number of the last change, 0 if there was none.
	KnowledgeVersion(ctx context.Context, ws uuid.UUID) (int64, error)
	// DocumentsSince gives at most limit articles with Revision above after, in
	// order of revision: everything a follower needs to catch up.
	DocumentsSince(ctx context.Context, ws uuid.UUID, after int64, limit int) ([]knowledge.Document, error)
}

// Vectors keeps vectors by (model, hash of the text).
type Vectors interface {
	// PutVectors stores vectors of a model; one that is there already stays.
	PutVectors(ctx context.Context, ws uuid.UUID, model string, vs []knowledge.Vector) error
	// Vectors gives those of hashes that exist, in any order.
	Vectors(ctx context.Context, ws uuid.UUID, model string, hashes [][32]byte) ([]knowledge.Vector, error)
	// PendingVectors gives at most limit texts of published articles without a
	// vector of model, in a stable order, and how many there are in all.
	PendingVectors(ctx context.Context, ws uuid.UUID, model string, limit int) ([]knowledge.Pending, int, error)
	// NearestChunks asks the store's own vector index (pgvector). ok is false
	// when it has none for this model: then search exactly in process.
	NearestChunks(ctx context.Context, ws uuid.UUID, model string, q []float32, k int, f knowledge.VectorFilter) (hits []knowledge.VectorHit, ok bool, err error)
	// BuildVectorIndex makes or refreshes the store's own index for a model; it
	// does nothing where there can be none. It may take minutes.
	BuildVectorIndex(ctx context.Context, ws uuid.UUID, model string, dim int) error
}

// Work is leases and jobs.
type Work interface {
	// AcquireLease gives holder the lease on key until then, if it is free,
	// expired or already the holder's. CodeConflict: somebody else has it.
	AcquireLease(ctx context.Context, ws uuid.UUID, key, holder string, until time.Time) (chat.Lease, error)
	// ReleaseLease gives it back; one that is not the holder's is left alone.
	ReleaseLease(ctx context.Context, ws uuid.UUID, key, holder string) error
	// Enqueue adds a job. A second one of the same kind and Unique, while one waits, gives the first.
	Enqueue(ctx context.Context, ws uuid.UUID, j chat.Job) (chat.Job, error)
	// ClaimJobs gives at most limit due jobs of kind to holder until then, oldest RunAt first, and counts the attempt.
	ClaimJobs(ctx context.Context, ws uuid.UUID, kind, holder string, until time.Time, limit int) ([]chat.Job, error)
	// FinishJob removes a claimed job; RetryJob puts it back for runAt with the error. CodeStale: it is no longer the holder's.
	FinishJob(ctx context.Context, ws, id uuid.UUID, holder string) error
	RetryJob(ctx context.Context, ws, id uuid.UUID, holder string, runAt time.Time, reason string) error
}

// Blobs keeps files in rows of 256 KiB.
type Blobs interface {
	// PutBlob stores r's bytes under b.ID. CodeTooLarge above 20 MiB; nothing of it stays then.
	PutBlob(ctx context.Context, ws uuid.UUID, b chat.Blob, r io.Reader) (chat.Blob, error)
	// Blob gives a file and its bytes; the caller closes it. CodeNotFound.
	Blob(ctx context.Context, ws, id uuid.UUID) (chat.Blob, io.ReadCloser, error)
}
