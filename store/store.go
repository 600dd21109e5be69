// Package store is the contract that store/sqlite and store/postgres meet and
// that store/storetest holds them to. It has no code of its own. Consumers do
// not import it: they declare the few methods they need.
//
// What holds for every method:
//   - The workspace comes first, and nothing of another workspace is ever read
//     or changed: what belongs elsewhere is CodeNotFound, and so is everything
//     of a workspace that does not exist, except that lists of it are empty.
//   - Ids, and every other key but an inbox's, are unique within a workspace
//     only: the same id in two workspaces names two things.
//   - A method is one transaction. When it returns nil, the change is durable.
//   - When ctx is done the error has CodeUnavailable and wraps the context's;
//     the change is stored wholly or not at all, and calling again with the
//     same ids settles which.
//   - Errors carry a chat.Code; one without is a fault of the database. What is
//     malformed (no ClientID, an unknown log, a wrong cursor, a limit below 0 or
//     above a stated maximum) is CodeInvalid.
//   - Times are UTC, truncated to microseconds. The store takes them from its
//     injected clock, never from the database. CreatedAt, UpdatedAt and the like
//     are set by the store, whatever was given.
//   - A value stored with a zero ID gets one (UUID v7), unless the method says
//     otherwise; the value returned is the one stored.
//   - A limit of 0 means 500 where nothing else is said.
//   - After a commit that changed a conversation, articles, vectors or presence,
//     the Notify function given at Open is called with a Signal, from any
//     goroutine; it may read the store, and must not block. What changed nothing
//     (a repeat) signals nothing.
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
	"frontdesk/trust"
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
	Promises
	People
	Identities
	Visitors
	Mails
	Staff
	Teams
	Audit
	Articles
	Questions
	Glossary
	Vectors
	Trust
	Work
	Blobs
	Files
	Openers
	Answers
	Settings
	Spending
	Facts
	Turns
	Memories
	Calls
	Macros
	Views
	Mentions
	Gaps
	Tags
	Search

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
	// what is missing of both (as given). Two nodes that start at once get the same.
	EnsureWorkspace(ctx context.Context, name string, inbox chat.Inbox) (chat.Workspace, chat.Inbox, error)
	// CreateWorkspace makes another workspace.
	CreateWorkspace(ctx context.Context, name string) (chat.Workspace, error)
	// Workspaces lists all of them, oldest first.
	Workspaces(ctx context.Context) ([]chat.Workspace, error)
	// PutInbox makes an inbox, or changes key, name and settings of the one with
	// its id. CodeConflict: its key is taken, in this workspace or another;
	// CodeStale: its revision is neither 0 nor the stored one.
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
	// OpenConversation stores c if its id is new and gives the stored one
	// otherwise. A new one starts with owner bot, epoch 1, open, and an empty log;
	// ID, inbox, customer, locale, page, device and subject are taken from c. CodeInvalid:
	// its ID is zero; CodeNotFound: no such inbox or customer; CodeForbidden: it
	// is another customer's.
	OpenConversation(ctx context.Context, ws uuid.UUID, c chat.Conversation) (chat.Conversation, error)
	// Conversation gives the state. CodeNotFound.
	Conversation(ctx context.Context, ws, id uuid.UUID) (chat.Conversation, error)
	// Append gives d the next number of its log and stores it. A repeated
	// ClientID returns the first entry unchanged, whatever became of the
	// conversation since; it changes nothing.
	//
	// A public message sets LastText (its first 200 bytes, cut between
	// characters) and LastFrom. One of the customer sets CustomerSeq, and the
	// subject in the same way if it has none, and ends a snooze; one of an agent sets AnsweredSeq
	// to CustomerSeq and drops the promise (promised time and e-mail). A rating of
	// kind csat sets Rating; a contact sets Email. Every append sets UpdatedAt.
	//
	// CodeNotFound; CodeForbidden when d is from a customer whose conversation it
	// is not (also for a repeat), a customer's or the bot's in LogStaff, or a
	// public message of an agent or the bot who does not own the conversation (of
	// the bot also if it is closed); CodeClosed for a customer's message to a
	// closed conversation. CodeInvalid: the kind is KindOwner (Transition writes
	// these), KindNote and LogStaff do not go together, a contact or rating lacks
	// its body, its score is not 1 to 5, or text or sender's name are not UTF-8 or
	// hold U+0000.
	//
	// Concurrent appends are grouped into one commit.
	Append(ctx context.Context, ws, conv uuid.UUID, d chat.Draft) (chat.Entry, error)
	// AppendIf is Append for the bot's public messages (CodeInvalid for others),
	// under a Fence (see there); it sets AnsweredSeq to the fence's CustomerSeq.
	// CodeStale. A repeated ClientID returns the first entry, whatever the fence.
	AppendIf(ctx context.Context, ws, conv uuid.UUID, d chat.Draft, f chat.Fence) (chat.Entry, error)
	// Entries gives at most limit entries of a log with numbers above after, in
	// order. An empty log means LogPublic. CodeNotFound: no such conversation.
	Entries(ctx context.Context, ws, conv uuid.UUID, log chat.Log, after int64, limit int) ([]chat.Entry, error)
	// Transition moves owner or status (see chat.Transition) and gives the new
	// state and the entries it made, which may be none. Its entries change the state as Append says,
	// but may be of any party and go into a closed conversation. CodeStale: the
	// epoch is another; CodeConflict: an entry's ClientID is in the log already;
	// CodeInvalid: To, Status or Outcome is none of the known ones, To agent comes
	// without Agent, an entry is malformed, it offers what will not wait, snoozes
	// what no agent will have, or has an outcome of what will not be closed.
	// CodeNotFound: there is no such team. An entry or handoff without an id gets one.
	// Agent is cleared when To is not agent. Reason is kept when t has none.
	// Waiting is set on a move to queue of an open conversation (kept if it was
	// set) and cleared on any other. Promised and ClearPromise come after the
	// entries' own effects; with both, the new promised time stays. LastAgent is
	// the agent of the last move to one. Outcome is t's on any move. Cause is kept
	// with the priority that t raises, and dropped with it.
	Transition(ctx context.Context, ws, conv uuid.UUID, t chat.Transition) (chat.Conversation, []chat.Entry, error)
}

