package handoff

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
)

var (
	anna = chat.User{ID: uuid.MustParse("00000000-0000-7000-8000-00000000000a"), Name: "Anna"}
	ben  = chat.User{ID: uuid.MustParse("00000000-0000-7000-8000-00000000000b"), Name: "Ben"}
)

// TestNext tries every move, by Anna or (end) the customer, from every state. An outcome is the new
// state, or the code of the refusal.
func TestNext(t *testing.T) {
	t.Parallel()
	promised := time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)
	states := map[string]chat.Conversation{
		"bot":              {Owner: chat.OwnerBot, Status: chat.StatusOpen},
		"queue":            {Owner: chat.OwnerQueue, Status: chat.StatusOpen, Promised: promised},
		"anna, unheard":    {Owner: chat.OwnerAgent, Agent: anna.ID, Status: chat.StatusOpen, Promised: promised},
		"anna, has spoken": {Owner: chat.OwnerAgent, Agent: anna.ID, Status: chat.StatusOpen},
		"ben":              {Owner: chat.OwnerAgent, Agent: ben.ID, Status: chat.StatusOpen},
		"anna, forgotten":  {Owner: chat.OwnerAgent, Agent: anna.ID, Status: chat.StatusOpen, LastFrom: chat.PartyCustomer, CustomerSeq: 3, AnsweredSeq: 3},
		"anna, to answer":  {Owner: chat.OwnerAgent, Agent: anna.ID, Status: chat.StatusOpen, LastFrom: chat.PartyCustomer, CustomerSeq: 3, AnsweredSeq: 1},
		"closed":           {Owner: chat.OwnerBot, Status: chat.StatusClosed},
	}
	moves := map[string]move{
		"request": {kind: moveRequest, reason: chat.ReasonAsked, promised: promised},
		"claim":   {kind: moveClaim, agent: anna},
		"release": {kind: moveRelease, agent: anna, reason: chat.ReasonReleased},
		"close":   {kind: moveClose, agent: anna, reason: chat.ReasonClosed},
		"end":     {kind: moveClose, by: chat.Sender{Kind: chat.PartyCustomer}, reason: chat.ReasonClosed},
		"reopen":  {kind: moveReopen},
	}
	type outcome struct {
		To       chat.Owner
		Status   chat.Status
		Agent    uuid.UUID
		Reason   chat.Reason
		Answered bool
		Clear    bool
		Promised bool
		Code     chat.Code
	}
	refused := func(c chat.Code) outcome { return outcome{Code: c} }
	queued := outcome{To: chat.OwnerQueue, Status: chat.StatusOpen, Reason: chat.ReasonAsked, Answered: true, Promised: true}
	hers := outcome{To: chat.OwnerAgent, Status: chat.StatusOpen, Agent: anna.ID, Reason: chat.ReasonClaimed}
	over := outcome{To: chat.OwnerBot, Status: chat.StatusClosed, Reason: chat.ReasonClosed, Answered: true, Clear: true}
	want := map[string]map[string]outcome{
		"request": {
			"bot": queued, "queue": refused(chat.CodeStale), "anna, unheard": refused(chat.CodeStale),
			"anna, has spoken": refused(chat.CodeStale), "anna, forgotten": refused(chat.CodeStale), "anna, to answer": refused(chat.CodeStale),
			"ben": refused(chat.CodeStale), "closed": refused(chat.CodeClosed),
		},
		"claim": {
			"bot": hers, "queue": hers, "anna, unheard": hers, "anna, has spoken": hers, "anna, forgotten": hers, "anna, to answer": hers,
			"ben": refused(chat.CodeConflict), "closed": hers,
		},
		"release": {
			"bot": refused(chat.CodeForbidden), "queue": refused(chat.CodeForbidden),
			"anna, unheard":    {To: chat.OwnerQueue, Status: chat.StatusOpen, Reason: chat.ReasonReleased},
			"anna, has spoken": {To: chat.OwnerBot, Status: chat.StatusOpen, Reason: chat.ReasonReleased},
			"anna, forgotten":  {To: chat.OwnerQueue, Status: chat.StatusOpen, Reason: chat.ReasonReleased},
			"anna, to answer":  {To: chat.OwnerBot, Status: chat.StatusOpen, Reason: chat.ReasonReleased},
			"ben":              refused(chat.CodeForbidden), "closed": refused(chat.CodeClosed),
		},
		"close": {
			"bot": over, "queue": over, "anna, unheard": over, "anna, has spoken": over, "anna, forgotten": over, "anna, to answer": over,
			"ben": refused(chat.CodeConflict), "closed": refused(chat.CodeClosed),
		},
		"end": {
			"bot": over, "queue": over, "anna, unheard": over, "anna, has spoken": over, "anna, forgotten": over, "anna, to answer": over,
			"ben": over, "closed": refused(chat.CodeClosed),
		},
		"reopen": {
			"bot": refused(chat.CodeStale), "queue": refused(chat.CodeStale), "anna, unheard": refused(chat.CodeStale),
			"anna, has spoken": refused(chat.CodeStale), "anna, forgotten": refused(chat.CodeStale), "anna, to answer": refused(chat.CodeStale),
			"ben":    refused(chat.CodeStale),
			"closed": {To: chat.OwnerBot, Status: chat.StatusOpen, Reason: chat.ReasonReopened},
		},
	}
	for moveName, m := range moves {
		for stateName, c := range states {
			c.Epoch = 7
			got, err := next(c, m)
			have := outcome{To: got.To, Status: got.Status, Agent: got.Agent, Reason: got.Reason, Answered: got.Answered,
				Clear: got.ClearPromise, Promised: !got.Promised.IsZero()}
			if err != nil {
				have = refused(chat.CodeOf(err))
			} else if got.Epoch != 7 {
				t.Errorf("%s from %s: epoch %d, not the one that was seen", moveName, stateName, got.Epoch)
			}
			if d := cmp.Diff(want[moveName][stateName], have); d != "" {
				t.Errorf("%s from %s (-want +got):\n%s", moveName, stateName, d)
			}
		}
	}
}

func TestNextCarriesWhatTheMoveBrings(t *testing.T) {
	t.Parallel()
	h := &chat.Handoff{Reason: chat.ReasonDistress}
	by := chat.Sender{Kind: chat.PartyBot}
	says := []chat.Draft{{Text: "A person takes over."}}
	got, err := next(chat.Conversation{Owner: chat.OwnerBot, Status: chat.StatusOpen},
		move{kind: moveRequest, by: by, entries: says, handoff: h})
	if err != nil || got.Handoff != h || got.By != by || len(got.Entries) != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
}
