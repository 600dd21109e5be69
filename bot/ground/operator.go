package ground

import "slices"

// What operators there are; see english.txt.
const (
	opNot    = "not"
	opCannot = "cannot"
	opCan    = "can"
	opMust   = "must"
	opShould = "should"
	opFree   = "optional"
	opAnd    = "and"
	opOr     = "or"
	opIf     = "if"
	opOnly   = "only"
)

var (
	modals = set("can must should optional")
	// kept are operators that change what is said when they are left out before
	// what the sentence says.
	kept = set("not cannot must_not may_not should_not without unless except only rarely usually sometimes often probably some most few until only_if")
	// conditions are those that restrict the whole of what stands beside them.
	conditions = set("if unless except until only_if")
	// strict are those that a sentence may not add.
	strict  = set("not cannot if only_if unless except until before after without only all any most few always usually sometimes often rarely probably many")
	denials = set("not cannot must_not may_not should_not without")
)

// whyOf is the reason that an operator gives when it is added or left out.
func whyOf(op string) Why {
	switch {
	case conditions[op]:
		return WhyCondition
	case denials[op] || op == opOnly:
		return WhyPolarity
	case op == "before" || op == "after":
		return WhyBound
	}
	return WhyModal
}

// near is how far from the word that an operator binds to in the sentence the
// one may stand that it binds to in the source.
const near = 2

// bound gives an operator of the unit that does what one of the sentence does
// to the item at place p; -1 if there is none.
func (m *matching) bound(op string, p int) int {
	best, least := -1, near+1
	for q, it := range m.unit.all {
		if it.kind != itemOp || it.key != op || it.target < 0 || it.level != m.unit.all[p].level || m.used[q] && op != opAnd && op != opOr {
			continue
		}
		if it.target != p && m.from[it.target] >= 0 {
			continue // it binds to another word that the sentence has too
		}
		d := it.target - p
		if d < 0 {
			d = -d
		}
		if d < least && m.unit.all[it.target].segment == m.unit.all[p].segment {
			best, least = q, d
		}
	}
	return best
}

// operators checks that each operator of the sentence stands in the source,
// before the same word.
func (m *matching) operators() (Why, string) {
	if it, bare := m.onlyConditions(); bare {
		return WhyUnfounded, it.text
	}
	m.used, m.added = map[int]bool{}, map[int]bool{}
	for i, it := range m.items {
		if it.kind != itemOp || it.target < 0 {
			continue
		}
		p := m.at[it.target]
		if p < 0 {
			continue
		}
		q := m.bound(it.key, p)
		if q >= 0 {
			m.used[q] = true
			continue
		}
		switch {
		case modals[it.key]:
			if !m.modalAllowed(it.key, p) {
				return WhyModal, it.text
			}
			m.added[i] = true
		case it.key == opAnd && m.bound(opOr, p) >= 0 && m.unit.all[m.bound(opOr, p)].target == p, it.key == opOr && m.bound(opAnd, p) >= 0 && m.unit.all[m.bound(opAnd, p)].target == p:
			return WhyModal, it.text
		case strict[it.key]:
			return whyOf(it.key), it.text
		}
	}
	return WhyNone, ""
}

// onlyConditions reports whether a part of the sentence names a condition, and
// nothing that it is one for.
func (m *matching) onlyConditions() (of item, bare bool) {
	for _, op := range m.items {
		if op.kind != itemOp || !conditions[op.key] || op.key == "except" {
			continue
		}
		if !slices.ContainsFunc(m.items, func(it item) bool { return it.telling() && it.segment == op.segment && it.clause != op.clause }) {
			return op, true
		}
	}
	return item{}, false
}

// modalAllowed reports whether a modal may be added to what the source says
// plainly: a step may be said with "can" and "need to".
func (m *matching) modalAllowed(op string, p int) bool {
	for _, other := range []string{opCan, opMust, opShould, opFree, opCannot, "must_not", "may_not", "should_not"} {
		if q := m.bound(other, p); q >= 0 && other != op {
			return false
		}
	}
	switch op {
	case opCan:
		return true
	case opMust, opShould:
		return m.imperative(p)
	}
	return false
}

// imperative reports whether the word at a place begins its clause in the
// unit, as that of a step does.
func (m *matching) imperative(p int) bool {
	return p == 0 || p < len(m.unit.items) && m.unit.items[p-1].clause != m.unit.items[p].clause
}

// sourceOperators checks that the sentence keeps the operators of the source
// before the words that it says.
func (m *matching) sourceOperators() (Why, string) {
	for q, it := range m.unit.all {
		if it.kind != itemOp || it.target < 0 || m.used[q] {
			continue
		}
		i := m.from[it.target]
		if i < 0 && !(it.level == levelUnit && denials[it.key] && m.saysHalf(it.clause)) {
			continue
		}
		if it.level != levelUnit && (it.asks || !denials[it.key] && it.key != opOnly) {
			continue
		}
		switch {
		case kept[it.key]:
			return whyOf(it.key), it.text
		case it.key == opMust || it.key == opCan || it.key == opShould || it.key == opFree:
			if it.level == levelUnit && !m.commands(i) && !m.modalNear(i) {
				return WhyModal, it.text
			}
		}
	}
	return WhyNone, ""
}

// saysHalf reports whether the sentence says half of the words of a clause of the unit.
func (m *matching) saysHalf(clause int) bool {
	said, all := m.said(clause)
	return all > 0 && 2*said >= all
}

// commands reports whether an item of the sentence begins a clause of it: "Open the lid".
func (m *matching) commands(i int) bool { return m.items[i].bare }

// modalNear reports whether the sentence has a modal of its own at an item,
// which operators has judged.
func (m *matching) modalNear(i int) bool {
	for k, it := range m.items {
		if m.added[k] && it.target >= i-near && it.target <= i+near {
			return true
		}
	}
	return false
}

// conditions checks that the sentence keeps the conditions of what it says.
func (m *matching) conditions() (Why, string) {
	for q, it := range m.unit.items {
		if it.kind != itemOp || !conditions[it.key] || m.used[q] {
			continue
		}
		governs := it.clause == m.unit.items[0].clause
		for p := range m.unit.items {
			governs = governs || m.from[p] >= 0 && m.unit.items[p].segment == it.segment
		}
		if governs {
			return WhyCondition, it.text
		}
	}
	return WhyNone, ""
}

// said counts the telling words of a clause of the unit, and those of them
// that the sentence has.
func (m *matching) said(clause int) (said, all int) {
	for p, it := range m.unit.items {
		if it.clause == clause && it.telling() {
			all++
			if m.from[p] >= 0 {
				said++
			}
		}
	}
	return said, all
}