// Inbox is what console, runner and monitors ask about conversations.
type Inbox interface {
	// Conversations gives one page of a view (see chat.View). All but closed show
	// open conversations only, except as chat.ConversationQuery says.
	Conversations(ctx context.Context, ws uuid.UUID, q chat.ConversationQuery) (chat.ConversationPage, error)
	// CountConversations counts the views as they are for an agent.
	CountConversations(ctx context.Context, ws, agent uuid.UUID) (chat.Counts, error)
	// Due gives conversations whose snooze is over, the longest over first.
	Due(ctx context.Context, ws uuid.UUID, limit int) ([]chat.Conversation, error)
	// Heads gives the heads of those of ids that exist, in any order.
	Heads(ctx context.Context, ws uuid.UUID, ids []uuid.UUID) ([]chat.Head, error)
	// InboxHead gives a number that differs whenever any conversation of the
	// workspace was made or changed since; it is for polling and means nothing
	// else. CodeNotFound.
	InboxHead(ctx context.Context, ws uuid.UUID) (int64, error)
	// Awaiting gives open conversations of the bot whose customer's last
	// message is unanswered and older than before, oldest first.
	Awaiting(ctx context.Context, ws uuid.UUID, before time.Time, limit int) ([]chat.Conversation, error)
	// Orphans counts open conversations whose last public message is the
	// customer's and older than before, without those that an agent who is not
	// offline has, and those of queue and agents with a promised time in the future.
	Orphans(ctx context.Context, ws uuid.UUID, before time.Time) (int, error)
	// QueuePlace gives a waiting conversation's place, from 1; 0 if it does not
	// wait. CodeNotFound.
	QueuePlace(ctx context.Context, ws, conv uuid.UUID) (int, error)
	// Waits gives the last limit waits that ended in a claim, newest first. A
	// claim is a Transition from the queue to an agent.
	Waits(ctx context.Context, ws uuid.UUID, limit int) ([]chat.Wait, error)
	// Told gives what was told to the customer when the conversation last began
	// to wait: by the queued notice among the entries of the Transition to the
	// queue. Zero: nothing. CodeNotFound: no such conversation.
	Told(ctx context.Context, ws, conv uuid.UUID) (chat.Told, error)
	// Handoff gives the conversation's newest handoff. CodeNotFound.
	Handoff(ctx context.Context, ws, conv uuid.UUID) (chat.Handoff, error)
}

// Promises is the ledger of what customers were told for a time. It is written
// by Append, AppendIf and Transition alone, in their transactions: a promised
// time that they set, change or drop makes, moves or settles the promise of an
// answer, so that while Conversation.Promised is set, one such promise is open,
// due then and owned by the conversation's agent. Transition also makes and
// settles other promises (Record, Promises).
//
// The promise of an answer becomes kept by an agent's message, and broken if
// that comes after its time, or the time is put off; moved if the time becomes
// an earlier one; withdrawn if it is dropped otherwise. Whatever becomes of it, a
// broken promise of which no entry of the transition is a notice of kind overdue
// is still to be told (ToldAt).
//
// A promise that is made gets its number and signature, and the customer a copy:
// on the entry that has its id or the first notice without a copy among the
// transition's, else on an entry of kind promise. So does the end of one of
// kind other, unless it is broken.
type Promises interface {
	// Promise finds one. CodeNotFound.
	Promise(ctx context.Context, ws, id uuid.UUID) (chat.Promise, error)
	// PromiseByNumber finds one by the number of its receipt. CodeNotFound.
	PromiseByNumber(ctx context.Context, ws uuid.UUID, number string) (chat.Promise, error)
	// Promises gives one page of the ledger, in the order that chat.PromiseQuery
	// says. CodeInvalid: an unknown state, or an owner of settled ones.
	Promises(ctx context.Context, ws uuid.UUID, q chat.PromiseQuery) (chat.PromisePage, error)
	// PromisesToActOn gives those whose ActAt is not after now, the earliest first:
	// due soon and not raised, overdue, or broken and not told.
	PromisesToActOn(ctx context.Context, ws uuid.UUID, limit int) ([]chat.Promise, error)
	// PromiseStats counts those settled from since on, and those open now.
	PromiseStats(ctx context.Context, ws uuid.UUID, since time.Time) (chat.PromiseStats, error)
}

// People is customers.
type People interface {
	// CreateCustomer stores c under its id. CodeConflict: the id or the token's
	// hash is taken. An empty hash belongs to nobody and may repeat. Attributes and
	// consent are not taken from c.
	CreateCustomer(ctx context.Context, ws uuid.UUID, c chat.Customer) (chat.Customer, error)
	// Customer finds one. CodeNotFound.
	Customer(ctx context.Context, ws, id uuid.UUID) (chat.Customer, error)
	// Customers gives those of ids that exist, in any order.
	Customers(ctx context.Context, ws uuid.UUID, ids []uuid.UUID) ([]chat.Customer, error)
	// CustomerByToken finds one by the hash of the visitor token. CodeNotFound.
	CustomerByToken(ctx context.Context, ws uuid.UUID, hash []byte) (chat.Customer, error)
	// UpdateCustomer changes name, e-mail and locale. CodeNotFound.
	UpdateCustomer(ctx context.Context, ws uuid.UUID, c chat.Customer) error
}

