package insight

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// agents lists who can answer.
func agents(in Input) []AgentDone {
	did := doneBy(in)
	out := []AgentDone{}
	for _, u := range in.Users {
		if !u.Role.Can(chat.RoleAgent) {
			continue
		}
		a := AgentDone{User: u.ID, Name: u.Name, Presence: chat.PresenceOffline, Capacity: in.Capacity, Did: did[u.ID]}
		for _, p := range in.Presence {
			if p.User == u.ID {
				a.Presence = p.State
			}
		}
		for _, l := range in.Loads {
			if l.Agent == u.ID {
				a.Open = l.N
			}
		}
		for _, p := range in.Profiles {
			if p.User == u.ID && p.Capacity > 0 {
				a.Capacity = p.Capacity
			}
		}
		if a.Did == nil {
			a.Did = &Did{}
		}
		out = append(out, a)
	}
	slices.SortStableFunc(out, func(a, b AgentDone) int {
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return out
}

func doneBy(in Input) map[uuid.UUID]*Did {
	all := map[uuid.UUID]*Did{}
	of := func(agent uuid.UUID) *Did {
		if all[agent] == nil {
			all[agent] = &Did{}
		}
		return all[agent]
	}
	replies := map[uuid.UUID][]chat.Delay{}
	for _, d := range delays(in.Delays, chat.FactReplied) {
		replies[d.Agent] = append(replies[d.Agent], d)
	}
	for agent, d := range replies {
		of(agent).FirstReply = times(d)
	}
	for _, t := range in.Tallies {
		switch t.Kind {
		case chat.FactClosed:
			of(t.Agent).Closed += t.N
		case chat.FactRated:
			of(t.Agent).Rating.add(t.Score, t.N)
		}
	}
	return all
}

// told gives how many of the waits since a time were as long as was told; nil if nobody asked.
func told(waits []chat.Wait, since time.Time) *Share {
	if waits == nil {
		return nil
	}
	n, of := 0, 0
	for _, w := range waits {
		if w.At.Before(since) || !w.Estimated() {
			continue
		}
		of++
		if w.Holds(w.Waited) {
			n++
		}
	}
	s := ShareOf(n, of)
	return &s
}

// Without gives the report for who may not see what each agent did, but their own.
func (r Report) Without(me uuid.UUID) Report {
	r.Agents = slices.Clone(r.Agents)
	for i := range r.Agents {
		if r.Agents[i].User != me {
			r.Agents[i].Did = nil
		}
	}
	return r
}
