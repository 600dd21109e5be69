package knowledge

import (
	"fmt"
	"strings"
)

// Problem is what is wrong with one article on its way in. As an error of a
// sequence of Inputs it is about that article only: the sequence goes on.
type Problem struct {
	Path string `json:"path"`           // of the file, or the article's id
	Line int    `json:"line,omitempty"` // from 1; 0 for the whole
	What string `json:"what"`           // what is wrong, as a sentence
	Do   string `json:"do,omitempty"`   // how to mend it, as a sentence
	// Lost says that an article was left out, rather than a file that is none
	// (an image, say).
	Lost bool `json:"lost"`
}

// Error gives "path:line: What Do".
func (p *Problem) Error() string {
	at := p.Path
	if p.Line > 0 {
		at = fmt.Sprintf("%s:%d", at, p.Line)
	}
	return strings.TrimSpace(at + ": " + p.What + " " + p.Do)
}
