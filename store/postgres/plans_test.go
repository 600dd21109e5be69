package postgres

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/trust"
)

// TestEveryQueryHasItsIndex calls every method once and asks the server how
// it would run each statement they prepared, if it had to avoid reading whole
// tables: where it reads one all the same, an index is missing.
func TestEveryQueryHasItsIndex(t *testing.T) {
	t.Parallel()
	needServer(t)
	// One connection prepares them all. Nothing may need two at a time.
	s := openTest(t, newDatabase(t)+"&pool_max_conns=1")
	useEverything(t, s)
	grow(t, s)
	plans := plansOf(t, s.pool)
	for sql, plan := range plansOf(t, s.commit.pool) {
		plans[sql] = plan
	}
	if len(plans) < 70 {
		t.Fatalf("only %d statements were used", len(plans))
	}
	for sql, plan := range plans {
		if strings.HasPrefix(sql, `select "`) {
			continue // asked by pgx for the types of a COPY, and not run
		}
		for line := range strings.Lines(plan) {
			if strings.Contains(line, "Seq Scan") && !wholly.MatchString(line) {
				t.Errorf("%s  in %s", line, sql)
			}
		}
	}
	for list, index := range map[string]string{
		"waiting_since IS NOT NULL ORDER BY":                                    "conversations_queue",
		"agent_id = $2 AND snoozed_until IS NULL ORDER BY":                      "conversations_mine",
		"m.team_id = conversations.team_id) ORDER BY":                           "conversations_teams",
		"snoozed_until IS NOT NULL AND agent_id = $2 ORDER":                     "conversations_snoozed",
		"AND snoozed_until IS NOT NULL ORDER":                                   "conversations_snoozed",
		"snoozed_until <= $2 ORDER":                                             "conversations_snoozed",
		"SET team_id = NULL":                                                    "conversations_team",
		"status = 'open' ORDER BY updated_at":                                   "conversations_open",
		"status = 'closed' ORDER BY":                                            "conversations_closed",
		"FROM conversations WHERE workspace_id = $1 AND customer_id = $2 ORDER": "conversations_customer",
		"FROM activity WHERE workspace_id = $1 AND customer_id = $2 ORDER":      "activity_customer",
		"AND customer_at < $2 AND owner = 'bot'":                                "conversations_unanswered",
		"AND customer_at < $2 AND last_from":                                    "conversations_unanswered",
		"action = $3 ORDER BY number":                                           "audit_action",
		"actor_id = $3 ORDER BY number":                                         "audit_actor",
		"object_id = $3 ORDER BY number":                                        "audit_object",
		"(q.queued_at, q.id) <=":                                                "conversations_queue",
		"ORDER BY seq LIMIT":                                                    "entries_pkey",
		"FROM unnest($3::uuid[]":                                                "entries_client",
		"a.revision DESC":                                                       "articles_workspace_id_revision_key",
		"a.revision > $2":                                                       "articles_workspace_id_revision_key",
		"FOR UPDATE SKIP LOCKED))\n\t\tRETURNING id, kind":                      "jobs_due",
		"FROM claims":                                     "claims_pkey",
		"SELECT DISTINCT ON (hash) hash, text":            "vectors_pkey",
		"FOR NO KEY UPDATE OF c":                          "conversations_pkey",
		"UPDATE conversations SET owner":                  "conversations_pkey",
		"SELECT id, customer_id, last_seq, staff_seq, ep": "conversations_pkey",
	} {
		if plan := planWith(plans, list); !strings.Contains(plan, index) {
			t.Errorf("%q does not use %s:\n%s", list, index, plan)
		}
	}
}

// wholly is what may be read as a whole: the workspaces, which are few, and
// the unfinished uploads, which are hardly any.
var wholly = regexp.MustCompile(`Seq Scan on (workspaces|uploads) `)

