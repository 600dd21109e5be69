package evals

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// Agreement says how an answer that the bot would have given compares with
// what an agent said.
type Agreement string

// The agreements.
const (
	Agreed   Agreement = "agreed"   // the same article, or nearly the same words
	Differed Agreement = "differed" // neither
	Unknown  Agreement = "unknown"  // the agent's answer is not there
	Silent   Agreement = "silent"   // the bot would not have answered
)

// Shadow is one conversation of a history, answered in silence.
type Shadow struct {
	ID         string      `json:"id"`
	Line       int         `json:"line"`
	Question   string      `json:"question"`
	Action     chat.Action `json:"action"`
	Confidence float64     `json:"confidence"`
	Reason     chat.Reason `json:"reason,omitempty"`
	Cited      []string    `json:"cited"`
	Ranked     []string    `json:"ranked"`
	Text       string      `json:"text"`             // what the bot would have said
	Agent      string      `json:"agent"`            // what the agent said
	Linked     []string    `json:"linked,omitempty"` // articles that the agent linked to
	// Nearness is the cosine of both texts, Overlap the share of the words of the
	// shorter one that the other has; 0 where one is missing.
	Nearness  float64   `json:"nearness"`
	Overlap   float64   `json:"overlap"`
	Agreement Agreement `json:"agreement"`
	// Known says that an article has this very question already, so that the
	// bot could not fail to find it.
	Known bool `json:"known,omitempty"`
}

const (
	// nearAnswers is the least nearness, and sameWords the least overlap, of two
	// answers that agree; either will do. Measured with the built-in encoder on
	// evals/data/history.jsonl, answered at almost any confidence (68 answers): of
	// 35 that cite the article that the agent's words came from, 28 agree; of 33
	// that cite another, or that no article answers, 2. At .6 and .6 it is 21 and 1.
	nearAnswers = 0.5
	sameWords   = 0.5
)

// Compare fills in Overlap and Agreement from the rest.
func (s *Shadow) Compare() {
	s.Overlap = overlap(s.Text, s.Agent)
	same := slices.ContainsFunc(s.Cited, func(id string) bool { return slices.Contains(s.Linked, id) })
	switch {
	case s.Action != chat.ActionAnswer:
		s.Agreement = Silent
	case same:
		s.Agreement = Agreed
	case s.Agent == "" && len(s.Linked) == 0:
		s.Agreement = Unknown
	case s.Nearness >= nearAnswers || s.Overlap >= sameWords:
		s.Agreement = Agreed
	default:
		s.Agreement = Differed
	}
}

// overlap is the share of the shorter text's terms that the other has.
func overlap(a, b string) float64 {
	x, y := termSet(a), termSet(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) == 0 {
		return 0
	}
	n := 0
	for t := range x {
		if y[t] {
			n++
		}
	}
	return float64(n) / float64(len(x))
}

func termSet(s string) map[string]bool {
	out := map[string]bool{}
	for _, t := range knowledge.Terms(s) {
		out[t] = true
	}
	return out
}

// ShadowReport sums a history up that was answered in silence.
type ShadowReport struct {
	Asked    int                 `json:"asked"`
	Answered int                 `json:"answered"`
	Agreed   int                 `json:"agreed"`   // of those answered
	Differed int                 `json:"differed"` // of those answered
	Unknown  int                 `json:"unknown"`  // of those answered
	Silent   map[chat.Action]int `json:"silent"`   // the others, by what the bot would have done
	// Known counts questions that an article had already, and KnownAgreed those
	// of them that were answered and agreed: both flatter.
	Known       int           `json:"known"`
	KnownAgreed int           `json:"known_agreed"`
	Topics      []ShadowTopic `json:"topics"` // most answered first
	// Worst are the answers that differed, the most confident first, at most 10.
	Worst []Shadow `json:"worst"`
}

// ShadowTopic is the answers that cite an article first.
type ShadowTopic struct {
	Article  string `json:"article"`
	Answered int    `json:"answered"`
	Agreed   int    `json:"agreed"`
	Differed int    `json:"differed"`
}

// worstShadows is how many differing answers a report shows: what people read in one sitting.
const worstShadows = 10

