package evals

import (
	"encoding/json"
	"strings"
	"testing"

	"frontdesk/bot"
)

func TestSameFit(t *testing.T) {
	t.Parallel()
	judge := func(brier float64, sets ...string) bot.Judge {
		var list []FitReport
		for _, s := range sets {
			list = append(list, FitReport{Set: s, Queries: 10, Brier: brier})
		}
		text, err := json.Marshal(map[string]any{"left_out": list})
		if err != nil {
			t.Fatal(err)
		}
		return bot.Judge{Fitted: text}
	}
	for name, tt := range map[string]struct {
		again bot.Judge
		want  string
	}{
		"the same":    {judge(.105, "a", "b"), ""},
		"worse":       {judge(.13, "a", "b"), "a, Brier: 0.1000, now 0.1300"},
		"a set less":  {judge(.1, "a"), "b: is no longer fitted on"},
		"another one": {judge(.1, "a", "b", "c"), "c: 0 questions, now 10"},
	} {
		got, err := SameFit(judge(.1, "a", "b"), tt.again)
		if err != nil {
			t.Fatal(err)
		}
		if all := strings.Join(got, "\n"); (tt.want == "") != (all == "") || !strings.Contains(all, tt.want) {
			t.Errorf("%s: %q, want %q", name, all, tt.want)
		}
	}
	moved := judge(.1, "a", "b")
	moved.Risk = []bot.RiskPoint{{Threshold: .5, Error: .1}}
	if got, err := SameFit(judge(.1, "a", "b"), moved); err != nil || len(got) == 0 || !strings.Contains(got[0], "threshold") {
		t.Errorf("another threshold: %v, %v", got, err)
	}
}
