package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/store"
	"frontdesk/trust"
)

var lifecycleCases = []testCase{
	{"Ping", func(t *testing.T, w *world) { check(t, w.Ping(w.ctx)) }},
	{"after Close everything is unavailable", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		s := w.Store
		check(t, s.Close())
		for name, call := range calls(w.ctx, s, w.ws) {
			if err := call(); chat.CodeOf(err) != chat.CodeUnavailable {
				t.Errorf("%s: got %v, want CodeUnavailable", name, err)
			}
		}
		check(t, s.Close()) // twice does no harm
		w.open()
	}},
	{"a context that is done", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		before := w.stateOfLog()
		ctx, cancel := context.WithCancel(w.ctx)
		cancel()
		for name, call := range calls(ctx, w.Store, w.ws) {
			if err := call(); chat.CodeOf(err) != chat.CodeUnavailable || !errors.Is(err, context.Canceled) {
				t.Errorf("%s: got %v, want CodeUnavailable and context.Canceled", name, err)
			}
		}
		equal(t, "state", w.stateOfLog(), before)
	}},
	{"a context that ends on the way", cancelOnTheWay},
	{"Close while others write", closeWhileWriting},
	{"another node sees it", func(t *testing.T, w *world) {
		if !w.Shared() {
			t.Skip("this store has one process at a time")
		}
		other := w.openWith(store.Options{Now: w.clock.Now})
		defer func() { check(t, other.Close()) }()
		w.conversation(w.ws, "talk")
		// Both nodes append to one log: still one order without gaps.
		check(t, together(20, func(i int) error {
			s := []store.Store{w.Store, other}[i%2]
			_, err := s.Append(w.ctx, w.ws, id("talk"), customerSays(fmt.Sprint(i/4), "x"))
			return err
		}))
		equal(t, "entries", seqs(w.log("talk", chat.LogPublic)), []int64{1, 2, 3, 4, 5})
		equal(t, "seen by the other", must(other.Conversation(w.ctx, w.ws, id("talk")))(t), w.state("talk"))
		equal(t, "one secret", must(other.Secret(w.ctx, w.ws, "new"))(t), must(w.Secret(w.ctx, w.ws, "new"))(t))
	}},
}

