package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// file uploads a file of a sender to the conversation of that name.
func (w *world) file(name, conv string, by chat.Sender) chat.Blob {
	w.t.Helper()
	return must(w.PutBlob(w.ctx, w.ws, chat.Blob{ID: id(name), Name: name, Type: "image/png", Width: 3, Height: 2, Conversation: id(conv), By: by},
		strings.NewReader(name)))(w.t)
}

var (
	asAnn   = chat.Sender{Kind: chat.PartyCustomer, ID: ann}
	asAlice = chat.Sender{Kind: chat.PartyAgent, ID: alice}
)

var fileCases = []testCase{
	{"a file is claimed for one entry", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.conversation(w.ws, "talk 2")
		a, b := w.file("a", "talk", asAnn), w.file("b", "talk", asAnn)
		other := w.file("other", "talk 2", asAnn)
		w.reopen()
		says := customerSays("one", "look")
		claimed := must(w.ClaimFiles(w.ctx, w.ws, id("talk"), asAnn, "", says.ClientID, []uuid.UUID{b.ID, a.ID}))(t)
		a.Log, b.Log, a.Entry, b.Entry = chat.LogPublic, chat.LogPublic, says.ClientID, says.ClientID
		equal(t, "claimed", claimed, []chat.Blob{b, a})
		equal(t, "again", must(w.ClaimFiles(w.ctx, w.ws, id("talk"), asAnn, "", says.ClientID, []uuid.UUID{b.ID, a.ID}))(t), claimed)
		got, _ := w.blob(w.ws, "a")
		equal(t, "stored", got, a)
		says.Body.Files = []chat.File{a.File()}
		w.says("talk", says)
		equal(t, "in the log", w.log("talk", chat.LogPublic)[0].Files, []chat.File{{ID: a.ID, Name: "a", Type: "image/png", Size: 1, Width: 3, Height: 2}})
		for name, test := range map[string]struct {
			conv string
			by   chat.Sender
			file uuid.UUID
			code chat.Code
		}{
			"held by another":        {"talk", asAnn, a.ID, chat.CodeConflict},
			"of another talk":        {"talk", asAnn, other.ID, chat.CodeNotFound},
			"of another sender":      {"talk", chat.Sender{Kind: chat.PartyCustomer, ID: bob}, a.ID, chat.CodeNotFound},
			"of another kind":        {"talk", chat.Sender{Kind: chat.PartyAgent, ID: ann}, a.ID, chat.CodeNotFound},
			"nowhere":                {"talk", asAnn, id("nowhere"), chat.CodeNotFound},
			"of no conversation":     {"talk 9", asAnn, a.ID, chat.CodeNotFound},
			"a workspace's own blob": {"talk", asAnn, id("blob"), chat.CodeNotFound},
		} {
			_, err := w.ClaimFiles(w.ctx, w.ws, id(test.conv), test.by, "", id("two"), []uuid.UUID{test.file})
			if chat.CodeOf(err) != test.code {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err := w.ClaimFiles(w.ctx, w.beside, id("talk"), asAnn, "", id("two"), []uuid.UUID{a.ID})
		wantCode(t, err, chat.CodeNotFound)
		// One that is refused claims nothing of the others.
		_, err = w.ClaimFiles(w.ctx, w.ws, id("talk 2"), asAnn, "", id("two"), []uuid.UUID{other.ID, a.ID})
		wantCode(t, err, chat.CodeNotFound)
		if got, _ := w.blob(w.ws, "other"); got.Entry != uuid.Nil {
			t.Errorf("claimed: %+v", got)
		}
		// What was claimed for an entry that never came is free.
		w.file("c", "talk", asAlice)
		must(w.ClaimFiles(w.ctx, w.ws, id("talk"), asAlice, chat.LogStaff, id("refused"), []uuid.UUID{id("c")}))(t)
		must(w.ClaimFiles(w.ctx, w.ws, id("talk"), asAlice, "", id("other try"), []uuid.UUID{id("c")}))(t)
	}},
	{"a file of no conversation", func(t *testing.T, w *world) {
		_, err := w.PutBlob(w.ctx, w.ws, chat.Blob{ID: id("x"), Conversation: id("nowhere"), By: asAnn}, strings.NewReader("x"))
		wantCode(t, err, chat.CodeNotFound)
		_, _, err = w.Blob(w.ctx, w.ws, id("x"))
		wantCode(t, err, chat.CodeNotFound)
	}},
	{"files that nobody sent are swept", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		must(w.PutBlob(w.ctx, w.ws, chat.Blob{ID: id("of nobody")}, strings.NewReader("x")))(t)
		sent, noted := w.file("sent", "talk", asAnn), w.file("noted", "talk", asAlice)
		w.file("unsent", "talk", asAnn)
		w.file("claimed only", "talk", asAnn)
		says, aside := customerSays("one", "look"), note("two", "see")
		must(w.ClaimFiles(w.ctx, w.ws, id("talk"), asAnn, "", says.ClientID, []uuid.UUID{sent.ID}))(t)
		must(w.ClaimFiles(w.ctx, w.ws, id("talk"), asAlice, chat.LogStaff, aside.ClientID, []uuid.UUID{noted.ID}))(t)
		w.says("talk", says)
		w.says("talk", aside)
		w.clock.advance(time.Hour)
		must(w.ClaimFiles(w.ctx, w.ws, id("talk"), asAnn, "", id("never"), []uuid.UUID{id("claimed only")}))(t)
		w.file("young", "talk", asAnn)
		equal(t, "the old one", must(w.SweepFiles(w.ctx, w.ws, w.clock.time()))(t), 1)
		_, _, err := w.Blob(w.ctx, w.ws, id("unsent"))
		wantCode(t, err, chat.CodeNotFound)
		w.clock.advance(time.Hour)
		equal(t, "the others", must(w.SweepFiles(w.ctx, w.ws, w.clock.time()))(t), 2)
		equal(t, "beside", must(w.SweepFiles(w.ctx, w.beside, w.clock.time()))(t), 0)
		for _, name := range []string{"sent", "noted", "of nobody"} {
			w.blob(w.ws, name)
		}
		// A swept file's bytes are gone: its id is free.
		w.file("unsent", "talk", asAnn)
	}},
}

