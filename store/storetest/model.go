package storetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"frontdesk/chat"
)

var modelCases = []testCase{
	{"random interleavings", randomInterleavings},
}

// modelTalk is a conversation as the contract has it: a few lines of plain Go
// that the store is compared with.
type modelTalk struct {
	owner              chat.Owner
	agent              uuid.UUID
	closed             bool
	epoch              int64
	customer, answered int64
	log                []uuid.UUID // client ids; zero for the store's own entries
	bots               []int64     // seqs of the bot's messages
}

// seq gives the number of a client id in the log, 0 if it is not there.
func (m *modelTalk) seq(client uuid.UUID) int64 {
	for i, c := range m.log {
		if c == client {
			return int64(i + 1)
		}
	}
	return 0
}

// append gives what Append has to give: a number or a code.
func (m *modelTalk) append(d chat.Draft) (int64, chat.Code) {
	if seq := m.seq(d.ClientID); seq != 0 {
		return seq, ""
	}
	if d.From.Kind == chat.PartyCustomer && m.closed {
		return 0, chat.CodeClosed
	}
	if d.From.Kind == chat.PartyAgent && (m.owner != chat.OwnerAgent || m.agent != d.From.ID) {
		return 0, chat.CodeForbidden
	}
	m.log = append(m.log, d.ClientID)
	seq := int64(len(m.log))
	if d.From.Kind == chat.PartyCustomer {
		m.customer = seq
	} else {
		m.answered = m.customer
	}
	return seq, ""
}

// appendIf gives what AppendIf has to give.
func (m *modelTalk) appendIf(d chat.Draft, f chat.Fence, published bool) (int64, chat.Code) {
	if seq := m.seq(d.ClientID); seq != 0 {
		return seq, ""
	}
	if m.closed || m.owner != chat.OwnerBot || m.epoch != f.Epoch || m.customer != f.CustomerSeq || m.answered >= m.customer || !published {
		return 0, chat.CodeStale
	}
	m.log = append(m.log, d.ClientID)
	m.answered = f.CustomerSeq
	m.bots = append(m.bots, int64(len(m.log)))
	return int64(len(m.log)), ""
}

// transition gives what Transition has to give.
func (m *modelTalk) transition(t chat.Transition) chat.Code {
	if t.Epoch != m.epoch {
		return chat.CodeStale
	}
	moves := t.To != m.owner || t.Agent != m.agent || (t.Status == chat.StatusClosed) != m.closed
	if moves {
		m.epoch++
	}
	m.owner, m.agent, m.closed = t.To, t.Agent, t.Status == chat.StatusClosed
	for i, d := range t.Entries {
		if i == t.Before && moves {
			m.log = append(m.log, uuid.Nil)
		}
		m.log = append(m.log, d.ClientID)
	}
	if t.Before == len(t.Entries) && moves {
		m.log = append(m.log, uuid.Nil)
	}
	if t.Answered {
		m.answered = m.customer
	}
	return ""
}

// randomInterleavings runs random appends, fenced appends, moves, article
// changes and reopenings of two conversations. It compares the state with the
// model after each, and the logs at the end.
func randomInterleavings(t *testing.T, w *world) {
	run := 0
	rapid.Check(t, func(r *rapid.T) {
		run++
		m := &machine{w: w, run: run, talks: [2]*modelTalk{}}
		m.w.t = r // failures are rapid's, so that it can shrink them
		for i := range m.talks {
			m.talks[i] = &modelTalk{owner: chat.OwnerBot, epoch: 1}
			w.conversation(w.ws, m.name(i))
		}
		m.version = w.publish(m.name(0), "Title", "Body 0")
		m.published = true
		r.Repeat(map[string]func(*rapid.T){
			"append":     m.step(m.append),
			"append if":  m.step(m.appendIf),
			"transition": m.step(m.transition),
			"article":    m.step(m.article),
			"reopen":     m.step(m.reopen),
			"":           m.checkStates,
		})
		m.checkLogs(r)
	})
	w.t = t
}

// machine is one run of the property test.
type machine struct {
	w         *world
	run       int
	talks     [2]*modelTalk
	version   uuid.UUID
	published bool
	steps     int
	changes   int
	reopened  int
}

// maxSteps bounds a run: rapid's own bound is 30 on average, which takes too
// long under the race detector.
const maxSteps = max(10, 200/slower)

// step makes an action do nothing when the run is long enough.
func (m *machine) step(action func(*rapid.T)) func(*rapid.T) {
	return func(r *rapid.T) {
		if m.steps++; m.steps <= maxSteps {
			action(r)
		}
	}
}

func (m *machine) name(talk int) string { return fmt.Sprintf("talk %d of run %d", talk, m.run) }

// draw picks a conversation.
func (m *machine) draw(r *rapid.T) (string, *modelTalk) {
	i := rapid.IntRange(0, len(m.talks)-1).Draw(r, "talk")
	return m.name(i), m.talks[i]
}

// client picks a client id out of few, so that many are repeats.
func client(r *rapid.T) string { return fmt.Sprint("client ", rapid.IntRange(0, 30).Draw(r, "client")) }

