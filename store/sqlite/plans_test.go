package sqlite

import (
	"context"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/trust"
)

// TestEveryQueryHasItsIndex calls every method once and asks SQLite how it
// runs each statement they used: none may read a whole table, and no list
// that can be long may be sorted.
func TestEveryQueryHasItsIndex(t *testing.T) {
	t.Parallel()
	s := openTest(t, t.TempDir())
	useEverything(t, s)

	queries := map[string]bool{}
	s.reads.Range(func(query, _ any) bool { queries[query.(string)] = true; return true })
	if _, err := write(t.Context(), s, func(x *tx) (int, error) {
		for query := range x.c.stmts {
			queries[query] = true
		}
		return 0, nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(queries) < 60 {
		t.Fatalf("only %d statements were used", len(queries))
	}
	for query := range queries {
		checkPlan(t, s, query)
	}
}

// wholly is what may be read as a whole: lists of a handful of rows, sets that
// are parameters, and the uploads once, when the store is opened.
var wholly = regexp.MustCompile(`^SCAN (workspaces|blob_rows|json_each VIRTUAL TABLE.*|f VIRTUAL TABLE.*|conversation_words VIRTUAL TABLE.*|w VIRTUAL TABLE.*|CONSTANT ROW)$`)

// sorted are the queries that may sort: a customer's conversations and activity, the users, teams,
// inboxes and workspaces, the chunks and questions of an article, and the tags of a conversation.
var sorted = regexp.MustCompile(`(?s)INDEXED BY conversations_by_customer|FROM activity WHERE workspace_id = \?1 AND customer_id IN|FROM users|FROM teams|FROM inboxes|FROM workspaces|ORDER BY a\.revision, c\.ordinal|json_group_array\(q\.text ORDER BY q\.n\)|json_group_array\(t\.name ORDER BY t\.key\)`)

func checkPlan(t *testing.T, s *Store, query string) {
	t.Helper()
	switch strings.Fields(query)[0] {
	case "SELECT", "UPDATE", "DELETE", "INSERT":
	default:
		return
	}
	rows, err := s.reader.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+query, make([]any, highest(query))...)
	if err != nil {
		t.Fatalf("explain %s: %v", query, err)
	}
	type step struct {
		id, parent, unused int
		detail             string
	}
	steps, err := collect(rows, err, func(r row) (s step, err error) {
		err = r.Scan(&s.id, &s.parent, &s.unused, &s.detail)
		return s, err
	})
	if err != nil {
		t.Fatal(err)
	}
	derived := "" // a subquery in FROM is scanned too, under its name
	for _, step := range steps {
		if name, ok := strings.CutPrefix(step.detail, "CO-ROUTINE "); ok {
			derived = "SCAN " + name
		}
		switch {
		case strings.HasPrefix(step.detail, "SCAN") && step.detail != derived && !wholly.MatchString(step.detail):
			t.Errorf("%s\n  in %s", step.detail, query)
		case strings.Contains(step.detail, "ORDER BY") && !sorted.MatchString(query):
			t.Errorf("%s\n  in %s", step.detail, query)
		}
	}
}

// highest counts the parameters of a query.
func highest(query string) int {
	n, numbered := 0, 0
	for _, p := range regexp.MustCompile(`\?\d*`).FindAllString(query, -1) {
		if len(p) > 1 {
			i, _ := strconv.Atoi(p[1:]) // digits, by the expression
			numbered = max(numbered, i)
		} else {
			n++
		}
	}
	return max(n, numbered)
}

// useEverything calls each method with something to do.
func useEverything(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	ws, conv := talk(t, s)
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	draft := says(conv, "x")
	_, err := s.Append(ctx, ws, conv.ID, draft)
	check(err)
	_, err = s.Append(ctx, ws, conv.ID, draft)
	check(err)
	agent, err := s.CreateOwner(ctx, ws, chat.User{Email: "a@example.com"})
	check(err)
	useArticles(ctx, s, ws, conv, check)
	for _, to := range []chat.Owner{chat.OwnerQueue, chat.OwnerAgent} {
		c, err := s.Conversation(ctx, ws, conv.ID)
		check(err)
		_, _, err = s.Transition(ctx, ws, conv.ID, chat.Transition{
			Epoch: c.Epoch, To: to, Status: chat.StatusOpen, Agent: agent.ID, Handoff: &chat.Handoff{},
		})
		check(err)
	}
	useInbox(ctx, s, ws, conv, agent.ID, check)
	usePromises(ctx, s, ws, conv, check)
	useIdentity(ctx, s, ws, conv, check)
	usePeople(ctx, s, ws, conv, agent, check)
	useWork(ctx, s, ws, check)
	useAnswers(ctx, s, ws, conv, check)
	useModels(ctx, s, ws, conv, check)
	useTalk(ctx, s, ws, conv, agent, check)
}

func useTalk(ctx context.Context, s *Store, ws uuid.UUID, conv chat.Conversation, agent chat.User, check func(error)) {
	m, err := s.PutMacro(ctx, ws, chat.Macro{Code: "x", Name: "x", Text: "x"})
	check(err)
	m, err = s.PutMacro(ctx, ws, m)
	check(err)
	_, err = s.Macro(ctx, ws, m.ID)
	check(err)
	_, err = s.Macros(ctx, ws, agent.ID)
	check(err)
	check(s.DropMacro(ctx, ws, m.ID))
	v, err := s.PutSavedView(ctx, ws, chat.SavedView{Name: "x", View: chat.ViewAll})
	check(err)
	_, err = s.SavedViews(ctx, ws, agent.ID)
	check(err)
	check(s.DropSavedView(ctx, ws, v.ID))
	note := chat.Draft{ClientID: uuid.New(), Log: chat.LogStaff, Kind: chat.KindNote, From: chat.Sender{Kind: chat.PartyAgent, ID: agent.ID},
		Body: chat.Body{Mentions: []uuid.UUID{agent.ID}}}
	_, err = s.Append(ctx, ws, conv.ID, note)
	check(err)
	_, err = s.Mentions(ctx, ws, agent.ID, 0)
	check(err)
	_, err = s.CountMentions(ctx, ws, agent.ID)
	check(err)
	_, err = s.SeeMentions(ctx, ws, agent.ID, conv.ID)
	check(err)
	g, err := s.AddGap(ctx, ws, chat.Gap{Conversation: conv.ID, Question: "?"})
	check(err)
	_, err = s.SetGap(ctx, ws, g.ID, chat.GapDone, uuid.Nil)
	check(err)
	for _, state := range []chat.GapState{"", chat.GapDone} {
		_, err = s.Gaps(ctx, ws, chat.GapQuery{State: state})
		check(err)
	}
	for _, q := range []chat.FeedbackQuery{{}, {Unhelpful: true}, {Article: conv.ID}, {Reason: chat.FeedbackWrong}} {
		_, err = s.JudgedAnswers(ctx, ws, q)
		check(err)
	}
}

func useArticles(ctx context.Context, s *Store, ws uuid.UUID, conv chat.Conversation, check func(error)) {
	put := knowledge.Put{
		Input:  knowledge.Input{Source: "s", ExternalID: "e", Status: knowledge.StatusPublished, Visibility: knowledge.Public},
		Chunks: []knowledge.Chunk{{Text: "t"}},
	}
	_, err := s.PutArticles(ctx, ws, []knowledge.Put{put})
	check(err)
	put.Hash[0], put.Phrasings = 1, []string{"A phrasing?"}
	r, err := s.PutArticles(ctx, ws, []knowledge.Put{put})
	check(err)
	useQuestions(ctx, s, ws, r[0].Article.ID, check)
	useTrust(ctx, s, ws, r[0].Article.ID, check)
	fence := chat.Fence{Epoch: 1, CustomerSeq: 1, Versions: []uuid.UUID{r[0].Article.Version}}
	_, err = s.AppendIf(ctx, ws, conv.ID, chat.Draft{ClientID: uuid.New(), From: chat.Sender{Kind: chat.PartyBot}, Kind: chat.KindMessage}, fence)
	check(err)
	_, err = s.Article(ctx, ws, r[0].Article.ID)
	check(err)
	_, err = s.ArticleVersion(ctx, ws, r[0].Article.Version)
	check(err)
	_, err = s.ListArticles(ctx, ws, knowledge.ArticleQuery{Text: "x"})
	check(err)
	_, err = s.DocumentsSince(ctx, ws, 0, 0)
	check(err)
	_, err = s.KnowledgeVersion(ctx, ws)
	check(err)
	check(s.PutVectors(ctx, ws, "m", []knowledge.Vector{{Values: []float32{1}}}))
	_, err = s.Vectors(ctx, ws, "m", [][32]byte{{}})
	check(err)
	_, _, err = s.PendingVectors(ctx, ws, "m", 0)
	check(err)
	_, err = s.ArchiveMissing(ctx, ws, "s", []string{"e"})
	check(err)
	_, err = s.ArchiveArticles(ctx, ws, []uuid.UUID{r[0].Article.ID})
	check(err)
}

func useQuestions(ctx context.Context, s *Store, ws, article uuid.UUID, check func(error)) {
	r, err := s.PutQuestions(ctx, ws, []knowledge.Question{{Article: knowledge.ArticleName{ID: article}, Text: "?", Origin: knowledge.OriginHistory,
		Source: "s", External: "e", Status: knowledge.QuestionProposed}})
	check(err)
	for _, status := range []knowledge.QuestionStatus{knowledge.QuestionRejected, knowledge.QuestionAccepted} {
		_, err = s.DecideQuestions(ctx, ws, []uuid.UUID{r[0].Question.ID}, status, uuid.Nil)
		check(err)
	}
	_, err = s.ListQuestions(ctx, ws, knowledge.QuestionQuery{})
	check(err)
}

func useTrust(ctx context.Context, s *Store, ws, article uuid.UUID, check func(error)) {
	_, err := s.AddVerdicts(ctx, ws, []trust.Verdict{{ID: uuid.New(), Article: article}})
	check(err)
	for _, q := range []trust.VerdictQuery{{}, {Article: article}} {
		_, err = s.Verdicts(ctx, ws, q)
		check(err)
	}
	t, err := s.PutTopic(ctx, ws, trust.Topic{Article: article})
	check(err)
	_, err = s.PutTopic(ctx, ws, t)
	check(err)
	_, err = s.Topic(ctx, ws, article)
	check(err)
	_, err = s.Topics(ctx, ws)
	check(err)
	_, err = s.AddTuning(ctx, ws, trust.Tuning{Judge: []byte("{}"), Report: []byte("{}")})
	check(err)
	_, err = s.Tuning(ctx, ws)
	check(err)
	check(s.DropTuning(ctx, ws))
}

func useModels(ctx context.Context, s *Store, ws uuid.UUID, conv chat.Conversation, check func(error)) {
	set, err := s.PutSetting(ctx, ws, chat.Setting{Inbox: conv.Inbox, Name: "x", Value: []byte("1")})
	check(err)
	_, err = s.Setting(ctx, ws, set.Inbox, set.Name)
	check(err)
	_, err = s.SettingHistory(ctx, ws, set.Inbox, set.Name, 0)
	check(err)
	day := time.Now()
	check(s.AddSpend(ctx, ws, chat.Spend{Day: day, Calls: 1}))
	for _, q := range []chat.SpendQuery{{}, {Day: day}, {Inbox: conv.Inbox}, {Day: day, Inbox: conv.Inbox}, {Customer: conv.Customer},
		{Day: day, Customer: conv.Customer}, {Conversation: conv.ID}, {Day: day, Inbox: conv.Inbox, Customer: conv.Customer, Conversation: conv.ID}} {
		_, err = s.Spent(ctx, ws, q)
		check(err)
	}
	_, err = s.SpendBy(ctx, ws, day)
	check(err)
	check(s.PutTurn(ctx, ws, chat.TurnRecord{Turn: conv.ID, Conversation: conv.ID, Body: []byte("1")}))
	_, err = s.TurnRecord(ctx, ws, conv.ID)
	check(err)
	_, err = s.TurnRecords(ctx, ws, conv.ID)
	check(err)
	_, err = s.PruneTurns(ctx, ws, day)
	check(err)
	check(s.PutMemory(ctx, ws, chat.Memory{Conversation: conv.ID, Body: []byte("1")}))
	_, err = s.Memory(ctx, ws, conv.ID)
	check(err)
}

func useInbox(ctx context.Context, s *Store, ws uuid.UUID, conv chat.Conversation, agent uuid.UUID, check func(error)) {
	for _, view := range []chat.View{chat.ViewAll, chat.ViewMine, chat.ViewTeam, chat.ViewSnoozed, chat.ViewQueue, chat.ViewClosed} {
		for _, customer := range []uuid.UUID{uuid.Nil, conv.Customer} {
			for _, whose := range []uuid.UUID{uuid.Nil, agent} {
				_, err := s.Conversations(ctx, ws, chat.ConversationQuery{View: view, Agent: whose, Customer: customer})
				check(err)
			}
		}
	}
	_, err := s.CountConversations(ctx, ws, agent)
	check(err)
	_, err = s.Due(ctx, ws, 0)
	check(err)
	team, err := s.PutTeam(ctx, ws, chat.Team{Name: "Team", Members: []uuid.UUID{agent}})
	check(err)
	_, err = s.Teams(ctx, ws)
	check(err)
	c, err := s.Conversation(ctx, ws, conv.ID)
	check(err)
	until := time.Now().Add(time.Hour)
	_, _, err = s.Transition(ctx, ws, conv.ID, chat.Transition{Epoch: c.Epoch, To: c.Owner, Agent: c.Agent, Status: c.Status, Team: &team.ID, Snooze: &until})
	check(err)
	_, err = s.Append(ctx, ws, conv.ID, says(conv, "wakes it"))
	check(err)
	check(s.DropTeam(ctx, ws, team.ID))
	_, err = s.Heads(ctx, ws, []uuid.UUID{conv.ID})
	check(err)
	_, err = s.InboxHead(ctx, ws)
	check(err)
	_, err = s.Awaiting(ctx, ws, time.Now(), 0)
	check(err)
	_, err = s.Orphans(ctx, ws, time.Now())
	check(err)
	_, err = s.QueuePlace(ctx, ws, conv.ID)
	check(err)
	for _, inbox := range []uuid.UUID{uuid.Nil, conv.Inbox} {
		_, err = s.HelpTallies(ctx, ws, chat.FactQuery{Until: time.Now(), Inbox: inbox})
		check(err)
		_, err = s.Tallies(ctx, ws, chat.FactQuery{Until: time.Now(), Inbox: inbox})
		check(err)
		_, err = s.Delays(ctx, ws, chat.FactQuery{Until: time.Now(), Inbox: inbox})
		check(err)
		_, err = s.Waiting(ctx, ws, inbox)
		check(err)
	}
	_, err = s.Loads(ctx, ws)
	check(err)
	_, err = s.Waits(ctx, ws, 0)
	check(err)
	_, err = s.Told(ctx, ws, conv.ID)
	check(err)
	useSearch(ctx, s, ws, conv, check)
	_, err = s.Handoff(ctx, ws, conv.ID)
	check(err)
	_, err = s.Entries(ctx, ws, conv.ID, chat.LogPublic, 100, 0)
	check(err)
}

func usePromises(ctx context.Context, s *Store, ws uuid.UUID, conv chat.Conversation, check func(error)) {
	transition := func(m chat.Transition) {
		c, err := s.Conversation(ctx, ws, conv.ID)
		check(err)
		m.Epoch, m.To, m.Agent, m.Status = c.Epoch, c.Owner, c.Agent, c.Status
		_, _, err = s.Transition(ctx, ws, conv.ID, m)
		check(err)
	}
	due := time.Now().Add(time.Hour)
	p := chat.Promise{ID: uuid.New(), Kind: chat.PromiseOther, Text: "x", Due: due}
	transition(chat.Transition{Record: &p, Promised: due})
	transition(chat.Transition{Promises: []chat.PromiseMove{{ID: p.ID, State: chat.PromiseMoved, Due: due}}, Promised: due.Add(time.Hour)})
	stored, err := s.Promise(ctx, ws, p.ID)
	check(err)
	_, err = s.PromiseByNumber(ctx, ws, stored.Number)
	check(err)
	for _, q := range []chat.PromiseQuery{{}, {Owner: &uuid.Nil}, {State: chat.PromiseKept}, {Conversation: conv.ID}, {Customer: conv.Customer},
		{Conversation: conv.ID, State: chat.PromiseOpen}, {Customer: conv.Customer, State: chat.PromiseKept}} {
		_, err = s.Promises(ctx, ws, q)
		check(err)
	}
	_, err = s.PromisesToActOn(ctx, ws, 0)
	check(err)
	_, err = s.PromiseStats(ctx, ws, due)
	check(err)
}

func useIdentity(ctx context.Context, s *Store, ws uuid.UUID, conv chat.Conversation, check func(error)) {
	key, err := s.AddIdentityKey(ctx, ws, chat.IdentityKey{Inbox: conv.Inbox, Use: chat.ProofToken, Secret: []byte("x")})
	check(err)
	_, err = s.IdentityKeys(ctx, ws, conv.Inbox)
	check(err)
	check(s.DropIdentityKey(ctx, ws, conv.Inbox, key.ID))
	who, err := s.IdentifyCustomer(ctx, ws, chat.Customer{Subject: "x", SubjectInbox: conv.Inbox})
	check(err)
	check(s.VerifyCustomer(ctx, ws, who.ID, chat.Verification{}, ""))
	code, err := s.AddCode(ctx, ws, chat.IdentityCode{Conversation: conv.ID, Customer: conv.Customer, Email: "x", Tries: 1, Until: time.Now().Add(time.Hour)},
		chat.CodeLimit{Since: time.Now().Add(-time.Hour), Conversation: 9, Emails: 9})
	check(err)
	_, err = s.Code(ctx, ws, code.ID)
	check(err)
	_, err = s.TryCode(ctx, ws, conv.ID, conv.Customer)
	check(err)
	check(s.UseCode(ctx, ws, code.ID))
	m, err := s.MergeCustomers(ctx, ws, chat.Merge{From: conv.Customer, Into: who.ID})
	check(err)
	_, err = s.Merges(ctx, ws, who.ID)
	check(err)
	check(s.SetAttributes(ctx, ws, conv.Inbox, conv.Customer, map[string]chat.Scalar{"plan": "x"}))
	_, err = s.AddActivity(ctx, ws, conv.Inbox, conv.Customer, chat.Activity{Kind: chat.ActivityEvent, Name: "x"})
	check(err)
	all, err := s.Inboxes(ctx, ws)
	check(err)
	all[0].Settings.Privacy.PageViews = true
	_, err = s.PutInbox(ctx, ws, all[0])
	check(err)
	_, err = s.AddActivity(ctx, ws, conv.Inbox, conv.Customer, chat.Activity{Kind: chat.ActivityVisit, Page: chat.Page{URL: "https://x"}})
	check(err)
	_, err = s.Activity(ctx, ws, conv.Customer)
	check(err)
	check(s.SetConsent(ctx, ws, conv.Customer, true))
	check(s.SetConsent(ctx, ws, conv.Customer, false))
	_, err = s.PruneActivity(ctx, ws, time.Now())
	check(err)
	_, err = s.UndoMerge(ctx, ws, m.ID, uuid.Nil)
	check(err)
	_, err = s.PutMail(ctx, ws, chat.Mail{State: chat.MailSent})
	check(err)
	for _, state := range []chat.MailState{"", chat.MailSent} {
		_, err = s.Mails(ctx, ws, state, 0)
		check(err)
	}
	_, err = s.PruneMails(ctx, ws, time.Now())
	check(err)
}

func useStaff(ctx context.Context, s *Store, ws uuid.UUID, agent chat.User, check func(error)) {
	off := true
	other, err := s.CreateUser(ctx, ws, chat.User{Email: "o@example.com", Role: chat.RoleAgent})
	check(err)
	_, _, err = s.ChangeUser(ctx, ws, other.ID, chat.UserChange{Disabled: &off})
	check(err)
	if _, err = s.UserByIdentity(ctx, ws, chat.StaffIdentity{Issuer: "i", Subject: "s"}); chat.CodeOf(err) != chat.CodeNotFound {
		check(err)
	}
	if _, err = s.UserByLink(ctx, ws, []byte("h")); chat.CodeOf(err) != chat.CodeNotFound {
		check(err)
	}
	_, err = s.BeginSession(ctx, ws, "t", chat.StaffSession{User: agent.ID, ExpiresAt: time.Now().Add(time.Hour)})
	check(err)
	check(s.SaveSession(ctx, "t", nil, time.Now().Add(time.Hour)))
	_, _, err = s.FindSession(ctx, "t")
	check(err)
	_, err = s.Sessions(ctx, ws, agent.ID)
	check(err)
	_, err = s.EndSessions(ctx, ws, agent.ID, agent.ID, true)
	check(err)
	check(s.DeleteSession(ctx, "t"))
	_, err = s.AddAudit(ctx, ws, chat.AuditEntry{Action: "x"})
	check(err)
	for _, q := range []chat.AuditQuery{{}, {Action: "x"}, {Actor: agent.ID}, {Object: "x"}, {Actor: agent.ID, Action: "x", From: time.Now(), To: time.Now()}} {
		_, err = s.Audit(ctx, ws, q)
		check(err)
	}
	_, err = s.PruneAudit(ctx, ws, time.Now())
	check(err)
}

func usePeople(ctx context.Context, s *Store, ws uuid.UUID, conv chat.Conversation, agent chat.User, check func(error)) {
	_, err := s.Customer(ctx, ws, conv.Customer)
	check(err)
	if _, err = s.CustomerByToken(ctx, ws, []byte("x")); chat.CodeOf(err) != chat.CodeNotFound {
		check(err)
	}
	check(s.UpdateCustomer(ctx, ws, chat.Customer{ID: conv.Customer}))
	useStaff(ctx, s, ws, agent, check)
	_, err = s.User(ctx, ws, agent.ID)
	check(err)
	_, err = s.UserByEmail(ctx, ws, agent.Email)
	check(err)
	_, err = s.Users(ctx, ws)
	check(err)
	check(s.SetPresence(ctx, ws, agent.ID, chat.PresenceOnline))
	_, err = s.Presence(ctx, ws)
	check(err)
	_, err = s.PutProfile(ctx, ws, chat.Profile{User: agent.ID})
	check(err)
	_, err = s.Profiles(ctx, ws)
	check(err)
	_, err = s.Inboxes(ctx, ws)
	check(err)
	_, err = s.InboxByKey(ctx, "key")
	check(err)
	_, err = s.Secret(ctx, ws, "x")
	check(err)
	_, err = s.Workspaces(ctx)
	check(err)
}

func useWork(ctx context.Context, s *Store, ws uuid.UUID, check func(error)) {
	soon := time.Now().Add(time.Hour)
	_, err := s.AcquireLease(ctx, ws, "k", "h", soon)
	check(err)
	check(s.ReleaseLease(ctx, ws, "k", "h"))
	job, err := s.Enqueue(ctx, ws, chat.Job{Kind: "k", Unique: "u"})
	check(err)
	_, err = s.ClaimJobs(ctx, ws, "k", "h", soon, 1)
	check(err)
	check(s.RetryJob(ctx, ws, job.ID, "h", time.Now(), "x"))
	_, err = s.ClaimJobs(ctx, ws, "k", "h", soon, 1)
	check(err)
	check(s.FinishJob(ctx, ws, job.ID, "h"))
	b, err := s.PutBlob(ctx, ws, chat.Blob{}, strings.NewReader("x"))
	check(err)
	_, err = s.PutBlob(ctx, ws, b, strings.NewReader("x"))
	if chat.CodeOf(err) != chat.CodeConflict {
		check(err)
	}
	_, r, err := s.Blob(ctx, ws, b.ID)
	check(err)
	_, err = io.ReadAll(r)
	check(err)
	check(r.Close())
}

func useAnswers(ctx context.Context, s *Store, ws uuid.UUID, conv chat.Conversation, check func(error)) {
	by := chat.Sender{Kind: chat.PartyCustomer, ID: conv.Customer}
	for range 2 {
		b, err := s.PutBlob(ctx, ws, chat.Blob{Conversation: conv.ID, By: by}, strings.NewReader("x"))
		check(err)
		_, err = s.ClaimFiles(ctx, ws, conv.ID, by, "", uuid.New(), []uuid.UUID{b.ID})
		check(err)
	}
	_, err := s.SweepFiles(ctx, ws, time.Now().Add(time.Hour))
	check(err)
	check(s.SetRead(ctx, ws, conv.ID, 1))
	_, err = s.ReadUpTo(ctx, ws, conv.ID)
	check(err)
	m, err := s.BeginMail(ctx, ws, chat.Mail{ID: uuid.New(), Kind: "k", Conversation: conv.ID, Seq: 1}, 0)
	check(err)
	_, err = s.Mail(ctx, ws, m.ID)
	check(err)
	_, err = s.MailedUpTo(ctx, ws, conv.ID, "k")
	check(err)
	_, _, err = s.CountJobs(ctx, ws, "k")
	check(err)
	_, err = s.AddResume(ctx, ws, chat.Resume{Hash: []byte("x"), Conversation: conv.ID})
	check(err)
	_, err = s.Resume(ctx, ws, []byte("x"))
	check(err)
	_, err = s.DropResumes(ctx, ws, conv.ID, "x")
	check(err)
	_, err = s.SweepResumes(ctx, ws, time.Now())
	check(err)
}
