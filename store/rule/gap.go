package rule

import (
	"strconv"
	"strings"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// CheckMacro says what is wrong with a macro that is to be stored. CodeInvalid.
func CheckMacro(m chat.Macro) error {
	if m.Revision < 0 {
		return invalid("the revision is %d; it must not be negative", m.Revision)
	}
	if !storable(m.Code) || !storable(m.Name) || !storable(m.Text) {
		return invalid("code, name or text are not UTF-8, or hold the character U+0000")
	}
	for _, a := range m.Actions {
		if !storable(a.Tag) {
			return invalid("a tag is not UTF-8, or holds the character U+0000")
		}
	}
	return m.Check()
}

// MacroBody is what of a macro is kept as JSON.
type MacroBody struct {
	Name    string             `json:"name"`
	Text    string             `json:"text"`
	Actions []chat.MacroAction `json:"actions,omitempty"`
	By      uuid.UUID          `json:"by"`
}

// BodyOf gives m's.
func BodyOf(m chat.Macro) MacroBody { return MacroBody{m.Name, m.Text, m.Actions, m.By} }

// Into puts it into m.
func (b MacroBody) Into(m *chat.Macro) {
	m.Name, m.Text, m.Actions, m.By = b.Name, b.Text, b.Actions, b.By
}

// MacroTaken is the error of a code that another macro of the same owner has. CodeConflict.
func MacroTaken(code string) error {
	return chat.Errorf(chat.CodeConflict, "There is a canned reply /%s already.", code)
}

// MacroStale is the error of a change that follows another revision. CodeStale.
func MacroStale() error {
	return chat.Errorf(chat.CodeStale, "Somebody else has changed this canned reply since you opened it. Here is how it stands now.")
}

// InboxStale is the error of a change over a revision that is no longer the newest.
func InboxStale() error {
	return chat.Errorf(chat.CodeStale, "Somebody else has changed this inbox since you opened it. Look at what it is now before you change it.")
}

// ErrNoMacro is the error of a macro that is not there. CodeNotFound.
func ErrNoMacro() error {
	return chat.Errorf(chat.CodeNotFound, "This canned reply is no longer there.")
}

// CheckGap gives a gap that is to be recorded, open, or says what is wrong with
// it. CodeInvalid.
func CheckGap(g chat.Gap) (chat.Gap, error) {
	g.Question = strings.TrimSpace(g.Question)
	if g.Question == "" || len(g.Question) > chat.MaxGapQuestion || !storable(g.Question) || !storable(g.Locale) {
		return g, invalid("A gap needs its question, of at most %d bytes of UTF-8 without U+0000.", chat.MaxGapQuestion)
	}
	g.State = chat.GapOpen
	return g, nil
}

// CheckGapState says whether there is a state. CodeInvalid.
func CheckGapState(s chat.GapState) error {
	if !s.Known() {
		return invalid("there is no state %q: a gap is open, done or dismissed", s)
	}
	return nil
}

// CheckGapQuery gives a query's limit and the number below which its page begins. CodeInvalid.
func CheckGapQuery(q chat.GapQuery) (limit int, before int64, err error) {
	if q.State != "" {
		if err := CheckGapState(q.State); err != nil {
			return 0, 0, err
		}
	}
	if limit, err = PageLimit(q.Limit); err != nil {
		return 0, 0, err
	}
	before, err = ParseRevision(q.Cursor)
	return limit, before, err
}

// NumberedGap is a gap with its place in the list.
type NumberedGap struct {
	chat.Gap
	Number int64
}

// GapPage is the page, of at most limit, that begins with found, out of total.
// One more than limit means that there is a next page.
func GapPage(found []NumberedGap, total, limit int) chat.GapPage {
	page := chat.GapPage{Total: total}
	for i, g := range found {
		if i == limit {
			page.Next = strconv.FormatInt(found[i-1].Number, 10)
			break
		}
		page.Gaps = append(page.Gaps, g.Gap)
	}
	return page
}

// ErrNoGap is the error of a gap that is not there. CodeNotFound.
func ErrNoGap() error { return chat.Errorf(chat.CodeNotFound, "This gap is no longer there.") }
