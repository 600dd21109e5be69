package source

import (
	"bytes"
	"path/filepath"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/strikethrough"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"frontdesk/knowledge"
)

func (r *reader) html(rel string, data []byte) error {
	in, err := parseHTML(data)
	if err != nil {
		return r.problem(rel, 0, "The HTML cannot be read: "+err.Error()+".", "Save the page again.")
	}
	in.ExternalID = filepath.ToSlash(rel)
	if in.Title == "" {
		in.Title = titleOf(rel)
	}
	return r.give(in, rel, 0)
}

// parseHTML takes the article out of a page. The title is the only h1 of the
// article, else the page's: that often carries the site's name as well.
func parseHTML(data []byte) (knowledge.Input, error) {
	var in knowledge.Input
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return in, err
	}
	if root := find(doc, atom.Html); root != nil {
		in.Locale = attr(root, "lang")
	}
	for link := range doc.Descendants() {
		if link.DataAtom == atom.Link && strings.EqualFold(attr(link, "rel"), "canonical") {
			in.URL = attr(link, "href")
		}
	}
	if t := find(doc, atom.Title); t != nil {
		in.Title = words(t)
	}
	content := contentOf(doc)
	removeAll(content, clutter)
	if h1 := only(content, atom.H1); h1 != nil && words(h1) != "" {
		in.Title = words(h1)
		h1.Parent.RemoveChild(h1)
	}
	body, err := toMarkdown(content, in.URL)
	in.Body = body
	return in, err
}

func toMarkdown(n *html.Node, url string) (string, error) {
	c := converter.NewConverter(converter.WithPlugins(
		base.NewBasePlugin(), commonmark.NewCommonmarkPlugin(), table.NewTablePlugin(), strikethrough.NewStrikethroughPlugin(),
	))
	out, err := c.ConvertNode(n, converter.WithDomain(url))
	return string(out), err
}

// clutter is what stands around an article or is not text.
var clutter = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Nav: true, atom.Form: true,
	atom.Aside: true, atom.Footer: true, atom.Iframe: true, atom.Button: true, atom.Svg: true,
}

// contentOf gives the element that holds the article.
func contentOf(doc *html.Node) *html.Node {
	for _, a := range []atom.Atom{atom.Main, atom.Article} {
		if n := find(doc, a); n != nil {
			return n
		}
	}
	for n := range doc.Descendants() {
		if attr(n, "role") == "main" {
			return n
		}
	}
	if body := find(doc, atom.Body); body != nil {
		return body
	}
	return doc
}

func find(n *html.Node, a atom.Atom) *html.Node {
	for d := range n.Descendants() {
		if d.DataAtom == a && d.Type == html.ElementNode {
			return d
		}
	}
	return nil
}

// only gives the element of a kind if there is exactly one.
func only(n *html.Node, a atom.Atom) *html.Node {
	var found *html.Node
	for d := range n.Descendants() {
		if d.DataAtom == a {
			if found != nil {
				return nil
			}
			found = d
		}
	}
	return found
}

func removeAll(n *html.Node, kinds map[atom.Atom]bool) {
	var gone []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && kinds[d.DataAtom] {
			gone = append(gone, d)
		}
	}
	for _, d := range gone {
		if d.Parent != nil {
			d.Parent.RemoveChild(d)
		}
	}
}

func words(n *html.Node) string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			out.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}
