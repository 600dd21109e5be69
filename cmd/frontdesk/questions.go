package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/knowledge"
	"frontdesk/knowledge/history"
)

type questionsCmd struct {
	Import questionsImportCmd `cmd:"" help:"Match a help desk's history to the articles."`
	List   questionsListCmd   `cmd:"" help:"List questions, newest first."`
	Accept questionsAcceptCmd `cmd:"" help:"Accept questions: their articles are found by them."`
	Reject questionsRejectCmd `cmd:"" help:"Reject questions: they are not proposed again."`
	Export questionsExportCmd `cmd:"" help:"Print questions as JSONL."`
}

// Help shows an example.
func (questionsCmd) Help() string {
	return `Questions that customers asked and an article answers. Accepted ones help to find the article;
they are never quoted.

  frontdesk questions import tickets.json
  frontdesk questions list
  frontdesk questions accept --min-score 0.7`
}

type questionsImportCmd struct {
	Path         string         `arg:"" help:"Export of the help desk: one CSV, JSONL or JSON file."`
	Format       history.Format `default:"auto" enum:"auto,csv,jsonl,zendesk,intercom,chatwoot" help:"auto, csv, jsonl, zendesk, intercom or chatwoot (${default})."`
	Source       string         `help:"Name of where the history comes from (the help desk, or kind and name of the file)." placeholder:"NAME"`
	AcceptLinked bool           `help:"Accept at once what the agent answered with a link to the article."`
	Gaps         string         `help:"File for the questions that no article answers, as JSONL." placeholder:"FILE"`
	JSON         bool           `help:"Print the report as JSON."`
}

// Help says what is matched.
func (questionsImportCmd) Help() string {
	return `Of each conversation the customer's first question is matched to an article: the one that the
agent linked to, else the one that question and answer are near to. Matches are proposed for
review. The same history a second time changes nothing.`
}

// exchangeBatch is how many exchanges are matched at a time: two texts each,
// which the built-in encoder reads in about two seconds.
const exchangeBatch = 100

// importResult is what the command prints.
type importResult struct {
	knowledge.QuestionReport
	Problems []protocol.Problem `json:"problems"`
}

// Run imports.
func (cmd questionsImportCmd) Run(env *environment) (err error) {
	in, err := openInstallation(env)
	if err != nil {
		return err
	}
	defer closing(in, &err)
	bar := newProgress(env.stderr)
	if err := in.ready(env.ctx, bar); err != nil {
		return err
	}
	result, err := cmd.run(env, in, bar)
	if err != nil {
		return err
	}
	if cmd.Gaps != "" {
		if err := writeLines(cmd.Gaps, result.QuestionReport.Gaps); err != nil {
			return err
		}
	}
	if cmd.JSON {
		return printJSON(env.stdout, result)
	}
	result.print(env.stdout, cmd.Gaps != "")
	return nil
}

func (cmd questionsImportCmd) run(env *environment, in installation, bar *progress) (importResult, error) {
	result := importResult{Problems: []protocol.Problem{}}
	result.Gaps = []knowledge.QuestionGap{}
	part := protocol.QuestionImport{AcceptLinked: cmd.AcceptLinked}
	read := 0
	send := func() error {
		if len(part.Exchanges) == 0 {
			return nil
		}
		report, err := in.importQuestions(env.ctx, part)
		result.Add(report)
		part.Exchanges = nil
		bar.show("%s matched", count(read, "conversation"))
		return err
	}
	for e, err := range history.Read(env.ctx, cmd.Path, history.Options{Format: cmd.Format, Source: cmd.Source}) {
		var p *knowledge.Problem
		switch {
		case errors.As(err, &p):
			result.Problems = append(result.Problems, problem(p))
			continue
		case err != nil:
			return result, errors.Join(send(), err)
		}
		read++
		if part.Exchanges = append(part.Exchanges, e); len(part.Exchanges) == exchangeBatch {
			if err := send(); err != nil {
				return result, err
			}
		}
	}
	if err := send(); err != nil {
		return result, err
	}
	bar.end("%s matched", count(read, "conversation"))
	return result, nil
}

