package storetest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var identityCases = []testCase{
	{"keys of an inbox, the two newest of a use", func(t *testing.T, w *world) {
		var all []chat.IdentityKey
		for _, secret := range []string{"one", "two", "three"} {
			all = append(all, must(w.AddIdentityKey(w.ctx, w.ws, chat.IdentityKey{Inbox: w.inbox.ID, Use: chat.ProofToken, Secret: []byte(secret)}))(t))
		}
		hash := must(w.AddIdentityKey(w.ctx, w.ws, chat.IdentityKey{Inbox: w.inbox.ID, Use: chat.ProofHash, Secret: []byte("old")}))(t)
		w.reopen()
		equal(t, "live", must(w.IdentityKeys(w.ctx, w.ws, w.inbox.ID))(t), []chat.IdentityKey{hash, all[2], all[1]})
		if hash.ID == uuid.Nil || !hash.CreatedAt.Equal(w.clock.time()) {
			t.Errorf("stored as %+v", hash)
		}
		wantCode(t, w.DropIdentityKey(w.ctx, w.beside, w.inbox.ID, hash.ID), chat.CodeNotFound)
		wantCode(t, w.DropIdentityKey(w.ctx, w.ws, id("no inbox"), hash.ID), chat.CodeNotFound)
		check(t, w.DropIdentityKey(w.ctx, w.ws, w.inbox.ID, hash.ID))
		wantCode(t, w.DropIdentityKey(w.ctx, w.ws, w.inbox.ID, hash.ID), chat.CodeNotFound)
		equal(t, "left", must(w.IdentityKeys(w.ctx, w.ws, w.inbox.ID))(t), []chat.IdentityKey{all[2], all[1]})
	}},
	{"keys, malformed or nowhere", func(t *testing.T, w *world) {
		_, err := w.AddIdentityKey(w.ctx, w.ws, chat.IdentityKey{Inbox: w.inbox.ID, Use: chat.ProofToken})
		wantCode(t, err, chat.CodeInvalid)
		_, err = w.AddIdentityKey(w.ctx, w.ws, chat.IdentityKey{Inbox: w.inbox.ID, Use: chat.ProofCode, Secret: []byte("x")})
		wantCode(t, err, chat.CodeInvalid)
		_, err = w.AddIdentityKey(w.ctx, w.ws, chat.IdentityKey{Inbox: id("no inbox"), Use: chat.ProofToken, Secret: []byte("x")})
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.AddIdentityKey(w.ctx, id("no workspace"), chat.IdentityKey{Inbox: w.inbox.ID, Use: chat.ProofToken, Secret: []byte("x")})
		wantCode(t, err, chat.CodeNotFound)
		key := must(w.AddIdentityKey(w.ctx, w.ws, chat.IdentityKey{Inbox: w.inbox.ID, Use: chat.ProofToken, Secret: []byte("x")}))(t)
		_, err = w.AddIdentityKey(w.ctx, w.ws, key)
		wantCode(t, err, chat.CodeConflict)
		equal(t, "of no inbox", len(must(w.IdentityKeys(w.ctx, w.ws, id("no inbox")))(t)), 0)
	}},
	{"whom a site names is one customer", func(t *testing.T, w *world) {
		until := w.clock.time().Add(time.Hour)
		given := chat.Customer{Subject: "user-7", SubjectInbox: w.inbox.ID, Name: "Eve", Email: "eve@example.com", Locale: "fr",
			Verification: chat.Verification{By: chat.ProofToken, Until: until, Email: true}}
		first := must(w.IdentifyCustomer(w.ctx, w.ws, given))(t)
		want := given
		want.ID, want.Workspace, want.CreatedAt = first.ID, w.ws, w.clock.time()
		equal(t, "made", first, want)
		w.reopen()
		w.clock.advance(time.Minute)
		again := chat.Customer{ID: uuid.New(), Subject: "user-7", SubjectInbox: w.inbox.ID, Name: "Eva", Verification: chat.Verification{By: chat.ProofHash, Until: until.Add(time.Hour)}}
		want.Name, want.Verification = "Eva", again.Verification
		equal(t, "again", must(w.IdentifyCustomer(w.ctx, w.ws, again))(t), want)
		equal(t, "stored", must(w.Customer(w.ctx, w.ws, first.ID))(t), want)
		other := must(w.PutInbox(w.ctx, w.ws, chat.Inbox{ID: id("second inbox"), Key: "key-second", Name: "Second"}))(t)
		given.SubjectInbox = other.ID
		if second := must(w.IdentifyCustomer(w.ctx, w.ws, given))(t); second.ID == first.ID {
			t.Error("another inbox's site named the first inbox's customer")
		}
	}},
	{"whom a site names, malformed or nowhere", func(t *testing.T, w *world) {
		_, err := w.IdentifyCustomer(w.ctx, w.ws, chat.Customer{SubjectInbox: w.inbox.ID})
		wantCode(t, err, chat.CodeInvalid)
		_, err = w.IdentifyCustomer(w.ctx, w.ws, chat.Customer{Subject: "x", SubjectInbox: id("no inbox")})
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.IdentifyCustomer(w.ctx, id("no workspace"), chat.Customer{Subject: "x", SubjectInbox: w.inbox.ID})
		wantCode(t, err, chat.CodeNotFound)
	}},
	{"whom a site names twice at once", func(t *testing.T, w *world) {
		ids := make([]uuid.UUID, 8)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				c, err := w.IdentifyCustomer(w.ctx, w.ws, chat.Customer{Subject: "racer", SubjectInbox: w.inbox.ID})
				if err != nil {
					t.Error(err)
				}
				ids[i] = c.ID
			})
		}
		wg.Wait()
		for _, got := range ids {
			equal(t, "customer", got, ids[0])
		}
	}},
	{"a verification", func(t *testing.T, w *world) {
		v := chat.Verification{By: chat.ProofCode, Until: w.clock.time().Add(time.Hour), Email: true}
		check(t, w.VerifyCustomer(w.ctx, w.ws, ann, v, "ann@example.com"))
		w.reopen()
		got := must(w.Customer(w.ctx, w.ws, ann))(t)
		equal(t, "verification", got.Verification, v)
		equal(t, "e-mail", got.Email, "ann@example.com")
		got.Name = "Anna"
		got.Verification = chat.Verification{}
		check(t, w.UpdateCustomer(w.ctx, w.ws, got))
		equal(t, "after a change of the name", must(w.Customer(w.ctx, w.ws, ann))(t).Verification, v)
		check(t, w.VerifyCustomer(w.ctx, w.ws, ann, chat.Verification{}, ""))
		got = must(w.Customer(w.ctx, w.ws, ann))(t)
		equal(t, "taken back", got.Verification, chat.Verification{})
		equal(t, "e-mail stays", got.Email, "ann@example.com")
		wantCode(t, w.VerifyCustomer(w.ctx, w.ws, id("nobody"), v, ""), chat.CodeNotFound)
	}},
}

