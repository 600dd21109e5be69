package ground

import (
	"slices"
	"strconv"
	"strings"
)

// value is a number with what it is a number of.
type value struct {
	kind    string // "number", "version", "date", "time", "rate", "phone"
	low     string // the number, or the lower end of a range
	high    string // the upper end of a range, else ""
	unit    string // "day", "eur", "percent"; "" of a bare number
	article bool   // the number is the word "a"
	bound   string // "min", "max" and so on; see english.txt
}

// key is equal for values that are the same, whatever their bounds.
func (v value) key() string { return v.kind + ":" + v.low + ".." + v.high + " " + v.unit }

// otherKey is another key that a value may have in a source: "a month" is one
// month, and every one. "" for none.
func (v value) otherKey() string {
	if v.kind == "number" && v.low == "1" && v.high == "" && v.article {
		return value{kind: "rate", unit: v.unit}.key()
	}
	return ""
}

// alike reports whether two values are of one kind, so that one could stand
// where the other does.
func (v value) alike(w value) bool { return v.kind == w.kind && v.unit == w.unit }

var currencies = map[string]string{"€": "eur", "$": "usd", "£": "gbp", "¥": "jpy", "₹": "inr"}

var numberWords = map[string]int{
	"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
	"nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}

var months = map[string]int{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10,
	"november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}

// rates are words that say how often, and what they are for short.
var rates = map[string]string{
	"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year", "annual": "year", "hourly": "hour", "quarterly": "quarter",
}

// each are the words that make a rate with a unit of time behind them.
var each = set("per each every")

// peek gives the token i places on; one without text behind the end.
func (r *reading) peek(i int) raw {
	if at := r.at + i; at >= 0 && at < len(r.raw) {
		return r.raw[at]
	}
	return raw{what: rawSign}
}

// value reads a value that begins here, and how many tokens it has: 0 for none.
func (r *reading) value() (value, int) {
	t := r.peek(0)
	if t.what == rawWord && rates[t.low] != "" {
		return value{kind: "rate", unit: rates[t.low]}, 1
	}
	if v, n := r.rate(); n > 0 {
		return v, n
	}
	if v, n := r.date(); n > 0 {
		return v, n
	}
	if v, n := r.phone(); n > 0 {
		return v, n
	}
	if v, n := r.clock(); n > 0 {
		return v, n
	}
	return r.amount()
}

// rate reads "per month", "every week", and "a month" behind a value.
func (r *reading) rate() (value, int) {
	t := r.peek(0)
	afterValue := len(r.out) > 0 && r.out[len(r.out)-1].kind == itemValue && r.raw[r.at-1].what != rawSign || r.at > 0 && slices.Contains([]string{"once", "twice", "times", "%", "€", "$", "£"}, r.raw[r.at-1].low)
	if !each[t.low] && t.low != "/" && !((t.low == "a" || t.low == "an") && afterValue) || t.low == "/" && !afterValue {
		return value{}, 0
	}
	unit, n := r.unit(1)
	switch unit {
	case "day", "workday", "week", "month", "year", "hour", "minute", "second", "quarter", "night":
		return value{kind: "rate", unit: unit}, 1 + n
	}
	return value{}, 0
}

// unit reads a unit i places on, and how many tokens it has.
func (r *reading) unit(i int) (string, int) {
	senses, n := match(r.words.units, func(k int) string { return r.wordAt(i + k) })
	if n == 0 {
		return "", 0
	}
	return senses[0].means, n
}

// wordAt is word for any place: signs have none.
func (r *reading) wordAt(i int) string {
	if t := r.peek(i); t.what == rawWord {
		return t.low
	}
	return ""
}

// date reads "1 November 2023", "November 1st, 2023", "2023-11-01".
func (r *reading) date() (value, int) {
	t := r.peek(0)
	day := func(i int) (int, int) {
		d := r.peek(i)
		digits := strings.TrimRight(d.low, "stndrh")
		if d.what != rawNumber && d.what != rawCode || len(digits) > 2 {
			return 0, 0
		}
		n, err := strconv.Atoi(digits)
		if err != nil || n < 1 || n > 31 {
			return 0, 0
		}
		return n, 1
	}
	year := func(i int) (string, int) {
		skip := 0
		if r.peek(i).text == "," {
			skip = 1
		}
		y := r.peek(i + skip)
		if y.what == rawNumber && len(y.text) == 4 && (y.text[:2] == "19" || y.text[:2] == "20") {
			return y.text, skip + 1
		}
		return "", 0
	}
	if m := months[t.low]; m > 0 && t.capital && t.what == rawWord {
		if d, n := day(1); n > 0 {
			y, k := year(2)
			return value{kind: "date", low: dateKey(y, m, d)}, 2 + k
		}
		return value{}, 0
	}
	if d, n := day(0); n > 0 {
		of := 0
		if r.wordAt(1) == "of" {
			of = 1
		}
		if m := months[r.wordAt(1+of)]; m > 0 && r.peek(1+of).capital {
			y, k := year(2 + of)
			return value{kind: "date", low: dateKey(y, m, d)}, 2 + of + k
		}
	}
	if t.what == rawNumber && len(t.text) == 4 && r.peek(1).text == "-" && r.peek(3).text == "-" && r.peek(4).glued && r.peek(4).what == rawNumber {
		m, _ := strconv.Atoi(r.peek(2).text)
		d, _ := strconv.Atoi(r.peek(4).text)
		if m >= 1 && m <= 12 && d >= 1 && d <= 31 {
			return value{kind: "date", low: dateKey(t.text, m, d)}, 5
		}
	}
	return value{}, 0
}

func dateKey(year string, month, day int) string {
	return year + "-" + strconv.Itoa(month) + "-" + strconv.Itoa(day)
}

// phone reads a number of seven digits or more in groups, or behind a plus.
func (r *reading) phone() (value, int) {
	n, digits, groups := 0, "", 0
	plus := r.peek(0).text == "+"
	if plus {
		n++
	}
	for {
		t := r.peek(n)
		switch {
		case t.what == rawNumber && strings.Trim(t.text, "0123456789") == "" && (groups == 0 || groups < 7):
			digits += t.text
			groups++
			n++
			continue
		case groups > 0 && (t.text == "-" || t.text == "(" || t.text == ")") && r.peek(n+1).what == rawNumber, n == 0 && t.text == "(" && r.peek(1).what == rawNumber && r.peek(2).text == ")":
			n++
			continue
		}
		break
	}
	if r.peek(n-1).what != rawNumber || len(digits) < 7 || groups < 2 || !plus && groups < 3 && len(digits) < 8 {
		return value{}, 0
	}
	return value{kind: "phone", low: digits}, n
}

// clock reads "14:00", "2 pm", "2:30 p.m.", "noon".
func (r *reading) clock() (value, int) {
	t := r.peek(0)
	switch t.low {
	case "noon", "midday":
		return value{kind: "time", low: "12:00"}, 1
	case "midnight":
		return value{kind: "time", low: "0:00"}, 1
	}
	if t.what != rawNumber {
		return value{}, 0
	}
	hour, minute, colon := strings.Cut(t.text, ":")
	h, err := strconv.Atoi(hour)
	if err != nil || h > 24 || colon && len(minute) != 2 {
		return value{}, 0
	}
	n := 1
	half := ""
	switch next := r.wordAt(1); {
	case next == "am" || next == "pm":
		half, n = next, 2
	case (next == "a" || next == "p") && r.peek(2).text == "." && r.wordAt(3) == "m":
		half, n = next+"m", 4
		if r.peek(4).text == "." && r.peek(4).glued {
			n = 5
		}
	case next == "o" && r.wordAt(2) == "clock":
		n = 3
	case !colon:
		return value{}, 0
	}
	if half == "pm" && h < 12 {
		h += 12
	}
	if half == "am" && h == 12 {
		h = 0
	}
	if !colon {
		minute = "00"
	}
	return value{kind: "time", low: strconv.Itoa(h) + ":" + minute}, n
}

// amount reads a number, a range of two, with a unit or currency before or behind.
func (r *reading) amount() (value, int) {
	v := value{kind: "number"}
	n := 0
	if c := r.currency(0); c != "" && r.isNumber(1) {
		v.unit, n = c, 1
	}
	low, k := r.number(n)
	if k == 0 {
		return r.aUnit()
	}
	v.low, n = low, n+k
	if high, k := r.rangeTo(n); k > 0 {
		v.high, n = high, n+k
	}
	if v.unit == "" || r.unitIs(n, v.unit) { // "$0.75 dollars"
		unit, k := r.unitBehind(n)
		if k > 0 {
			v.unit, n = unit, n+k
		}
	}
	if v.unit == "" && v.high == "" && strings.Count(v.low, ".") > 1 {
		return value{kind: "version", low: v.low}, n
	}
	return v, n
}

func (r *reading) unitIs(i int, unit string) bool {
	u, k := r.unit(i)
	return k > 0 && u == unit
}

// unitBehind reads the unit of a number: %, a currency, a word, also behind a hyphen.
func (r *reading) unitBehind(i int) (string, int) {
	t := r.peek(i)
	if t.text == "%" {
		return "percent", 1
	}
	if c := r.currency(i); c != "" && !r.isNumber(i+1) {
		return c, 1
	}
	if (t.text == "°") && r.peek(i+1).glued {
		return "°" + r.peek(i+1).low, 2
	}
	skip := 0
	if t.text == "-" && t.glued && r.peek(i+1).glued {
		skip = 1
	}
	if unit, n := r.unit(i + skip); n > 0 && !(unit == "time" && skip == 0 && r.wordAt(i) == "time") {
		return unit, n + skip
	}
	return "", 0
}

func (r *reading) currency(i int) string {
	t := r.peek(i)
	if c := currencies[t.text]; c != "" {
		return c
	}
	if t.what == rawWord {
		switch t.text {
		case "EUR", "USD", "GBP", "CHF":
			return t.low
		}
	}
	return ""
}

// aUnit reads "an hour", "a week": one of a unit of time.
func (r *reading) aUnit() (value, int) {
	if t := r.peek(0); t.what != rawWord || t.low != "a" && t.low != "an" {
		return value{}, 0
	}
	switch unit, n := r.unit(1); unit {
	case "day", "workday", "week", "month", "year", "hour", "minute", "second", "quarter":
		return value{kind: "number", low: "1", unit: unit, article: true}, 1 + n
	}
	return value{}, 0
}

// rangeTo reads the upper end of a range: "–5", "to 5", "and 5" behind "between".
func (r *reading) rangeTo(i int) (string, int) {
	t := r.peek(i)
	between := t.low == "and" && r.at > 0 && r.raw[r.at-1].low == "between"
	dash := (t.text == "-" || t.text == "–" || t.text == "—") && t.what == rawSign
	if !dash && t.low != "to" && !between {
		return "", 0
	}
	high, n := r.number(i + 1)
	if n == 0 || r.peek(i+1).what == rawWord && dash {
		return "", 0
	}
	return high, 1 + n
}

func (r *reading) isNumber(i int) bool {
	_, n := r.number(i)
	return n > 0
}

// number reads a number in digits or words.
func (r *reading) number(i int) (string, int) {
	t := r.peek(i)
	switch t.what {
	case rawNumber:
		if strings.ContainsAny(t.text, ":/") {
			return t.text, 1
		}
		return normal(t.text), 1
	case rawWord:
		n, ok := numberWords[t.low]
		if !ok || t.low == "one" && r.pronoun(i) {
			return "", 0
		}
		if hyphen := r.peek(i + 1); n >= 20 && hyphen.text == "-" && hyphen.glued {
			if ones, ok := numberWords[r.wordAt(i+2)]; ok && ones > 0 && ones < 10 {
				return strconv.Itoa(n + ones), 3
			}
		}
		return strconv.Itoa(n), 1
	}
	return "", 0
}

var (
	onePronoun = set("this that the each every which another new old any no other right same wrong")
)

// pronoun reports whether the "one" here counts nothing: "this one", "one of".
func (r *reading) pronoun(i int) bool {
	before := raw{what: rawSign}
	if at := r.at + i - 1; at >= 0 {
		before = r.raw[at]
	}
	after := r.peek(i + 1)
	return before.what == rawWord && onePronoun[before.low] || after.what != rawWord || after.low == "another"
}

// normal gives a number in one way: 1,000 as 1000, 4,90 and 4.90 as 4.9. A
// version of three parts stays as it is.
func normal(s string) string {
	s = strings.ReplaceAll(s, ",", ".")
	parts := strings.Split(s, ".")
	if len(parts) == 1 {
		return trimZeros(s)
	}
	thousands := parts[0] != "0" && len(parts[0]) <= 3
	for _, p := range parts[1:] {
		thousands = thousands && len(p) == 3
	}
	switch {
	case thousands:
		return strings.Join(parts, "")
	case len(parts) == 2:
		return trimZeros(parts[0]) + strings.TrimRight("."+strings.TrimRight(parts[1], "0"), ".")
	case len(parts[len(parts)-1]) == 2 && len(parts[len(parts)-2]) == 3: // 1,000.50
		return strings.Join(parts[:len(parts)-1], "") + strings.TrimRight("."+strings.TrimRight(parts[len(parts)-1], "0"), ".")
	}
	return s
}

func trimZeros(s string) string {
	if t := strings.TrimLeft(s, "0"); t != "" {
		return t
	}
	return "0"
}

// beforeValue reports whether a value stands right behind the n tokens here.
func (r *reading) beforeValue(n int) bool {
	at := r.at
	defer func() { r.at = at }()
	for r.at += n; r.at < at+n+2; r.at++ {
		if _, k := r.value(); k > 0 {
			return true
		}
		if w := r.peek(0).low; w != "the" && w != "a" && w != "of" && w != "about" && w != "or" {
			return false
		}
	}
	return false
}
