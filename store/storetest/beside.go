package storetest

import (
	"bytes"
	"crypto/sha256"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/trust"
)

// besideState is all that can be read of a workspace without changing it.
// Times of presence stand for its state, which changes by itself.
type besideState struct {
	Calls            []chat.Call
	Inboxes          []chat.Inbox
	Secret           []byte
	Conversations    []chat.Conversation
	Public, Staff    map[uuid.UUID][]chat.Entry
	Places           map[uuid.UUID]int
	Handoff          chat.Handoff
	Waits            []chat.Wait
	Profiles         []chat.Profile
	Customers        []chat.Customer
	Users            []chat.User
	Teams            []chat.Team
	Due              []chat.Conversation
	Seen             []time.Time
	InboxHead        int64
	KnowledgeVersion int64
	Articles         []knowledge.Article
	Documents        []knowledge.Document
	Questions        []knowledge.Question
	Glossary         knowledge.Glossary
	Vectors          []knowledge.Vector
	Pending          []knowledge.Pending
	Verdicts         []trust.Verdict
	Topics           []trust.Topic
	Tuning           trust.Tuning
	Blob             chat.Blob
	BlobBytes        []byte
	Settings         []chat.Setting
	Spent            []chat.Spent
	Spending         []chat.Spend
	Turns            []chat.TurnRecord
	Memory           chat.Memory
	Macros           []chat.Macro
	SavedViews       []chat.SavedView
	Mentions         []chat.Mention
	Gaps             []chat.Gap
	Judged           []chat.JudgedAnswer
	Helped           []chat.HelpTally
	Audit            []chat.AuditEntry
	Activity         []chat.Activity
}

// besideConversations are the names of the beside workspace's conversations;
// cases use the same names, and so ids, for their own.
var besideConversations = []string{"talk", "talk 2", "talk 3", "talk 4"}

// fillBeside gives the workspace beside one of everything.
func (w *world) fillBeside() {
	w.t.Helper()
	ws := w.beside
	for _, name := range besideConversations {
		w.conversation(ws, name)
		must(w.Append(w.ctx, ws, id(name), customerSays("first", "Beside: "+name)))(w.t)
		must(w.Append(w.ctx, ws, id(name), note("a note", "Beside: private")))(w.t)
	}
	handoff := toQueue()
	handoff.Handoff = &chat.Handoff{ID: id("handoff"), Reason: chat.ReasonAsked, Brief: chat.Brief{Version: 1, Goal: "beside"}}
	team := must(w.PutTeam(w.ctx, ws, chat.Team{ID: id("team"), Name: "Refunds", Members: []uuid.UUID{alice}}))(w.t).ID
	must(w.Append(w.ctx, ws, id("talk"), botSays("beside answer", "Beside: an answer")))(w.t)
	must(w.Append(w.ctx, ws, id("talk"), word("beside word", 2, false, chat.FeedbackWrong)))(w.t)
	handoff.Team = &team
	w.moveIn(ws, "talk 2", handoff)
	w.moveIn(ws, "talk 2", withOffer(toQueue(), chat.Offer{Agent: alice, Until: w.clock.time().Add(time.Hour)}))
	w.moveIn(ws, "talk 3", handoff)
	w.moveIn(ws, "talk 3", snooze(alice, w.clock.time()))
	w.moveIn(ws, "talk 4", toClosed())

	article := put("one", "Beside", "Beside text.")
	two := put("two", "Beside two", "Other beside text.")
	two.Phrasings = []string{"Beside: an editor's?"}
	stored := must(w.PutArticles(w.ctx, ws, []knowledge.Put{article, finished(two)}))(w.t)
	question := asked(stored[0].Article.ID, "7", "Beside?")
	question.Status = knowledge.QuestionAccepted
	must(w.PutQuestions(w.ctx, ws, []knowledge.Question{question, asked(stored[0].Article.ID, "8", "Beside, proposed?")}))(w.t)
	must(w.PutSynonyms(w.ctx, ws, synonyms("beside")))(w.t)
	check(w.t, w.PutVectors(w.ctx, ws, model, []knowledge.Vector{{Hash: article.Chunks[0].Hash, Values: []float32{0, 1, 0}}}))

	must(w.AddVerdicts(w.ctx, ws, []trust.Verdict{verdict("0"), verdict("beside")}))(w.t)
	must(w.PutTopic(w.ctx, ws, trust.Topic{Article: id("a"), Stage: trust.StageLive}))(w.t)
	must(w.AddTuning(w.ctx, ws, tuning("4")))(w.t)

	w.fillModelsBeside()
	must(w.AddAudit(w.ctx, ws, did(alice, "beside", "beside")))(w.t)
	check(w.t, w.SetConsent(w.ctx, ws, ann, true))
	check(w.t, w.SetAttributes(w.ctx, ws, id("inbox"), ann, map[string]chat.Scalar{"plan": "beside"}))
	must(w.AddActivity(w.ctx, ws, id("inbox"), ann, event("beside")))(w.t)

	check(w.t, w.SetPresence(w.ctx, ws, alice, chat.PresenceOnline))
	must(w.PutProfile(w.ctx, ws, chat.Profile{User: alice, Capacity: 7}))(w.t)
	must(w.Secret(w.ctx, ws, "signing"))(w.t)
	must(w.PutBlob(w.ctx, ws, chat.Blob{ID: id("blob"), Name: "beside.txt", Type: "text/plain"}, strings.NewReader("beside bytes")))(w.t)
	must(w.AcquireLease(w.ctx, ws, "lease", "beside", w.clock.time().Add(365*24*time.Hour)))(w.t)
	must(w.Enqueue(w.ctx, ws, chat.Job{ID: id("job"), Kind: "work", Args: []byte(`{"beside":true}`), Unique: "one", RunAt: w.clock.time()}))(w.t)
}