// code is a code for Ann's conversation of that name.
func (w *world) code(conv, email string) chat.IdentityCode {
	return chat.IdentityCode{Conversation: id(conv), Customer: ann, Email: email, Hash: []byte("hash"), Tries: 3, Until: w.clock.time().Add(10 * time.Minute)}
}

func (w *world) limit() chat.CodeLimit {
	return chat.CodeLimit{Since: w.clock.time().Add(-time.Hour), Conversation: 3, Emails: 4}
}

var codeCases = []testCase{
	{"a code is tried and used once", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		added := must(w.AddCode(w.ctx, w.ws, w.code("talk", "Ann@example.com"), w.limit()))(t)
		want := w.code("talk", "Ann@example.com")
		want.ID, want.CreatedAt = added.ID, w.clock.time()
		equal(t, "stored", added, want)
		w.reopen()
		equal(t, "found", must(w.Code(w.ctx, w.ws, added.ID))(t), want)
		_, err := w.TryCode(w.ctx, w.ws, id("talk"), bob)
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.TryCode(w.ctx, w.beside, id("talk"), ann)
		wantCode(t, err, chat.CodeNotFound)
		want.Tries = 2
		equal(t, "tried", must(w.TryCode(w.ctx, w.ws, id("talk"), ann))(t), want)
		wantCode(t, w.UseCode(w.ctx, w.beside, added.ID), chat.CodeStale)
		check(t, w.UseCode(w.ctx, w.ws, added.ID))
		wantCode(t, w.UseCode(w.ctx, w.ws, added.ID), chat.CodeStale)
		_, err = w.TryCode(w.ctx, w.ws, id("talk"), ann)
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.Code(w.ctx, w.ws, added.ID)
		wantCode(t, err, chat.CodeNotFound)
	}},
	{"tries run out", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		must(w.AddCode(w.ctx, w.ws, w.code("talk", "a@example.com"), w.limit()))(t)
		var given atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				_, err := w.TryCode(w.ctx, w.ws, id("talk"), ann)
				if err == nil {
					given.Add(1)
				} else if chat.CodeOf(err) != chat.CodeRateLimited {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		equal(t, "tries", given.Load(), int32(3))
	}},
	{"a code expires", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		must(w.AddCode(w.ctx, w.ws, w.code("talk", "a@example.com"), w.limit()))(t)
		w.clock.advance(10 * time.Minute)
		_, err := w.TryCode(w.ctx, w.ws, id("talk"), ann)
		wantCode(t, err, chat.CodeStale)
	}},
	{"the newest code counts", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		first := must(w.AddCode(w.ctx, w.ws, w.code("talk", "a@example.com"), w.limit()))(t)
		second := must(w.AddCode(w.ctx, w.ws, w.code("talk", "b@example.com"), w.limit()))(t)
		equal(t, "tried", must(w.TryCode(w.ctx, w.ws, id("talk"), ann))(t).ID, second.ID)
		wantCode(t, w.UseCode(w.ctx, w.ws, first.ID), chat.CodeStale)
	}},
	{"codes are few", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.conversation(w.ws, "talk 2")
		for range 3 {
			must(w.AddCode(w.ctx, w.ws, w.code("talk", "a@example.com"), w.limit()))(t)
		}
		_, err := w.AddCode(w.ctx, w.ws, w.code("talk", "b@example.com"), w.limit())
		wantCode(t, err, chat.CodeRateLimited) // the conversation's
		must(w.AddCode(w.ctx, w.ws, w.code("talk 2", "A@Example.com"), w.limit()))(t)
		_, err = w.AddCode(w.ctx, w.ws, w.code("talk 2", "a@example.COM"), w.limit())
		wantCode(t, err, chat.CodeRateLimited) // the address's
		w.clock.advance(2 * time.Hour)
		must(w.AddCode(w.ctx, w.ws, w.code("talk", "a@example.com"), w.limit()))(t)
		_, err = w.AddCode(w.ctx, w.ws, w.code("nowhere", "a@example.com"), w.limit())
		wantCode(t, err, chat.CodeNotFound)
	}},
}

