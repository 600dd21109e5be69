package evals

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/chat"
)

// graded makes n questions and their outcomes, all answered; wrong says which cite the wrong article.
func graded(n int, wrong func(i int) bool) ([]Query, []Outcome) {
	queries, run := make([]Query, n), make([]Outcome, n)
	for i := range n {
		id := fmt.Sprint("q", i)
		queries[i] = Query{ID: id, Relevant: []string{"a"}}
		run[i] = Outcome{ID: id, Action: chat.ActionAnswer, Confidence: 1 - float64(i)/float64(n), Ranked: []string{"a"}, Cited: []string{"a"}}
		if wrong(i) {
			run[i].Cited = []string{"b"}
		}
	}
	run[0].Made = &Made{Judge: "j", FittedOn: []string{"seen"}}
	return queries, run
}

func TestCertify(t *testing.T) {
	t.Parallel()
	date := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	o := CertifyOptions{Target: .05, Level: .9, Data: Data{Set: "set"}, Date: date}
	certify := func(queries []Query, run []Outcome, o CertifyOptions) Certificate {
		t.Helper()
		c, err := Certify(queries, run, o)
		if err != nil {
			t.Fatal(err)
		}
		if c.Certified != (c.Reason == "") || c.Certified != (c.Coverage > 0) || !c.Date.Equal(date) {
			t.Errorf("%+v", c)
		}
		return c
	}

	// The lower half is wrong: the threshold lies above it.
	queries, run := graded(400, func(i int) bool { return i >= 200 })
	c := certify(queries, run, o)
	if !c.Certified || c.Bound.Threshold < .47 || c.Bound.Threshold > .51 || c.Bound.Upper >= .05 || c.Coverage < .45 || c.Data.Answers != 400 {
		t.Errorf("%+v", c)
	}
	// A question that was not answered lowers the coverage and nothing else.
	run[399].Action = chat.ActionHandoff
	if again := certify(queries, run, o); again.Bound != c.Bound || again.Data.Answers != 399 || again.Coverage != c.Coverage {
		t.Errorf("%+v", again)
	}
	// A leak is wrong, whatever it cites.
	for i := range 200 {
		queries[i].Forbidden = []string{"a"}
	}
	if c := certify(queries, run, o); c.Certified || !strings.Contains(c.Reason, "were wrong") {
		t.Errorf("leaks: %+v", c)
	}

	queries, run = graded(44, func(int) bool { return false })
	if c := certify(queries, run, o); c.Certified || !strings.HasPrefix(c.Reason, "44 of 45") || c.Bound.Upper != 0 {
		t.Errorf("too few: %+v", c)
	}
	queries, run = graded(400, func(int) bool { return false })
	seen := o
	seen.Data.Set = "seen"
	if c := certify(queries, run, seen); c.Certified || !strings.Contains(c.Reason, "fitted on") {
		t.Errorf("fitted on it: %+v", c)
	}
	run[0].Made = nil
	if c := certify(queries, run, o); c.Certified || !strings.Contains(c.Reason, "does not say") {
		t.Errorf("made by nobody: %+v", c)
	}
	if _, err := Certify(queries[1:], run, o); err == nil {
		t.Error("questions and run that do not go together")
	}
}

func TestCertificateInWords(t *testing.T) {
	t.Parallel()
	queries, run := graded(100, func(int) bool { return false })
	c, err := Certify(queries, run, CertifyOptions{Target: .05, Level: .9, Data: Data{Set: "set", Hash: "0123456789abcdef"}})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Certified: ", "at most 2.3 % are wrong (at 90 %; asked for: 5.0 %)", "100 of set (sha256 0123456789ab)", "0 of 100", "holds for questions like these"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in:\n%s", want, &b)
		}
	}
}

func TestArticlesHash(t *testing.T) {
	t.Parallel()
	one := articlesHash(fewArticles)
	turned := slices.Clone(fewArticles)
	slices.Reverse(turned)
	if articlesHash(turned) != one {
		t.Error("the order counts")
	}
	turned[0].Body += " Or not."
	if articlesHash(turned) == one {
		t.Error("a body does not count")
	}
}