// Identities is how it is known who customers are.
type Identities interface {
	// IdentityKeys lists an inbox's keys, newest first.
	IdentityKeys(ctx context.Context, ws, inbox uuid.UUID) ([]chat.IdentityKey, error)
	// AddIdentityKey stores a key, and drops those of its inbox and use beyond the
	// chat.LiveKeys newest. CodeNotFound: no such inbox. CodeConflict: the id is
	// taken. CodeInvalid: it has no secret, or its use is no key's.
	AddIdentityKey(ctx context.Context, ws uuid.UUID, k chat.IdentityKey) (chat.IdentityKey, error)
	// DropIdentityKey removes one at once. CodeNotFound.
	DropIdentityKey(ctx context.Context, ws, inbox, id uuid.UUID) error

	// IdentifyCustomer gives the customer with c's subject and subject's inbox,
	// made as c, without a token, if there is none. What c has of name, e-mail and
	// locale takes the place of what there was, and so does its verification; with a
	// token's verification c's attributes take the place of those that a token set.
	// CodeInvalid: it has no subject. CodeNotFound: no such inbox.
	IdentifyCustomer(ctx context.Context, ws uuid.UUID, c chat.Customer) (chat.Customer, error)
	// VerifyCustomer sets a customer's verification and, unless it is "", the e-mail. CodeNotFound.
	VerifyCustomer(ctx context.Context, ws, customer uuid.UUID, v chat.Verification, email string) error

	// AddCode stores a code; those of its conversation before it no longer count.
	// CodeRateLimited: there are as many since then as limit allows. CodeNotFound:
	// no such conversation. It forgets the workspace's codes from before limit.Since.
	AddCode(ctx context.Context, ws uuid.UUID, c chat.IdentityCode, limit chat.CodeLimit) (chat.IdentityCode, error)
	// Code finds one by its id. CodeNotFound: there is none, or it no longer counts.
	Code(ctx context.Context, ws, id uuid.UUID) (chat.IdentityCode, error)
	// TryCode takes one try from the code of a conversation and gives it, with the
	// tries left after this one. CodeNotFound: none counts for this customer;
	// CodeStale: it has expired; CodeRateLimited: no try is left.
	TryCode(ctx context.Context, ws, conv, customer uuid.UUID) (chat.IdentityCode, error)
	// UseCode uses a code up. CodeStale: it is used up, or no longer counts.
	UseCode(ctx context.Context, ws, id uuid.UUID) error

	// MergeCustomers gives the conversations of m.From to m.Into, and records it; if
	// there are none, nothing is stored. CodeConflict: From has a subject.
	// CodeNotFound: there is no From or no Into. CodeInvalid: they are the same.
	MergeCustomers(ctx context.Context, ws uuid.UUID, m chat.Merge) (chat.Merge, error)
	// UndoMerge gives them back, as far as they are Into's still. CodeNotFound;
	// CodeConflict: it is undone.
	UndoMerge(ctx context.Context, ws, id, by uuid.UUID) (chat.Merge, error)
	// Merges lists those into a customer, newest first.
	Merges(ctx context.Context, ws, into uuid.UUID) ([]chat.Merge, error)
}

// Visitors is what is known of customers beside who they are. What an inbox's
// settings (chat.Privacy) and the customer's consent do not allow is kept
// nowhere: CodeForbidden.
type Visitors interface {
	// SetConsent notes that a customer agrees that what the page says is kept;
	// with false, no longer: then it is erased, with that of visitors who were
	// merged into the customer. CodeNotFound.
	SetConsent(ctx context.Context, ws, customer uuid.UUID, given bool) error
	// SetAttributes sets attributes of a customer as the page says them; those with
	// an empty value are forgotten, others stay. CodeInvalid, CodeTooLarge: see
	// chat.CheckAttributes, or there would be more than chat.MaxAttributes.
	// CodeNotFound: no such customer or inbox.
	SetAttributes(ctx context.Context, ws, inbox, customer uuid.UUID, values map[string]chat.Scalar) error
	// AddActivity stores what a customer did, and sets At. A visit of the page that
	// was seen last is that one. Of a customer the chat.MaxActivity newest are kept.
	// CodeClosed: a visit of somebody who had conversations of which none is open.
	// CodeInvalid, CodeTooLarge: see chat.Activity.Check. CodeNotFound: no such
	// customer or inbox.
	AddActivity(ctx context.Context, ws, inbox, customer uuid.UUID, a chat.Activity) (chat.Activity, error)
	// Activity gives a customer's, with that of visitors who were merged into them:
	// the newest chat.MaxActivity, newest first.
	Activity(ctx context.Context, ws, customer uuid.UUID) ([]chat.Activity, error)
	// PruneActivity forgets what was done before then, and gives how much.
	PruneActivity(ctx context.Context, ws uuid.UUID, before time.Time) (int, error)
}

// Mails records what was sent by e-mail.
type Mails interface {
	// PutMail stores m's record, or changes all of the one with its id but when it
	// was made. CodeNotFound: no such workspace.
	PutMail(ctx context.Context, ws uuid.UUID, m chat.Mail) (chat.Mail, error)
	// Mails gives at most limit records, newest first: of a state, or of all ("").
	Mails(ctx context.Context, ws uuid.UUID, state chat.MailState, limit int) ([]chat.Mail, error)
	// PruneMails forgets records last changed before then, and gives how many.
	PruneMails(ctx context.Context, ws uuid.UUID, before time.Time) (int, error)
}

