package knowledge

import (
	"net/url"
	"path"
	"slices"
	"strings"
)

// Links tells which article a web address leads to, whatever form of it people
// paste: scheme, "www.", query, fragment and a slash at the end make no
// difference, and the last part of an address is enough if only one article has it.
type Links struct {
	byName map[string][]int
	count  int
}

// NewLinks gives Links without articles.
func NewLinks() *Links { return &Links{byName: map[string][]int{}} }

// Add adds an article by its id in its source and its address, which may be
// "". Articles are numbered from 0 in the order in which they are added.
func (l *Links) Add(externalID, address string) {
	names := namesIn(address)
	for _, name := range namesOfPart(externalID) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		l.byName[name] = append(l.byName[name], l.count)
	}
	l.count++
}

// Find gives the numbers of the articles that addresses lead to, each once and
// in the order of the addresses.
func (l *Links) Find(addresses []string) []int {
	var found []int
	for _, address := range addresses {
		for _, name := range namesIn(address) {
			articles := l.byName[name]
			if len(articles) == 0 {
				continue
			}
			if len(articles) == 1 && !slices.Contains(found, articles[0]) { // a name that several have names none
				found = append(found, articles[0])
			}
			break
		}
	}
	return found
}

// namesIn gives the names in a web address, the most exact first: host and
// path in one form, then what its last part says.
func namesIn(link string) []string {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return nil
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	clean := strings.Trim(u.Path, "/")
	if clean == "" {
		return nil // the site's front page is no article
	}
	return append([]string{host + "/" + strings.ToLower(clean)}, namesOfPart(path.Base(clean))...)
}

// leastNumber is how many digits an article's number has at least: those of
// help desks have seven and more, a year in a slug has four.
const leastNumber = 5

// namesOfPart gives the names that the last part of an address says: the part
// itself, and a number that it begins with, as in "360012345-Your-first-order".
func namesOfPart(part string) []string {
	part = strings.ToLower(path.Base(part))
	for _, ext := range []string{".md", ".markdown", ".html", ".htm"} {
		part = strings.TrimSuffix(part, ext)
	}
	names := []string{"…/" + part}
	number := part[:len(part)-len(strings.TrimLeft(part, "0123456789"))]
	if rest := part[len(number):]; len(number) >= leastNumber && (rest == "" || rest[0] == '-') {
		names = append(names, "#"+number)
	}
	return names
}
