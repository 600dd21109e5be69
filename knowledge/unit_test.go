package knowledge

import (
	"math"
	"strings"
	"testing"

	"github.com/google/uuid"

	"frontdesk/llm"
)

// phrased is an article that is a list of questions, one a line.
var phrased = Input{Source: "test", ExternalID: "burrs", Title: "Burrs", Body: strings.Join([]string{
	"how do i clean the burrs", "can they go into the dishwasher", "burrs dirty", "what takes old oil off", "my coffee tastes of soap since washing",
}, "\n")}

func TestPhrasingsAreFoundAndNeverQuoted(t *testing.T) {
	t.Parallel()
	e := llm.FakeEmbedder{Dims: 96}
	doc := documentOf(phrased)
	accepted := "does soap harm the grinder"
	doc.Questions = []Phrasing{{Text: accepted, Hash: hashText(accepted)}}
	x := NewIndex(NewSearcher(e, 0)).With(Update{Version: 1, Documents: []Document{doc}})
	if n := len(x.Missing()); n != len(doc.Chunks)+1 {
		t.Errorf("%d texts wait in the store, want the chunks and the accepted question", n)
	}
	if lacking := x.Lacking(); len(lacking) != 1+5 || lacking[0].Text != "Burrs" {
		t.Errorf("lacking %v, want the title first, then the lines", lacking)
	}
	all := append([]Pending{{hashText(accepted), accepted}}, Put{Input: phrased, Chunks: doc.Chunks}.texts()...)
	vectors, err := embedTexts(t.Context(), e, all)
	if err != nil {
		t.Fatal(err)
	}
	x = x.With(Update{Vectors: vectors})
	if len(x.Missing())+len(x.Lacking()) != 0 {
		t.Errorf("still missing %v and %v", x.Missing(), x.Lacking())
	}
	for _, question := range []string{accepted, "what takes old oil off"} {
		r, err := x.Search(t.Context(), Query{Text: question})
		if err != nil {
			t.Fatal(err)
		}
		hit := r.Articles[0]
		if !hit.List || hit.Phrasing.Text != question || hit.Phrasing.Cosine < .999 || hit.Score < hit.Phrasing.Score {
			t.Errorf("%q: %+v, score %v", question, hit.Phrasing, hit.Score)
		}
		for _, c := range hit.Chunks {
			if strings.Contains(c.Chunk.Text, accepted) {
				t.Errorf("an accepted question is part of chunk %q", c.Chunk.Text)
			}
		}
	}
}

func TestCosineOfTitlesAndPieces(t *testing.T) {
	t.Parallel()
	e := llm.FakeEmbedder{Dims: 96}
	x := NewIndex(NewSearcher(e, 0)).With(Update{Version: 1, Documents: []Document{documentOf(phrased)}})
	vectors, err := embedTexts(t.Context(), e, Put{Input: phrased, Chunks: Prepare(phrased).Chunks}.texts())
	if err != nil {
		t.Fatal(err)
	}
	r, err := x.With(Update{Vectors: vectors}).Search(t.Context(), Query{Text: "Burrs"})
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := r.Cosine("Burrs"); !ok || math.Abs(c-1) > 1e-4 {
		t.Errorf("cosine of the title to itself: %v, %v", c, ok)
	}
	if _, ok := r.Cosine("never heard of"); ok {
		t.Error("a text that is in no article has a cosine")
	}
}

func TestPooled(t *testing.T) {
	t.Parallel()
	if got := pooled([]float32{.5}); got != .5 {
		t.Errorf("one alone scores %v", got)
	}
	if got := pooled(nil); got != 0 {
		t.Errorf("none score %v", got)
	}
	if two, far := pooled([]float32{.5, .5}), pooled([]float32{.1, .5}); math.Abs(float64(two)-.5-.05*math.Ln2) > 1e-6 || far > .5001 {
		t.Errorf("two alike score %v, one and a far one %v", two, far)
	}
}

// documentOf is an Input as the store would load it.
func documentOf(in Input) Document {
	p := Prepare(in)
	return Document{
		Article: Article{ID: uuid.New(), Version: uuid.New(), Source: p.Source, ExternalID: p.ExternalID, Title: p.Title, Body: p.Body, Visibility: p.Visibility, Status: p.Status},
		Chunks:  p.Chunks,
	}
}