// Staff is users, their console sessions and their presence.
type Staff interface {
	// CreateUser stores u, its e-mail in lower case. CodeConflict: the id or the
	// e-mail is taken.
	CreateUser(ctx context.Context, ws uuid.UUID, u chat.User) (chat.User, error)
	// CreateOwner stores u as the workspace's first user, with role owner.
	// CodeConflict: there is a user already.
	CreateOwner(ctx context.Context, ws uuid.UUID, u chat.User) (chat.User, error)
	// ChangeUser changes one, and gives her as she was and is. CodeNotFound,
	// CodeStale (see chat.UserChange), CodeConflict: she is the last owner who may
	// sign in and would not be, or an identity is another's. Disabling ends her
	// sessions and takes her offline in the same transaction.
	ChangeUser(ctx context.Context, ws, id uuid.UUID, c chat.UserChange) (before, after chat.User, err error)
	// PutPhoto gives a user a photo, a JPEG, in the place of the one before, with a
	// new id; without data it takes hers away. CodeNotFound.
	PutPhoto(ctx context.Context, ws, user uuid.UUID, jpeg []byte) (chat.User, error)
	// Photo gives the photo with this id, which a user has now. CodeNotFound.
	Photo(ctx context.Context, ws, id uuid.UUID) ([]byte, error)
	// User finds one. CodeNotFound.
	User(ctx context.Context, ws, id uuid.UUID) (chat.User, error)
	// UserByEmail finds one, in any case of letters. CodeNotFound.
	UserByEmail(ctx context.Context, ws uuid.UUID, email string) (chat.User, error)
	// UserByIdentity finds the one tied to an identity. CodeNotFound.
	UserByIdentity(ctx context.Context, ws uuid.UUID, who chat.StaffIdentity) (chat.User, error)
	// UserByLink finds the one with a link of this hash, expired or not. CodeNotFound.
	UserByLink(ctx context.Context, ws uuid.UUID, hash []byte) (chat.User, error)
	// Users lists them by name, then id.
	Users(ctx context.Context, ws uuid.UUID) ([]chat.User, error)

	// PutProfile sets what a user can take (see chat.Profile.Clean, which it
	// does). CodeNotFound: no such user. CodeInvalid.
	PutProfile(ctx context.Context, ws uuid.UUID, p chat.Profile) (chat.Profile, error)
	// Profiles gives those that were set, by user id.
	Profiles(ctx context.Context, ws uuid.UUID) ([]chat.Profile, error)

	// BeginSession, SaveSession, FindSession and DeleteSession keep console
	// sessions by the hash of their token (the store hashes it). BeginSession
	// stores one (CodeNotFound: no such user), SaveSession changes data and expiry
	// of one that is there, and notes its use; one that has ended stays ended:
	// CodeNotFound. FindSession gives found=false for a missing or expired one.
	BeginSession(ctx context.Context, ws uuid.UUID, token string, s chat.StaffSession) (chat.StaffSession, error)
	SaveSession(ctx context.Context, token string, data []byte, expiry time.Time) error
	FindSession(ctx context.Context, token string) (data []byte, found bool, err error)
	DeleteSession(ctx context.Context, token string) error
	// Sessions lists those of a user that have not expired, last used first.
	Sessions(ctx context.Context, ws, user uuid.UUID) ([]chat.StaffSession, error)
	// EndSessions ends the one of a user with this id, or all but it, and gives how many.
	EndSessions(ctx context.Context, ws, user, session uuid.UUID, others bool) (int, error)

	// SetPresence records a sign of life. It signals only when the state that
	// Presence would give changed. CodeNotFound: no such user.
	SetPresence(ctx context.Context, ws, user uuid.UUID, state chat.PresenceState) error
	// Presence lists every user's presence, by name, then id, with
	// PresenceOffline for those whose sign of life is older than
	// chat.PresenceTTL or missing (SeenAt zero).
	Presence(ctx context.Context, ws uuid.UUID) ([]chat.Presence, error)
}

// Teams are groups of the staff.
type Teams interface {
	// PutTeam makes a team, or changes name and members of the one with its id.
	// CodeConflict: another has the name, in any case of letters. CodeInvalid: it has no
	// name (see PutSetting). CodeNotFound: no such workspace, or a member is no user.
	PutTeam(ctx context.Context, ws uuid.UUID, t chat.Team) (chat.Team, error)
	// Teams lists them, oldest first.
	Teams(ctx context.Context, ws uuid.UUID) ([]chat.Team, error)
	// DropTeam removes one: its open conversations are everybody's then, which is
	// signalled for each. CodeNotFound.
	DropTeam(ctx context.Context, ws, id uuid.UUID) error
}

// Audit is who did what.
type Audit interface {
	// AddAudit stores an entry, at the store's time. CodeNotFound: no such workspace.
	AddAudit(ctx context.Context, ws uuid.UUID, e chat.AuditEntry) (chat.AuditEntry, error)
	// Audit gives a page. CodeInvalid.
	Audit(ctx context.Context, ws uuid.UUID, q chat.AuditQuery) (chat.AuditPage, error)
	// PruneAudit forgets what was done before then, and gives how many entries.
	PruneAudit(ctx context.Context, ws uuid.UUID, before time.Time) (int, error)
}

