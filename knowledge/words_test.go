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
		{"v1.8.19 = 1.8.19", []string{"1.8", "1.8.19", "1.8", "1.8.19"}},
		{"4.90 €, 4,90 €", []string{"4.90", "4.90"}},
		{"1,000 and 1.000 and 1000", []string{"1000", "1000", "1000"}},
		{"at 10:30, 24/7, 30-60", []string{"10:30", "24", "7", "24/7", "30", "60", "30-60"}},
		{"UNO R4 WiFi", []string{"uno", "r4", "unor4", "wifi", "r4wifi"}},
		{"Korn 64 costs 30 days", []string{"korn", "64", "korn64", "cost", "30", "day"}},
		{"C++ and C#, A+B, #5", []string{"c", "c++", "c", "c#", "b", "5"}},
		{"WiFi™", []string{"wifi"}},
		{"Crème BRÛLÉE ﬁnish", []string{"creme", "brulee", "finish"}},
		{"on/off -x- a--b ... '", []string{"on", "off", "onoff", "x", "b"}},
		{"ab漢字仮名 字", []string{"ab", "漢字", "字仮", "仮名", "字"}},
		{"한국어", []string{"한국", "국어"}},
		{"ก้า", []string{"ก้", "้า"}},
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
	d, en := newDictionary(), tongueOf("en")
	p := newPostings(d, []bag{d.count(en, "burr burr clean"), d.count(en, "clean"), d.count(en, "order box")})
	scores := make([]float32, 3)
	query := (&asker{words: p}).read("burr clean unknown clean", "").terms
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
	if got, want := p.coverage(query, d.count(en, "clean")), idf(2)/(idf(1)+idf(2)+idf(0)); math.Abs(got-want) > 1e-6 {
		t.Errorf("coverage %v, want %v", got, want)
	}
	if got := p.coverage(nil, nil); got != 0 {
		t.Errorf("coverage of no question: %v", got)
	}
}
