package evals

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// WriteTable writes a report for people.
func WriteTable(w io.Writer, r Report) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "metric\tvalue\t95 %% interval\tn\n")
	for _, m := range r.Metrics {
		fmt.Fprintf(t, "%s\t%.3f\t%.3f to %.3f\t%d\n", m.Name, m.Value, m.Low, m.High, m.N)
	}
	fmt.Fprintf(t, "\nlabel\tn\tjoint\tAUROC\tactions\n")
	for _, l := range r.Labels {
		area := "-"
		if l.AUROC != nil {
			area = fmt.Sprintf("%.3f", *l.AUROC)
		}
		var actions []string
		for _, a := range slices.Sorted(maps.Keys(l.Actions)) {
			actions = append(actions, fmt.Sprintf("%s %d", a, l.Actions[a]))
		}
		fmt.Fprintf(t, "%s\t%d\t%.3f\t%s\t%s\n", l.Label, l.N, l.Joint, area, strings.Join(actions, ", "))
	}
	fmt.Fprintf(t, "\ndecision\tp50 %.1f ms\tp95 %.1f ms\tmax %.1f ms\n", r.MS["p50"], r.MS["p95"], r.MS["max"])
	if r.Runs > 1 {
		fmt.Fprintf(t, "each question was asked\t%d times: pass^k is the share dealt with well each time\n", r.Runs)
	}
	if len(r.Unsafe) > 0 {
		fmt.Fprintf(t, "not as expected, or leaking\t%s\n", strings.Join(r.Unsafe, " "))
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("evals: write table: %w", err)
	}
	return nil
}

// WriteComparison writes a comparison for people.
func WriteComparison(w io.Writer, c Comparison) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "McNemar\tn\tright in A only\tin B only\tp\n")
	for _, m := range c.Tests {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%.3f\n", m.Name, m.N, m.OnlyA, m.OnlyB, m.P)
	}
	fmt.Fprintf(t, "\nmetric\tA\tB\tB less A\t95 %% interval\tn\n")
	for _, d := range c.Metrics {
		note := ""
		if d.Low > 0 || d.High < 0 {
			note = "*"
		}
		fmt.Fprintf(t, "%s\t%.3f\t%.3f\t%+.3f%s\t%+.3f to %+.3f\t%d\n", d.Name, d.A, d.B, d.Diff, note, d.Low, d.High, d.N)
	}
	fmt.Fprintf(t, "\n* the interval leaves out 0\n")
	if err := t.Flush(); err != nil {
		return fmt.Errorf("evals: write comparison: %w", err)
	}
	return nil
}
