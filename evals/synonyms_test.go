package evals

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/knowledge"
)

// subjects are articles by title; their words stand in no other.
var subjects = []string{"Delivery of parcels", "Warranty and repairs", "Invoices by post", "Cancel an order", "Grind settings",
	"Descale the boiler", "Gift cards", "Change your password", "Colours of the range", "Opening hours"}

// index knows the subjects, without vectors.
func index(t *testing.T, questions map[int][]string) *knowledge.Index {
	t.Helper()
	var docs []knowledge.Document
	for i, title := range subjects {
		body := "This page says all there is to know of it."
		d := knowledge.Document{Article: knowledge.Article{ID: subject(i), Source: "t", ExternalID: fmt.Sprint(i), Title: title, Body: body, Locale: "en",
			Visibility: knowledge.Public, Status: knowledge.StatusPublished}, Chunks: []knowledge.Chunk{{End: len(body), Text: title + "\n\n" + body}}}
		for _, q := range questions[i] {
			d.Questions = append(d.Questions, knowledge.NewPhrasing(q))
		}
		docs = append(docs, d)
	}
	return knowledge.NewIndex(knowledge.NewSearcher(nil, 0)).With(knowledge.Update{Version: 1, Documents: docs})
}

func subject(i int) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(subjects[i])) }

// plain are questions in the words of the articles, six for each.
func plain() []Solved {
	var out []Solved
	for i, title := range subjects {
		for k, form := range []string{"where is %s", "help me with %s please", "%s?", "tell me about %s", "problem: %s", "%s, how does it work"} {
			out = append(out, Solved{fmt.Sprint("plain", i, k), fmt.Sprintf(form, strings.ToLower(title)), subject(i)})
		}
	}
	return out
}

// asks gives questions of different customers to one article.
func asks(article int, questions ...string) (out []Solved) {
	for i, q := range questions {
		out = append(out, Solved{fmt.Sprint("customer", article, i), q, subject(article)})
	}
	return out
}

var shipments = asks(0, "when does my shipment arrive", "shipments are late again", "I wait for a shipment since Monday", "can I follow my shipment?",
	"the shipment came broken", "no shipment at my door", "is the shipment insured", "shipment lost")

func TestLearnSynonyms(t *testing.T) {
	t.Parallel()
	x := index(t, nil)
	one := func(list []Solved, asker string) []Solved {
		for i := range list {
			list[i].Asker = asker
		}
		return list
	}
	for name, c := range map[string]struct {
		more []Solved
		want []string
	}{
		"planted":                 {shipments, []string{"shipment>parcels", "shipment>delivery"}},
		"nothing":                 {nil, nil},
		"two questions":           {shipments[:2], nil},
		"the same question":       {asks(0, "Shipment late", "shipment late", "shipment  LATE", "shipment late"), nil},
		"one customer":            {one(asks(0, "my shipment", "shipment late", "shipment broken", "shipment lost"), "ann"), nil},
		"of different articles":   {slices.Concat(asks(0, "it is urgent"), asks(1, "urgent!"), asks(2, "so urgent"), asks(3, "urgent matter")), nil},
		"mostly of others":        {slices.Concat(asks(0, "urgent one", "urgent two", "urgent three"), asks(1, "urgent!", "be urgent"), asks(2, "so urgent", "urgent bill")), nil},
		"a number":                {asks(0, "track 4711", "where is 4711", "4711 late", "again 4711"), nil},
		"a code":                  {asks(0, "track kk20", "where is kk20", "kk20 late", "again kk20"), nil},
		"a name":                  {asks(0, "send it to Vienna", "shipping is slow in Vienna", "I live near Vienna", "arrive at Vienna"), nil},
		"the article has it":      {asks(0, "parcels late", "parcels lost", "where parcels", "parcels broken"), nil},
		"of a page that is gone":  {[]Solved{{"a", "a widget", uuid.New()}, {"b", "widget lost", uuid.New()}, {"c", "widget late", uuid.New()}}, nil},
		"a stop word says nought": {asks(0, "where is it", "when is it", "why is it", "is it there"), nil},
	} {
		solved := append(plain(), c.more...)
		got := LearnSynonyms(x, solved)
		var names []string
		for _, l := range got {
			names = append(names, l.Word+">"+l.Means)
			if l.Questions < leastQuestions || l.Askers < leastAskers || l.Weight <= 0 || l.Weight > heaviest || l.Share < leastShare || l.Lift < leastLift {
				t.Errorf("%s: %+v", name, l)
			}
		}
		slices.Sort(names)
		slices.Sort(c.want)
		if !cmp.Equal(names, c.want) {
			t.Errorf("%s: learnt %v, want %v", name, names, c.want)
		}
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(solved), func(i, j int) { solved[i], solved[j] = solved[j], solved[i] })
		if again := LearnSynonyms(x, solved); !cmp.Equal(again, got) {
			t.Errorf("%s: in another order %+v, before %+v", name, again, got)
		}
	}
}