// shownLines is how many gaps and problems are printed; a help desk's history
// has thousands.
const shownLines = 20

func (r importResult) print(w io.Writer, gapsWritten bool) {
	fmt.Fprintf(w, "%d proposed, %d accepted (%d of both by a link), %d unchanged, %d nearly the same as another\n",
		r.Proposed, r.Accepted, r.Linked, r.Unchanged, r.Duplicates)
	if n := len(r.Gaps); n > 0 && !gapsWritten {
		fmt.Fprintf(w, "\n%s without an article:\n", count(n, "question"))
		for _, g := range r.Gaps[:min(n, shownLines)] {
			fmt.Fprintf(w, "  line %d: %s", g.Line, g.Question)
			if g.Nearest.Title != "" {
				fmt.Fprintf(w, " (nearest: %s, %.2f)", g.Nearest.Title, g.Score)
			}
			fmt.Fprintln(w)
		}
		if n > shownLines {
			fmt.Fprintf(w, "  and %d more: --gaps FILE writes them all\n", n-shownLines)
		}
	}
	printProblems(w, r.Problems)
}

// printProblems writes what was left out.
func printProblems(w io.Writer, problems []protocol.Problem) {
	n := len(problems)
	if n == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s:\n", count(n, "problem"))
	for _, p := range problems[:min(n, shownLines)] {
		fmt.Fprintf(w, "  %s:%d: %s %s\n", p.Path, p.Line, p.What, p.Do)
	}
	if n > shownLines {
		fmt.Fprintf(w, "  and %d more: --json prints them all\n", n-shownLines)
	}
}

