package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// ID names the judge by its figures: two judges with one ID give the same
// probabilities and thresholds. What they were fitted on does not count.
func (j Judge) ID() string {
	j.Fitted = nil
	text, err := json.Marshal(j)
	if err != nil { // a weight that is not a number: no judge that was read from a file has one
		text = fmt.Append(nil, j)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:6])
}

// FittedOn gives the names of the sets that the judge was fitted on, none if
// it does not say.
func (j Judge) FittedOn() []string {
	var fitted struct {
		LeftOut []struct {
			Set string `json:"set"`
		} `json:"left_out"`
	}
	if json.Unmarshal(j.Fitted, &fitted) != nil {
		return nil
	}
	var out []string
	for _, s := range fitted.LeftOut {
		if s.Set != "all" { // the line of totals
			out = append(out, s.Set)
		}
	}
	return out
}
