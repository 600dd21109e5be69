package chat

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// SavedView is a list of conversations under a name: a view, and how it is
// narrowed and sorted.
type SavedView struct {
	ID        uuid.UUID `json:"id"`
	Owner     uuid.UUID `json:"owner,omitzero"` // whose it is; zero: everybody's
	Name      string    `json:"name"`
	View      View      `json:"view"`
	Query     string    `json:"query"` // as in an address, names in order: "language=de&sort=waiting"; "" narrows nothing
	CreatedAt time.Time `json:"created_at"`
}

// MaxSavedViews is how many views an owner saves: a menu of more is a list to search.
const MaxSavedViews = 50

// Limits of a saved view: a line of a menu, and a dozen ids.
const (
	maxViewName  = 60
	maxViewQuery = 1 << 10
)

// Narrowings are what a SavedView's query may name.
var Narrowings = []string{"agent", "from", "inbox", "language", "priority", "reason", "sort", "tag", "team", "unanswered", "until", "waiting"}

// Check says what is wrong with a saved view, in words for whoever saves it. CodeInvalid.
func (v SavedView) Check() error {
	values, err := url.ParseQuery(v.Query)
	switch {
	case strings.TrimSpace(v.Name) == "" || len(v.Name) > maxViewName:
		return Errorf(CodeInvalid, "The name of a view has 1 to %d bytes.", maxViewName)
	case !slices.Contains([]View{ViewQueue, ViewMine, ViewTeam, ViewSnoozed, ViewAll, ViewClosed}, v.View):
		return Errorf(CodeInvalid, "There is no view %q.", v.View)
	case len(v.Query) > maxViewQuery || err != nil || values.Encode() != v.Query:
		return Errorf(CodeInvalid, "What a view is narrowed to is written as in an address, in order of the names, in at most %d bytes.", maxViewQuery)
	}
	for name, all := range values {
		if !slices.Contains(Narrowings, name) || len(all) != 1 || all[0] == "" {
			return Errorf(CodeInvalid, "A view is not narrowed by %q. There are: %s, each once.", name, strings.Join(Narrowings, ", "))
		}
	}
	return nil
}
