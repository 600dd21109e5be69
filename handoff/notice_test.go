package handoff

import (
	"testing"
)

func TestQueuedWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		place, from, to int
		want            string
	}{
		{1, 0, 0, "A person takes over from here. You are 1st in line."},
		{2, 1, 1, "A person takes over from here. You are 2nd in line. Usually 1 minute from here."},
		{3, 4, 4, "A person takes over from here. You are 3rd in line. Usually 4 minutes from here."},
		{11, 2, 9, "A person takes over from here. You are 11th in line. Usually 2 to 9 minutes from here."},
		{21, 0, 0, "A person takes over from here. You are 21st in line."},
		{112, 0, 0, "A person takes over from here. You are 112th in line."},
	} {
		if got := queuedWords(aPerson, test.place, test.from, test.to); got != test.want {
			t.Errorf("got  %q\nwant %q", got, test.want)
		}
	}
}

func TestOfflineWords(t *testing.T) {
	t.Parallel()
	h := week(t, "Europe/Berlin", nil)
	for _, test := range []struct{ now, email, want string }{
		{"2026-03-06 20:00", "", "Nobody is at the desk right now. We are back Monday at 9:00. Leave your e-mail and you have an answer by Monday, 11:00 CET."},
		{"2026-03-06 20:00", "a@b.de", "Nobody is at the desk right now. We are back Monday at 9:00. You have an answer by Monday, 11:00 CET, here and at a@b.de."},
		{"2026-03-06 10:00", "", "Nobody is at the desk right now. Leave your e-mail and you have an answer by today, 12:00 CET."},
	} {
		now := moment(t, "Europe/Berlin", test.now)
		if got := offlineWords(h, now, h.Promise(now), test.email); got != test.want {
			t.Errorf("got  %q\nwant %q", got, test.want)
		}
	}
}
