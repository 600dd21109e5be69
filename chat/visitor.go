package chat

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Privacy is what an inbox keeps of its customers beyond what they write.
// The zero value: what the page says of them, without asking, and no page views.
type Privacy struct {
	PageViews bool `json:"page_views"` // the pages that a customer sees are kept
	Consent   bool `json:"consent"`    // nothing that the page says is kept before the customer has agreed
}

// Source is who said something of a customer.
type Source string

// The sources. The page is in the customer's own hands: what it says may be anything.
const (
	SourcePage  Source = "page"  // the website's page, through the chat
	SourceToken Source = "token" // the site's signed token: verified
)

// Attribute is what is known of a customer beside name and address: a plan, a
// number of seats.
type Attribute struct {
	Name  string    `json:"name"`
	Value string    `json:"value"` // as people read it; see Scalar
	By    Source    `json:"by"`
	At    time.Time `json:"at"` // when it was said last
}

// Known gives one attribute of each name of c, the verified ones first: what the
// token says outranks what the page says.
func (c Customer) Known() []Attribute {
	var known []Attribute
	for _, by := range []Source{SourceToken, SourcePage} {
		for _, a := range c.Attributes {
			if a.By == by && !slices.ContainsFunc(known, func(k Attribute) bool { return k.Name == a.Name }) {
				known = append(known, a)
			}
		}
	}
	return known
}

// Limits of attributes. They hold what an agent can take in: a customer has at
// most MaxAttributes of each source, and an event as many properties.
const (
	MaxAttributes     = 32
	MaxAttributeName  = 64  // bytes
	MaxAttributeValue = 256 // bytes
)

// PlanAttribute is the name of the attribute that the token's claim plan sets.
const PlanAttribute = "plan"

// Scalar is a value of an attribute as text. In JSON it may also be a number,
// true, false, or null, which is "": the attribute is forgotten.
type Scalar string

// UnmarshalJSON reads it.
func (s *Scalar) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	switch {
	case string(data) == "null":
		*s = ""
	case data[0] == '"':
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
		*s = Scalar(text)
	case data[0] == '{' || data[0] == '[':
		return Errorf(CodeInvalid, "a value is a string, a number, true or false, or null to forget it; lists and objects cannot be kept")
	default:
		*s = Scalar(data)
	}
	return nil
}

// CheckAttributes says what is wrong with attributes, or with the properties of
// an event, in words for the site's developer: as CodeInvalid, or CodeTooLarge.
func CheckAttributes(values map[string]Scalar) error {
	if len(values) > MaxAttributes {
		return Errorf(CodeTooLarge, "%d values are too many: at most %d. Send those that help to answer.", len(values), MaxAttributes)
	}
	for name, value := range values {
		if err := checkWord(name, MaxAttributeName, "A name"); err != nil {
			return err
		}
		if value == "" {
			continue
		}
		if err := checkWord(string(value), MaxAttributeValue, "The value of "+name); err != nil {
			return err
		}
	}
	return nil
}

// checkWord checks a text that stands in one line.
func checkWord(s string, most int, what string) error {
	switch {
	case strings.TrimSpace(s) == "":
		return Errorf(CodeInvalid, "%s is empty.", what)
	case len(s) > most:
		return Errorf(CodeTooLarge, "%s has %d bytes; at most %d are kept. Shorten it.", what, len(s), most)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return Errorf(CodeInvalid, "%s holds a control character or is not UTF-8. Take it out.", what)
	}
	return nil
}

// Activity is what a customer did on the website: a page seen, or an event of
// the site's own.
type Activity struct {
	ID    uuid.UUID         `json:"id"`
	Kind  ActivityKind      `json:"kind"`
	Page  Page              `json:"page,omitzero"`        // of a visit
	Name  string            `json:"name,omitempty"`       // of an event
	Props map[string]Scalar `json:"properties,omitempty"` // of an event
	At    time.Time         `json:"at"`
}

// ActivityKind says what was done.
type ActivityKind string

// The kinds of Activity.
const (
	ActivityVisit ActivityKind = "visit"
	ActivityEvent ActivityKind = "event"
)

// What is kept of a customer's activity: what is older, or more, helps nobody
// to answer.
const (
	MaxActivity  = 100
	KeepActivity = 90 * 24 * time.Hour
)

// Check says what is wrong with an activity, as CheckAttributes does.
func (a Activity) Check() error {
	switch a.Kind {
	case ActivityVisit:
		if a.Page.URL == "" {
			return Errorf(CodeInvalid, "A visit needs the address of its page, which begins with https:// or http://.")
		}
		return nil
	case ActivityEvent:
		if err := checkWord(a.Name, MaxAttributeName, "The name of the event"); err != nil {
			return err
		}
		return CheckAttributes(a.Props)
	}
	return Errorf(CodeInvalid, "There is no activity of the kind %q.", a.Kind)
}
