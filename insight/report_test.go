package insight_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"frontdesk/chat"
	"frontdesk/insight"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestShareOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n, of     int
		low, high float64 // as R's binom.confint(…, methods = "wilson") gives them
	}{
		{0, 0, 0, 1}, {0, 10, 0, .2775}, {10, 10, .7225, 1}, {5, 10, .2366, .7634}, {81, 263, .2553, .3662},
	} {
		got := insight.ShareOf(c.n, c.of)
		want := insight.Share{N: c.n, Of: c.of, Low: c.low, High: c.high}
		if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, .00006)); diff != "" {
			t.Errorf("%d of %d: %s", c.n, c.of, diff)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		of := rapid.IntRange(1, 5000).Draw(t, "of")
		n := rapid.IntRange(0, of).Draw(t, "n")
		s := insight.ShareOf(n, of)
		if p := float64(n) / float64(of); s.Low < 0 || s.High > 1 || p < s.Low-1e-9 || p > s.High+1e-9 {
			t.Fatalf("%d of %d: %+v", n, of, s)
		}
	})
}

// TestDays: a day begins at midnight where the customers are, also when a night
// is an hour shorter or longer, and quarter-hour zones have their days, too.
func TestDays(t *testing.T) {
	t.Parallel()
	berlin, kathmandu := zone(t, "Europe/Berlin"), zone(t, "Asia/Kathmandu")
	for _, c := range []struct {
		now  string
		zone *time.Location
		days int
		want string
	}{
		{"2026-11-22T12:00:00Z", time.UTC, 1, "2026-11-22T00:00:00Z"},
		{"2026-11-22T23:30:00Z", berlin, 1, "2026-11-22T23:00:00Z"},
		{"2026-03-29T12:00:00Z", berlin, 1, "2026-03-28T23:00:00Z"},
		{"2026-03-30T12:00:00Z", berlin, 7, "2026-03-23T23:00:00Z"},
		{"2026-11-22T18:20:00Z", kathmandu, 1, "2026-11-22T18:15:00Z"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := insight.Days(now, c.zone, c.days).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%d days to %s in %s: %s, want %s", c.days, c.now, c.zone, got, c.want)
		}
	}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	// The clocks go back on 25 October: that day has 25 hours.
	day := time.Date(2026, 10, 25, 0, 0, 0, 0, berlin)
	begun := func(at time.Time, name string, n int) chat.Tally {
		return chat.Tally{At: at.UTC(), Kind: chat.FactBegun, Name: name, N: n}
	}
	r := insight.New(insight.Input{Zone: berlin, Since: day, Until: day.AddDate(0, 0, 1), Tallies: []chat.Tally{
		begun(day, "", 1), begun(day.Add(15*time.Minute), chat.ServedBot, 2), begun(day.Add(24*time.Hour+45*time.Minute), chat.ServedPerson, 4),
	}})
	if len(r.Steps) != 25 || !r.Hourly {
		t.Fatalf("%d steps, hourly %v", len(r.Steps), r.Hourly)
	}
	if r.Steps[0].Served != (insight.Served{All: 3, Bot: 2}) || r.Steps[24].Served != (insight.Served{All: 4, Person: 4}) {
		t.Errorf("steps: %+v", r.Steps)
	}
	if r.Served != (insight.Served{All: 7, Bot: 2, Person: 4}) {
		t.Errorf("served: %+v", r.Served)
	}
	since := day.AddDate(0, 0, -6)
	r = insight.New(insight.Input{Zone: berlin, Since: since, Until: day.AddDate(0, 0, 1), Tallies: []chat.Tally{
		begun(since, "", 1), begun(day.Add(-15*time.Minute), "", 2), begun(day, "", 4), begun(day.Add(24*time.Hour+45*time.Minute), "", 8),
	}})
	var got []int
	for _, s := range r.Steps {
		got = append(got, s.All)
	}
	if diff := cmp.Diff([]int{1, 0, 0, 0, 0, 2, 12}, got); diff != "" || r.Hourly {
		t.Errorf("days: %s", diff)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	ana, ben, eve := uuid.New(), uuid.New(), uuid.New()
	delay := func(kind chat.FactKind, agent uuid.UUID, minutes int) chat.Delay {
		return chat.Delay{At: at.Add(time.Duration(minutes) * time.Minute), Kind: kind, Agent: agent, Took: time.Duration(minutes) * time.Minute}
	}
	tally := func(kind chat.FactKind, name string, agent uuid.UUID, score, n int) chat.Tally {
		return chat.Tally{At: at, Kind: kind, Name: name, Agent: agent, Score: score, N: n}
	}
	in := insight.Input{
		Zone: zone(t, "Europe/Berlin"), Since: at.Add(-time.Hour), Until: at.Add(3 * time.Hour),
		Delays: []chat.Delay{
			delay(chat.FactClaimed, ana, 1), delay(chat.FactClaimed, ben, 2), delay(chat.FactClaimed, ana, 4), delay(chat.FactClaimed, ana, 9),
			delay(chat.FactReplied, ben, 3), delay(chat.FactReplied, ana, 5), delay(chat.FactReplied, ana, 10),
		},
		Tallies: []chat.Tally{
			tally(chat.FactClosed, "solved", ana, 0, 2), tally(chat.FactClosed, "", uuid.Nil, 0, 1),
			tally(chat.FactHanded, "asked", uuid.Nil, 0, 1), tally(chat.FactHanded, "distress", uuid.Nil, 0, 3),
			tally(chat.FactRated, chat.ServedBot, uuid.Nil, 1, 1), tally(chat.FactRated, chat.ServedPerson, ana, 5, 2), tally(chat.FactRated, chat.ServedPerson, ben, 4, 1),
			tally(chat.FactReopened, "", uuid.Nil, 0, 2),
		},
		Told: []chat.Wait{
			{At: at, Waited: 4 * time.Minute, Told: chat.Told{Place: 1, MinWait: 2, MaxWait: 6}},
			{At: at, Waited: 40 * time.Minute, Told: chat.Told{Place: 1, MinWait: 2, MaxWait: 6}},
			{At: at, Waited: time.Minute, Told: chat.Told{Place: 1}},                                           // told no time
			{At: at.Add(-2 * time.Hour), Waited: time.Hour, Told: chat.Told{Place: 1, MinWait: 2, MaxWait: 6}}, // before
		},
		Waiting: []chat.Waiting{{N: 3, Since: at}, {Priority: chat.PriorityUrgent, N: 1, Since: at.Add(-time.Minute)}, {Priority: chat.PriorityHigh, N: 2, Since: at}},
		Orphans: 1, Capacity: 5,
		Users: []chat.User{
			{ID: ben, Name: "ben", Role: chat.RoleAgent}, {ID: ana, Name: "Ana", Role: chat.RoleOwner}, {ID: eve, Name: "Eve", Role: chat.RoleEditor},
		},
		Presence: []chat.Presence{{User: ana, State: chat.PresenceAway}, {User: eve, State: chat.PresenceOnline}},
		Loads:    []chat.Load{{Agent: ana, N: 2}},
		Profiles: []chat.Profile{{User: ben, Capacity: 3}, {User: ana}},
	}
	r := insight.New(in)
	minutes := func(n, median, p90 float64) insight.Times {
		return insight.Times{N: int(n), Median: 60 * median, P90: 60 * p90}
	}
	want := insight.Report{
		Since: in.Since, Until: in.Until, Zone: "Europe/Berlin",
		Now:    insight.Now{Waiting: 6, Since: at.Add(-time.Minute), High: 2, Urgent: 1, Orphans: 1},
		Alone:  insight.ShareOf(0, 0),
		Hourly: true,
		Handed: []insight.Part{{Name: "distress", Share: insight.ShareOf(3, 4)}, {Name: "asked", Share: insight.ShareOf(1, 4)}},
		Closed: []insight.Part{{Name: "solved", Share: insight.ShareOf(2, 3)}, {Share: insight.ShareOf(1, 3)}},
		Opened: 2,
		Ratings: insight.Ratings{
			Scores: [5]insight.Share{insight.ShareOf(1, 4), insight.ShareOf(0, 4), insight.ShareOf(0, 4), insight.ShareOf(1, 4), insight.ShareOf(2, 4)},
			Good:   insight.ShareOf(3, 4), All: insight.Mean{N: 4, Mean: 15. / 4}, Bot: insight.Mean{N: 1, Mean: 1}, Person: insight.Mean{N: 3, Mean: 14. / 3},
		},
		Ease:   insight.Ease{Scores: [7]insight.Share{0: {High: 1}, 1: {High: 1}, 2: {High: 1}, 3: {High: 1}, 4: {High: 1}, 5: {High: 1}, 6: {High: 1}}, Easy: insight.ShareOf(0, 0)},
		Likely: insight.Likely{Promoters: insight.ShareOf(0, 0), Passives: insight.ShareOf(0, 0), Detractors: insight.ShareOf(0, 0), Low: -100, High: 100},
		Help:   insight.Help{Helpful: insight.ShareOf(0, 0), Reasons: []insight.Part{}, Articles: []insight.ArticleHelp{}},
		Waits:  minutes(4, 3, 9), WaitsAt: []insight.TimesAt{{Hour: 10, Times: minutes(4, 3, 9)}}, FirstReply: minutes(3, 5, 10),
		Told: &insight.Share{N: 1, Of: 2, Low: insight.ShareOf(1, 2).Low, High: insight.ShareOf(1, 2).High},
		Agents: []insight.AgentDone{
			{User: ana, Name: "Ana", Presence: chat.PresenceAway, Open: 2, Capacity: 5,
				Did: &insight.Did{FirstReply: minutes(2, 7.5, 10), Closed: 2, Rating: insight.Mean{N: 2, Mean: 5}}},
			{User: ben, Name: "ben", Presence: chat.PresenceOffline, Capacity: 3,
				Did: &insight.Did{FirstReply: minutes(1, 3, 3), Rating: insight.Mean{N: 1, Mean: 4}}},
		},
	}
	if diff := cmp.Diff(want, r, cmpopts.EquateApprox(0, 1e-9), cmpopts.IgnoreFields(insight.Report{}, "Steps")); diff != "" {
		t.Error(diff)
	}
	seen := r.Without(ben)
	if seen.Agents[0].Did != nil || seen.Agents[1].Did == nil || r.Agents[0].Did == nil {
		t.Errorf("without: %+v", seen.Agents)
	}
}

// TestNothing: a quiet day has figures, and none of them is no number.
func TestNothing(t *testing.T) {
	t.Parallel()
	now := time.Now()
	r := insight.New(insight.Input{Zone: time.UTC, Since: now.Add(-time.Hour), Until: now})
	if r.Told != nil || r.Waits != (insight.Times{}) || math.IsNaN(r.Ratings.All.Mean) || r.Handed == nil || r.Agents == nil || r.WaitsAt == nil {
		t.Errorf("%+v", r)
	}
}
