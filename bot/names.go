package bot

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"frontdesk/knowledge"
)

const (
	// nameSeen is how often a word must be written like a name, in the midst of
	// sentences, before it counts as one.
	nameSeen = 2
	// nameShare is the share of its occurrences that must be so: "Gold" and "M2"
	// are names, "Settings" and "Card" are words that are names at times.
	nameShare = .8
	// alike is the share of an article's title and tags that another has too,
	// from which on they are about the same matter.
	alike = .5
)

// missingName gives a name in the question (a product, a plan, a model) that
// the best of the articles found does not have while it has another in its
// place, beside an article that is alike but for that name: then it is about
// another thing than the question is. "" if there is none. An article that has no
// such name of its own is general, and may hold for all of them.
//
// What is a name is learnt from the articles themselves: a word of a title or
// tag that they write with a capital or a digit wherever it stands. So it works
// for a customer who writes all in small letters.
func missingName(question string, found []knowledge.ArticleHit) string {
	if len(found) < 2 {
		return ""
	}
	best := found[0].Document
	labels := make([]map[string]bool, len(found))
	for i, a := range found {
		labels[i] = labelWords(a.Document)
	}
	has, label := nameWords(best.Title+"\n"+best.Body), labels[0]
	asked := contentWords(question)
	for i, w := range asked {
		if has[w] || label[w] || !hasSibling(w, labels) || !isName(w, found[1:]) {
			continue
		}
		beside := i > 0 && label[asked[i-1]] && isName(asked[i-1], found) || i+1 < len(asked) && label[asked[i+1]] && isName(asked[i+1], found)
		if beside || namesAnother(question, labels, found) { // "World" beside "Blue" makes a name of both
			return w
		}
	}
	return ""
}

// namesAnother reports whether the label of the best article has a name of its
// own that is not in the question.
func namesAnother(question string, labels []map[string]bool, found []knowledge.ArticleHit) bool {
	said := nameWords(question)
	for w := range labels[0] {
		if !said[w] && rare(w, labels) && isName(w, found) {
			return true
		}
	}
	return false
}

// labelWords gives the words of an article's title and tags, which say what
// it is about.
func labelWords(d *knowledge.Document) map[string]bool {
	return nameWords(d.Title + "\n" + strings.Join(d.Tags, "\n"))
}

// hasSibling reports whether an article with a word in its label is otherwise
// labelled much like the first: the same about another thing.
func hasSibling(word string, labels []map[string]bool) bool {
	for _, l := range labels[1:] {
		if l[word] && max(share(l, labels[0]), share(labels[0], l)) >= alike {
			return true
		}
	}
	return false
}

// rare reports whether less than half of the articles have a word in their
// label: the maker's name tells none of them apart.
func rare(word string, labels []map[string]bool) bool {
	n := 0
	for _, l := range labels {
		if l[word] {
			n++
		}
	}
	return 2*n < len(labels)
}

// isName reports whether articles write a word like a name.
func isName(word string, found []knowledge.ArticleHit) bool {
	written, all := 0, 0
	for _, a := range found {
		n, m := writtenAsName(word, a.Document.Body)
		written, all = written+n, all+m
	}
	return written >= nameSeen && float64(written) >= nameShare*float64(all)
}

// nameWords gives the words of a text, with those of "blue_account" and the
// singular of those in -s.
func nameWords(text string) map[string]bool {
	out := map[string]bool{}
	for _, w := range words(strings.ReplaceAll(text, "_", " ")) {
		out[w] = true
		out[strings.TrimSuffix(strings.TrimSuffix(w, "s"), "'")] = true
	}
	return out
}

// runs gives the runs of letters and digits in a line, with where they begin.
func runs(line string) iter.Seq2[int, string] {
	within := func(r rune) bool { return '0' <= r && r <= '9' || unicode.IsLetter(r) }
	return func(yield func(int, string) bool) {
		start := -1
		for i, r := range line {
			switch in := within(r); {
			case in && start < 0:
				start = i
			case !in && start >= 0:
				if !yield(start, line[start:i]) {
					return
				}
				start = -1
			}
		}
		if start >= 0 {
			yield(start, line[start:])
		}
	}
}

// writtenAsName counts how often a word stands in the midst of a sentence of a
// body, and how often it does so with a capital or a digit in it.
func writtenAsName(word, body string) (asName, all int) {
	for line := range strings.SplitSeq(body, "\n") {
		if strings.HasPrefix(line, "#") {
			continue // headings are often in capitals
		}
		for start, w := range runs(line) {
			if !strings.EqualFold(w, word) || !midSentence(line[:start]) {
				continue
			}
			all++
			if first, _ := utf8.DecodeRuneInString(w); unicode.IsUpper(first) || strings.ContainsAny(w, "0123456789") {
				asName++
			}
		}
	}
	return asName, all
}

// midSentence reports whether what stands before a word in its line shows that
// the word is not the first of a sentence or a label.
func midSentence(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(before, " \"'“‘(["))
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == ',' || r == '’'
}

// strangeName gives a word that the customer writes with a capital in the midst
// of the question and that an article does not have, "" if there is none.
func strangeName(question string, doc *knowledge.Document) string {
	has := nameWords(doc.Title + "\n" + doc.Body)
	for start, w := range runs(question) {
		first, size := utf8.DecodeRuneInString(w)
		low := strings.ToLower(w)
		if unicode.IsUpper(first) && size < len(w) && midSentence(question[:start]) && !functionWords[low] && !has[low] {
			return w
		}
	}
	return ""
}
