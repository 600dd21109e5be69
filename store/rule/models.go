package rule

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// CheckSetting says what is wrong with a revision of a setting. CodeInvalid.
func CheckSetting(s chat.Setting) error {
	if s.Name == "" || !storable(s.Name) {
		return invalid("a setting needs a name, in UTF-8")
	}
	if s.Revision < 0 {
		return invalid("a setting follows revision 0 or a later one, not %d", s.Revision)
	}
	return checkJSON("a setting's value", s.Value)
}

// CheckSpend says what is wrong with an amount that was spent. CodeInvalid.
func CheckSpend(s chat.Spend) error {
	switch {
	case s.Day.IsZero():
		return invalid("what was spent needs a day")
	case !storable(s.Purpose) || !storable(s.Model):
		return invalid("the purpose and the model that something was spent for must be UTF-8")
	}
	return nil
}

// CheckTurn says what is wrong with the record of a turn. CodeInvalid.
func CheckTurn(t chat.TurnRecord) error {
	if t.Turn == uuid.Nil {
		return invalid("the record of a turn needs the turn's id")
	}
	return checkJSON("the record of a turn", t.Body)
}

// CheckMemory says what is wrong with a memory. CodeInvalid.
func CheckMemory(m chat.Memory) error {
	if m.Seq < 0 {
		return invalid("a memory ends at entry 0 or a later one, not %d", m.Seq)
	}
	return checkJSON("a memory", m.Body)
}

// Midnight is the beginning of t's day in UTC. The zero time stays.
func Midnight(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	y, m, d := t.UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// checkJSON says whether both databases can keep raw as it is: encoding/json
// takes strings that are not UTF-8, and Postgres does not.
func checkJSON(what string, raw json.RawMessage) error {
	if !json.Valid(raw) || !storable(string(raw)) {
		return invalid("%s must be JSON in UTF-8", what)
	}
	return nil
}
