// Package widget holds the customer's chat window: a loader that sites embed
// with one script tag (frontdesk.js), and the page that it frames. Its sources
// are TypeScript (src); what is built of them (dist) is committed, so that Go
// alone is enough to build Frontdesk.
//
// Addresses inside index.html begin with "./" and are rewritten by whoever
// serves it; "/widget/v1/brand.css" there stands for the inbox's style sheet.
package widget

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files gives the built files: frontdesk.js, and index.html with what it
// refers to, in one flat folder.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("widget: " + err.Error()) // only for a path that is not valid, and this one is
	}
	return files
}
