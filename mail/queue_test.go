package mail

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
	"go.uber.org/goleak"

	"frontdesk/chat"
	"frontdesk/store"
	"frontdesk/store/sqlite"
	"frontdesk/store/sqlite/sqlitetest"
)

func leaks(m *testing.M) { goleak.VerifyTestMain(m) }

// desk is a queue on a store of its own and a real mail server.
type desk struct {
	*Queue
	t      *testing.T
	st     *sqlite.Store
	ws     uuid.UUID
	server *server

	mu   sync.Mutex
	now  time.Time
	done []chat.Mail
	fail error // of the writer

	doneFail    error
	after, upto int64 // what the letters bring
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, server: newServer(t, "starttls"), now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	var err error
	d.st, err = sqlite.Open(context.Background(), sqlitetest.Folder(t), store.Options{Now: d.clock})
	d.check(err)
	t.Cleanup(func() { _ = d.st.Close() })
	ws, _, err := d.st.EnsureWorkspace(t.Context(), "Site", chat.Inbox{Key: "site"})
	d.check(err)
	d.ws = ws.ID
	d.Queue = d.node("one")
	return d
}

func (d *desk) node(name string) *Queue {
	return NewQueue(Options{Store: d.st, Carrier: open(d.t, d.server, "smtp", ""), Node: name, Now: d.clock,
		Writers: map[string]Writer{"test": func(_ context.Context, _, ref uuid.UUID) (Letter, error) {
			d.mu.Lock()
			defer d.mu.Unlock()
			l := letter()
			l.Thread, l.After, l.Upto = ref.String(), d.after, d.upto
			return l, d.fail
		}},
		Done: func(_ context.Context, _ uuid.UUID, m chat.Mail) error {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.done = append(d.done, m)
			return d.doneFail
		}})
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) advance(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(by)
}

func (d *desk) check(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) turn() {
	d.t.Helper()
	d.check(d.round(d.t.Context()))
}

func (d *desk) records() []chat.Mail {
	d.t.Helper()
	all, err := d.st.Mails(d.t.Context(), d.ws, "", 0)
	d.check(err)
	return all
}

func TestALetterIsQueuedAndSentOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ref, conv := uuid.New(), uuid.New()
	for range 3 {
		d.check(d.Queue.Queue(t.Context(), d.ws, "test", ref, conv, time.Minute))
	}
	d.turn()
	if n := len(d.server.letters()); n != 0 {
		t.Fatalf("%d letters before their time", n)
	}
	d.advance(time.Minute)
	// Both nodes look at once.
	other := d.node("two")
	var wg sync.WaitGroup
	for _, q := range []*Queue{d.Queue, other} {
		wg.Go(func() { d.check(q.round(t.Context())) })
	}
	wg.Wait()
	if n := len(d.server.letters()); n != 1 {
		t.Fatalf("%d letters", n)
	}
	all := d.records()
	if len(all) != 1 || all[0].State != chat.MailSent || all[0].To != "ann@example.net" || all[0].Attempts != 1 || all[0].Conversation != conv || all[0].Kind != "test" {
		t.Errorf("recorded %+v", all)
	}
	if len(d.done) != 1 || d.done[0].ID != all[0].ID {
		t.Errorf("told of %+v", d.done)
	}
	// What was settled may come again.
	d.check(d.Queue.Queue(t.Context(), d.ws, "test", ref, conv, 0))
	d.turn()
	if n := len(d.server.letters()); n != 2 {
		t.Errorf("%d letters", n)
	}
}

func TestALetterIsTriedAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	later := &smtp.SMTPError{Code: 451, Message: "later, please"}
	d.server.answers(later, later)
	d.check(d.Queue.Queue(t.Context(), d.ws, "test", uuid.New(), uuid.Nil, 0))
	d.turn()
	if all := d.records(); len(all) != 1 || all[0].State != chat.MailQueued || !strings.Contains(all[0].Error, "later, please") {
		t.Fatalf("recorded %+v", all)
	}
	d.turn() // it is not due yet
	d.advance(time.Second)
	d.turn()
	d.advance(15 * time.Second)
	d.turn() // nor now: the second pause is 16 s
	if n := len(d.server.letters()); n != 0 {
		t.Fatalf("%d letters", n)
	}
	d.advance(time.Second)
	d.turn()
	if all := d.records(); len(d.server.letters()) != 1 || len(all) != 1 || all[0].State != chat.MailSent || all[0].Attempts != 3 || all[0].Error != "" {
		t.Errorf("recorded %+v", all)
	}
}

