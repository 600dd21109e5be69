package ground

import (
	"slices"

	"frontdesk/knowledge"
)

// matching is a sentence beside a unit that may support it.
type matching struct {
	*source
	unit  *unit
	items []item // of the sentence
	links []string
	at    []int        // by item: its place in unit.all, -1 if it has none
	from  []int        // by place: the item that stands there, -1 if there is none
	used  map[int]bool // places of operators that the sentence has too
	added map[int]bool // modals of the sentence that the unit does not have, and need not
}

// Costs of assign: what a step from one item to the next costs.
const (
	costBack   = 3  // against the order of the source
	costUnder  = 12 // away from the unit itself
	costClause = 4  // at most, from one clause to the next
	costTwice  = 10 // to the same place again
)

// assign gives each item the place in the unit that keeps best to the order.
func (m *matching) assign() {
	n := len(m.items)
	m.at, m.from = make([]int, n), make([]int, len(m.unit.all))
	for i := range m.from {
		m.from[i] = -1
	}
	type state struct {
		place, cost, back int
	}
	var steps [][]state
	var of []int
	for i := range m.items {
		m.at[i] = -1
		if !m.items[i].telling() {
			continue
		}
		places := m.unit.find(m.items[i])
		if len(places) == 0 {
			continue
		}
		var now []state
		for _, p := range places {
			s := state{place: p, back: -1}
			if m.unit.all[p].level != levelUnit {
				s.cost = costUnder + int(m.unit.all[p].level)
			}
			if len(steps) > 0 {
				least := 1 << 30
				for k, b := range steps[len(steps)-1] {
					if c := b.cost + m.step(b.place, p, m.items[of[len(of)-1]].clause != m.items[i].clause); c < least {
						least, s.back = c, k
					}
				}
				s.cost += least
			}
			now = append(now, s)
		}
		steps, of = append(steps, now), append(of, i)
	}
	if len(steps) == 0 {
		return
	}
	best := 0
	last := steps[len(steps)-1]
	for k := range last {
		if last[k].cost < last[best].cost {
			best = k
		}
	}
	for s := len(steps) - 1; s >= 0; s-- {
		st := steps[s][best]
		m.at[of[s]], m.from[st.place] = st.place, of[s]
		best = st.back
	}
}

// step is the cost of going from one place to the next.
// Between clauses any step is about as good as any other.
func (m *matching) step(a, b int, clauses bool) int {
	cost := m.stride(a, b)
	if clauses && a != b {
		cost = min(cost, costClause)
	}
	return cost
}

func (m *matching) stride(a, b int) int {
	if (m.unit.all[a].level == levelUnit) != (m.unit.all[b].level == levelUnit) {
		return costUnder / 2
	}
	if b == a {
		return costTwice
	}
	if b < a {
		return costBack + 2*(a-b)
	}
	return b - a - 1
}

// uncovered looks for an item that neither the unit nor what it is under holds.
func (m *matching) uncovered() (Why, string) {
	worst, what := WhyNone, ""
	for i, it := range m.items {
		if !it.telling() || m.at[i] >= 0 && m.mayStand(i) {
			continue
		}
		why := WhyUnfounded
		switch {
		case it.kind == itemAddress || it.kind == itemValue && it.value.kind == "phone":
			why = WhyAddress
			if it.kind == itemAddress && slices.Contains(m.unit.links, it.key) {
				continue
			}
		case it.kind == itemValue:
			why = WhyValue
		case it.name:
			why = WhyName
			if slices.ContainsFunc(m.units, func(u *unit) bool { return u.holds(it) }) {
				why = WhySubject
			}
		}
		if worst == WhyNone || why != WhyUnfounded && worst == WhyUnfounded {
			worst, what = why, it.text
		}
	}
	return worst, what
}

// mayStand reports whether an item's place is one where it may stand: a value
// must stand in the unit itself, in what introduces it, or be part of a name.
func (m *matching) mayStand(i int) bool {
	it, p := m.items[i], m.at[i]
	if it.kind != itemValue {
		return true
	}
	switch m.unit.all[p].level {
	case levelUnit, levelIntro:
		return true
	}
	return i > 0 && m.at[i-1] == p-1 && m.items[i-1].name
}

