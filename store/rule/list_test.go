package rule

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"frontdesk/chat"
)

// Cursors are read as they were written, and are in the order of their places.
func TestSpots(t *testing.T) {
	t.Parallel()
	spots := rapid.Custom(func(t *rapid.T) Spot {
		return Spot{
			Rank: rapid.Int64Range(0, 2).Draw(t, "rank"),
			At:   time.UnixMicro(rapid.Int64Range(earliest, latest).Draw(t, "at")).UTC(),
			ID:   uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id")),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := spots.Draw(t, "a"), spots.Draw(t, "b")
		got, err := parseSpot(a.cursor())
		if diff := cmp.Diff(a, got); diff != "" || err != nil {
			t.Fatalf("%v\n%s", err, diff)
		}
		before := a.Rank < b.Rank || a.Rank == b.Rank && (a.At.Before(b.At) || a.At.Equal(b.At) && string(a.ID[:]) < string(b.ID[:]))
		if (a.cursor() < b.cursor()) != before {
			t.Fatalf("%+v before %+v: %v", a, b, before)
		}
	})
	for _, cursor := range []string{"odd", "00", Spot{}.cursor() + "00", Spot{}.cursor()[2:], "ä"} {
		if spot, err := parseSpot(cursor); chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("the cursor %q: %v, %v", cursor, spot, err)
		}
	}
}
