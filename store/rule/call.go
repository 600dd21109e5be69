package rule

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// nextStates are where a call may go from a state.
var nextStates = map[chat.CallState][]chat.CallState{
	chat.CallProposed:  {chat.CallConfirmed, chat.CallDeclined, chat.CallExpired},
	chat.CallConfirmed: {chat.CallRunning, chat.CallExpired},
	chat.CallRunning:   {chat.CallDone, chat.CallFailed, chat.CallUnknown},
}

// CheckCall gives c with its defaults, or says what is wrong with it. CodeInvalid.
func CheckCall(c chat.Call) (chat.Call, error) {
	var err error
	if c.ID, err = NewID(c.ID); err != nil {
		return c, err
	}
	switch {
	case c.Action == "" || c.Digest == "":
		return c, invalid("a call needs its action and the digest of its arguments")
	case c.Write && c.State != chat.CallProposed, !c.Write && c.State != chat.CallRunning:
		return c, invalid("a look-up begins as running and a change as proposed, not as %q", c.State)
	case c.Until.IsZero():
		return c, invalid("a call that begins has an end")
	}
	if len(c.Args) == 0 {
		c.Args = []byte("{}")
	}
	c.Until = c.Until.UTC().Truncate(time.Microsecond)
	return c, nil
}

// CheckCallMove gives m with its entries checked, or says what is wrong with it. CodeInvalid.
func CheckCallMove(m chat.CallMove) (chat.CallMove, error) {
	if !slices.Contains(nextStates[m.From], m.To) {
		return m, invalid("a call does not go from %q to %q", m.From, m.To)
	}
	entries := make([]chat.Draft, len(m.Entries))
	for i, d := range m.Entries {
		var err error
		if d.ClientID, err = NewID(d.ClientID); err != nil {
			return m, err
		}
		if entries[i], err = checkDraft(d); err != nil {
			return m, err
		}
	}
	m.Entries, m.Until = entries, m.Until.UTC().Truncate(time.Microsecond)
	return m, nil
}

// MoveCall does m, which is checked, to a call of the conversation c, and
// gives the entries that it makes. CodeStale, and nothing is done, if the call
// is in another state, or the fence does not hold.
func MoveCall(c *Talk, call *chat.Call, m chat.CallMove, now time.Time) ([]chat.Entry, error) {
	bots := c.Status == chat.StatusOpen && c.Owner == chat.OwnerBot
	switch {
	case call.State != m.From:
		return nil, chat.Errorf(chat.CodeStale, "the call is %s by now", call.State)
	case m.Fenced && (!bots || c.Epoch != call.Epoch):
		return nil, chat.Errorf(chat.CodeStale, "the conversation has moved on")
	}
	call.State, call.Until, call.UpdatedAt = m.To, m.Until, now
	switch m.To {
	case chat.CallDone, chat.CallFailed, chat.CallUnknown:
		call.Code, call.Error, call.TookMS = m.Code, m.Error, m.Took.Milliseconds()
	}
	var entries []chat.Entry
	for _, d := range m.Entries {
		if d.From.Kind == chat.PartyBot && !bots {
			continue
		}
		entries = append(entries, c.Next(d, now))
	}
	return entries, nil
}

// CallLimit is the limit of a list of calls: at most 200, 0 means 50.
func CallLimit(q chat.CallQuery) (int, error) {
	for _, s := range q.States {
		if _, ok := nextStates[s]; !ok && s != chat.CallDeclined && s != chat.CallExpired && s != chat.CallDone && s != chat.CallFailed && s != chat.CallUnknown {
			return 0, invalid("there is no state %q", s)
		}
	}
	return PageLimit(q.Limit)
}

// StillToCome reports whether states are given and none of them is an end.
func StillToCome(states []chat.CallState) bool {
	return len(states) > 0 && !slices.ContainsFunc(states, func(s chat.CallState) bool { return nextStates[s] == nil })
}

// Before is the id below which a list begins: above all others for none.
func Before(id uuid.UUID) uuid.UUID {
	if id == uuid.Nil {
		return uuid.Max
	}
	return id
}
