package handoff

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"frontdesk/chat"
)

// week gives hours from "Mon 09:00-17:00" and so on, in a zone.
func week(t interface {
	Helper()
	Fatalf(string, ...any)
}, zone string, spans map[time.Weekday][2]string) Hours {
	t.Helper()
	s := chat.InboxSettings{Timezone: zone}
	for day, span := range spans {
		s.Hours[day].Open, s.Hours[day].Close = span[0], span[1]
	}
	h, err := NewHours(s)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return h
}

func everyDay(from, to string) map[time.Weekday][2]string {
	all := map[time.Weekday][2]string{}
	for day := time.Sunday; day <= time.Saturday; day++ {
		all[day] = [2]string{from, to}
	}
	return all
}

func moment(t *testing.T, zone, s string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04:05", s, loc)
	if err != nil {
		at, err = time.ParseInLocation("2006-01-02 15:04", s, loc)
	}
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestPromise(t *testing.T) {
	t.Parallel()
	usual := map[time.Weekday][2]string(nil) // Monday to Friday, 9 to 17
	tests := []struct {
		name      string
		zone      string
		week      map[time.Weekday][2]string
		at, until string // 2026-03-02 is a Monday
	}{
		{"in the middle of the day", "UTC", usual, "2026-03-02 10:00", "2026-03-02 12:00"},
		{"rounded up to five minutes", "UTC", usual, "2026-03-02 10:01:01", "2026-03-02 12:05"},
		{"exactly at closing", "UTC", usual, "2026-03-02 15:00", "2026-03-02 17:00"},
		{"over the night", "UTC", usual, "2026-03-02 16:00", "2026-03-03 10:00"},
		{"over the weekend", "UTC", usual, "2026-03-06 16:30", "2026-03-09 10:30"},
		{"on Saturday", "UTC", usual, "2026-03-07 12:00", "2026-03-09 11:00"},
		{"before opening", "UTC", usual, "2026-03-02 03:00", "2026-03-02 11:00"},
		{"at closing time", "UTC", usual, "2026-03-02 17:00", "2026-03-03 11:00"},
		{"asked in another zone's morning", "America/New_York", usual, "2026-03-02 08:59", "2026-03-02 11:00"},
		{"day and night", "Europe/Berlin", everyDay("00:00", "24:00"), "2026-03-02 23:30", "2026-03-03 01:30"},
		{"an hour a week takes two weeks", "UTC", map[time.Weekday][2]string{time.Monday: {"09:00", "10:00"}}, "2026-03-02 09:30", "2026-03-16 09:30"},
		{"ten minutes a week take twelve", "UTC", map[time.Weekday][2]string{time.Monday: {"09:00", "09:10"}}, "2026-03-02 09:00", "2026-05-18 09:10"},
		// On 2026-03-29 Berlin goes from 2:00 to 3:00, on 2026-10-25 from 3:00 back to 2:00.
		{"clocks put forward", "Europe/Berlin", everyDay("00:00", "24:00"), "2026-03-29 01:30", "2026-03-29 04:30"},
		{"clocks put back", "Europe/Berlin", everyDay("00:00", "24:00"), "2026-10-25 01:30", "2026-10-25 02:30"},
		{"working hours after the change", "Europe/Berlin", usual, "2026-03-27 16:00", "2026-03-30 10:00"},
		// In Cairo 2026-04-24 has no midnight: 0:00 is 1:00.
		{"a day without midnight", "Africa/Cairo", map[time.Weekday][2]string{time.Friday: {"09:00", "17:00"}}, "2026-04-23 00:30", "2026-04-24 11:00"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := week(t, test.zone, test.week)
			got, want := h.Promise(moment(t, test.zone, test.at)), moment(t, test.zone, test.until)
			if test.name == "clocks put back" {
				// 2:30 comes twice that night; two hours after 1:30 it is the second one.
				want = moment(t, test.zone, test.at).Add(2 * time.Hour)
			}
			if !got.Equal(want) {
				t.Errorf("asked at %s: promised %s, want %s", test.at, got.In(h.zone), want)
			}
			if got.Location() != time.UTC {
				t.Errorf("promise is in %s", got.Location())
			}
		})
	}
}

