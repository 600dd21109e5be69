package insight_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"frontdesk/chat"
	"frontdesk/insight"
)

func report(tallies []chat.Tally, help ...chat.HelpTally) insight.Report {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	return insight.New(insight.Input{Zone: time.UTC, Since: now.Add(-time.Hour), Until: now, Tallies: tallies, Help: help})
}

func TestEase(t *testing.T) {
	t.Parallel()
	e := report([]chat.Tally{
		{Kind: chat.FactCES, Score: 7, N: 3}, {Kind: chat.FactCES, Score: 2, N: 1}, {Kind: chat.FactCES, Score: 5, N: 1},
		{Kind: chat.FactRated, Score: 5, N: 9}, {Kind: chat.FactNPS, Score: 7, N: 9},
	}).Ease
	if want := (insight.Mean{N: 5, Mean: 28. / 5}); e.Mean != want || e.Easy != insight.ShareOf(4, 5) || e.Scores[6] != insight.ShareOf(3, 5) || e.Scores[0] != insight.ShareOf(0, 5) {
		t.Errorf("%+v", e)
	}
}

func TestLikely(t *testing.T) {
	t.Parallel()
	l := report([]chat.Tally{
		{Kind: chat.FactNPS, Score: 10, N: 4}, {Kind: chat.FactNPS, Score: 9, N: 1}, {Kind: chat.FactNPS, Score: 7, N: 2}, {Kind: chat.FactNPS, Score: 8, N: 1},
		{Kind: chat.FactNPS, Score: 6, N: 1}, {Kind: chat.FactNPS, Score: 0, N: 1}, {Kind: chat.FactRated, Score: 1, N: 9},
	}).Likely
	// With one more of each: .4615 and .2308 of 13; the difference .2308, its standard error .2214.
	want := insight.Likely{
		Promoters: insight.ShareOf(5, 10), Passives: insight.ShareOf(3, 10), Detractors: insight.ShareOf(2, 10), Score: 30, Low: -20.4, High: 66.5,
	}
	if diff := cmp.Diff(want, l, cmpopts.EquateApprox(0, .05)); diff != "" {
		t.Error(diff)
	}
}

// TestNetInterval: the score is within its interval, which is within the scale, and narrows with n.
func TestNetInterval(t *testing.T) {
	t.Parallel()
	of := func(up, mid, down int) insight.Likely {
		return report([]chat.Tally{{Kind: chat.FactNPS, Score: 10, N: up}, {Kind: chat.FactNPS, Score: 8, N: mid}, {Kind: chat.FactNPS, Score: 3, N: down}}).Likely
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 2000)
		up, mid, down := n.Draw(t, "up"), n.Draw(t, "mid"), n.Draw(t, "down")
		l := of(up, mid, down)
		if l.Score < l.Low-1e-9 || l.Score > l.High+1e-9 || l.Low < -100 || l.High > 100 || math.IsNaN(l.Score) {
			t.Fatalf("%d, %d, %d: %+v", up, mid, down, l)
		}
		if more := of(4*up, 4*mid, 4*down); up+mid+down > 0 && more.High-more.Low > l.High-l.Low {
			t.Fatalf("four times as many of %d, %d, %d say less: %+v, %+v", up, mid, down, l, more)
		}
	})
	if l := of(0, 0, 0); l.Low != -100 || l.High != 100 || l.Score != 0 {
		t.Errorf("of none: %+v", l)
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	returns, shipping, fine := uuid.New(), uuid.New(), uuid.New()
	h := report(nil,
		chat.HelpTally{Article: returns, Title: "Returns", Helpful: true, N: 6}, chat.HelpTally{Article: returns, Title: "Returns", Reason: chat.FeedbackOutdated, N: 2},
		chat.HelpTally{Article: returns, Title: "Returns", N: 1}, chat.HelpTally{Article: shipping, Title: "Shipping", Reason: chat.FeedbackOutdated, N: 3},
		chat.HelpTally{Article: fine, Title: "Fine", Helpful: true, N: 1}, chat.HelpTally{Reason: chat.FeedbackOther, N: 5},
	).Help
	want := insight.Help{
		Helpful: insight.ShareOf(7, 18),
		Reasons: []insight.Part{
			{Name: "other", Share: insight.ShareOf(5, 11)}, {Name: "outdated", Share: insight.ShareOf(5, 11)}, {Share: insight.ShareOf(1, 11)},
		},
		Articles: []insight.ArticleHelp{
			{Article: shipping, Title: "Shipping", Helpful: insight.ShareOf(0, 3)}, {Article: returns, Title: "Returns", Helpful: insight.ShareOf(6, 9)},
			{Article: fine, Title: "Fine", Helpful: insight.ShareOf(1, 1)},
		},
	}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Error(diff)
	}
	var many []chat.HelpTally
	for i := range 30 {
		many = append(many, chat.HelpTally{Article: uuid.New(), Title: fmt.Sprint(i), N: i + 1})
	}
	if all := report(nil, many...).Help.Articles; len(all) != 20 || all[0].Title != "29" {
		t.Errorf("%d articles, first %+v", len(all), all[0])
	}
}
