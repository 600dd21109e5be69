package mail

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

const (
	jobKind = "mail"
	// maxTries is how often a letter is tried: with the pauses below, over five
	// hours. A mail server that is away for longer has an operator who knows.
	maxTries = 12
	// maxPause bounds the pause between two tries, which grow as attempt⁴ seconds.
	maxPause = time.Hour
	// claimFor is how long a node has a letter to itself: longer than its sending may take.
	claimFor = 5 * time.Minute
	sendFor  = 2 * time.Minute
	// lookEvery is how late a letter may be that another node has queued, or that waits for a try.
	lookEvery = 5 * time.Second
	atATime   = 8
	// graceAtEnd is how long a letter that is on its way has to arrive when we stop: cut off, nobody would know whether it did.
	graceAtEnd = 5 * time.Second
	// again is when a letter is looked at anew while another one brings a part of it.
	again = 10 * time.Second
	// keepRecords is how long it can be seen what was sent.
	keepRecords = 30 * 24 * time.Hour
	pruneEvery  = time.Hour
)

// Store is what the queue needs of the store.
type Store interface {
	Enqueue(ctx context.Context, ws uuid.UUID, j chat.Job) (chat.Job, error)
	ClaimJobs(ctx context.Context, ws uuid.UUID, kind, holder string, until time.Time, limit int) ([]chat.Job, error)
	FinishJob(ctx context.Context, ws, id uuid.UUID, holder string) error
	RetryJob(ctx context.Context, ws, id uuid.UUID, holder string, runAt time.Time, reason string) error
	Workspaces(ctx context.Context) ([]chat.Workspace, error)
	Setting(ctx context.Context, ws, inbox uuid.UUID, name string) (chat.Setting, error)
	CountJobs(ctx context.Context, ws uuid.UUID, kind string) (int, time.Time, error)
	Records
}

// Records keeps what became of letters.
type Records interface {
	Mail(ctx context.Context, ws, id uuid.UUID) (chat.Mail, error)
	PutMail(ctx context.Context, ws uuid.UUID, m chat.Mail) (chat.Mail, error)
	BeginMail(ctx context.Context, ws uuid.UUID, m chat.Mail, after int64) (chat.Mail, error)
	PruneMails(ctx context.Context, ws uuid.UUID, before time.Time) (int, error)
}

// Carrier takes letters to a mail server.
type Carrier interface {
	Send(ctx context.Context, id string, l Letter, o Settings) error
	From() string
}

// Writer writes the letter about ref when it is to be sent. Needless says that
// there is nothing to send any more.
type Writer func(ctx context.Context, ws, ref uuid.UUID) (Letter, error)

// Needless is the error of a Writer whose letter need not be sent any more.
var Needless = errors.New("mail: the letter is no longer needed") //nolint:errname,staticcheck // it is no failure

// Later is the error of a Writer whose letter is to be written anew then.
type Later struct{ Until time.Time }

// Error says so.
func (l *Later) Error() string { return "mail: the letter is not due before " + l.Until.String() }

// Options are what a Queue is made of. Store, Node and Writers are required.
type Options struct {
	Store   Store
	Carrier Carrier // nil: no mail server is set, and nothing can be queued
	Node    string  // name of this node
	Writers map[string]Writer
	// Done is told of each letter that was sent, or given up (its state says which), and after a crash once more. An error
	// has it told again. It may be nil.
	Done func(ctx context.Context, ws uuid.UUID, m chat.Mail) error
	// Observe is told what each try came to: a chat.MailState, or "needless". It may be nil, and must not block.
	Observe func(kind, outcome string)
	Now     func() time.Time
	Log     *slog.Logger
}

// Queue has letters written and sent, by whichever node comes first. It may be
// used concurrently.
type Queue struct {
	o    Options
	wake chan struct{}

	grace time.Duration // graceAtEnd

	mu     sync.Mutex
	pruned time.Time
}

// NewQueue makes a Queue. Letters are sent while Run runs, here or on another node.
func NewQueue(o Options) *Queue {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Done == nil {
		o.Done = func(context.Context, uuid.UUID, chat.Mail) error { return nil }
	}
	if o.Observe == nil {
		o.Observe = func(string, string) {}
	}
	return &Queue{o: o, wake: make(chan struct{}, 1), grace: graceAtEnd}
}

// Ready fails with CodeUnavailable, in words for a customer, when no letter can be sent.
func (q *Queue) Ready(ctx context.Context, ws uuid.UUID) error {
	none := chat.Errorf(chat.CodeUnavailable, "No e-mail can be sent from here. Talk to a person instead.")
	if q.o.Carrier == nil {
		return none
	}
	s, err := q.Settings(ctx, ws)
	if err == nil && s.From == "" && q.o.Carrier.From() == "" {
		err = none
	}
	return err
}

