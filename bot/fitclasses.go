package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"frontdesk/llm"
)

// ClassScore is how well sentences of one class are told from all others.
type ClassScore struct {
	Class string
	N     int            // sentences of the class
	Right int            // those of them that were recognised
	Taken map[string]int // what became of the others, by class
}

// ClassHead is a fitted classifier: the content of classes.json, and how it
// does on examples that were held back, by five-fold cross-validation.
type ClassHead struct {
	File   []byte
	Scores []ClassScore // by class, in the order of the examples' files
}

// FitClasses fits the classifier of sentences to the examples, for one encoder.
func FitClasses(ctx context.Context, embed llm.Embedder) (ClassHead, error) {
	examples, err := readExamples()
	if err != nil {
		return ClassHead{}, err
	}
	if err := embedExamples(ctx, embed, examples); err != nil {
		return ClassHead{}, err
	}
	file, err := encodeHead(fitHead(embed.Model(), examples))
	return ClassHead{File: file, Scores: crossValidate(embed.Model(), examples)}, err
}

// foldCount is into how many parts the examples are cut; one after the other
// is held back.
const foldCount = 5

func crossValidate(model string, examples []example) []ClassScore {
	var out []ClassScore
	at := map[class]int{}
	for _, e := range examples {
		if _, ok := at[e.class]; !ok {
			at[e.class] = len(out)
			out = append(out, ClassScore{Class: string(e.class), Taken: map[string]int{}})
		}
	}
	for fold := range foldCount {
		var in, held []example
		for i, e := range examples {
			if i%foldCount == fold {
				held = append(held, e)
			} else {
				in = append(in, e)
			}
		}
		h := fitHead(model, in)
		for _, e := range held {
			s := &out[at[e.class]]
			s.N++
			if got := likeliest(h.probabilities(e.vec)); got == e.class {
				s.Right++
			} else {
				s.Taken[string(got)]++
			}
		}
	}
	return out
}

// encodeHead writes a head with a class a line, four digits a weight: enough
// for probabilities to the third.
func encodeHead(h head) ([]byte, error) {
	var b bytes.Buffer
	names, err := json.Marshal(h.Classes)
	if err != nil {
		return nil, fmt.Errorf("bot: write classes: %w", err)
	}
	fmt.Fprintf(&b, "{\"model\": %q,\n\"classes\": %s,\n\"weights\": [\n", h.Model, names)
	for i, row := range h.Weights {
		cells := make([]string, len(row))
		for j, w := range row {
			cells[j] = fmt.Sprint(math.Round(float64(w)*1e4) / 1e4)
		}
		end := ",\n"
		if i == len(h.Weights)-1 {
			end = "\n"
		}
		b.WriteString("[" + strings.Join(cells, ",") + "]" + end)
	}
	b.WriteString("]}\n")
	return b.Bytes(), nil
}
