package report

import (
	"cmp"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"

	"frontdesk/chat"
	"frontdesk/evals"
)

// view is what the template shows.
type view struct {
	Title   string
	Facts   []string // what made the run, in words
	Figures []figure
	Charts  []chart
	Deeds   []string // columns of the confusion table
	Labels  []labelRow
	Groups  []group
	Tests   []evals.McNemar
	Worst   []worst
	Wrong   int
	HasBase bool
}

// figure is one of the numbers on top.
type figure struct{ Name, Value, Says string }

// chart is a picture with its finding; Wide and Narrow are the same picture.
type chart struct {
	Finding, Says string
	Wide, Narrow  template.HTML
}

type labelRow struct {
	Label string
	N     int
	Cells []cell
	Joint string
	Range string
	AUROC string
}

// cell is a number of questions; Shade is its share of the label, in steps of 0 to 5.
type cell struct {
	N     int
	Shade int
}

type group struct {
	Name string
	Rows []metricRow
}

type metricRow struct {
	Name, Says, Value, Range string
	N                        int
	Base, Diff               string
	Sure                     bool // the interval of the difference leaves out 0
	Bar                      template.HTML
}

type worst struct {
	evals.Case
	Number     int
	Deed       string
	Confidence string
	What       string // the fault, as a heading
	Articles   []article
	Missing    []string // relevant articles that were not found
	Reply      string
	Why        string
	Shares     []share
}

type article struct {
	ID       string
	Relevant bool
	Cited    bool
}

type share struct {
	Feature, Value string
	Width          int  // 0 to 100
	Against        bool // it speaks against the answer
}

// worstCases is how many questions are told one by one.
const worstCases = 20

func look(p Page) (view, error) {
	if len(p.Run) == 0 {
		return view{}, errors.New("evals: report: the run is empty")
	}
	opts := evals.ScoreOptions{Threshold: p.Threshold}
	scored, err := evals.Score(p.Queries, p.Run, opts)
	if err != nil {
		return view{}, err
	}
	cases, err := evals.Cases(p.Queries, p.Run, opts)
	if err != nil {
		return view{}, err
	}
	v := view{Title: cmp.Or(p.Title, "Evaluation"), Facts: facts(p, scored), Wrong: len(scored.Wrong), HasBase: p.Baseline != nil}
	var base []evals.Case
	var c evals.Comparison
	if v.HasBase {
		if base, err = evals.Cases(p.Queries, p.Baseline, opts); err != nil {
			return view{}, fmt.Errorf("the baseline: %w", err)
		}
		if c, err = evals.Compare(p.Queries, p.Baseline, p.Run, opts); err != nil {
			return view{}, err
		}
		v.Tests = c.Tests
	}
	v.Figures = figures(scored)
	v.Charts = []chart{riskChart(cases, base), reliabilityChart(cases)}
	v.Deeds, v.Labels = confusion(cases, scored)
	v.Groups = groups(scored, c)
	for i, w := range evals.Worst(cases, worstCases) {
		v.Worst = append(v.Worst, tell(i+1, w))
	}
	return v, nil
}

func facts(p Page, r evals.Report) []string {
	out := []string{count(r.Queries, "question")}
	if m := p.Run[0].Made; m != nil {
		out = append(out, count(m.Articles.Count, "article"), "encoder "+m.Encoder, "judge "+m.Judge,
			"answers from a confidence of "+number(m.Threshold), m.At.Format("2 January 2006, 15:04 UTC"))
	}
	if p.Threshold != nil {
		out = append(out, "counted as answered from a confidence of "+number(*p.Threshold))
	}
	return out
}

// top are the numbers on top of the page.
var top = []struct{ metric, name string }{
	{"joint", "Dealt with well"}, {"Hit@1", "Right article first"}, {"answered", "Answered"}, {"precision", "Right, of those answered"},
}

func figures(r evals.Report) []figure {
	var out []figure
	for _, t := range top {
		if m, ok := r.Metric(t.metric); ok {
			out = append(out, figure{t.name, percent(m.Value), fmt.Sprintf("%s to %s, of %d", percent(m.Low), percent(m.High), m.N)})
		}
	}
	return out
}

func confusion(cases []evals.Case, r evals.Report) (deeds []string, rows []labelRow) {
	counts := map[string]map[string]int{}
	all := map[string]int{}
	for _, c := range cases {
		if counts[c.Label] == nil {
			counts[c.Label] = map[string]int{}
		}
		counts[c.Label][deed(c.Outcome)]++
		all[deed(c.Outcome)]++
	}
	deeds = slices.SortedFunc(maps.Keys(all), func(a, b string) int { return cmp.Or(cmp.Compare(all[b], all[a]), cmp.Compare(a, b)) })
	for _, l := range r.Labels {
		row := labelRow{Label: cmp.Or(l.Label, "no label"), N: l.N, Joint: number(l.Joint), Range: between(l.JointLow, l.JointHigh)}
		if l.AUROC != nil {
			row.AUROC = number(*l.AUROC)
		}
		for _, d := range deeds {
			n := counts[l.Label][d]
			row.Cells = append(row.Cells, cell{n, (5*n + l.N - 1) / l.N})
		}
		rows = append(rows, row)
	}
	return deeds, rows
}

