package compose

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"

	"frontdesk/bot"
	"frontdesk/bot/ground"
	"frontdesk/bot/prompt"
	"frontdesk/chat"
	"frontdesk/knowledge"
)

const (
	// maxSentences and maxBytes bound an answer: the longest style asks for 15
	// sentences, and how-tos have up to 20 steps.
	maxSentences = 30
	maxBytes     = 5000
	// maxChatter is how many sentences may state nothing: a kind word in front,
	// and one at the end.
	maxChatter = 2
	// maxDropped is how many sentences may fail before the model is given up.
	maxDropped = 12
	// hopeless is how many may fail before the first one passes: a model that
	// rambles from the start does not come back to the point.
	hopeless = 5
	// maxRaw bounds what a model may say, in bytes, whatever becomes of it.
	maxRaw = 32 << 10
)

// errEnough ends a generation that has said as much as an answer may hold.
var errEnough = errors.New("compose: the answer is long enough")

// writing is one answer while it is written.
type writing struct {
	turn     *ground.Turn
	material []bot.Material
	watch    *prompt.Watch
	show     func(string)

	parser  parser
	raw     int // bytes that came
	seen    map[string]bool
	dropped map[string]int
	said    []checked
	bytes   int
	chatter int
}

// checked is a sentence that passed.
type checked struct {
	sentence
	ground.Finding
	inline []chat.Block
	plain  string
}

func newWriting(checker *ground.Checker, in bot.Composition, canary string, show func(string)) *writing {
	w := &writing{material: in.Decision.Material, watch: prompt.NewWatch(canary), show: show,
		seen: map[string]bool{}, dropped: map[string]int{}}
	var sources []ground.Source
	for _, m := range w.material {
		sources = append(sources, ground.Source{N: m.Citation.N, Title: m.Citation.Title, Body: m.Body, Locale: m.Locale})
	}
	w.turn = checker.Turn(sources, canary)
	return w
}

func unchecked(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &bot.NotComposed{Why: bot.SetbackUnchecked, Err: err}
}

// take takes a piece of what the model says.
func (w *writing) take(ctx context.Context, piece string) error {
	if w.watch.Saw(piece) {
		return &bot.NotComposed{Why: bot.SetbackCanary}
	}
	if w.raw += len(piece); w.raw > maxRaw {
		return errEnough
	}
	return w.add(ctx, w.parser.add(piece))
}

// end takes what was left when the model ended.
func (w *writing) end(ctx context.Context) error {
	if err := w.add(ctx, w.parser.end()); !errors.Is(err, errEnough) {
		return err
	}
	return nil
}

// add checks sentences, and shows the answer anew when one passed.
func (w *writing) add(ctx context.Context, some []sentence) error {
	for _, s := range some {
		key := letters(s.text)
		if key == "" || w.seen[key] {
			continue
		}
		w.seen[key] = true
		f, err := w.turn.Check(ctx, s.text)
		if err != nil {
			return unchecked(ctx, err)
		}
		if why := w.refuses(s, f); why != "" {
			w.dropped[why]++
			if n := sum(w.dropped); n > maxDropped || n >= hopeless && len(w.said) == 0 {
				return &bot.NotComposed{Why: bot.SetbackUnanswered, Err: errors.New("hardly a sentence passes")}
			}
			continue
		}
		w.keep(s, f)
		w.show(w.text())
		if len(w.said) >= maxSentences || w.bytes >= maxBytes {
			return errEnough
		}
	}
	return nil
}

// whyChatter is why a sentence is dropped that states nothing, where enough do.
const whyChatter = "chatter"

// refuses says why a sentence is not said, "" if it is.
func (w *writing) refuses(s sentence, f ground.Finding) string {
	switch {
	case !f.OK:
		return string(f.Why)
	case f.Chatter && (w.chatter >= maxChatter || s.step > 0 || s.point):
		return whyChatter
	}
	return ""
}

func (w *writing) keep(s sentence, f ground.Finding) {
	c := checked{sentence: s, Finding: f, inline: inline(s.text, w.material)}
	c.plain = knowledge.PlainText([]chat.Block{{T: "p", Kids: c.inline}})
	if f.Chatter {
		w.chatter++
	}
	w.bytes += len(c.plain)
	w.said = append(w.said, c)
}

// text is the answer so far, as plain text.
func (w *writing) text() string { return knowledge.PlainText(render(w.said, nil)) }

// composed is the answer. Its citations are numbered in the order in which
// they appear.
func (w *writing) composed() bot.Composed {
	out := bot.Composed{Dropped: w.dropped, Text: w.text()}
	number := map[int]int{}
	for _, s := range w.said {
		if s.Chatter {
			continue
		}
		if number[s.N] == 0 {
			number[s.N] = len(number) + 1
			out.Citations = append(out.Citations, w.citation(s.N, number[s.N]))
		}
		out.Statements = append(out.Statements, chat.Statement{Text: s.plain, Citation: number[s.N], Span: s.Span})
	}
	out.Blocks = render(w.said, number)
	return out
}

// citation gives a source under the number that the customer sees, with what
// is quoted of it.
func (w *writing) citation(source, n int) chat.Citation {
	var out chat.Citation
	for _, m := range w.material {
		if m.Citation.N == source {
			out = m.Citation
		}
	}
	out.N, out.Spans = n, nil
	for _, s := range w.said {
		if !s.Chatter && s.N == source {
			out.Spans = append(out.Spans, s.Span)
		}
	}
	out.Spans = merged(out.Spans)
	return out
}

// merged sorts spans and joins those that touch.
func merged(spans []chat.Span) (out []chat.Span) {
	slices.SortFunc(spans, func(a, b chat.Span) int { return a.Start - b.Start })
	for _, s := range spans {
		if last := len(out) - 1; last >= 0 && s.Start <= out[last].End {
			out[last].End = max(out[last].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}

// letters leaves of a sentence what tells it from others.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func sum(counts map[string]int) (all int) {
	for _, n := range counts {
		all += n
	}
	return all
}
