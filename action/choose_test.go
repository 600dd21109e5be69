package action

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
)

// The limits of choose hold for the sample shop: what customers write of their
// own orders finds its action, what is something else finds none.
func TestChoose(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	for want, questions := range map[string][]string{
		"order_status": {
			"Where is my order 20418?", "where's my stuff? order 20418", "any news on my parcel, order 20418",
			"when does order 20418 arrive", "order 20418 - status please", "is my package on its way? 20418", "what happened to order 20418",
			"I'm still waiting for order 20418", "did you ship 20418?", "delivery date of order 20418?", "my grinder order 20418 hasn't come yet",
		},
		"cancel_order": {
			"cancel order 20418", "please cancel KK-20377", "I want to cancel my order 20418", "stop order 20418, I changed my mind",
			"can you cancel my order 20418", "I don't need order 20418 any more",
		},
		"": {
			"change the address of order 20418", "I want a refund for order 20418", "my order 20418 arrived broken", "invoice for order 20418",
			"was I charged twice for order 20418", "order 20418 is missing the burrs", "unlock my account", "20418", "how do I cancel an order",
		},
	} {
		for _, q := range questions {
			m, ok, err := b.chooser.choose(t.Context(), q, b.conf.Actions, clearly)
			if err != nil {
				t.Fatal(err)
			}
			if got := m.action.Name; ok != (want != "") || got != want {
				t.Errorf("%q: %q (%.2f), want %q", q, got, m.cosine, want)
			}
		}
	}
}

// Of the sample set's questions that articles answer, few would be taken for
// an action if no article were found.
func TestTriggersOnTheSampleHelpCentre(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	f, err := os.Open("../evals/data/queries.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	asked, taken := 0, 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var q struct{ Text, Label string }
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		if q.Label != "answerable" && q.Label != "multi" && q.Label != "follow_up" {
			continue
		}
		asked++
		m, ok, err := b.chooser.choose(t.Context(), q.Text, b.conf.Actions, clearly)
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			taken++
			t.Logf("%s %.2f %s", m.action.Name, m.cosine, q.Text)
		}
	}
	if asked < 100 || taken > 2 {
		t.Errorf("%d of %d questions to the articles would be taken for an action", taken, asked)
	}
}
