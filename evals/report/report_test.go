package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"frontdesk/chat"
	"frontdesk/evals"
)

// some gives n questions, of which every third is answered wrongly and every
// fifth has no answer.
func some(n int) (queries []evals.Query, run []evals.Outcome) {
	for i := range n {
		id := "q" + string(rune('a'+i%26)) + strings.Repeat("x", i/26)
		q := evals.Query{ID: id, Text: "What about <b>" + id + "</b>?", Label: "answerable", Relevant: []string{"right"}, History: []evals.Past{{Role: "user", Text: "an earlier turn"}}}
		o := evals.Outcome{ID: id, Action: chat.ActionAnswer, Confidence: float64(i) / float64(n), Ranked: []string{"right", "other"}, Cited: []string{"right"}, Text: "It is <i>so</i>."}
		if i%3 == 0 {
			o.Ranked, o.Cited = []string{"other", "third"}, []string{"other"}
			o.Shares = []evals.Share{{Feature: "title_cosine", Value: .5, Share: 1.25}, {Feature: "length", Value: 2, Share: -.5}}
		}
		if i%5 == 0 {
			q.Relevant, q.Label = nil, "near"
			o.Action, o.Reason = chat.ActionHandoff, chat.ReasonLowConfidence
		}
		queries, run = append(queries, q), append(run, o)
	}
	run[0].Made = &evals.Made{Encoder: "an encoder", Judge: "a judge", Threshold: .7, Articles: evals.Articles{Count: 3}}
	return queries, run
}

func written(t *testing.T, p Page) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestWrite(t *testing.T) {
	t.Parallel()
	queries, run := some(40)
	before := append([]evals.Outcome(nil), run...)
	before[1].Ranked, before[1].Cited = []string{"other"}, []string{"other"}
	html := written(t, Page{Title: "A <set>", Queries: queries, Run: run, Baseline: before})
	for _, want := range []string{
		"A &lt;set&gt;", "40 questions", "3 articles", "What about &lt;b&gt;", "It is &lt;i&gt;so&lt;/i&gt;.", "Answered from another article", "1 earlier turn",
		"Hit@1", "McNemar", "title cosine", "&#43;1.250", "Right, and not found: right", "handed over: low confidence", "The worst", "wrong answers", "before",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	// It stands on its own, and runs nothing.
	for _, bad := range []string{"<script", "http://", "https://", "url(", "@import", "<link", "NaN", "%!", "ZgotmplZ"} {
		if strings.Contains(html, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	wellFormed(t, html)
}

// wellFormed reads the body as XML: every element that opens must close.
func wellFormed(t *testing.T, html string) {
	t.Helper()
	body := html[strings.Index(html, "<body>"):strings.Index(html, "</html>")]
	d := xml.NewDecoder(strings.NewReader(body))
	d.Strict, d.Entity = true, xml.HTMLEntity
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("the page is not well formed: %v", err)
		}
	}
}

func TestWriteSmallAndLarge(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 4, 400} {
		queries, run := some(n)
		html := written(t, Page{Queries: queries, Run: run})
		wellFormed(t, html)
		if strings.Contains(html, "NaN") || strings.Contains(html, "McNemar") {
			t.Errorf("%d questions: NaN, or a test without a baseline", n)
		}
		if band := strings.Contains(html, `class="band"`); band != (n >= firstShown && n < fewCases) {
			t.Errorf("%d questions: an interval is drawn: %v", n, band)
		}
	}
	queries, run := some(4)
	if err := Write(io.Discard, Page{Queries: queries, Run: run[:2]}); err == nil {
		t.Error("a run of other questions was reported")
	}
	if err := Write(io.Discard, Page{}); err == nil {
		t.Error("nothing was reported")
	}
}

func TestRiskAxis(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64][2]float64{0: {.20, .05}, .22: {.25, .05}, .25: {.25, .05}, .31: {.40, .10}, .61: {.80, .20}, 1: {1, .20}} {
		top, step := riskAxis(v)
		if math.Abs(top-want[0]) > 1e-9 || step != want[1] {
			t.Errorf("%v: top %v, step %v", v, top, step)
		}
	}
}

func TestCalibration(t *testing.T) {
	t.Parallel()
	cases := make([]evals.Case, 100)
	for i := range cases {
		cases[i] = evals.Case{Right: i < 50, Outcome: evals.Outcome{Confidence: .5}}
	}
	say := func(confidence float64) string {
		for i := range cases {
			cases[i].Outcome.Confidence = confidence
		}
		return calibration(cases)
	}
	// A hundred throws with p = .5 differ by .098 in 1 of 20 cases.
	for confidence, want := range map[float64]string{.5: "means what it says", .59: "means what it says", .61: "too sure", .39: "too modest"} {
		if got := say(confidence); !strings.Contains(got, want) {
			t.Errorf("%v: %s", confidence, got)
		}
	}
}

// The page's colours are those of the console.
func TestColoursAreTheTokens(t *testing.T) {
	t.Parallel()
	tokens, err := os.ReadFile("../../console/src/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	shape := regexp.MustCompile(`(--[a-z0-9-]+): (light-dark\(#\w+, #\w+\))`)
	known := map[string]string{}
	for _, m := range shape.FindAllStringSubmatch(string(tokens), -1) {
		if known[m[1]] == "" { // later ones are for more contrast
			known[m[1]] = m[2]
		}
	}
	found := shape.FindAllStringSubmatch(css, -1)
	if len(found) < 15 {
		t.Fatalf("only %d colours", len(found))
	}
	for _, m := range found {
		if known[m[1]] != m[2] {
			t.Errorf("%s is %s here and %q there", m[1], m[2], known[m[1]])
		}
	}
}