// Words that go with articles by chance alone are seldom learnt: of 20
// installations with 40 such words each, at most 20 words in all.
func TestSynonymsByChance(t *testing.T) {
	t.Parallel()
	x := index(t, nil)
	learnt := 0
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 7))
		solved := plain()
		for i := range 150 {
			text := fmt.Sprintf("%s %s", noise(r.IntN(40)), noise(r.IntN(40)))
			solved = append(solved, Solved{fmt.Sprint("someone", i), text, subject(r.IntN(len(subjects)))})
		}
		words := map[string]bool{}
		for _, l := range LearnSynonyms(x, solved) {
			words[l.Word] = true
		}
		learnt += len(words)
	}
	if learnt > 20 {
		t.Errorf("%d of 800 words learnt, want 20 at most", learnt)
	}
}

// noise is a word that means nothing.
func noise(i int) string {
	return strings.Repeat(string(rune('b'+i%20)), 3) + "o" + string(rune('b'+i/20))
}

func TestTuneSynonyms(t *testing.T) {
	t.Parallel()
	solved := append(plain(), shipments...)
	accepted := map[int][]string{}
	for _, s := range shipments {
		accepted[0] = append(accepted[0], s.Text)
	}
	x := index(t, nil)
	got, err := TuneSynonyms(t.Context(), x, nil, nil, solved)
	if err != nil || !got.Better || got.Missing != "" || got.Changed != len(shipments) || got.Questions != len(solved) || got.New.MRR <= got.Old.MRR || got.Low <= 0 || got.Low > got.Diff || got.High < got.Diff {
		t.Errorf("planted: %+v, %v", got, err)
	}
	if again, err := TuneSynonyms(t.Context(), x, nil, got.Synonyms(), solved); err != nil || again.Missing == "" || again.Better {
		t.Errorf("in use: %+v, %v", again, err)
	}
	own := knowledge.Synonyms{{Words: []string{"shipments"}, Means: []string{"delivery"}, Weight: .5}}
	if beside, err := TuneSynonyms(t.Context(), x, own, nil, solved); err != nil || len(beside.List) > 0 || beside.Missing == "" {
		t.Errorf("beside the operator's: %+v, %v", beside, err)
	}
	if none, err := TuneSynonyms(t.Context(), x, nil, nil, plain()); err != nil || none.Better || none.Missing == "" {
		t.Errorf("nothing to learn: %+v, %v", none, err)
	}

	// A question that search was told of is held back with its fold: others
	// with the same word still find the article by it, so there is less to gain.
	told, err := TuneSynonyms(t.Context(), index(t, accepted), nil, nil, solved)
	if err != nil || told.Old.MRR <= got.Old.MRR || told.Old.MRR >= 1 && told.Better {
		t.Errorf("accepted: %+v, %v", told, err)
	}

	// A word that goes with two articles alike helps one of them only, and too
	// little to be believed.
	torn := append(plain(), asks(3, "charge for it", "charge again", "why this charge", "charge twice", "that charge")...)
	torn = append(torn, asks(5, "gift charge", "charge gift", "gift with charge", "my gift charge", "charge of gift")...)
	if harm, err := TuneSynonyms(t.Context(), x, nil, nil, torn); err != nil || harm.Better {
		t.Errorf("harmful: %+v, %v", harm, err)
	}
}

func TestSolvedBefore(t *testing.T) {
	t.Parallel()
	q := func(text string, origin knowledge.Origin, status knowledge.QuestionStatus, external string) knowledge.Question {
		return knowledge.Question{Text: text, Origin: origin, Status: status, Source: "desk", External: external, Article: knowledge.ArticleName{ID: subject(0)}}
	}
	got := SolvedBefore([]knowledge.Question{
		q("one", knowledge.OriginHistory, knowledge.QuestionAccepted, "1"), q("two", knowledge.OriginHistory, knowledge.QuestionAccepted, "2"),
		q("three", knowledge.OriginEditor, knowledge.QuestionAccepted, "3"), q("four", knowledge.OriginEditor, knowledge.QuestionAccepted, "4"),
		q("five", knowledge.OriginHistory, knowledge.QuestionProposed, "5"), q("six", knowledge.OriginHistory, knowledge.QuestionRejected, "6"),
	})
	if len(got) != 4 || got[0].Asker == got[1].Asker || got[2].Asker != got[3].Asker || got[0].Article != subject(0) {
		t.Errorf("%+v", got)
	}
}
