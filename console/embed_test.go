package console_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"frontdesk/console"
)

var reference = regexp.MustCompile(`(?:src|href)="([^"]*)"`)

// The page's policy allows no inline script or style, and the gateway serves
// the files from a folder of its own: every reference must be relative and lead to a file.
func TestIndexRefersToFilesOnly(t *testing.T) {
	t.Parallel()
	files := console.Files()
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		t.Fatal(err)
	}
	refs := reference.FindAllStringSubmatch(string(index), -1)
	if len(refs) < 3 {
		t.Fatalf("index.html refers to %d files, want its script, style sheet and icon at least", len(refs))
	}
	for _, ref := range refs {
		name, ok := strings.CutPrefix(ref[1], "./")
		if !ok {
			t.Errorf("reference %q is not relative", ref[1])
			continue
		}
		if _, err := fs.Stat(files, name); err != nil {
			t.Errorf("reference %q: %v", ref[1], err)
		}
	}
	for _, forbidden := range []string{"<style", "style=", "onload=", "<script>"} {
		if strings.Contains(string(index), forbidden) {
			t.Errorf("index.html holds %q, which the page's policy forbids", forbidden)
		}
	}
}

// Names without hashes: a rebuild changes files, never which files there are.
func TestFileNamesAreStable(t *testing.T) {
	t.Parallel()
	hashed := regexp.MustCompile(`-[A-Za-z0-9_-]{8}\.(js|css)$`)
	err := fs.WalkDir(console.Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && hashed.MatchString(path) {
			t.Errorf("%s looks as if it had a hash in its name", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
