package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"frontdesk/trust"
)

type adminTopicCmd struct {
	List topicListCmd `cmd:"" help:"List the topics: how far each may be answered without a person, and why."`
}

// Help shows an example.
func (adminTopicCmd) Help() string {
	return `Where an inbox answers what is earned, each article's questions begin in shadow, then go to
agents as suggested replies, and are answered by the bot once few enough were wrong.

  frontdesk admin inbox set --answering earned
  frontdesk admin topic list`
}

type topicListCmd struct {
	JSON bool `help:"Print JSON."`
}

// topicView is a topic as an operator sees it.
type topicView struct {
	Article  string      `json:"article"` // external id
	Title    string      `json:"title"`
	Stage    trust.Stage `json:"stage"`
	Since    time.Time   `json:"since,omitzero"`
	Verdicts int         `json:"verdicts"` // that count towards going live, or did
	Need     int         `json:"need"`     // before there is any figure
	Wrong    int         `json:"wrong"`
	Upper    float64     `json:"upper,omitempty"` // bound of the error; absent with fewer than Need
	Live     int         `json:"live"`            // verdicts since it went live
	Falls    int         `json:"falls"`
}

// Run lists topics.
func (cmd topicListCmd) Run(env *environment) error {
	all, err := operate[[]topicView](env, "topics", struct{}{})
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(env.stdout, all)
	}
	w := tabwriter.NewWriter(env.stdout, 0, 4, 2, ' ', 0)
	for _, t := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", t.Stage, t.Article, t.Title, t.shown())
	}
	if len(all) == 0 {
		fmt.Fprintln(w, "no verdicts yet: topics appear as agents and customers judge answers")
	}
	return w.Flush()
}

// shown says what is known: no figure below the least number of verdicts.
func (t topicView) shown() string {
	if t.Verdicts < t.Need {
		return fmt.Sprintf("%d of %d", t.Verdicts, t.Need)
	}
	return fmt.Sprintf("%d of %d wrong, at most %.1f %%", t.Wrong, t.Verdicts, 100*t.Upper)
}

func listTopics(ctx context.Context, c *core, _ struct{}) ([]topicView, error) {
	topics, err := c.store.Topics(ctx, c.workspace.ID)
	if err != nil {
		return nil, err
	}
	need := trust.Least(c.limit, certainty)
	out := []topicView{}
	for _, t := range topics {
		v := topicView{Article: t.Article.String(), Stage: t.Stage, Since: t.Since, Verdicts: t.Answers, Need: need, Wrong: t.Wrong, Live: t.Live, Falls: t.Falls}
		if t.Answers >= need {
			v.Upper = trust.Upper(t.Wrong, t.Answers, certainty)
		}
		if doc := c.base.Document(c.workspace.ID, t.Article); doc != nil {
			v.Article, v.Title = doc.ExternalID, doc.Title
		}
		out = append(out, v)
	}
	rank := map[trust.Stage]int{trust.StageLive: 0, trust.StageSuggest: 1, trust.StageShadow: 2}
	slices.SortStableFunc(out, func(a, b topicView) int {
		return cmp.Or(cmp.Compare(rank[a.Stage], rank[b.Stage]), cmp.Compare(b.Verdicts, a.Verdicts))
	})
	return out, nil
}