// grow adds conversations in all states, and lets the server take note: among
// a handful of rows every index is as good as another.
func grow(t *testing.T, s *Store) {
	t.Helper()
	for _, sql := range []string{
		`INSERT INTO conversations (workspace_id, id, inbox_id, customer_id, owner, agent_id, epoch, status, last_from, customer_seq, customer_at,
				subject, locale, page_url, page_title, waiting_since, created_at, updated_at)
			SELECT workspace_id, gen_random_uuid(), inbox_id, customer_id, (ARRAY['bot', 'queue', 'agent'])[1 + n % 3],
				CASE n % 3 WHEN 2 THEN gen_random_uuid() END, 1, CASE WHEN n % 10 = 0 THEN 'open' ELSE 'closed' END,
				'customer', n % 2, created_at, '', '', '', '', CASE WHEN n % 30 = 10 THEN created_at + n * interval '1 second' END,
				created_at, created_at + n * interval '1 second'
			FROM conversations, generate_series(1, 3000) n`,
		`ANALYZE conversations`,
	} {
		if _, err := s.pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
}

func planWith(plans map[string]string, text string) string {
	for sql, plan := range plans {
		if strings.Contains(sql, text) {
			return plan
		}
	}
	return "(no such statement)"
}

// plansOf gives the plans of all statements that are prepared on a pool of
// one connection, as they are without knowing the parameters.
func plansOf(t *testing.T, pool *pgxpool.Pool) map[string]string {
	t.Helper()
	ctx := t.Context()
	conn, err := pool.Acquire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	type prepared struct {
		Name, Statement string
		Parameters      int
	}
	all, err := list(ctx, conn, pgx.RowToStructByPos[prepared], `SELECT name, statement, coalesce(array_length(parameter_types, 1), 0)
		FROM pg_prepared_statements WHERE statement ~* '^\s*(--|SELECT|INSERT|UPDATE|DELETE|WITH)' AND statement !~ 'vectors_[0-9a-f]+_new'`) // a table that is gone
	if err != nil {
		t.Fatal(err)
	}
	// In a transaction, so that these settings end.
	x, err := conn.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Rollback(ctx)
	if err := execute(ctx, x, `SET LOCAL plan_cache_mode = force_generic_plan`, `SET LOCAL enable_seqscan = off`, `DISCARD PLANS`); err != nil {
		t.Fatal(err)
	}
	plans := make(map[string]string)
	for _, p := range all {
		nulls := strings.TrimSuffix(strings.Repeat("NULL, ", p.Parameters), ", ")
		if nulls != "" {
			nulls = "(" + nulls + ")"
		}
		rows, err := x.Query(ctx, `EXPLAIN EXECUTE `+pgx.Identifier{p.Name}.Sanitize()+nulls, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			t.Fatalf("%s: %v", p.Statement, err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatalf("%s: %v", p.Statement, err)
		}
		plans[p.Statement] = strings.Join(lines, "\n")
	}
	return plans
}

// user calls methods and fails at the first that does.
type user struct {
	t   *testing.T
	ctx context.Context
	s   *Store
	ws  uuid.UUID
}

func (u user) ok(err error) {
	u.t.Helper()
	if err != nil {
		u.t.Fatal(err)
	}
}

// got is ok for calls that give something.
func got[T any](u user) func(T, error) T {
	return func(v T, err error) T {
		u.t.Helper()
		u.ok(err)
		return v
	}
}

// useEverything calls each method with something to do.
func useEverything(t *testing.T, s *Store) {
	t.Helper()
	u := user{t: t, ctx: t.Context(), s: s}
	var convs []chat.Conversation
	u.ws, convs = seed(t, s, 1)
	conv := convs[0]
	draft := asks(conv, "x")
	got[chat.Entry](u)(s.Append(u.ctx, u.ws, conv.ID, draft))
	got[chat.Conversation](u)(s.OpenConversation(u.ctx, u.ws, conv))
	agent := got[chat.User](u)(s.CreateOwner(u.ctx, u.ws, chat.User{Email: "a@example.com"}))
	u.useArticles(conv)
	for epoch, to := range []chat.Owner{chat.OwnerQueue, chat.OwnerAgent} {
		_, _, err := s.Transition(u.ctx, u.ws, conv.ID, chat.Transition{
			Epoch: int64(epoch + 1), To: to, Status: chat.StatusOpen, Agent: agent.ID, Handoff: &chat.Handoff{},
		})
		u.ok(err)
	}
	u.useInbox(conv, agent)
	u.usePromises(conv)
	u.useIdentity(conv)
	u.usePeople(conv, agent)
	u.useAnswers(conv)
	u.useWork()
	u.useModels(conv)
	u.useTalk(conv, agent)
	u.ok(s.Ping(u.ctx))
}

func (u user) useTalk(conv chat.Conversation, agent chat.User) {
	m := got[chat.Macro](u)(u.s.PutMacro(u.ctx, u.ws, chat.Macro{Code: "x", Name: "x", Text: "x"}))
	m = got[chat.Macro](u)(u.s.PutMacro(u.ctx, u.ws, m))
	got[chat.Macro](u)(u.s.Macro(u.ctx, u.ws, m.ID))
	got[[]chat.Macro](u)(u.s.Macros(u.ctx, u.ws, agent.ID))
	u.ok(u.s.DropMacro(u.ctx, u.ws, m.ID))
	v := got[chat.SavedView](u)(u.s.PutSavedView(u.ctx, u.ws, chat.SavedView{Name: "x", View: chat.ViewAll}))
	got[[]chat.SavedView](u)(u.s.SavedViews(u.ctx, u.ws, agent.ID))
	u.ok(u.s.DropSavedView(u.ctx, u.ws, v.ID))
	got[chat.Entry](u)(u.s.Append(u.ctx, u.ws, conv.ID, chat.Draft{ClientID: uuid.New(), Log: chat.LogStaff, Kind: chat.KindNote,
		From: chat.Sender{Kind: chat.PartyAgent, ID: agent.ID}, Body: chat.Body{Mentions: []uuid.UUID{agent.ID}}}))
	got[[]chat.Mention](u)(u.s.Mentions(u.ctx, u.ws, agent.ID, 0))
	got[int](u)(u.s.CountMentions(u.ctx, u.ws, agent.ID))
	got[int](u)(u.s.SeeMentions(u.ctx, u.ws, agent.ID, conv.ID))
	g := got[chat.Gap](u)(u.s.AddGap(u.ctx, u.ws, chat.Gap{Conversation: conv.ID, Question: "?"}))
	got[chat.Gap](u)(u.s.SetGap(u.ctx, u.ws, g.ID, chat.GapDone, uuid.Nil))
	for _, state := range []chat.GapState{"", chat.GapDone} {
		got[chat.GapPage](u)(u.s.Gaps(u.ctx, u.ws, chat.GapQuery{State: state}))
	}
	for _, q := range []chat.FeedbackQuery{{}, {Unhelpful: true}, {Article: conv.ID}, {Reason: chat.FeedbackWrong}} {
		got[chat.FeedbackPage](u)(u.s.JudgedAnswers(u.ctx, u.ws, q))
	}
}

func (u user) useArticles(conv chat.Conversation) {
	put := testArticle(3)
	got[[]knowledge.PutResult](u)(u.s.PutArticles(u.ctx, u.ws, []knowledge.Put{put}))
	put.Hash[0]++
	put.Phrasings = []string{"A phrasing?"}
	r := got[[]knowledge.PutResult](u)(u.s.PutArticles(u.ctx, u.ws, []knowledge.Put{put}))
	u.useQuestions(r[0].Article.ID)
	u.useTrust(r[0].Article.ID)
	got[chat.Entry](u)(u.s.AppendIf(u.ctx, u.ws, conv.ID, chat.Draft{ClientID: uuid.New(), From: chat.Sender{Kind: chat.PartyBot}, Kind: chat.KindMessage},
		chat.Fence{Epoch: 1, CustomerSeq: 1, Versions: []uuid.UUID{r[0].Article.Version}}))
	got[knowledge.Article](u)(u.s.Article(u.ctx, u.ws, r[0].Article.ID))
	got[knowledge.Article](u)(u.s.ArticleVersion(u.ctx, u.ws, r[0].Article.Version))
	for _, q := range []knowledge.ArticleQuery{{}, {Text: "x", Status: knowledge.StatusDraft, Visibility: knowledge.Internal, Source: "x"}} {
		got[knowledge.ArticlePage](u)(u.s.ListArticles(u.ctx, u.ws, q))
	}
	got[[]knowledge.Document](u)(u.s.DocumentsSince(u.ctx, u.ws, 0, 0))
	got[int64](u)(u.s.KnowledgeVersion(u.ctx, u.ws))
	_, _, err := u.s.PendingVectors(u.ctx, u.ws, testModel, 0)
	u.ok(err)
	vs := someVectors(3, 4)
	u.ok(u.s.PutVectors(u.ctx, u.ws, testModel, vs))
	u.ok(u.s.BuildVectorIndex(u.ctx, u.ws, testModel, 4))
	u.ok(u.s.PutVectors(u.ctx, u.ws, testModel, someVectors(3, 4)))
	got[[]knowledge.Vector](u)(u.s.Vectors(u.ctx, u.ws, testModel, [][32]byte{vs[0].Hash}))
	_, ok, err := u.s.NearestChunks(u.ctx, u.ws, testModel, vs[0].Values, 2, knowledge.VectorFilter{Locale: "de"})
	if u.ok(err); !ok {
		u.t.Fatal("no vector index")
	}
	got[int](u)(u.s.ArchiveMissing(u.ctx, u.ws, "test", []string{"3"}))
	got[int](u)(u.s.ArchiveArticles(u.ctx, u.ws, []uuid.UUID{r[0].Article.ID}))
}

func (u user) useQuestions(article uuid.UUID) {
	r := got[[]knowledge.QuestionResult](u)(u.s.PutQuestions(u.ctx, u.ws, []knowledge.Question{{Article: knowledge.ArticleName{ID: article}, Text: "?",
		Origin: knowledge.OriginHistory, Source: "s", External: "e", Status: knowledge.QuestionProposed}}))
	for _, status := range []knowledge.QuestionStatus{knowledge.QuestionRejected, knowledge.QuestionAccepted} {
		got[int](u)(u.s.DecideQuestions(u.ctx, u.ws, []uuid.UUID{r[0].Question.ID}, status, uuid.Nil))
	}
	for _, q := range []knowledge.QuestionQuery{{}, {Article: article, Status: knowledge.QuestionAccepted, Origin: knowledge.OriginHistory}} {
		got[knowledge.QuestionPage](u)(u.s.ListQuestions(u.ctx, u.ws, q))
	}
}

func (u user) useTrust(article uuid.UUID) {
	got[int](u)(u.s.AddVerdicts(u.ctx, u.ws, []trust.Verdict{{ID: uuid.New(), Article: article}}))
	for _, q := range []trust.VerdictQuery{{}, {Article: article}} {
		got[[]trust.Verdict](u)(u.s.Verdicts(u.ctx, u.ws, q))
	}
	t := got[trust.Topic](u)(u.s.PutTopic(u.ctx, u.ws, trust.Topic{Article: article}))
	got[trust.Topic](u)(u.s.PutTopic(u.ctx, u.ws, t))
	got[trust.Topic](u)(u.s.Topic(u.ctx, u.ws, article))
	got[[]trust.Topic](u)(u.s.Topics(u.ctx, u.ws))
	got[trust.Tuning](u)(u.s.AddTuning(u.ctx, u.ws, trust.Tuning{Judge: []byte("{}"), Report: []byte("{}")}))
	got[trust.Tuning](u)(u.s.Tuning(u.ctx, u.ws))
	if err := u.s.DropTuning(u.ctx, u.ws); err != nil {
		u.t.Fatal(err)
	}
}

func (u user) useModels(conv chat.Conversation) {
	set := got[chat.Setting](u)(u.s.PutSetting(u.ctx, u.ws, chat.Setting{Inbox: conv.Inbox, Name: "x", Value: []byte("1")}))
	got[chat.Setting](u)(u.s.Setting(u.ctx, u.ws, set.Inbox, set.Name))
	got[[]chat.Setting](u)(u.s.SettingHistory(u.ctx, u.ws, set.Inbox, set.Name, 0))
	day := time.Now()
	u.ok(u.s.AddSpend(u.ctx, u.ws, chat.Spend{Day: day, Calls: 1}))
	for _, q := range []chat.SpendQuery{{}, {Day: day}, {Inbox: conv.Inbox}, {Day: day, Inbox: conv.Inbox}, {Customer: conv.Customer},
		{Day: day, Customer: conv.Customer}, {Conversation: conv.ID}, {Day: day, Inbox: conv.Inbox, Customer: conv.Customer, Conversation: conv.ID}} {
		got[chat.Spent](u)(u.s.Spent(u.ctx, u.ws, q))
	}
	got[[]chat.Spend](u)(u.s.SpendBy(u.ctx, u.ws, day))
	u.ok(u.s.PutTurn(u.ctx, u.ws, chat.TurnRecord{Turn: conv.ID, Conversation: conv.ID, Body: []byte("1")}))
	got[chat.TurnRecord](u)(u.s.TurnRecord(u.ctx, u.ws, conv.ID))
	got[[]chat.TurnRecord](u)(u.s.TurnRecords(u.ctx, u.ws, conv.ID))
	got[int](u)(u.s.PruneTurns(u.ctx, u.ws, day))
	u.ok(u.s.PutMemory(u.ctx, u.ws, chat.Memory{Conversation: conv.ID, Body: []byte("1")}))
	got[chat.Memory](u)(u.s.Memory(u.ctx, u.ws, conv.ID))
}

func (u user) useInbox(conv chat.Conversation, agent chat.User) {
	for _, view := range []chat.View{chat.ViewAll, chat.ViewMine, chat.ViewTeam, chat.ViewSnoozed, chat.ViewQueue, chat.ViewClosed} {
		for _, customer := range []uuid.UUID{uuid.Nil, conv.Customer} {
			for _, whose := range []uuid.UUID{uuid.Nil, agent.ID} {
				got[chat.ConversationPage](u)(u.s.Conversations(u.ctx, u.ws, chat.ConversationQuery{View: view, Customer: customer, Agent: whose}))
			}
		}
	}
	got[chat.Counts](u)(u.s.CountConversations(u.ctx, u.ws, agent.ID))
	got[[]chat.Conversation](u)(u.s.Due(u.ctx, u.ws, 0))
	team := got[chat.Team](u)(u.s.PutTeam(u.ctx, u.ws, chat.Team{Name: "Team", Members: []uuid.UUID{agent.ID}}))
	got[[]chat.Team](u)(u.s.Teams(u.ctx, u.ws))
	c := got[chat.Conversation](u)(u.s.Conversation(u.ctx, u.ws, conv.ID))
	until := time.Now().Add(time.Hour)
	_, _, err := u.s.Transition(u.ctx, u.ws, conv.ID, chat.Transition{Epoch: c.Epoch, To: c.Owner, Agent: c.Agent, Status: c.Status, Team: &team.ID, Snooze: &until})
	u.ok(err)
	u.ok(u.s.DropTeam(u.ctx, u.ws, team.ID))
	got[chat.Conversation](u)(u.s.Conversation(u.ctx, u.ws, conv.ID))
	got[[]chat.Head](u)(u.s.Heads(u.ctx, u.ws, []uuid.UUID{conv.ID}))
	got[int64](u)(u.s.InboxHead(u.ctx, u.ws))
	got[[]chat.Conversation](u)(u.s.Awaiting(u.ctx, u.ws, time.Now(), 0))
	got[int](u)(u.s.Orphans(u.ctx, u.ws, time.Now()))
	for _, inbox := range []uuid.UUID{uuid.Nil, conv.Inbox} {
		got[[]chat.HelpTally](u)(u.s.HelpTallies(u.ctx, u.ws, chat.FactQuery{Until: time.Now(), Inbox: inbox}))
		got[[]chat.Tally](u)(u.s.Tallies(u.ctx, u.ws, chat.FactQuery{Until: time.Now(), Inbox: inbox}))
		got[[]chat.Delay](u)(u.s.Delays(u.ctx, u.ws, chat.FactQuery{Until: time.Now(), Inbox: inbox}))
		got[[]chat.Waiting](u)(u.s.Waiting(u.ctx, u.ws, inbox))
	}
	got[[]chat.Load](u)(u.s.Loads(u.ctx, u.ws))
	got[int](u)(u.s.QueuePlace(u.ctx, u.ws, conv.ID))
	got[[]chat.Wait](u)(u.s.Waits(u.ctx, u.ws, 0))
	got[chat.Told](u)(u.s.Told(u.ctx, u.ws, conv.ID))
	got[chat.Handoff](u)(u.s.Handoff(u.ctx, u.ws, conv.ID))
	u.useSearch(conv)
	got[[]chat.Entry](u)(u.s.Entries(u.ctx, u.ws, conv.ID, chat.LogPublic, 100, 0))
}

func (u user) usePromises(conv chat.Conversation) {
	transition := func(m chat.Transition) {
		c := got[chat.Conversation](u)(u.s.Conversation(u.ctx, u.ws, conv.ID))
		m.Epoch, m.To, m.Agent, m.Status = c.Epoch, c.Owner, c.Agent, c.Status
		_, _, err := u.s.Transition(u.ctx, u.ws, conv.ID, m)
		u.ok(err)
	}
	due := time.Now().Add(time.Hour)
	p := chat.Promise{ID: uuid.New(), Kind: chat.PromiseOther, Text: "x", Due: due}
	transition(chat.Transition{Record: &p, Promised: due})
	transition(chat.Transition{Promises: []chat.PromiseMove{{ID: p.ID, State: chat.PromiseMoved, Due: due}}, Promised: due.Add(time.Hour)})
	stored := got[chat.Promise](u)(u.s.Promise(u.ctx, u.ws, p.ID))
	got[chat.Promise](u)(u.s.PromiseByNumber(u.ctx, u.ws, stored.Number))
	for _, q := range []chat.PromiseQuery{{}, {Owner: &uuid.Nil}, {State: chat.PromiseKept}, {Conversation: conv.ID}, {Customer: conv.Customer},
		{Conversation: conv.ID, State: chat.PromiseOpen}, {Customer: conv.Customer, State: chat.PromiseKept}} {
		got[chat.PromisePage](u)(u.s.Promises(u.ctx, u.ws, q))
	}
	got[[]chat.Promise](u)(u.s.PromisesToActOn(u.ctx, u.ws, 0))
	got[chat.PromiseStats](u)(u.s.PromiseStats(u.ctx, u.ws, due))
}

func (u user) useIdentity(conv chat.Conversation) {
	key := got[chat.IdentityKey](u)(u.s.AddIdentityKey(u.ctx, u.ws, chat.IdentityKey{Inbox: conv.Inbox, Use: chat.ProofToken, Secret: []byte("x")}))
	got[[]chat.IdentityKey](u)(u.s.IdentityKeys(u.ctx, u.ws, conv.Inbox))
	u.ok(u.s.DropIdentityKey(u.ctx, u.ws, conv.Inbox, key.ID))
	who := got[chat.Customer](u)(u.s.IdentifyCustomer(u.ctx, u.ws, chat.Customer{Subject: "x", SubjectInbox: conv.Inbox}))
	u.ok(u.s.VerifyCustomer(u.ctx, u.ws, who.ID, chat.Verification{}, ""))
	code := got[chat.IdentityCode](u)(u.s.AddCode(u.ctx, u.ws, chat.IdentityCode{Conversation: conv.ID, Customer: conv.Customer, Email: "x",
		Hash: []byte("x"), Tries: 1, Until: time.Now().Add(time.Hour)}, chat.CodeLimit{Since: time.Now().Add(-time.Hour), Conversation: 9, Emails: 9}))
	got[chat.IdentityCode](u)(u.s.Code(u.ctx, u.ws, code.ID))
	got[chat.IdentityCode](u)(u.s.TryCode(u.ctx, u.ws, conv.ID, conv.Customer))
	u.ok(u.s.UseCode(u.ctx, u.ws, code.ID))
	m := got[chat.Merge](u)(u.s.MergeCustomers(u.ctx, u.ws, chat.Merge{From: conv.Customer, Into: who.ID}))
	got[[]chat.Merge](u)(u.s.Merges(u.ctx, u.ws, who.ID))
	u.ok(u.s.SetAttributes(u.ctx, u.ws, conv.Inbox, conv.Customer, map[string]chat.Scalar{"plan": "x"}))
	got[chat.Activity](u)(u.s.AddActivity(u.ctx, u.ws, conv.Inbox, conv.Customer, chat.Activity{Kind: chat.ActivityEvent, Name: "x"}))
	in := got[[]chat.Inbox](u)(u.s.Inboxes(u.ctx, u.ws))[0]
	in.Settings.Privacy.PageViews = true
	got[chat.Inbox](u)(u.s.PutInbox(u.ctx, u.ws, in))
	got[chat.Activity](u)(u.s.AddActivity(u.ctx, u.ws, conv.Inbox, conv.Customer, chat.Activity{Kind: chat.ActivityVisit, Page: chat.Page{URL: "https://x"}}))
	got[[]chat.Activity](u)(u.s.Activity(u.ctx, u.ws, conv.Customer))
	u.ok(u.s.SetConsent(u.ctx, u.ws, conv.Customer, true))
	u.ok(u.s.SetConsent(u.ctx, u.ws, conv.Customer, false))
	got[int](u)(u.s.PruneActivity(u.ctx, u.ws, time.Now()))
	got[chat.Merge](u)(u.s.UndoMerge(u.ctx, u.ws, m.ID, uuid.Nil))
	got[chat.Mail](u)(u.s.PutMail(u.ctx, u.ws, chat.Mail{State: chat.MailSent}))
	got[[]chat.Mail](u)(u.s.Mails(u.ctx, u.ws, "", 0))
	got[[]chat.Mail](u)(u.s.Mails(u.ctx, u.ws, chat.MailSent, 0))
	got[int](u)(u.s.PruneMails(u.ctx, u.ws, time.Now()))
}

func (u user) usePeople(conv chat.Conversation, agent chat.User) {
	c := got[chat.Customer](u)(u.s.CreateCustomer(u.ctx, u.ws, chat.Customer{TokenHash: []byte("x")}))
	got[chat.Customer](u)(u.s.Customer(u.ctx, u.ws, conv.Customer))
	got[chat.Customer](u)(u.s.CustomerByToken(u.ctx, u.ws, []byte("x")))
	u.ok(u.s.UpdateCustomer(u.ctx, u.ws, c))
	u.useStaff(agent)
	got[chat.User](u)(u.s.User(u.ctx, u.ws, agent.ID))
	got[chat.User](u)(u.s.UserByEmail(u.ctx, u.ws, agent.Email))
	got[[]chat.User](u)(u.s.Users(u.ctx, u.ws))
	u.ok(u.s.SetPresence(u.ctx, u.ws, agent.ID, chat.PresenceOnline))
	got[[]chat.Presence](u)(u.s.Presence(u.ctx, u.ws))
	got[chat.Profile](u)(u.s.PutProfile(u.ctx, u.ws, chat.Profile{User: agent.ID}))
	got[[]chat.Profile](u)(u.s.Profiles(u.ctx, u.ws))
	got[[]chat.Inbox](u)(u.s.Inboxes(u.ctx, u.ws))
	got[chat.Inbox](u)(u.s.InboxByKey(u.ctx, "test"))
	got[[]byte](u)(u.s.Secret(u.ctx, u.ws, "x"))
	got[[]chat.Workspace](u)(u.s.Workspaces(u.ctx))
}

func (u user) useStaff(agent chat.User) {
	name := "x"
	_, _, err := u.s.ChangeUser(u.ctx, u.ws, agent.ID, chat.UserChange{Name: &name})
	u.ok(err)
	other := got[chat.User](u)(u.s.CreateUser(u.ctx, u.ws, chat.User{Email: "o@example.com", Role: chat.RoleAgent,
		Identity: chat.StaffIdentity{Issuer: "i", Subject: "s"}, Link: chat.StaffLink{Hash: []byte("h")}}))
	got[chat.User](u)(u.s.UserByIdentity(u.ctx, u.ws, other.Identity))
	got[chat.User](u)(u.s.UserByLink(u.ctx, u.ws, other.Link.Hash))
	got[chat.StaffSession](u)(u.s.BeginSession(u.ctx, u.ws, "t", chat.StaffSession{User: agent.ID, ExpiresAt: time.Now().Add(time.Hour)}))
	u.ok(u.s.SaveSession(u.ctx, "t", nil, time.Now()))
	_, _, err = u.s.FindSession(u.ctx, "t")
	u.ok(err)
	got[[]chat.StaffSession](u)(u.s.Sessions(u.ctx, u.ws, agent.ID))
	got[int](u)(u.s.EndSessions(u.ctx, u.ws, agent.ID, agent.ID, true))
	u.ok(u.s.DeleteSession(u.ctx, "t"))
	off := true
	_, _, err = u.s.ChangeUser(u.ctx, u.ws, other.ID, chat.UserChange{Disabled: &off})
	u.ok(err)
	got[chat.AuditEntry](u)(u.s.AddAudit(u.ctx, u.ws, chat.AuditEntry{Action: "x"}))
	for _, q := range []chat.AuditQuery{{}, {Action: "x"}, {Actor: agent.ID}, {Object: "x"}, {Actor: agent.ID, Action: "x", From: time.Now(), To: time.Now()}} {
		got[chat.AuditPage](u)(u.s.Audit(u.ctx, u.ws, q))
	}
	got[int](u)(u.s.PruneAudit(u.ctx, u.ws, time.Now().Add(-time.Hour)))
}

func (u user) useWork() {
	soon := time.Now().Add(time.Hour)
	got[chat.Lease](u)(u.s.AcquireLease(u.ctx, u.ws, "k", "h", soon))
	u.ok(u.s.ReleaseLease(u.ctx, u.ws, "k", "h"))
	job := got[chat.Job](u)(u.s.Enqueue(u.ctx, u.ws, chat.Job{Kind: "k", Unique: "u"}))
	for range 2 {
		got[[]chat.Job](u)(u.s.ClaimJobs(u.ctx, u.ws, "k", "h", soon, 1))
		if job.Attempts++; job.Attempts == 1 {
			u.ok(u.s.RetryJob(u.ctx, u.ws, job.ID, "h", time.Now(), "x"))
		}
	}
	u.ok(u.s.FinishJob(u.ctx, u.ws, job.ID, "h"))
	b := got[chat.Blob](u)(u.s.PutBlob(u.ctx, u.ws, chat.Blob{}, strings.NewReader("x")))
	if _, err := u.s.PutBlob(u.ctx, u.ws, b, strings.NewReader("x")); chat.CodeOf(err) != chat.CodeConflict {
		u.t.Fatal(fmt.Sprint("a taken id gave ", err))
	}
	_, r, err := u.s.Blob(u.ctx, u.ws, b.ID)
	u.ok(err)
	got[[]byte](u)(io.ReadAll(r))
	u.ok(r.Close())
}

func (u user) useAnswers(conv chat.Conversation) {
	by := chat.Sender{Kind: chat.PartyCustomer, ID: conv.Customer}
	for range 2 {
		b := got[chat.Blob](u)(u.s.PutBlob(u.ctx, u.ws, chat.Blob{Conversation: conv.ID, By: by}, strings.NewReader("x")))
		got[[]chat.Blob](u)(u.s.ClaimFiles(u.ctx, u.ws, conv.ID, by, "", uuid.New(), []uuid.UUID{b.ID}))
	}
	got[int](u)(u.s.SweepFiles(u.ctx, u.ws, time.Now().Add(time.Hour)))
	u.ok(u.s.SetRead(u.ctx, u.ws, conv.ID, 1))
	got[int64](u)(u.s.ReadUpTo(u.ctx, u.ws, conv.ID))
	m := got[chat.Mail](u)(u.s.BeginMail(u.ctx, u.ws, chat.Mail{ID: uuid.New(), Kind: "k", Conversation: conv.ID, Seq: 1}, 0))
	got[chat.Mail](u)(u.s.Mail(u.ctx, u.ws, m.ID))
	got[int64](u)(u.s.MailedUpTo(u.ctx, u.ws, conv.ID, "k"))
	_, _, err := u.s.CountJobs(u.ctx, u.ws, "k")
	u.ok(err)
	got[chat.Resume](u)(u.s.AddResume(u.ctx, u.ws, chat.Resume{Hash: []byte("x"), Conversation: conv.ID, Until: time.Now()}))
	got[chat.Resume](u)(u.s.Resume(u.ctx, u.ws, []byte("x")))
	got[int](u)(u.s.DropResumes(u.ctx, u.ws, conv.ID, "x"))
	got[int](u)(u.s.SweepResumes(u.ctx, u.ws, time.Now()))
}
