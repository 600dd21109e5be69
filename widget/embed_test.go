package widget_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"frontdesk/widget"
)

var reference = regexp.MustCompile(`(?:src|href)="([^"]*)"`)

// A site's tag and the gateway name these files.
func TestFilesAreThere(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"frontdesk.js", "index.html", "app.js", "app.css"} {
		if info, err := fs.Stat(widget.Files(), name); err != nil || info.Size() == 0 {
			t.Errorf("%s is missing or empty (%v): run npm run build in widget", name, err)
		}
	}
}

// The page's policy allows no inline script or style, and the gateway rewrites
// what begins with "./" and the address of the inbox's sheet.
func TestIndexRefersToFilesOnly(t *testing.T) {
	t.Parallel()
	files := widget.Files()
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		t.Fatal(err)
	}
	brand := 0
	for _, ref := range reference.FindAllStringSubmatch(string(index), -1) {
		if ref[1] == "/widget/v1/brand.css" {
			brand++
			continue
		}
		name, ok := strings.CutPrefix(ref[1], "./")
		if !ok {
			t.Errorf("reference %q is not relative", ref[1])
			continue
		}
		if _, err := fs.Stat(files, name); err != nil {
			t.Errorf("reference %q: %v", ref[1], err)
		}
	}
	if brand != 1 || strings.Index(string(index), "brand.css") < strings.Index(string(index), "app.css") {
		t.Errorf("index.html must name /widget/v1/brand.css once, after app.css: %s", index)
	}
	for _, forbidden := range []string{"<style", "style=", "onload=", "<script>"} {
		if strings.Contains(string(index), forbidden) {
			t.Errorf("index.html holds %q, which the page's policy forbids", forbidden)
		}
	}
}
