package bot

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"path"
	"strings"
	"sync"

	"frontdesk/llm"
)

// class is what kind of thing a sentence of a customer is.
type class string

// The classes, each with its examples in examples/<class>.txt.
const (
	classOrdinary  class = "ordinary" // a question that articles may answer
	classGreeting  class = "greeting"
	classThanks    class = "thanks"
	classGoodbye   class = "goodbye"
	classIdentity  class = "identity" // "are you a bot?"
	classPerson    class = "person"   // wants a person
	classDistress  class = "distress" // danger or distress
	classAbuse     class = "abuse"
	classAttack    class = "attack"    // steers the bot, wants secrets or help to harm
	classAccount   class = "account"   // needs a look into the customer's own data
	classComplaint class = "complaint" // the answer before did not help
	classOffTopic  class = "offtopic"  // the weather, homework, a poem
	// classSuspect sounds like an attack and may be a question ("how can I
	// organise my secrets?"): it is searched, and refused if nothing answers it.
	// It has no examples of its own.
	classSuspect class = "suspect"
)

//go:embed examples/*.txt
var exampleFiles embed.FS

type example struct {
	class class
	text  string
	vec   []float32
}

// Classes are what a classifier of sentences learnt of the examples in the
// repository, for one encoder.
type Classes struct {
	said map[string]class // the examples, as spoken gives them
	head head
}

// NewClasses gives the classes for an encoder: those that came with the
// program if they are the encoder's; for any other it embeds the examples and
// fits them, which takes a second, beside the embedding.
func NewClasses(ctx context.Context, embed llm.Embedder) (*Classes, error) {
	examples, err := readExamples()
	if err != nil {
		return nil, err
	}
	c := &Classes{said: make(map[string]class, len(examples))}
	for _, e := range examples {
		c.said[spoken(e.text)] = e.class
	}
	if c.head, err = shippedHead(); err != nil {
		return nil, err
	}
	if c.head.Model == embed.Model() {
		return c, nil
	}
	if err := embedExamples(ctx, embed, examples); err != nil {
		return nil, err
	}
	c.head = fitHead(embed.Model(), examples)
	return c, nil
}

// classifier finds the class of a sentence: by patterns of words, by the
// examples word for word, and by a head over the sentence's vector. Without
// vectors it has only the former two.
type classifier struct {
	embed llm.Embedder
	*Classes
}

// readExamples reads the examples, a class after the other.
func readExamples() ([]example, error) {
	files, err := exampleFiles.ReadDir("examples")
	if err != nil {
		return nil, fmt.Errorf("bot: read examples: %w", err)
	}
	var out []example
	for _, f := range files {
		data, err := exampleFiles.ReadFile(path.Join("examples", f.Name()))
		if err != nil {
			return nil, fmt.Errorf("bot: read examples: %w", err)
		}
		for line := range strings.Lines(string(data)) {
			if text := strings.TrimSpace(line); text != "" {
				out = append(out, example{class: class(strings.TrimSuffix(f.Name(), ".txt")), text: text})
			}
		}
	}
	return out, nil
}

func embedExamples(ctx context.Context, embed llm.Embedder, examples []example) error {
	texts := make([]string, len(examples))
	for i, e := range examples {
		texts[i] = e.text
	}
	vecs, err := embed.EmbedDocuments(ctx, texts)
	if err != nil {
		return fmt.Errorf("bot: embed %d examples: %w", len(texts), err)
	}
	for i := range examples {
		examples[i].vec = vecs[i]
	}
	return nil
}

// spoken is a text without case and punctuation.
func spoken(text string) string { return strings.Join(words(text), " ") }

func dot(a, b []float32) float64 {
	var sum float32
	for i := range a {
		sum += a[i] * b[i]
	}
	return float64(sum)
}

