package rule

import (
	"frontdesk/chat"
	"frontdesk/internal/words"
)

const (
	// WordLimit is how many words of a conversation are found: the newest ones.
	// Postgres tells no more than 16,383 places of a text apart.
	WordLimit = 16_000
	// EntryLimit is how many entries, the newest, are read for them.
	EntryLimit = 2_000
	// IndexBatch is how many conversations one transaction brings up to date:
	// what else is written waits for it.
	IndexBatch = 16
	// IndexAhead is how many conversations a search brings up to date before it
	// looks: those of the last second, unless very much happens.
	IndexAhead = 200
)

// CheckSearch gives what q looks for. CodeInvalid.
func CheckSearch(q chat.SearchQuery) (words.Query, int, error) {
	limit, err := PageLimit(q.Limit)
	if err != nil {
		return words.Query{}, 0, err
	}
	query := words.Parse(q.Text)
	if len(query.Phrases) == 0 {
		return words.Query{}, 0, invalid("there is no word to look for in %q", Short(q.Text))
	}
	return query, limit, nil
}

// Document is what a conversation is found by: texts whose words follow each
// other, apart from those of the next one.
type Document [][]words.Word

// NewDocument makes the document of a conversation out of its state, its
// customer and its entries, newest first.
func NewDocument(c chat.Conversation, who chat.Customer, entries []chat.Entry) Document {
	var d Document
	left := WordLimit
	add := func(text string) {
		found := words.Of(text)
		if len(found) > left {
			found = found[:left]
		}
		if len(found) > 0 {
			d = append(d, found)
		}
		left -= len(found) + 1
	}
	for _, text := range append([]string{c.ID.String(), who.Name, who.Email, c.Email, c.Subject}, c.Tags...) {
		add(text)
	}
	for _, e := range entries {
		if left <= 0 {
			break
		}
		add(EntryText(e))
	}
	return d
}

// EntryText is the part of an entry that is searched: what people and the bot
// said. Words of the system are the same everywhere and tell nothing apart.
func EntryText(e chat.Entry) string {
	switch e.Kind {
	case chat.KindMessage, chat.KindNote:
		return e.Text
	case chat.KindContact:
		if e.Body.Contact != nil {
			return e.Body.Contact.Email
		}
	case chat.KindRating:
		if e.Body.Rating != nil {
			return e.Body.Rating.Comment
		}
	case chat.KindFeedback:
		if e.Body.Feedback != nil {
			return e.Body.Feedback.Comment
		}
	case chat.KindOwner, chat.KindNotice, chat.KindCall, chat.KindPromise, chat.KindTranscript:
	}
	return ""
}

// Best gives the entry, out of newest first, that holds the most of what q
// looks for; nil if none holds anything.
func Best(q words.Query, entries []chat.Entry) *chat.Entry {
	var best *chat.Entry
	most := 0
	for i := range entries {
		if n := q.Score(EntryText(entries[i])); n > most {
			best, most = &entries[i], n
		}
	}
	return best
}
