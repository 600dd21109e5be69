package report

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"frontdesk/evals"
)

// canvas is a chart's area in a coordinate system of its own: shares from 0 to
// 1 across, and from 0 to top upwards.
type canvas struct {
	b                        strings.Builder
	width, height            float64
	left, right, above, foot float64 // margins
	top                      float64
}

func newCanvas(wide bool, top float64) *canvas {
	c := &canvas{width: 640, height: 300, left: 46, right: 16, above: 14, foot: 46, top: top}
	if !wide {
		c.width, c.height, c.left, c.right = 316, 250, 38, 8
	}
	return c
}

func (c *canvas) x(share float64) float64 { return c.left + share*(c.width-c.left-c.right) }
func (c *canvas) y(share float64) float64 {
	return c.height - c.foot - share/c.top*(c.height-c.above-c.foot)
}

func (c *canvas) draw(format string, args ...any) { fmt.Fprintf(&c.b, format, args...) }

// text writes a label; class and anchor are those of the style sheet and SVG.
func (c *canvas) text(x, y float64, class, anchor, text string) {
	c.draw(`<text class="%s" x="%.1f" y="%.1f" text-anchor="%s">%s</text>`, class, x, y, anchor, template.HTMLEscapeString(text))
}

// axes draws the grid, with the name of what goes across below.
func (c *canvas) axes(step float64, across string) {
	for v := 0.0; v <= c.top+1e-9; v += step {
		c.draw(`<path class="gl" d="M%.1f %.1fH%.1f"/>`, c.left, c.y(v), c.width-c.right)
		c.text(c.left-8, c.y(v)+4, "", "end", percent(v))
	}
	for _, v := range []float64{0, .25, .5, .75, 1} {
		anchor := "middle"
		if v == 1 {
			anchor = "end"
		}
		c.text(c.x(v), c.height-c.foot+18, "", anchor, percent(v))
	}
	c.text(c.width-c.right, c.height-6, "", "end", across)
}

func (c *canvas) html(label string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="ch" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">%s</svg>`, //nolint:gosec // numbers and escaped texts only
		c.width, c.height, template.HTMLEscapeString(label), c.b.String()))
}

const (
	// fewCases is below what number of cases a chart shows intervals.
	fewCases = 400
	// firstShown is how many answers a share of wrong ones takes at least: of
	// fewer it jumps about.
	firstShown = 5
	bandSteps  = 40
)

// riskChart shows what share of answers would be wrong if the surest questions
// were answered, and where the run itself stands.
func riskChart(cases, base []evals.Case) chart {
	curve := evals.RiskCurve(cases)
	reach := coverageWithin(curve, len(cases), .10)
	said, wrong := operating(cases)
	out := chart{
		Finding: fmt.Sprintf("With 1 wrong answer in 10 it could answer %s of the questions", percent(reach)),
		Says:    fmt.Sprintf("It answered %s, and %s of these wrongly. Questions are answered in order of confidence.", percent(said), percent(wrong)),
	}
	if reach == 0 {
		out.Finding = "No share of the questions can be answered with 1 wrong answer in 10"
	}
	var band []evals.Range
	if len(cases) < fewCases {
		band = evals.RiskBand(cases, bandSteps)
	}
	before := evals.RiskCurve(base)
	top, step := riskAxis(max(wrong, highest(curve, len(cases)), highest(before, len(base))))
	draw := func(wide bool) template.HTML {
		c := newCanvas(wide, top)
		c.axes(step, "questions answered")
		c.band(band, len(cases))
		above := true
		if base != nil {
			above = riskAt(curve) >= riskAt(before)
			c.curve(before, len(base), "base", "before", !above)
		}
		c.curve(curve, len(cases), "risk", "wrong answers", above)
		if said > 0 {
			c.draw(`<circle class="op" cx="%.1f" cy="%.1f" r="5"/>`, c.x(said), c.y(min(wrong, c.top)))
			c.text(c.x(said), c.y(min(wrong, c.top))-12, "strong", "middle", "as it is")
		}
		return c.html(out.Finding + ". " + out.Says)
	}
	out.Wide, out.Narrow = draw(true), draw(false)
	return out
}

// coverageWithin is the largest coverage at which at most a share of the
// answers is wrong.
func coverageWithin(curve []evals.CurvePoint, n int, most float64) float64 {
	best := 0.0
	for _, p := range curve {
		if p.Risk <= most && p.Coverage*float64(n) >= firstShown {
			best = p.Coverage
		}
	}
	return best
}

// operating is the share that the run answered, and how much of it wrongly.
func operating(cases []evals.Case) (answered, wrong float64) {
	for _, c := range cases {
		if c.Answered {
			answered++
			if !c.Joint {
				wrong++
			}
		}
	}
	return answered / float64(max(1, len(cases))), wrong / max(1, answered)
}

// highest is the highest risk that is drawn.
func highest(curve []evals.CurvePoint, n int) float64 {
	top := 0.0
	for _, p := range curve {
		if p.Coverage*float64(n) >= firstShown {
			top = max(top, p.Risk)
		}
	}
	return top
}

// riskAxis gives the top of an axis that holds v, and the step of its grid.
func riskAxis(v float64) (top, step float64) {
	switch {
	case v <= .25:
		step = .05
	case v <= .60:
		step = .10
	default:
		step = .20
	}
	return step * max(4, math.Ceil(v/step-1e-9)), step
}

