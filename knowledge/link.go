package knowledge

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"
)

// Link gives the address of the public article that href leads to from
// another article, "" if there is none: as a path beside from's external id, in
// the same source, with or without its ending ("../care/burrs",
// "burrs.md#water"). It is what Render asks for.
func (x *Index) Link(from *Document, href string) string {
	u, err := url.Parse(href)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" {
		return ""
	}
	target := strings.TrimPrefix(path.Clean(u.Path), "/")
	if !strings.HasPrefix(u.Path, "/") {
		target = path.Join(path.Dir(from.ExternalID), u.Path)
	}
	bare := strings.TrimSuffix(target, path.Ext(target)) // an id in the front matter is often the file's name
	for _, id := range []string{target, target + ".md", target + ".html", bare + ".md", bare} {
		if d := x.byExternalID(from.Source, id); d != nil && d.Visibility == Public {
			return d.URL
		}
	}
	return ""
}

func (x *Index) byExternalID(source, id string) *Document {
	at, ok := slices.BinarySearchFunc(x.entries, id, func(e *entry, id string) int {
		return cmp.Or(cmp.Compare(e.doc.ExternalID, id), cmp.Compare(e.doc.Source, source))
	})
	if !ok {
		return nil
	}
	return &x.entries[at].doc
}
