package handoff

import (
	"time"

	"frontdesk/chat"
	"frontdesk/say"
)

// Hours are opening hours in their time zone.
type Hours struct {
	week     chat.Hours
	holidays map[string]bool // by time.DateOnly
	zone     *time.Location
}

// answerWithin is what is promised from the moment when somebody is there:
// two working hours, the words of the design language's comps.
const answerWithin = 2 * time.Hour

// NewHours reads the hours of an inbox. A week without any time gets Monday to
// Friday, 9 to 17; "24:00" ends a day at midnight. CodeInvalid: a time that is
// not "15:04", a day that ends before it begins, an unknown zone, a holiday that
// is no day.
func NewHours(s chat.InboxSettings) (Hours, error) {
	zone, err := time.LoadLocation(s.Timezone)
	if err != nil {
		return Hours{}, chat.Errorf(chat.CodeInvalid, "unknown time zone %q: use a name such as Europe/Berlin", s.Timezone)
	}
	h := Hours{week: s.Hours, zone: zone}
	if h.week == (chat.Hours{}) {
		for day := time.Monday; day <= time.Friday; day++ {
			h.week[day].Open, h.week[day].Close = "09:00", "17:00"
		}
	}
	for day, d := range h.week {
		if d.Open == "" && d.Close == "" {
			continue
		}
		from, err1 := sinceMidnight(d.Open)
		to, err2 := sinceMidnight(d.Close)
		if err1 != nil || err2 != nil || from >= to {
			return Hours{}, chat.Errorf(chat.CodeInvalid, "opening hours of %s: %q to %q is not a span such as 09:00 to 17:00", time.Weekday(day), d.Open, d.Close)
		}
	}
	for _, day := range s.Holidays {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return Hours{}, chat.Errorf(chat.CodeInvalid, "holiday %q: write a day as 2026-12-25", day)
		}
	}
	h.holidays = make(map[string]bool, len(s.Holidays))
	for _, day := range s.Holidays {
		h.holidays[day] = true
	}
	return h, nil
}

// Next gives the opening span that holds t, or the next one after it. There
// always is one: a week has one, see NewHours, and holidays come to an end.
func (h Hours) Next(t time.Time) (open, end time.Time) {
	for day := noon(t.In(h.zone)); ; day = noon(day.AddDate(0, 0, 1)) {
		d := h.week[day.Weekday()]
		if d.Open == "" || h.holidays[day.Format(time.DateOnly)] {
			continue
		}
		if open, end = at(day, d.Open), at(day, d.Close); t.Before(end) {
			return open, end
		}
	}
}

// Promise gives the time by which a question asked at t is answered:
// answerWithin of opening time after t, running over into the next days.
func (h Hours) Promise(t time.Time) time.Time { return h.PromiseWithin(t, answerWithin) }

// PromiseWithin is Promise for as much opening time as within.
func (h Hours) PromiseWithin(t time.Time, within time.Duration) time.Time {
	for left := within; ; {
		open, end := h.Next(t)
		if open.Before(t) {
			open = t
		}
		if due := open.Add(left); !due.After(end) {
			return roundUp(due).UTC()
		}
		left -= end.Sub(open)
		t = end
	}
}

// Say writes a time as it is said at now, in English: see say.Table.Due.
func (h Hours) Say(t, now time.Time) string {
	return say.In("en").Due(t.In(h.zone), now.In(h.zone))
}

// SayDue is Say with the zone, for a promise: its reader may be elsewhere.
func (h Hours) SayDue(t, now time.Time) string {
	return say.In("en").DueIn(h.zone, t, now)
}

// Notice words a notice for the log, in English and with the times of the hours' zone. Customers read it in their own
// language, and with their own times.
func (h Hours) Notice(n chat.Notice, now time.Time) string {
	return say.In("en").Notice(n, now, h.zone)
}

// roundUp gives the next full five minutes: nobody promises 11:03.
func roundUp(t time.Time) time.Time {
	const step = 5 * time.Minute
	if r := t.Truncate(step); r.Equal(t) {
		return t
	}
	return t.Truncate(step).Add(step)
}

// at gives a day's time of the clock. One that is left out when clocks are put
// forward is the moment of the change or later, never before.
func at(day time.Time, clock string) time.Time {
	d, _ := sinceMidnight(clock) // NewHours has checked it
	on := func(zone *time.Location) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), 0, int(d.Minutes()), 0, 0, zone)
	}
	t := on(day.Location())
	_, offset := t.Zone()
	// time.Date may use either offset of the change: this is how far it went back.
	if back := on(time.UTC).Sub(t.Add(time.Duration(offset) * time.Second)); back > 0 {
		t = t.Add(back)
	}
	return t
}

func sinceMidnight(clock string) (time.Duration, error) {
	if clock == "24:00" {
		return 24 * time.Hour, nil
	}
	t, err := time.Parse("15:04", clock)
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, err
}

// noon stands for a day: clocks are put forward and back at night, so that
// every day has a noon, but not every one has a midnight.
func noon(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, t.Location())
}

// Zone is the time zone of the hours.
func (h Hours) Zone() *time.Location { return h.zone }

// Closes gives when people leave on the day of t; ok is false if nobody is there that day.
func (h Hours) Closes(t time.Time) (end time.Time, ok bool) {
	day := noon(t.In(h.zone))
	d := h.week[day.Weekday()]
	if d.Open == "" || h.holidays[day.Format(time.DateOnly)] {
		return time.Time{}, false
	}
	return at(day, d.Close), true
}
