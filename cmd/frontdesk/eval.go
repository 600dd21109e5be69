package main

import (
	"errors"
	"fmt"
	"os"

	"frontdesk/chat"
	"frontdesk/evals"
)

type evalCmd struct {
	Run   evalRunCmd   `cmd:"" help:"Ask every question of a set, as conversations would."`
	Score evalScoreCmd `cmd:"" help:"Score a run against its questions."`
}

// Help shows an example.
func (evalCmd) Help() string {
	return `  frontdesk eval run --articles articles.jsonl --queries queries.jsonl --out run.jsonl
  frontdesk eval score --queries queries.jsonl --run run.jsonl`
}

type evalRunCmd struct {
	Articles      string  `required:"" help:"Articles: .jsonl file, or folder of Markdown."`
	Queries       string  `required:"" help:"Questions: .jsonl file."`
	Out           string  `required:"" help:"File for the run, one JSON object a line; - for standard output."`
	ExtraArticles string  `help:"More articles, such as poisoned ones." placeholder:"FILE"`
	Limit         int     `help:"At most so many questions." placeholder:"N"`
	As            string  `default:"customer" enum:"customer,agent" help:"On whose behalf: customer, or agent, who sees internal articles too (${default})."`
	Ctx           string  `default:"conversation" enum:"conversation,last,user,all" help:"What becomes of a question's history: stored as a conversation, dropped, or glued on (${default})."`
	Threshold     float64 `help:"Confidence to answer from, instead of the one for --target-error." placeholder:"P"`
}

// Run asks. The run's own store lives in a temporary folder; the settings of
// the installation do not count, but for the embedder and the target error.
func (cmd evalRunCmd) Run(env *environment) (err error) {
	articles, err := evals.ReadArticles(env.ctx, cmd.Articles)
	if err != nil {
		return err
	}
	if cmd.ExtraArticles != "" {
		extra, err := evals.ReadExtraArticles(cmd.ExtraArticles)
		if err != nil {
			return err
		}
		articles = append(articles, extra...)
	}
	queries, err := evals.ReadQueries(cmd.Queries)
	if err != nil {
		return err
	}
	embedder, err := openEmbedder(env.ctx, env.Settings)
	if err != nil {
		return err
	}
	bar := newProgress(env.stderr)
	bar.show("%s are loaded and embedded first", count(len(articles), "article"))
	context := evals.Context(cmd.Ctx)
	if cmd.Ctx == "conversation" {
		context = evals.ContextConversation
	}
	outcomes, err := evals.Run(env.ctx, evals.RunOptions{
		Articles: articles, Queries: queries, Embedder: embedder, Agent: cmd.As == "agent", TargetError: env.TargetError,
		Threshold: cmd.Threshold, Limit: cmd.Limit, Context: context,
		Progress: func(done, total int) { bar.show("%d of %d questions asked", done, total) },
	})
	if err != nil {
		return err
	}
	bar.end("%s asked", count(len(outcomes), "question"))
	if cmd.Out == "-" {
		return evals.WriteRun(env.stdout, outcomes)
	}
	f, err := os.Create(cmd.Out)
	if err != nil {
		return chat.Errorf(chat.CodeInvalid, "cannot write the run: %w", err)
	}
	return errors.Join(evals.WriteRun(f, outcomes), f.Close())
}

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
