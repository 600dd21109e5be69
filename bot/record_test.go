package bot

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/llm"
)

// drawer keeps records.
type drawer struct {
	mu   sync.Mutex
	err  error
	kept map[uuid.UUID]chat.TurnRecord
	puts int
}

func (s *drawer) PutTurn(_ context.Context, _ uuid.UUID, t chat.TurnRecord) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[uuid.UUID]chat.TurnRecord{}
	}
	s.kept[t.Turn] = t
	s.puts++
	return s.err
}

// only gives the one record.
func (s *drawer) only(t *testing.T) (uuid.UUID, Record, string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) != 1 || s.puts != 1 {
		t.Fatalf("%d records, put %d times", len(s.kept), s.puts)
	}
	for id, kept := range s.kept {
		var r Record
		if err := json.Unmarshal(kept.Body, &r); err != nil {
			t.Fatal(err)
		}
		return id, r, string(kept.Body)
	}
	return uuid.Nil, Record{}, ""
}

// exchanging asks a language model while it decides.
type exchanging struct{ decider }

func (d *exchanging) Record(ctx context.Context, t Turn) (Decision, *Basis, error) {
	model := llm.Told{Generator: llm.FakeGenerator{Pieces: []string{"fine ", "words"}}}
	if _, err := model.Generate(ctx, llm.Request{Account: llm.Account{Purpose: llm.PurposeUnderstand}}, func(string) error { return nil }); err != nil {
		return Decision{}, nil, err
	}
	decision, err := d.Decide(ctx, t)
	return decision, &Basis{Encoder: "fake"}, err
}

func TestTurnsAreRecorded(t *testing.T) {
	t.Parallel()
	s, kept := newFakeStore(), &drawer{}
	secret := "is 4111 1111 1111 1111 my card?"
	run(t, s, &exchanging{decider{fn: func(Turn) (Decision, error) {
		return Decision{Action: chat.ActionAnswer, Text: "it is", Took: 3}, nil
	}}}, func(o *RunnerOptions) { o.Records, o.Build = kept, "b1" }, func(*Runner) { s.say(secret) })
	id, r, text := kept.only(t)
	if id != s.log[1].ClientID || r.Build != "b1" || r.Format != RecordFormat || r.Basis == nil || r.Seen.CustomerSeq != 1 || r.Seen.To != 1 {
		t.Errorf("recorded %+v", r)
	}
	if len(r.Exchanges) != 1 || !slices.Equal(r.Exchanges[0].Pieces, []string{"fine ", "words"}) {
		t.Errorf("exchanges are %+v", r.Exchanges)
	}
	if strings.Contains(text, "card") {
		t.Errorf("the record holds the customer's words: %s", text)
	}
	if r.Decided != nil || !strings.Contains(string(r.Decision), id.String()) {
		t.Errorf("decided %s, ended in %s", r.Decided, r.Decision)
	}
}

func TestWhatChangedADecisionIsRecorded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		decide func(Turn) (Decision, error)
		change func(*RunnerOptions)
		want   func(Record) bool
	}{
		"held back": {nil, func(o *RunnerOptions) {
			o.Gate = gate(func(_, _ uuid.UUID) (chat.Reason, error) { return chat.ReasonShadow, nil })
		},
			func(r Record) bool { return r.Held == chat.ReasonShadow && r.Decided != nil }},
		"acted": {handingOver(chat.ReasonPersonOnly), func(o *RunnerOptions) { o.Actor = &actor{} },
			func(r Record) bool { return r.Acted && r.Decided != nil }},
		"failed": {func(Turn) (Decision, error) { return Decision{}, errors.New("no search") }, nil,
			func(r Record) bool {
				return strings.Contains(r.Failure, "no search") && strings.Contains(string(r.Decision), string(chat.ReasonFailure))
			}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, kept := newFakeStore(), &drawer{}
			run(t, s, &exchanging{decider{fn: c.decide}}, func(o *RunnerOptions) {
				o.Records = kept
				if c.change != nil {
					c.change(o)
				}
			}, func(*Runner) { s.say("hm?") })
			if _, r, text := kept.only(t); !c.want(r) {
				t.Errorf("recorded %s", text)
			}
		})
	}
}

