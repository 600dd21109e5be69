package main

import (
	"frontdesk/evals"
)

type evalCompareCmd struct {
	A         string   `arg:"" name:"run-a" help:"The run before, or the baseline." placeholder:"RUN_A"`
	B         string   `arg:"" name:"run-b" help:"The run to compare with it." placeholder:"RUN_B"`
	Queries   string   `required:"" help:"The questions of both: .jsonl file." placeholder:"FILE"`
	JSON      bool     `help:"Print the comparison as one JSON object."`
	Threshold *float64 `help:"As in eval score, for both." placeholder:"P"`
}

// Run compares.
func (cmd evalCompareCmd) Run(env *environment) error {
	a, err := env.readAsked(cmd.Queries, cmd.A)
	if err != nil {
		return err
	}
	b, err := evals.ReadRun(cmd.B)
	if err != nil {
		return err
	}
	c, err := evals.Compare(a.Queries, a.Run, b, evals.ScoreOptions{Threshold: cmd.Threshold})
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(env.stdout, c)
	}
	return evals.WriteComparison(env.stdout, c)
}
