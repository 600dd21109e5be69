// Command classes makes the weights by which the bot tells greetings, calls for
// help, attacks and the like from questions, bot/classes.json, out of the
// examples in bot/examples, and prints how they do on examples held back:
//
//	go run ./bot/fit/classes -out bot/classes.json
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"text/tabwriter"

	"frontdesk/bot"
	"frontdesk/llm/minilm"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "classes:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	out := flag.String("out", "bot/classes.json", "where the weights go")
	flag.Parse()
	encoder, err := minilm.Default()
	if err != nil {
		return err
	}
	fitted, err := bot.FitClasses(ctx, encoder)
	if err != nil {
		return err
	}
	if err := os.WriteFile(*out, fitted.File, 0o644); err != nil {
		return err
	}
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "class\tn\tright\tthe others went to")
	for _, s := range fitted.Scores {
		fmt.Fprintf(t, "%s\t%d\t%.2f\t%v\n", s.Class, s.N, float64(s.Right)/float64(s.N), s.Taken)
	}
	return t.Flush()
}
