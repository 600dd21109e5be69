package source

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"frontdesk/knowledge"
)

// load reads a text file whole, or says why it is none.
func load(path, rel string, size int64) ([]byte, *knowledge.Problem) {
	p := &knowledge.Problem{Path: filepath.ToSlash(rel), Lost: true}
	if kindOf(rel) == "" {
		p.Lost = false
		p.What, p.Do = notText(path), "It was left out."
		return nil, p
	}
	if size > MaxSize {
		p.What, p.Do = fmt.Sprintf("The file has %d MB; the most is %d.", size>>20, MaxSize>>20), "Split it into several articles."
		return nil, p
	}
	data, err := os.ReadFile(path)
	if err != nil {
		p.What, p.Do = "It cannot be read: "+cause(err)+".", "Check its permissions."
		return nil, p
	}
	if line := invalidLine(data); line > 0 {
		if kind := mimetype.Detect(data); !isText(kind) {
			p.What, p.Do = fmt.Sprintf("By its content it is %s, not text.", kind), "Export it as Markdown or HTML."
			return nil, p
		}
		p.Line, p.What, p.Do = line, "The text is not UTF-8.", "Save the file in the encoding UTF-8."
		return nil, p
	}
	if kind := mimetype.Detect(data); len(data) > 0 && !isText(kind) {
		p.What, p.Do = fmt.Sprintf("By its content it is %s, not text.", kind), "Export it as Markdown or HTML."
		return nil, p
	}
	return bytes.TrimPrefix(data, []byte("\uFEFF")), nil
}

// notText says what a file of unknown kind is, by its content.
func notText(path string) string {
	kind, err := mimetype.DetectFile(path)
	if err != nil {
		return "It cannot be read: " + cause(err) + "."
	}
	return fmt.Sprintf("It is %s, not a Markdown, HTML, JSONL or CSV file.", kind)
}

// isText reports whether a media type is a kind of plain text.
func isText(kind *mimetype.MIME) bool {
	for ; kind != nil; kind = kind.Parent() {
		if kind.Is("text/plain") {
			return true
		}
	}
	return false
}

// invalidLine gives the line, from 1, of the first byte that is not UTF-8; 0
// if all is well.
func invalidLine(data []byte) int {
	if utf8.Valid(data) {
		return 0
	}
	line := 1
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		data = data[size:]
	}
	return line
}