func (m *machine) append(r *rapid.T) {
	name, talk := m.draw(r)
	d := customerSays(client(r), "?")
	if who := rapid.SampledFrom([]uuid.UUID{ann, alice, amir}).Draw(r, "who"); who != ann {
		d = agentSays(who, client(r), "!")
	}
	want, code := talk.append(d)
	e, err := m.w.Append(m.w.ctx, m.w.ws, id(name), d)
	compare(r, e, err, want, code)
}

func (m *machine) appendIf(r *rapid.T) {
	name, talk := m.draw(r)
	d := botSays(client(r), "!", m.version)
	// Mostly the fence is right, or off by one.
	off := rapid.SampledFrom([]int64{0, 0, 0, 0, -1, 1})
	fence := chat.Fence{
		Epoch: talk.epoch + off.Draw(r, "epoch"), CustomerSeq: talk.customer + off.Draw(r, "seq"), Versions: []uuid.UUID{m.version},
	}
	want, code := talk.appendIf(d, fence, m.published)
	e, err := m.w.AppendIf(m.w.ctx, m.w.ws, id(name), d, fence)
	compare(r, e, err, want, code)
}

func (m *machine) transition(r *rapid.T) {
	name, talk := m.draw(r)
	move := rapid.SampledFrom([]chat.Transition{
		toQueue(), unanswered(toQueue()), toAgent(alice), toAgent(amir), toBot(), toBot(), toClosed(), unanswered(toClosed()),
	}).Draw(r, "move")
	move.Epoch = talk.epoch + rapid.SampledFrom([]int64{0, 0, 0, -1, 1}).Draw(r, "epoch")
	if rapid.Bool().Draw(r, "notice") {
		move.Entries = []chat.Draft{notice("")}
		move.Entries[0].ClientID = uuid.New()
		move.Before = rapid.IntRange(0, 1).Draw(r, "before")
	}
	code := talk.transition(move)
	_, _, err := m.w.Transition(m.w.ctx, m.w.ws, id(name), move)
	if chat.CodeOf(err) != code {
		r.Fatalf("transition to %s: got %v, want code %q", move.To, err, code)
	}
}

// article replaces, archives or restores the article that the bot cites.
func (m *machine) article(r *rapid.T) {
	m.changes++
	if m.published = rapid.Bool().Draw(r, "published"); m.published {
		m.version = m.w.publish(m.name(0), "Title", fmt.Sprint("Body ", m.changes))
		return
	}
	a := must(m.w.ArticleVersion(m.w.ctx, m.w.ws, m.version))(r)
	must(m.w.ArchiveArticles(m.w.ctx, m.w.ws, []uuid.UUID{a.ID}))(r)
}

func (m *machine) reopen(r *rapid.T) {
	if m.reopened++; m.reopened > 2 {
		r.Skip("reopened often enough; it is slow")
	}
	m.w.reopen()
}

// checkStates compares the conversations with the model.
func (m *machine) checkStates(r *rapid.T) {
	for i, talk := range m.talks {
		c := m.w.state(m.name(i))
		got := modelTalk{owner: c.Owner, agent: c.Agent, closed: c.Status == chat.StatusClosed, epoch: c.Epoch, customer: c.CustomerSeq, answered: c.AnsweredSeq}
		want := modelTalk{owner: talk.owner, agent: talk.agent, closed: talk.closed, epoch: talk.epoch, customer: talk.customer, answered: talk.answered}
		if fmt.Sprint(got) != fmt.Sprint(want) || c.LastSeq != int64(len(talk.log)) {
			r.Fatalf("talk %d:\n got %+v, %d entries\nwant %+v, %d entries", i, got, c.LastSeq, want, len(talk.log))
		}
	}
}

// checkLogs compares the logs with the model, and reads in them whether the
// bot ever spoke when it was not the owner.
func (m *machine) checkLogs(r *rapid.T) {
	for i, talk := range m.talks {
		log := m.w.log(m.name(i), chat.LogPublic)
		if len(log) != len(talk.log) {
			r.Fatalf("talk %d: %d entries, want %d", i, len(log), len(talk.log))
		}
		owner, bots := chat.OwnerBot, []int64(nil)
		for n, e := range log {
			switch {
			case e.Seq != int64(n+1) || (talk.log[n] != uuid.Nil && talk.log[n] != e.ClientID):
				r.Fatalf("talk %d: entry %d is %+v, want client id %v", i, n, e, talk.log[n])
			case e.Kind == chat.KindOwner:
				owner = e.Change.To
			case e.From.Kind == chat.PartyBot && owner != chat.OwnerBot:
				r.Fatalf("talk %d: the bot spoke at %d, when the owner was %s", i, e.Seq, owner)
			case e.From.Kind == chat.PartyBot:
				bots = append(bots, e.Seq)
			}
		}
		if !slices.Equal(bots, talk.bots) {
			r.Fatalf("talk %d: the bot spoke at %v, want %v", i, bots, talk.bots)
		}
	}
}

func compare(r *rapid.T, e chat.Entry, err error, seq int64, code chat.Code) {
	r.Helper()
	if chat.CodeOf(err) != code || (err == nil && e.Seq != seq) {
		r.Fatalf("got seq %d, %v; want seq %d, code %q", e.Seq, err, seq, code)
	}
}
