package trust

import (
	"encoding/json"
	"time"
)

// Tuning is what was learnt from a workspace's verdicts and is in use, and
// what spoke for it. Each is whole: what the one before had and this one did
// not learn anew is in it too, so that dropping it goes back by one step.
type Tuning struct {
	Number int64     `json:"-"` // set by the store, rising
	At     time.Time `json:"-"` // when it was stored
	// Base is the id of the judge that Judge was fitted from: another
	// program's may see other evidence.
	Base     string          `json:"base,omitempty"`
	Judge    json.RawMessage `json:"judge,omitempty"`    // bot.Judge; none: the shipped one
	Synonyms json.RawMessage `json:"synonyms,omitempty"` // knowledge.Synonyms; none: none were learnt
	Report   json.RawMessage `json:"report"`             // how it did on pairs that were held back
}
