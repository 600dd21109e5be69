package rule

import (
	"bytes"
	"slices"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Member is a user in a team.
type Member struct{ Team, User uuid.UUID }

// CheckTeam gives t with an id, and its members in order, each once. CodeInvalid.
func CheckTeam(t chat.Team) (chat.Team, error) {
	if t.Name == "" || !storable(t.Name) {
		return t, invalid("a team needs a name, in UTF-8 and without the character U+0000")
	}
	t.Members = slices.Clone(t.Members)
	slices.SortFunc(t.Members, compareIDs)
	t.Members = slices.Compact(t.Members)
	var err error
	t.ID, err = NewID(t.ID)
	return t, err
}

// WithMembers gives teams their members, of whatever order.
func WithMembers(teams []chat.Team, members []Member) []chat.Team {
	of := make(map[uuid.UUID][]uuid.UUID, len(teams))
	for _, m := range members {
		of[m.Team] = append(of[m.Team], m.User)
	}
	for i := range teams {
		teams[i].Members = of[teams[i].ID]
		slices.SortFunc(teams[i].Members, compareIDs)
	}
	return teams
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }
