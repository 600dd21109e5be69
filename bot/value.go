package bot

import (
	"regexp"
	"slices"
	"strings"

	"frontdesk/knowledge"
)

// valueKind is the kind of value that a question asks for.
type valueKind string

// The kinds, in the order in which they are tried. A yes or no is none: any
// sentence may decide it.
const (
	valuePhone    valueKind = "phone"
	valueEmail    valueKind = "e-mail"
	valuePlace    valueKind = "place"    // where somebody or something is
	valueHours    valueKind = "hours"    // when somebody is there
	valueDuration valueKind = "duration" // how long
	valueDate     valueKind = "date"     // which day, what time
	valuePercent  valueKind = "percent"  // a rate or share
	valueMoney    valueKind = "money"    // a sum, with its currency
	valueAmount   valueKind = "amount"   // how much, of whatever
	valueCount    valueKind = "count"    // how many
	valueName     valueKind = "name"     // who
)

var asked = []struct {
	kind valueKind
	re   *regexp.Regexp
}{
	{valuePhone, regexp.MustCompile(`(?i)\b(what|which|give me|tell me|need|have)\b[^.?!]{0,20}\b(phone|telephone|fax|whatsapp) ?(number)?\b|\b(your|the) (phone|telephone|fax) number\b`)},
	{valueEmail, regexp.MustCompile(`(?i)\b(what|which|give me|tell me|need)\b[^.?!]{0,20}\b(your|the) e-?mail( address)?\b|\b(what|which) e-?mail address\b[^.?!]{0,20}\b(write|send|reach|contact)\b`)},
	{valuePlace, regexp.MustCompile(`(?i)\b(what|which)('s| is)? (your|the) (postal |street |return |shop |office |store )?address\b|\bwhere (are|is) (you|your (shop|store|office|workshop|branch|warehouse|headquarters))( based| located)?\b`)},
	{valueHours, regexp.MustCompile(`(?i)\b(opening|business|office) (hours|times)\b|\bwhat are (your|the) hours\b|\b(are|is|will) (you|they|it|the (shop|store|workshop|office))( be)? (there|open)\b[^.?!]*\b(until when|till when|what time|from when)\b|\bwhat time (do|does|are|is) (you|they|it|the (shop|store|workshop|office)) (open|close)\b`)},
	{valueDuration, regexp.MustCompile(`(?i)\bhow (long|many (days|weeks|months|hours|minutes|years)|soon|fast|quickly|old)\b|\bhow much time\b`)},
	{valueDate, regexp.MustCompile(`(?i)\b(what|which) (date|day|time|month|year)\b|\b(until|by|since) when\b`)},
	{valuePercent, regexp.MustCompile(`(?i)\b(what|which|how (high|much|many))\b[^.?!]{0,40}\b(percentage|percent|per cent|apr|apy|interest rate)\b|\bwhat (share|proportion)\b`)},
	{valueMoney, regexp.MustCompile(`(?i)\bhow (much|high|expensive)\b[^.?!]*\b(cost|costs|price|priced|fee|fees|charge|charged|charges|pay|expensive|surcharge|deductible|premium|delivery|shipping|postage)\b|\b(cost|costs|price|fee|fees|shipping|delivery|postage)\b[^.?!]*\bhow much\b|\bhow expensive\b|\bwhat('s| is| are| does| do| would| will)?\b[^.?!]{0,40}\b(price|cost|costs|fee|fees|charge|charges|surcharge|commission|deductible|premium)\b|\bannual price\b|\bwhat do (i|we) pay\b|\bthe price of\b`)},
	{valueAmount, regexp.MustCompile(`(?i)\bhow (much|high)\b|\bwhat('s| is| are)?\b[^.?!]{0,40}\b(rate|interest)\b`)},
	{valueCount, regexp.MustCompile(`(?i)\bhow (many|often)\b|\bnumber of\b|\b(what|which)('s| is| are)?\b[^.?!]{0,20}\b(limit|maximum|minimum|max|min)\b`)},
	{valueName, regexp.MustCompile(`(?i)\bwhat('s| is) the name of\b|\bwhat('s| is| are) [^.?!]{0,30} (called|named)\b|\bwho (makes|made|runs|owns|delivers|founded)\b`)},
}

// valueAsked gives the kind of value that a question asks for, "" for none.
func valueAsked(question string) valueKind {
	for _, a := range asked {
		if a.re.MatchString(question) {
			return a.kind
		}
	}
	return ""
}