// deed says what was done, in words.
func deed(o evals.Outcome) string {
	words := map[chat.Action]string{
		chat.ActionAnswer: "answered", chat.ActionClarify: "asked back", chat.ActionHandoff: "handed over", chat.ActionRefuse: "refused", chat.ActionSmallTalk: "small talk",
	}
	text := cmp.Or(words[o.Action], string(o.Action))
	if o.Reason != "" {
		text += ": " + strings.ReplaceAll(string(o.Reason), "_", " ")
	}
	return text
}

// kinds are the metrics by what they are about, each in words.
var kinds = []struct {
	name string
	rows [][2]string
}{
	{"Finding", [][2]string{
		{"Hit@1", "a right article first"}, {"Hit@5", "one among the first five"}, {"R@1", "share of the right ones, first"}, {"R@5", "among the first five"}, {"R@10", "among the first ten"},
		{"MRR@5", "mean of 1 / place, five deep"}, {"MRR@10", "ten deep"}, {"nDCG@10", "gain of the first ten"},
	}},
	{"Deciding", [][2]string{
		{"joint", "answered rightly, or rightly not"}, {"answered", "share answered"}, {"precision", "right, of those answered"}, {"AUROC", "tells what should be answered"},
		{"F1_answer", "the answers, as decided"}, {"best_F1_answer", "at the best threshold for these"}, {"F1_abstain", "the unanswered, as decided"}, {"best_F1_abstain", "at the best threshold for these"},
		{"in_scope", "answered with the right article first"}, {"out_of_scope", "turned away where no article answers"}, {"at_threshold", "both together"},
	}},
	{"Confidence", [][2]string{
		{"coverage@80", "can be answered, 8 in 10 right"}, {"coverage@90", "can be answered, 9 in 10 right"}, {"AURC", "mean share wrong; lower is better"},
		{"Brier", "squared distance from truth; lower is better"}, {"ECE", "calibration error, 15 bins; lower is better"},
	}},
	{"Answers", [][2]string{
		{"facts", "facts present in answers"}, {"facts_all", "facts present, unanswered count as none"}, {"citation_precision", "cited articles that are right"},
		{"unsupported", "values that no cited article holds"}, {"value_missing_numbers", "numbers given where the value is missing"},
	}},
	{"Safety", [][2]string{
		{"expected_action", "did what the set expects"}, {"leak", "said what must not be said"}, {"pii", "personal data seen in clear"}, {"over_blocking", "honest questions not answered"}, {"pass^k", "dealt with well every time it was asked"}, {"steady", "did the same every time"}, {"verbatim", "said the same every time"}, {"composed", "answers in a language model's words, of those it was given"}, {"degraded", "some part was late or failed"},
	}},
}

func groups(r evals.Report, c evals.Comparison) []group {
	var out []group
	for _, k := range kinds {
		g := group{Name: k.name}
		for _, name := range k.rows {
			m, ok := r.Metric(name[0])
			if !ok {
				continue
			}
			row := metricRow{Name: m.Name, Says: name[1], Value: number(m.Value), Range: between(m.Low, m.High), N: m.N, Bar: intervalBar(m.Value, m.Low, m.High)}
			if d, ok := c.Metric(m.Name); ok {
				row.Base, row.Diff, row.Sure = number(d.A), signed(d.Diff), d.Low > 0 || d.High < 0
			}
			g.Rows = append(g.Rows, row)
		}
		if len(g.Rows) > 0 {
			out = append(out, g)
		}
	}
	return out
}

func tell(n int, c evals.Case) worst {
	w := worst{Case: c, Number: n, Deed: deed(c.Outcome), Confidence: number(c.Outcome.Confidence), Reply: cut(c.Outcome.Text, 700), Why: c.Explain(), What: sentence(string(c.Fault))}
	for _, id := range c.Outcome.Ranked {
		w.Articles = append(w.Articles, article{id, slices.Contains(c.Relevant, id), slices.Contains(c.Outcome.Cited, id)})
	}
	for _, id := range c.Relevant {
		if !slices.Contains(c.Outcome.Ranked, id) {
			w.Missing = append(w.Missing, id)
		}
	}
	most := 0.0
	for _, s := range c.Outcome.Shares {
		most = max(most, s.Share, -s.Share)
	}
	for _, s := range c.Outcome.Shares {
		if s.Share != 0 {
			w.Shares = append(w.Shares, share{strings.ReplaceAll(s.Feature, "_", " "), signed(s.Share), int(100 * max(s.Share, -s.Share) / most), s.Share < 0})
		}
	}
	return w
}

// sentence begins a text with a capital.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// cut shortens a long text at a word.
func cut(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	short := string(runes[:most])
	if i := strings.LastIndexAny(short, " \n"); i > 0 {
		short = short[:i]
	}
	return short + " …"
}

// number writes a share as ".845", as all of the product's pages do.
func number(v float64) string {
	text := strconv.FormatFloat(v, 'f', 3, 64)
	return strings.TrimPrefix(text, "0")
}

// chance writes a probability that may be too small to write out.
func chance(p float64) string {
	if p < .001 {
		return "< .001"
	}
	return "= " + number(p)
}

func signed(v float64) string {
	if v < 0 {
		return "−" + number(-v)
	}
	return "+" + number(v)
}

func percent(v float64) string { return strconv.FormatFloat(100*v, 'f', 0, 64) + " %" }

// between is an interval; "" if it is a point.
func between(low, high float64) string {
	if low == high {
		return ""
	}
	return number(low) + " to " + number(high)
}

func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return strconv.Itoa(n) + " " + thing
}
