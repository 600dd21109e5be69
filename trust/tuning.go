package trust

import (
	"encoding/json"
	"time"
)

// Tuning is a judge that was fitted to a workspace, as bot.Judge's JSON, and
// what spoke for it.
type Tuning struct {
	Number int64           `json:"-"`    // set by the store, rising
	At     time.Time       `json:"-"`    // when it was stored
	Base   string          `json:"base"` // id of the judge that it was fitted from: another program's may see other evidence
	Judge  json.RawMessage `json:"judge"`
	Report json.RawMessage `json:"report"` // how it did on pairs that were held back
}
