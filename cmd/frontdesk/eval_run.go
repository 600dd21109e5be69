package main

import (
	"context"
	"errors"
	"os"

	"frontdesk/chat"
	"frontdesk/evals"
	"frontdesk/llm"
	"frontdesk/llm/openai"
)

type evalRunCmd struct {
	Articles      string  `required:"" help:"Articles: .jsonl file, or folder of Markdown."`
	Queries       string  `required:"" help:"Questions: .jsonl file."`
	Out           string  `required:"" help:"File for the run, one JSON object a line; - for standard output."`
	ExtraArticles string  `help:"More articles, such as poisoned ones." placeholder:"FILE"`
	Cache         string  `help:"File to keep vectors in, so that a second run takes seconds. Times then leave out the encoder." placeholder:"FILE"`
	WordsOnly     bool    `help:"Search by words alone, as before an import is embedded: the floor to compare with."`
	Limit         int     `help:"At most so many questions." placeholder:"N"`
	Repeat        int     `default:"1" help:"Ask each question so many times: the score then has pass^k, the share dealt with well every time (${default})." placeholder:"K"`
	As            string  `default:"customer" enum:"customer,agent" help:"On whose behalf: customer, or agent, who sees internal articles too (${default})."`
	Ctx           string  `default:"conversation" enum:"conversation,last,user,all" help:"What becomes of a question's history: stored as a conversation, dropped, or glued on (${default})."`
	Threshold     float64 `help:"Confidence to answer from, instead of the one for --target-error." placeholder:"P"`
}

// Run asks. The run's own store lives in a temporary folder; the settings of
// the installation do not count, but for the embedder, the target error and the
// language model.
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
	embedder, done, err := openEvalEmbedder(env.ctx, env.Settings, cmd.Cache)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	words, end, err := evalWording(env.Settings, embedder)
	if err != nil {
		return err
	}
	defer end()
	bar := newProgress(env.stderr)
	bar.show("%s are loaded and embedded first", count(len(articles), "article"))
	history := evals.Context(cmd.Ctx)
	if cmd.Ctx == "conversation" {
		history = evals.ContextConversation
	}
	outcomes, err := evals.Run(env.ctx, evals.RunOptions{
		Repeat:   cmd.Repeat,
		Articles: articles, Queries: queries, Embedder: embedder, Agent: cmd.As == "agent", TargetError: env.TargetError,
		Rewriter: words.rewriter, Composer: words.composer, Compose: words.limit,
		Threshold: cmd.Threshold, Limit: cmd.Limit, Context: history, WordsOnly: cmd.WordsOnly,
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

// openEvalEmbedder gives the embedder of the settings, with the memory of the
// file cache if that is not "". done writes what the file lacks.
func openEvalEmbedder(ctx context.Context, s Settings, cache string) (embedder llm.Embedder, done func() error, err error) {
	embedder, err = openEmbedder(ctx, s, nil)
	if err != nil || cache == "" {
		return embedder, func() error { return nil }, err
	}
	cached, err := evals.OpenCached(cache, embedder)
	if err != nil {
		return nil, nil, chat.Errorf(chat.CodeInvalid, "cannot use the vector cache: %w", err)
	}
	return cached, cached.Close, nil
}

// evalWording gives the language model of the settings without budgets: what is
// measured must not depend on what was spent today.
func evalWording(s Settings, embedder llm.Embedder) (w wording, end func(), err error) {
	list, err := s.endpoints()
	if err != nil || len(list) == 0 {
		return w, func() {}, err
	}
	pool, err := openai.NewPool(openai.Options{Endpoints: list})
	if err != nil {
		return w, func() {}, err
	}
	w, err = newWording(composing(pool), nil, s.LlmLimit)
	return w, pool.Close, err
}
