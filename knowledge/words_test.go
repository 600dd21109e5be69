package knowledge

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTerms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want []string
	}{
		{"How do I clean the burrs?", []string{"clean", "burr"}},
		{"KK-20418, M2 and 2-step", []string{"kk", "20418", "kk20418", "m2", "2", "step", "2step"}},
		{"E-mail isn't e-mails'", []string{"e", "mail", "email", "e", "mail", "email"}},
		{"v1.8.19 costs 4.90 €.", []string{"v1", "8", "19", "v1819", "cost", "4", "90", "490"}},
		{"Crème BRÛLÉE ﬁnish", []string{"creme", "brule", "finish"}},
		{"on/off -x- a--b ... '", []string{"on", "off", "onoff", "x", "b"}},
		{"ab漢字", []string{"ab", "漢", "字"}},
		{"", nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, Terms(tt.text)); diff != "" {
			t.Errorf("%q: %s", tt.text, diff)
		}
	}
}

// TestBM25 compares with the formula worked out by hand.
func TestBM25(t *testing.T) {
	t.Parallel()
	d := newDictionary()
	p := newPostings(d, []bag{d.count("burr burr clean"), d.count("clean"), d.count("order box")})
	scores := make([]float32, 3)
	query := p.query("burr clean unknown clean")
	p.score(query, scores)
	const average = 2.0
	term := func(tf, length, df float64) float64 {
		return math.Log(1+(3-df+.5)/(df+.5)) * tf * (bm25K1 + 1) / (tf + bm25K1*(1-bm25B+bm25B*length/average))
	}
	want := []float64{term(2, 3, 1) + 2*term(1, 3, 2), 2 * term(1, 1, 2), 0}
	for i, w := range want {
		if math.Abs(float64(scores[i])-w) > 1e-5 {
			t.Errorf("chunk %d: %v, want %v", i, scores[i], w)
		}
	}
	idf := func(df float64) float64 { return math.Log(1 + (3-df+.5)/(df+.5)) }
	if got, want := coverage(query, d.count("clean")), idf(2)/(idf(1)+idf(2)+idf(0)); math.Abs(got-want) > 1e-6 {
		t.Errorf("coverage %v, want %v", got, want)
	}
	if got := coverage(nil, nil); got != 0 {
		t.Errorf("coverage of no question: %v", got)
	}
}
