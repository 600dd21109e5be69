package prompt

import (
	"fmt"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
	"unicode/utf8"

	"frontdesk/chat"
)

// Source gives the default instructions of a prompt, as people edit them.
func Source(name Name) string { return defaults[name].source }

// Known reports whether there is a prompt of a name.
func Known(name Name) bool { return slices.Contains(Names(), name) }

// Check tells whether instructions can stand in the place of the default ones:
// they are a template of the allowed forms, they can be executed whatever the
// style and the input, and do not forge the frame's parts. The error, of
// CodeInvalid, says what to mend; the notes say what may be meant otherwise.
func Check(name Name, source string) (notes []string, err error) {
	o, err := parseOverride(name, source)
	if err != nil {
		return nil, err
	}
	for _, style := range sampleStyles {
		s := Set{style: style, overrides: map[Name]override{name: o}, seed: "check"}
		p, err := s.Sample(name)
		if err != nil {
			return nil, chat.Errorf(chat.CodeInvalid, "These instructions cannot be used: %s.", plainFault(err))
		}
		if said := strings.TrimSpace(p.Messages[0].Text); said == "" {
			return nil, chat.Errorf(chat.CodeInvalid, "These instructions are empty.")
		}
	}
	return notesOn(name, source), nil
}

// sampleStyles are executed when instructions are checked: with everything and with nothing.
var sampleStyles = []chat.Style{{}, {
	Name: "Kiki", Tone: chat.ToneWarm, Address: chat.AddressInformal, Languages: []string{"de", "en"}, Length: chat.LengthLong,
	Emoji: chat.EmojiRarely, SignOff: "Your team", OffLimits: []chat.OffLimits{{Name: "Law", Phrases: []string{"lawsuit"}}},
}}

func parseOverride(name Name, source string) (override, error) {
	invalid := func(format string, args ...any) (override, error) {
		return override{}, chat.Errorf(chat.CodeInvalid, format, args...)
	}
	switch {
	case !Known(name):
		return override{}, chat.Errorf(chat.CodeNotFound, "There is no prompt %q.", name)
	case strings.TrimSpace(source) == "":
		return invalid("These instructions are empty. To go back to the default ones, restore them.")
	case len(source) > maxInstructions:
		return invalid("These instructions have %d bytes: at most %d.", len(source), maxInstructions)
	case !utf8.ValidString(source):
		return invalid("These instructions are not valid UTF-8.")
	case forges(source):
		return invalid("These instructions hold something that models take for another speaker (like <|…|>, [INST], \"System:\" at a line's beginning) or that people cannot see. Take it out.")
	}
	t, err := template.New("instructions").Option("missingkey=error").Parse(source)
	if err != nil {
		return invalid("This is no template: %s.", plainFault(err))
	}
	if len(t.Templates()) > 1 || t.Tree == nil {
		return invalid("Templates inside of instructions are not known here: take {{define}} and {{block}} out.")
	}
	if err := allowed(t.Tree.Root); err != nil {
		return invalid("%v", err)
	}
	return override{source, t}, nil
}

// functions are what instructions may call: what cannot take long, and prints nothing odd.
var functions = []string{"and", "or", "not", "eq", "ne", "len"}

// allowed checks a template's nodes. Instructions are texts with a few
// conditions; loops without end and jumps are no part of that.
func allowed(n parse.Node) error {
	switch n := n.(type) {
	case nil, *parse.TextNode, *parse.CommentNode, *parse.FieldNode, *parse.StringNode, *parse.DotNode, *parse.NumberNode, *parse.BoolNode:
		return nil
	case *parse.ListNode:
		return allowedList(n)
	case *parse.ActionNode:
		return allowed(n.Pipe)
	case *parse.IfNode:
		return allowedBranch(n.BranchNode)
	case *parse.WithNode:
		return allowedBranch(n.BranchNode)
	case *parse.RangeNode:
		if p := n.Pipe; len(p.Cmds) != 1 || len(p.Cmds[0].Args) != 1 || p.Cmds[0].Args[0].Type() != parse.NodeField {
			return fmt.Errorf("{{%s}} may go over a list such as .Style only", strings.TrimSpace("range "+n.Pipe.String()))
		}
		return allowedBranch(n.BranchNode)
	case *parse.PipeNode:
		if n == nil {
			return nil
		}
		for _, c := range n.Cmds {
			if err := allowed(c); err != nil {
				return err
			}
		}
		return nil
	case *parse.CommandNode:
		for _, a := range n.Args {
			if err := allowed(a); err != nil {
				return err
			}
		}
		return nil
	case *parse.IdentifierNode:
		if !slices.Contains(functions, n.Ident) {
			return fmt.Errorf("the function %s is not known here: there are %s", n.Ident, strings.Join(functions, ", "))
		}
		return nil
	}
	return fmt.Errorf("%s is not known here: instructions may hold {{.Name}} and the like, {{if}}, {{with}} and {{range .Style}}", n)
}

func allowedList(l *parse.ListNode) error {
	if l == nil {
		return nil
	}
	for _, n := range l.Nodes {
		if err := allowed(n); err != nil {
			return err
		}
	}
	return nil
}

func allowedBranch(b parse.BranchNode) error {
	for _, err := range []error{allowed(b.Pipe), allowedList(b.List), allowedList(b.ElseList)} {
		if err != nil {
			return err
		}
	}
	return nil
}

// notesOn tells what instructions leave out that the default ones hold.
func notesOn(name Name, source string) []string {
	var notes []string
	if strings.Contains(Source(name), ".Style") && !strings.Contains(source, ".Style") {
		notes = append(notes, "{{range .Style}} is missing: tone, length and the other settings of the voice have no effect here.")
	}
	if strings.Contains(Source(name), ".Language") && !strings.Contains(source, ".Language") {
		notes = append(notes, "{{.Language}} is missing: the rules for languages have no effect here.")
	}
	return notes
}

// plainFault takes the parts of a template's error away that mean nothing to
// who wrote it.
func plainFault(err error) string {
	s := err.Error()
	for _, part := range []string{"template: instructions:", "prompt: ", "executing \"instructions\" at "} {
		s = strings.ReplaceAll(s, part, "")
	}
	return strings.TrimSpace(s)
}
