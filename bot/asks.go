package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"frontdesk/knowledge"
	"frontdesk/llm"

	_ "embed"
)

//go:embed asks.json
var asksFile []byte

// The two kinds of turn that a head over the whole message tells apart: one
// that articles may answer, and one that wants something done or chosen, tells
// the next detail, or closes the talk ("a table for five on Sunday, please").
const (
	classAsking class = "asking"
	classDoing  class = "doing"
)

const (
	// unsureAsks is what a turn counts where nothing tells: as a probability
	// of .6.
	unsureAsks = .83
	// askDecades is the logarithm at which a turn is as good as certain to ask
	// nothing: a probability of .05.
	askDecades = 3
)

// shippedAsks is the head that was fitted for the encoder in the binary.
func shippedAsks() (head, error) {
	var h head
	if err := json.Unmarshal(asksFile, &h); err != nil {
		return h, fmt.Errorf("bot: read asks.json: %w. Make it anew with go run ./bot/fit/asks", err)
	}
	return h, nil
}

// asking says how likely a turn asks what articles may answer, 0..1: 1 plus
// the logarithm of the probability in units of askDecades, because .9 and .99 are
// much the same, and .1 and .01 are not. It is unsureAsks for nothing, with another
// encoder than the head was fitted for, and where the search had no vector.
func (e *Engine) asking(ctx context.Context, u understanding, r knowledge.Result) float64 {
	if u.question == "" || r.Vector == nil || e.asks.Model != e.embed.Model() {
		return unsureAsks
	}
	vec := r.Vector
	if u.query != u.question { // that was searched is more than was said now
		var err error
		if vec, err = e.embed.EmbedQuery(ctx, u.question); err != nil {
			return unsureAsks
		}
	}
	p := e.asks.probabilities(vec)[classAsking]
	return max(0, 1+math.Log(p+1e-9)/askDecades)
}

// AskExample is a turn of which it is known whether it asks.
type AskExample struct {
	Set  string
	Text string
	Asks bool
}

// AskHead is a fitted head: the content of asks.json, and the probabilities of
// the examples by heads that had not seen them.
type AskHead struct {
	File []byte
	// Held is by five-fold cross-validation, OtherSets by a head fitted on the
	// other sets only. Both are in the order of the examples.
	Held, OtherSets []float64
}

// ShopQuestions are the examples of ordinary questions to a help desk, as
// turns that ask. In sets of booking dialogues "what does it cost?" is looked up
// in a table; here articles answer it.
func ShopQuestions() ([]AskExample, error) {
	list, err := readExamples()
	if err != nil {
		return nil, err
	}
	var out []AskExample
	for _, e := range list {
		if e.class == classOrdinary || e.class == classAccount {
			out = append(out, AskExample{Set: "examples", Text: e.text, Asks: true})
		}
	}
	return out, nil
}

// FitAsks fits the head that tells turns that ask, for one encoder.
func FitAsks(ctx context.Context, embed llm.Embedder, list []AskExample) (AskHead, error) {
	examples := make([]example, len(list))
	for i, a := range list {
		examples[i] = example{class: classDoing, text: a.Text}
		if a.Asks {
			examples[i].class = classAsking
		}
	}
	if err := embedExamples(ctx, embed, examples); err != nil {
		return AskHead{}, err
	}
	file, err := encodeHead(fitHead(embed.Model(), examples))
	out := AskHead{File: file, Held: make([]float64, len(list)), OtherSets: make([]float64, len(list))}
	for fold := range foldCount {
		leaveOut(embed.Model(), examples, func(i int) bool { return i%foldCount == fold }, out.Held)
	}
	seen := map[string]bool{}
	for _, a := range list {
		if !seen[a.Set] {
			seen[a.Set] = true
			leaveOut(embed.Model(), examples, func(i int) bool { return list[i].Set == a.Set }, out.OtherSets)
		}
	}
	return out, err
}

// leaveOut fits on the examples that are not held back, and writes the
// probabilities of those that are.
func leaveOut(model string, examples []example, held func(int) bool, into []float64) {
	var in []example
	for i, e := range examples {
		if !held(i) {
			in = append(in, e)
		}
	}
	h := fitHead(model, in)
	for i, e := range examples {
		if held(i) {
			into[i] = h.probabilities(e.vec)[classAsking]
		}
	}
}
