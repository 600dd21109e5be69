package handoff

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/chat"
)

// shop is a desk whose customers come, and whose agents are there, by the hour.
type shop struct {
	name    string
	perHour [24]float64 // customers who ask for a person
	agents  [24]int
	weekend float64       // how many of them come on a day at the weekend, as a share
	talk    time.Duration // mean time of an agent for a customer
	rough   float64       // how much days differ: the standard deviation of the logarithm
	seed    uint64
}

// shops are desks with a day's rhythm: a small one, one that is short of people
// at noon, a big one, one of a night shift across midnight.
func shops() []shop {
	small := shop{name: "small", weekend: .5, talk: 7 * time.Minute, rough: .15, seed: 1}
	noon := shop{name: "short at noon", weekend: .3, talk: 6 * time.Minute, rough: .2, seed: 2}
	big := shop{name: "big", weekend: .6, talk: 9 * time.Minute, rough: .15, seed: 3}
	night := shop{name: "night", weekend: 1, talk: 8 * time.Minute, rough: .2, seed: 4}
	for h := range 24 {
		hump := math.Exp(-math.Pow(float64(h)-11, 2) / 8)
		if 8 <= h && h < 18 {
			small.perHour[h], small.agents[h] = 4+9*hump, 2
			noon.perHour[h], noon.agents[h] = 22, 3
			big.perHour[h], big.agents[h] = 20+32*hump, 8
		}
		if h == 12 || h == 13 {
			noon.agents[h] = 2
		}
		if h >= 20 || h < 6 {
			night.perHour[h], night.agents[h] = 11+8*math.Exp(-math.Pow(float64((h+4)%24)-2, 2)/4), 3
		}
	}
	return []shop{small, noon, big, night}
}

// guess is what is told to who begins to wait.
type guess func(done []chat.Wait, place int, now time.Time) chat.Told

// outcome is how a guess fared.
type outcome struct {
	told, hit int
	minutes   float64   // that the ranges hold, in all
	score     float64   // sum of interval scores at 80 %: see Gneiting and Raftery (2007), 6.2
	byPlace   [3][2]int // up to 2, 3 to 4, beyond: told and in the range
}

func (o outcome) coverage() float64 { return float64(o.hit) / float64(o.told) }

func (o outcome) thirds() string {
	var out []string
	for _, n := range o.byPlace {
		out = append(out, fmt.Sprintf("%d of %d", n[1], n[0]))
	}
	return strings.Join(out, ", ")
}

func (o *outcome) add(t chat.Told, waited time.Duration) {
	o.told++
	o.minutes += float64(t.MaxWait - t.MinWait + 1)
	third := min(2, (t.Place-1)/2)
	o.byPlace[third][0]++
	if t.Holds(waited) {
		o.hit++
		o.byPlace[third][1]++
	}
	m := float64(chat.Minutes(waited))
	o.score += float64(t.MaxWait-t.MinWait) + 2/.2*(max(0, float64(t.MinWait)-m)+max(0, m-float64(t.MaxWait)))
}

// play runs a shop for the days, and gives how each guess fared after warmup of them.
func (s shop) play(days, warmup int, guesses ...guess) []outcome {
	r := rand.New(rand.NewPCG(s.seed, 7))
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC) // a Monday
	type customer struct {
		came  time.Time
		place int
		told  []chat.Told
	}
	var queue []customer
	var busy []time.Time // until when agents talk
	var done []chat.Wait // newest first, in reverse
	out := make([]outcome, len(guesses))
	newest := func() []chat.Wait {
		n := slices.Clone(done[max(0, len(done)-waitSample):])
		slices.Reverse(n)
		return n
	}
	const step = 5 * time.Second
	var mood float64
	for now := start; now.Before(start.AddDate(0, 0, days)); now = now.Add(step) {
		if now.Equal(now.Truncate(24 * time.Hour)) {
			mood = math.Exp(r.NormFloat64() * s.rough)
		}
		rate := s.perHour[now.Hour()] * mood
		if restDay(now) {
			rate *= s.weekend
		}
		busy = slices.DeleteFunc(busy, func(t time.Time) bool { return !t.After(now) })
		there := s.agents[now.Hour()]
		if r.Float64() < rate*step.Hours() && there > 0 {
			c := customer{came: now, place: len(queue) + 1}
			for _, g := range guesses {
				c.told = append(c.told, g(newest(), c.place, now))
			}
			queue = append(queue, c)
		}
		// Who is free takes the next within half a minute, on average.
		for range there - len(busy) {
			if len(queue) == 0 || r.Float64() > step.Seconds()/30 {
				continue
			}
			c := queue[0]
			queue = queue[1:]
			busy = append(busy, now.Add(time.Duration(math.Exp(r.NormFloat64()*.7-.245)*float64(s.talk))))
			w := chat.Wait{At: now, Waited: now.Sub(c.came), Told: chat.Told{Place: c.place}}
			done = append(done, w)
			for i, t := range c.told {
				if c.came.Sub(start) > time.Duration(warmup)*24*time.Hour && t.Estimated() {
					out[i].add(t, w.Waited)
				}
			}
		}
		if there == 0 { // they go home: the rest has another promise
			queue = nil
		}
	}
	return out
}

