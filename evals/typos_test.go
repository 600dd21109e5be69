//go:build !race

package evals_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/uuid"

	"frontdesk/evals"
	"frontdesk/knowledge"
	"frontdesk/llm"
	"frontdesk/llm/minilm"
)

// TestMisspeltQuestions asks each answerable question as it stands, and with
// slips of the finger: by words alone and with vectors. The bounds are three
// questions below what was measured; before misspelt words were put right, the
// misspelt own set had hit@1 .470 and MRR@10 .595 by words, .604 and .748 with vectors.
func TestMisspeltQuestions(t *testing.T) {
	if os.Getenv("FRONTDESK_EVAL") != "1" {
		t.Skip("set FRONTDESK_EVAL=1 to ask misspelt questions")
	}
	encoder, err := minilm.Default()
	if err != nil {
		t.Fatal(err)
	}
	cached, err := evals.OpenCached(filepath.Join("..", ".cache", "evals", "vectors"), encoder)
	if err != nil {
		t.Fatal(err)
	}
	defer cached.Close()
	lab, clean := ownLab(t, cached)
	wrong := slices.Clone(clean)
	random := rand.New(rand.NewPCG(7, 7))
	for i := range wrong {
		wrong[i].Text = misspell(wrong[i].Text, random)
	}
	check := func(name string, questions []evals.Query, least float64) {
		hit, mrr := searched(t, lab, questions)
		t.Logf("%s: n %d, hit@1 %.3f, MRR@10 %.3f", name, len(questions), hit, mrr)
		if hit < least {
			t.Errorf("%s: hit@1 %.3f, want at least %.3f", name, hit, least)
		}
	}
	check("vectors and words", clean, .735)
	check("vectors and words, misspelt", wrong, .685)
	lab.WordsOnly()
	check("words", clean, .530)
	check("words, misspelt", wrong, .530)
}

// ownLab indexes the repository's own articles, and gives its answerable
// questions with what the customer said before in front.
func ownLab(t *testing.T, encoder llm.Embedder) (*evals.Lab, []evals.Query) {
	t.Helper()
	articles, err := evals.ReadArticles(t.Context(), filepath.Join("data", "helpcentre"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := evals.ReadQueries(filepath.Join("data", "queries.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var out []evals.Query
	for _, q := range all {
		if len(q.Relevant) == 0 {
			continue
		}
		var said []string
		for _, h := range q.History {
			if h.Role == "user" {
				said = append(said, h.Text)
			}
		}
		q.Text = strings.Join(append(said, q.Text), " ")
		out = append(out, q)
	}
	lab, err := evals.NewLab(t.Context(), articles, encoder)
	if err != nil {
		t.Fatal(err)
	}
	return lab, out
}

// searched gives hit@1 and MRR@10 of a search alone.
func searched(t *testing.T, lab *evals.Lab, questions []evals.Query) (hit, mrr float64) {
	t.Helper()
	for _, q := range questions {
		r, err := lab.Search(context.Background(), uuid.Nil, knowledge.Query{Text: q.Text})
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(r.Articles, func(a knowledge.ArticleHit) bool { return slices.Contains(q.Relevant, a.Document.ExternalID) })
		if at >= 0 {
			mrr += 1 / float64(at+1)
		}
		if at == 0 {
			hit++
		}
	}
	n := float64(len(questions))
	return hit / n, mrr / n
}

// misspell makes a slip of the finger in a third of a text's words of five
// letters or more, and in at least one.
func misspell(text string, random *rand.Rand) string {
	words := strings.Fields(text)
	var long []int
	for i, w := range words {
		if len(w) >= 5 && !strings.ContainsFunc(w, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) }) {
			long = append(long, i)
		}
	}
	random.Shuffle(len(long), func(i, j int) { long[i], long[j] = long[j], long[i] })
	for _, i := range long[:min(len(long), 1+len(long)/3)] {
		words[i] = slip(words[i], random)
	}
	return strings.Join(words, " ")
}

// slip loses, doubles or replaces a letter of a word, never the first, or
// swaps it with a neighbour.
func slip(word string, random *rand.Rand) string {
	b := []byte(word)
	i := 1 + random.IntN(len(b)-1)
	switch random.IntN(4) {
	case 0:
		return string(slices.Delete(b, i, i+1))
	case 1:
		return string(slices.Insert(b, i, b[i]))
	case 2:
		lower := bytes.ToLower(b[i : i+1])[0]
		b[i] = 'a' + (lower-'a'+1+byte(random.IntN(24)))%26
	default:
		other := i + 1
		if other == len(b) {
			other = i - 1
		}
		b[i], b[other] = b[other], b[i]
	}
	return string(b)
}