// calls is one call of each method.
func calls(ctx context.Context, s store.Store, ws uuid.UUID) map[string]func() error {
	talk, now := id("talk"), time.Now()
	return map[string]func() error{
		"Ping":            func() error { return s.Ping(ctx) },
		"EnsureWorkspace": func() error { _, _, err := s.EnsureWorkspace(ctx, "x", chat.Inbox{Key: "x"}); return err },
		"CreateWorkspace": func() error { return ignore(s.CreateWorkspace(ctx, "x")) },
		"Workspaces":      func() error { return ignore(s.Workspaces(ctx)) },
		"PutInbox":        func() error { return ignore(s.PutInbox(ctx, ws, chat.Inbox{Key: "x"})) },
		"Inboxes":         func() error { return ignore(s.Inboxes(ctx, ws)) },
		"InboxByKey":      func() error { return ignore(s.InboxByKey(ctx, "key-mine")) },
		"Secret":          func() error { return ignore(s.Secret(ctx, ws, "never used")) },
		"HelpTallies":     func() error { return ignore(s.HelpTallies(ctx, ws, chat.FactQuery{Until: now})) },
		"JudgedAnswers":   func() error { return ignore(s.JudgedAnswers(ctx, ws, chat.FeedbackQuery{})) },
		"Tallies":         func() error { return ignore(s.Tallies(ctx, ws, chat.FactQuery{Until: now})) },
		"Delays":          func() error { return ignore(s.Delays(ctx, ws, chat.FactQuery{Until: now})) },
		"Waiting":         func() error { return ignore(s.Waiting(ctx, ws, uuid.Nil)) },
		"Loads":           func() error { return ignore(s.Loads(ctx, ws)) },
		"OpenConversation": func() error {
			return ignore(s.OpenConversation(ctx, ws, chat.Conversation{ID: uuid.New(), Inbox: id("inbox"), Customer: ann}))
		},
		"Conversation":       func() error { return ignore(s.Conversation(ctx, ws, talk)) },
		"Append":             func() error { return ignore(s.Append(ctx, ws, talk, customerSays("late", "x"))) },
		"AppendIf":           func() error { return ignore(s.AppendIf(ctx, ws, talk, botSays("late", "x"), chat.Fence{Epoch: 1})) },
		"Entries":            func() error { return ignore(s.Entries(ctx, ws, talk, chat.LogPublic, 0, 0)) },
		"Transition":         func() error { t := toQueue(); t.Epoch = 1; _, _, err := s.Transition(ctx, ws, talk, t); return err },
		"Conversations":      func() error { return ignore(s.Conversations(ctx, ws, chat.ConversationQuery{View: chat.ViewAll})) },
		"CountConversations": func() error { return ignore(s.CountConversations(ctx, ws, alice)) },
		"Heads":              func() error { return ignore(s.Heads(ctx, ws, []uuid.UUID{talk})) },
		"InboxHead":          func() error { return ignore(s.InboxHead(ctx, ws)) },
		"Due":                func() error { return ignore(s.Due(ctx, ws, 1)) },
		"PutTeam":            func() error { return ignore(s.PutTeam(ctx, ws, chat.Team{Name: "Late"})) },
		"Teams":              func() error { return ignore(s.Teams(ctx, ws)) },
		"DropTeam":           func() error { return s.DropTeam(ctx, ws, talk) },
		"Promise":            func() error { return ignore(s.Promise(ctx, ws, talk)) },
		"PromiseByNumber":    func() error { return ignore(s.PromiseByNumber(ctx, ws, "FD-0000-0000")) },
		"Promises":           func() error { return ignore(s.Promises(ctx, ws, chat.PromiseQuery{})) },
		"PromisesToActOn":    func() error { return ignore(s.PromisesToActOn(ctx, ws, 1)) },
		"PromiseStats":       func() error { return ignore(s.PromiseStats(ctx, ws, now)) },
		"Awaiting":           func() error { return ignore(s.Awaiting(ctx, ws, now, 1)) },
		"Orphans":            func() error { return ignore(s.Orphans(ctx, ws, now)) },
		"Tags":               func() error { return ignore(s.Tags(ctx, ws)) },
		"SetTags":            func() error { return ignore(s.SetTags(ctx, ws, talk, []string{"late"})) },
		"RenameTag":          func() error { return s.RenameTag(ctx, ws, talk, "late") },
		"MergeTags":          func() error { return s.MergeTags(ctx, ws, talk, ws) },
		"DropTag":            func() error { return s.DropTag(ctx, ws, talk) },
		"Search":             func() error { return ignore(s.Search(ctx, ws, chat.SearchQuery{Text: "late"})) },
		"IndexConversations": func() error { return ignore(s.IndexConversations(ctx, ws, 1)) },
		"QueuePlace":         func() error { return ignore(s.QueuePlace(ctx, ws, talk)) },
		"Waits":              func() error { return ignore(s.Waits(ctx, ws, 1)) },
		"Told":               func() error { return ignore(s.Told(ctx, ws, talk)) },
		"PutProfile":         func() error { return ignore(s.PutProfile(ctx, ws, chat.Profile{User: alice})) },
		"Profiles":           func() error { return ignore(s.Profiles(ctx, ws)) },
		"Handoff":            func() error { return ignore(s.Handoff(ctx, ws, talk)) },
		"CreateCustomer":     func() error { return ignore(s.CreateCustomer(ctx, ws, chat.Customer{})) },
		"Customer":           func() error { return ignore(s.Customer(ctx, ws, ann)) },
		"Customers":          func() error { return ignore(s.Customers(ctx, ws, []uuid.UUID{ann})) },
		"CustomerByToken":    func() error { return ignore(s.CustomerByToken(ctx, ws, []byte("x"))) },
		"UpdateCustomer":     func() error { return s.UpdateCustomer(ctx, ws, chat.Customer{ID: ann}) },
		"SetConsent":         func() error { return s.SetConsent(ctx, ws, ann, true) },
		"SetAttributes":      func() error { return s.SetAttributes(ctx, ws, id("inbox"), ann, map[string]chat.Scalar{"late": "x"}) },
		"AddActivity":        func() error { return ignore(s.AddActivity(ctx, ws, id("inbox"), ann, event("late"))) },
		"Activity":           func() error { return ignore(s.Activity(ctx, ws, ann)) },
		"PruneActivity":      func() error { return ignore(s.PruneActivity(ctx, ws, now)) },
		"CreateUser": func() error {
			return ignore(s.CreateUser(ctx, ws, chat.User{Email: "x@example.com", Role: chat.RoleAgent}))
		},
		"CreateOwner":    func() error { return ignore(s.CreateOwner(ctx, ws, chat.User{Email: "x@example.com"})) },
		"ChangeUser":     func() error { _, _, err := s.ChangeUser(ctx, ws, amir, chat.UserChange{Name: ptr("x")}); return err },
		"UserByIdentity": func() error { return ignore(s.UserByIdentity(ctx, ws, chat.StaffIdentity{Subject: "x"})) },
		"UserByLink":     func() error { return ignore(s.UserByLink(ctx, ws, []byte("x"))) },
		"BeginSession": func() error {
			return ignore(s.BeginSession(ctx, ws, "x", chat.StaffSession{User: amir, ExpiresAt: now}))
		},
		"Sessions":         func() error { return ignore(s.Sessions(ctx, ws, amir)) },
		"EndSessions":      func() error { return ignore(s.EndSessions(ctx, ws, amir, talk, true)) },
		"AddAudit":         func() error { return ignore(s.AddAudit(ctx, ws, did(amir, "late", "x"))) },
		"Audit":            func() error { return ignore(s.Audit(ctx, ws, chat.AuditQuery{})) },
		"PruneAudit":       func() error { return ignore(s.PruneAudit(ctx, ws, now)) },
		"User":             func() error { return ignore(s.User(ctx, ws, alice)) },
		"UserByEmail":      func() error { return ignore(s.UserByEmail(ctx, ws, "alice@example.com")) },
		"Users":            func() error { return ignore(s.Users(ctx, ws)) },
		"SaveSession":      func() error { return s.SaveSession(ctx, "x", []byte("x"), now) },
		"FindSession":      func() error { _, _, err := s.FindSession(ctx, "x"); return err },
		"DeleteSession":    func() error { return s.DeleteSession(ctx, "x") },
		"SetPresence":      func() error { return s.SetPresence(ctx, ws, alice, chat.PresenceAway) },
		"Presence":         func() error { return ignore(s.Presence(ctx, ws)) },
		"PutArticles":      func() error { return ignore(s.PutArticles(ctx, ws, []knowledge.Put{put("late", "x", "x")})) },
		"ArchiveArticles":  func() error { return ignore(s.ArchiveArticles(ctx, ws, []uuid.UUID{talk})) },
		"ArchiveMissing":   func() error { return ignore(s.ArchiveMissing(ctx, ws, "test", nil)) },
		"Article":          func() error { return ignore(s.Article(ctx, ws, talk)) },
		"ArticleVersion":   func() error { return ignore(s.ArticleVersion(ctx, ws, talk)) },
		"ListArticles":     func() error { return ignore(s.ListArticles(ctx, ws, knowledge.ArticleQuery{})) },
		"KnowledgeVersion": func() error { return ignore(s.KnowledgeVersion(ctx, ws)) },
		"DocumentsSince":   func() error { return ignore(s.DocumentsSince(ctx, ws, 0, 1)) },
		"PutQuestions": func() error {
			return ignore(s.PutQuestions(ctx, ws, []knowledge.Question{asked(id("article"), "late", "x?")}))
		},
		"DecideQuestions": func() error {
			return ignore(s.DecideQuestions(ctx, ws, []uuid.UUID{talk}, knowledge.QuestionAccepted, alice))
		},
		"ListQuestions":  func() error { return ignore(s.ListQuestions(ctx, ws, knowledge.QuestionQuery{})) },
		"PutSynonyms":    func() error { return ignore(s.PutSynonyms(ctx, ws, synonyms("x"))) },
		"Synonyms":       func() error { return ignore(s.Synonyms(ctx, ws)) },
		"PutVectors":     func() error { return s.PutVectors(ctx, ws, model, []knowledge.Vector{vector("x", 1)}) },
		"Vectors":        func() error { return ignore(s.Vectors(ctx, ws, model, [][32]byte{hash("x")})) },
		"PendingVectors": func() error { _, _, err := s.PendingVectors(ctx, ws, model, 1); return err },
		"AddVerdicts":    func() error { return ignore(s.AddVerdicts(ctx, ws, []trust.Verdict{verdict("late")})) },
		"Verdicts":       func() error { return ignore(s.Verdicts(ctx, ws, trust.VerdictQuery{})) },
		"PutTopic":       func() error { return ignore(s.PutTopic(ctx, ws, trust.Topic{Article: talk})) },
		"Topic":          func() error { return ignore(s.Topic(ctx, ws, talk)) },
		"Topics":         func() error { return ignore(s.Topics(ctx, ws)) },
		"AddTuning":      func() error { return ignore(s.AddTuning(ctx, ws, tuning("1"))) },
		"Tuning":         func() error { return ignore(s.Tuning(ctx, ws)) },
		"DropTuning":     func() error { return s.DropTuning(ctx, ws) },
		"PutSetting":     func() error { return ignore(s.PutSetting(ctx, ws, setting(uuid.Nil, 0, `1`))) },
		"Setting":        func() error { return ignore(s.Setting(ctx, ws, uuid.Nil, "budget")) },
		"SettingHistory": func() error { return ignore(s.SettingHistory(ctx, ws, uuid.Nil, "budget", 0)) },
		"AddSpend":       func() error { return s.AddSpend(ctx, ws, spend("compose", 1)) },
		"Spent":          func() error { return ignore(s.Spent(ctx, ws, chat.SpendQuery{})) },
		"SpendBy":        func() error { return ignore(s.SpendBy(ctx, ws, now)) },
		"PutTurn":        func() error { return s.PutTurn(ctx, ws, turn("1", `1`)) },
		"TurnRecord":     func() error { return ignore(s.TurnRecord(ctx, ws, talk)) },
		"TurnRecords":    func() error { return ignore(s.TurnRecords(ctx, ws, talk)) },
		"PruneTurns":     func() error { return ignore(s.PruneTurns(ctx, ws, now)) },
		"PutMemory":      func() error { return s.PutMemory(ctx, ws, memory(1, `1`)) },
		"Memory":         func() error { return ignore(s.Memory(ctx, ws, talk)) },
		"SweepLeases":    func() error { return ignore(s.SweepLeases(ctx, ws, now)) },
		"AcquireLease":   func() error { return ignore(s.AcquireLease(ctx, ws, "x", "x", now)) },
		"ReleaseLease":   func() error { return s.ReleaseLease(ctx, ws, "x", "x") },
		"Enqueue":        func() error { return ignore(s.Enqueue(ctx, ws, chat.Job{Kind: "x"})) },
		"ClaimJobs":      func() error { return ignore(s.ClaimJobs(ctx, ws, "x", "x", now, 1)) },
		"FinishJob":      func() error { return s.FinishJob(ctx, ws, talk, "x") },
		"RetryJob":       func() error { return s.RetryJob(ctx, ws, talk, "x", now, "x") },
		"PutMacro":       func() error { return ignore(s.PutMacro(ctx, ws, macroOf("late", alice))) },
		"Macro":          func() error { return ignore(s.Macro(ctx, ws, talk)) },
		"Macros":         func() error { return ignore(s.Macros(ctx, ws, alice)) },
		"DropMacro":      func() error { return s.DropMacro(ctx, ws, talk) },
		"PutSavedView":   func() error { return ignore(s.PutSavedView(ctx, ws, viewOf("late", alice))) },
		"SavedViews":     func() error { return ignore(s.SavedViews(ctx, ws, alice)) },
		"DropSavedView":  func() error { return s.DropSavedView(ctx, ws, talk) },
		"Mentions":       func() error { return ignore(s.Mentions(ctx, ws, alice, 0)) },
		"CountMentions":  func() error { return ignore(s.CountMentions(ctx, ws, alice)) },
		"SeeMentions":    func() error { return ignore(s.SeeMentions(ctx, ws, alice, talk)) },
		"AddGap":         func() error { return ignore(s.AddGap(ctx, ws, chat.Gap{Conversation: talk, Question: "x"})) },
		"SetGap":         func() error { return ignore(s.SetGap(ctx, ws, talk, chat.GapDone, uuid.Nil)) },
		"Gaps":           func() error { return ignore(s.Gaps(ctx, ws, chat.GapQuery{})) },
		"PutBlob":        func() error { return ignore(s.PutBlob(ctx, ws, chat.Blob{}, strings.NewReader("x"))) },
		"Blob":           func() error { _, _, err := s.Blob(ctx, ws, talk); return err },
		"ClaimFiles":     func() error { return ignore(s.ClaimFiles(ctx, ws, talk, asAnn, "", talk, []uuid.UUID{talk})) },
		"SweepFiles":     func() error { return ignore(s.SweepFiles(ctx, ws, now)) },
		"SetRead":        func() error { return s.SetRead(ctx, ws, talk, 1) },
		"ReadUpTo":       func() error { return ignore(s.ReadUpTo(ctx, ws, talk)) },
		"Mail":           func() error { return ignore(s.Mail(ctx, ws, talk)) },
		"BeginMail":      func() error { return ignore(s.BeginMail(ctx, ws, chat.Mail{ID: talk, Conversation: talk}, 0)) },
		"MailedUpTo":     func() error { return ignore(s.MailedUpTo(ctx, ws, talk, "x")) },
		"CountJobs":      func() error { _, _, err := s.CountJobs(ctx, ws, "x"); return err },
		"AddResume":      func() error { return ignore(s.AddResume(ctx, ws, chat.Resume{Hash: []byte("x"), Conversation: talk})) },
		"Resume":         func() error { return ignore(s.Resume(ctx, ws, []byte("x"))) },
		"DropResumes":    func() error { return ignore(s.DropResumes(ctx, ws, talk, "")) },
		"SweepResumes":   func() error { return ignore(s.SweepResumes(ctx, ws, now)) },
	}
}