// riskAt is the risk of answering everything, where a curve ends.
func riskAt(curve []evals.CurvePoint) float64 {
	if len(curve) == 0 {
		return 0
	}
	return curve[len(curve)-1].Risk
}

func (c *canvas) band(band []evals.Range, n int) {
	var over, under []string
	for _, r := range band {
		if r.Coverage*float64(n) < firstShown {
			continue
		}
		over = append(over, fmt.Sprintf("%.1f,%.1f", c.x(r.Coverage), c.y(min(r.High, c.top))))
		under = append([]string{fmt.Sprintf("%.1f,%.1f", c.x(r.Coverage), c.y(min(r.Low, c.top)))}, under...)
	}
	if len(over) > 0 {
		c.draw(`<polygon class="band" points="%s"/>`, strings.Join(append(over, under...), " "))
	}
}

// curve draws a line with its name at its end, above or below it.
func (c *canvas) curve(curve []evals.CurvePoint, n int, class, name string, above bool) {
	var points []string
	var last evals.CurvePoint
	drawn := -1.0
	for i, p := range curve {
		if p.Coverage*float64(n) < firstShown || p.Coverage-drawn < 1.0/200 && i < len(curve)-1 {
			continue
		}
		drawn, last = p.Coverage, p
		points = append(points, fmt.Sprintf("%.1f,%.1f", c.x(p.Coverage), c.y(min(p.Risk, c.top))))
	}
	c.draw(`<polyline class="%s" points="%s"/>`, class, strings.Join(points, " "))
	y := c.y(min(last.Risk, c.top))
	if above {
		y -= 10
	} else {
		y += 28
	}
	c.text(c.x(last.Coverage)-2, max(y, c.above+4), class, "end", name)
}

const (
	manyBins = 15
	fewBins  = 6
	bars     = 10 // of the counts below
)

// reliabilityChart shows how often the first article was right, by what
// confidence was said of it, with the number of questions below.
func reliabilityChart(cases []evals.Case) chart {
	n := manyBins
	if len(cases) < fewCases {
		n = fewBins
	}
	bins := evals.Reliability(cases, n)
	out := chart{Finding: calibration(cases), Says: fmt.Sprintf("Groups of about %s of like confidence, with 95 %% intervals. On the line, confidence is what it says. Bars: how many questions had it.", count(bins[0].N, "question"))}
	draw := func(wide bool) template.HTML {
		c := newCanvas(wide, 1)
		c.axes(.25, "confidence said")
		c.counts(cases)
		c.draw(`<path class="ideal" d="M%.1f %.1fL%.1f %.1f"/>`, c.x(0), c.y(0), c.x(1), c.y(1))
		for _, b := range bins {
			c.draw(`<path class="whisker" d="M%.1f %.1fV%.1f"/><circle class="dot" cx="%.1f" cy="%.1f" r="4"/>`, c.x(b.Said), c.y(b.Low), c.y(b.High), c.x(b.Said), c.y(b.Was))
		}
		c.text(c.x(0)+4, c.above+2, "", "start", "was right")
		return c.html(out.Finding + ". " + out.Says)
	}
	out.Wide, out.Narrow = draw(true), draw(false)
	return out
}

// calibration says whether confidence means what it says, as far as so many
// questions can tell.
func calibration(cases []evals.Case) string {
	const two = 1.96 // standard deviations hold 95 % of chance
	var said, was, variance float64
	n := float64(len(cases))
	for _, c := range cases {
		p := c.Outcome.Confidence
		said += p / n
		variance += p * (1 - p) / n / n
		if c.Right {
			was += 1 / n
		}
	}
	figures := fmt.Sprintf("expects %s of 100 to be right, and %s are", hundred(said), hundred(was))
	switch chance := two * math.Sqrt(variance); {
	case said > was+chance:
		return "It is too sure: it " + figures
	case said < was-chance:
		return "It is too modest: it " + figures
	}
	return fmt.Sprintf("Confidence means what it says, as far as %s can tell: it %s", count(len(cases), "question"), figures)
}

func hundred(v float64) string { return fmt.Sprintf("%.0f", 100*v) }

// counts draws how many cases had what confidence, a quarter of the chart high.
func (c *canvas) counts(cases []evals.Case) {
	var n [bars]int
	most := 0
	for _, x := range cases {
		b := min(bars-1, int(x.Outcome.Confidence*bars))
		n[b]++
		most = max(most, n[b])
	}
	for b, k := range n {
		if k == 0 {
			continue
		}
		left, right, up := c.x(float64(b)/bars)+1, c.x(float64(b+1)/bars)-1, c.y(.22*float64(k)/float64(most))
		c.draw(`<rect class="count" x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="2"/>`, left, up, right-left, c.y(0)-up)
		c.text((left+right)/2, up-4, "", "middle", fmt.Sprint(k))
	}
}

// intervalBar shows a share with its interval on a line from 0 to 1.
func intervalBar(value, low, high float64) template.HTML {
	const width = 96
	at := func(v float64) float64 { return 2 + (width-4)*max(0, min(1, v)) }
	return template.HTML(fmt.Sprintf(`<svg class="bar" viewBox="0 0 %d 12" aria-hidden="true"><path class="gl" d="M2 6H%d"/><path class="range" d="M%.1f 6H%.1f"/><circle class="dot" cx="%.1f" cy="6" r="3"/></svg>`, //nolint:gosec // numbers only
		width, width-2, at(low), max(at(high), at(low)+.1), at(value)))
}