// links_ looks for a link that the unit does not have.
func (m *matching) links_() (Why, string) {
	for _, l := range m.links {
		if !m.unit.leads(l) {
			return WhyAddress, l
		}
	}
	return WhyNone, ""
}

// own reports whether enough stands in the unit itself.
func (m *matching) own() (Why, string) {
	own, all := 0, 0
	for i, it := range m.items {
		if it.telling() {
			all++
			if p := m.at[i]; p >= 0 && m.unit.all[p].level == levelUnit {
				own++
			}
		}
	}
	if all == 0 || float64(own) < ownShare*float64(all) {
		return WhyUnfounded, ""
	}
	return WhyNone, ""
}

// unitLevel reports whether an item stands in the unit itself.
func (m *matching) unitLevel(i int) bool {
	return m.at[i] >= 0 && m.unit.all[m.at[i]].level == levelUnit
}

// names looks for a name in place of another one, or for a part of a name.
func (m *matching) names() (Why, string) {
	added := -1
	for i, it := range m.items {
		if !it.name || it.kind == itemAddress || m.at[i] < 0 {
			continue
		}
		if !m.unitLevel(i) {
			added = i
			if i > 0 && m.items[i-1].name && m.unitLevel(i-1) && adjacent(m.items, i-1) {
				return WhySubject, it.text // "M2 Pro" of what is said of the M2
			}
		}
	}
	for p, it := range m.unit.items {
		if !it.name || it.kind == itemAddress || m.from[p] >= 0 {
			continue
		}
		if p > 0 && m.from[p-1] >= 0 && m.unit.items[p-1].name && adjacent(m.unit.items, p-1) {
			return WhySubject, it.text // "M2" of what is said of the M2 Pro
		}
		if added >= 0 && it.clause == m.unit.items[0].clause && !m.known(it) {
			return WhySubject, m.items[added].text
		}
	}
	return WhyNone, ""
}

// known reports whether the sentence has an item anywhere.
func (m *matching) known(it item) bool {
	return slices.ContainsFunc(m.items, func(s item) bool { return s.key == it.key || it.alt != "" && s.alt == it.alt })
}

// adjacent reports whether nothing but a space or hyphen stands between an
// item and the next.
func adjacent(items []item, i int) bool {
	return items[i].clause == items[i+1].clause && items[i+1].from-items[i].to <= 1
}

// cells checks that what is said of a row names it, and of a cell its column
// rather than another one.
func (m *matching) cells() (Why, string) {
	u := m.unit
	if u.kind != knowledge.PieceRow {
		return WhyNone, ""
	}
	for i, it := range m.items {
		if it.telling() && (!m.unitLevel(i) || m.twice(i)) && u.columns[it.key] {
			return WhySubject, it.text // the name of another column
		}
	}
	named := u.keys == 0
	for p := 0; p < u.keys && p < len(u.items); p++ {
		named = named || m.from[p] >= 0
		if u.cell && u.items[p].name && m.from[p] < 0 {
			return WhySubject, u.items[p].text
		}
	}
	if !named {
		return WhySubject, ""
	}
	if !u.cell {
		return WhyNone, ""
	}
	own, whole := m.mentions(u.heading)
	if own == 0 && u.rivals {
		return WhySubject, ""
	}
	for _, other := range u.others {
		if n, all := m.mentions(other); n > own || n == own && n > 0 && (all || !whole) {
			return WhySubject, ""
		}
	}
	return WhyNone, ""
}

// mentions counts the words of a column's name that the sentence has, and
// says whether these are all.
func (m *matching) mentions(column []item) (n int, all bool) {
	all = true
	for _, it := range column {
		if !it.telling() {
			continue
		}
		if m.known(it) {
			n++
		} else {
			all = false
		}
	}
	return n, all
}

