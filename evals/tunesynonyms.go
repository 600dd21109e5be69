package evals

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/internal/personal"
	"frontdesk/knowledge"
	"frontdesk/trust"
)

// SolvedThen reads out of a workspace's verdicts and conversations which
// questions which articles answer: those that were found right, and those that
// an agent named instead. Silence names none. Personal data are masked.
func SolvedThen(ctx context.Context, h History, ws uuid.UUID, verdicts []trust.Verdict) ([]Solved, error) {
	byConversation := map[uuid.UUID][]trust.Verdict{}
	for _, v := range verdicts {
		byConversation[v.Conversation] = append(byConversation[v.Conversation], v)
	}
	var out []Solved
	err := eachConversation(ctx, h, ws, time.Time{}, func(conv chat.Conversation, log []chat.Entry) (bool, error) {
		for _, v := range byConversation[conv.ID] {
			article := v.Correct
			if v.Right && v.Kind != trust.KindQuiet {
				article = v.Article
			}
			turn, ok := turnOf(conv, log, v.Seq)
			if ok && article != uuid.Nil {
				out = append(out, Solved{Asker: conv.Customer.String(), Text: personal.Mask(strings.Join(turn.Messages, "\n")), Article: article})
			}
		}
		return true, nil
	})
	return out, err
}

// SolvedBefore gives the accepted ones of past questions as Solved. Each ticket
// stands for a person; all editors together for one.
func SolvedBefore(questions []knowledge.Question) []Solved {
	var out []Solved
	for _, q := range questions {
		if q.Status != knowledge.QuestionAccepted {
			continue
		}
		asker := q.Source + "\n" + q.External
		if q.Origin == knowledge.OriginEditor {
			asker = string(q.Origin)
		}
		out = append(out, Solved{Asker: asker, Text: q.Text, Article: q.Article.ID})
	}
	return out
}

// mostSolved bounds how many questions are learnt from and scored: two
// searches each, which take about a minute in all with the built-in encoder.
const mostSolved = 5000

// Found is how well search finds the right articles.
type Found struct {
	Hit1 float64 `json:"hit1"` // share of the questions whose article is first
	MRR  float64 `json:"mrr"`  // mean of 1 by its place, of the first ten
}

// TunedSynonyms are synonyms that were learnt, and what speaks for them.
// Scores are of questions that were left out of the learning (5 folds by
// asker), and that search was not told of either.
type TunedSynonyms struct {
	List      []Learnt `json:"list"`
	Questions int      `json:"questions"` // different ones with a published article
	Changed   int      `json:"changed"`   // of them, those whose place changed
	Old       Found    `json:"old"`       // without learnt synonyms
	New       Found    `json:"new"`       // with them
	Diff      float64  `json:"diff"`      // MRR, new less old
	Low       float64  `json:"low"`       // its bootstrap 95 % interval, by asker
	High      float64  `json:"high"`
	Better    bool     `json:"better"` // the whole interval is above 0
	Missing   string   `json:"missing,omitempty"`
}

// Synonyms gives the list as search takes it.
func (t TunedSynonyms) Synonyms() knowledge.Synonyms {
	var out knowledge.Synonyms
	for _, l := range t.List {
		out = append(out, knowledge.Synonym{Words: []string{l.Word}, Means: []string{l.Means}, Weight: l.Weight})
	}
	return out
}

// TuneSynonyms learns synonyms from questions, newest first, beside those that
// an operator gave. A word of the operator's is the operator's: nothing is learnt for it.
// What is in use already (inUse) is not tried again.
func TuneSynonyms(ctx context.Context, x *knowledge.Index, own, inUse knowledge.Synonyms, solved []Solved) (TunedSynonyms, error) {
	solved = slices.DeleteFunc(slices.Clone(solved), func(a Solved) bool { return x.Document(a.Article) == nil })
	solved = distinct(solved[:min(len(solved), mostSolved)])
	t := TunedSynonyms{Questions: len(solved), List: learnBeside(x, own, solved)}
	if len(t.List) == 0 {
		t.Missing = fmt.Sprintf("no word of customers goes with another of the articles often enough in %d answered questions", len(solved))
		return t, nil
	}
	if slices.EqualFunc(t.Synonyms(), inUse, sameSynonym) {
		t.Missing = "they are in use"
		return t, nil
	}
	trials := make([]trial, len(solved))
	for fold := range folds {
		if err := scoreFold(ctx, x, own, solved, fold, trials); err != nil {
			return t, err
		}
	}
	t.compare(solved, trials)
	return t, nil
}