// Articles is the knowledge base. Every change of one article raises the
// workspace's knowledge version by one, in the order of the commits, and
// becomes the article's Revision: revisions are unique.
type Articles interface {
	// PutArticles stores a batch in one transaction; results are in order. Two
	// Puts of one article in a batch are CodeInvalid, as is one without source or
	// external id or with an unknown status or visibility. A Put with the hash of
	// the newest version is unchanged, unless the article was archived since: then
	// it takes the Put's status back and is changed, without a new version. A new
	// article of source "console" whose external id is a UUID has that id. A Put
	// that is stored replaces the article's questions of origin editor by its
	// Phrasings, all accepted.
	PutArticles(ctx context.Context, ws uuid.UUID, puts []knowledge.Put) ([]knowledge.PutResult, error)
	// ArchiveArticles archives those of ids that are not yet, and gives how many.
	// Ids that do not exist are left out.
	ArchiveArticles(ctx context.Context, ws uuid.UUID, ids []uuid.UUID) (int, error)
	// ArchiveMissing archives the articles of source whose external id is not in keep.
	ArchiveMissing(ctx context.Context, ws uuid.UUID, source string, keep []string) (int, error)
	// Article finds one, at its newest version, with the phrasings that are
	// accepted. CodeNotFound.
	Article(ctx context.Context, ws, id uuid.UUID) (knowledge.Article, error)
	// ArticleVersion finds one at a given version: its version, title, body and
	// number are of then; all else is of now, so that a withdrawn article is not
	// shown. CodeNotFound.
	ArticleVersion(ctx context.Context, ws, version uuid.UUID) (knowledge.Article, error)
	// ListArticles gives one page of the list. Every word of the text must be
	// part of the title or the external id, in any case of letters.
	ListArticles(ctx context.Context, ws uuid.UUID, q knowledge.ArticleQuery) (knowledge.ArticlePage, error)
	// KnowledgeVersion is the number of the last change, 0 if there was none.
	KnowledgeVersion(ctx context.Context, ws uuid.UUID) (int64, error)
	// DocumentsSince gives at most limit articles with Revision above after, in
	// order of revision: everything a follower needs to catch up.
	DocumentsSince(ctx context.Context, ws uuid.UUID, after int64, limit int) ([]knowledge.Document, error)
}

// Questions keeps the questions of customers that articles answer. When the
// accepted ones of an article change, that is a change of the article (see
// Articles): DocumentsSince brings those of published articles, each text once,
// oldest first. The article's UpdatedAt stays.
type Questions interface {
	// PutQuestions stores a batch in one transaction; results are in order. One
	// whose origin, source and external id are there already changes nothing,
	// whatever else is different. DecidedAt is set for those that are not
	// proposed. CodeInvalid: see knowledge.Question.Check, or one is there twice;
	// CodeNotFound: no such article.
	PutQuestions(ctx context.Context, ws uuid.UUID, qs []knowledge.Question) ([]knowledge.QuestionResult, error)
	// DecideQuestions accepts or rejects those of ids that are not so yet, in the
	// name of by (zero: the operator), and gives how many. Ids that do not exist
	// are left out. CodeInvalid: the status is another one.
	DecideQuestions(ctx context.Context, ws uuid.UUID, ids []uuid.UUID, status knowledge.QuestionStatus, by uuid.UUID) (int, error)
	// ListQuestions gives one page of the list.
	ListQuestions(ctx context.Context, ws uuid.UUID, q knowledge.QuestionQuery) (knowledge.QuestionPage, error)
}

// Glossary keeps the synonyms that a workspace's operator gave. Learnt ones
// are a tuning's.
type Glossary interface {
	// PutSynonyms takes list in the place of those that were there, and raises
	// the version; none drops them. CodeInvalid: see Synonyms.Validate.
	// CodeNotFound: no such workspace.
	PutSynonyms(ctx context.Context, ws uuid.UUID, list knowledge.Synonyms) (knowledge.Glossary, error)
	// Synonyms gives them, in the order in which they were put; version 0 if
	// there never were any.
	Synonyms(ctx context.Context, ws uuid.UUID) (knowledge.Glossary, error)
}

// Vectors keeps vectors by (model, hash of the text).
type Vectors interface {
	// PutVectors stores vectors of a model; one that is there already stays.
	// CodeInvalid: a vector is empty, or they differ in length.
	PutVectors(ctx context.Context, ws uuid.UUID, model string, vs []knowledge.Vector) error
	// Vectors gives those of hashes that exist, in any order.
	Vectors(ctx context.Context, ws uuid.UUID, model string, hashes [][32]byte) ([]knowledge.Vector, error)
	// PendingVectors gives at most limit texts (of chunks and accepted questions)
	// of published articles without a vector of model, each text once, in a stable
	// order, and how many there are in all.
	PendingVectors(ctx context.Context, ws uuid.UUID, model string, limit int) ([]knowledge.Pending, int, error)
	// NearestChunks asks the store's own vector index (pgvector) for the k chunks
	// of published articles nearest to q, best first. ok is false when it has none
	// for this model: then search exactly in process.
	NearestChunks(ctx context.Context, ws uuid.UUID, model string, q []float32, k int, f knowledge.VectorFilter) (hits []knowledge.VectorHit, ok bool, err error)
	// BuildVectorIndex makes or refreshes the store's own index for a model; it
	// does nothing where there can be none. It may take minutes.
	BuildVectorIndex(ctx context.Context, ws uuid.UUID, model string, dim int) error
}

// Trust is verdicts on answers, the topics that follow from them, and the
// judges and synonyms that were learnt from them. Articles are not looked up: what was said
// of one stays when it is gone.
type Trust interface {
	// AddVerdicts stores those whose id is new, and gives how many they are. They
	// get rising numbers: whoever reads after the highest number seen misses
	// none. CodeInvalid: one has no id or no article. CodeNotFound: no such
	// workspace, unless there are no verdicts.
	AddVerdicts(ctx context.Context, ws uuid.UUID, vs []trust.Verdict) (int, error)
	// Verdicts gives at most limit verdicts in the order of their numbers.
	Verdicts(ctx context.Context, ws uuid.UUID, q trust.VerdictQuery) ([]trust.Verdict, error)
	// PutTopic stores t, and gives it with its version raised by one. CodeStale:
	// the stored one does not have t's Version (0: there must be none).
	// CodeInvalid: it has no article. CodeNotFound: no such workspace.
	PutTopic(ctx context.Context, ws uuid.UUID, t trust.Topic) (trust.Topic, error)
	// Topic finds the topic of an article. CodeNotFound.
	Topic(ctx context.Context, ws, article uuid.UUID) (trust.Topic, error)
	// Topics lists all of them, by article id.
	Topics(ctx context.Context, ws uuid.UUID) ([]trust.Topic, error)
	// AddTuning stores a tuning, under a number that no other had.
	// CodeInvalid: it has neither judge nor synonyms, or one of them or the
	// report is no JSON. CodeNotFound: no such workspace.
	AddTuning(ctx context.Context, ws uuid.UUID, t trust.Tuning) (trust.Tuning, error)
	// Tuning gives the newest. CodeNotFound: there is none.
	Tuning(ctx context.Context, ws uuid.UUID) (trust.Tuning, error)
	// DropTuning removes the newest, so that the one before it is. CodeNotFound.
	DropTuning(ctx context.Context, ws uuid.UUID) error
}

