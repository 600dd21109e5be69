package evals

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"frontdesk/chat"
)

// Pinned is a question whose answer an editor has laid down: what must stay
// true however articles, search and judge change.
type Pinned struct {
	Text string `json:"text" yaml:"text"`
	// MustCite are external ids: the answer cites one of them. MustHandOff: a
	// person gets it. Exactly one of the two, or MustSay, is set.
	MustCite    oneOrMore `json:"must_cite,omitempty" yaml:"must_cite"`
	MustHandOff bool      `json:"must_hand_off,omitempty" yaml:"must_hand_off"`
	// MustSay and MustNotSay are in the reply, or not, in any case of letters.
	MustSay    oneOrMore `json:"must_say,omitempty" yaml:"must_say"`
	MustNotSay oneOrMore `json:"must_not_say,omitempty" yaml:"must_not_say"`
}

// oneOrMore is a list that may be written as its only element.
type oneOrMore []string

// UnmarshalYAML reads a text or a list of them.
func (l *oneOrMore) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*l = oneOrMore{n.Value}
		return nil
	}
	var all []string
	err := n.Decode(&all)
	*l = all
	return err
}

// ReadPinned reads a file of pinned questions: a list in a .yaml or .yml file,
// one object a line in any other.
func ReadPinned(path string) ([]Pinned, error) {
	var out []Pinned
	add := func(data []byte, into any) error {
		d := yaml.NewDecoder(bytes.NewReader(data)) // which JSON is a part of
		d.KnownFields(true)
		if err := d.Decode(into); !errors.Is(err, io.EOF) {
			return err
		}
		return nil
	}
	ext := strings.ToLower(filepath.Ext(path))
	var err error
	if ext == ".yaml" || ext == ".yml" {
		var data []byte
		if data, err = os.ReadFile(path); err == nil {
			err = add(data, &out)
		}
		if err != nil {
			return nil, chat.Errorf(chat.CodeInvalid, "pinned questions: %s: %w", path, err)
		}
	} else {
		err = readLines(path, func(line []byte) error {
			var p Pinned
			err := add(line, &p)
			out = append(out, p)
			return err
		})
		if err != nil {
			return nil, chat.Errorf(chat.CodeInvalid, "pinned questions: %w", err)
		}
	}
	for i, p := range out {
		if err := p.check(); err != nil {
			return nil, chat.Errorf(chat.CodeInvalid, "pinned questions: %s: question %d: %w", path, i+1, err)
		}
	}
	if len(out) == 0 {
		return nil, chat.Errorf(chat.CodeInvalid, "pinned questions: %s holds none", path)
	}
	return out, nil
}

func (p Pinned) check() error {
	switch {
	case strings.TrimSpace(p.Text) == "":
		return errors.New("it has no text")
	case p.MustHandOff && (len(p.MustCite) > 0 || len(p.MustSay) > 0):
		return errors.New("what must be handed off can cite and say nothing")
	case !p.MustHandOff && len(p.MustCite) == 0 && len(p.MustSay) == 0 && len(p.MustNotSay) == 0:
		return errors.New("it demands nothing: give must_cite, must_hand_off, must_say or must_not_say")
	}
	return nil
}

// Reply is what the bot made of a pinned question.
type Reply struct {
	Action chat.Action
	Cited  []string // external ids
	Text   string
}

// Failures says in words what of p the reply does not keep, nothing if it
// keeps all.
func (p Pinned) Failures(r Reply) []string {
	var out []string
	fail := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if p.MustHandOff && r.Action != chat.ActionHandoff {
		fail("it must be handed off, and the bot's action is %s", r.Action)
	}
	if len(p.MustCite) > 0 {
		switch {
		case r.Action != chat.ActionAnswer:
			fail("it must be answered out of %s, and the bot's action is %s", strings.Join(p.MustCite, " or "), r.Action)
		case !slices.ContainsFunc(r.Cited, func(id string) bool { return slices.Contains(p.MustCite, id) }):
			fail("it must cite %s, and cites %s", strings.Join(p.MustCite, " or "), strings.Join(r.Cited, ", "))
		}
	}
	text := strings.ToLower(r.Text)
	for _, s := range p.MustSay {
		if !strings.Contains(text, strings.ToLower(s)) {
			fail("it must say %q", s)
		}
	}
	for _, s := range p.MustNotSay {
		if strings.Contains(text, strings.ToLower(s)) {
			fail("it must not say %q", s)
		}
	}
	return out
}
