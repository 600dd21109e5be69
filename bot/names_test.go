package bot

import (
	"testing"

	"frontdesk/knowledge"
)

// cards is a bank with plans that differ in their names only, and an article
// for all of them.
var cards = []knowledge.Article{
	{Title: "Gold Card: fees", Tags: []string{"gold_card"}, Body: "With the Gold Card you pay a fee of 9 €. The Gold Card is for all."},
	{Title: "Silver Card: fees", Tags: []string{"silver_card"}, Body: "With the Silver Card you pay a fee of 5 €. The Silver Card is for all."},
	{Title: "Silver Plus Card: fees", Tags: []string{"silver_plus_card"}, Body: "With the Silver Plus Card you pay a fee of 7 €. The Silver Plus Card is for all."},
	{Title: "A card was stolen", Body: "Block your card at once. This holds for all cards."},
}

func TestMissingName(t *testing.T) {
	t.Parallel()
	const gold, silver, plus, stolen = 0, 1, 2, 3
	for name, c := range map[string]struct {
		question string
		best     int
		want     string
	}{
		"the right card":                    {"fee of the gold card", gold, ""},
		"another card":                      {"fee of the gold card", silver, "gold"},
		"in capitals too":                   {"Fee of the GOLD card", silver, "gold"},
		"a name of two words":               {"fee of the silver plus card", silver, "plus"},
		"more of a name than was asked for": {"fee of the silver card", plus, ""},
		"an article for all of them":        {"my gold card was stolen", stolen, ""},
		"no name at all":                    {"what is the fee", silver, ""},
		"an unknown name":                   {"fee of the bronze card", silver, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := []knowledge.ArticleHit{{Document: &knowledge.Document{Article: cards[c.best]}}}
			for i, a := range cards {
				if i != c.best {
					found = append(found, knowledge.ArticleHit{Document: &knowledge.Document{Article: a}})
				}
			}
			if got := missingName(c.question, found); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if got := missingName("gold card", nil); got != "" {
		t.Errorf("without articles: %q", got)
	}
}
