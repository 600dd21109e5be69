package storetest

import (
	"testing"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

var glossaryCases = []testCase{
	{"synonyms take the place of those before", func(t *testing.T, w *world) {
		equal(t, "at first", must(w.Synonyms(w.ctx, w.ws))(t), knowledge.Glossary{})
		first := must(w.PutSynonyms(w.ctx, w.ws, synonyms("parcel", "sack")))(t)
		w.reopen()
		got := must(w.Synonyms(w.ctx, w.ws))(t)
		equal(t, "kept", got, first)
		equal(t, "as they were put", got.Synonyms, synonyms("parcel", "sack"))
		second := must(w.PutSynonyms(w.ctx, w.ws, synonyms("kettle")))(t)
		equal(t, "instead", must(w.Synonyms(w.ctx, w.ws))(t).Synonyms, synonyms("kettle"))
		none := must(w.PutSynonyms(w.ctx, w.ws, nil))(t)
		if first.Version <= 0 || second.Version <= first.Version || none.Version <= second.Version || len(none.Synonyms) > 0 {
			t.Errorf("versions %d, %d, %d; %v left", first.Version, second.Version, none.Version, none.Synonyms)
		}
	}},
	{"synonyms, malformed or nowhere", func(t *testing.T, w *world) {
		_, err := w.PutSynonyms(w.ctx, w.ws, knowledge.Synonyms{{Words: []string{"alone"}, Weight: .5}})
		wantCode(t, err, chat.CodeInvalid)
		equal(t, "stored", must(w.Synonyms(w.ctx, w.ws))(t), knowledge.Glossary{})
		_, err = w.PutSynonyms(w.ctx, id("no workspace"), synonyms("x"))
		wantCode(t, err, chat.CodeNotFound)
		equal(t, "of no workspace", must(w.Synonyms(w.ctx, id("no workspace")))(t), knowledge.Glossary{})
	}},
}

// synonyms lets each word mean a bag.
func synonyms(words ...string) knowledge.Synonyms {
	var out knowledge.Synonyms
	for _, w := range words {
		out = append(out, knowledge.Synonym{Words: []string{w}, Means: []string{"bag"}, Weight: .5})
	}
	return out
}