// Work is leases and jobs.
type Work interface {
	// AcquireLease gives holder the lease on key until then, if it is free,
	// expired (until is not after now) or already the holder's. CodeConflict:
	// somebody else has it. A lease that was given back keeps its fence rising.
	AcquireLease(ctx context.Context, ws uuid.UUID, key, holder string, until time.Time) (chat.Lease, error)
	// ReleaseLease gives it back; one that is not the holder's is left alone.
	ReleaseLease(ctx context.Context, ws uuid.UUID, key, holder string) error
	// SweepLeases removes the leases whose time was over before that moment,
	// given back or not, and gives how many. Their fences begin anew.
	SweepLeases(ctx context.Context, ws uuid.UUID, before time.Time) (int, error)
	// Enqueue adds a job, with no attempts and no error. A second one of the same
	// kind and Unique, while one waits (is not claimed now), gives the first.
	// CodeConflict: the id is taken.
	Enqueue(ctx context.Context, ws uuid.UUID, j chat.Job) (chat.Job, error)
	// ClaimJobs gives at most limit due jobs of kind to holder until then, oldest
	// RunAt first, and counts the attempt. A claim that ran out makes the job due again.
	ClaimJobs(ctx context.Context, ws uuid.UUID, kind, holder string, until time.Time, limit int) ([]chat.Job, error)
	// FinishJob removes a claimed job; RetryJob puts it back for runAt with the
	// error. CodeStale: it is no longer the holder's, or no longer there.
	FinishJob(ctx context.Context, ws, id uuid.UUID, holder string) error
	RetryJob(ctx context.Context, ws, id uuid.UUID, holder string, runAt time.Time, reason string) error
}

// Blobs keeps files in rows of 256 KiB.
type Blobs interface {
	// PutBlob stores r's bytes under b.ID, and sets size and SHA-256; Entry and Log
	// are not taken from b. CodeTooLarge above 20 MiB; CodeConflict: the id is taken;
	// CodeNotFound: no such workspace or conversation; r's own error is wrapped.
	// Nothing of it stays then. r may be slow: no other method waits for it.
	PutBlob(ctx context.Context, ws uuid.UUID, b chat.Blob, r io.Reader) (chat.Blob, error)
	// Blob gives a file and its bytes, read piece by piece under ctx; the caller
	// closes it. CodeNotFound.
	Blob(ctx context.Context, ws, id uuid.UUID) (chat.Blob, io.ReadCloser, error)
}

// Openers are the counts of the messages that widgets show by themselves.
type Openers interface {
	// CountOpener adds to today's counts of an inbox's rule. CodeNotFound: no such inbox.
	CountOpener(ctx context.Context, ws, inbox uuid.UUID, add chat.OpenerCount) error
	// OpenerCounts gives an inbox's of the last days, today among them, by rule.
	OpenerCounts(ctx context.Context, ws, inbox uuid.UUID, days int) ([]chat.OpenerCount, error)
}

// Files are blobs that belong to a conversation.
type Files interface {
	// ClaimFiles takes the files of ids, uploaded by that sender, for the entry with
	// that client id, which is about to be appended to log, and gives them in the
	// order of ids. Repeating it is harmless. CodeNotFound: one is not there, or is
	// not this conversation's or sender's; CodeConflict: another entry holds one.
	// Nothing is claimed then.
	ClaimFiles(ctx context.Context, ws, conv uuid.UUID, by chat.Sender, log chat.Log, entry uuid.UUID, ids []uuid.UUID) ([]chat.Blob, error)
	// SweepFiles removes the files of conversations that no entry holds and that
	// were uploaded and claimed before then, and gives how many.
	SweepFiles(ctx context.Context, ws uuid.UUID, before time.Time) (int, error)
}

// Answers is what answers by e-mail need: who has read what, what was sent, and
// the links back.
type Answers interface {
	// SetRead notes that the customer has read up to seq; it never goes back.
	// CodeNotFound: no such conversation.
	SetRead(ctx context.Context, ws, conv uuid.UUID, seq int64) error
	// ReadUpTo gives it, 0 if nothing was noted.
	ReadUpTo(ctx context.Context, ws, conv uuid.UUID) (int64, error)
	// Mail finds the record of an e-mail. CodeNotFound.
	Mail(ctx context.Context, ws, id uuid.UUID) (chat.Mail, error)
	// BeginMail is PutMail for a letter that brings a conversation's log above after
	// and up to m.Seq, with the state MailSending. CodeConflict: another letter of its
	// kind that is on its way, sent or unknown brings something above after. Of two
	// at once, one comes through. CodeNotFound: no such conversation.
	BeginMail(ctx context.Context, ws uuid.UUID, m chat.Mail, after int64) (chat.Mail, error)
	// MailedUpTo gives the highest Seq of a conversation's letters of a kind that are
	// on their way, sent or unknown; 0 if there are none.
	MailedUpTo(ctx context.Context, ws, conv uuid.UUID, kind string) (int64, error)
	// CountJobs counts the jobs of a kind, and gives when the oldest was due; zero
	// when there are none.
	CountJobs(ctx context.Context, ws uuid.UUID, kind string) (int, time.Time, error)

	// AddResume stores a link. CodeNotFound: no such conversation. CodeConflict: its hash is taken.
	AddResume(ctx context.Context, ws uuid.UUID, r chat.Resume) (chat.Resume, error)
	// Resume finds a link by its token's hash. CodeNotFound.
	Resume(ctx context.Context, ws uuid.UUID, hash []byte) (chat.Resume, error)
	// DropResumes removes a conversation's links, but those to the address keep (in
	// any case of letters; "" keeps none), and gives how many.
	DropResumes(ctx context.Context, ws, conv uuid.UUID, keep string) (int, error)
	// SweepResumes removes those that expired before then, and gives how many.
	SweepResumes(ctx context.Context, ws uuid.UUID, before time.Time) (int, error)
}

