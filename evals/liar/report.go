package liar

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"frontdesk/bot/ground"
	"frontdesk/trust"
)

// level is the probability with which the bounds of a Report hold.
const level = .95

// Row is what a check made of the cases of a kind.
type Row struct {
	Kind   string  `json:"kind"`
	True   bool    `json:"true"`
	N      int     `json:"n"`
	Passed int     `json:"passed"`
	Wrong  float64 `json:"wrong"` // upper bound of the share of true sentences refused, or lies passed
	// Whys counts the reasons of those refused.
	Whys map[ground.Why]int `json:"whys,omitempty"`
}

// Miss is a lie that passed, or a true sentence that did not.
type Miss struct {
	Case
	Finding ground.Finding `json:"finding"`
}

// Report is what a check made of cases.
type Report struct {
	Kinds  []Row  `json:"kinds"`
	Truths Row    `json:"truths"`
	Lies   Row    `json:"lies"`
	Misses []Miss `json:"-"`
}

// Judge has a checker check cases. An error is the checker's or ctx's.
func Judge(ctx context.Context, checker *ground.Checker, cases []Case) (Report, error) {
	r := Report{Truths: Row{Kind: "all", True: true}, Lies: Row{Kind: "all"}}
	at := map[string]int{}
	for _, c := range cases {
		f, err := checker.Turn(c.Sources, c.Secrets...).Check(ctx, c.Text)
		if err != nil {
			return r, fmt.Errorf("evals: check %q: %w", c.Text, err)
		}
		key := fmt.Sprint(c.True, c.Kind)
		if _, ok := at[key]; !ok {
			at[key] = len(r.Kinds)
			r.Kinds = append(r.Kinds, Row{Kind: c.Kind, True: c.True})
		}
		total := &r.Lies
		if c.True {
			total = &r.Truths
		}
		for _, row := range []*Row{&r.Kinds[at[key]], total} {
			row.count(f)
		}
		if f.OK != c.True {
			r.Misses = append(r.Misses, Miss{c, f})
		}
	}
	for i := range r.Kinds {
		r.Kinds[i].bound()
	}
	r.Truths.bound()
	r.Lies.bound()
	return r, nil
}

func (r *Row) count(f ground.Finding) {
	r.N++
	if f.OK {
		r.Passed++
		return
	}
	if r.Whys == nil {
		r.Whys = map[ground.Why]int{}
	}
	r.Whys[f.Why]++
}

func (r *Row) bound() {
	wrong := r.Passed
	if r.True {
		wrong = r.N - r.Passed
	}
	r.Wrong = trust.Upper(wrong, r.N, level)
}

// WriteTable writes a report for people, with at most examples of its misses.
func WriteTable(w io.Writer, r Report, examples int) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, truth := range []bool{true, false} {
		head, all := "lies", r.Lies
		if truth {
			head, all = "true sentences", r.Truths
		}
		fmt.Fprintf(t, "%s\tn\tpassed\twrong, at most (95 %%)\n", head)
		for _, row := range r.Kinds {
			if row.True == truth {
				fmt.Fprintf(t, "%s\t%d\t%d\t%.3f\n", row.Kind, row.N, row.Passed, row.Wrong)
			}
		}
		fmt.Fprintf(t, "all\t%d\t%d\t%.3f\n\n", all.N, all.Passed, all.Wrong)
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("evals: write table of lies: %w", err)
	}
	for i, m := range r.Misses {
		if i == examples {
			break
		}
		what := "passed, though a lie"
		if m.True {
			what = fmt.Sprintf("refused, though true (%s %s)", m.Finding.Why, m.Finding.What)
		}
		if _, err := fmt.Fprintf(w, "%s: %s\n  %s\n  made of: %s (%s)\n", m.Kind, what, m.Text, m.Fact, m.Article); err != nil {
			return fmt.Errorf("evals: write examples: %w", err)
		}
	}
	return nil
}
