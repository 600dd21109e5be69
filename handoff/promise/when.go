package promise

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Parts of times, in lower case.
const (
	numbers  = `\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|half an|einer halben|einer|einem|eine|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf`
	weekdays = `monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mon|tue|tues|wed|thu|thurs|fri|sat`
	months   = `january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|okt|dez`
)

var (
	lasting = regexp.MustCompile(`\b(?:within|in(?: the next| less than| at most| spätestens)?|innerhalb(?: von| der nächsten)?|binnen|in den nächsten) (?:the (?:next )?)?(` + numbers + `)[ -]?(minutes?|mins?|min\.|hours?|hrs?|h|working days?|business days?|work days?|workdays?|days?|weeks?|minuten?|stunden?|std\.|werktagen?|arbeitstagen?|werktages|tagen?|tages|wochen?)\b`)
	theHour = regexp.MustCompile(`\b(?:within|in) the hour\b`)

	dayWord = regexp.MustCompile(`(\bthe day after tomorrow|\bday after tomorrow|übermorgen|\btomorrow|\btoday|\btonight|\bthis (?:morning|afternoon|evening)|\bheute|\bmorgen)\b`)
	weekday = regexp.MustCompile(`\b(?:(next|this|coming|nächsten|nächster|kommenden|diesen|before|vor) )?(` + weekdays + `)\b\.?`)
	iso     = regexp.MustCompile(`\b(20\d\d)-(\d\d)-(\d\d)\b`)
	dotted  = regexp.MustCompile(`\b(\d{1,2})\.(\d{1,2})\.(20\d\d|\d\d)?`)
	dayOf   = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th|\.)?(?: of)? (` + months + `)\b`)
	monthOf = regexp.MustCompile(`\b(` + months + `)\.? (\d{1,2})(?:st|nd|rd|th)?\b`)
	endOf   = regexp.MustCompile(`\b(?:end of (?:the |this )?|(?:zum )?ende (?:der |des |dieser )?|wochenende)(business day|working day|business|day|week|month|tages|woche|monats)?`)
	closing = regexp.MustCompile(`\b(?:close of business|cob|eod|feierabend|geschäftsschluss)\b`)

	spanOf = regexp.MustCompile(`\b(?:between|from|zwischen|von) (\d{1,2})(?:[:.](\d\d))?(?: ?(?:am|pm|a\.m\.|p\.m\.|uhr))? (?:and|to|und|bis) (\d{1,2})(?:[:.](\d\d))? ?(am|pm|a\.m\.|p\.m\.|uhr|o'clock|o’clock)?`)
	clock  = regexp.MustCompile(`\b(\d{1,2})(?:[:.](\d\d))? ?(am\b|pm\b|a\.m\.|p\.m\.|uhr(?: (\d\d)\b)?|o'clock|o’clock|h\b)`)
	colon  = regexp.MustCompile(`\b(\d{1,2}):(\d\d)\b`)
	bare   = regexp.MustCompile(`\b(?:by|at|before|until|around|um|bis|vor|gegen) (\d{1,2})(?: (?:today|tomorrow|sharp|on|heute|morgen|latest|at the latest)\b|[.,!;](?:\D|$)|$)`)
	noons  = regexp.MustCompile(`\b(?:noon|midday|lunchtime|mittags|(?:heute|morgen) mittag)\b`)
	partOf = regexp.MustCompile(`\b(morning|afternoon|evening|tonight|früh|vormittag|vormittags|nachmittag|nachmittags|abend|abends)\b`)
)

// when gives the due time that a clause names, and whether it names one. What
// it says of a day without a time of the clock is meant until people leave on
// that day.
func when(s string, now time.Time, hours Hours) (time.Time, bool) {
	if due, ok := after(s, now, hours); ok {
		return due, true
	}
	day, named := dayIn(s, now, hours)
	minute, ok := clockIn(s)
	switch {
	case named && ok:
		return at(day, minute), true
	case named:
		return closingOf(day, hours), true
	case ok:
		// A time of the clock alone is the next one.
		due := at(now, minute)
		if !due.After(now) {
			due = at(now.AddDate(0, 0, 1), minute)
		}
		return due, true
	}
	return time.Time{}, false
}

