package action

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

// parameters is the schema of an action's arguments, ready to be used.
type parameters struct {
	list    []parameter // required ones first, then in the order of the schema
	whole   *jsonschema.Resolved
	byName  map[string]int
	require map[string]bool
}

// parameter is one argument of an action.
type parameter struct {
	Name     string
	Label    string
	Type     string // string, integer, number or boolean
	Format   string
	Pattern  *regexp.Regexp // of the whole value; nil: any
	Enum     []any
	Max      int // characters, of a text
	Required bool
	schema   *jsonschema.Schema
}

// maxArgument bounds a text of a customer that becomes an argument, in characters.
const maxArgument = 500

// parseParameters reads a schema. What it refuses could not be checked, asked
// for or shown: its error says what, for whoever declares the action.
func parseParameters(raw json.RawMessage) (parameters, error) {
	p := parameters{byName: map[string]int{}, require: map[string]bool{}}
	if len(bytes.TrimSpace(raw)) == 0 {
		raw = json.RawMessage(`{"type":"object"}`)
	}
	var s jsonschema.Schema
	if err := json.Unmarshal(raw, &s); err != nil {
		return p, fmt.Errorf("it is no JSON schema: %w", err)
	}
	if s.Type != "object" {
		return p, fmt.Errorf(`its "type" must be "object"`)
	}
	if s.Ref != "" || len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) > 0 || s.Not != nil || s.If != nil {
		return p, fmt.Errorf(`write the properties out: "$ref", "allOf", "anyOf", "oneOf", "not" and "if" are not understood here`)
	}
	for _, name := range s.Required {
		p.require[name] = true
		if s.Properties[name] == nil {
			return p, fmt.Errorf("%q is required and is no property", name)
		}
	}
	s.AdditionalProperties = &jsonschema.Schema{Not: &jsonschema.Schema{}} // nothing that is not declared
	whole, err := s.Resolve(&jsonschema.ResolveOptions{})                  // no loader: nothing is fetched
	if err != nil {
		return p, fmt.Errorf("it is no JSON schema: %w", err)
	}
	p.whole = whole
	for _, name := range propertyOrder(&s) {
		one, err := parseParameter(name, s.Properties[name])
		if err != nil {
			return p, fmt.Errorf("property %q: %w", name, err)
		}
		one.Required = p.require[name]
		p.list = append(p.list, one)
	}
	slices.SortStableFunc(p.list, func(a, b parameter) int {
		switch {
		case a.Required == b.Required:
			return 0
		case a.Required:
			return -1
		}
		return 1
	})
	for i, one := range p.list {
		p.byName[one.Name] = i
	}
	return p, nil
}

// propertyOrder gives the names of a schema's properties, as they were written.
func propertyOrder(s *jsonschema.Schema) []string {
	order := slices.Clone(s.PropertyOrder)
	var rest []string
	for name := range s.Properties {
		if !slices.Contains(order, name) {
			rest = append(rest, name)
		}
	}
	slices.Sort(rest)
	return append(order, rest...)
}

var (
	parameterName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,63}$`)
	scalar        = []string{"string", "integer", "number", "boolean"}
)

func parseParameter(name string, s *jsonschema.Schema) (parameter, error) {
	p := parameter{Name: name, Label: label(s.Title, name), Type: s.Type, Format: s.Format, Enum: s.Enum, Max: maxArgument, schema: s}
	switch {
	case !parameterName.MatchString(name):
		return p, fmt.Errorf("a name has letters, digits, _ and -, at most 64, and begins with a letter")
	case p.Type == "" && len(s.Enum) > 0:
		p.Type = "string"
	case !slices.Contains(scalar, p.Type):
		return p, fmt.Errorf("it must be a string, integer, number or boolean: an argument is one value that a customer can say")
	}
	if s.MaxLength != nil {
		p.Max = min(p.Max, *s.MaxLength)
	}
	if s.Pattern != "" {
		// The schema's pattern may match anywhere in a value; an argument is looked for by the whole.
		re, err := regexp.Compile(`^(?:` + s.Pattern + `)$`)
		if err != nil {
			return p, fmt.Errorf("pattern: %w", err)
		}
		p.Pattern = re
	}
	return p, nil
}

// label gives what people call a parameter: its title, or its name in words.
func label(title, name string) string {
	if title != "" {
		return title
	}
	words := strings.ToLower(strings.NewReplacer("_", " ", "-", " ").Replace(camel.ReplaceAllString(name, "$1 $2")))
	if words == "" {
		return words
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

var camel = regexp.MustCompile(`([a-z0-9])([A-Z])`)

// get gives a parameter by its name.
func (p parameters) get(name string) (parameter, bool) {
	i, ok := p.byName[name]
	if !ok {
		return parameter{}, false
	}
	return p.list[i], true
}

// check says whether args are what the schema asks for, as a whole.
func (p parameters) check(args map[string]any) error {
	for name, v := range args {
		one, ok := p.get(name)
		if !ok {
			return fmt.Errorf("there is no parameter %q", name)
		}
		if err := one.check(v); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return p.whole.Validate(args)
}

// check says whether a value is one that the parameter may have: what the
// schema says of it, and its format.
func (p parameter) check(v any) error {
	if s, ok := v.(string); ok {
		switch {
		case len([]rune(s)) > p.Max:
			return fmt.Errorf("it has more than %d characters", p.Max)
		case strings.ContainsFunc(s, isControl):
			return fmt.Errorf("it holds a control character")
		case p.Pattern != nil && !p.Pattern.MatchString(s):
			return fmt.Errorf("it does not have the form %s", p.schema.Pattern)
		case !formatted(p.Format, s):
			return fmt.Errorf("it is no %s", p.Format)
		}
	}
	one, err := p.schema.CloneSchemas().Resolve(&jsonschema.ResolveOptions{})
	if err != nil {
		return err
	}
	return one.Validate(v)
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 }

var forms = map[string]*regexp.Regexp{
	"email": regexp.MustCompile(`^[^\s@<>"',;:]+@[^\s@<>"',;:]+\.[^\s@<>"',;:.]{2,}$`),
	"date":  regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`),
	"uuid":  regexp.MustCompile(`^(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`),
}

// formatted reports whether s has a format. One that is not known asks for nothing.
func formatted(format, s string) bool {
	re, known := forms[format]
	return !known || re.MatchString(s)
}
