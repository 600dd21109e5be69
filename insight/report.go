// Package insight works out what a supervisor sees: how many were served, by
// whom and why, how long they waited and what they thought of it. It counts what
// the store noted and what is so now, and asks nobody anything.
package insight

import (
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Report is what is told about a time and place. Times that something took are
// in seconds.
type Report struct {
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
	Zone  string    `json:"zone"` // IANA: days and hours are this zone's
	Now   Now       `json:"now"`

	Served  Served     `json:"served"`   // conversations that began in this time, as they are now
	Alone   Share      `json:"alone"`    // of these, those that the bot alone served
	Steps   []ServedAt `json:"steps"`    // the same by hour (of one day) or day, without gaps, the first first
	Hourly  bool       `json:"hourly"`   // whether a step is an hour
	Handed  []Part     `json:"handed"`   // handoffs by reason, the most frequent first
	Closed  []Part     `json:"closed"`   // by outcome ("": nobody said), the most frequent first
	Opened  int        `json:"reopened"` // how many were opened again after they had been closed
	Ratings Ratings    `json:"ratings"`  // of satisfaction
	Ease    Ease       `json:"ease"`
	Likely  Likely     `json:"likely"`
	Help    Help       `json:"help"`

	Waits      Times       `json:"waits"`       // in the queue, until somebody took it
	WaitsAt    []TimesAt   `json:"waits_at"`    // by the hour of the day in which they began; hours without one are left out
	FirstReply Times       `json:"first_reply"` // from the handoff (or reopening) to a person's first words
	Told       *Share      `json:"told"`        // waits that were as long as the customer was told, of those that were told; null for one inbox
	Agents     []AgentDone `json:"agents"`      // who can answer, by name

	Promises *chat.PromiseStats `json:"promises"` // null for one inbox
}

// Now is what is so at this moment.
type Now struct {
	Waiting int       `json:"waiting"`
	Since   time.Time `json:"since,omitzero"` // when the longest wait began; left out: nobody waits
	High    int       `json:"high"`           // of those that wait
	Urgent  int       `json:"urgent"`
	Orphans int       `json:"orphans"` // of all inboxes
}

// Served is who served conversations.
type Served struct {
	All    int `json:"all"`
	Bot    int `json:"bot"`    // it answered, and no person was needed
	Person int `json:"person"` // people were brought in, or came by themselves
}

// ServedAt is Served of a step.
type ServedAt struct {
	At time.Time `json:"at"` // when it begins
	Served
}

// Part is a part of a whole, by name.
type Part struct {
	Name string `json:"name"`
	Share
}

// Times are a number of times that something took.
type Times struct {
	N      int     `json:"n"`
	Median float64 `json:"median"` // seconds; 0 without any
	P90    float64 `json:"p90"`    // nine in ten took at most so long
}

// TimesAt are Times of an hour of the day, 0 to 23.
type TimesAt struct {
	Hour int `json:"hour"`
	Times
}

// Ratings are what customers gave.
type Ratings struct {
	Scores [5]Share `json:"scores"` // of the scores 1 to 5
	Good   Share    `json:"good"`   // 4 or 5
	All    Mean     `json:"all"`
	Bot    Mean     `json:"bot"`    // of those whom the bot alone served
	Person Mean     `json:"person"` // of the others
}

// Ease is how easy customers found it (CES).
type Ease struct {
	Scores [7]Share `json:"scores"` // of the scores 1 to 7
	Easy   Share    `json:"easy"`   // 5 to 7
	Mean   Mean     `json:"mean"`
}

// Likely is how likely customers are to recommend (NPS).
type Likely struct {
	Promoters  Share   `json:"promoters"`  // 9 and 10
	Passives   Share   `json:"passives"`   // 7 and 8
	Detractors Share   `json:"detractors"` // 0 to 6
	Score      float64 `json:"score"`      // promoters less detractors of 100, -100 to 100; 0 without any
	Low        float64 `json:"low"`        // the score is within Low and High with a probability of 95 %
	High       float64 `json:"high"`
}

// Help is what customers said of single answers.
type Help struct {
	Helpful  Share         `json:"helpful"`  // answers that helped, of those that somebody judged
	Reasons  []Part        `json:"reasons"`  // why the others did not ("": nobody said), the most frequent first
	Articles []ArticleHelp `json:"articles"` // by what they rest on, those with the most that did not help first
}

// ArticleHelp is Help of the answers that rest on one article.
type ArticleHelp struct {
	Article uuid.UUID `json:"article"`
	Title   string    `json:"title"`
	Helpful Share     `json:"helpful"`
}

// Mean is a mean of N scores; 0 without any.
type Mean struct {
	N    int     `json:"n"`
	Mean float64 `json:"mean"`
}

// AgentDone is what one agent has and did. Did is left out for those who may
// not see it.
type AgentDone struct {
	User     uuid.UUID          `json:"user"`
	Name     string             `json:"name"`
	Presence chat.PresenceState `json:"presence"`
	Open     int                `json:"open"`     // conversations now, in all inboxes
	Capacity int                `json:"capacity"` // how many she is given at most; 0: nobody said
	Did      *Did               `json:"did,omitempty"`
}

// Did is what an agent did in the time.
type Did struct {
	FirstReply Times `json:"first_reply"`
	Closed     int   `json:"closed"`
	Rating     Mean  `json:"rating"` // of conversations that she had last
}

// Input is what a Report is made of. Tallies and Delays are of Since to Until,
// the Delays sorted as the store gives them; the rest is as it is now.
type Input struct {
	Since, Until time.Time
	Zone         *time.Location
	Tallies      []chat.Tally
	Help         []chat.HelpTally // in any order
	Delays       []chat.Delay
	Told         []chat.Wait // recent waits, of which those since Since count; nil: not asked
	Waiting      []chat.Waiting
	Loads        []chat.Load
	Orphans      int
	Users        []chat.User
	Presence     []chat.Presence
	Profiles     []chat.Profile
	Capacity     int // of who has none of her own
	Promises     *chat.PromiseStats
}

// New makes the report.
func New(in Input) Report {
	r := Report{Since: in.Since, Until: in.Until, Zone: in.Zone.String(), Now: nowOf(in), Promises: in.Promises}
	r.Steps, r.Hourly = steps(in)
	for _, s := range r.Steps {
		r.Served.add(s.Served)
	}
	r.Alone = ShareOf(r.Served.Bot, r.Served.All)
	r.Handed = parts(in.Tallies, chat.FactHanded)
	r.Closed = parts(in.Tallies, chat.FactClosed)
	for _, t := range in.Tallies {
		if t.Kind == chat.FactReopened {
			r.Opened += t.N
		}
	}
	r.Ratings, r.Ease, r.Likely, r.Help = ratings(in.Tallies), ease(in.Tallies), likely(in.Tallies), help(in.Help)
	claimed := delays(in.Delays, chat.FactClaimed)
	r.Waits, r.WaitsAt = times(claimed), byHour(claimed, in.Zone)
	r.FirstReply = times(delays(in.Delays, chat.FactReplied))
	r.Told = told(in.Told, in.Since)
	r.Agents = agents(in)
	return r
}

func nowOf(in Input) Now {
	n := Now{Orphans: in.Orphans}
	for _, w := range in.Waiting {
		n.Waiting += w.N
		switch w.Priority {
		case chat.PriorityHigh:
			n.High += w.N
		case chat.PriorityUrgent:
			n.Urgent += w.N
		}
		if n.Since.IsZero() || w.Since.Before(n.Since) {
			n.Since = w.Since
		}
	}
	return n
}

// Days gives when the last n days begin in zone, the day of now being one of them.
func Days(now time.Time, zone *time.Location, n int) time.Time {
	y, m, d := now.In(zone).Date()
	return time.Date(y, m, d+1-n, 0, 0, 0, 0, zone)
}

// steps parts the time into hours, if it is a day or less, or days. Days are as
// long as the zone has them.
func steps(in Input) (all []ServedAt, hourly bool) {
	hourly = in.Until.Sub(in.Since) <= 25*time.Hour
	next := func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }
	if hourly {
		next = func(t time.Time) time.Time { return t.Add(time.Hour) }
	}
	all = []ServedAt{}
	for at := in.Since.In(in.Zone); at.Before(in.Until); at = next(at) {
		all = append(all, ServedAt{At: at})
	}
	i := 0
	for _, t := range in.Tallies { // in the order of their times
		if t.Kind != chat.FactBegun || len(all) == 0 {
			continue
		}
		for i+1 < len(all) && !t.At.Before(all[i+1].At) {
			i++
		}
		s := Served{All: t.N}
		switch t.Name {
		case chat.ServedBot:
			s.Bot = t.N
		case chat.ServedPerson:
			s.Person = t.N
		}
		all[i].add(s)
	}
	return all, hourly
}

func (s *Served) add(o Served) {
	s.All, s.Bot, s.Person = s.All+o.All, s.Bot+o.Bot, s.Person+o.Person
}