// order looks for items that stand the other way round than in the unit.
func (m *matching) order() (Why, string) {
	from := 0 // the names of a cell's row and column may stand anywhere
	if m.unit.cell {
		from = m.unit.keys + len(m.unit.heading)
	}
	row := m.unit.kind == knowledge.PieceRow
	for start := 0; start < len(m.items); {
		end := start
		var seq []int
		for end < len(m.items) && (m.items[end].clause == m.items[start].clause || m.alone(end)) {
			if m.unitLevel(end) && m.at[end] >= from {
				seq = append(seq, end)
			}
			end++
		}
		if i := m.disorder(seq, row); i >= 0 {
			return WhySubject, m.items[i].text
		}
		if m.scattered(seq) {
			return WhyUnfounded, m.items[start].text
		}
		start = end
	}
	for i, it := range m.items {
		if m.unitLevel(i) && m.twice(i) && (m.spare(it) || i >= 1 && m.at[i-1] == m.at[i] || i >= 2 && m.at[i-2] == m.at[i]) {
			return WhySubject, it.text
		}
	}
	return m.interleaved()
}

// spare reports whether the unit has another place for an item, which the
// sentence does not use.
func (m *matching) spare(it item) bool {
	return slices.ContainsFunc(m.unit.find(it), func(p int) bool { return m.unit.all[p].level == levelUnit && m.from[p] < 0 })
}

// alone reports whether a value or name is a clause by itself, as in brackets:
// then it belongs to what stands before it.
func (m *matching) alone(i int) bool {
	it := m.items[i]
	return it.telling() && (it.kind != itemWord || it.name) && i > 0 && m.items[i-1].segment == it.segment && m.items[i-1].clause != it.clause &&
		(i+1 == len(m.items) || m.items[i+1].clause != it.clause)
}

// interleaved looks for clauses of which one says what stands in the midst of
// the other, where values or names are among it.
func (m *matching) interleaved() (Why, string) {
	type extent struct {
		clause, from, to int
		hard             int // an item that is no plain word, -1
	}
	var list []extent
	for i, it := range m.items {
		if !m.unitLevel(i) {
			continue
		}
		if len(list) == 0 || list[len(list)-1].clause != it.clause {
			list = append(list, extent{it.clause, m.at[i], m.at[i], -1})
		}
		e := &list[len(list)-1]
		e.from, e.to = min(e.from, m.at[i]), max(e.to, m.at[i])
		if it.kind != itemWord || it.name {
			e.hard = i
		}
	}
	for k, a := range list {
		for _, b := range list[:k] {
			if a.hard >= 0 && b.hard >= 0 && a.from < b.to && b.from < a.to {
				return WhySubject, m.items[a.hard].text
			}
		}
	}
	return WhyNone, ""
}

// disorder gives an item of a clause that stands out of order, -1 if there is
// none that matters: one plain word may go from the front to the end ("reset the
// password", "the password is reset").
func (m *matching) disorder(seq []int, strictly bool) int {
	inverted := -1
	for k := 1; k < len(seq); k++ {
		if m.at[seq[k]] < m.at[seq[k-1]] {
			if inverted >= 0 {
				return seq[k]
			}
			inverted = k
		}
	}
	if inverted < 0 {
		return -1
	}
	if strictly {
		return seq[inverted]
	}
	last := len(seq) - 1
	if m.rotated(seq[:inverted], seq[inverted:]) {
		return -1
	}
	if inverted != last || m.at[seq[last]] > m.at[seq[0]] || m.items[seq[last]].kind != itemWord || m.items[seq[last]].name {
		return seq[inverted]
	}
	return -1
}

// scattered reports whether the words of a clause are picked from all over the unit.
func (m *matching) scattered(seq []int) bool {
	if len(seq) < 2 {
		return false
	}
	from, to := m.at[seq[0]], m.at[seq[0]]
	for _, i := range seq {
		from, to = min(from, m.at[i]), max(to, m.at[i])
	}
	left := 0
	for p := from; p <= to; p++ {
		if m.unit.items[p].telling() && m.from[p] < 0 {
			left++
		}
	}
	return left > len(seq)+mostLeft
}

// mostLeft is how many more words than it says a clause may leave out between them.
const mostLeft = 3