func sameSynonym(a, b knowledge.Synonym) bool {
	return slices.Equal(a.Words, b.Words) && slices.Equal(a.Means, b.Means) && a.Weight == b.Weight
}

func learnBeside(x *knowledge.Index, own knowledge.Synonyms, solved []Solved) []Learnt {
	given := map[string]bool{}
	for _, s := range own {
		for _, w := range s.Words {
			for _, term := range knowledge.WordsIn("", w) {
				given[term.Term] = true
			}
		}
	}
	return slices.DeleteFunc(LearnSynonyms(x, solved), func(l Learnt) bool {
		return slices.ContainsFunc(knowledge.WordsIn("", l.Word), func(w knowledge.Word) bool { return given[w.Term] })
	})
}

// trial is the place of a question's article by 1/rank, 0 beyond the tenth,
// with learnt synonyms and without.
type trial struct{ before, after float64 }

// scoreFold asks the questions of a fold of an index that knows neither them
// nor the synonyms that they would teach.
func scoreFold(ctx context.Context, x *knowledge.Index, own knowledge.Synonyms, solved []Solved, fold int, trials []trial) error {
	held := map[string]bool{}
	var rest []Solved
	for _, a := range solved {
		if foldOfAsker(a.Asker) == fold {
			held[a.Text] = true
		} else {
			rest = append(rest, a)
		}
	}
	learnt := TunedSynonyms{List: learnBeside(x, own, rest)}.Synonyms()
	isHeld := func(text string) bool { return held[text] }
	before, after := x.Trial(own, isHeld), x.Trial(slices.Concat(own, learnt), isHeld)
	for i, a := range solved {
		if foldOfAsker(a.Asker) != fold {
			continue
		}
		var err error
		if trials[i].before, err = place(ctx, before, a); err != nil {
			return err
		}
		if trials[i].after = trials[i].before; len(learnt) > 0 {
			if trials[i].after, err = place(ctx, after, a); err != nil {
				return err
			}
		}
	}
	return nil
}

func foldOfAsker(asker string) int {
	h := fnv.New32a()
	h.Write([]byte(asker))
	return int(h.Sum32() % folds)
}

// place is 1/rank of a's article, as an agent's search ranks: whether it is
// shown to customers is not the question here.
func place(ctx context.Context, x *knowledge.Index, a Solved) (float64, error) {
	r, err := x.Search(ctx, knowledge.Query{Text: a.Text, Audience: knowledge.AudienceAgent, Articles: 10})
	if err != nil {
		return 0, fmt.Errorf("evals: search for a past question: %w", err)
	}
	for i, hit := range r.Articles {
		if hit.Document.ID == a.Article {
			return 1 / float64(i+1), nil
		}
	}
	return 0, nil
}

// compare scores the trials. People ask alike, so whole askers are drawn.
func (t *TunedSynonyms) compare(solved []Solved, trials []trial) {
	var groups [][]trial
	at := map[string]int{}
	for i, a := range solved {
		g, ok := at[a.Asker]
		if !ok {
			g, groups = len(groups), append(groups, nil)
			at[a.Asker] = g
		}
		groups[g] = append(groups[g], trials[i])
		n := float64(len(solved))
		t.Old.add(trials[i].before, n)
		t.New.add(trials[i].after, n)
		if trials[i].before != trials[i].after {
			t.Changed++
		}
	}
	diff := func(pick []int) float64 {
		sum, n := 0., 0
		for _, p := range pick {
			for _, tr := range groups[p] {
				sum += tr.after - tr.before
				n++
			}
		}
		return sum / float64(n)
	}
	low, high := interval(len(groups), diff)
	t.Diff, t.Low, t.High = round(t.New.MRR-t.Old.MRR), round(low), round(high)
	t.Better = low > 0
	t.Old, t.New = t.Old.rounded(), t.New.rounded()
}

func (f *Found) add(place, n float64) {
	f.MRR += place / n
	f.Hit1 += yes(place == 1) / n
}

func (f Found) rounded() Found { return Found{round(f.Hit1), round(f.MRR)} }