// Settings keeps what the console sets, as JSON: every revision of it.
type Settings interface {
	// PutSetting stores the next revision of a setting and gives it. s.Revision
	// is the one that it follows, 0 if there is none yet; CodeStale: another came
	// between. At is set. CodeInvalid: no name, the name or the value are not
	// UTF-8 or hold U+0000, the value is no JSON, or the revision is below 0.
	// CodeNotFound: no such workspace or inbox.
	PutSetting(ctx context.Context, ws uuid.UUID, s chat.Setting) (chat.Setting, error)
	// Setting gives the newest revision of a name, of an inbox or (zero) of the
	// workspace itself: an inbox does not inherit. CodeNotFound.
	Setting(ctx context.Context, ws, inbox uuid.UUID, name string) (chat.Setting, error)
	// SettingHistory gives at most limit revisions, newest first.
	SettingHistory(ctx context.Context, ws, inbox uuid.UUID, name string, limit int) ([]chat.Setting, error)
}

// Spending counts what language models cost. Inboxes, customers and
// conversations are not looked up: what was spent stays when they are gone.
type Spending interface {
	// AddSpend adds to the counters. It is not idempotent: after CodeUnavailable
	// it is not known whether it was counted. CodeInvalid: no day, or purpose or
	// model are not UTF-8 or hold U+0000. CodeNotFound: no such workspace.
	AddSpend(ctx context.Context, ws uuid.UUID, s chat.Spend) error
	// Spent sums what q selects, with everything that was added before.
	Spent(ctx context.Context, ws uuid.UUID, q chat.SpendQuery) (chat.Spent, error)
	// SpendBy gives the sums for each day from since's on, inbox, purpose and
	// model (customer and conversation are zero): the newest day first, then by
	// inbox, purpose and model. Sums that are all 0 are left out.
	SpendBy(ctx context.Context, ws uuid.UUID, since time.Time) ([]chat.Spend, error)
}

// Facts is what a supervisor counts. Facts are stored with what they tell of,
// as chat.FactKind says. A conversation that no person was brought into, and the
// bot answered, is ServedBot; one that has none of both has no name.
type Facts interface {
	// Tallies counts the facts of q that are no Delays, one for each step, kind,
	// name, agent and score that there were, in this order (but scores before agents).
	Tallies(ctx context.Context, ws uuid.UUID, q chat.FactQuery) ([]chat.Tally, error)
	// HelpTallies counts the answers of q whose customers said whether they
	// helped, at the time of the last word, one for each article, word and reason, in this order.
	HelpTallies(ctx context.Context, ws uuid.UUID, q chat.FactQuery) ([]chat.HelpTally, error)
	// JudgedAnswers gives one page of these answers. CodeInvalid.
	JudgedAnswers(ctx context.Context, ws uuid.UUID, q chat.FeedbackQuery) (chat.FeedbackPage, error)
	// Delays gives the facts of q that took time, by kind and then the shortest first.
	Delays(ctx context.Context, ws uuid.UUID, q chat.FactQuery) ([]chat.Delay, error)
	// Waiting counts what waits now in an inbox, or all (zero), by priority, in any order.
	Waiting(ctx context.Context, ws, inbox uuid.UUID) ([]chat.Waiting, error)
	// Loads counts the open conversations of agents, in any order. Who has none is not among them.
	Loads(ctx context.Context, ws uuid.UUID) ([]chat.Load, error)
}

// Turns keeps what the bot's turns rested on.
type Turns interface {
	// PutTurn stores t in the place of one of the same id, and sets At.
	// CodeInvalid: no id, or the body is no JSON (see PutSetting). CodeNotFound:
	// no such conversation.
	PutTurn(ctx context.Context, ws uuid.UUID, t chat.TurnRecord) error
	// TurnRecord finds one. CodeNotFound.
	TurnRecord(ctx context.Context, ws, turn uuid.UUID) (chat.TurnRecord, error)
	// TurnRecords lists a conversation's, oldest first, then by id.
	TurnRecords(ctx context.Context, ws, conv uuid.UUID) ([]chat.TurnRecord, error)
	// PruneTurns removes those stored before a time, and gives how many.
	PruneTurns(ctx context.Context, ws uuid.UUID, before time.Time) (int, error)
}

// Memories keeps one memory a conversation.
type Memories interface {
	// PutMemory stores m, and sets At, unless the one there is of a higher Seq:
	// then it does nothing. CodeInvalid: Seq is below 0, or the body is no JSON
	// (see PutSetting). CodeNotFound: no such conversation.
	PutMemory(ctx context.Context, ws uuid.UUID, m chat.Memory) error
	// Memory gives a conversation's. CodeNotFound.
	Memory(ctx context.Context, ws, conv uuid.UUID) (chat.Memory, error)
}