// rotated reports whether the words of two clauses of the unit were put the
// other way round: "see A to do B".
func (m *matching) rotated(front, back []int) bool {
	hard := func(i int) bool { return m.items[i].kind != itemWord || m.items[i].name }
	if !slices.ContainsFunc(front, func(i int) bool { return !hard(i) }) || !slices.ContainsFunc(back, func(i int) bool { return !hard(i) }) {
		return false
	}
	for _, i := range front {
		for _, k := range back {
			if m.unit.items[m.at[i]].clause == m.unit.items[m.at[k]].clause || m.at[k] > m.at[i] {
				return false
			}
		}
	}
	return true
}

// values checks each value's bound and what it is said of.
func (m *matching) values() (Why, string) {
	for i, it := range m.items {
		if it.kind != itemValue || m.at[i] < 0 {
			continue
		}
		p := m.at[i]
		has := m.unit.all[p]
		if !sameBound(it.value, has.value) {
			return WhyBound, it.text
		}
		if has.level != levelUnit {
			continue
		}
		if it.value.unit == "" && it.value.kind == "number" && !m.unit.cell && !m.besideSame(i, p) {
			return WhySubject, it.text
		}
		if !m.ownAnchor(i, p) || m.foreignAnchor(i, p) {
			return WhySubject, it.text
		}
	}
	return WhyNone, ""
}

// narrowed looks for a value that the unit has in the midst of what the
// sentence says, and the sentence leaves out: "a card bought in 2026 is valid until".
func (m *matching) narrowed() (Why, string) {
	if m.unit.kind == knowledge.PieceRow {
		return WhyNone, ""
	}
	for p, it := range m.unit.items {
		if it.kind != itemValue || m.from[p] >= 0 {
			continue
		}
		before, after := false, false
		for q, o := range m.unit.items {
			if o.clause == it.clause && m.from[q] >= 0 {
				before, after = before || q < p, after || q > p
			}
		}
		if before && after {
			return WhyCondition, it.text
		}
	}
	return WhyNone, ""
}

// sameBound reports whether a value is bounded as its source's.
func sameBound(said, has value) bool {
	a, b := said.bound, has.bound
	if a == "within" && said.kind == "number" {
		a = "max"
	}
	if b == "within" && has.kind == "number" {
		b = "max"
	}
	return a == b || said.bound == "" && has.bound == "within"
}

// besideSame reports whether a bare number has the same word beside it as in
// its source: "5 users" is not "5 cards".
func (m *matching) besideSame(i, p int) bool {
	const near = 3
	seen := false
	for _, k := range []int{i + 1, i - 1} {
		if k < 0 || k >= len(m.items) || m.items[k].clause != m.items[i].clause || !m.items[k].telling() || m.at[k] < 0 {
			continue
		}
		seen = true
		if d := m.at[k] - p; d >= -near && d <= near {
			return true
		}
	}
	return !seen
}

// ownAnchor reports whether a value that has a rival in its unit (another one
// of its kind in another clause) is said of something that stands in its own
// clause and nowhere else.
func (m *matching) ownAnchor(i, p int) bool {
	u := m.unit
	clause := u.items[p].clause
	rival := false
	for q, it := range u.items {
		rival = rival || it.kind == itemValue && q != p && it.value.alike(u.items[p].value) && it.key != u.items[p].key && it.clause != clause
	}
	if !rival {
		return true
	}
	possible := false
	for q, it := range u.items {
		if it.clause != clause || q == p || !it.telling() || it.kind == itemValue {
			continue
		}
		if slices.ContainsFunc(u.items, func(o item) bool { return o.key == it.key && o.clause != clause }) {
			continue
		}
		possible = true
		if m.from[q] >= 0 {
			return true
		}
	}
	return !possible
}

// foreignAnchor reports whether a value is said of what stands beside its rival
// in the unit: in a later clause, or behind the rival in an earlier one. What
// stands before the first of them may be said of all.
func (m *matching) foreignAnchor(i, p int) bool {
	items := m.unit.items
	for k, it := range m.items {
		q := m.at[k]
		if it.clause != m.items[i].clause || k == i || !m.unitLevel(k) || it.kind == itemValue || items[q].clause == items[p].clause {
			continue
		}
		for r, v := range items {
			if v.kind == itemValue && v.clause == items[q].clause && v.value.alike(items[p].value) && v.key != items[p].key && m.from[r] < 0 && (q > p || q > r) {
				return true
			}
		}
	}
	return false
}

