package bot

import (
	"regexp"

	"frontdesk/knowledge"
)

// valueKind is the kind of value that a question asks for.
type valueKind string

// The kinds, in the order in which they are tried.
const (
	valueContact  valueKind = "contact"  // a phone number or address
	valueDuration valueKind = "duration" // how long
	valueDate     valueKind = "date"     // which day, what time
	valueMoney    valueKind = "money"    // a sum or rate
	valueCount    valueKind = "count"    // how many
)

var asked = []struct {
	kind valueKind
	re   *regexp.Regexp
}{
	{valueContact, regexp.MustCompile(`(?i)\b(what|which|give me|tell me|need|have)\b[^.?!]{0,20}\b(phone|telephone|fax|whatsapp) ?(number)?\b|\b(your|the) (phone|telephone|fax) number\b`)},
	{valueDuration, regexp.MustCompile(`(?i)\bhow (long|many (days|weeks|months|hours|minutes|years)|soon|fast|quickly|old)\b|\bhow much time\b`)},
	{valueDate, regexp.MustCompile(`(?i)\b(what|which) (date|day|time|month|year)\b|\b(until|by|since) when\b|\bwhat are (your|the) (opening )?hours\b`)},
	{valueMoney, regexp.MustCompile(`(?i)\bhow (much|high|expensive)\b|\bwhat('s| is| are| does| do| would| will)?\b[^.?!]{0,40}\b(price|cost|costs|fee|fees|charge|charges|surcharge|rate|apr|interest|percentage|commission|deductible|premium)\b|\bwhat share\b|\bannual price\b|\bwhat do i pay\b|\bthe price of\b`)},
	{valueCount, regexp.MustCompile(`(?i)\bhow (many|often)\b|\bnumber of\b|\b(what|which)('s| is| are)?\b[^.?!]{0,20}\b(limit|maximum|minimum|max|min)\b`)},
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
	valueContact:  regexp.MustCompile(`\+?\(?\d[\d ()/.-]{5,}\d|@`),
	valueDuration: regexp.MustCompile(`(?i)\b(` + timeWords + `|` + dayWords + `)\b|\d`),
	valueDate:     regexp.MustCompile(`(?i)\b(` + timeWords + `|` + dayWords + `)\b|\d`),
	valueMoney:    regexp.MustCompile(`(?i)\d|\b(free|no (\w+ )?(fees?|charges?|costs?|interest|surcharge)|waived?|complimentary|included|nothing|zero|half|full (price|amount)|` + numberWords + `)\b`),
	valueCount:    regexp.MustCompile(`(?i)\d|\b(` + numberWords + `|as (many|often) as|no limit)\b`),
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

// valueMissing reports whether a question asks for a value that the passage
// lacks: the lead or the row that the question names has a blank where the
// value should be, or nothing that would be said holds a value of that kind.
// This is a rule and no score, because such passages look right in every other way.
func (p passage) valueMissing(question string, q quoted) bool {
	if p.lead < 0 || p.pieces[p.lead].blank || len(q.statements) == 0 {
		return true
	}
	if rows := p.rowsIn(q.picked); len(rows) == 1 && p.pieces[rows[0]].blank {
		return true
	}
	for _, m := range measures {
		if m.asks.MatchString(question) && !m.holds.MatchString(q.text) {
			return true
		}
	}
	kind := valueAsked(question)
	return kind != "" && !held[kind].MatchString(q.text)
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
