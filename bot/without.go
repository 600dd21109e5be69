package bot

import "slices"

// Part is a step of the engine that can be left out, to measure what it
// gives. Nobody who serves customers leaves one out.
type Part string

// The parts.
const (
	PartWords  Part = "words"  // what shared words count for in the search
	PartTitles Part = "titles" // the order by title and by the whole of an article
	PartFocus  Part = "focus"  // what the conversation is about
	PartGuards Part = "guards" // the values and names that are asked for, and internal articles
	PartPair   Part = "pair"   // answers out of two articles where nothing tells which
)

func (e *Engine) lacks(p Part) bool { return slices.Contains(e.without, p) }