// contrast looks for a word that only the title or a heading has, while
// another unit of the section says something of it.
func (m *matching) contrast() (Why, string) {
	lead := m.droppedLead()
	for i, it := range m.items {
		if m.at[i] < 0 || m.unitLevel(i) || !it.telling() || it.kind == itemValue {
			continue
		}
		if m.unit.all[m.at[i]].level == levelIntro && m.unit.leans {
			continue
		}
		for _, o := range m.units {
			if o == m.unit || o.group != m.unit.group && o.section != m.unit.section || o.span == m.unit.span || !o.holds(it) {
				continue
			}
			if lead || m.rivalValue(o) {
				return WhySubject, it.text
			}
		}
	}
	return WhyNone, ""
}

// replaced looks for a word of the title or a heading that stands where the
// unit has another one.
func (m *matching) replaced() (Why, string) {
	free := func(p int) bool { // a telling word of the unit that the sentence leaves out
		return p >= 0 && p < len(m.unit.items) && m.unit.items[p].telling() && m.from[p] < 0
	}
	near := func(i, by int) int { // the place of the next item that stands in the unit
		for i += by; i >= 0 && i < len(m.items) && m.items[i].segment == m.items[max(0, min(i-by, len(m.items)-1))].segment; i += by {
			if m.unitLevel(i) {
				return m.at[i]
			}
		}
		return -1
	}
	same := func(p, q int) bool {
		return q >= 0 && q < len(m.unit.items) && m.unit.items[p].segment == m.unit.items[q].segment
	}
	for i, it := range m.items {
		if !it.telling() || m.unitLevel(i) && !m.twice(i) {
			continue
		}
		if before := near(i, -1); before >= 0 && same(before, m.skip(before, 1)) && free(m.skip(before, 1)) {
			return WhySubject, it.text
		}
		if after := near(i, 1); after >= 0 && same(after, m.skip(after, -1)) && free(m.skip(after, -1)) {
			return WhySubject, it.text
		}
		if emphatic[it.key] && !m.unitLevel(i) {
			return WhyUnfounded, it.text
		}
	}
	return WhyNone, ""
}

// twice reports whether two items of the sentence have the place of one.
func (m *matching) twice(i int) bool {
	for k, p := range m.at {
		if k != i && p == m.at[i] {
			return true
		}
	}
	return false
}

// emphatic are words that a title may say of something else.
var emphatic = set("=free =quick =right =additional automat manual extra")

// skip gives the next place of the unit that is no operator.
func (m *matching) skip(p, by int) int {
	for p += by; p >= 0 && p < len(m.unit.items) && !m.unit.items[p].telling(); p += by {
	}
	return p
}

// droppedLead reports whether the sentence leaves out the first words of the unit.
func (m *matching) droppedLead() bool {
	seen := 0
	for p, it := range m.unit.items {
		if !it.telling() {
			continue
		}
		if m.from[p] < 0 {
			return true
		}
		if seen++; seen == 2 {
			break
		}
	}
	return false
}

// rivalValue reports whether another unit has another value of a kind that the
// sentence states.
func (m *matching) rivalValue(o *unit) bool {
	for _, it := range m.items {
		if it.kind != itemValue {
			continue
		}
		for _, v := range o.items {
			if v.kind == itemValue && v.value.alike(it.value) && v.key != it.key {
				return true
			}
		}
	}
	return false
}

// beheaded looks for what the unit speaks of at the start of the clause in
// which the sentence begins, and the sentence leaves out.
func (m *matching) beheaded() (Why, string) {
	for p, it := range m.unit.items {
		if m.from[p] < 0 {
			continue
		}
		for q := p - 1; q >= 0 && m.unit.items[q].clause == it.clause; q-- {
			if m.unit.items[q].telling() && !readers[m.unit.items[q].key] {
				return WhySubject, m.unit.items[q].text
			}
		}
		return WhyNone, ""
	}
	return WhyUnfounded, ""
}

// readers are those whom a sentence may call "you".
var readers = set("=customer user member")