// after reads a time from now on: "within two hours", "in drei Werktagen".
func after(s string, now time.Time, hours Hours) (time.Time, bool) {
	if theHour.MatchString(s) {
		return now.Add(time.Hour), true
	}
	m := lasting.FindStringSubmatch(s)
	if m == nil {
		return time.Time{}, false
	}
	n, unit := number(m[1]), m[2]
	half := m[1] == "half an" || m[1] == "einer halben"
	switch {
	case strings.HasPrefix(unit, "min"):
		return now.Add(time.Duration(n) * time.Minute), n > 0
	case half:
		return now.Add(30 * time.Minute), strings.HasPrefix(unit, "h") || strings.HasPrefix(unit, "st")
	case strings.HasPrefix(unit, "h"), strings.HasPrefix(unit, "st"):
		return now.Add(time.Duration(n) * time.Hour), n > 0
	case strings.HasPrefix(unit, "we") && !strings.HasPrefix(unit, "werk"), strings.HasPrefix(unit, "woche"):
		return closingOf(now.AddDate(0, 0, 7*n), hours), n > 0
	case strings.HasPrefix(unit, "d"), strings.HasPrefix(unit, "tag"):
		return closingOf(now.AddDate(0, 0, n), hours), n > 0
	}
	return closingOf(workingDay(now, n, hours), hours), n > 0
}

// workingDay is the nth day from now on, not counting today, on which anybody is there.
func workingDay(now time.Time, n int, hours Hours) time.Time {
	day := now
	for tries := 0; n > 0 && tries < 1000; tries++ {
		day = day.AddDate(0, 0, 1)
		if _, open := hours.Closes(day); open {
			n--
		}
	}
	return day
}

// dayIn gives the day that a clause names.
func dayIn(s string, now time.Time, hours Hours) (time.Time, bool) {
	if day, ok := dateIn(s, now); ok {
		return day, true
	}
	if m := endOf.FindStringSubmatch(s); m != nil && m[1] != "" {
		switch m[1] {
		case "week", "woche":
			return lastOpen(now.AddDate(0, 0, (7-int(now.Weekday()))%7), now, hours), true
		case "month", "monats":
			return lastOpen(time.Date(now.Year(), now.Month()+1, 0, 12, 0, 0, 0, now.Location()), now, hours), true
		}
		if !dayWord.MatchString(s) && !weekday.MatchString(s) {
			return now, true
		}
	}
	if m := dayWord.FindStringSubmatch(s); m != nil {
		switch {
		case strings.Contains(m[1], "after tomorrow"), m[1] == "übermorgen":
			return now.AddDate(0, 0, 2), true
		case m[1] == "tomorrow", strings.HasPrefix(m[1], "morgen"):
			return now.AddDate(0, 0, 1), true
		}
		return now, true
	}
	if m := weekday.FindStringSubmatch(s); m != nil {
		return weekdayIn(s, m, now), true
	}
	return now, closing.MatchString(s)
}

// weekdayIn is the next day of that name: today if there is still a time of the
// clock to come, one of next week if that is what it says.
func weekdayIn(s string, m []string, now time.Time) time.Time {
	ahead := (int(weekdayNamed(m[2])) - int(now.Weekday()) + 7) % 7
	switch m[1] {
	case "next", "nächsten", "nächster":
		// The week begins on Monday.
		return now.AddDate(0, 0, 7-(int(now.Weekday())+6)%7+(int(weekdayNamed(m[2]))+6)%7)
	case "before", "vor":
		return now.AddDate(0, 0, (ahead+6)%7)
	}
	if minute, ok := clockIn(s); ahead == 0 && (!ok || !at(now, minute).After(now)) {
		ahead = 7
	}
	return now.AddDate(0, 0, ahead)
}

// lastOpen is the last day until day, and not before now, on which anybody is there.
func lastOpen(day, now time.Time, hours Hours) time.Time {
	for d := day; d.After(now); d = d.AddDate(0, 0, -1) {
		if _, open := hours.Closes(d); open {
			return d
		}
	}
	return now
}