// Settings gives a workspace's settings; none are no error.
func (q *Queue) Settings(ctx context.Context, ws uuid.UUID) (s Settings, err error) {
	stored, err := q.o.Store.Setting(ctx, ws, uuid.Nil, SettingName)
	if chat.CodeOf(err) == chat.CodeNotFound {
		return Settings{}, nil
	}
	if err == nil {
		err = json.Unmarshal(stored.Value, &s)
	}
	return s, err
}

// task is what a job says.
type task struct {
	Kind         string    `json:"kind"`
	Ref          uuid.UUID `json:"ref"`
	Conversation uuid.UUID `json:"conversation,omitzero"`
}

// Queue has the letter of a kind about ref written and sent at once, or after
// a pause. While one of that kind and ref waits, a second adds nothing.
func (q *Queue) Queue(ctx context.Context, ws uuid.UUID, kind string, ref, conversation uuid.UUID, after time.Duration) error {
	if q.o.Carrier == nil {
		return chat.Errorf(chat.CodeUnavailable, "no mail server is set: see FRONTDESK_SMTP_URL")
	}
	args, err := json.Marshal(task{kind, ref, conversation})
	if err != nil {
		return err
	}
	_, err = q.o.Store.Enqueue(ctx, ws, chat.Job{Kind: jobKind, Args: args, Unique: kind + " " + ref.String(), RunAt: q.o.Now().Add(after)})
	if err == nil && after == 0 {
		select {
		case q.wake <- struct{}{}:
		default:
		}
	}
	return err
}

// Run sends what is queued until ctx ends. Without a Carrier it returns at once.
func (q *Queue) Run(ctx context.Context) {
	if q.o.Carrier == nil {
		return
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := q.round(ctx); err != nil && ctx.Err() == nil {
			q.o.Log.WarnContext(ctx, "mail: queue", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-q.wake:
		}
	}
}

// round sends what is due.
func (q *Queue) round(ctx context.Context) error {
	all, err := q.o.Store.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, ws := range all {
		for {
			jobs, err := q.o.Store.ClaimJobs(ctx, ws.ID, jobKind, q.o.Node, q.o.Now().Add(claimFor), atATime)
			if err != nil {
				return err
			}
			var group sync.WaitGroup
			for _, j := range jobs {
				group.Go(func() { q.work(ctx, ws.ID, j) })
			}
			group.Wait()
			if len(jobs) < atATime {
				break
			}
		}
	}
	return q.prune(ctx, all)
}

func (q *Queue) prune(ctx context.Context, all []chat.Workspace) error {
	now := q.o.Now()
	q.mu.Lock()
	due := now.Sub(q.pruned) >= pruneEvery
	if due {
		q.pruned = now
	}
	q.mu.Unlock()
	for _, ws := range all {
		if !due {
			break
		}
		if _, err := q.o.Store.PruneMails(ctx, ws.ID, now.Add(-keepRecords)); err != nil {
			return err
		}
	}
	return nil
}

// Waiting says how many letters of a workspace are not sent yet, and since when the oldest is due; zero if none is.
func (q *Queue) Waiting(ctx context.Context, ws uuid.UUID) (int, time.Time, error) {
	return q.o.Store.CountJobs(ctx, ws, jobKind)
}

// work has one letter written and sent, and settles its job.
func (q *Queue) work(ctx context.Context, ws uuid.UUID, j chat.Job) {
	var t task
	m := chat.Mail{ID: j.ID, Attempts: j.Attempts}
	err := json.Unmarshal(j.Args, &t)
	if err == nil {
		m.Kind, m.Conversation = t.Kind, t.Conversation
		err = q.send(ctx, ws, t, &m)
	}
	if ctx.Err() != nil && m.Seq == 0 {
		return // the claim runs out, and it is tried again; the Message-ID stays
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), q.grace+time.Second)
	defer cancel()
	if err = q.conclude(ctx, ws, j, t, m, err); err != nil && chat.CodeOf(err) != chat.CodeStale { // stale: another node has it by now
		q.o.Log.ErrorContext(ctx, "mail: settle", "mail", j.ID, "err", err)
	}
}

