package bot

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	_ "embed"
)

//go:embed classes.json
var classesFile []byte

// head tells the classes of sentences apart: a linear layer over an encoder's
// vectors and a softmax. Unlike the nearest example it uses what all examples
// of a class have in common. Fitted to the same 1,057 examples, and with each
// limit set so that 1 in 400 of 5,433 ordinary questions is taken for the
// class, it found 15 of 15 held-out wishes for a person (nearest example: 3),
// 11 of 15 calls for help (8), 12 of 15 insults (9) and 9 of 18 attacks (6).
type head struct {
	Model   string      `json:"model"` // the vector space it was fitted in
	Classes []class     `json:"classes"`
	Weights [][]float32 `json:"weights"` // a row a class; the last value is its bias
}

// shippedHead is the head that was fitted for the encoder in the binary.
func shippedHead() (head, error) {
	var h head
	if err := json.Unmarshal(classesFile, &h); err != nil {
		return h, fmt.Errorf("bot: read classes.json: %w. Make it anew with go run ./bot/fit/classes", err)
	}
	return h, nil
}

// probabilities gives each class's probability for a sentence's vector; they
// add up to 1.
func (h head) probabilities(vec []float32) map[class]float64 {
	p := make([]float64, len(h.Classes))
	h.softmax(vec, p)
	out := make(map[class]float64, len(p))
	for i, c := range h.Classes {
		out[c] = p[i]
	}
	return out
}

func (h head) softmax(vec []float32, p []float64) {
	for i, w := range h.Weights {
		p[i] = dot(vec, w[:len(vec)]) + float64(w[len(vec)])
	}
	most, sum := slices.Max(p), 0.0
	for i := range p {
		p[i] = math.Exp(p[i] - most)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
}

const (
	// headDecay is the L2 penalty on the weights, headSteps how long they are
	// fitted. Little hangs on either: of 243 held-out sentences the likeliest
	// class is right for 190 to 198 with 1e-5 to 1e-3, and for 193 to 198 with
	// 80 to 300 steps (184 with 40).
	headDecay = 3e-4
	headSteps = 100
	// headRate is the step: the inverse of the largest curvature that unit
	// vectors allow.
	headRate = 2
	// settledBy is the error below which an example no longer moves a class:
	// most pairs, half-way through.
	settledBy = 1e-3
)

// fitHead fits a head to examples whose vectors are made, by accelerated
// gradient descent. The same examples give the same head. Classes count by the
// root of their size, between counting every class alike and every example
// alike.
func fitHead(model string, examples []example) head {
	h := head{Model: model}
	size := map[class]float64{}
	for _, e := range examples {
		if size[e.class]++; size[e.class] == 1 {
			h.Classes = append(h.Classes, e.class)
		}
	}
	if len(examples) == 0 {
		return h
	}
	all := 0.0
	for _, c := range h.Classes {
		all += math.Sqrt(size[c])
	}
	weight := func(c class) float64 { return 1 / (math.Sqrt(size[c]) * all) }
	width := len(examples[0].vec) + 1
	h.Weights = matrix(len(h.Classes), width)
	ahead := head{Classes: h.Classes, Weights: matrix(len(h.Classes), width)} // Nesterov's look-ahead
	momentum := 1.0
	for range headSteps {
		slope := ahead.slope(examples, weight)
		next := (1 + math.Sqrt(1+4*momentum*momentum)) / 2
		push := float32((momentum - 1) / next)
		momentum = next
		for i, row := range ahead.Weights {
			for j, w := range row {
				moved := w - headRate*slope[i][j]
				row[j] = moved + push*(moved-h.Weights[i][j])
				h.Weights[i][j] = moved
			}
		}
	}
	return h
}

// slope is the gradient of the weighted log-loss over examples.
func (h head) slope(examples []example, weight func(class) float64) [][]float32 {
	width := len(h.Weights[0])
	out := matrix(len(h.Weights), width)
	for i, row := range h.Weights {
		for j, w := range row[:width-1] {
			out[i][j] = headDecay * w
		}
	}
	p := make([]float64, len(h.Classes))
	for _, e := range examples {
		h.softmax(e.vec, p)
		w := weight(e.class)
		for i, c := range h.Classes {
			wrong := p[i]
			if c == e.class {
				wrong--
			}
			if math.Abs(wrong) < settledBy {
				continue
			}
			by, row := float32(wrong*w), out[i]
			for j, x := range e.vec {
				row[j] += by * x
			}
			row[width-1] += by
		}
	}
	return out
}

func matrix(rows, width int) [][]float32 {
	out := make([][]float32, rows)
	for i := range out {
		out[i] = make([]float32, width)
	}
	return out
}