// dateIn reads a date. One without a year is the next one.
func dateIn(s string, now time.Time) (time.Time, bool) {
	year, month, day := 0, 0, 0
	if m := iso.FindStringSubmatch(s); m != nil {
		year, month, day = number(m[1]), number(m[2]), number(m[3])
	} else if m := dotted.FindStringSubmatch(s); m != nil && number(m[2]) <= 12 && number(m[1]) <= 31 {
		day, month = number(m[1]), number(m[2])
		if m[3] != "" {
			year = 2000 + number(m[3])%100
		}
	} else if m := dayOf.FindStringSubmatch(s); m != nil {
		day, month = number(m[1]), int(monthNamed(m[2]))
	} else if m := monthOf.FindStringSubmatch(s); m != nil {
		day, month = number(m[2]), int(monthNamed(m[1]))
	}
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return now, false
	}
	if year == 0 {
		year = now.Year()
		if date := time.Date(year, time.Month(month), day, 23, 59, 0, 0, now.Location()); date.Before(now) {
			year++
		}
	}
	date := time.Date(year, time.Month(month), day, 12, 0, 0, 0, now.Location())
	return date, date.Day() == day
}

// clockIn gives the minute of the day that a clause names. Of a span it is the
// end, and of a part of a day: noon, 18:00, 21:00.
func clockIn(s string) (int, bool) {
	if m := spanOf.FindStringSubmatch(s); m != nil {
		return minuteOf(m[3], m[4], m[5])
	}
	if m := clock.FindStringSubmatch(s); m != nil {
		minutes := m[2]
		if m[4] != "" {
			minutes = m[4]
		}
		return minuteOf(m[1], minutes, m[3])
	}
	if m := colon.FindStringSubmatch(s); m != nil {
		return minuteOf(m[1], m[2], "uhr")
	}
	if m := bare.FindStringSubmatch(s); m != nil {
		return minuteOf(m[1], "", "")
	}
	if noons.MatchString(s) {
		return 12 * 60, true
	}
	if m := partOf.FindStringSubmatch(s); m != nil {
		switch m[1] {
		case "morning", "vormittag", "vormittags", "früh":
			return 12 * 60, true
		case "afternoon", "nachmittag", "nachmittags":
			return 18 * 60, true
		}
		return 21 * 60, true
	}
	return 0, false
}

// minuteOf reads a time of the clock; half is am, pm, "uhr" for 24 hours, or ""
// for what a desk would mean: 1 to 6 are in the afternoon.
func minuteOf(hour, minute, half string) (int, bool) {
	h, m := number(hour), 0
	if minute != "" {
		m = number(minute)
	}
	if h > 24 || m > 59 || h == 24 && m > 0 {
		return 0, false
	}
	switch {
	case strings.HasPrefix(half, "a"):
		if h > 12 {
			return 0, false
		}
		h %= 12
	case strings.HasPrefix(half, "p"):
		if h > 12 {
			return 0, false
		}
		h = h%12 + 12
	case !strings.HasPrefix(half, "uhr") && h >= 1 && h <= 6:
		h += 12
	}
	return h*60 + m, true
}

// at is a minute of a day.
func at(day time.Time, minute int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, minute, 0, 0, day.Location())
}

// officeEnds is when a day ends on which nobody is there, and that is promised
// all the same.
const officeEnds = 17 * 60

// closingOf is when people leave on a day.
func closingOf(day time.Time, hours Hours) time.Time {
	if end, ok := hours.Closes(day); ok {
		return end
	}
	return at(day, officeEnds)
}

var named = map[string]int{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
	"einer": 1, "einem": 1, "eine": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "zwölf": 12}

func number(s string) int {
	if n, ok := named[s]; ok {
		return n
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// dayNames begin the names of days in both languages.
var dayNames = [7][]string{{"sun", "sonntag"}, {"mon"}, {"tue", "die"}, {"wed", "mit"}, {"thu", "don"}, {"fri", "fre"}, {"sat", "sam", "sonna"}}

func weekdayNamed(s string) time.Weekday {
	for day, names := range dayNames {
		for _, n := range names {
			if strings.HasPrefix(s, n) {
				return time.Weekday(day)
			}
		}
	}
	return time.Sunday
}

// monthNames begin the names of months in both languages.
var monthNames = [12][]string{{"jan"}, {"feb"}, {"mar", "mär"}, {"apr"}, {"may", "mai"}, {"jun"}, {"jul"}, {"aug"}, {"sep"}, {"oct", "okt"}, {"nov"}, {"dec", "dez"}}

func monthNamed(s string) time.Month {
	for month, names := range monthNames {
		for _, n := range names {
			if strings.HasPrefix(s, n) {
				return time.Month(month + 1)
			}
		}
	}
	return 0
}
