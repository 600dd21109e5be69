package action

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Secrets finds the values of secret headers, which are never stored and never
// shown. A reference is "file:NAME", a file of that name in Dir, or
// "env:FRONTDESK_SECRET_…", a variable of the server's environment: nothing
// else of the machine can be named, as who declares an action also chooses
// where the header is sent. The zero value knows variables only.
type Secrets struct {
	Dir    string                      // "" for no files
	Lookup func(string) (string, bool) // of variables; nil means os.LookupEnv
}

const envPrefix = "FRONTDESK_SECRET_"

var (
	secretFile = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)
	secretVar  = regexp.MustCompile(`^` + envPrefix + `[A-Z0-9_]{1,80}$`)
)

// Check says what is wrong with a reference. It tells nothing of the value.
func (s Secrets) Check(ref string) error {
	_, err := s.value(ref)
	return err
}

// value gives the secret that a reference names, without white space at its ends.
func (s Secrets) value(ref string) (string, error) {
	kind, name, _ := strings.Cut(ref, ":")
	var value string
	switch {
	case kind == "file" && secretFile.MatchString(name) && s.Dir != "":
		data, err := os.ReadFile(filepath.Join(s.Dir, name))
		if errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("the operator has put no file %q into the folder of secrets", name)
		} else if err != nil {
			return "", fmt.Errorf("the secret file %q cannot be read", name)
		}
		value = strings.TrimSpace(string(data))
	case kind == "env" && secretVar.MatchString(name):
		lookup := s.Lookup
		if lookup == nil {
			lookup = os.LookupEnv
		}
		v, ok := lookup(name)
		if !ok {
			return "", fmt.Errorf("the operator has not set the variable %s", name)
		}
		value = strings.TrimSpace(v)
	default:
		return "", fmt.Errorf(`a secret is named "file:NAME" or "env:%sNAME"; its value does not belong here`, envPrefix)
	}
	if value == "" || strings.ContainsFunc(value, isControl) {
		return "", fmt.Errorf("the secret %q is empty, or has more than one line", name)
	}
	return value, nil
}

// Available gives the references of the secrets that are there, never their values.
func (s Secrets) Available() []string {
	var out []string
	if s.Dir != "" {
		files, err := os.ReadDir(s.Dir)
		if err != nil {
			files = nil // no folder, no files
		}
		for _, f := range files {
			if ref := "file:" + f.Name(); !f.IsDir() && s.Check(ref) == nil {
				out = append(out, ref)
			}
		}
	}
	if s.Lookup != nil {
		return out
	}
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		if ref := "env:" + name; secretVar.MatchString(name) && s.Check(ref) == nil {
			out = append(out, ref)
		}
	}
	return out
}
