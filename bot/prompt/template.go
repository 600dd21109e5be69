package prompt

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/template"
)

//go:embed templates
var files embed.FS

// guardSource is the part of a system message that every prompt ends with.
var guardSource = mustRead("guard")

// frames and defaults hold the parsed templates. They are made once, and only read.
var (
	frames   = parseAll(parseFrame)
	defaults = parseAll(parseDefault)
)

func mustRead(name string) string {
	b, err := files.ReadFile("templates/" + name + ".tmpl")
	if err != nil {
		panic(fmt.Sprintf("prompt: embedded templates: %v", err))
	}
	return string(b)
}

func parseAll[T any](parse func(Name) (T, error)) map[Name]T {
	out := map[Name]T{}
	for _, n := range Names() {
		t, err := parse(n)
		if err != nil {
			panic(fmt.Sprintf("prompt: embedded templates: %v", err)) // the tests would not have passed
		}
		out[n] = t
	}
	return out
}

// frame is what stands around the instructions: the templates "system" and "user".
type frame struct {
	source string
	t      *template.Template
}

func parseFrame(name Name) (frame, error) {
	f := frame{source: mustRead(string(name) + ".frame")}
	var err error
	f.t, err = template.New(string(name)).Option("missingkey=error").Parse(`{{define "guard"}}` + guardSource + `{{end}}` + f.source)
	return f, err
}

func (f frame) execute(role string, v view) (string, error) {
	var b strings.Builder
	if err := f.t.ExecuteTemplate(&b, role, v); err != nil {
		return "", err
	}
	return tidy(b.String()), nil
}

// override is instructions that may be written by people.
type override struct {
	source string
	t      *template.Template
}

func parseDefault(name Name) (override, error) { return parseOverride(name, mustRead(string(name))) }

// instructions gives those of the set, or the default ones.
func (s Set) instructions(name Name) override {
	if o, ok := s.overrides[name]; ok {
		return o
	}
	return defaults[name]
}

// maxInstructions bounds what instructions come to, in bytes: each of them is
// paid for with every request.
const maxInstructions = 8 << 10

var errTooLong = errors.New("they come to more than 8 KB")

func (o override) execute(v Voice) (string, error) {
	b := &bounded{left: maxInstructions}
	if err := o.t.Execute(b, v); err != nil {
		return "", err
	}
	return tidy(b.String()), nil
}

// bounded is a Builder that refuses to grow beyond a size.
type bounded struct {
	strings.Builder
	left int
}

// Write appends p, or fails.
func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errTooLong
	}
	return b.Builder.Write(p)
}

var _ io.Writer = (*bounded)(nil)

// tidy takes the blanks away that templates leave behind.
func tidy(s string) string {
	var out []string
	for line := range strings.SplitSeq(strings.TrimSpace(s), "\n") {
		line = strings.TrimRight(line, " \t")
		if line == "" && len(out) > 0 && out[len(out)-1] == "" {
			continue
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}
