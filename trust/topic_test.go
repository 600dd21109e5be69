package trust

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
)

var rules = Rules{Limit: .05, Level: .9}

// topics simulates topics of known error that get one verdict each a round.
type topics struct {
	r        *rand.Rand
	rules    Rules
	all      []Topic
	error    []float64
	wentLive []bool
}

func newTopics(seed uint64, rules Rules, errors []float64) *topics {
	s := &topics{r: rand.New(rand.NewPCG(seed, 7)), rules: rules, error: errors, all: make([]Topic, len(errors)), wentLive: make([]bool, len(errors))}
	for i := range s.all {
		s.all[i].Article = uuid.UUID{byte(i >> 8), byte(i), 1}
	}
	return s
}

// round gives every topic a verdict, with looking at all after each round.
func (s *topics) round() {
	for i := range s.all {
		s.all[i] = s.rules.Add(s.all[i], Verdict{Kind: KindAccepted, Answered: true, Right: s.r.Float64() >= s.error[i]})
	}
	for _, id := range s.rules.Earned(s.all) {
		i := int(id[0])<<8 | int(id[1])
		s.all[i] = s.all[i].GoLive(time.Time{})
		s.wentLive[i] = true
	}
}

// exceeding gives how many topics ever went live, and how many of them exceed the limit.
func (s *topics) exceeding() (bad, live int) {
	for i, w := range s.wentLive {
		if w {
			live++
			if s.error[i] > s.rules.Limit {
				bad++
			}
		}
	}
	return bad, live
}

// A thousand topics, of several mixtures: of those that go live within 400
// verdicts, at most 10 % exceed the limit, also where most topics are just bad enough.
func TestAThousandTopics(t *testing.T) {
	t.Parallel()
	for name, draw := range map[string]func(r *rand.Rand) float64{
		"uniform up to 20 %":     func(r *rand.Rand) float64 { return .2 * r.Float64() },
		"most are good":          func(r *rand.Rand) float64 { return math.Pow(r.Float64(), 3) * .3 },
		"nine of ten just above": func(r *rand.Rand) float64 { return []float64{.005, .06}[min(1, r.IntN(10))] },
		"all just above":         func(r *rand.Rand) float64 { return .051 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(11, 3))
			errors := make([]float64, 1000)
			good := 0
			for i := range errors {
				errors[i] = draw(r)
				if errors[i] <= rules.Limit/2 {
					good++
				}
			}
			s := newTopics(5, rules, errors)
			for range 400 {
				s.round()
			}
			bad, live := s.exceeding()
			t.Logf("%d of 1,000 went live, %d of them exceed %v; %d have half of it at most", live, bad, rules.Limit, good)
			if bad*10 > live {
				t.Errorf("%d of %d topics that went live exceed the limit", bad, live)
			}
			if live < good/2 {
				t.Errorf("only %d went live, and %d are clearly good", live, good)
			}
		})
	}
}

// A live topic whose answers turn wrong every second time steps down within
// 30: all of 1,000 at a limit of 5 %, all but one or two at 10 %, where a wrong
// answer says less.
func TestAPoisonedTopicStepsDown(t *testing.T) {
	t.Parallel()
	for limit, late := range map[float64]int{.02: 0, .05: 0, .1: 2} {
		r := rand.New(rand.NewPCG(2, 9))
		rules := Rules{Limit: limit, Level: .9}
		var took []int
		for range 1000 {
			topic := Topic{Limit: limit}.GoLive(time.Time{})
			for range 200 { // a good past makes it no slower
				topic = rules.Add(topic, Verdict{Kind: KindQuiet, Answered: true, Right: true})
			}
			n := 0
			for topic.Stage == StageLive {
				topic = rules.Add(topic, Verdict{Kind: KindRated, Answered: true, Right: r.IntN(2) == 0})
				n++
			}
			if topic.Stage != StageSuggest || topic.Falls != 1 || topic.Answers != 0 {
				t.Fatalf("it stepped down to %+v", topic)
			}
			took = append(took, n)
		}
		slices.Sort(took)
		t.Logf("limit %v: stepped down after %d answers (median), %d (worst of 1,000)", limit, took[500], took[999])
		if took[999-late] > 30 {
			t.Errorf("limit %v: %d answers were not enough for more than %d of 1,000", limit, 30, late)
		}
	}
}

