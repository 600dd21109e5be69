package bot

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/llm"
)

// ArticleSpeller is what a Searcher may be besides: one that knows how the
// articles spell. knowledge.Base is one.
type ArticleSpeller interface {
	// Spelling gives the words of a text that can only be a certain other one.
	Spelling(ws uuid.UUID, text, prefer string) []chat.Respelling
	// Knows reports whether a lower-case word stands in some article.
	Knows(ws uuid.UUID, word string) bool
}

// articleWords are the words of a workspace's articles.
type articleWords struct {
	ArticleSpeller
	ws uuid.UUID
}

// Knows makes articleWords a llm.Lexicon.
func (a articleWords) Knows(word string) bool { return a.ArticleSpeller.Knows(a.ws, word) }

// newSpeller gives what puts right the words of a sentence before it is
// classed, by the words of the examples; nil for an encoder that cannot tell
// a misspelt word from one that is only rare.
func newSpeller(embed llm.Embedder, c *Classes) *knowledge.Speller {
	lexicon, ok := embed.(llm.Lexicon)
	if !ok {
		return nil
	}
	return knowledge.NewSpeller(lexicon, slices.Sorted(maps.Keys(c.said)))
}

// asMeant gives the classes of sentences as they were meant to be spelt: a slip
// of the finger makes vectors of harmless sentences look like danger, and hides
// danger. What is an attack as it was written stays one, since a word that
// nobody knows here may be the harmful thing.
func (e *Engine) asMeant(ctx context.Context, t Turn, sentences []string) ([]class, error) {
	texts := slices.Clone(sentences)
	var changed []int
	for i, s := range sentences {
		if texts[i] = e.spelt(t, s); texts[i] != s {
			changed = append(changed, i)
			texts = append(texts, s)
		}
	}
	classes, err := e.classes.each(ctx, texts)
	for k, i := range changed {
		if written := classes[len(sentences)+k]; classes[i] == classOrdinary && (written == classAttack || written == classSuspect) {
			classes[i] = written
		}
	}
	return classes[:len(sentences)], err
}

// spelt is a sentence as it was meant. Articles know the words of questions,
// the examples those of everything else.
func (e *Engine) spelt(t Turn, sentence string) string {
	if e.speller == nil {
		return sentence
	}
	s, ok := e.search.(ArticleSpeller)
	if !ok {
		return sentence
	}
	sentence = knowledge.Respell(sentence, s.Spelling(t.Workspace, sentence, t.Locale))
	return knowledge.Respell(sentence, e.speller.Spelling(sentence, articleWords{s, t.Workspace}))
}