// stateOfLog is what a cancelled call must not have changed.
func (w *world) stateOfLog() []any {
	w.t.Helper()
	return []any{
		must(w.Workspaces(w.ctx))(w.t), must(w.Inboxes(w.ctx, w.ws))(w.t), must(w.Users(w.ctx, w.ws))(w.t),
		must(w.Conversations(w.ctx, w.ws, chat.ConversationQuery{View: chat.ViewAll}))(w.t).Conversations,
		must(w.KnowledgeVersion(w.ctx, w.ws))(w.t), must(w.Presence(w.ctx, w.ws))(w.t), must(w.InboxHead(w.ctx, w.ws))(w.t),
	}
}

// cancelOnTheWay cancels appends at random moments and settles each by a
// repeat: it must be there once, at one place.
func cancelOnTheWay(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	n := max(20, 200/slower)
	check(t, together(n, func(i int) error {
		ctx, cancel := context.WithCancel(w.ctx)
		defer cancel()
		timer := time.AfterFunc(time.Duration(i%10)*100*time.Microsecond, cancel)
		defer timer.Stop()
		d := customerSays(fmt.Sprint("message ", i), "x")
		e, err := w.Append(ctx, w.ws, id("talk"), d)
		if err != nil && (chat.CodeOf(err) != chat.CodeUnavailable || !errors.Is(err, context.Canceled)) {
			return err
		}
		again, repeatErr := w.Append(w.ctx, w.ws, id("talk"), d)
		if repeatErr != nil {
			return repeatErr
		}
		if err == nil && again.Seq != e.Seq {
			return fmt.Errorf("acked as %d, repeated as %d", e.Seq, again.Seq)
		}
		return nil
	}))
	w.reopen()
	log, seen := w.log("talk", chat.LogPublic), map[uuid.UUID]bool{}
	for i, e := range log {
		if seen[e.ClientID] || e.Seq != int64(i+1) {
			t.Fatalf("entry %d: %+v, seen before: %v", i, e, seen[e.ClientID])
		}
		seen[e.ClientID] = true
	}
	equal(t, "entries", len(log), n)
}

// closeWhileWriting closes under load: what was acked is there, and what
// was not acked failed as unavailable.
func closeWhileWriting(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	acked := make([][]uuid.UUID, 8)
	started := make(chan struct{}, len(acked))
	errs := make(chan error, 1)
	s := w.Store
	go func() {
		errs <- together(len(acked), func(i int) error {
			for n := 0; ; n++ {
				d := customerSays(fmt.Sprint(i, " ", n), "x")
				if _, err := s.Append(w.ctx, w.ws, id("talk"), d); chat.CodeOf(err) == chat.CodeUnavailable {
					return nil
				} else if err != nil {
					return err
				}
				if acked[i] = append(acked[i], d.ClientID); n == 0 {
					started <- struct{}{}
				}
			}
		})
	}()
	for range acked {
		<-started
	}
	check(t, s.Close())
	check(t, <-errs)
	w.open()
	stored := map[uuid.UUID]bool{}
	for _, e := range w.log("talk", chat.LogPublic) {
		stored[e.ClientID] = true
	}
	for _, ids := range acked {
		for _, client := range ids {
			if !stored[client] {
				t.Errorf("%v was acked and is gone", client)
			}
		}
	}
}
