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