// Calls are the uses of the shop's actions, see chat.Call.
type Calls interface {
	// PutCall stores a call that begins: a look-up that runs, a change that is
	// proposed. A conversation has at most one proposed change: an earlier one
	// expires. A repeat of the id gives the stored one and changes nothing.
	// CodeNotFound: no such conversation; CodeInvalid: it lacks its action, digest
	// or end, or begins in another state.
	PutCall(ctx context.Context, ws uuid.UUID, c chat.Call) (chat.Call, error)
	// MoveCall moves a call (see chat.CallMove) and gives its new state. Of several
	// at once, one succeeds. CodeNotFound; CodeStale; CodeConflict: an entry's
	// ClientID is in the log already; CodeInvalid: no call goes that way, or an
	// entry is malformed.
	MoveCall(ctx context.Context, ws uuid.UUID, m chat.CallMove) (chat.Call, error)
	// Call finds one. CodeNotFound.
	Call(ctx context.Context, ws, id uuid.UUID) (chat.Call, error)
	// Calls gives a list, newest first: by id.
	Calls(ctx context.Context, ws uuid.UUID, q chat.CallQuery) ([]chat.Call, error)
}

// Views are lists of conversations under a name, see chat.SavedView.
type Views interface {
	// PutSavedView saves a view, in the place of the one with its id if there is
	// one. CodeInvalid: see chat.SavedView.Check; CodeConflict: another of its
	// owner's has that name; CodeNotFound: no such workspace.
	PutSavedView(ctx context.Context, ws uuid.UUID, v chat.SavedView) (chat.SavedView, error)
	// SavedViews lists those of owner, unless it is zero, and then everybody's, each by name.
	SavedViews(ctx context.Context, ws, owner uuid.UUID) ([]chat.SavedView, error)
	// DropSavedView removes one. CodeNotFound.
	DropSavedView(ctx context.Context, ws, id uuid.UUID) error
}

// Macros are the agents' canned replies, see chat.Macro.
type Macros interface {
	// PutMacro stores a new macro (revision 0), or the next revision of the one
	// with its id. CodeInvalid: see chat.Macro.Check, or the revision is below 0;
	// CodeConflict: another one of the same owner has its code, or its id is taken;
	// CodeStale: the stored one does not have m's revision; CodeNotFound: there is
	// none of its id, or no such workspace.
	PutMacro(ctx context.Context, ws uuid.UUID, m chat.Macro) (chat.Macro, error)
	// Macro finds one. CodeNotFound.
	Macro(ctx context.Context, ws, id uuid.UUID) (chat.Macro, error)
	// Macros lists those of owner, unless it is zero, and then everybody's, each by code.
	Macros(ctx context.Context, ws, owner uuid.UUID) ([]chat.Macro, error)
	// DropMacro removes one. CodeNotFound.
	DropMacro(ctx context.Context, ws, id uuid.UUID) error
}

// Mentions are whom the staff's notes name. They are stored with their notes,
// by Append and Transition; users are not looked up.
type Mentions interface {
	// Mentions gives at most limit mentions of a user, newest first.
	Mentions(ctx context.Context, ws, user uuid.UUID, limit int) ([]chat.Mention, error)
	// CountMentions counts those that the user has not seen.
	CountMentions(ctx context.Context, ws, user uuid.UUID) (int, error)
	// SeeMentions marks those of a user in a conversation as seen, and gives how
	// many were not. A conversation that does not exist has none.
	SeeMentions(ctx context.Context, ws, user, conv uuid.UUID) (int, error)
}

// Gaps are questions that the articles did not answer, see chat.Gap.
type Gaps interface {
	// AddGap records a gap, which is open. A second one of the same question in the
	// same conversation gives the first. CodeInvalid: the question is empty, too
	// long or not to be stored; CodeNotFound: no such conversation; CodeConflict:
	// the id is taken.
	AddGap(ctx context.Context, ws uuid.UUID, g chat.Gap) (chat.Gap, error)
	// SetGap changes a gap's state, and its article unless that is zero. CodeInvalid, CodeNotFound.
	SetGap(ctx context.Context, ws, id uuid.UUID, state chat.GapState, article uuid.UUID) (chat.Gap, error)
	// Gaps gives one page, newest first.
	Gaps(ctx context.Context, ws uuid.UUID, q chat.GapQuery) (chat.GapPage, error)
}

// Tags are the tags of a workspace and which conversations have them. Names are
// equal if their words are (see internal/words). CodeInvalid: a name has no
// letter or digit, is too long or not UTF-8, or the tags are more than
// chat.MaxTags. A change of tags moves nothing else of a conversation, also not
// UpdatedAt; followers of the inbox are told of it, of a rename only by InboxHead.
type Tags interface {
	// Tags lists them by name, with how many conversations have each.
	Tags(ctx context.Context, ws uuid.UUID) ([]chat.Tag, error)
	// SetTags gives a conversation these tags in the place of those that it had,
	// making those that are new. CodeNotFound: no such conversation.
	SetTags(ctx context.Context, ws, conv uuid.UUID, names []string) (chat.Conversation, error)
	// RenameTag gives a tag another name. CodeNotFound; CodeConflict: another has
	// it: merge them.
	RenameTag(ctx context.Context, ws, id uuid.UUID, name string) error
	// MergeTags gives the conversations of one tag the other, and removes the
	// one. CodeNotFound; CodeInvalid: they are the same.
	MergeTags(ctx context.Context, ws, from, into uuid.UUID) error
	// DropTag takes a tag from all conversations and removes it. CodeNotFound.
	DropTag(ctx context.Context, ws, id uuid.UUID) error
}

// Search finds conversations by their words. The index follows what is stored:
// IndexConversations brings it up to date, and so does a search before it looks,
// for at most some 200 conversations.
type Search interface {
	// Search gives one page. CodeInvalid: there is no word to look for, or limit
	// or cursor are wrong.
	Search(ctx context.Context, ws uuid.UUID, q chat.SearchQuery) (chat.SearchPage, error)
	// IndexConversations indexes at most limit conversations that have changed
	// since they were, and gives how many. Calling it twice at a time does no harm.
	IndexConversations(ctx context.Context, ws uuid.UUID, limit int) (int, error)
}
