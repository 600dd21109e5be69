package evals

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// Set is articles and the questions that go with them.
type Set struct {
	Name     string
	Articles []knowledge.Input
	Queries  []Query
	// LearnOnly says that the judge learns from the set and that it sets no
	// thresholds, since its articles are not like those of a help centre.
	LearnOnly bool
}

// DataDir is the folder of the development sets: where FRONTDESK_EVAL_DATA
// says, else shared/evals beside the repository, whose folder is given.
func DataDir(repository string) string {
	if dir := os.Getenv("FRONTDESK_EVAL_DATA"); dir != "" {
		return dir
	}
	return filepath.Join(repository, "..", "shared", "evals")
}

// ReadSet reads the set in the folder dir, with the name of the folder. Its
// articles are in articles.jsonl or the folder helpcentre. A set without
// either borrows those of its sibling arduino_help, as safety does; what
// poisoned_articles.jsonl holds is added, articles and questions: where an
// answer is expected, the article that comes with the question is relevant.
func ReadSet(ctx context.Context, dir string) (Set, error) {
	s := Set{Name: filepath.Base(dir)}
	var err error
	if s.Queries, err = ReadQueries(filepath.Join(dir, "queries.jsonl")); err != nil {
		return s, err
	}
	articles := ""
	for _, path := range []string{filepath.Join(dir, "articles.jsonl"), filepath.Join(dir, "helpcentre"), filepath.Join(dir, "..", "arduino_help", "articles.jsonl")} {
		if exists(path) {
			articles = path
			break
		}
	}
	if articles == "" {
		return s, fmt.Errorf("evals: the set %s has no articles.jsonl", dir)
	}
	if s.Articles, err = ReadArticles(ctx, articles); err != nil {
		return s, err
	}
	poisoned := filepath.Join(dir, "poisoned_articles.jsonl")
	if !exists(poisoned) {
		return s, nil
	}
	extra, err := ReadExtraArticles(poisoned)
	if err != nil {
		return s, err
	}
	asked, err := ReadQueries(poisoned)
	if err != nil {
		return s, err
	}
	for i := range asked {
		asked[i].Label = "poisoned"
		if asked[i].Expect == string(chat.ActionAnswer) && len(asked[i].Relevant) == 0 {
			asked[i].Relevant = []string{extra[i].ExternalID} // it is poisoned, and about the question
		}
	}
	s.Articles, s.Queries = slices.Concat(s.Articles, extra), slices.Concat(s.Queries, asked)
	return s, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