// middleHalf is what was told before: the middle half of the last 40 waits,
// whatever hour and place. It is the floor.
func middleHalf(done []chat.Wait, place int, _ time.Time) chat.Told {
	if len(done) < waitEnough {
		return chat.Told{}
	}
	var waits []time.Duration
	for _, w := range done[:min(40, len(done))] {
		waits = append(waits, w.Waited)
	}
	slices.Sort(waits)
	return chat.Told{Place: place, MinWait: chat.Minutes(waits[len(waits)/4]), MaxWait: chat.Minutes(waits[len(waits)*3/4])}
}

func alike(done []chat.Wait, place int, now time.Time) chat.Told {
	return newUsual(done).told(place, 0, now)
}

// TestEstimatesHold plays four desks for three weeks. The goal: in every one at
// least 3 of 4 waits fall into the range that was told (its ranges are made for
// 8 of 10, and each day differs from those before), half of those that begin
// with four or more before them, and the interval score, which punishes wide
// ranges as well as wrong ones, is at most half of what the middle half of the
// last waits has on the same customers.
func TestEstimatesHold(t *testing.T) {
	t.Parallel()
	for _, s := range shops() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			out := s.play(21, 7, middleHalf, alike)
			floor, got := out[0], out[1]
			for name, o := range map[string]outcome{"floor": floor, "told": got} {
				t.Logf("%s: %d waits, %.3f in the range (place 1 to 2, 3 to 4, beyond: %s), %.1f minutes wide, score %.1f", name, o.told,
					o.coverage(), o.thirds(), o.minutes/float64(o.told), o.score/float64(o.told))
			}
			if got.told < 800 || got.told < floor.told {
				t.Fatalf("only %d were told a range", got.told)
			}
			if got.coverage() < .75 {
				t.Errorf("%.3f of the waits fell into the range", got.coverage())
			}
			if deep := got.byPlace[2]; float64(deep[1]) < .5*float64(deep[0]) {
				t.Errorf("of the waits behind others only %d of %d", deep[1], deep[0])
			}
			if got.score > floor.score/2 {
				t.Errorf("score %.1f, that of the floor is %.1f", got.score, floor.score)
			}
		})
	}
}

func TestEstimateNeedsWaits(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 10, 30, 0, 0, time.UTC)
	wait := func(ago time.Duration, place int, waited time.Duration) chat.Wait {
		return chat.Wait{At: now.Add(-ago), Waited: waited, Told: chat.Told{Place: place}}
	}
	few := []chat.Wait{wait(time.Hour, 1, time.Minute), wait(2*time.Hour, 1, 90*time.Second), wait(25*time.Hour, 1, 3*time.Minute), wait(26*time.Hour, 2, 4*time.Minute)}
	offline := append(few, wait(20*time.Hour, 0, 14*time.Hour))
	enough := append(few, wait(27*time.Hour, 2, 10*time.Minute))
	for _, c := range []struct {
		what     string
		waits    []chat.Wait
		place    int
		here     time.Duration
		from, to int
	}{
		{"too few", few, 1, 0, 0, 0},
		{"who found nobody does not count", offline, 1, 0, 0, 0},
		{"of few, all", enough, 1, 0, 1, 5},
		{"further behind, longer", enough, 2, 0, 2, 10},
		{"no place", enough, 0, 0, 0, 0},
		{"most have waited less than this", enough, 1, 2 * time.Minute, 0, 0},
	} {
		got := newUsual(c.waits).told(c.place, c.here, now)
		if want := (chat.Told{Place: c.place, MinWait: c.from, MaxWait: c.to}); got != want {
			t.Errorf("%s: %+v, want %+v", c.what, got, want)
		}
	}
}

// Who has waited for a while is told what is left.
func TestEstimateOfWhatIsLeft(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 10, 30, 0, 0, time.UTC)
	var waits []chat.Wait
	for i := range 40 { // 1 to 40 minutes, at this hour
		waits = append(waits, chat.Wait{At: now, Waited: time.Duration(i+1) * time.Minute, Told: chat.Told{Place: 1}})
	}
	u := newUsual(waits)
	for _, c := range []struct {
		here     time.Duration
		from, to int
	}{{0, 4, 37}, {10 * time.Minute, 3, 28}, {20 * time.Minute, 2, 19}, {40 * time.Minute, 0, 0}} {
		if got := u.told(1, c.here, now); got.MinWait != c.from || got.MaxWait != c.to {
			t.Errorf("after %s: %+v, want %d to %d", c.here, got, c.from, c.to)
		}
	}
}
