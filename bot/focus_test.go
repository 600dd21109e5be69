package bot

import (
	"testing"

	"github.com/google/uuid"

	"frontdesk/knowledge"
)

// shelf is articles of a coffee shop that all ask the same of several things.
func shelf(t testing.TB) *knowledge.Index {
	t.Helper()
	kinds := map[string][]string{
		"grinder": {"Korn 64", "Mahlwerk Pico", "Mahlwerk Grande"},
		"kettle":  {"Bogen", "Schwanenhals Travel"},
	}
	asked := []string{"How long is the warranty?", "Is it loud?", "Can parts go into the dishwasher?", "What does it weigh?", "Which colours are there?"}
	u := knowledge.Update{Version: 1}
	for kind, things := range kinds {
		for _, thing := range things {
			for _, title := range asked {
				p := knowledge.Prepare(knowledge.Input{
					Source: "test", ExternalID: thing + ": " + title, Title: title, Body: "About the " + thing + ". Yes.",
					Tags: []string{kind, thing}, Visibility: knowledge.Public, Status: knowledge.StatusPublished,
				})
				u.Documents = append(u.Documents, knowledge.Document{Chunks: p.Chunks, Article: knowledge.Article{
					ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte(p.ExternalID)), Source: p.Source, ExternalID: p.ExternalID,
					Title: p.Title, Body: p.Body, Tags: p.Tags, Visibility: p.Visibility, Status: p.Status,
				}})
			}
		}
	}
	for i := range 40 { // so that a thing is a small share of all
		p := knowledge.Prepare(knowledge.Input{
			Source: "test", ExternalID: "other " + string(rune('A'+i)), Title: "Delivery, payment and returns, part " + string(rune('A'+i)),
			Body: "We deliver to many countries.", Visibility: knowledge.Public, Status: knowledge.StatusPublished,
		})
		u.Documents = append(u.Documents, knowledge.Document{Chunks: p.Chunks, Article: knowledge.Article{
			ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte(p.ExternalID)), Source: p.Source, ExternalID: p.ExternalID,
			Title: p.Title, Body: p.Body, Visibility: p.Visibility, Status: p.Status,
		}})
	}
	return knowledge.NewIndex(knowledge.NewSearcher(nil, 0)).With(u)
}

func TestFocus(t *testing.T) {
	t.Parallel()
	index := shelf(t)
	customer := func(text string) Past { return Past{Role: RoleCustomer, Text: text} }
	bot := func(text string) Past { return Past{Role: RoleBot, Text: text} }
	for name, tc := range map[string]struct {
		question string
		history  []Past
		want     string // the article found first; "" for none in focus
	}{
		"carried over":   {"and how long is the warranty?", []Past{customer("I have a Korn 64"), bot("Nice!")}, "Korn 64: How long is the warranty?"},
		"opener":         {"is it loud?", []Past{{Role: RoleOpener, Text: "New here: the Bogen. Any questions?"}}, "Bogen: Is it loud?"},
		"pronoun":        {"is it loud?", []Past{customer("tell me about the Bogen"), bot("A kettle for pouring.")}, "Bogen: Is it loud?"},
		"named now":      {"is the Bogen loud?", []Past{customer("I have a Korn 64")}, "Bogen: Is it loud?"},
		"changed":        {"is it loud?", []Past{customer("I have a Korn 64"), bot("Yes?"), customer("no, sorry, the Bogen"), bot("Yes?")}, "Bogen: Is it loud?"},
		"the bot's word": {"is it loud?", []Past{customer("which kettle is small?"), bot("The Schwanenhals Travel folds up.")}, "Schwanenhals Travel: Is it loud?"},
		"misspelt":       {"how long is the warranty?", []Past{customer("bought a mahlwrek pico last week")}, "Mahlwerk Pico: How long is the warranty?"},
		"in part":        {"is it loud?", []Past{customer("the pico please")}, "Mahlwerk Pico: Is it loud?"},
		"run together":   {"is it loud?", []Past{customer("my schwanenhalstravel came")}, "Schwanenhals Travel: Is it loud?"},
		"of a kind": {"is the kettle loud?", []Past{customer("I want the Bogen"), bot("Good choice."), customer("and the Korn 64"), bot("Good choice.")},
			"Bogen: Is it loud?"},
		"nothing named": {"is it loud?", []Past{customer("hello"), bot("Hello. What is your question?")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := focusOf(index.Names(), tc.question, tc.history)
			if tc.want == "" {
				if f.top() > .1 {
					t.Fatalf("about %v, want nothing", f.things)
				}
				return
			}
			r, err := index.Search(t.Context(), knowledge.Query{Text: tc.question, Favour: f.favour()})
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Articles[0].Document.ExternalID; got != tc.want {
				t.Errorf("got %q, want %q; about %v", got, tc.want, f.things)
			}
		})
	}
}

func TestFocusOnTwoThings(t *testing.T) {
	t.Parallel()
	index := shelf(t)
	f := focusOf(index.Names(), "which of them is louder?", []Past{
		{Role: RoleCustomer, Text: "should I buy a grinder from you?"},
		{Role: RoleBot, Text: "The Mahlwerk Pico is small and the Mahlwerk Grande is for a café."},
	})
	r, err := index.Search(t.Context(), knowledge.Query{Text: "is it loud?", Favour: f.favour(), Articles: 2})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, a := range r.Articles {
		got[a.Document.ExternalID] = true
	}
	if !got["Mahlwerk Pico: Is it loud?"] || !got["Mahlwerk Grande: Is it loud?"] {
		t.Errorf("got %v, want both grinders", got)
	}
}

func TestFocusLeavesTheQuestionAlone(t *testing.T) {
	t.Parallel()
	history := []Past{{Role: RoleCustomer, Text: "I have a Korn 64, bought in March"}}
	f := focusOf(shelf(t).Names(), "is it loud?", history)
	if got, followUp := resolve("is it loud?", history, f); got != "is it loud?" || !followUp {
		t.Errorf("got %q, follow-up %v", got, followUp)
	}
}
