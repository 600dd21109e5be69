package handoff

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// riskFor is for how long a poor rating counts, poorRating up to what a rating is poor.
const (
	riskFor    = 90 * 24 * time.Hour
	poorRating = 2
)

// needs gives how urgent a handoff is and which team it goes to: by its reason,
// by the workspace's rules, and by what the customer has been through. What
// cannot be read now makes it less urgent, and never fails it.
func (d *Desk) needs(ctx context.Context, ws uuid.UUID, c chat.Conversation, reason chat.Reason) chat.Needs {
	routing, err := ReadRouting(ctx, d.sur, ws)
	if err != nil {
		d.log.WarnContext(ctx, "handoff: how is this workspace routed?", "err", err)
	}
	n := routing.Needs(c, reason)
	if n.Team != uuid.Nil {
		teams, err := d.sur.Teams(ctx, ws)
		if err != nil || !slices.ContainsFunc(teams, func(t chat.Team) bool { return t.ID == n.Team }) {
			d.log.WarnContext(ctx, "handoff: a rule names a team that is not there", "team", n.Team, "err", err)
			n.Team = uuid.Nil
		}
	}
	n.Priority = higher(n.Priority, priorityOf(reason))
	if n.Priority == chat.PriorityNormal && routing.AtRisk && d.atRisk(ctx, ws, c) {
		n.Priority = chat.PriorityHigh
	}
	return n
}

func higher(a, b chat.Priority) chat.Priority {
	if b.HeadStart() > a.HeadStart() {
		return b
	}
	return a
}

// atRisk reports whether the customer's last rating was poor, and is not long ago.
func (d *Desk) atRisk(ctx context.Context, ws uuid.UUID, c chat.Conversation) bool {
	page, err := d.sur.Conversations(ctx, ws, chat.ConversationQuery{View: chat.ViewAll, Customer: c.Customer, Limit: briefList + 1})
	if err != nil {
		d.log.WarnContext(ctx, "handoff: what has the customer been through?", "err", err)
	}
	for _, e := range page.Conversations { // the last changed first
		if e.Rating > 0 {
			return e.Rating <= poorRating && d.now().Sub(e.UpdatedAt) < riskFor
		}
	}
	return false
}
