package main

import (
	"fmt"
	"io"
	"strings"

	"frontdesk/chat"
)

// printExplanation writes why a turn was decided as it was: what it was taken
// for, the articles with what each feature added to their score, and the judge
// with what each added to its logit.
func printExplanation(w io.Writer, x chat.Explanation) {
	fmt.Fprintf(w, "\nUnderstood: %s\n", x.Understood)
	for _, s := range x.Spelling {
		fmt.Fprintf(w, "            %q was taken for %q\n", s.From, s.To)
	}
	if len(x.Classes) > 0 {
		fmt.Fprintf(w, "Classes:    %s\n", strings.Join(x.Classes, ", "))
	}
	if x.Degraded != "" {
		fmt.Fprintf(w, "Degraded:   %s\n", x.Degraded)
	}
	if x.Rule != "" {
		fmt.Fprintf(w, "Rule:       %s\n", strings.ReplaceAll(x.Rule, "_", " "))
	} else {
		fmt.Fprintln(w, "Rule:       none, the judge decides")
	}
	for i, a := range x.Articles {
		title := fmt.Sprintf("%d. %s (%s)", i+1, a.Title, a.ID)
		if a.Internal {
			title += ", internal"
		}
		printFeatures(w, title, a.Features, named{"score", a.Score})
	}
	if j := x.Judge; j != nil {
		title := fmt.Sprintf("Is the first article right? (%s)", strings.ReplaceAll(j.Model, "_", " "))
		printFeatures(w, title, j.Features, named{"bias", j.Bias}, named{"logit", j.Logit}, named{"probability", j.Probability}, named{"answers from", j.Threshold})
	}
}

// named is a figure at the end of a table.
type named struct {
	name  string
	value float64
}

// printFeatures writes a table: features, and figures under their shares.
func printFeatures(w io.Writer, title string, list []chat.Feature, figures ...named) {
	fmt.Fprintf(w, "\n%s\n  %-16s%8s%9s%9s\n", title, "", "value", "weight", "share")
	for _, f := range list {
		fmt.Fprintf(w, "  %-16s%8.3f%+9.3f%+9.3f\n", strings.ReplaceAll(f.Name, "_", " "), f.Value, f.Weight, f.Share)
	}
	for _, f := range figures {
		fmt.Fprintf(w, "  %-33s%9.3f\n", f.name, f.value)
	}
}