// fillModelsBeside adds what is kept for language models.
func (w *world) fillModelsBeside() {
	w.t.Helper()
	must(w.PutSetting(w.ctx, w.beside, setting(uuid.Nil, 0, `"beside"`)))(w.t)
	must(w.PutSetting(w.ctx, w.beside, setting(id("inbox"), 0, `"beside, inbox"`)))(w.t)
	check(w.t, w.AddSpend(w.ctx, w.beside, spend("compose", 1000)))
	for _, name := range []string{"0", "1"} {
		check(w.t, w.PutTurn(w.ctx, w.beside, turn(name, `"beside"`)))
	}
	for _, c := range []chat.Call{lookUp("beside"), change("c")} {
		c.Conversation = id("talk")
		must(w.PutCall(w.ctx, w.beside, c))(w.t)
	}
	check(w.t, w.PutMemory(w.ctx, w.beside, memory(5, `"beside"`)))
	shared := macroOf("one", uuid.Nil)
	shared.ID = id("macro")
	must(w.PutMacro(w.ctx, w.beside, shared))(w.t)
	must(w.PutMacro(w.ctx, w.beside, macroOf("mine", alice)))(w.t)
	everybodys := viewOf("German", uuid.Nil)
	everybodys.ID = id("view")
	must(w.PutSavedView(w.ctx, w.beside, everybodys))(w.t)
	must(w.Append(w.ctx, w.beside, id("talk"), naming("naming", alice, amir)))(w.t)
	must(w.AddGap(w.ctx, w.beside, chat.Gap{ID: id("gap"), Conversation: id("talk"), Question: "Do you ship to Malta?"}))(w.t)
}

// stateOf reads ws.
func (w *world) stateOf(ws uuid.UUID) besideState {
	w.t.Helper()
	s := besideState{Public: map[uuid.UUID][]chat.Entry{}, Staff: map[uuid.UUID][]chat.Entry{}, Places: map[uuid.UUID]int{}}
	s.Inboxes = must(w.Inboxes(w.ctx, ws))(w.t)
	s.Secret = must(w.Secret(w.ctx, ws, "signing"))(w.t)
	for _, view := range []chat.View{chat.ViewAll, chat.ViewClosed} {
		page := must(w.Conversations(w.ctx, ws, chat.ConversationQuery{View: view}))(w.t)
		s.Conversations = append(s.Conversations, page.Conversations...)
	}
	for _, c := range s.Conversations {
		s.Public[c.ID] = must(w.Entries(w.ctx, ws, c.ID, chat.LogPublic, 0, 0))(w.t)
		s.Staff[c.ID] = must(w.Entries(w.ctx, ws, c.ID, chat.LogStaff, 0, 0))(w.t)
		s.Places[c.ID] = must(w.QueuePlace(w.ctx, ws, c.ID))(w.t)
	}
	s.Handoff = must(w.Handoff(w.ctx, ws, id("talk 2")))(w.t)
	s.Waits = must(w.Waits(w.ctx, ws, 0))(w.t)
	s.Profiles = must(w.Profiles(w.ctx, ws))(w.t)
	for _, who := range []uuid.UUID{ann, bob} {
		s.Customers = append(s.Customers, must(w.Customer(w.ctx, ws, who))(w.t))
	}
	s.Users = must(w.Users(w.ctx, ws))(w.t)
	s.Teams = must(w.Teams(w.ctx, ws))(w.t)
	s.Due = must(w.Due(w.ctx, ws, 0))(w.t)
	for _, p := range must(w.Presence(w.ctx, ws))(w.t) {
		s.Seen = append(s.Seen, p.SeenAt)
	}
	s.InboxHead = must(w.InboxHead(w.ctx, ws))(w.t)
	s.KnowledgeVersion = must(w.KnowledgeVersion(w.ctx, ws))(w.t)
	s.Articles = must(w.ListArticles(w.ctx, ws, knowledge.ArticleQuery{}))(w.t).Articles
	s.Documents = must(w.DocumentsSince(w.ctx, ws, 0, 0))(w.t)
	s.Questions = must(w.ListQuestions(w.ctx, ws, knowledge.QuestionQuery{}))(w.t).Questions
	s.Glossary = must(w.Synonyms(w.ctx, ws))(w.t)
	s.Vectors = must(w.Vectors(w.ctx, ws, model, hashesOf(s.Documents)))(w.t)
	pending, _, err := w.PendingVectors(w.ctx, ws, model, 0)
	check(w.t, err)
	s.Pending = pending
	s.Verdicts = must(w.Verdicts(w.ctx, ws, trust.VerdictQuery{}))(w.t)
	s.Topics = must(w.Topics(w.ctx, ws))(w.t)
	s.Tuning = must(w.Tuning(w.ctx, ws))(w.t)
	s.Blob, s.BlobBytes = w.blob(ws, "blob")
	for _, inbox := range []uuid.UUID{{}, id("inbox")} {
		s.Settings = append(s.Settings, must(w.SettingHistory(w.ctx, ws, inbox, "budget", 0))(w.t)...)
	}
	for _, q := range []chat.SpendQuery{{}, {Customer: ann}, {Conversation: id("talk")}} {
		s.Spent = append(s.Spent, must(w.Spent(w.ctx, ws, q))(w.t))
	}
	s.Spending = must(w.SpendBy(w.ctx, ws, time.Time{}))(w.t)
	s.Calls = must(w.Calls(w.ctx, ws, chat.CallQuery{}))(w.t)
	s.Turns = must(w.TurnRecords(w.ctx, ws, id("talk")))(w.t)
	s.Memory = must(w.Memory(w.ctx, ws, id("talk")))(w.t)
	s.Macros = must(w.Macros(w.ctx, ws, alice))(w.t)
	s.SavedViews = must(w.SavedViews(w.ctx, ws, alice))(w.t)
	s.Mentions = must(w.Mentions(w.ctx, ws, amir, 0))(w.t)
	s.Gaps = must(w.Gaps(w.ctx, ws, chat.GapQuery{}))(w.t).Gaps
	s.Judged = must(w.JudgedAnswers(w.ctx, ws, chat.FeedbackQuery{}))(w.t).Answers
	s.Helped = must(w.HelpTallies(w.ctx, ws, chat.FactQuery{Until: w.clock.time().Add(24 * time.Hour)}))(w.t)
	s.Audit = must(w.Audit(w.ctx, ws, chat.AuditQuery{}))(w.t).Entries
	s.Activity = must(w.Activity(w.ctx, ws, ann))(w.t)
	return s
}

