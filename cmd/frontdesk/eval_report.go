package main

import (
	"errors"
	"os"
	"path/filepath"

	"frontdesk/chat"
	"frontdesk/evals"
	"frontdesk/evals/report"
)

type evalReportCmd struct {
	Queries   string   `required:"" help:"Questions: .jsonl file." placeholder:"FILE"`
	RunFile   string   `name:"run" required:"" help:"The run to report." placeholder:"FILE"`
	Baseline  string   `help:"A run of the same questions to compare with." placeholder:"FILE"`
	Out       string   `required:"" help:"File for the page. It holds the questions and replies." placeholder:"FILE"`
	Title     string   `help:"Name of the set, if not that of the questions' folder." placeholder:"NAME"`
	Threshold *float64 `help:"As in eval score." placeholder:"P"`
}

// Run writes the page.
func (cmd evalReportCmd) Run(env *environment) error {
	asked, err := env.readAsked(cmd.Queries, cmd.RunFile)
	if err != nil {
		return err
	}
	page := report.Page{Title: cmd.Title, Queries: asked.Queries, Run: asked.Run, Threshold: cmd.Threshold}
	if page.Title == "" {
		if path, err := filepath.Abs(cmd.Queries); err == nil {
			page.Title = filepath.Base(filepath.Dir(path))
		}
	}
	if cmd.Baseline != "" {
		if page.Baseline, err = evals.ReadRun(cmd.Baseline); err != nil {
			return err
		}
	}
	f, err := os.Create(cmd.Out)
	if err != nil {
		return chat.Errorf(chat.CodeInvalid, "cannot write the report: %w", err)
	}
	return errors.Join(report.Write(f, page), f.Close())
}
