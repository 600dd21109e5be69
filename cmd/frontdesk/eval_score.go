package main

import (
	"fmt"

	"frontdesk/chat"
	"frontdesk/evals"
)

type evalScoreCmd struct {
	Queries   []string  `required:"" help:"Questions: .jsonl file. Several files with as many runs are scored together." placeholder:"FILE"`
	RunFile   []string  `name:"run" required:"" help:"The run to score." placeholder:"FILE"`
	JSON      bool      `help:"Print the report as one JSON object."`
	Threshold *float64  `help:"Count a question as answered when its confidence reaches this, whatever the run decided." placeholder:"P"`
	Balance   []float64 `help:"Choose the threshold that comes nearest to both goals: accuracy in scope, share of other questions turned away." placeholder:"IN,OUT"`
}

// Run scores.
func (cmd evalScoreCmd) Run(env *environment) error {
	if len(cmd.Queries) != len(cmd.RunFile) {
		return chat.Errorf(chat.CodeInvalid, "there are %s of questions and %s: give one --run for each --queries", count(len(cmd.Queries), "file"), count(len(cmd.RunFile), "run"))
	}
	var asked []evals.Asked
	for i := range cmd.Queries {
		a, err := env.readAsked(cmd.Queries[i], cmd.RunFile[i])
		if err != nil {
			return err
		}
		asked = append(asked, a)
	}
	if len(cmd.Balance) > 0 {
		if len(cmd.Balance) != 2 || len(asked) != 1 || cmd.Threshold != nil {
			return chat.Errorf(chat.CodeInvalid, "--balance takes two goals, as in --balance=.95,.68, one run and no --threshold")
		}
		at, err := evals.BalancedThreshold(asked[0].Queries, asked[0].Run, cmd.Balance[0], cmd.Balance[1])
		if err != nil {
			return err
		}
		cmd.Threshold = &at
	}
	report, err := evals.ScorePooled(asked, evals.ScoreOptions{Threshold: cmd.Threshold})
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(env.stdout, report)
	}
	return evals.WriteTable(env.stdout, report)
}

// readAsked reads a run and those questions that it has an outcome for, and
// says so when that is not all of them.
func (env *environment) readAsked(queries, run string) (a evals.Asked, err error) {
	if a.Queries, err = evals.ReadQueries(queries); err != nil {
		return a, err
	}
	if a.Run, err = evals.ReadRun(run); err != nil {
		return a, err
	}
	all := len(a.Queries)
	if a.Queries = evals.OnlyAsked(a.Queries, a.Run); len(a.Queries) < all {
		_, err = fmt.Fprintf(env.stderr, "the run has %d of %d questions\n", len(a.Queries), all)
	}
	return a, err
}