// How long a topic that is as it should be stays live.
func TestAGoodTopicStaysLive(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		share float64
		least int
	}{{1, 200}, {.5, 2000}} {
		for _, limit := range []float64{.02, .05, .1} {
			r := rand.New(rand.NewPCG(4, 4))
			rules := Rules{Limit: limit, Level: .9}
			const runs, most = 200, 20000
			total := 0
			for range runs {
				topic := Topic{Limit: limit}.GoLive(time.Time{})
				for topic.Stage == StageLive && topic.Live < most {
					topic = rules.Add(topic, Verdict{Kind: KindRated, Answered: true, Right: r.Float64() >= c.share*limit})
					total++
				}
			}
			t.Logf("limit %v, error %v: %d answers live on average (at most %d counted)", limit, c.share*limit, total/runs, most)
			if total/runs < c.least {
				t.Errorf("limit %v, error %v: only %d answers", limit, c.share*limit, total/runs)
			}
		}
	}
}

func verdicts(n int, v Verdict) []Verdict { return slices.Repeat([]Verdict{v}, n) }

// The way of one topic, verdict by verdict.
func TestATopicsWay(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	right := Verdict{Kind: KindAccepted, Answered: true, Right: true, At: at}
	wrong := Verdict{Kind: KindRejected, Answered: true, At: at}
	quiet := Verdict{Kind: KindQuiet, Answered: true, Right: true, At: at}
	unsure := Verdict{Kind: KindAccepted, Right: true, At: at}
	for _, c := range []struct {
		name  string
		steps [][]Verdict
		stage Stage
		since bool
		n     int
	}{
		{"nothing", [][]Verdict{{unsure}}, StageShadow, false, 0},
		{"nine in shadow", [][]Verdict{verdicts(9, right)}, StageShadow, false, 0},
		{"ten in shadow", [][]Verdict{verdicts(10, right)}, StageSuggest, true, 0},
		{"four of ten wrong", [][]Verdict{verdicts(4, wrong), verdicts(6, right)}, StageShadow, false, 0},
		{"and then they drop out", [][]Verdict{verdicts(4, wrong), verdicts(7, right)}, StageSuggest, true, 0},
		{"silence earns nothing", [][]Verdict{verdicts(500, quiet)}, StageShadow, false, 0},
		{"nor what it would not have said", [][]Verdict{verdicts(500, unsure)}, StageShadow, false, 0},
		{"suggested", [][]Verdict{verdicts(15, right)}, StageSuggest, true, 5},
		{"mostly rejected: back to shadow, which forgets nothing", [][]Verdict{verdicts(10, right), verdicts(4, right), verdicts(6, wrong)}, StageShadow, true, 10},
		{"and up again", [][]Verdict{verdicts(14, right), verdicts(6, wrong), verdicts(10, right), verdicts(3, right)}, StageSuggest, true, 13},
	} {
		topic := Topic{}
		for _, step := range c.steps {
			for _, v := range step {
				topic = rules.Add(topic, v)
			}
		}
		if topic.Stage != c.stage || !topic.Since.IsZero() != c.since || topic.Answers != c.n || topic.Limit != rules.Limit {
			t.Errorf("%s: %+v", c.name, topic)
		}
	}
}

func TestEvidenceIsOfOneLimit(t *testing.T) {
	t.Parallel()
	topic := Topic{}
	for i := range 100 {
		topic = rules.Add(topic, Verdict{Number: int64(i + 1), Kind: KindAccepted, Answered: true, Right: true})
	}
	if len(rules.Earned([]Topic{topic})) != 1 {
		t.Errorf("90 right ones of 90 do not earn it: %+v", topic)
	}
	stricter := Rules{Limit: .01, Level: .9}
	if len(stricter.Earned([]Topic{topic})) != 0 {
		t.Error("earned under another limit")
	}
	if again := stricter.Add(topic, Verdict{Number: 101, Kind: KindAccepted, Answered: true, Right: true}); again.Stage != StageShadow || again.Answers != 0 || again.After != 101 {
		t.Errorf("under another limit: %+v", again)
	}
}

// One topic alone needs about as many verdicts as the bound does; each fall asks for more.
func TestHowManyRightVerdictsEarnIt(t *testing.T) {
	t.Parallel()
	last := 0
	for falls := range 3 {
		topic := Topic{Stage: StageSuggest, Limit: .05, Falls: falls}
		n := 0
		for len(rules.Earned([]Topic{topic})) == 0 {
			topic = rules.Add(topic, Verdict{Kind: KindAccepted, Answered: true, Right: true})
			n++
		}
		t.Logf("%d falls: %d right verdicts", falls, n)
		if n < 45 || n > 100 || n <= last {
			t.Errorf("%d falls: %d right verdicts", falls, n)
		}
		last = n
	}
}
