package storetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/trust"
)

var trustCases = []testCase{
	{"verdicts are added once, in order", verdictsInOrder},
	{"verdicts are numbered in the order of the commits", verdictsAtOnce},
	{"a topic is put if nobody has changed it", topicPut},
	{"one of many changes a topic", func(t *testing.T, w *world) {
		first := must(w.PutTopic(w.ctx, w.ws, trust.Topic{Article: id("a")}))(t)
		check(t, together(8, func(int) error {
			for {
				now, err := w.Topic(w.ctx, w.ws, id("a"))
				if err != nil {
					return err
				}
				now.Answers++
				if _, err = w.PutTopic(w.ctx, w.ws, now); chat.CodeOf(err) != chat.CodeStale {
					return err
				}
			}
		}))
		got := must(w.Topic(w.ctx, w.ws, id("a")))(t)
		equal(t, "changes", []int64{int64(got.Answers), got.Version - first.Version}, []int64{8, 8})
	}},
	{"tunings come and go", tunings},
	{"trust, malformed", func(t *testing.T, w *world) {
		for name, v := range map[string]trust.Verdict{"no id": {Article: id("a")}, "no article": {ID: id("v")}} {
			_, err := w.AddVerdicts(w.ctx, w.ws, []trust.Verdict{verdict("fine"), v})
			if chat.CodeOf(err) != chat.CodeInvalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		equal(t, "stored", len(must(w.Verdicts(w.ctx, w.ws, trust.VerdictQuery{}))(t)), 0)
		_, err := w.Verdicts(w.ctx, w.ws, trust.VerdictQuery{Limit: -1})
		wantCode(t, err, chat.CodeInvalid)
		_, err = w.PutTopic(w.ctx, w.ws, trust.Topic{})
		wantCode(t, err, chat.CodeInvalid)
		for _, bad := range []trust.Tuning{{}, {Judge: json.RawMessage(`{}`)}, {Report: json.RawMessage(`{}`)},
			{Judge: json.RawMessage(`{`), Report: json.RawMessage(`{}`)}, {Synonyms: json.RawMessage(`[`), Report: json.RawMessage(`{}`)}} {
			_, err = w.AddTuning(w.ctx, w.ws, bad)
			wantCode(t, err, chat.CodeInvalid)
		}
	}},
	{"trust in a workspace that is not there", func(t *testing.T, w *world) {
		none := id("no workspace")
		_, err := w.AddVerdicts(w.ctx, none, []trust.Verdict{verdict("v")})
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.PutTopic(w.ctx, none, trust.Topic{Article: id("a")})
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.AddTuning(w.ctx, none, tuning("1"))
		wantCode(t, err, chat.CodeNotFound)
		_, err = w.Topic(w.ctx, none, id("a"))
		wantCode(t, err, chat.CodeNotFound)
		equal(t, "nothing to add", must(w.AddVerdicts(w.ctx, none, nil))(t), 0)
		equal(t, "lists", len(must(w.Topics(w.ctx, none))(t))+len(must(w.Verdicts(w.ctx, none, trust.VerdictQuery{}))(t)), 0)
	}},
}

// verdict is a verdict of that name on article "a".
func verdict(name string) trust.Verdict {
	return trust.Verdict{ID: id("verdict " + name), Article: id("a"), Conversation: id("talk"), Seq: 7, Kind: trust.KindAccepted, Right: true,
		Confidence: 0.875, Answered: true, Correct: id("b")}
}

func tuning(judge string) trust.Tuning {
	return trust.Tuning{Judge: json.RawMessage(`{"bias":` + judge + `}`), Report: json.RawMessage(`{"pairs":3}`)}
}

func verdictsInOrder(t *testing.T, w *world) {
	var vs []trust.Verdict
	for i := range 5 {
		v := verdict(fmt.Sprint(i))
		v.At = w.clock.time()
		if i%2 == 1 {
			v.Article, v.Correct = id("odd"), uuid.Nil
		}
		vs = append(vs, v)
	}
	equal(t, "added", must(w.AddVerdicts(w.ctx, w.ws, vs[:3]))(t), 3)
	changed := vs[1]
	changed.Right = false
	equal(t, "added again", must(w.AddVerdicts(w.ctx, w.ws, []trust.Verdict{vs[3], changed, vs[4], vs[4]}))(t), 2)
	w.reopen()
	all := must(w.Verdicts(w.ctx, w.ws, trust.VerdictQuery{}))(t)
	for i := range all {
		if all[i].Number <= 0 || i > 0 && all[i].Number <= all[i-1].Number {
			t.Errorf("verdict %d has number %d", i, all[i].Number)
		}
		vs[i].Number = all[i].Number
	}
	equal(t, "all", all, vs)
	equal(t, "two", must(w.Verdicts(w.ctx, w.ws, trust.VerdictQuery{Limit: 2}))(t), vs[:2])
	equal(t, "after", must(w.Verdicts(w.ctx, w.ws, trust.VerdictQuery{After: vs[2].Number}))(t), vs[3:])
	equal(t, "of an article", must(w.Verdicts(w.ctx, w.ws, trust.VerdictQuery{Article: id("odd"), After: vs[0].Number, Limit: 1}))(t), vs[1:2])
}

// Whoever reads after the highest number seen, while others write, misses none.
func verdictsAtOnce(t *testing.T, w *world) {
	const writers, each = 4, 10
	done := make(chan error, 1)
	go func() {
		done <- together(writers, func(i int) error {
			for j := range each {
				if _, err := w.AddVerdicts(w.ctx, w.ws, []trust.Verdict{verdict(fmt.Sprint(i, "a", j)), verdict(fmt.Sprint(i, "b", j))}); err != nil {
					return err
				}
			}
			return nil
		})
	}()
	seen, last := 0, int64(0)
	for finished := false; ; {
		got := must(w.Verdicts(w.ctx, w.ws, trust.VerdictQuery{After: last}))(t)
		seen += len(got)
		if len(got) > 0 {
			last = got[len(got)-1].Number
			continue
		}
		if finished {
			break
		}
		select {
		case err := <-done:
			check(t, err)
			finished = true
		default:
		}
	}
	equal(t, "verdicts", seen, 2*writers*each)
}

func topicPut(t *testing.T, w *world) {
	_, err := w.Topic(w.ctx, w.ws, id("a"))
	wantCode(t, err, chat.CodeNotFound)
	topic := trust.Topic{Article: id("a"), Stage: trust.StageSuggest, Since: w.clock.time(), Limit: .05, Answers: 50, Wrong: 1, Falls: 2,
		Shadow: []bool{true, false}, Earn: []float64{1.5, -0.25, 3}, After: 12}
	stored := must(w.PutTopic(w.ctx, w.ws, topic))(t)
	topic.Version = 1
	equal(t, "stored", stored, topic)
	_, err = w.PutTopic(w.ctx, w.ws, trust.Topic{Article: id("a")})
	wantCode(t, err, chat.CodeStale)
	w.reopen()

	live := topic.GoLive(w.clock.time())
	live.Live, live.Break, live.After = 3, -0.5, 15
	stored = must(w.PutTopic(w.ctx, w.ws, live))(t)
	live.Version = 2
	equal(t, "changed", stored, live)
	_, err = w.PutTopic(w.ctx, w.ws, topic) // of version 1
	wantCode(t, err, chat.CodeStale)
	missing := trust.Topic{Article: id("c"), Version: 1}
	_, err = w.PutTopic(w.ctx, w.ws, missing)
	wantCode(t, err, chat.CodeStale)

	must(w.PutTopic(w.ctx, w.ws, trust.Topic{Article: id("b")}))(t)
	equal(t, "found", must(w.Topic(w.ctx, w.ws, id("a")))(t), live)
	all := must(w.Topics(w.ctx, w.ws))(t)
	if len(all) != 2 || slices.Compare(all[0].Article[:], all[1].Article[:]) >= 0 {
		t.Errorf("topics %+v", all)
	}
}

func tunings(t *testing.T, w *world) {
	_, err := w.Tuning(w.ctx, w.ws)
	wantCode(t, err, chat.CodeNotFound)
	wantCode(t, w.DropTuning(w.ctx, w.ws), chat.CodeNotFound)
	first := must(w.AddTuning(w.ctx, w.ws, tuning("1")))(t)
	second := must(w.AddTuning(w.ctx, w.ws, tuning("2")))(t)
	want := tuning("2")
	want.Number, want.At = second.Number, w.clock.time()
	w.reopen()
	equal(t, "the newest", must(w.Tuning(w.ctx, w.ws))(t), want)
	check(t, w.DropTuning(w.ctx, w.ws))
	equal(t, "the one before", must(w.Tuning(w.ctx, w.ws))(t), first)
	learnt := tuning("3")
	learnt.Judge, learnt.Synonyms = nil, json.RawMessage(`[{"words":["sack"],"means":["bag"],"weight":0.5}]`)
	third := must(w.AddTuning(w.ctx, w.ws, learnt))(t)
	learnt.Number, learnt.At = third.Number, w.clock.time()
	equal(t, "synonyms alone", must(w.Tuning(w.ctx, w.ws))(t), learnt)
	if first.Number >= second.Number || second.Number >= third.Number {
		t.Errorf("numbers %d, %d, %d", first.Number, second.Number, third.Number)
	}
	check(t, w.DropTuning(w.ctx, w.ws))
	check(t, w.DropTuning(w.ctx, w.ws))
	_, err = w.Tuning(w.ctx, w.ws)
	wantCode(t, err, chat.CodeNotFound)
}
