package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

type adminSynonymsCmd struct {
	Set  synonymsSetCmd  `cmd:"" help:"Take a list in the place of the one that was given before."`
	List synonymsListCmd `cmd:"" help:"List the synonyms in use: given and learnt."`
}

// Help shows an example.
func (adminSynonymsCmd) Help() string {
	return `A JSON list of what customers write and what the articles write instead; weight, between 0 and 1,
is what it counts for beside the word itself. Without means, the words stand for one another.

  [{"words": ["parcel", "package"], "weight": 0.6},
   {"words": ["wlan"], "means": ["wireless network"], "weight": 0.5}]

  frontdesk admin synonyms set synonyms.json
  frontdesk admin synonyms list

An empty list, [], drops them. Others are learnt by "frontdesk tune".`
}

type synonymsSetCmd struct {
	Path string `arg:"" help:"File with the list; - for standard input."`
}

// Run stores a list.
func (cmd synonymsSetCmd) Run(env *environment) error {
	in := env.stdin
	if cmd.Path != "-" {
		f, err := os.Open(cmd.Path)
		if err != nil {
			return chat.Errorf(chat.CodeInvalid, "the synonyms cannot be read: %v", err)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	list, err := knowledge.ReadSynonyms(in)
	if err != nil {
		return err
	}
	n, err := operate[int](env, "synonyms-set", list)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "%s in use\n", count(n, "given synonym"))
	return err
}

// synonymsInUse are the synonyms of a workspace.
type synonymsInUse struct {
	Given  knowledge.Synonyms `json:"given"`
	Learnt knowledge.Synonyms `json:"learnt"`
}

type synonymsListCmd struct {
	JSON bool `help:"Print JSON. What is given can be changed and set again."`
}

// Run lists synonyms.
func (cmd synonymsListCmd) Run(env *environment) error {
	all, err := operate[synonymsInUse](env, "synonyms", struct{}{})
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(env.stdout, all)
	}
	w := tabwriter.NewWriter(env.stdout, 0, 4, 2, ' ', 0)
	for _, part := range []struct {
		from string
		list knowledge.Synonyms
	}{{"given", all.Given}, {"learnt", all.Learnt}} {
		for _, s := range part.list {
			words, means := strings.Join(s.Words, ", "), strings.Join(s.Means, ", ")
			if len(s.Means) == 0 {
				means = "one another"
			}
			fmt.Fprintf(w, "%s\t%s\tmean %s\t%.2f\n", part.from, words, means, s.Weight)
		}
	}
	if len(all.Given)+len(all.Learnt) == 0 {
		fmt.Fprintln(w, "no synonyms: \"frontdesk admin synonyms set\" takes yours, and \"frontdesk tune\" learns some")
	}
	return w.Flush()
}

func setSynonyms(ctx context.Context, c *core, list knowledge.Synonyms) (int, error) {
	stored, err := c.store.PutSynonyms(ctx, c.workspace.ID, list)
	if err != nil {
		return 0, err
	}
	return len(stored.Synonyms), c.engine.load(ctx)
}

func listSynonyms(ctx context.Context, c *core, _ struct{}) (out synonymsInUse, err error) {
	given, err := c.store.Synonyms(ctx, c.workspace.ID)
	if err != nil {
		return out, err
	}
	tuning, err := newestTuning(ctx, c.store, c.workspace.ID)
	if err != nil {
		return out, err
	}
	learnt, err := learntSynonyms(tuning)
	return synonymsInUse{Given: append(knowledge.Synonyms{}, given.Synonyms...), Learnt: append(knowledge.Synonyms{}, learnt...)}, err
}