const (
	numberWords = `one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|once|twice|half|a dozen|several|both|each|every|all|none|no|any number|unlimited|unrestricted`
	timeWords   = `seconds?|minutes?|hours?|days?|daily|weeks?|weekly|weekends?|months?|monthly|years?|yearly|annual(ly)?|immediately|instantly|at once|right away|overnight|same day|next day|today|tomorrow|forever|indefinitely|permanent(ly)?|for life|lifetime|expires?|midnight|noon|morning|evening|always|ever`
	dayWords    = `monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december|weekdays?|working days?|business days?|holidays?`
)

var held = map[valueKind]*regexp.Regexp{
	valuePhone:    regexp.MustCompile(`\+?\(?\d[\d ()/.-]{5,}\d`),
	valueEmail:    regexp.MustCompile(`@|https?://|www\.`),
	valuePlace:    regexp.MustCompile(`\b\d{4,5}\b|(?i:street|road|avenue|lane|square|str\.|straße|strasse|platz|weg|floor)\b|\b(in|at|near|from|to) \p{Lu}`),
	valueHours:    regexp.MustCompile(`(?i)\b\d{1,2}([:.]\d{2}|( |&nbsp;)?([ap]\.?m\b|o'?clock|uhr))|\b(noon|midnight|around the clock|24/7|closed|day and night|always|any time)\b`),
	valueDuration: regexp.MustCompile(`(?i)\b(` + timeWords + `|` + dayWords + `)\b|\d`),
	valueDate:     regexp.MustCompile(`(?i)\b(` + timeWords + `|` + dayWords + `)\b|\d`),
	valuePercent:  regexp.MustCompile(`(?i)\d ?(%|percent|per cent)|\b(free|no (\w+ )?(fees?|charges?|costs?|interest|surcharge)|nothing|zero|half|all of|the (whole|full)|a (third|quarter|fifth|tenth))\b`),
	valueMoney:    regexp.MustCompile(`(?i)[€$£¥₣]|%|\b(eur|usd|gbp|chf|euros?|dollars?|pounds?|francs?|cents?|pence|percent)\b|\b(free|no (\w+ )?(fees?|charges?|costs?|interest|surcharge)|waived?|complimentary|included|nothing|zero|full (price|amount))\b`),
	valueAmount:   regexp.MustCompile(`(?i)\d|\b(free|no (\w+ )?(fees?|charges?|costs?|interest|surcharge)|waived?|complimentary|included|nothing|zero|half|full (price|amount)|` + numberWords + `)\b`),
	valueCount:    regexp.MustCompile(`(?i)\d|\b(` + numberWords + `|as (many|often) as|no limit)\b`),
	valueName:     regexp.MustCompile(`[\pL\d,;:)] +["“]?\p{Lu}`),
}

// measures are kinds of value with a unit of their own. A question that asks
// for one is not answered by any other number.
var measures = []struct{ asks, holds *regexp.Regexp }{
	measure(`how (loud|noisy)|decibels?|\bdB\b|noise level`, `db|decibels?`),
	measure(`how (heavy|much does .{1,40} weigh)|what does .{1,40} weigh|weight of`, `g|kg|kilos?|grams?|kilograms?|lbs?|pounds?|ounces?|oz|tonnes?`),
	measure(`how (wide|tall|big|deep|thick)|dimensions|\bin (cm|mm|inches)\b|diameter`, `mm|cm|m|metres?|meters?|inch(es)?|feet|ft`),
	measure(`\bvolts?\b|\bvoltage\b`, `v|volts?`),
	measure(`\bwatts?\b|\bwattage\b|power consumption|how much power`, `w|kw|watts?|kwh`),
	measure(`how hot|(what|which) temperature|how many degrees`, `°\W?[cf]?|degrees?`),
	measure(`how many (mg|milligrams?)\b`, `mg|milligrams?`),
	measure(`how many (ml|millilit\w+|lit\w+)\b`, `ml|l|(milli)?lit(er|re)s?`),
	measure(`how many (kcal|calories)\b`, `kcal|calories`),
	measure(`\bper hour\b`, `(per|an|every|each) hour|hourly`),
}

// measure makes an entry; a unit counts after a number and, as in the header
// of a table, alone.
func measure(asks, units string) struct{ asks, holds *regexp.Regexp } {
	return struct{ asks, holds *regexp.Regexp }{
		regexp.MustCompile(`(?i)` + asks), regexp.MustCompile(`(?i)(\d ?|^|\W)(` + units + `)(\W|$)`),
	}
}