// SumShadows sums up.
func SumShadows(all []Shadow) ShadowReport {
	r := ShadowReport{Asked: len(all), Silent: map[chat.Action]int{}, Topics: []ShadowTopic{}, Worst: []Shadow{}}
	topics := map[string]*ShadowTopic{}
	for _, s := range all {
		if s.Known {
			r.Known++
		}
		if s.Agreement == Silent {
			r.Silent[s.Action]++
			continue
		}
		r.Answered++
		name := "(no article)"
		if len(s.Cited) > 0 {
			name = s.Cited[0]
		}
		if topics[name] == nil {
			topics[name] = &ShadowTopic{Article: name}
		}
		t := topics[name]
		t.Answered++
		switch s.Agreement {
		case Agreed:
			r.Agreed++
			t.Agreed++
			if s.Known {
				r.KnownAgreed++
			}
		case Differed:
			r.Differed++
			t.Differed++
			r.Worst = append(r.Worst, s)
		default:
			r.Unknown++
		}
	}
	for _, t := range topics {
		r.Topics = append(r.Topics, *t)
	}
	slices.SortFunc(r.Topics, func(a, b ShadowTopic) int {
		return cmp.Or(cmp.Compare(b.Answered, a.Answered), cmp.Compare(a.Article, b.Article))
	})
	slices.SortStableFunc(r.Worst, func(a, b Shadow) int { return cmp.Compare(b.Confidence, a.Confidence) })
	r.Worst = r.Worst[:min(len(r.Worst), worstShadows)]
	return r
}

// Write writes the report for people.
func (r ShadowReport) Write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "would have answered\t%s\n", part(r.Answered, r.Asked))
	fmt.Fprintf(t, "  agreed with the agent\t%s\n", part(r.Agreed, r.Answered))
	fmt.Fprintf(t, "  differed\t%s\n", part(r.Differed, r.Answered))
	if r.Unknown > 0 {
		fmt.Fprintf(t, "  nothing to compare with\t%s\n", part(r.Unknown, r.Answered))
	}
	for _, a := range []chat.Action{chat.ActionClarify, chat.ActionHandoff, chat.ActionRefuse, chat.ActionSmallTalk} {
		if n := r.Silent[a]; n > 0 {
			fmt.Fprintf(t, "%s\t%s\n", silences[a], part(n, r.Asked))
		}
	}
	if r.Known > 0 {
		fmt.Fprintf(t, "\nArticles have %d of these questions already, which flatters: without them %d of %d conversations agreed.\n",
			r.Known, r.Agreed-r.KnownAgreed, r.Asked-r.Known)
	}
	if len(r.Topics) > 0 {
		fmt.Fprintf(t, "\narticle\tanswered\tagreed\tdiffered\n")
		for _, topic := range r.Topics {
			fmt.Fprintf(t, "%s\t%d\t%d\t%d\n", topic.Article, topic.Answered, topic.Agreed, topic.Differed)
		}
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("evals: write shadow: %w", err)
	}
	for i, s := range r.Worst {
		if i == 0 {
			if _, err := fmt.Fprintf(w, "\nDiffered, the most confident first:\n"); err != nil {
				return fmt.Errorf("evals: write shadow: %w", err)
			}
		}
		if _, err := fmt.Fprintf(w, "\n  line %d, %.2f: %s\n    bot (%s): %s\n    agent: %s\n", s.Line, s.Confidence, s.Question,
			strings.Join(s.Cited, ", "), shorten(s.Text), shorten(s.Agent)); err != nil {
			return fmt.Errorf("evals: write shadow: %w", err)
		}
	}
	return nil
}

var silences = map[chat.Action]string{
	chat.ActionClarify: "would have asked back", chat.ActionHandoff: "would have handed over",
	chat.ActionRefuse: "would have refused", chat.ActionSmallTalk: "would have made small talk",
}

// part writes "3 of 4 (75 %)".
func part(n, of int) string {
	if of == 0 {
		return "0 of 0"
	}
	return fmt.Sprintf("%d of %d (%.0f %%)", n, of, 100*float64(n)/float64(of))
}

// shownText is how many characters of an answer a report shows.
const shownText = 160

func shorten(s string) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) > shownText {
		return string(runes[:shownText]) + "…"
	}
	return string(runes)
}
