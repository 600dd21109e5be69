package say

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// dates is how a language says days. Date, DateYear, Short and At have places: {weekday}, {day}, {month}, {year}; {date}, {time}.
type dates struct {
	Days                       []string // from Sunday
	Months                     []string // as they stand in a date
	Today, Tomorrow, Yesterday string
	Date, DateYear, Short, At  string
}

// Due says a time as it is said at now, both in the zone that they are given in: "today, 13:00", "yesterday, 16:00",
// "Monday, 11:00", or with the date if it is a week or more away, or longer ago than yesterday.
func (t *Table) Due(at, now time.Time) string {
	return strings.NewReplacer("{date}", t.day(at, now), "{time}", Clock(at)).Replace(t.dates.At)
}

// DueIn is Due in a zone, and names it: its reader may be elsewhere.
func (t *Table) DueIn(zone *time.Location, at, now time.Time) string {
	at = at.In(zone)
	return t.Due(at, now.In(zone)) + " " + at.Format("MST")
}

func (t *Table) day(at, now time.Time) string {
	// Clocks are put forward and back at night: a day of 23 or 25 hours is a day.
	switch days := int(math.Round(noon(at).Sub(noon(now)).Hours() / 24)); {
	case days == 0:
		return t.dates.Today
	case days == 1:
		return t.dates.Tomorrow
	case days == -1:
		return t.dates.Yesterday
	case days > 1 && days < 7:
		return t.dates.Days[at.Weekday()]
	}
	return t.date(t.dates.Date, at)
}

// Date says a day: "Monday 2 March 2026".
func (t *Table) Date(at time.Time) string { return t.date(t.dates.DateYear, at) }

// ShortDate says a day without that of the week: "2 March 2026".
func (t *Table) ShortDate(at time.Time) string { return t.date(t.dates.Short, at) }

// Stamp says a day and a time in a zone, which it names: "Monday 2 March, 15:04 CET".
func (t *Table) Stamp(zone *time.Location, at time.Time) string {
	at = at.In(zone)
	return strings.NewReplacer("{date}", t.date(t.dates.Date, at), "{time}", at.Format("15:04 MST")).Replace(t.dates.At)
}

func (t *Table) date(form string, at time.Time) string {
	return strings.NewReplacer("{weekday}", t.dates.Days[at.Weekday()], "{day}", strconv.Itoa(at.Day()),
		"{month}", t.dates.Months[at.Month()-1], "{year}", strconv.Itoa(at.Year())).Replace(form)
}

// Clock says a time of the day: "9:00".
func Clock(at time.Time) string { return strings.TrimPrefix(at.Format("15:04"), "0") }

func noon(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, t.Location())
}
