package evals

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/llm"
)

// said stores a conversation in which the bot once answered text so.
func (h *house) said(t *testing.T, text string, then chat.Answer, words string) chat.Conversation {
	t.Helper()
	c, err := h.converse(t.Context(), Query{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	d := chat.Draft{ClientID: uuid.New(), From: chat.Sender{Kind: chat.PartyBot}, Kind: chat.KindMessage, Text: words, Body: chat.Body{Answer: &then}}
	if err := h.reply(t.Context(), c, d); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestReplay(t *testing.T) {
	t.Parallel()
	h, err := open(t.Context(), RunOptions{Articles: fewArticles, Embedder: llm.FakeEmbedder{Dims: 128}, Threshold: .01, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	}()
	now, err := h.engine.Decide(t.Context(), bot.Turn{Workspace: h.ws.ID, Messages: []string{"change the lamp"}})
	if err != nil || now.Action != chat.ActionAnswer {
		t.Fatalf("%+v, %v", now, err)
	}
	cites := func(id string) chat.Answer {
		return chat.Answer{Action: chat.ActionAnswer, Confidence: .7, Citations: []chat.Citation{{N: 1, ExternalID: id}}}
	}
	h.said(t, "change the lamp", cites("lamp"), now.Text)
	h.said(t, "change the lamp", cites("lamp"), "In other words.")
	h.said(t, "change the lamp", chat.Answer{Action: chat.ActionHandoff, Reason: chat.ReasonSuggest}, "A person checks it.")
	changed := h.said(t, "change the lamp, anna@example.com", cites("clock"), "…")
	lost := h.said(t, "I want to speak to a person", cites("clock"), "…")
	gained := h.said(t, "change the lamp", chat.Answer{Action: chat.ActionHandoff, Reason: chat.ReasonNothingFound}, "…")
	h.said(t, "hello", chat.Answer{Action: chat.ActionHandoff, Reason: chat.ReasonAsked}, "…")
	if _, err := h.converse(t.Context(), Query{Text: "nobody has answered this"}); err != nil {
		t.Fatal(err)
	}
	heads := map[uuid.UUID]int64{}
	each := func(c chat.Conversation, log []chat.Entry) (bool, error) {
		heads[c.ID] += int64(len(log))
		return true, nil
	}
	if err := eachConversation(t.Context(), h.store, h.ws.ID, time.Time{}, each); err != nil {
		t.Fatal(err)
	}

	r, err := Replay(t.Context(), h.store, h.engine, h.ws.ID, ReplayOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[Effect]int{EffectSame: 2, EffectText: 1, EffectChanged: 1, EffectLost: 1, EffectGained: 1, EffectOther: 1}, r.Counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if r.Conversations != 8 || r.Turns != 7 || len(r.Differences) != 4 {
		t.Fatalf("%+v", r)
	}
	for i, c := range []chat.Conversation{lost, changed, gained} {
		if r.Differences[i].Conversation != c.ID {
			t.Errorf("difference %d: %+v", i, r.Differences[i])
		}
	}
	if d := r.Differences[1]; strings.Contains(d.Question, "anna@") || d.Seq != 2 || d.Then.Cited[0] != "clock" || d.Now.Cited[0] != "lamp" {
		t.Errorf("changed: %+v", d)
	}
	after := map[uuid.UUID]int64{}
	heads, after = after, heads
	if err := eachConversation(t.Context(), h.store, h.ws.ID, time.Time{}, each); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(after, heads); diff != "" {
		t.Errorf("something was stored:\n%s", diff)
	}

	if r, err = Replay(t.Context(), h.store, h.engine, h.ws.ID, ReplayOptions{Limit: 2}); err != nil || r.Turns != 2 {
		t.Errorf("limited: %+v, %v", r, err)
	}
	if r, err = Replay(t.Context(), h.store, h.engine, h.ws.ID, ReplayOptions{Since: time.Now().Add(time.Hour)}); err != nil || r.Turns != 0 {
		t.Errorf("since later: %+v, %v", r, err)
	}
}

// A turn is put as it was: the burst of messages, with what came before.
func TestTurnBefore(t *testing.T) {
	t.Parallel()
	customer, robot, agent := chat.PartyCustomer, chat.PartyBot, chat.PartyAgent
	var log []chat.Entry
	say := func(from chat.Party, text string) {
		e := chat.Entry{Seq: int64(len(log) + 1), Kind: chat.KindMessage, From: chat.Sender{Kind: from}, Text: text}
		if from == robot {
			e.Body.Answer = &chat.Answer{Action: chat.ActionAnswer}
		}
		log = append(log, e)
	}
	say(customer, "a")
	say(robot, "A")
	say(customer, "b")
	say(agent, "B")
	say(customer, "c1")
	say(customer, "c2")
	say(robot, "C")
	say(robot, "and more")
	turn, ok := turnBefore(chat.Conversation{AnsweredSeq: 6}, log, 6)
	if !ok || !cmp.Equal(turn.Messages, []string{"c1", "c2"}) || len(turn.History) != 4 || turn.History[3].Role != bot.RoleAgent {
		t.Errorf("%+v, %v", turn, ok)
	}
	for _, i := range []int{0, 3, 7} {
		if turn, ok := turnBefore(chat.Conversation{}, log, i); ok {
			t.Errorf("entry %d answers %+v", i, turn)
		}
	}
}
