package bot

import (
	"math"

	"github.com/google/uuid"

	"frontdesk/knowledge"
)

// focus is what a conversation is about: how much it is about each name of
// the knowledge base, 0..1. The zero value is about nothing.
type focus struct {
	names  names
	things map[int]float64 // names of a few articles: a product, a place, a plan
	kinds  map[int]float64 // names of many: what sort of thing it is
	named  float64         // how surely the newest message names a thing itself
}

// The weights of the conversation's focus. docs/adr/0011-focus.md has what
// they were measured on. Flat from .5 to .7 for thingWeight and from .3 to .5 for
// alone; with Name.Own not squared, arduino_help and own lose 2 to 4 questions to
// subjects that only happen to be named.
const (
	// thingWeight is what being about the thing in focus adds to an article's
	// score; kindWeight the same for the kind of thing.
	thingWeight = .6
	kindWeight  = .1
	// A name of more than kindShare of the articles is a kind of thing, unless
	// these are no more than fewArticles.
	kindShare   = .05
	fewArticles = 8
	// alone is what a thing counts whose articles are like no others.
	alone = .4
	// left is what a thing keeps of the focus when another is named after it.
	left = .6
	// otherKind is what a thing keeps when the newest message speaks of a kind
	// of thing that it is not: "the hotel" after a restaurant was named.
	otherKind = .5
	// lookBackNames is how many messages of either side are searched for names.
	lookBackNames = 24
)

// focusOf finds what a conversation is about: what was named in it by either
// side, the last first.
func focusOf(names names, question string, history []Past) focus {
	f := focus{names: names, things: map[int]float64{}, kinds: map[int]float64{}}
	if names.Len() == 0 {
		return f
	}
	now := names.Mentions(question)
	f.hear(now, 1, 1)
	f.named = f.top()
	thing, kind := f.fade(now, 1, 1)
	for i := len(history) - 1; i >= max(0, len(history)-lookBackNames); i-- {
		said := names.Mentions(history[i].Text)
		f.hear(said, thing, kind)
		thing, kind = f.fade(said, thing, kind)
	}
	f.keepKind(now)
	return f
}

// hear adds the mentions of one message. Where several things claim the same
// words, each gets less.
func (f focus) hear(said []knowledge.Mention, thing, kind float64) {
	for _, m := range said {
		if f.isKind(m.Name) {
			f.kinds[m.Name] = either(f.kinds[m.Name], kind*m.Strength)
		} else {
			f.things[m.Name] = either(f.things[m.Name], thing*f.strength(m, said))
		}
	}
}

// either is the probability of one or the other.
func either(a, b float64) float64 { return 1 - (1-a)*(1-b) }

// fade gives what older messages weigh after one that said these names.
func (f focus) fade(said []knowledge.Mention, thing, kind float64) (float64, float64) {
	var t, k float64
	for _, m := range said {
		if f.isKind(m.Name) {
			k = max(k, m.Strength)
		} else {
			t = max(t, f.strength(m, said))
		}
	}
	return thing * (1 - (1-left)*t), kind * (1 - (1-left)*k)
}

// strength is how surely a thing is meant, where others may claim its words.
func (f focus) strength(m knowledge.Mention, said []knowledge.Mention) float64 {
	rivals := 0.0
	for _, o := range said {
		if o.From < m.To && m.From < o.To && !f.isKind(o.Name) {
			rivals++
		}
	}
	return m.Strength / math.Sqrt(rivals)
}

// keepKind lets go of things that are not of the kind that was just named.
func (f focus) keepKind(now []knowledge.Mention) {
	kind := map[uuid.UUID]bool{}
	for _, m := range now {
		if f.isKind(m.Name) {
			for _, id := range f.names.Name(m.Name).Articles {
				kind[id] = true
			}
		}
	}
	if len(kind) == 0 {
		return
	}
	for name := range f.things {
		if !kind[f.names.Name(name).Articles[0]] {
			f.things[name] *= otherKind
		}
	}
}

func (f focus) isKind(name int) bool {
	n := f.names.Name(name)
	return n.Share > kindShare && len(n.Articles) > fewArticles
}

// about is how much the conversation is about a thing, as far as that helps:
// little if many other articles use the name too, and less if what is asked
// about this thing is asked about no other, because then the question finds its
// article by itself.
func (f focus) about(thing int) float64 {
	n := f.names.Name(thing)
	return f.things[thing] * n.Own * n.Own * (alone + (1-alone)*max(n.Siblings, f.names.Parallel()))
}

// top is how much the conversation is about what it is most about, 0..1.
func (f focus) top() float64 {
	top := 0.0
	for t := range f.things {
		top = max(top, f.about(t))
	}
	return top
}

// favour is what the search gets of a turn's focus.
func (e *Engine) favour(u understanding) map[uuid.UUID]float64 {
	if e.lacks(PartFocus) {
		return nil
	}
	return u.focus.favour()
}

// favour gives what the focus adds to the scores of articles. What is most in
// focus is raised: that it was said in few words is no reason to doubt it.
func (f focus) favour() map[uuid.UUID]float64 {
	scale := thingWeight / math.Sqrt(max(f.top(), 1e-3))
	things, kinds := map[uuid.UUID]float64{}, map[uuid.UUID]float64{}
	for t := range f.things {
		for _, id := range f.names.Name(t).Articles {
			things[id] = max(things[id], scale*f.about(t))
		}
	}
	for k, a := range f.kinds {
		for _, id := range f.names.Name(k).Articles {
			kinds[id] = max(kinds[id], kindWeight*a)
		}
	}
	for id, k := range kinds {
		things[id] += k
	}
	return things
}
