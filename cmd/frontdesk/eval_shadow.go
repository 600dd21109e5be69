package main

import (
	"context"
	"errors"
	"strings"

	"frontdesk/evals"
	"frontdesk/gateway/protocol"
	"frontdesk/internal/personal"
	"frontdesk/internal/simd"
	"frontdesk/knowledge"
	"frontdesk/knowledge/history"
	"frontdesk/llm"
)

type evalShadowCmd struct {
	History string         `required:"" help:"Export of a help desk: one CSV, JSONL or JSON file, as for questions import." placeholder:"FILE"`
	Format  history.Format `default:"auto" enum:"auto,csv,jsonl,zendesk,intercom,chatwoot" help:"auto, csv, jsonl, zendesk, intercom or chatwoot (${default})."`
	Out     string         `help:"File for all conversations, one JSON object a line." placeholder:"FILE"`
	Limit   int            `help:"At most so many conversations." placeholder:"N"`
	JSON    bool           `help:"Print the report as one JSON object."`
}

// Help says what it does.
func (evalShadowCmd) Help() string {
	return `Answers the history in silence out of the installation's own articles: what the bot would have
said, where it agrees with the agent, and where not. Nothing is stored. An answer agrees when it
cites the article that the agent linked to, or says nearly the same.

  frontdesk eval shadow --history tickets.json --out shadow.jsonl`
}

// Run answers the history.
func (cmd evalShadowCmd) Run(env *environment) (err error) {
	in, err := openInstallation(env)
	if err != nil {
		return err
	}
	defer closing(in, &err)
	bar := newProgress(env.stderr)
	if err := in.ready(env.ctx, bar); err != nil {
		return err
	}
	s, err := newShadowing(env, in)
	if err != nil {
		return err
	}
	all, problems, err := cmd.run(env, s, bar)
	if err != nil {
		return err
	}
	if cmd.Out != "" {
		if err := writeLines(cmd.Out, all); err != nil {
			return err
		}
	}
	report := evals.SumShadows(all)
	if cmd.JSON {
		return printJSON(env.stdout, struct {
			evals.ShadowReport
			Problems []protocol.Problem `json:"problems"`
		}{report, problems})
	}
	if err := report.Write(env.stdout); err != nil {
		return err
	}
	printProblems(env.stdout, problems)
	return nil
}

func (cmd evalShadowCmd) run(env *environment, s *shadowing, bar *progress) (all []evals.Shadow, problems []protocol.Problem, err error) {
	problems = []protocol.Problem{}
	for e, err := range history.Read(env.ctx, cmd.History, history.Options{Format: cmd.Format}) {
		var p *knowledge.Problem
		if errors.As(err, &p) {
			problems = append(problems, problem(p))
			continue
		}
		if err != nil {
			return all, problems, err
		}
		one, err := s.answer(env.ctx, e)
		if err != nil {
			return all, problems, err
		}
		all = append(all, one)
		bar.show("%s answered", count(len(all), "conversation"))
		if len(all) == cmd.Limit {
			break
		}
	}
	bar.end("%s answered", count(len(all), "conversation"))
	return all, problems, nil
}

// shadowing answers conversations of a history in silence.
type shadowing struct {
	in       installation
	embedder llm.Embedder
	links    *knowledge.Links
	ids      []string        // of the articles, by their numbers in links
	known    map[string]bool // questions that articles have, in lower case
}

func newShadowing(env *environment, in installation) (*shadowing, error) {
	s := &shadowing{in: in, links: knowledge.NewLinks(), known: map[string]bool{}}
	articles, err := allArticles(env.ctx, in)
	if err != nil {
		return nil, err
	}
	for _, a := range articles {
		s.links.Add(a.ExternalID, a.URL)
		s.ids = append(s.ids, a.ExternalID)
	}
	questions, err := allQuestions(env.ctx, in, knowledge.QuestionQuery{Status: knowledge.QuestionAccepted})
	if err != nil {
		return nil, err
	}
	for _, q := range questions {
		s.known[strings.ToLower(q.Text)] = true
	}
	s.embedder, err = openEmbedder(env.ctx, env.Settings, nil)
	return s, err
}

func (s *shadowing) answer(ctx context.Context, e knowledge.Exchange) (evals.Shadow, error) {
	reply, err := s.in.ask(ctx, protocol.AskRequest{Text: e.Question})
	if err != nil {
		return evals.Shadow{}, err
	}
	question := knowledge.CleanQuestion(e.Question)
	out := evals.Shadow{
		ID: e.ID, Line: e.Line, Question: question, Action: reply.Action, Confidence: reply.Confidence, Reason: reply.Reason,
		Cited: reply.Cited, Ranked: reply.Ranked, Text: reply.Text, Agent: personal.Mask(e.Answer), Known: s.known[strings.ToLower(question)],
	}
	for _, i := range s.links.Find(e.Links) {
		out.Linked = append(out.Linked, s.ids[i])
	}
	if out.Text != "" && out.Agent != "" {
		vs, err := s.embedder.EmbedDocuments(ctx, []string{out.Text, out.Agent})
		if err != nil {
			return out, err
		}
		out.Nearness = float64(simd.Dot(vs[0], vs[1]))
	}
	out.Compare()
	return out, nil
}