// holdsValue reports whether a text holds a value of a kind, outside the
// marks of a missing one.
func holdsValue(kind valueKind, text string) bool {
	return held[kind].MatchString(blanks.ReplaceAllString(text, " "))
}

// evades are the ways in which an article says that it does not say a value.
var evades = regexp.MustCompile(`(?i)\b(contact|call|ask|write to|e-?mail|consult|check with) (us|the|your|our)\b[^.!?]{0,30}\b(for|about) (the |our |your |current |exact |a )*(price|prices|pricing|rates?|fees?|costs?|quote|amount|details?|figures?|dates?|times?)\b|\b(prices?|rates?|fees?|costs?) (is |are )?(available )?(up)?on request\b|\b(coming soon|to follow|to be (announced|confirmed|determined|decided|defined))\b`)

const (
	// citedNear is the share of the lead's score from which on a sentence
	// counts as cited for the question, and not as standing beside it.
	citedNear = .6
)

// valueMissing reports whether a question asks for a value that the passage
// lacks: the lead, or the cell that the question names, has a blank where the
// value should be, or no sentence that answers holds a value of that kind.
// This is a rule and no score, because such passages look right in every other way.
func (p passage) valueMissing(question string, q quoted) bool {
	if p.lead < 0 || len(q.statements) == 0 || p.pieces[p.lead].blank && p.pieces[p.lead].Kind != knowledge.PieceRow {
		return true
	}
	rows := p.rowsIn(q.picked)
	if len(rows) == 1 && p.cellMissing(question, rows[0]) {
		return true
	}
	for _, m := range measures {
		if m.asks.MatchString(question) && !m.holds.MatchString(q.text) {
			return true
		}
	}
	kind := valueAsked(question)
	if kind == "" {
		return false
	}
	if len(rows) > 1 && strangeName(question, p.hit.Document) != "" {
		return true // a table with no row for "Oslo"
	}
	if lead := p.pieces[p.lead].Text; evades.MatchString(lead) && !strings.ContainsAny(lead, "0123456789") {
		return true
	}
	for _, i := range q.picked {
		k := p.pieces[i]
		cited := i == p.lead || k.Kind == knowledge.PieceRow || k.score >= citedNear*p.pieces[p.lead].score
		text := k.Text
		if k.Kind == knowledge.PieceRow { // its currency may stand in the header
			header, _ := p.cells(i)
			text += " " + strings.Join(header, " ")
		}
		if cited && !k.blank && holdsValue(kind, text) {
			return false
		}
	}
	return true
}

func (p passage) rowsIn(picked []int) []int {
	var out []int
	for _, i := range picked {
		if p.pieces[i].Kind == knowledge.PieceRow {
			out = append(out, i)
		}
	}
	return out
}

// emptyCell is what writers put into a cell for which they have no value.
var emptyCell = regexp.MustCompile(`(?i)^(\W*|n\W?a\W?|none|unknown|pending|tb[acd]|to be \w+|soon|coming soon|not (yet )?(available|known)|(up)?on request|(ask|contact|call) us.*)$`)

// cellMissing reports whether a row lacks the value that is asked for: the
// cell under the header that the question names is empty, or, where it names
// none, all cells beside the first are.
func (p passage) cellMissing(question string, row int) bool {
	header, cells := p.cells(row)
	if len(cells) < 2 {
		return p.pieces[row].blank
	}
	want, column, best, tied := stems(question), 0, 0.0, false
	for i := 1; i < len(header) && i < len(cells); i++ {
		switch s := share(stems(header[i]), want); {
		case s > best:
			column, best, tied = i, s, false
		case s == best:
			tied = true
		}
	}
	if best > 0 && !tied {
		return missingCell(cells[column])
	}
	return !slices.ContainsFunc(cells[1:], func(c string) bool { return !missingCell(c) })
}

func missingCell(cell string) bool {
	return emptyCell.MatchString(strings.TrimSpace(blanks.ReplaceAllString(cell, " ")))
}

// cells gives the header and the cells of a row.
func (p passage) cells(row int) (header, cells []string) {
	for _, b := range knowledge.RenderSpan(p.hit.Document.Body, p.pieces[row].Span, nil) {
		if b.T != "table" || len(b.Kids) != 2 {
			continue
		}
		for _, c := range b.Kids[0].Kids {
			header = append(header, knowledge.PlainText(c.Kids))
		}
		for _, c := range b.Kids[1].Kids {
			cells = append(cells, knowledge.PlainText(c.Kids))
		}
	}
	return header, cells
}
