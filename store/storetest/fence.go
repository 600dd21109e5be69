package storetest

import (
	"testing"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// fenceCases are AppendIf: stored when all holds, stale in each of its ways.
var fenceCases = []testCase{
	{"all holds", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.says("talk", customerSays("q1", "?"))
		w.says("talk", customerSays("q2", "?"))
		w.says("talk", rating("a rating is no question", 3))
		version := w.publish("one", "Title", "Body")
		d := botSays("a", "!", version)
		e := must(w.AppendIf(w.ctx, w.ws, id("talk"), d, chat.Fence{Epoch: 1, CustomerSeq: 2, Versions: []uuid.UUID{version, version}}))(t)
		if e.Seq != 4 || e.Answer == nil || e.Answer.Citations[0].Version != version {
			t.Errorf("stored %+v", e)
		}
		w.reopen()
		c := w.state("talk")
		if c.AnsweredSeq != 2 || c.CustomerSeq != 2 || c.LastSeq != 4 || c.LastFrom != chat.PartyBot || c.LastText != "!" {
			t.Errorf("state %+v", c)
		}
		equal(t, "stored", w.log("talk", chat.LogPublic)[3], e)
	}},
	{"each way to be stale", staleFences},
	{"a repeat returns the first, whatever the fence", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.says("talk", customerSays("q", "?"))
		fence := chat.Fence{Epoch: 1, CustomerSeq: 1}
		first := must(w.AppendIf(w.ctx, w.ws, id("talk"), botSays("a", "!"), fence))(t)
		w.move("talk", toAgent(alice))
		w.says("talk", customerSays("q2", "?"))
		before := w.state("talk")
		equal(t, "repeat", must(w.AppendIf(w.ctx, w.ws, id("talk"), botSays("a", "other"), fence))(t), first)
		equal(t, "state", w.state("talk"), before)
	}},
	{"nothing asked", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		_, err := w.AppendIf(w.ctx, w.ws, id("talk"), botSays("a", "!"), chat.Fence{Epoch: 1})
		wantCode(t, err, chat.CodeStale)
	}},
}

// publish puts an article of source "test" and gives its version.
func (w *world) publish(externalID, title, body string) uuid.UUID {
	w.t.Helper()
	return w.put(put(externalID, title, body)).Article.Version
}

// put puts one article.
func (w *world) put(p knowledge.Put) knowledge.PutResult {
	w.t.Helper()
	return must(w.PutArticles(w.ctx, w.ws, []knowledge.Put{p}))(w.t)[0]
}

func staleFences(t *testing.T, w *world) {
	good := w.publish("good", "Good", "Good body")
	for name, spoil := range map[string]func(talk string, f *chat.Fence){
		"epoch of before":   func(talk string, _ *chat.Fence) { w.move(talk, toQueue()); w.move(talk, toBot()) },
		"epoch of later":    func(_ string, f *chat.Fence) { f.Epoch++ },
		"newer message":     func(talk string, _ *chat.Fence) { w.says(talk, customerSays("q2", "?")) },
		"message to come":   func(_ string, f *chat.Fence) { f.CustomerSeq++ },
		"already answered":  func(talk string, f *chat.Fence) { w.answer(talk, *f) },
		"owner is queue":    func(talk string, f *chat.Fence) { f.Epoch = w.move(talk, unanswered(toQueue())).Epoch },
		"owner is agent":    func(talk string, f *chat.Fence) { f.Epoch = w.move(talk, toAgent(alice)).Epoch },
		"closed":            func(talk string, f *chat.Fence) { f.Epoch = w.move(talk, unanswered(toClosed())).Epoch },
		"answered by move":  func(talk string, f *chat.Fence) { w.move(talk, toQueue()); f.Epoch = w.move(talk, toBot()).Epoch },
		"version replaced":  func(_ string, f *chat.Fence) { f.Versions = append(f.Versions, w.replaced()) },
		"version archived":  func(_ string, f *chat.Fence) { f.Versions = append(f.Versions, w.archived()) },
		"version a draft":   func(_ string, f *chat.Fence) { f.Versions = append(f.Versions, w.draft()) },
		"version unknown":   func(_ string, f *chat.Fence) { f.Versions = append(f.Versions, uuid.New()) },
		"version of beside": func(_ string, f *chat.Fence) { f.Versions = append(f.Versions, w.versionBeside()) },
	} {
		w.conversation(w.ws, name)
		w.says(name, customerSays("q", "?"))
		fence := chat.Fence{Epoch: 1, CustomerSeq: 1, Versions: []uuid.UUID{good}}
		spoil(name, &fence)
		before := w.state(name)
		_, err := w.AppendIf(w.ctx, w.ws, id(name), botSays("a", "!"), fence)
		if chat.CodeOf(err) != chat.CodeStale {
			t.Errorf("%s: got %v, want CodeStale", name, err)
		}
		equal(t, name+": state", w.state(name), before)
		equal(t, name+": entries", int64(len(w.log(name, chat.LogPublic))), before.LastSeq)
	}
}

// unanswered is t without the mark that the customer's message was dealt with.
func unanswered(t chat.Transition) chat.Transition {
	t.Answered = false
	return t
}

// answer has the bot answer.
func (w *world) answer(talk string, f chat.Fence) {
	w.t.Helper()
	must(w.AppendIf(w.ctx, w.ws, id(talk), botSays("an earlier answer", "!"), f))(w.t)
}

// replaced gives a version that a newer one has replaced.
func (w *world) replaced() uuid.UUID {
	w.t.Helper()
	version := w.publish("replaced", "Old", "Old body")
	w.publish("replaced", "New", "New body")
	return version
}

// archived gives the version of an article that was withdrawn.
func (w *world) archived() uuid.UUID {
	w.t.Helper()
	r := w.put(put("archived", "Gone", "Gone body"))
	must(w.ArchiveArticles(w.ctx, w.ws, []uuid.UUID{r.Article.ID}))(w.t)
	return r.Article.Version
}

// draft gives the version of an unpublished article.
func (w *world) draft() uuid.UUID {
	w.t.Helper()
	p := put("draft", "Soon", "Soon")
	p.Status = knowledge.StatusDraft
	return w.put(finished(p)).Article.Version
}

// versionBeside gives a published version of the workspace beside.
func (w *world) versionBeside() uuid.UUID {
	w.t.Helper()
	docs := must(w.DocumentsSince(w.ctx, w.beside, 0, 1))(w.t)
	return docs[0].Version
}