var mergeCases = []testCase{
	{"a merge and its undoing", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.conversation(w.ws, "talk 2")
		must(w.Append(w.ctx, w.ws, id("talk"), customerSays("first", "Mine.")))(t)
		eve := must(w.IdentifyCustomer(w.ctx, w.ws, chat.Customer{Subject: "eve", SubjectInbox: w.inbox.ID}))(t)
		head := must(w.InboxHead(w.ctx, w.ws))(t)
		w.clock.advance(time.Second)
		m := must(w.MergeCustomers(w.ctx, w.ws, chat.Merge{From: ann, Into: eve.ID}))(t)
		if !m.At.Equal(w.clock.time()) || len(m.Conversations) != 2 || m.ID == uuid.Nil {
			t.Errorf("merged as %+v", m)
		}
		if now := must(w.InboxHead(w.ctx, w.ws))(t); now == head {
			t.Error("nobody was told")
		}
		equal(t, "customer", must(w.Conversation(w.ctx, w.ws, id("talk")))(t).Customer, eve.ID)
		equal(t, "customer in the head", must(w.Heads(w.ctx, w.ws, []uuid.UUID{id("talk")}))(t)[0].Customer, eve.ID)
		_, err := w.Append(w.ctx, w.ws, id("talk"), customerSays("second", "Mine still?"))
		wantCode(t, err, chat.CodeForbidden)
		theirs := customerSays("third", "Now mine.")
		theirs.From.ID = eve.ID
		must(w.Append(w.ctx, w.ws, id("talk"), theirs))(t)
		w.reopen()
		equal(t, "listed", must(w.Merges(w.ctx, w.ws, eve.ID))(t), []chat.Merge{m})
		_, err = w.UndoMerge(w.ctx, w.beside, m.ID, alice)
		wantCode(t, err, chat.CodeNotFound)
		undone := must(w.UndoMerge(w.ctx, w.ws, m.ID, alice))(t)
		equal(t, "by", undone.UndoneBy, alice)
		equal(t, "listed then", must(w.Merges(w.ctx, w.ws, eve.ID))(t), []chat.Merge{undone})
		equal(t, "customer again", must(w.Conversation(w.ctx, w.ws, id("talk")))(t).Customer, ann)
		must(w.Append(w.ctx, w.ws, id("talk"), customerSays("fourth", "Mine again.")))(t)
		_, err = w.UndoMerge(w.ctx, w.ws, m.ID, alice)
		wantCode(t, err, chat.CodeConflict)
	}},
	{"a merge that cannot be", func(t *testing.T, w *world) {
		eve := must(w.IdentifyCustomer(w.ctx, w.ws, chat.Customer{Subject: "eve", SubjectInbox: w.inbox.ID}))(t)
		nothing := must(w.MergeCustomers(w.ctx, w.ws, chat.Merge{From: bob, Into: eve.ID}))(t)
		equal(t, "of nothing", len(nothing.Conversations)+len(must(w.Merges(w.ctx, w.ws, eve.ID))(t)), 0)
		_, err := w.MergeCustomers(w.ctx, w.ws, chat.Merge{From: ann, Into: ann})
		wantCode(t, err, chat.CodeInvalid)
		_, err = w.MergeCustomers(w.ctx, w.ws, chat.Merge{From: eve.ID, Into: ann})
		wantCode(t, err, chat.CodeConflict)
		_, err = w.MergeCustomers(w.ctx, w.ws, chat.Merge{From: id("nobody"), Into: ann})
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.MergeCustomers(w.ctx, w.ws, chat.Merge{From: ann, Into: id("nobody")})
		wantCode(t, err, chat.CodeNotFound)
	}},
}

