package bot

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frontdesk/llm"
	"frontdesk/llm/minilm"
)

// heldOut reads testdata/classes: sentences that were written down before the
// classifier was tuned and stand in none of its examples.
func heldOut(t *testing.T) map[class][]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "classes", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no sentences in testdata/classes: %v", err)
	}
	out := map[class][]string{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if line = strings.TrimSpace(line); line != "" {
				c := class(strings.TrimSuffix(filepath.Base(f), ".txt"))
				out[c] = append(out[c], line)
			}
		}
	}
	return out
}

// recall is the least share of each class's held-out sentences that must be
// recognised. An attack counts as one when it is a suspect, too. What of
// account and offtopic is missed is searched like any question. Measured: 206
// of 243; nearest example with fewer examples, which this replaced: 155. They
// were read once while examples were added, so they flatter by a few.
var recall = map[class]float64{
	classGreeting: .6, classThanks: .6, classGoodbye: .6, classIdentity: .6, classPerson: .8, classDistress: .7, classAbuse: .8,
	classAttack: .6, classAccount: .6, classComplaint: .6, classOffTopic: .5, classOrdinary: .8,
}

func TestClassesOfSentencesNeverSeen(t *testing.T) {
	t.Parallel()
	classes, err := NewClasses(t.Context(), encoder(t))
	if err != nil {
		t.Fatal(err)
	}
	c := &classifier{embed: encoder(t), Classes: classes}
	for want, list := range heldOut(t) {
		taken, right := map[class][]string{}, 0
		for _, say := range list {
			if _, known := c.said[spoken(say)]; known {
				t.Errorf("%q is an example", say)
			}
			got, err := c.of(t.Context(), say)
			if err != nil {
				t.Fatal(err)
			}
			if got == want || want == classAttack && got == classSuspect {
				right++
				continue
			}
			taken[got] = append(taken[got], say)
		}
		t.Logf("%s: %d of %d, others: %q", want, right, len(list), taken)
		if float64(right) < recall[want]*float64(len(list)) {
			t.Errorf("%s: only %d of %d", want, right, len(list))
		}
		if grave := len(taken[classDistress]) + len(taken[classPerson]) + len(taken[classAttack]) + len(taken[classAbuse]); want == classOrdinary && grave > 2 {
			t.Errorf("%d ordinary questions would get no answer: %q", grave, taken)
		}
	}
}

func encoder(t *testing.T) *minilm.Encoder {
	t.Helper()
	e, err := minilm.Default()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestHeadIsTheExamples: classes.json is what the examples give. It embeds all
// of them, so it runs with the other measurements only.
func TestHeadIsTheExamples(t *testing.T) {
	t.Parallel()
	if os.Getenv("FRONTDESK_EVAL") != "1" {
		t.Skip("set FRONTDESK_EVAL=1 to fit the classes again")
	}
	fitted, err := FitClasses(t.Context(), encoder(t))
	if err != nil {
		t.Fatal(err)
	}
	var again head
	if err := json.Unmarshal(fitted.File, &again); err != nil {
		t.Fatal(err)
	}
	shipped, err := shippedHead()
	if err != nil {
		t.Fatal(err)
	}
	for want, list := range heldOut(t) {
		for _, say := range list {
			vec, err := encoder(t).EmbedQuery(t.Context(), say)
			if err != nil {
				t.Fatal(err)
			}
			if a, b := again.probabilities(vec)[want], shipped.probabilities(vec)[want]; math.Abs(a-b) > .02 {
				t.Fatalf("%q is %s by %.3f, fitted anew by %.3f. Run go run ./bot/fit/classes", say, want, b, a)
			}
		}
	}
	for _, s := range fitted.Scores {
		t.Logf("%s: %d of %d, others %v", s.Class, s.Right, s.N, s.Taken)
	}
}

func TestFitHead(t *testing.T) {
	t.Parallel()
	embed := llm.FakeEmbedder{Dims: 64}
	examples := []example{{class: classThanks, text: "thanks a lot"}, {class: classThanks, text: "many thanks"}, {class: classOrdinary, text: "reset my password"}, {class: classOrdinary, text: "where is my parcel"}}
	if err := embedExamples(t.Context(), embed, examples); err != nil {
		t.Fatal(err)
	}
	h := fitHead("fake", examples)
	for _, e := range examples {
		p := h.probabilities(e.vec)
		if p[e.class] < .8 || math.Abs(p[classThanks]+p[classOrdinary]-1) > 1e-9 {
			t.Errorf("%q: %v", e.text, p)
		}
	}
	a, err := encodeHead(h)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := encodeHead(fitHead("fake", examples))
	if !bytes.Equal(a, b) {
		t.Error("two fits differ")
	}
	var read head
	if err := json.Unmarshal(a, &read); err != nil || read.Model != "fake" || len(read.Weights) != len(h.Weights) {
		t.Errorf("read back %+v: %v", read, err)
	}
	if p := read.probabilities(examples[0].vec); math.Abs(p[classThanks]-h.probabilities(examples[0].vec)[classThanks]) > .01 {
		t.Errorf("read back: %v", p)
	}
}
