package bot

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/llm"
)

// snapshot searches a real index.
type snapshot struct{ *knowledge.Index }

func (s snapshot) Search(ctx context.Context, _ uuid.UUID, q knowledge.Query) (knowledge.Result, error) {
	return s.Index.Search(ctx, q)
}

// Names gives the index's.
func (s snapshot) Names(uuid.UUID) *knowledge.Names { return s.Index.Names() }

func (s snapshot) Spelling(_ uuid.UUID, text, prefer string) []chat.Respelling {
	return s.Index.Spelling(text, prefer)
}

func (s snapshot) Knows(_ uuid.UUID, word string) bool { return s.Index.Knows(word) }

// newSnapshot indexes articles with their vectors.
func newSnapshot(t *testing.T, embed llm.Embedder, inputs ...knowledge.Input) snapshot {
	t.Helper()
	var u knowledge.Update
	for _, in := range inputs {
		in.Source = "test"
		p := knowledge.Prepare(in)
		u.Documents = append(u.Documents, knowledge.Document{Chunks: p.Chunks, Article: knowledge.Article{
			ID: uuid.New(), Version: uuid.New(), Number: 1, Source: p.Source, ExternalID: p.ExternalID, Title: p.Title,
			Body: p.Body, Locale: p.Locale, Visibility: p.Visibility, Status: p.Status,
		}})
		for _, c := range p.Chunks {
			v, err := embed.EmbedDocuments(t.Context(), []string{c.Text})
			if err != nil {
				t.Fatal(err)
			}
			u.Vectors = append(u.Vectors, knowledge.Vector{Hash: c.Hash, Values: v[0]})
		}
	}
	return snapshot{knowledge.NewIndex(knowledge.NewSearcher(embed, 0)).With(u)}
}

func explainer(t *testing.T, inputs ...knowledge.Input) *Engine {
	t.Helper()
	embed := llm.FakeEmbedder{Dims: 256}
	return newEngine(t, func(o *Options, _ *memory) { o.Search = newSnapshot(t, embed, inputs...) })
}

// TestExplain: whatever is asked, the shares add up, and the explanation is of
// the same decision.
func TestExplain(t *testing.T) {
	t.Parallel()
	e := explainer(t, shop...)
	tests := []struct {
		name, text string
		rule       string
		classes    []string
	}{
		{"an answer", "How do I reset my password?", "", nil},
		{"misspelt", "How do I reset my pasword?", "", nil},
		{"nothing like it", "zebra crossing", "", nil},
		{"a person", "I want to talk to a person", string(chat.ReasonAsked), []string{"person"}},
		{"small talk", "hello", string(chat.ActionSmallTalk), []string{"greeting"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			turn := Turn{Messages: []string{tt.text}}
			d, x, err := e.Explain(t.Context(), turn)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(ask(t, e, turn), d, cmpopts.IgnoreFields(Decision{}, "Took")); diff != "" {
				t.Errorf("another decision than Decide's: %s", diff)
			}
			if tt.rule != "" && x.Rule != tt.rule || x.Rule != "" && d.Action == chat.ActionAnswer {
				t.Errorf("%s by the rule %q, want %q", d.Action, x.Rule, tt.rule)
			}
			if tt.classes != nil && !slices.Equal(x.Classes, tt.classes) {
				t.Errorf("classes %v, want %v", x.Classes, tt.classes)
			}
			addUp(t, x)
			if x.Judge != nil && d.Action == chat.ActionAnswer && x.Judge.Probability != d.Confidence {
				t.Errorf("probability %v, confidence %v", x.Judge.Probability, d.Confidence)
			}
			for i, a := range x.Articles {
				if d.Ranked[i].ExternalID != a.ID || d.Ranked[i].Score != a.Score || a.Internal {
					t.Errorf("article %d is %+v, ranked %+v", i, a, d.Ranked[i])
				}
			}
			if _, err := json.Marshal(x); err != nil {
				t.Error(err)
			}
		})
	}
}

// addUp checks that the parts of scores and logit make the whole, with no part
// that has no name.
func addUp(t *testing.T, x chat.Explanation) {
	t.Helper()
	for _, a := range x.Articles {
		var sum float64
		for _, f := range a.Features {
			sum += f.Share
			if f.Name == "other" {
				t.Errorf("%s: %.3f of the score is not explained", a.ID, f.Share)
			}
		}
		if math.Abs(sum-a.Score) > 1e-6 {
			t.Errorf("%s: shares of %v make a score of %v", a.ID, sum, a.Score)
		}
	}
	if j := x.Judge; j != nil {
		sum := j.Bias
		for _, f := range j.Features {
			sum += f.Share
		}
		if math.Abs(sum-j.Logit) > 1e-9 || math.Abs(1/(1+math.Exp(-sum))-j.Probability) > 1e-9 || j.Threshold != .6 {
			t.Errorf("shares make %v, logit %v, probability %v, threshold %v", sum, j.Logit, j.Probability, j.Threshold)
		}
	}
}

func TestMisspeltQuestionsAreUnderstood(t *testing.T) {
	t.Parallel()
	e := explainer(t, shop...)
	d, x, err := e.Explain(t.Context(), Turn{Messages: []string{"how do i resett my pasword"}})
	if err != nil {
		t.Fatal(err)
	}
	if want := "how do i resett my password"; !strings.Contains(d.Understood, "password") || x.Understood != d.Understood {
		t.Errorf("understood %q, want %q", d.Understood, want)
	}
	if want := (chat.Respelling{From: "pasword", To: "password"}); !slices.Contains(x.Spelling, want) {
		t.Errorf("spelling %v", x.Spelling)
	}
	if d.Ranked[0].ExternalID != "reset" {
		t.Errorf("ranked %v", d.Ranked)
	}
}

// TestArticlesOfTheCustomersLanguageComeFirst, and those of another are found
// where there is none.
func TestArticlesOfTheCustomersLanguageComeFirst(t *testing.T) {
	t.Parallel()
	e := explainer(t,
		knowledge.Input{ExternalID: "en", Locale: "en", Title: "Garantie M2", Body: "Garantie: 24 months."},
		knowledge.Input{ExternalID: "de", Locale: "de-AT", Title: "Garantie M2", Body: "Garantie: 24 Monate."},
		knowledge.Input{ExternalID: "only", Locale: "en", Title: "Bogen kettle firmware", Body: "Update the firmware of the Bogen."},
	)
	for _, tt := range []struct{ text, locale, want string }{
		{"Garantie M2", "de", "de"}, {"Garantie M2", "en-GB", "en"}, {"Garantie M2", "fr", "de"}, {"Bogen firmware", "de-DE", "only"},
	} {
		_, x, err := e.Explain(t.Context(), Turn{Messages: []string{tt.text}, Locale: tt.locale})
		if err != nil {
			t.Fatal(err)
		}
		if x.Articles[0].ID != tt.want {
			t.Errorf("%q (%s): %s first, want %s", tt.text, tt.locale, x.Articles[0].ID, tt.want)
		}
		addUp(t, x)
	}
}