var mailCases = []testCase{
	{"records of e-mails", func(t *testing.T, w *world) {
		first := must(w.PutMail(w.ctx, w.ws, chat.Mail{Kind: "code", State: chat.MailQueued}))(t)
		made := w.clock.time()
		w.clock.advance(time.Minute)
		second := must(w.PutMail(w.ctx, w.ws, chat.Mail{Kind: "answer", Conversation: id("talk"), To: "a@example.com", State: chat.MailSent, Attempts: 1}))(t)
		first.State, first.Error, first.Attempts, first.To = chat.MailFailed, "550 no such user", 2, "b@example.com"
		changed := must(w.PutMail(w.ctx, w.ws, first))(t)
		first.UpdatedAt = w.clock.time()
		equal(t, "changed", changed, first)
		equal(t, "made", changed.CreatedAt, made)
		w.reopen()
		equal(t, "all", must(w.Mails(w.ctx, w.ws, "", 0))(t), []chat.Mail{second, first})
		equal(t, "failed", must(w.Mails(w.ctx, w.ws, chat.MailFailed, 0))(t), []chat.Mail{first})
		equal(t, "one", must(w.Mails(w.ctx, w.ws, "", 1))(t), []chat.Mail{second})
		equal(t, "beside", len(must(w.Mails(w.ctx, w.beside, "", 0))(t)), 0)
		equal(t, "too young", must(w.PruneMails(w.ctx, w.ws, w.clock.time()))(t), 0)
		equal(t, "pruned", must(w.PruneMails(w.ctx, w.ws, w.clock.time().Add(time.Second)))(t), 2)
		_, err := w.PutMail(w.ctx, id("no workspace"), chat.Mail{Kind: "x", State: chat.MailSent})
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.Mails(w.ctx, w.ws, "", -1)
		wantCode(t, err, chat.CodeInvalid)
	}},
}