func TestALetterIsGivenUp(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.server.answers(&smtp.SMTPError{Code: 550, Message: "no such mailbox"})
	d.check(d.Queue.Queue(t.Context(), d.ws, "test", uuid.New(), uuid.Nil, 0))
	d.turn()
	if all := d.records(); len(all) != 1 || all[0].State != chat.MailFailed || all[0].Attempts != 1 {
		t.Fatalf("refused: %+v", all)
	}
	d.fail = errors.New("the store is away")
	d.check(d.Queue.Queue(t.Context(), d.ws, "test", uuid.New(), uuid.Nil, 0))
	var waited time.Duration
	for range 100 {
		d.turn()
		d.advance(time.Hour)
		waited += time.Hour
		if len(d.done) == 2 {
			break
		}
	}
	failed, err := d.st.Mails(t.Context(), d.ws, chat.MailFailed, 0)
	d.check(err)
	if len(failed) != 2 || failed[0].Attempts != maxTries || !strings.Contains(failed[0].Error, "store is away") {
		t.Errorf("given up: %+v after %s", failed, waited)
	}
	d.advance(time.Hour)
	d.fail = nil
	d.turn()
	if n := len(d.server.letters()); n != 0 {
		t.Errorf("%d letters of what was given up", n)
	}
}

func TestALetterThatIsNotNeeded(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.fail = Needless
	d.check(d.Queue.Queue(t.Context(), d.ws, "test", uuid.New(), uuid.Nil, 0))
	d.turn()
	d.fail = nil
	d.advance(24 * time.Hour)
	d.turn()
	if len(d.server.letters())+len(d.records())+len(d.done) != 0 {
		t.Errorf("sent %v", d.records())
	}
}

// A node that dies after the server took the letter sends it again under the same Message-ID.
func TestALetterWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.server.stall()
	d.check(d.Queue.Queue(t.Context(), d.ws, "test", uuid.New(), uuid.Nil, 0))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = d.round(ctx)
	}()
	until(t, func() bool { return len(d.server.letters()) == 1 })
	cancel()
	<-ended
	d.server.release()
	other := d.node("two")
	d.check(other.round(t.Context()))
	if n := len(d.server.letters()); n != 1 {
		t.Fatalf("%d letters while the claim holds", n)
	}
	d.advance(claimFor)
	d.check(other.round(t.Context()))
	all := d.server.letters()
	if len(all) != 2 || all[0].msg.Header.Get("Message-Id") != all[1].msg.Header.Get("Message-Id") {
		t.Errorf("%d letters", len(all))
	}
}

func TestRunSendsAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		d.Run(ctx)
	}()
	d.check(d.Queue.Queue(t.Context(), d.ws, "test", uuid.New(), uuid.Nil, 0))
	until(t, func() bool { return len(d.server.letters()) == 1 })
	cancel()
	<-ended
}

func TestWithoutAMailServer(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	q := NewQueue(Options{Store: d.st, Node: "x"})
	if err := q.Ready(t.Context(), d.ws); chat.CodeOf(err) != chat.CodeUnavailable {
		t.Errorf("ready: %v", err)
	}
	if err := q.Queue(t.Context(), d.ws, "test", uuid.New(), uuid.Nil, 0); chat.CodeOf(err) != chat.CodeUnavailable {
		t.Errorf("queue: %v", err)
	}
	q.Run(t.Context()) // returns
}

func TestSettings(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.check(d.Ready(t.Context(), d.ws)) // the server's user is an address
	s, err := Settings{From: " desk@example.org ", Name: "The desk\r\nBcc: x"}.Check()
	d.check(err)
	value, err := json.Marshal(s)
	d.check(err)
	_, err = d.st.PutSetting(t.Context(), d.ws, chat.Setting{Name: SettingName, Value: value})
	d.check(err)
	d.check(d.Queue.Queue(t.Context(), d.ws, "test", uuid.New(), uuid.Nil, 0))
	d.turn()
	if got := d.server.letters()[0].msg.Header; got.Get("From") != `"The desk Bcc: x" <desk@example.org>` || !strings.HasSuffix(got.Get("Message-Id"), "@example.org>") {
		t.Errorf("headers %v", got)
	}
	for _, bad := range []Settings{{From: "nobody"}, {ReplyTo: "a@b"}, {Name: strings.Repeat("x", 101)}} {
		if _, err := bad.Check(); chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
