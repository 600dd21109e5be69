// Command suite asks all development sets, each in several ways, and writes
// what came out into a folder of the repository: README.md with the goals and
// totals.json for machines. It is what `make eval` runs:
//
//	go run ./evals/suite -data ../shared/evals -out docs/evals
//
// Sets that are not there are left out, with a line that says so. Vectors and
// runs are kept under -cache: what was stopped goes on where it was, and a run
// is made again only when the program, the set or the way of asking changed.
// Texts of the sets stay there; the folder gets figures and ids only.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"frontdesk/evals"
	"frontdesk/llm/minilm"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "suite:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	data := flag.String("data", evals.DataDir("."), "folder of the development sets")
	out := flag.String("out", filepath.Join("docs", "evals"), "folder for the report; \"\" for none, to make the runs only")
	cache := flag.String("cache", filepath.Join(".cache", "evals"), "folder for vectors and runs")
	only := flag.String("only", "", "sets to ask, parted by commas, without a report; \"\" for all")
	reuse := flag.Bool("reuse", false, "take the runs that are there, whatever program made them")
	jobs := flag.Int("jobs", 2, "sets asked at the same time")
	flag.Parse()

	encoder, err := minilm.Default()
	if err != nil {
		return err
	}
	embed, err := evals.OpenCached(filepath.Join(*cache, "vectors"), encoder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, embed.Close()) }()
	s := &suite{embed: embed, data: *data, cache: *cache, reuse: *reuse, log: os.Stderr}
	if s.program, err = programHash(); err != nil {
		return err
	}
	var list []plan
	for _, p := range plans {
		if *only == "" || containsName(*only, p.name) {
			list = append(list, p)
		}
	}
	results, err := s.all(ctx, list, *jobs)
	if err != nil || *only != "" || *out == "" {
		return err
	}
	r, err := summarise(results)
	if err != nil {
		return err
	}
	return r.write(*out)
}

func containsName(list, name string) bool {
	return strings.Contains(","+list+",", ","+name+",")
}

// programHash names the running program: another program may answer otherwise.
func programHash() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("name the program: %w", err)
	}
	return evals.FileHash(path)
}
