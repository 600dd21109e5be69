package main

import (
	"context"

	"frontdesk/bot/ground"
	"frontdesk/chat"
	"frontdesk/evals"
	"frontdesk/evals/liar"
)

type evalLiesCmd struct {
	Articles string `required:"" help:"Articles that sentences are made of: .jsonl file, or folder of Markdown or HTML." placeholder:"PATH"`
	N        int    `default:"500" help:"How many lies to make, and how many true sentences (${default})."`
	Seed     uint64 `default:"1" help:"Other seeds make other sentences (${default})."`
	Examples int    `default:"10" help:"How many lies that passed, and true sentences that did not, to print (${default})."`
	JSON     bool   `help:"Print the figures as one JSON object."`
}

// Help shows an example.
func (evalLiesCmd) Help() string {
	return `Makes true sentences and lies out of your articles, as a language model might word them, and counts how
many of each pass the check that every sentence of a model must pass. It asks no model.

  frontdesk eval lies --articles articles.jsonl
  frontdesk eval lies --articles articles.jsonl --seed 7 --n 1000 --examples 50`
}

// Run makes and checks.
func (cmd evalLiesCmd) Run(env *environment) error {
	ctx := context.Background()
	articles, err := evals.ReadArticles(ctx, cmd.Articles)
	if err != nil {
		return err
	}
	cases := liar.Make(articles, liar.Options{Seed: cmd.Seed, N: cmd.N})
	if len(cases) == 0 {
		return chat.Errorf(chat.CodeInvalid, "%s: too few articles with whole sentences to make others of: give at least three", cmd.Articles)
	}
	report, err := liar.Judge(ctx, ground.New(ground.Options{}), cases)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(env.stdout, report)
	}
	return liar.WriteTable(env.stdout, report, cmd.Examples)
}
