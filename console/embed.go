// Package console holds the staff's console: inbox, knowledge and team, as a
// web page. Its sources are TypeScript (src); what is built of them (dist) is
// committed, so that Go alone is enough to build Frontdesk.
//
// Addresses inside the files are relative, so they can be served under any
// path; index.html alone is served elsewhere, at every path under /console/,
// and so needs its own addresses, which all begin with "./", rewritten.
package console

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files gives the built files: index.html and what it refers to, in one flat folder.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("console: " + err.Error()) // only for a path that is not valid, and this one is
	}
	return files
}