// limits are the probabilities from which on a class decides. They were set
// on 5,067 ordinary questions of other fields (clinc150 without its small
// talk, banking77, covid_faq, mtrag_un and others), so that a class that takes
// a question away from the articles fires on at most 1 in 400 of them. An
// account matter is not told from a question by its words alone ("tracking
// says delivered, I have nothing"), nor is what is off topic here on topic
// nowhere: both only inform the judge and the reply.
var limits = map[class]float64{
	classGreeting:  .38,
	classThanks:    .38,
	classGoodbye:   .46,
	classIdentity:  .46,
	classPerson:    .58,
	classDistress:  .50,
	classAbuse:     .36,
	classAttack:    .44,
	classAccount:   .48,
	classComplaint: .50,
	classOffTopic:  .60,
}

// plainlyAttack is the probability from which on a sentence is an attack
// without a pattern: no question of those 5,067 has more.
const plainlyAttack = .85

// plainlyOrdinary is the probability of a question to the articles at which an
// insult or an attack in the same breath does not make it something else, if
// it is words and not code.
const plainlyOrdinary = .60

// severity is the order in which classes are tried, gravest first.
var severity = []class{
	classDistress, classPerson, classAttack, classAbuse, classAccount, classComplaint,
	classIdentity, classThanks, classGoodbye, classGreeting, classOffTopic,
}

// each gives the classes of sentences, in order, looking at all of them at
// once: an encoder behind a network then costs one round trip. An error means
// that some were told by words alone.
func (c *classifier) each(ctx context.Context, sentences []string) ([]class, error) {
	out, errs := make([]class, len(sentences)), make([]error, len(sentences))
	var all sync.WaitGroup
	for i, s := range sentences {
		all.Go(func() {
			defer func() { // in a goroutine of its own a panic would end the program
				if p := recover(); p != nil {
					out[i], errs[i] = c.byWords(s), fmt.Errorf("bot: classify: panic: %v", p)
				}
			}()
			out[i], errs[i] = c.of(ctx, s)
		})
	}
	all.Wait()
	return out, errors.Join(errs...)
}

// of gives the class of a sentence. When it cannot be embedded, words decide
// and the error says why.
func (c *classifier) of(ctx context.Context, sentence string) (class, error) {
	pattern := patternClass(sentence)
	_, example := c.said[spoken(sentence)]
	if pattern != "" && !mixes(pattern) || pattern == "" && (example || unspoken(sentence)) {
		return c.byWords(sentence), nil
	}
	vec, err := c.embed.EmbedQuery(ctx, sentence)
	if err != nil {
		return c.byWords(sentence), err
	}
	p := c.head.probabilities(vec)
	switch {
	case pattern == "":
		return likeliest(p), nil
	case p[classOrdinary] >= plainlyOrdinary && len(contentWords(notProse.ReplaceAllString(sentence, " "))) > fewWords:
		return classOrdinary, nil
	}
	return pattern, nil
}

// longestWord is the length, in bytes, of the longest thing that is still a word.
const longestWord = 24

// unspoken reports whether a sentence is one long run of signs: a code, or
// words without spaces. Vectors say nothing about it.
func unspoken(sentence string) bool {
	return len(sentence) > longestWord && !strings.ContainsAny(sentence, " \t")
}

// byWords gives the class of a sentence by patterns, or as an example.
func (c *classifier) byWords(sentence string) class {
	return cmp.Or(patternClass(sentence), c.said[spoken(sentence)], classOrdinary)
}

// likeliest gives the class with the highest probability over its limit.
func likeliest(p map[class]float64) class {
	best := classOrdinary
	for _, cl := range severity {
		if p[cl] >= limits[cl] && (best == classOrdinary || p[cl] > p[best]) {
			best = cl
		}
	}
	if best == classAttack && p[classAttack] < plainlyAttack {
		return classSuspect
	}
	return best
}

// mixes reports whether people put class c and a question into one sentence.
func mixes(c class) bool { return c == classAbuse || c == classAttack }

// patternClass is the gravest class that has a pattern in the sentence, "" if none has.
func patternClass(sentence string) class {
	for _, cl := range severity {
		if matches(cl, sentence) {
			return cl
		}
	}
	return ""
}
