// Package prompt words what is asked of a language model: a template a
// purpose, kept as a file, versioned by its content and tested against golden
// texts. Whatever other people wrote (questions, articles, results of tools,
// earlier messages) stands in it between marks that they cannot guess, and
// without anything that a model may take for another speaker.
//
// A template has two parts. The instructions (NAME.tmpl) may be replaced for an
// inbox; they see its style and nothing that a stranger wrote. The frame
// (NAME.frame.tmpl) may not: it holds the fenced material, the protocol of the
// reply and the canary.
package prompt

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"frontdesk/chat"
	"frontdesk/llm"
)

// Name is what a prompt is for.
type Name string

// The prompts.
const (
	Compose   Name = "compose"   // word an answer out of passages
	Rewrite   Name = "rewrite"   // make a question of its own of a follow-up
	Summary   Name = "summary"   // what a conversation came to so far
	Brief     Name = "brief"     // polish what an agent reads before taking over
	Suggest   Name = "suggest"   // a reply for an agent to check and send
	Reword    Name = "reword"    // an agent's text, in another manner
	Translate Name = "translate" // a text in another language
	Tags      Name = "tags"      // which tags a conversation gets
	Article   Name = "article"   // an article out of a solved conversation
	Action    Name = "action"    // which action of the shop is meant, if any
)

// Names are all prompts, in the order in which people are shown them.
func Names() []Name {
	return []Name{Compose, Rewrite, Summary, Brief, Suggest, Reword, Translate, Tags, Article, Action}
}

// Prompt is what to ask a model, ready for an llm.Request.
type Prompt struct {
	Messages []llm.Message
	Schema   *llm.Schema // nil: the reply is text
	// Version names what it was made by: the prompt, and a hash of instructions,
	// frame and style.
	Version string
	// Canary stands in the system message alone. Whatever holds it repeats what
	// only the model was told: see Watch.
	Canary string
	// Seed is what the marks and the canary were made of: Set.Seeded with it
	// makes the same Prompt of the same input again.
	Seed string
}

// Set is all prompts of an inbox. The zero value is not usable: use Default or
// New. It is not changed, and may be used concurrently.
type Set struct {
	style     chat.Style
	overrides map[Name]override
	seed      string // "": a new one for each Prompt
}

// Default is the set of an inbox that has set nothing.
func Default() Set { return Set{overrides: map[Name]override{}} }

// New makes the set of an inbox: its style, and instructions in the place of
// the default ones. Instructions that cannot be used are an error, see Check.
func New(style chat.Style, overrides map[Name]string) (Set, error) {
	if len(style.Languages) == 0 { // none is none, however it is written
		style.Languages = nil
	}
	if len(style.OffLimits) == 0 {
		style.OffLimits = nil
	}
	s := Set{style: style, overrides: map[Name]override{}}
	for name, source := range overrides {
		o, err := parseOverride(name, source)
		if err != nil {
			return Set{}, err
		}
		s.overrides[name] = o
	}
	return s, nil
}

// Style gives the style of the set.
func (s Set) Style() chat.Style { return s.style }

// Seeded gives a set whose marks and canary come from a seed instead of
// chance: for golden tests, and for making a recorded Prompt again. Whoever
// knows the seed can forge the marks.
func (s Set) Seeded(seed string) Set {
	s.seed = seed
	return s
}

// Version names what makes a prompt in this set.
func (s Set) Version(name Name) string {
	style, err := json.Marshal(s.style)
	if err != nil {
		panic(fmt.Sprintf("prompt: a style is plain data: %v", err))
	}
	h := sha256.New()
	for _, part := range []string{s.instructions(name).source, frames[name].source, guardSource, string(style)} {
		fmt.Fprintf(h, "%d\n%s", len(part), part)
	}
	return string(name) + "-" + hex.EncodeToString(h.Sum(nil)[:versionBytes])
}

// versionBytes tell apart as many versions as anybody writes.
const versionBytes = 6

// make executes a prompt's instructions and frame over what the input shows.
func (s Set) make(name Name, v view, schema *llm.Schema) (Prompt, error) {
	p := Prompt{Schema: schema, Version: s.Version(name), Seed: s.seed}
	if p.Seed == "" {
		p.Seed = rand.Text()
	}
	v.Mark, p.Canary = derive(p.Seed, "mark", markLetters), derive(p.Seed, "canary", canaryLetters)
	v.Canary = p.Canary
	var err error
	if v.Instructions, err = s.instructions(name).execute(s.voice(name, v)); err != nil {
		return Prompt{}, fmt.Errorf("prompt: instructions of %s: %w", name, err)
	}
	for _, role := range []string{llm.RoleSystem, llm.RoleUser} {
		text, err := frames[name].execute(role, v)
		if err != nil {
			return Prompt{}, fmt.Errorf("prompt: frame of %s: %w", name, err)
		}
		p.Messages = append(p.Messages, llm.Message{Role: role, Text: text})
	}
	return p, nil
}

const (
	markLetters   = 8  // 40 bits: guessed once in 10^12 tries, and there is one
	canaryLetters = 16 // long enough that no honest text holds it
)

// derive makes n lower-case letters and digits of a seed.
func derive(seed, what string, n int) string {
	h := hmac.New(sha256.New, []byte(seed))
	h.Write([]byte(what))
	return strings.ToLower(base32.StdEncoding.EncodeToString(h.Sum(nil)))[:n]
}
