package sqlite

import (
	"encoding/json"

	"github.com/google/uuid"

	"frontdesk/chat"
)

const conversationColumns = `workspace_id, id, inbox_id, customer_id, owner, agent_id, epoch, status,
	last_seq, staff_seq, customer_seq, answered_seq, subject, last_text, last_from, locale, page_url, page_title,
	reason, rating, email, promised_at, waiting_at, created_at, updated_at, n, customer_at, priority,
	team_id, last_agent_id, offered_to, offered_until, passed, snoozed_until, outcome, tags, device, priority_why`

func errNoConversation() error {
	return chat.Errorf(chat.CodeNotFound, "there is no such conversation")
}

// stateOf finds a conversation.
func stateOf(q querier, ws, id uuid.UUID) (state, error) {
	return one(q, scanState, errNoConversation(),
		`SELECT `+conversationColumns+` FROM conversations WHERE workspace_id = ? AND id = ?`, ws[:], id[:])
}

// conversation is stateOf without what only the store needs.
func conversation(q querier, ws, id uuid.UUID) (chat.Conversation, error) {
	c, err := stateOf(q, ws, id)
	return c.Conversation, err
}

func scanState(r row) (state, error) {
	var c state
	var promised, waiting, created, updated, customerAt, offeredUntil, snoozed int64
	var passed string
	var tags, why []byte
	err := r.Scan(&c.Workspace, &c.ID, &c.Inbox, &c.Customer, &c.Owner, &c.Agent, &c.Epoch, &c.Status,
		&c.LastSeq, &c.StaffSeq, &c.CustomerSeq, &c.AnsweredSeq, &c.Subject, &c.LastText, &c.LastFrom, &c.Locale, &c.Page.URL, &c.Page.Title,
		&c.Reason, &c.Rating, &c.Email, &promised, &waiting, &created, &updated, &c.n, &customerAt, &c.Priority,
		&c.Team, &c.LastAgent, &c.Offered, &offeredUntil, &passed, &snoozed, &c.Outcome, &tags, &c.Device, &why)
	if err != nil {
		return state{}, err
	}
	c.Promised, c.Waiting, c.CreatedAt, c.UpdatedAt = timeOf(promised), timeOf(waiting), timeOf(created), timeOf(updated)
	c.CustomerAt, c.OfferedUntil, c.Snoozed = timeOf(customerAt), timeOf(offeredUntil), timeOf(snoozed)
	if c.Tags, err = tagsOf(tags); err == nil && passed != "" {
		err = json.Unmarshal([]byte(passed), &c.Passed)
	}
	if err == nil && len(why) > 0 {
		err = json.Unmarshal(why, &c.Cause)
	}
	return c, err
}

func scanConversation(r row) (chat.Conversation, error) {
	c, err := scanState(r)
	return c.Conversation, err
}
