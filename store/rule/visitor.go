package rule

import (
	"slices"
	"strings"
	"time"

	"frontdesk/chat"
)

// MayKeep says why an inbox with these settings does not keep what the page
// says of a customer, as CodeForbidden; visit asks about page views.
func MayKeep(p chat.Privacy, consented time.Time, visit bool) error {
	switch {
	case p.Consent && consented.IsZero():
		return chat.Errorf(chat.CodeForbidden, "The customer has not agreed that this is kept. Ask first, and send consent.")
	case visit && !p.PageViews:
		return chat.Errorf(chat.CodeForbidden, "This inbox keeps no page views. They are switched on in the console, under Settings, Widget, Privacy.")
	}
	return nil
}

// Said gives what the page says of c, once it has said values on top of what it
// said before. CodeInvalid, CodeTooLarge.
func Said(c chat.Customer, values map[string]chat.Scalar, now time.Time) ([]chat.Attribute, error) {
	if err := chat.CheckAttributes(values); err != nil {
		return nil, err
	}
	var after []chat.Attribute
	for _, a := range c.Attributes {
		if _, again := values[a.Name]; a.By == chat.SourcePage && !again {
			after = append(after, a)
		}
	}
	for name, value := range values {
		if value != "" {
			after = append(after, chat.Attribute{Name: name, Value: string(value), By: chat.SourcePage, At: now})
		}
	}
	if len(after) > chat.MaxAttributes {
		return nil, chat.Errorf(chat.CodeTooLarge, "There would be %d attributes; at most %d are kept. Forget some with null.", len(after), chat.MaxAttributes)
	}
	slices.SortFunc(after, func(a, b chat.Attribute) int { return strings.Compare(a.Name, b.Name) })
	return after, nil
}

// Attested are the attributes of the site's token, said now.
func Attested(all []chat.Attribute, now time.Time) []chat.Attribute {
	var said []chat.Attribute
	for _, a := range all {
		said = append(said, chat.Attribute{Name: a.Name, Value: a.Value, By: chat.SourceToken, At: now})
	}
	return said
}

// Attributes are all of a customer's, by name; of one name the token's comes first.
func Attributes(token, page []chat.Attribute) []chat.Attribute {
	all := slices.Concat(token, page)
	slices.SortStableFunc(all, func(a, b chat.Attribute) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// CheckVisit says that a customer's visits are no longer kept, as CodeClosed:
// there were conversations, and none is open.
func CheckVisit(open, closed bool) error {
	if closed && !open {
		return chat.Errorf(chat.CodeClosed, "The customer's conversation is closed: visits are kept again when they write again.")
	}
	return nil
}

// SameVisit reports whether next is the page that was seen last.
func SameVisit(last, next chat.Activity) bool {
	return last.Kind == chat.ActivityVisit && next.Kind == chat.ActivityVisit && last.Page.URL == next.Page.URL
}
