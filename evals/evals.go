// Package evals measures the bot: it loads articles into a fresh store, asks
// every question of a set exactly as a conversation would, writes what came
// back one line a question, and scores it. The formats and metrics are those
// of the development sets (README.md in ../shared/evals, where it is
// there); the repository's own set is in evals/data.
package evals

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/knowledge/source"
)

// Query is one question of a set, with what is known about its answer.
type Query struct {
	ID      string `json:"id"`
	Text    string `json:"text"`
	History []Past `json:"history"`
	// Relevant are the external ids of the articles that answer it. None: there
	// is nothing to answer from, and answering is wrong.
	Relevant []string `json:"relevant"`
	Label    string   `json:"label"`
	// Facts are strings that a right answer holds; "a|b" means either.
	Facts          []string `json:"facts"`
	Forbidden      []string `json:"forbidden"`        // never cited
	Expect         string   `json:"expect"`           // an action, or "urgent"
	MustNotContain []string `json:"must_not_contain"` // in the reply, in any case of letters
	PII            []string `json:"pii"`              // personal data that nobody else may see in clear
}

// Past is an earlier turn of a question's conversation.
type Past struct {
	Role string `json:"role"` // user or assistant
	Text string `json:"text"`
}

// Outcome is what the bot made of a question: one line of a run.
type Outcome struct {
	ID         string      `json:"id"`
	Action     chat.Action `json:"action"`
	Confidence float64     `json:"confidence"`
	Ranked     []string    `json:"ranked"` // external ids, best first, at most 10
	Cited      []string    `json:"cited"`
	Text       string      `json:"text"`
	Reason     chat.Reason `json:"reason"`
	MS         float64     `json:"ms"` // of the decision

	Values      int      `json:"values"`                // numbers, prices, dates and addresses in an answer
	Unsupported []string `json:"unsupported,omitempty"` // those of them that no cited article holds
	Choices     []string `json:"choices,omitempty"`     // titles offered by a clarifying question
	Understood  string   `json:"understood,omitempty"`  // the question as it was searched
	Degraded    string   `json:"degraded,omitempty"`
	// PII is how many strings of the question's personal data were logged, or
	// given to the encoder, in clear.
	PII int `json:"pii,omitempty"`
	// Shares say what the confidence is made of: what each feature adds to its
	// log-odds, the largest first.
	Shares []Share `json:"shares,omitempty"`

	// Worded is what a language model made of the answer; nil: it was not asked.
	Worded *Worded `json:"worded,omitempty"`
	// Again is what came of asking once more, with a run that repeats.
	Again []Attempt `json:"again,omitempty"`

	Made *Made `json:"made,omitempty"` // on the first line of a run: what made it
}

// Share is what a feature adds to the log-odds of the confidence.
type Share struct {
	Feature string  `json:"feature"`
	Value   float64 `json:"value"` // of the feature
	Share   float64 `json:"share"`
}

// answered reports whether the customer got an answer out of articles.
func (o Outcome) answered() bool { return o.Action == chat.ActionAnswer }

// ReadQueries reads a queries.jsonl. Ids must be there and differ.
func ReadQueries(path string) ([]Query, error) {
	var out []Query
	seen := map[string]bool{}
	err := readLines(path, func(line []byte) error {
		var q Query
		if err := json.Unmarshal(line, &q); err != nil {
			return err
		}
		if q.ID == "" || seen[q.ID] {
			return fmt.Errorf("id %q is empty or stands twice", q.ID)
		}
		seen[q.ID] = true
		out = append(out, q)
		return nil
	})
	return out, err
}

// ReadRun reads what WriteRun wrote.
func ReadRun(path string) ([]Outcome, error) {
	var out []Outcome
	err := readLines(path, func(line []byte) error {
		var o Outcome
		if err := json.Unmarshal(line, &o); err != nil {
			return err
		}
		out = append(out, o)
		return nil
	})
	return out, err
}

// WriteRun writes outcomes, one JSON object a line.
func WriteRun(w io.Writer, outcomes []Outcome) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, o := range outcomes {
		if err := enc.Encode(o); err != nil {
			return fmt.Errorf("evals: write run: %w", err)
		}
	}
	return nil
}

// ReadArticles reads articles from a folder of Markdown or HTML files or from
// a JSONL file. One that cannot be read is an error: a set is whole or wrong.
func ReadArticles(ctx context.Context, path string) ([]knowledge.Input, error) {
	var out []knowledge.Input
	for in, err := range source.Read(ctx, path, source.Options{}) {
		if problem := (*knowledge.Problem)(nil); errors.As(err, &problem) && !problem.Lost {
			continue // not an article, such as a README
		}
		if err != nil {
			return nil, fmt.Errorf("evals: read articles %s: %w", path, err)
		}
		out = append(out, in)
	}
	return out, nil
}

// ReadExtraArticles reads a JSONL file of articles, or of lines that hold one
// under "article", as sets of poisoned articles do.
func ReadExtraArticles(path string) ([]knowledge.Input, error) {
	type article struct {
		ID, Title, Body, URL string
		Tags                 []string
	}
	var out []knowledge.Input
	err := readLines(path, func(line []byte) error {
		var l struct {
			article
			Article *article
		}
		if err := json.Unmarshal(line, &l); err != nil {
			return err
		}
		a := l.article
		if l.Article != nil {
			a = *l.Article
		}
		in := knowledge.Input{Source: "extra", ExternalID: a.ID, Title: a.Title, Body: a.Body, URL: a.URL, Tags: a.Tags}
		out = append(out, in)
		return in.Check()
	})
	return out, err
}

// maxLine bounds a line of a file: above any article of any set.
const maxLine = 10 << 20

func readLines(path string, do func(line []byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("evals: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		if err := do(lines.Bytes()); err != nil {
			return fmt.Errorf("evals: %s:%d: %w", path, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("evals: read %s: %w", path, err)
	}
	return nil
}
