package rule

import (
	"slices"
	"strings"
	"unicode/utf8"

	"frontdesk/chat"
	"frontdesk/internal/words"
)

// TagName is a tag's name with what makes it that tag.
type TagName struct {
	Name, Key string
}

// CheckTag gives a tag's name without needless spaces. CodeInvalid: it has no
// word in it, or is too long.
func CheckTag(name string) (TagName, error) {
	name = strings.Join(strings.Fields(name), " ")
	switch {
	case !storable(name):
		return TagName{}, invalid("the tag's name is not UTF-8, or holds the character U+0000")
	case utf8.RuneCountInString(name) > chat.MaxTagName:
		return TagName{}, invalid("a tag's name has at most %d characters", chat.MaxTagName)
	}
	var key []string
	for _, w := range words.Of(name) {
		key = append(key, w.Text)
	}
	if len(key) == 0 {
		return TagName{}, invalid("the tag's name %q has no letter or digit", name)
	}
	return TagName{name, strings.Join(key, " ")}, nil
}

// CheckTags gives the tags of a conversation, each once, in the order of their
// keys. CodeInvalid: see CheckTag, or they are too many.
func CheckTags(names []string) ([]TagName, error) {
	var tags []TagName
	for _, name := range names {
		tag, err := CheckTag(name)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(tags, func(t TagName) bool { return t.Key == tag.Key }) {
			tags = append(tags, tag)
		}
	}
	if len(tags) > chat.MaxTags {
		return nil, invalid("a conversation has at most %d tags", chat.MaxTags)
	}
	slices.SortFunc(tags, func(a, b TagName) int { return strings.Compare(a.Key, b.Key) })
	return tags, nil
}