// writeLines writes one JSON object a line.
func writeLines[T any](path string, all []T) error {
	f, err := os.Create(path)
	if err != nil {
		return chat.Errorf(chat.CodeInvalid, "cannot write %s: %w", path, err)
	}
	for _, one := range all {
		if err := printJSON(f, one); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return f.Close()
}

// questionFilter chooses what is listed.
type questionFilter struct {
	Origin  knowledge.Origin `enum:",history,verdict,editor" default:"" help:"Only those of this origin: history, verdict or editor." placeholder:"ORIGIN"`
	Article string           `help:"Only those of the article with this id in its source." placeholder:"ID"`
}

// pick gives the questions of a status that the filter lets through; "" is any status.
func (f questionFilter) pick(env *environment, in installation, status knowledge.QuestionStatus) ([]knowledge.Question, error) {
	all, err := allQuestions(env.ctx, in, knowledge.QuestionQuery{Status: status, Origin: f.Origin})
	if err != nil || f.Article == "" {
		return all, err
	}
	return slices.DeleteFunc(all, func(q knowledge.Question) bool { return q.Article.ExternalID != f.Article }), nil
}

type questionsListCmd struct {
	questionFilter
	Status knowledge.QuestionStatus `enum:"proposed,accepted,rejected" default:"proposed" help:"proposed, accepted or rejected (${default})."`
	JSON   bool                     `help:"Print one JSON object a line, with all fields."`
}

// Run lists.
func (cmd questionsListCmd) Run(env *environment) (err error) {
	in, err := openInstallation(env)
	if err != nil {
		return err
	}
	defer closing(in, &err)
	found, err := cmd.pick(env, in, cmd.Status)
	if err != nil {
		return err
	}
	if cmd.JSON {
		for _, q := range found {
			if err := printJSON(env.stdout, q); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	for _, q := range found {
		how := string(q.Match)
		if how == "" {
			how = string(q.Origin)
		}
		fmt.Fprintf(table, "%s\t%s\t%.2f\t%s\t%s\n", q.ID, how, q.Score, q.Article.ExternalID, q.Text)
	}
	fmt.Fprintf(table, "%s %s\n", count(len(found), "question"), cmd.Status)
	return table.Flush()
}

// selection names the questions of a decision.
type selection struct {
	IDs      []string `arg:"" optional:"" help:"Ids, as list prints them."`
	All      bool     `help:"All that are proposed."`
	Linked   bool     `help:"All that are proposed through an agent's link."`
	MinScore float64  `help:"All that are proposed with at least this score, 0 to 1." placeholder:"P"`
}

// decide gives the selected questions a status and says how many changed.
func (s selection) decide(env *environment, status knowledge.QuestionStatus) (err error) {
	ids, err := s.named()
	if err != nil {
		return err
	}
	in, err := openInstallation(env)
	if err != nil {
		return err
	}
	defer closing(in, &err)
	if len(ids) == 0 {
		proposed, err := allQuestions(env.ctx, in, knowledge.QuestionQuery{Status: knowledge.QuestionProposed})
		if err != nil {
			return err
		}
		for _, q := range proposed {
			if s.All || s.Linked && q.Match == knowledge.MatchLink || s.MinScore > 0 && q.Score >= s.MinScore {
				ids = append(ids, q.ID)
			}
		}
	}
	changed := 0
	for part := range slices.Chunk(ids, pageSize) {
		n, err := in.decideQuestions(env.ctx, protocol.QuestionDecision{IDs: part, Status: status})
		changed += n
		if err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(env.stdout, "%s %s\n", count(changed, "question"), status)
	return err
}

// named gives the ids of the command line. It needs them or a rule, not both.
func (s selection) named() ([]uuid.UUID, error) {
	if (len(s.IDs) > 0) == (s.All || s.Linked || s.MinScore > 0) {
		return nil, chat.Errorf(chat.CodeInvalid, "Name the questions by their ids, or by one of --all, --linked and --min-score.")
	}
	ids := make([]uuid.UUID, len(s.IDs))
	for i, text := range s.IDs {
		var err error
		if ids[i], err = uuid.Parse(strings.TrimSpace(text)); err != nil {
			return nil, chat.Errorf(chat.CodeInvalid, "%q is no id of a question. \"frontdesk questions list\" prints them.", text)
		}
	}
	return ids, nil
}

type questionsAcceptCmd struct{ selection }

// Run accepts.
func (cmd questionsAcceptCmd) Run(env *environment) error {
	return cmd.decide(env, knowledge.QuestionAccepted)
}

type questionsRejectCmd struct{ selection }

// Run rejects.
func (cmd questionsRejectCmd) Run(env *environment) error {
	return cmd.decide(env, knowledge.QuestionRejected)
}

type questionsExportCmd struct {
	questionFilter
	Status string `enum:"proposed,accepted,rejected,all" default:"accepted" help:"proposed, accepted, rejected or all (${default})."`
}

// exported is a line of an export: the fields of a history in JSONL, and what
// became of it.
type exported struct {
	ID       string                   `json:"id"`
	Question string                   `json:"question"`
	URL      string                   `json:"url,omitempty"`
	Article  string                   `json:"article"`
	Title    string                   `json:"title"`
	Origin   knowledge.Origin         `json:"origin"`
	Source   string                   `json:"source"`
	Status   knowledge.QuestionStatus `json:"status"`
	Match    knowledge.Match          `json:"match,omitempty"`
	Score    float64                  `json:"score"`
}

// Run exports. What it prints can be imported elsewhere, for articles that have
// an address: that is the link.
func (cmd questionsExportCmd) Run(env *environment) (err error) {
	in, err := openInstallation(env)
	if err != nil {
		return err
	}
	defer closing(in, &err)
	status := knowledge.QuestionStatus(cmd.Status)
	if cmd.Status == "all" {
		status = ""
	}
	found, err := cmd.pick(env, in, status)
	if err != nil {
		return err
	}
	articles, err := allArticles(env.ctx, in)
	if err != nil {
		return err
	}
	urls := map[uuid.UUID]string{}
	for _, a := range articles {
		urls[a.ID] = a.URL
	}
	for _, q := range slices.Backward(found) {
		if err := printJSON(env.stdout, exported{q.ID.String(), q.Text, urls[q.Article.ID], q.Article.ExternalID, q.Article.Title,
			q.Origin, q.Source, q.Status, q.Match, q.Score}); err != nil {
			return err
		}
	}
	return nil
}