// TestPromiseHolds: whatever the week, a promise is at least two opening hours
// away, in opening time, and no five minutes more than needed.
func TestPromiseHolds(t *testing.T) {
	t.Parallel()
	zones := []string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia"}
	rapid.Check(t, func(t *rapid.T) {
		spans := map[time.Weekday][2]string{}
		for day := time.Sunday; day <= time.Saturday; day++ {
			if rapid.Bool().Draw(t, "open") {
				from := rapid.IntRange(0, 23*60).Draw(t, "from")
				to := rapid.IntRange(from+30, 24*60).Draw(t, "to")
				spans[day] = [2]string{hhmm(from), hhmm(to)}
			}
		}
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		h := week(t, zone, spans)
		at := time.Unix(rapid.Int64Range(1.7e9, 1.9e9).Draw(t, "at"), 0)
		promise := h.Promise(at)
		worked := h.opened(at, promise)
		if worked < answerWithin || worked >= answerWithin+5*time.Minute {
			t.Fatalf("asked %s, promised %s (%s): %s of opening time", at.In(h.zone), promise.In(h.zone), zone, worked)
		}
	})
}

// opened adds up the opening time between two moments.
func (h Hours) opened(from, to time.Time) time.Duration {
	var sum time.Duration
	for t := from; t.Before(to); {
		open, end := h.Next(t)
		if open.Before(t) {
			open = t
		}
		if end.After(to) {
			end = to
		}
		if end.After(open) {
			sum += end.Sub(open)
			t = end
		} else {
			break
		}
	}
	return sum
}

func hhmm(minutes int) string {
	if minutes == 24*60 {
		return "24:00"
	}
	return time.Date(2000, 1, 1, 0, minutes, 0, 0, time.UTC).Format("15:04")
}

func TestSay(t *testing.T) {
	t.Parallel()
	tests := []struct{ zone, now, at, want string }{
		{"UTC", "2026-03-02 10:00", "2026-03-02 13:00", "today, 13:00"},
		{"UTC", "2026-03-02 23:59", "2026-03-03 00:05", "tomorrow, 0:05"},
		{"UTC", "2026-03-06 18:00", "2026-03-09 09:00", "Monday, 9:00"},
		{"UTC", "2026-03-02 10:00", "2026-03-08 09:30", "Sunday, 9:30"},
		{"UTC", "2026-03-02 10:00", "2026-03-09 09:00", "Monday 9 March, 9:00"},
		{"Europe/Berlin", "2026-03-28 23:00", "2026-03-29 09:00", "tomorrow, 9:00"},  // a day of 23 hours
		{"Europe/Berlin", "2026-10-24 00:10", "2026-10-25 23:50", "tomorrow, 23:50"}, // and one of 25
		{"Pacific/Auckland", "2026-03-02 23:00", "2026-03-03 08:00", "tomorrow, 8:00"},
	}
	for _, test := range tests {
		h := week(t, test.zone, nil)
		if got := h.Say(moment(t, test.zone, test.at), moment(t, test.zone, test.now)); got != test.want {
			t.Errorf("at %s, %s is %q, want %q", test.now, test.at, got, test.want)
		}
	}
	// What is tomorrow there may be today here.
	h := week(t, "Pacific/Auckland", nil)
	if got := h.Say(moment(t, "UTC", "2026-03-02 20:00"), moment(t, "UTC", "2026-03-02 10:00")); got != "tomorrow, 9:00" {
		t.Errorf("in Auckland it is %q", got)
	}
}

func TestHolidays(t *testing.T) {
	t.Parallel()
	h, err := NewHours(chat.InboxSettings{Timezone: "Europe/Berlin", Holidays: []string{"2026-12-25", "2026-12-24", "2026-12-28"}})
	if err != nil {
		t.Fatal(err)
	}
	now := moment(t, "Europe/Berlin", "2026-12-23 16:00") // a Wednesday: an hour is left of it
	if got, want := h.Promise(now), moment(t, "Europe/Berlin", "2026-12-29 10:00"); !got.Equal(want) {
		t.Errorf("promised for %v, want %v", got, want)
	}
	// The holiday is the shop's day, not the reader's.
	if open, _ := h.Next(moment(t, "UTC", "2026-12-23 23:30")); !open.Equal(moment(t, "Europe/Berlin", "2026-12-29 09:00")) {
		t.Errorf("open again at %v", open)
	}
}

func TestNewHoursRefuses(t *testing.T) {
	t.Parallel()
	monday := func(open, end string) chat.InboxSettings {
		var s chat.InboxSettings
		s.Hours[time.Monday].Open, s.Hours[time.Monday].Close = open, end
		return s
	}
	for name, s := range map[string]chat.InboxSettings{
		"unknown zone":   {Timezone: "Europe/Atlantis"},
		"no end":         monday("09:00", ""),
		"no beginning":   monday("", "17:00"),
		"ends first":     monday("17:00", "09:00"),
		"no time at all": monday("09:00", "09:00"),
		"not a time":     monday("nine", "five"),
		"after midnight": monday("09:00", "25:00"),
		"from midnight":  monday("24:00", "24:00"),
		"no holiday":     {Holidays: []string{"25.12.2026"}},
	} {
		if _, err := NewHours(s); chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
