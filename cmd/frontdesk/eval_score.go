package main

import (
	"fmt"

	"frontdesk/evals"
)

type evalScoreCmd struct {
	Queries   string   `required:"" help:"Questions: .jsonl file."`
	RunFile   string   `name:"run" required:"" help:"The run to score." placeholder:"FILE"`
	JSON      bool     `help:"Print the report as one JSON object."`
	Threshold *float64 `help:"Count a question as answered when its confidence reaches this, whatever the run decided." placeholder:"P"`
}

// Run scores.
func (cmd evalScoreCmd) Run(env *environment) error {
	queries, err := evals.ReadQueries(cmd.Queries)
	if err != nil {
		return err
	}
	run, err := evals.ReadRun(cmd.RunFile)
	if err != nil {
		return err
	}
	if len(run) < len(queries) { // a run with --limit
		asked := map[string]bool{}
		for _, o := range run {
			asked[o.ID] = true
		}
		var some []evals.Query
		for _, q := range queries {
			if asked[q.ID] {
				some = append(some, q)
			}
		}
		if _, err := fmt.Fprintf(env.stderr, "the run has %d of %d questions\n", len(some), len(queries)); err != nil {
			return err
		}
		queries = some
	}
	report, err := evals.Score(queries, run, evals.ScoreOptions{Threshold: cmd.Threshold})
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(env.stdout, report)
	}
	return evals.WriteTable(env.stdout, report)
}
