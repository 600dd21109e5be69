package chat

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Macro is a canned reply: text that an agent puts in by its code, with
// placeholders that the console fills, and what is done when it was sent.
type Macro struct {
	ID        uuid.UUID     `json:"id"`
	Owner     uuid.UUID     `json:"owner,omitzero"` // whose it is; zero: everybody's
	Code      string        `json:"code"`           // what is typed after the slash
	Name      string        `json:"name"`
	Text      string        `json:"text"`
	Actions   []MacroAction `json:"actions"`
	Revision  int64         `json:"revision"` // from 1; what a change follows
	By        uuid.UUID     `json:"by,omitzero"`
	CreatedAt time.Time     `json:"created_at"`
	UpdatedAt time.Time     `json:"updated_at"`
}

// MacroAction is done when a reply with its macro was sent.
type MacroAction struct {
	Do      MacroVerb `json:"do"`
	Tag     string    `json:"tag,omitempty"`     // for MacroTag
	Minutes int       `json:"minutes,omitempty"` // for MacroSnooze: how long
}

// MacroVerb is what a MacroAction does.
type MacroVerb string

// The verbs.
const (
	MacroTag    MacroVerb = "tag"
	MacroSnooze MacroVerb = "snooze"
	MacroClose  MacroVerb = "close"
)

// Placeholders is the closed list of what a macro's text may have in double
// braces, beside an AttributePlaceholder.
var Placeholders = []string{
	"customer.name", "customer.first_name", "customer.email", "agent.name", "agent.first_name",
	"inbox.name", "inbox.brand", "page.title", "page.url", "promise.due",
}

// AttributePlaceholder begins a placeholder for an attribute of the customer,
// whose name follows: {{customer.attributes.plan}}. Which there are is the
// site's to say, so that any name is taken.
const AttributePlaceholder = "customer.attributes."

// Limits of a macro. The text's is a message's.
const (
	maxMacroText    = 8 << 10
	maxMacroName    = 80
	maxMacroActions = 5
	maxMacroTag     = 40
	maxMacroMinutes = 366 * 24 * 60
)

var (
	macroCode   = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}][\p{Ll}\p{Lo}\p{N}_-]{0,31}$`)
	placeholder = regexp.MustCompile(`\{\{([^{}]*)\}\}`)
)

// Check says what is wrong with a macro, in words for whoever writes it. CodeInvalid.
func (m Macro) Check() error {
	switch {
	case !macroCode.MatchString(m.Code):
		return Errorf(CodeInvalid, "A short code has 1 to 32 small letters, digits, - or _, and begins with a letter or digit.")
	case strings.TrimSpace(m.Name) == "" || len(m.Name) > maxMacroName:
		return Errorf(CodeInvalid, "A name has 1 to %d bytes.", maxMacroName)
	case strings.TrimSpace(m.Text) == "" || len(m.Text) > maxMacroText:
		return Errorf(CodeInvalid, "The text is empty or longer than %d bytes.", maxMacroText)
	case len(m.Actions) > maxMacroActions:
		return Errorf(CodeInvalid, "At most %d things are done after sending.", maxMacroActions)
	}
	for _, a := range m.Actions {
		if err := a.check(); err != nil {
			return err
		}
	}
	return checkPlaceholders(m.Text)
}

func checkPlaceholders(text string) error {
	for _, found := range placeholder.FindAllStringSubmatch(text, -1) {
		name, attribute := strings.CutPrefix(found[1], AttributePlaceholder)
		switch {
		case attribute && checkWord(name, MaxAttributeName, "A name") == nil && name == strings.TrimSpace(name):
		case attribute:
			return Errorf(CodeInvalid, "%s names no attribute: write {{%s%s}}, with the name that the site gives it, of at most %d bytes and without spaces around it.",
				found[0], AttributePlaceholder, PlanAttribute, MaxAttributeName)
		case !slices.Contains(Placeholders, found[1]):
			return Errorf(CodeInvalid, "There is no placeholder %s. There are: {{%s}}, and {{%sNAME}} for an attribute of the customer.",
				found[0], strings.Join(Placeholders, "}}, {{"), AttributePlaceholder)
		}
	}
	if rest := placeholder.ReplaceAllString(text, ""); strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
		return Errorf(CodeInvalid, "A placeholder is not closed: it looks like {{customer.name}}.")
	}
	return nil
}

func (a MacroAction) check() error {
	switch {
	case a.Do == MacroTag && (strings.TrimSpace(a.Tag) == "" || len(a.Tag) > maxMacroTag):
		return Errorf(CodeInvalid, "A tag has 1 to %d bytes.", maxMacroTag)
	case a.Do == MacroSnooze && (a.Minutes < 1 || a.Minutes > maxMacroMinutes):
		return Errorf(CodeInvalid, "A conversation is put off for 1 minute to a year.")
	case a.Do != MacroTag && a.Do != MacroSnooze && a.Do != MacroClose:
		return Errorf(CodeInvalid, "There is no action %q: there are tag, snooze and close.", a.Do)
	}
	return nil
}