// conclude does what follows from how the sending of a letter ended.
func (q *Queue) conclude(ctx context.Context, ws uuid.UUID, j chat.Job, t task, m chat.Mail, err error) error {
	var refused *Refused
	var uncertain *Uncertain
	var later *Later
	switch {
	case errors.Is(err, Needless):
		q.o.Observe(m.Kind, "needless")
		return q.o.Store.FinishJob(ctx, ws, j.ID, q.o.Node)
	case errors.As(err, &later):
		// A new job, as the wait is none of the letter's tries.
		if err := q.Queue(ctx, ws, t.Kind, t.Ref, t.Conversation, max(time.Second, later.Until.Sub(q.o.Now()))); err != nil {
			return err
		}
		return q.o.Store.FinishJob(ctx, ws, j.ID, q.o.Node)
	case err == nil:
		m.State, m.Error = chat.MailSent, ""
	case errors.As(err, &uncertain) && m.Seq > 0:
		m.State, m.Error = chat.MailUnknown, err.Error()
		q.o.Log.ErrorContext(ctx, "mail: not known whether it was sent, and not sent again", "mail", m.ID, "kind", m.Kind, "err", err)
	case errors.As(err, &refused), j.Attempts >= maxTries:
		m.State, m.Error = chat.MailFailed, err.Error()
		q.o.Log.ErrorContext(ctx, "mail: given up", "mail", m.ID, "kind", m.Kind, "attempts", m.Attempts, "err", err)
	default:
		m.State, m.Error = chat.MailQueued, err.Error()
		q.o.Log.WarnContext(ctx, "mail: not sent yet", "mail", m.ID, "kind", m.Kind, "attempts", m.Attempts, "err", err)
		q.o.Observe(m.Kind, string(m.State))
		if _, err := q.o.Store.PutMail(ctx, ws, m); err != nil {
			return err
		}
		return q.o.Store.RetryJob(ctx, ws, j.ID, q.o.Node, q.o.Now().Add(pause(j.Attempts)), m.Error)
	}
	q.o.Observe(m.Kind, string(m.State))
	return q.settle(ctx, ws, j, m)
}

// settle records a letter's end, tells of it, and removes its job.
func (q *Queue) settle(ctx context.Context, ws uuid.UUID, j chat.Job, m chat.Mail) error {
	m, err := q.o.Store.PutMail(ctx, ws, m)
	if err == nil {
		err = q.o.Done(ctx, ws, m)
	}
	if err != nil {
		return err
	}
	return q.o.Store.FinishJob(ctx, ws, j.ID, q.o.Node)
}

// send writes and sends a letter, and sets in m to whom it went, or was to go, and what it brings.
func (q *Queue) send(ctx context.Context, ws uuid.UUID, t task, m *chat.Mail) error {
	write := q.o.Writers[t.Kind]
	if write == nil {
		return &Refused{chat.Errorf(chat.CodeInternal, "nobody writes letters of the kind %q", t.Kind)}
	}
	before, err := q.o.Store.Mail(ctx, ws, m.ID)
	switch {
	case chat.CodeOf(err) == chat.CodeNotFound:
	case err != nil:
		return err
	case before.State == chat.MailSent: // we were cut off before the job was finished
		*m = before
		return nil
	case before.State == chat.MailSending, before.State == chat.MailUnknown:
		*m = before
		return &Uncertain{errors.New("the server stopped while the letter was on its way")}
	}
	l, err := write(ctx, ws, t.Ref)
	m.To = l.To
	if err != nil {
		return err
	}
	s, err := q.Settings(ctx, ws)
	if err != nil {
		return err
	}
	if l.Upto > 0 {
		m.Seq = l.Upto
		if _, err := q.o.Store.BeginMail(ctx, ws, *m, l.After); err != nil {
			m.Seq = 0
			if chat.CodeOf(err) == chat.CodeConflict {
				return &Later{q.o.Now().Add(again)}
			}
			return err
		}
	}
	sending, cancel := q.patient(ctx, l.Upto > 0)
	defer cancel()
	return q.o.Carrier.Send(sending, m.ID.String(), l, s)
}

// patient gives the context of a sending: it ends after sendFor, and with ctx; one that may not be cut off has some
// time more.
func (q *Queue) patient(ctx context.Context, whole bool) (context.Context, context.CancelFunc) {
	if !whole {
		return context.WithTimeout(ctx, sendFor)
	}
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendFor)
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(q.grace):
		case <-sending.Done():
		}
		cancel()
	})
	return sending, func() {
		stop()
		cancel()
	}
}

// pause is how long to wait after a try: 1 s, 16 s, 81 s … up to maxPause.
func pause(attempt int) time.Duration {
	n := time.Duration(attempt)
	return min(n*n*n*n*time.Second, maxPause)
}
