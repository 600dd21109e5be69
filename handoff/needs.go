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
	var has []chat.Attribute
	if routing.ByAttribute() {
		has = d.attributes(ctx, ws, []chat.Conversation{c})[c.Customer]
	}
	n := routing.Needs(c, has, reason)
	if n.Team != uuid.Nil {
		teams, err := d.sur.Teams(ctx, ws)
		if err != nil || !slices.ContainsFunc(teams, func(t chat.Team) bool { return t.ID == n.Team }) {
			d.log.WarnContext(ctx, "handoff: a rule names a team that is not there", "team", n.Team, "err", err)
			n.Team = uuid.Nil
		}
	}
	if own := priorityOf(reason); own.HeadStart() > n.Priority.HeadStart() {
		n.Priority, n.Cause = own, causeOf(reason)
	}
	if n.Priority == chat.PriorityNormal && routing.AtRisk && d.atRisk(ctx, ws, c) {
		n.Priority, n.Cause = chat.PriorityHigh, chat.Cause{Code: chat.CauseAtRisk}
	}
	return n
}

// causeOf says that a priority comes from why the conversation is moved.
func causeOf(r chat.Reason) chat.Cause {
	return chat.Cause{Code: chat.CauseReason, Value: string(r)}
}

// attributes gives those of conversations' customers, as far as they can be read now.
func (d *Desk) attributes(ctx context.Context, ws uuid.UUID, of []chat.Conversation) map[uuid.UUID][]chat.Attribute {
	ids := make([]uuid.UUID, len(of))
	for i, c := range of {
		ids[i] = c.Customer
	}
	all, err := d.sur.Customers(ctx, ws, ids)
	if err != nil {
		d.log.WarnContext(ctx, "handoff: what is known of the customers?", "err", err)
	}
	has := make(map[uuid.UUID][]chat.Attribute, len(all))
	for _, c := range all {
		has[c.ID] = c.Attributes
	}
	return has
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
