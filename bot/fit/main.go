// Command fit makes the judge's weights, bot/judge.json, out of evaluation
// sets, and prints how the judge does on questions it was not fitted on:
//
//	go run ./bot/fit -data ../shared/evals -out bot/judge.json
//
// With -check it writes nothing, and fails if the file is not what the sets
// give. It takes some minutes, most of them for embedding the articles; -cache
// FILE keeps the vectors for the next time. Only figures go into the file, no text.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"frontdesk/bot"
	"frontdesk/evals"
	"frontdesk/llm"
	"frontdesk/llm/minilm"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "fit:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	data := flag.String("data", "../shared/evals", "folder of the evaluation sets")
	own := flag.String("own", "evals/data", "folder of the repository's own set")
	names := flag.String("sets", "arduino_help,bank_questions,covid_faq,mtrag_un", "help centres in -data to fit on, beside the own one")
	also := flag.String("also", "banking77_oos,clinc150,dstc11_t5", "other sets in -data to learn from, which set no thresholds")
	out := flag.String("out", "bot/judge.json", "where the weights go")
	check := flag.Bool("check", false, "write nothing; fail if the judge in -out is not what the sets give")
	cache := flag.String("cache", "", "file to keep vectors in")
	flag.Parse()

	sets, err := load(ctx, append([]string{*own}, within(*data, *names)...))
	if err != nil {
		return err
	}
	others, err := load(ctx, within(*data, *also))
	if err != nil {
		return err
	}
	for _, s := range others {
		s.LearnOnly = true
		sets = append(sets, s)
	}
	encoder, err := minilm.Default()
	if err != nil {
		return err
	}
	var embed llm.Embedder = encoder
	if *cache != "" {
		cached, err := evals.OpenCached(*cache, encoder)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, cached.Close()) }()
		embed = cached
	}
	judge, reports, err := evals.Fit(ctx, sets, embed, func(what string) { fmt.Fprintln(os.Stderr, what) })
	if err != nil {
		return err
	}
	if *check {
		return same(*out, judge)
	}
	text, err := json.MarshalIndent(judge, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(*out, append(text, '\n'), 0o644); err != nil {
		return err
	}
	return print(judge, reports)
}

// same fails if the judge in a file is not what was fitted.
func same(path string, again bot.Judge) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var old bot.Judge
	if err := json.Unmarshal(text, &old); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	differences, err := evals.SameFit(old, again)
	if err != nil {
		return err
	}
	if len(differences) > 0 {
		return fmt.Errorf("%s is not what the sets give: run the command without -check.\n  %s", path, strings.Join(differences, "\n  "))
	}
	fmt.Println(path, "is what the sets give.")
	return nil
}

func load(ctx context.Context, folders []string) ([]evals.Set, error) {
	var sets []evals.Set
	for _, f := range folders {
		s, err := evals.ReadSet(ctx, f)
		if err != nil {
			return nil, fmt.Errorf("%w. Give the folder of the sets with -data", err)
		}
		sets = append(sets, s)
	}
	return sets, nil
}

// within gives the folders of sets, named in a list, in data.
func within(data, names string) []string {
	var out []string
	for n := range strings.FieldsFuncSeq(names, func(r rune) bool { return r == ',' }) {
		out = append(out, filepath.Join(data, n))
	}
	return out
}

func print(j bot.Judge, reports []evals.FitReport) error {
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "left out\tn\tright\tmean conf.\tAUROC\tBrier\tBrier, other sets\tAURC\tcov@80\tcov@90\tanswer taken away")
	for _, r := range reports {
		fmt.Fprintf(t, "%s\t%d\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\n",
			r.Set, r.Queries, r.Right, r.Expected, r.AUROC, r.Brier, r.Shifted, r.AURC, r.Cover80, r.Cover90, r.Hidden)
	}
	for _, target := range []float64{.05, .10, .20, .30} {
		fmt.Fprintf(t, "threshold for an error of %.2f:\t%.2f\n", target, j.Threshold(target))
	}
	return t.Flush()
}
