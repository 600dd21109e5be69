// Package report writes a scored run as one page of HTML for people: what was
// found, what was decided, how far the confidence can be trusted, and the
// questions that went worst. The page needs no script, no network and no other
// file, reads on a phone, and follows the reader's light or dark theme.
package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"frontdesk/evals"
)

// Page is what a report is made of.
type Page struct {
	Title     string // of the set; "" means "Evaluation"
	Queries   []evals.Query
	Run       []evals.Outcome
	Baseline  []evals.Outcome // a run of the same questions to compare with; nil: none
	Threshold *float64        // see evals.ScoreOptions
}

//go:embed report.css
var css string

//go:embed report.html
var markup string

var page = template.Must(template.New("report").Funcs(template.FuncMap{
	"chance": chance, "count": count, "css": func() template.CSS { return template.CSS(css) }, //nolint:gosec // our own file
}).Parse(markup))

// Write writes the page. It holds the questions and replies of the run: keep
// it where the set may be kept.
func Write(w io.Writer, p Page) error {
	v, err := look(p)
	if err != nil {
		return err
	}
	if err := page.Execute(w, v); err != nil {
		return fmt.Errorf("evals: write report: %w", err)
	}
	return nil
}
