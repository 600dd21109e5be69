package source

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"frontdesk/knowledge"
)

// maxFrontMatter bounds the YAML of one article, which is a few lines.
const maxFrontMatter = 64 << 10

func (r *reader) markdown(rel string, data []byte) error {
	in, p := parseMarkdown(string(data))
	if p != nil {
		p.Path, p.Lost = filepath.ToSlash(rel), true
		return r.report(p)
	}
	if in.ExternalID == "" {
		in.ExternalID = filepath.ToSlash(rel)
	}
	if in.Title == "" {
		in.Title, in.Body = knowledge.SplitTitle(in.Body)
	} else if title, rest := knowledge.SplitTitle(in.Body); strings.EqualFold(title, in.Title) {
		in.Body = rest // it would be there twice
	}
	if in.Title == "" {
		in.Title = titleOf(rel)
	}
	return r.give(in, rel, 0)
}

// titleOf makes words of a file's name: "reset-your_device.md" is "Reset your device".
func titleOf(rel string) string {
	name := strings.TrimSuffix(filepath.Base(rel), filepath.Ext(rel))
	name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == ' ' }), " ")
	if name == "" {
		return filepath.Base(rel)
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// parseMarkdown splits front matter from the body. The Problem has no path.
func parseMarkdown(text string) (knowledge.Input, *knowledge.Problem) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	first, rest, more := strings.Cut(text, "\n")
	if strings.TrimRight(first, " \t") != "---" || !more {
		return knowledge.Input{Body: text}, nil
	}
	front, body, ok := cutFrontMatter(rest)
	switch {
	case !ok:
		return knowledge.Input{}, &knowledge.Problem{Line: 1, What: "The front matter that begins here does not end.", Do: "Put a line of three hyphens after it."}
	case len(front) > maxFrontMatter:
		return knowledge.Input{}, &knowledge.Problem{Line: 1, What: "The front matter is longer than 64 KiB.", Do: "Move the text below the second line of hyphens."}
	}
	in, p := parseFront(front)
	in.Body = body
	return in, p
}

// cutFrontMatter splits at the line that ends the front matter.
func cutFrontMatter(text string) (front, body string, ok bool) {
	at := 0
	for at < len(text) {
		line, _, _ := strings.Cut(text[at:], "\n")
		next := min(at+len(line)+1, len(text))
		if l := strings.TrimRight(line, " \t"); l == "---" || l == "..." {
			return text[:at], text[next:], true
		}
		at = next
	}
	return "", "", false
}

// yamlLine finds the line in an error of the YAML parser.
var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:unmarshal errors:\n\s*)?line (\d+): `)

// parseFront reads the keys that Frontdesk knows; others belong to other tools.
func parseFront(front string) (knowledge.Input, *knowledge.Problem) {
	var in knowledge.Input
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(front), &doc); err != nil {
		return in, yamlProblem(err)
	}
	if len(doc.Content) == 0 {
		return in, nil
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return in, &knowledge.Problem{Line: root.Line + 1, What: "The front matter is not a list of keys and values.", Do: "Write one \"key: value\" a line."}
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		if p := setKey(&in, strings.ToLower(key.Value), value); p != nil {
			return in, p
		}
	}
	return in, nil
}

func yamlProblem(err error) *knowledge.Problem {
	what, line := err.Error(), 1
	if m := yamlLine.FindStringSubmatch(what); m != nil {
		n, convErr := strconv.Atoi(m[1])
		if convErr == nil {
			line = n + 1 // the first line of hyphens counts too
		}
		what = what[len(m[0]):]
	}
	what = strings.TrimPrefix(what, "yaml: ")
	return &knowledge.Problem{Line: line, What: "The front matter is not YAML: " + what + ".", Do: "Put values with a colon or a quote in quotes."}
}

func setKey(in *knowledge.Input, key string, value *yaml.Node) *knowledge.Problem {
	texts := map[string]*string{"id": &in.ExternalID, "title": &in.Title, "locale": &in.Locale, "lang": &in.Locale, "url": &in.URL}
	var err error
	switch key {
	case "id", "title", "locale", "lang", "url":
		*texts[key], err = scalar(value)
	case "tags":
		in.Tags, err = list(value)
	case "questions":
		in.Phrasings, err = lines(value)
	case "visibility":
		var v string
		v, err = scalar(value)
		in.Visibility = knowledge.Visibility(strings.ToLower(v))
		if err == nil && in.Visibility != "" && in.Visibility != knowledge.Public && in.Visibility != knowledge.Internal {
			err = fmt.Errorf("%q is neither public nor internal", v)
		}
	case "status":
		var s string
		s, err = scalar(value)
		in.Status = knowledge.Status(strings.ToLower(s))
		if err == nil && in.Status != "" && in.Status != knowledge.StatusDraft && in.Status != knowledge.StatusPublished && in.Status != knowledge.StatusArchived {
			err = fmt.Errorf("%q is neither draft, published nor archived", s)
		}
	case "draft":
		var draft bool
		if value.Decode(&draft) != nil {
			err = fmt.Errorf("%q is neither true nor false", value.Value)
		} else if draft {
			in.Status = knowledge.StatusDraft
		}
	}
	if err != nil {
		return &knowledge.Problem{Line: value.Line + 1, What: fmt.Sprintf("The value of %q is wrong: %v.", key, err), Do: "Mend it, or take the line out."}
	}
	return nil
}

// scalar gives a value's text as it was written, so that an id 007 stays 007.
func scalar(n *yaml.Node) (string, error) {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		n = n.Alias
	}
	if n.Kind != yaml.ScalarNode {
		return "", errors.New("it is not a single value")
	}
	if n.Tag == "!!null" {
		return "", nil
	}
	return n.Value, nil
}

// list gives a list's texts, or those of "a, b".
func list(n *yaml.Node) ([]string, error) {
	if n.Kind == yaml.SequenceNode {
		return items(n)
	}
	return split(n, ",")
}

// lines gives a list's texts, or the lines of a text: a question may have a comma.
func lines(n *yaml.Node) ([]string, error) {
	if n.Kind == yaml.SequenceNode {
		return items(n)
	}
	return split(n, "\n")
}

func split(n *yaml.Node, separator string) ([]string, error) {
	s, err := scalar(n)
	if err != nil || s == "" {
		return nil, err
	}
	var out []string
	for _, part := range strings.Split(strings.TrimSpace(s), separator) {
		out = append(out, strings.TrimSpace(part))
	}
	return out, nil
}

func items(n *yaml.Node) ([]string, error) {
	var out []string
	for _, item := range n.Content {
		s, err := scalar(item)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}