var answerCases = []testCase{
	{"how far the customer has read", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		equal(t, "at first", must(w.ReadUpTo(w.ctx, w.ws, id("talk")))(t), int64(0))
		for _, seq := range []int64{3, 7, 5} {
			check(t, w.SetRead(w.ctx, w.ws, id("talk"), seq))
		}
		w.reopen()
		equal(t, "read", must(w.ReadUpTo(w.ctx, w.ws, id("talk")))(t), int64(7))
		equal(t, "beside", must(w.ReadUpTo(w.ctx, w.beside, id("talk")))(t), int64(0))
		wantCode(t, w.SetRead(w.ctx, w.ws, id("nowhere"), 1), chat.CodeNotFound)
	}},
	{"a letter brings each word once", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		m := chat.Mail{ID: id("m1"), Kind: "answer", Conversation: id("talk"), To: "a@example.com", Seq: 5, Attempts: 1}
		begun := must(w.BeginMail(w.ctx, w.ws, m, 0))(t)
		equal(t, "state", begun.State, chat.MailSending)
		w.reopen()
		equal(t, "stored", must(w.Mail(w.ctx, w.ws, m.ID))(t), begun)
		equal(t, "up to", must(w.MailedUpTo(w.ctx, w.ws, id("talk"), "answer"))(t), int64(5))
		equal(t, "of another kind", must(w.MailedUpTo(w.ctx, w.ws, id("talk"), "code"))(t), int64(0))
		must(w.BeginMail(w.ctx, w.ws, m, 0))(t) // the same letter, tried again
		second := chat.Mail{ID: id("m2"), Kind: "answer", Conversation: id("talk"), Seq: 7}
		_, err := w.BeginMail(w.ctx, w.ws, second, 4)
		wantCode(t, err, chat.CodeConflict)
		must(w.BeginMail(w.ctx, w.ws, second, 5))(t)
		for _, state := range []chat.MailState{chat.MailUnknown, chat.MailSent} {
			second.State = state
			must(w.PutMail(w.ctx, w.ws, second))(t)
			equal(t, string(state), must(w.MailedUpTo(w.ctx, w.ws, id("talk"), "answer"))(t), int64(7))
		}
		// What was refused, or waits for another try, did not arrive.
		for _, state := range []chat.MailState{chat.MailFailed, chat.MailQueued} {
			second.State = state
			must(w.PutMail(w.ctx, w.ws, second))(t)
			equal(t, string(state), must(w.MailedUpTo(w.ctx, w.ws, id("talk"), "answer"))(t), int64(5))
		}
		_, err = w.Mail(w.ctx, w.beside, m.ID)
		wantCode(t, err, chat.CodeNotFound)
		m.Conversation = id("nowhere")
		_, err = w.BeginMail(w.ctx, w.ws, m, 0)
		wantCode(t, err, chat.CodeNotFound)
	}},
	{"of two letters at once one is sent", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		won := make(chan int, 8)
		check(t, together(8, func(i int) error {
			_, err := w.BeginMail(w.ctx, w.ws, chat.Mail{ID: id(fmt.Sprint("m", i)), Kind: "answer", Conversation: id("talk"), Seq: int64(3 + i)}, 2)
			if err == nil {
				won <- i
			} else if chat.CodeOf(err) != chat.CodeConflict {
				return err
			}
			return nil
		}))
		equal(t, "sent", len(won), 1)
	}},
	{"how many jobs wait", func(t *testing.T, w *world) {
		n, oldest, err := w.CountJobs(w.ctx, w.ws, "post")
		check(t, err)
		equal(t, "none", n, 0)
		equal(t, "no oldest", oldest, time.Time{})
		for i := range 3 {
			must(w.Enqueue(w.ctx, w.ws, chat.Job{Kind: "post", RunAt: w.clock.time().Add(time.Duration(i) * time.Minute)}))(t)
		}
		n, oldest, err = w.CountJobs(w.ctx, w.ws, "post")
		check(t, err)
		equal(t, "three", n, 3)
		if !oldest.Equal(w.clock.time()) {
			t.Errorf("oldest %v", oldest)
		}
	}},
	{"links back", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		until := w.clock.time().Add(time.Hour)
		link := func(name, email string) chat.Resume {
			return must(w.AddResume(w.ctx, w.ws, chat.Resume{Hash: []byte(name), Conversation: id("talk"), Email: email, Until: until}))(t)
		}
		one, two := link("one", "Ann@example.com"), link("two", "bob@example.com")
		w.reopen()
		equal(t, "one", must(w.Resume(w.ctx, w.ws, []byte("one")))(t), one)
		equal(t, "two", must(w.Resume(w.ctx, w.ws, []byte("two")))(t), two)
		equal(t, "made", one, chat.Resume{Hash: []byte("one"), Conversation: id("talk"), Email: "Ann@example.com", CreatedAt: w.clock.time(), Until: until})
		_, err := w.AddResume(w.ctx, w.ws, one)
		wantCode(t, err, chat.CodeConflict)
		_, err = w.AddResume(w.ctx, w.ws, chat.Resume{Hash: []byte("x"), Conversation: id("nowhere")})
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.Resume(w.ctx, w.beside, []byte("one"))
		wantCode(t, err, chat.CodeNotFound)
		equal(t, "dropped beside", must(w.DropResumes(w.ctx, w.beside, id("talk"), ""))(t), 0)
		equal(t, "dropped", must(w.DropResumes(w.ctx, w.ws, id("talk"), "ann@EXAMPLE.com"))(t), 1)
		_, err = w.Resume(w.ctx, w.ws, []byte("two"))
		wantCode(t, err, chat.CodeNotFound)
		equal(t, "not expired", must(w.SweepResumes(w.ctx, w.ws, until))(t), 0)
		equal(t, "expired", must(w.SweepResumes(w.ctx, w.ws, until.Add(time.Second)))(t), 1)
	}},
}