func TestATurnDoesWithoutItsRecord(t *testing.T) {
	t.Parallel()
	s := newFakeStore()
	run(t, s, &decider{}, func(o *RunnerOptions) { o.Records = &drawer{err: errors.New("full")} }, func(*Runner) { s.say("hm?") })
	if got := s.said(); !slices.Equal(got, []string{"about hm?"}) {
		t.Errorf("said %v", got)
	}
}

func TestALargeRecordLosesItsBasis(t *testing.T) {
	t.Parallel()
	n := &notes{record: Record{Basis: &Basis{Encoder: strings.Repeat("x", maxRecord)}}}
	text, err := n.body(attempt{}, Decision{}, nil)
	var r Record
	if err = errors.Join(err, json.Unmarshal(text, &r)); err != nil || r.Basis != nil || r.Cut < maxRecord || len(text) > maxRecord {
		t.Errorf("%d bytes, cut %d, %v", len(text), r.Cut, err)
	}
}

func TestNumberKeepsEveryBit(t *testing.T) {
	t.Parallel()
	for _, v := range []float64{0, 1, -1, .1, .5, 1.0 / 3, float64(float32(.1)), float64(float32(1.0 / 3)), 1e-9, float64(float32(1e-9)), 100000000, 123456789, 1234567890, 7e22, float64(float32(7e22)), .03682} {
		text, err := json.Marshal(number(v))
		var back number
		if err = errors.Join(err, json.Unmarshal(text, &back)); err != nil || float64(back) != v {
			t.Errorf("%v became %s became %v, %v", v, text, back, err)
		}
	}
}

// restating gives the same for every question.
type restating struct {
	text string
	err  error
}

func (w restating) Rewrite(context.Context, string, []Past, llm.Account) (string, error) {
	return w.text, w.err
}

func TestARewrittenQuestionIsDecidedAgain(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]restating{"rewritten": {text: "How much does a lamp cost?"}, "failed": {err: errors.New("away")}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			embed := llm.FakeEmbedder{Dims: 256}
			docs := newMemory(t, embed, knowledge.Input{ExternalID: "lamp", Title: "Lamp", Body: "A lamp costs 7 €. Turn the lamp to change it."})
			e, err := New(t.Context(), Options{Search: docs, Embedder: embed, Classes: fakeClasses(t), Threshold: .01, Rewriter: w})
			if err != nil {
				t.Fatal(err)
			}
			turn := Turn{Messages: []string{"and what does it cost?"}, History: []Past{{Role: RoleCustomer, Text: "how do I change the lamp?"}, {Role: RoleBot, Text: "Turn the lamp to change it."}}}
			d, basis, err := e.Record(t.Context(), turn)
			if err != nil || len(basis.Rewrites) != 1 {
				t.Fatalf("%v, rewrites %v", err, basis.Rewrites)
			}
			again, notes, err := e.Again(t.Context(), turn, basis, docs)
			if diff := cmp.Diff(string(decisionJSON(uuid.Nil, d)), string(decisionJSON(uuid.Nil, again))); err != nil || len(notes) > 0 || diff != "" {
				t.Errorf("%v, notes %v\n%s", err, notes, diff)
			}
		})
	}
}

// ArticleVersion makes a memory the Versions of its articles.
func (m *memory) ArticleVersion(_ context.Context, _, version uuid.UUID) (knowledge.Article, error) {
	for _, d := range m.docs {
		if d.Version == version {
			return d.Article, nil
		}
	}
	return knowledge.Article{}, chat.Errorf(chat.CodeNotFound, "no such version")
}
