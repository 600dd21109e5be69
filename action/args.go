package action

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Identity is what is known for certain about a customer.
type Identity struct {
	Verified bool
	Email    string // verified
	Customer string // the shop's own id, "" if it gave none
}

// Verifier knows who a customer is.
type Verifier interface {
	// Identity gives what is known for certain about the customer of a
	// conversation. Nothing known is no error.
	Identity(ctx context.Context, ref chat.Ref, customer uuid.UUID) (Identity, error)
}

// said is what a customer has said: all that an argument may come from.
type said struct {
	now    []string // the messages of this turn
	before []string // earlier ones, oldest first
}

// holds reports whether the customer has said a value: as a whole, in any case
// of letters, and with or without the signs that people put into numbers.
func (s said) holds(v any) bool {
	value := strings.ToLower(printed(v))
	for _, text := range slices.Concat(s.now, s.before) {
		text = strings.ToLower(text)
		if holdsWhole(text, value) || holdsWhole(squeezed(text), value) {
			return true
		}
	}
	return false
}

// holdsWhole reports whether value stands in text, not as a part of a longer word or number.
func holdsWhole(text, value string) bool {
	if value == "" {
		return false
	}
	for from := 0; ; {
		i := strings.Index(text[from:], value)
		if i < 0 {
			return false
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(value):])
		if !inWord(before) && !inWord(after) {
			return true
		}
		from = i + 1
	}
}

func inWord(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// squeezed is a text in which a number that people write in groups ("20 418",
// "KK-20 377") is one word.
func squeezed(text string) string {
	var b strings.Builder
	all := []rune(text)
	for i, r := range all {
		if (r == ' ' || r == '-' || r == '.') && i > 0 && i+1 < len(all) && unicode.IsDigit(all[i-1]) && unicode.IsDigit(all[i+1]) {
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// anchored gives the args that are the customer's own words or one of the
// schema's, and the names of those that are not: somebody made them up.
func (p parameters) anchored(args map[string]any, s said) (kept map[string]any, invented []string) {
	kept = map[string]any{}
	for name, v := range args {
		one, ok := p.get(name)
		if ok && (one.closed(v) || s.holds(v)) {
			kept[name] = v
		} else {
			invented = append(invented, name)
		}
	}
	slices.Sort(invented)
	return kept, invented
}

// closed reports whether v is one of the few values that the schema itself
// names, so that it can name no customer.
func (p parameter) closed(v any) bool {
	if p.Type == "boolean" {
		return true
	}
	return slices.ContainsFunc(p.Enum, func(e any) bool { return printed(e) == printed(v) })
}

// bind adds what comes from the identity, in the place of whatever was said.
func (a Action) bind(args map[string]any, id Identity) error {
	for name, what := range a.Bind {
		value := map[string]string{bindEmail: id.Email, bindCustomer: id.Customer}[what]
		if !id.Verified || value == "" {
			return fmt.Errorf("action: the customer's %s is not verified", what)
		}
		args[name] = value
	}
	return nil
}

// needsIdentity reports whether an action is only for verified customers.
func (a Action) needsIdentity() bool { return a.Verified || len(a.Bind) > 0 }

// decodeArgs reads arguments that a model or a client wrote, with numbers as
// the schema counts them.
func (p parameters) decodeArgs(raw json.RawMessage) (map[string]any, error) {
	if len(raw) == 0 {
		return map[string]any{}, nil
	}
	v, err := decode(raw)
	if err != nil {
		return nil, fmt.Errorf("action: the arguments are no JSON: %w", err)
	}
	args, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("action: the arguments are no object")
	}
	for name, v := range args {
		if n, ok := v.(json.Number); ok {
			if args[name], err = number(n.String()); err != nil {
				return nil, fmt.Errorf("action: %s: %w", name, err)
			}
		}
		if args[name] == nil {
			delete(args, name) // a model's way to leave one out
		}
	}
	return args, nil
}

// number reads a number, exactly where it is whole.
func number(s string) (any, error) {
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		return i, nil
	}
	return strconv.ParseFloat(s, 64)
}

// find looks for a parameter's value in what the customer said: in this turn's
// messages, then, if the form of the parameter tells it from other words, in
// earlier ones, the newest first. asked says that it was asked for, so that a
// message may be the value as a whole. taken values belong to other parameters.
func (p parameter) find(s said, asked bool, taken map[string]bool) (any, bool) {
	if v, ok := p.in(strings.Join(s.now, "\n"), taken); ok {
		return v, true
	}
	if asked && len(s.now) > 0 {
		if v, ok := p.whole(s.now[len(s.now)-1]); ok {
			return v, true
		}
	}
	if p.Pattern == nil && p.Format == "" {
		return nil, false
	}
	for i := len(s.before) - 1; i >= 0; i-- {
		if v, ok := p.in(s.before[i], taken); ok {
			return v, true
		}
	}
	return nil, false
}

// in finds the one value in a text that has the parameter's form. Two
// different ones are none: the customer is asked which.
func (p parameter) in(text string, taken map[string]bool) (any, bool) {
	for _, t := range []string{text, squeezed(text)} {
		var found any
		for _, word := range candidates(t) {
			v, ok := p.parse(word)
			if !ok || taken[printed(v)] {
				continue
			}
			if found != nil && printed(found) != printed(v) {
				return nil, false
			}
			found = v
		}
		if found != nil {
			return found, true
		}
	}
	if len(p.Enum) > 0 {
		return p.named(text)
	}
	return nil, false
}

// named finds the one value of an enum that a text names in words.
func (p parameter) named(text string) (any, bool) {
	var found any
	text = strings.ToLower(text)
	for _, e := range p.Enum {
		words := strings.ToLower(strings.NewReplacer("_", " ", "-", " ").Replace(printed(e)))
		if !holdsWhole(strings.NewReplacer("_", " ", "-", " ").Replace(text), words) {
			continue
		}
		if found != nil {
			return nil, false
		}
		found = e
	}
	return found, found != nil
}

// whole reads a whole message as the value that was asked for.
func (p parameter) whole(message string) (any, bool) {
	message = strings.TrimSpace(message)
	if p.Type == "boolean" {
		switch strings.ToLower(strings.Trim(message, " .!")) {
		case "yes", "y", "yes please", "ja", "oui", "sí", "si":
			return true, true
		case "no", "n", "no thanks", "nein", "non":
			return false, true
		}
		return nil, false
	}
	if p.Type != "string" || p.Pattern != nil || p.Format != "" || len(p.Enum) > 0 || message == "" || p.check(message) != nil {
		return nil, false
	}
	return message, true
}

// parse reads one word as the parameter's value. Words without a form of their
// own (a name, a free text) are no value: anything could be one.
func (p parameter) parse(word string) (any, bool) {
	var v any = word
	switch {
	case p.Type == "integer" || p.Type == "number":
		n, err := number(word)
		if err != nil {
			return nil, false
		}
		v = n
	case p.Type == "boolean" || p.Pattern == nil && p.Format == "" && len(p.Enum) == 0:
		return nil, false
	}
	if p.check(v) == nil {
		return v, true
	}
	if upper := strings.ToUpper(word); p.Pattern != nil && upper != word && p.check(upper) == nil {
		return upper, true
	}
	return nil, false
}

// candidates are the words of a text that may be values, without the signs around them.
func candidates(text string) []string {
	words := strings.Fields(text)
	for i, w := range words {
		words[i] = strings.Trim(w, `#.,;:!?()[]{}<>"'“”‘’`)
	}
	return words
}