// checkBesideWork checks what can only be seen by taking it: that the job
// and the lease beside are still there.
func (w *world) checkBesideWork() {
	w.t.Helper()
	if _, err := w.AcquireLease(w.ctx, w.beside, "lease", "thief", w.clock.time().Add(time.Hour)); chat.CodeOf(err) != chat.CodeConflict {
		w.t.Errorf("the lease beside is gone: %v", err)
	}
	jobs := must(w.ClaimJobs(w.ctx, w.beside, "work", "finish", w.clock.time().Add(time.Hour), 10))(w.t)
	if len(jobs) != 1 || jobs[0].ID != id("job") || jobs[0].Attempts != 1 {
		w.t.Errorf("the job beside changed: %+v", jobs)
	}
}

// blob reads the blob of that name.
func (w *world) blob(ws uuid.UUID, name string) (chat.Blob, []byte) {
	w.t.Helper()
	b, r, err := w.Blob(w.ctx, ws, id(name))
	check(w.t, err)
	data, err := io.ReadAll(r)
	check(w.t, err)
	check(w.t, r.Close())
	return b, data
}

// model is the name of the vectors' model in all cases.
const model = "test-3"

// put is an article with one chunk for each line of its body.
func put(externalID, title, body string) knowledge.Put {
	return finished(knowledge.Put{Input: knowledge.Input{
		Source: "test", ExternalID: externalID, Title: title, Body: body,
		URL: "https://example.com/" + externalID, Tags: []string{"a", "b"}, Locale: "en",
		Visibility: knowledge.Public, Status: knowledge.StatusPublished,
	}})
}

// finished sets hash and chunks as an importer would.
func finished(p knowledge.Put) knowledge.Put {
	p.Hash = sha256.Sum256([]byte(strings.Join([]string{
		p.Source, p.ExternalID, p.Title, p.Body, p.URL, strings.Join(p.Tags, ","), p.Locale, string(p.Visibility), string(p.Status),
		strings.Join(p.Phrasings, ","),
	}, "\x00")))
	p.Chunks = nil
	start := 0
	for line := range bytes.Lines([]byte(p.Body)) {
		text := p.Title + "\n" + strings.TrimRight(string(line), "\n")
		p.Chunks = append(p.Chunks, knowledge.Chunk{
			Ordinal: len(p.Chunks), Start: start, End: start + len(line),
			Headings: []string{p.Title}, Text: text, Hash: sha256.Sum256([]byte(text)),
		})
		start += len(line)
	}
	return p
}

// hashesOf gives the hashes of the documents' chunks.
func hashesOf(docs []knowledge.Document) [][32]byte {
	var hashes [][32]byte
	for _, d := range docs {
		for _, c := range d.Chunks {
			hashes = append(hashes, c.Hash)
		}
	}
	return hashes
}
