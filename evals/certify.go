package evals

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"frontdesk/trust"
)

// Certificate says how wrong a bot's answers are at most, and of which bot,
// articles and questions that was shown. Without Certified it says why it
// could not be, and there is no threshold.
type Certificate struct {
	Certified bool        `json:"certified"`
	Reason    string      `json:"reason,omitempty"` // why not
	Target    float64     `json:"target_error"`     // the error that is promised not to be exceeded
	Level     float64     `json:"level"`            // the probability with which the bound holds
	Bound     trust.Bound `json:"bound"`
	Coverage  float64     `json:"coverage,omitempty"` // share of all held-back questions that are answered at the threshold
	Data      Data        `json:"data"`
	Made      Made        `json:"made"` // the bot that was asked
	Date      time.Time   `json:"date"` // of this certificate
}

// Data are the held-back questions of a certificate.
type Data struct {
	Set       string `json:"set"`
	Questions int    `json:"questions"`
	Answers   int    `json:"answers"` // questions that the bot answered, at any confidence
	Hash      string `json:"sha256"`  // of the file of questions
	Run       string `json:"run_sha256,omitempty"`
}

// CertifyOptions say what is to be shown.
type CertifyOptions struct {
	Target float64 // error not to be exceeded
	Level  float64 // probability, such as .9
	Data   Data    // Set and the hashes; the rest is counted
	Date   time.Time
}

// Certify looks for the lowest threshold at which the run's answers keep the
// target (trust.Learn). Only answers that the bot gave count: to look below
// the run's own threshold, make the run with a lower one. An answer is right
// if it cites a relevant article and holds nothing forbidden.
//
// A run that does not say what made it, or a judge that was fitted on the very
// set, cannot be certified. The error is about questions and run that do not
// go together; that the target is not kept is no error.
func Certify(queries []Query, run []Outcome, o CertifyOptions) (Certificate, error) {
	rows, err := match(queries, run, ScoreOptions{})
	if err != nil {
		return Certificate{}, err
	}
	var answers []trust.Judged
	for _, r := range rows {
		if r.answered {
			answers = append(answers, trust.Judged{Confidence: r.o.Confidence, Right: r.joint() && !r.leaks()})
		}
	}
	c := Certificate{Target: o.Target, Level: o.Level, Data: o.Data, Date: o.Date}
	c.Data.Questions = len(rows)
	if len(run) > 0 && run[0].Made != nil {
		c.Made = *run[0].Made
	}
	switch {
	case c.Made.Judge == "":
		c.Data.Answers = len(answers)
		c.Reason = "the run does not say which bot made it: make it again with this version of frontdesk eval run"
	case slices.Contains(c.Made.FittedOn, o.Data.Set):
		c.Data.Answers = len(answers)
		c.Reason = fmt.Sprintf("the bot's judge was fitted on the set %q: only questions that it has never seen can show how often it is wrong", o.Data.Set)
	default:
		c.learn(answers)
	}
	return c, nil
}

// CertifyVerdicts certifies an installation by verdicts on answers that it
// gave, or would have given, after since. Silence does not count: nobody has
// looked. Coverage is not known, and 0.
func CertifyVerdicts(verdicts []trust.Verdict, since time.Time, made Made, o CertifyOptions) Certificate {
	c := Certificate{Target: o.Target, Level: o.Level, Date: o.Date, Made: made, Data: Data{Set: "this installation's verdicts"}}
	sum := sha256.New()
	var answers []trust.Judged
	for _, v := range verdicts {
		if v.Answered && v.Kind != trust.KindQuiet && v.At.After(since) {
			answers = append(answers, trust.Judged{Confidence: v.Confidence, Right: v.Right})
			fmt.Fprintln(sum, v.ID, v.Right)
		}
	}
	c.Data.Questions, c.Data.Hash = len(answers), hex.EncodeToString(sum.Sum(nil))
	c.learn(answers)
	c.Coverage = 0
	return c
}

// learn sets the threshold and its bound, or the reason why there is none.
func (c *Certificate) learn(answers []trust.Judged) {
	c.Data.Answers = len(answers)
	bound, err := trust.Learn(answers, c.Target, c.Level)
	var few *trust.TooFew
	if errors.As(err, &few) {
		c.Reason = few.Error() // and no bound: it would be a figure
		return
	}
	c.Bound = bound
	if err != nil {
		c.Reason = err.Error()
		return
	}
	c.Certified = true
	c.Coverage = float64(bound.Answers) / float64(max(c.Data.Questions, 1))
}

// Write prints the certificate for people.
func (c Certificate) Write(w io.Writer) error {
	var b strings.Builder
	if c.Certified {
		fmt.Fprintf(&b, "Certified: of the answers from confidence %.2f on, at most %.1f %% are wrong (at %.0f %%; asked for: %.1f %%).\n\n",
			c.Bound.Threshold, 100*c.Bound.Upper, 100*c.Level, 100*c.Target)
	} else {
		fmt.Fprintf(&b, "Not certified: %s.\n\n", c.Reason)
	}
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "  %-16s %s\n", name, fmt.Sprintf(format, args...))
	}
	line("questions", "%d of %s (sha256 %.12s)", c.Data.Questions, c.Data.Set, c.Data.Hash)
	line("answers", "%d, at any confidence", c.Data.Answers)
	if c.Certified {
		line("threshold", "%.2f", c.Bound.Threshold)
		line("wrong", "%d of %d", c.Bound.Wrong, c.Bound.Answers)
		line("bound", "%.4f at %.0f %%", c.Bound.Upper, 100*c.Level)
		if c.Coverage > 0 {
			line("coverage", "%.1f %% of the questions are answered", 100*c.Coverage)
		}
	}
	line("articles", "%d, knowledge version %d (%s)", c.Made.Articles.Count, c.Made.Articles.Knowledge, c.Made.Articles.Hash)
	line("encoder", "%s", c.Made.Encoder)
	line("judge", "%s", c.Made.Judge)
	line("asked", "%s", c.Made.At.Format(time.RFC3339))
	line("date", "%s", c.Date.Format(time.DateOnly))
	if c.Certified {
		b.WriteString("\nIt holds for questions like these, put to these article versions, encoder and judge.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
