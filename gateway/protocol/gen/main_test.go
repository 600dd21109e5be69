package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"frontdesk/gateway/protocol"
)

const root = "../../.."

func TestFilesAreCurrent(t *testing.T) {
	t.Parallel()
	files, err := outputs(root)
	if err != nil {
		t.Fatal(err)
	}
	again, err := outputs(root)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range files {
		got, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Error(err)
		} else if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the Go types say: run go generate ./gateway/protocol", path)
		}
		if !bytes.Equal(again[path], want) {
			t.Errorf("%s: two runs differ", path)
		}
	}
}

// Every reference leads somewhere, every frame has words, and nothing is left
// empty.
func TestAsyncAPIIsWhole(t *testing.T) {
	t.Parallel()
	data, err := asyncAPI(root)
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := yaml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	walk(doc, "", func(path string, v any) {
		switch v := v.(type) {
		case nil:
			t.Errorf("%s is null", path)
		case string:
			if v == "" {
				t.Errorf("%s is empty", path)
			}
			if strings.HasSuffix(path, "/$ref") && at(doc, v) == nil {
				t.Errorf("%s leads nowhere: %s", path, v)
			}
		}
	})
	for dir, frames := range protocol.Frames {
		for typ := range frames {
			m, ok := at(doc, "#/components/messages/"+string(dir)+"."+typ).(map[string]any)
			if !ok || len(fmt.Sprint(m["summary"])) < 10 {
				t.Errorf("%s %s has no summary", dir, typ)
			}
		}
	}
	for _, name := range []string{"chat", "console"} {
		if codes, ok := at(doc, "#/channels/"+name+"/x-close-codes").([]any); !ok || len(codes) != len(protocol.CloseCodes) {
			t.Errorf("%s: close codes %v", name, codes)
		}
	}
}

// The prose names every code and every frame.
func TestReadmeNamesAll(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join(root, "docs/protocol/README.md"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, c := range protocol.CloseCodes {
		if row := fmt.Sprintf("| %d | %s | %s | %s |", c.Code, c.Name, c.Means, c.Then); !strings.Contains(text, row+"\n") {
			t.Errorf("README.md lacks the row %q", row)
		}
	}
	for dir, frames := range protocol.Frames {
		for typ := range frames {
			if !strings.Contains(text, "`"+typ+"`") && !strings.Contains(text, "`"+typ+" {") {
				t.Errorf("README.md does not name %s of %s", typ, dir)
			}
		}
	}
}

func walk(v any, path string, visit func(string, any)) {
	visit(path, v)
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			walk(x, path+"/"+k, visit)
		}
	case []any:
		for i, x := range v {
			walk(x, fmt.Sprint(path, "/", i), visit)
		}
	}
}

// at follows a local reference.
func at(doc any, ref string) any {
	for _, key := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
		m, ok := doc.(map[string]any)
		if !ok {
			return nil
		}
		doc = m[key]
	}
	return doc
}
