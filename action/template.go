package action

import (
	"fmt"
	"regexp"
	"strings"
)

// slot is a value's place in a template: {name}.
var slot = regexp.MustCompile(`\{([A-Za-z0-9_-]+)\}`)

// optional is a part of a sentence that falls away when a value in it is missing.
var optional = regexp.MustCompile(`\[[^\[\]]*\]`)

// slotsOf gives the names that a template uses, in order.
func slotsOf(template string) []string {
	var out []string
	for _, m := range slot.FindAllStringSubmatch(template, -1) {
		out = append(out, m[1])
	}
	return out
}

func holdsSlot(template, name string) bool { return strings.Contains(template, "{"+name+"}") }

// fill puts values into a sentence. Values are put in once: what looks like a
// slot in a value stays as it is. An error names a value that is missing
// outside of brackets.
func fill(template string, values map[string]string) (string, error) {
	whole := optional.ReplaceAllStringFunc(template, func(part string) string {
		for _, name := range slotsOf(part) {
			if values[name] == "" {
				return ""
			}
		}
		return part[1 : len(part)-1]
	})
	var missing error
	text := slot.ReplaceAllStringFunc(whole, func(s string) string {
		v := values[s[1:len(s)-1]]
		if v == "" && missing == nil {
			missing = fmt.Errorf("action: the answer lacks %q", s[1:len(s)-1])
		}
		return v
	})
	return strings.TrimSpace(text), missing
}
