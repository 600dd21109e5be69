package data_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"frontdesk/evals/data"
)

type article struct {
	ID         string   `yaml:"id"`
	Title      string   `yaml:"title"`
	Tags       []string `yaml:"tags"`
	Locale     string   `yaml:"locale"`
	Visibility string   `yaml:"visibility"`
	URL        string   `yaml:"url"`
	Updated    string   `yaml:"updated"`

	body string
}

func (a article) internal() bool { return a.Visibility == "internal" }

// loadArticles reads every article by its file name without extension.
func loadArticles(t *testing.T) map[string]article {
	t.Helper()
	names, err := fs.Glob(data.Files, "helpcentre/*.md")
	if err != nil {
		t.Fatal(err)
	}
	articles := make(map[string]article, len(names))
	for _, name := range names {
		raw, err := fs.ReadFile(data.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		a, err := parseArticle(string(raw))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		articles[strings.TrimSuffix(path.Base(name), ".md")] = a
	}
	return articles
}

func parseArticle(raw string) (article, error) {
	rest, ok := strings.CutPrefix(raw, "---\n")
	if !ok {
		return article{}, fmt.Errorf("does not begin with front matter")
	}
	head, body, ok := strings.Cut(rest, "\n---\n")
	if !ok {
		return article{}, fmt.Errorf("front matter does not end")
	}
	var a article
	dec := yaml.NewDecoder(strings.NewReader(head))
	dec.KnownFields(true)
	if err := dec.Decode(&a); err != nil {
		return article{}, err
	}
	a.body = strings.TrimSpace(body)
	return a, nil
}

func TestFrontMatter(t *testing.T) {
	t.Parallel()
	sections := []string{"orders", "delivery", "returns", "payment", "account", "privacy", "company", "wholesale",
		"gift-cards", "beans", "grinders", "kettles", "scales", "brewing", "repairs", "internal"}
	titles := map[string]string{}
	for name, a := range loadArticles(t) {
		if a.ID != name {
			t.Errorf("%s: id is %q, want the file name", name, a.ID)
		}
		if other, dup := titles[a.Title]; dup || a.Title == "" || len(a.Title) > 60 {
			t.Errorf("%s: title %q is empty, too long or also that of %q", name, a.Title, other)
		}
		titles[a.Title] = name
		if len(a.Tags) < 2 || !slices.Contains(sections, a.Tags[0]) {
			t.Errorf("%s: tags %v: want two or more, the first a section", name, a.Tags)
		}
		if a.Locale != "en" {
			t.Errorf("%s: locale %q, want en", name, a.Locale)
		}
		if _, err := time.Parse(time.DateOnly, a.Updated); err != nil {
			t.Errorf("%s: updated: %v", name, err)
		}
		if !slices.Contains([]string{"public", "internal"}, a.Visibility) {
			t.Errorf("%s: visibility %q", name, a.Visibility)
		}
		slug, isInternal := strings.CutPrefix(name, "internal-")
		if isInternal != a.internal() || isInternal != slices.Contains(a.Tags, "internal") {
			t.Errorf("%s: name, visibility %q and tags %v disagree about being internal", name, a.Visibility, a.Tags)
		}
		if isInternal {
			slug = "internal/" + slug
		}
		if want := "https://kesselkorn.example/help/" + slug; a.URL != want {
			t.Errorf("%s: url %q, want %q", name, a.URL, want)
		}
	}
}

func TestArticleCounts(t *testing.T) {
	t.Parallel()
	articles := loadArticles(t)
	internal := 0
	for _, a := range articles {
		if a.internal() {
			internal++
		}
	}
	if len(articles) < 40 || internal != 5 {
		t.Errorf("%d articles, %d internal: want 40 or more, 5 internal", len(articles), internal)
	}
	mention(t, fmt.Sprintf("%d articles in English, %d public and %d internal", len(articles), len(articles)-internal, internal))
}

func TestBodies(t *testing.T) {
	t.Parallel()
	h1 := regexp.MustCompile(`(?m)^# `)
	h2 := regexp.MustCompile(`(?m)^## `)
	// How the shop speaks: no exclamation marks, no vague times, no filler.
	unwanted := regexp.MustCompile(`(?i)[!\x{1F300}-\x{1FAFF}]|\bshortly\b|as soon as possible|try again later|\boops\b|TODO`)
	for name, a := range loadArticles(t) {
		if n := len(strings.Fields(a.body)); n < 100 || n > 700 {
			t.Errorf("%s: %d words, want 100 to 700", name, n)
		}
		if h1.MatchString(a.body) || !h2.MatchString(a.body) {
			t.Errorf("%s: want headings of level 2 and none of level 1", name)
		}
		if m := unwanted.FindString(a.body); m != "" {
			t.Errorf("%s: %q is not how we write", name, m)
		}
		for _, table := range tables(a.body) {
			for _, row := range table {
				if got, want := strings.Count(row, "|"), strings.Count(table[0], "|"); got != want {
					t.Errorf("%s: table row %q has %d bars, its head %d", name, row, got, want)
				}
			}
		}
	}
}

// tables returns the runs of lines that begin with a bar.
func tables(body string) [][]string {
	var all [][]string
	inside := false
	for _, line := range strings.Split(body, "\n") {
		isRow := strings.HasPrefix(line, "|")
		if isRow && !inside {
			all = append(all, nil)
		}
		if isRow {
			all[len(all)-1] = append(all[len(all)-1], line)
		}
		inside = isRow
	}
	return all
}

func TestLinks(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)]*)\)`)
	articles := loadArticles(t)
	linked := map[string]bool{}
	for name, a := range articles {
		for _, m := range link.FindAllStringSubmatch(a.body, -1) {
			target := strings.TrimSuffix(m[1], ".md")
			to, ok := articles[target]
			switch {
			case !ok || target+".md" != m[1]:
				t.Errorf("%s: link to %q, which is no article", name, m[1])
			case target == name:
				t.Errorf("%s: links to itself", name)
			case to.internal() && !a.internal():
				t.Errorf("%s: a public article links to %q", name, m[1])
			}
			linked[target] = true
		}
	}
	for name := range articles {
		if !linked[name] {
			t.Errorf("%s: no other article links to it", name)
		}
	}
}

// TestFactsAgree is the fact sheet: what several articles state must be stated
// alike in all of them.
func TestFactsAgree(t *testing.T) {
	t.Parallel()
	articles := loadArticles(t)
	for fact, in := range map[string][]string{
		"399.00 €":             {"m2-or-m2-pro", "set-up-korn-64"},
		"14.90 €":              {"delivery-times-and-costs", "delivery-to-switzerland"},
		"4.90 €":               {"delivery-times-and-costs", "returns-and-refunds", "when-you-get-your-money-back", "return-a-gift"},
		"12.00 €":              {"spare-parts", "handle-turns-heavily", "visit-the-workshop"},
		"14.00 €":              {"spare-parts", "calibrate-the-lot"},
		"6.00 €":               {"spare-parts", "visit-the-workshop"},
		"6.90 €":               {"send-in-a-repair", "visit-the-workshop"},
		"3.00 €":               {"spare-parts", "replace-the-lot-battery"},
		"500 €":                {"pay-by-invoice", "wholesale"},
		"30 days":              {"returns-and-refunds", "return-a-gift", "exchange-for-another-finish", "cancel-an-order", "delivery-to-switzerland", "m2-or-m2-pro"},
		"31 January":           {"returns-and-refunds", "return-a-gift"},
		"5 days after":         {"returns-and-refunds", "when-you-get-your-money-back", "return-a-gift"},
		"ithin 14 days":        {"returns-and-refunds", "exchange-for-another-finish", "return-a-gift", "buy-a-gift-card"},
		"8 years":              {"download-an-invoice", "privacy-and-your-data", "delete-your-account"},
		"20 MB":                {"damaged-wrong-or-missing", "send-in-a-repair"},
		"5 years":              {"warranty", "m2-or-m2-pro", "clean-m2-burrs"},
		"3 years":              {"warranty", "set-up-korn-64", "korn-64-does-not-start"},
		"2 years":              {"warranty", "bogen-base-does-not-light-up"},
		"12 months":            {"warranty", "wholesale"},
		"hree years":           {"buy-a-gift-card", "redeem-a-gift-card"},
		"10 % below|10 % less": {"bean-subscription", "beans"},
		"16 characters":        {"discount-codes", "redeem-a-gift-card"},
		"until it is packed":   {"change-an-order", "cancel-an-order", "beans"},
		"8 clicks":             {"clean-m2-burrs", "handle-turns-heavily"},
		"0.9 l":                {"set-and-hold-a-temperature", "descale-the-bogen", "kettle-safety"},
		"10 working days":      {"report-a-lost-parcel", "internal-carrier-claims"},
		"Bohnenkai 7":          {"contact", "visit-the-workshop"},
	} {
		for _, name := range in {
			if !containsAny(articles[name].body, fact) {
				t.Errorf("%s does not say %q", name, fact)
			}
		}
	}
}

// containsAny reports whether text holds one of the alternatives of "a|b".
func containsAny(text, alternatives string) bool {
	for alt := range strings.SplitSeq(alternatives, "|") {
		if strings.Contains(text, alt) {
			return true
		}
	}
	return false
}

// mention checks a count that README.md states.
func mention(t *testing.T, want string) {
	t.Helper()
	readme := readFile(t, "README.md")
	if !bytes.Contains(readme, []byte(want)) {
		t.Errorf("README.md does not say %q", want)
	}
}

// decodeStrict decodes one JSON object and rejects fields that are not in the format.
func decodeStrict(line string, into any) error {
	dec := json.NewDecoder(strings.NewReader(line))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}
