package compose

import (
	"regexp"
	"slices"
	"strings"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/knowledge"
)

// render makes blocks of an answer's sentences: paragraphs, steps and points.
// number gives the number that the customer sees of each source, nil leaves
// the citations out. A citation stands behind the last of the sentences that
// rest on it, not behind each.
func render(said []checked, number map[int]int) []chat.Block {
	var out []chat.Block
	for i := 0; i < len(said); {
		if said[i].step == 0 && !said[i].point {
			end := i + 1
			for end < len(said) && said[end].step == 0 && !said[end].point && !said[end].para {
				end++
			}
			out = append(out, chat.Block{T: "p", Kids: line(said[i:end], number)})
			i = end
			continue
		}
		end := i + 1
		for end < len(said) && listed(said[end]) && said[end].point == said[i].point {
			end++
		}
		out = append(out, list(said[i:end], number))
		i = end
	}
	return out
}

func listed(s checked) bool { return s.step > 0 || s.point }

// line puts sentences one behind the other.
func line(said []checked, number map[int]int) []chat.Block {
	var out []chat.Block
	for i, s := range said {
		if i > 0 {
			out = append(out, chat.Block{T: "text", Text: " "})
		}
		out = append(out, s.inline...)
		if n := number[s.N]; n > 0 && !s.Chatter && !restsOn(said[i+1:], s.N) {
			out = append(out, chat.Block{T: "cite", N: n})
		}
	}
	return out
}

// restsOn reports whether the next of some sentences that states something
// rests on a source.
func restsOn(said []checked, source int) bool {
	at := slices.IndexFunc(said, func(s checked) bool { return !s.Chatter })
	return at >= 0 && said[at].N == source
}

// list makes a list of lines, numbered as the first of them says.
func list(said []checked, number map[int]int) chat.Block {
	out := chat.Block{T: "ol", N: said[0].step}
	if said[0].point {
		out = chat.Block{T: "ul"}
	}
	for i := 0; i < len(said); {
		end := i + 1
		for end < len(said) && !said[end].opens && said[end].step == said[i].step {
			end++
		}
		numbers := number
		if restsOn(said[end:], said[end-1].N) {
			numbers = nil // it stands at the end of the list
		}
		out.Kids = append(out.Kids, chat.Block{T: "li", Kids: line(said[i:end], numbers)})
		i = end
	}
	return out
}

// inline renders the Markdown inside of a sentence. A link stays only if its
// address stands in the material.
func inline(text string, material []bot.Material) []chat.Block {
	blocks := knowledge.Render(beginning.ReplaceAllString(text, `$1\$2`), nil, func(href string) string {
		for _, m := range material {
			if address := m.Links[href]; address != "" {
				return address
			}
		}
		return ""
	})
	if len(blocks) != 1 || blocks[0].T != "p" {
		return []chat.Block{{T: "text", Text: text}}
	}
	return known(blocks[0].Kids, material)
}

// beginning is what would begin another kind of block than a paragraph.
var beginning = regexp.MustCompile(`^(\d*)([.)#>+*-]\s|#)`)

// known leaves of links whose address is not in the material only the words.
func known(blocks []chat.Block, material []bot.Material) []chat.Block {
	var out []chat.Block
	for _, b := range blocks {
		b.Kids = known(b.Kids, material)
		if b.T == "link" && !isKnown(b.Href, material) {
			out = append(out, b.Kids...)
			continue
		}
		out = append(out, b)
	}
	return out
}

func isKnown(href string, material []bot.Material) bool {
	bare := strings.TrimPrefix(strings.TrimPrefix(href, "mailto:"), "tel:")
	if _, rest, _ := strings.Cut(bare, "://"); strings.HasPrefix(rest, "www.") {
		bare = rest // a bare "www." gets its scheme from the renderer
	}
	for _, m := range material {
		if strings.Contains(m.Body, bare) || m.Citation.URL == href {
			return true
		}
		for _, address := range m.Links {
			if address == href {
				return true
			}
		}
	}
	return false
}
