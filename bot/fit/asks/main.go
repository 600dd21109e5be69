// Command asks makes the weights by which the bot tells a turn that asks what
// articles may answer from one that wants something done, bot/asks.json, out of
// evaluation sets, and prints how they do on turns that were held back:
//
//	go run ./bot/fit/asks -data ../shared/evals -out bot/asks.json
//
// beside the examples of ordinary questions in bot/examples. In sets of tasks (-tasks) a turn asks if it has a relevant article; in the
// others every question does, also one without an answer. Only figures go into
// the file.
package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"frontdesk/bot"
	"frontdesk/evals"
	"frontdesk/llm/minilm"
)

// mostOfASet is how many questions of a set count: clinc150 has ten times
// those of the others.
const mostOfASet = 800

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "asks:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	data := flag.String("data", "../shared/evals", "folder of the evaluation sets")
	tasks := flag.String("tasks", "dstc11_t5,dstc10_spoken", "sets of dialogues that get tasks done")
	asked := flag.String("asked", "arduino_help,bank_questions,covid_faq,mtrag_un,banking77,clinc150", "sets of questions")
	out := flag.String("out", "bot/asks.json", "where the weights go")
	flag.Parse()
	encoder, err := minilm.Default()
	if err != nil {
		return err
	}
	list, err := bot.ShopQuestions()
	if err != nil {
		return err
	}
	for _, name := range strings.Split(*tasks+","+*asked, ",") {
		queries, err := evals.ReadQueries(filepath.Join(*data, name, "queries.jsonl"))
		if err != nil {
			return fmt.Errorf("%w. Give the folder of the sets with -data", err)
		}
		isTask := slices.Contains(strings.Split(*tasks, ","), name)
		step := 1
		if !isTask {
			step = 1 + len(queries)/mostOfASet
		}
		for i := 0; i < len(queries); i += step {
			q := queries[i]
			list = append(list, bot.AskExample{Set: name, Text: q.Text, Asks: !isTask || len(q.Relevant) > 0})
		}
	}
	fitted, err := bot.FitAsks(ctx, encoder, list)
	if err != nil {
		return err
	}
	if err := os.WriteFile(*out, fitted.File, 0o644); err != nil {
		return err
	}
	return print(list, fitted)
}

func print(list []bot.AskExample, h bot.AskHead) error {
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "set\tn\tasks\tAUROC, held back\tAUROC, other sets\tmean of those that ask, held back")
	var sets []string
	for _, a := range list {
		if !slices.Contains(sets, a.Set) {
			sets = append(sets, a.Set)
		}
	}
	for _, set := range sets {
		n, asks, sum := 0, 0, 0.0
		for i, a := range list {
			if a.Set == set {
				n++
				if a.Asks {
					asks++
					sum += h.Held[i]
				}
			}
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%.3f\t%.3f\t%.2f\n", set, n, asks, auroc(list, h.Held, set), auroc(list, h.OtherSets, set), sum/float64(asks))
	}
	return t.Flush()
}

// auroc is the probability that a turn that asks is rated above one that does
// not; NaN in a set of one kind.
func auroc(list []bot.AskExample, p []float64, set string) float64 {
	above, pairs := 0.0, 0.0
	for i, a := range list {
		if a.Set != set || !a.Asks {
			continue
		}
		for j, b := range list {
			if b.Set != set || b.Asks {
				continue
			}
			pairs++
			switch {
			case p[i] > p[j]:
				above++
			case p[i] == p[j]:
				above += .5
			}
		}
	}
	if pairs == 0 {
		return math.NaN()
	}
	return above / pairs
}
