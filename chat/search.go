package chat

// SearchQuery asks for one page of the conversations in which all words of
// Text occur: in messages and notes, in the subject, the tags, the customer's
// name and address, or the conversation's id. Case and marks of letters do not
// count; "quoted words" must follow each other; the last word may be the
// beginning of one.
type SearchQuery struct {
	Text   string // CodeInvalid: there is no word in it
	Limit  int    // 1 to 200; 0 means 50
	Cursor string // from the page before; "" for the first
}

// SearchPage is one page of what was found, the conversations that began last
// first. Next is "" on the last page.
type SearchPage struct {
	Hits []Hit
	Next string
	// Behind says that the index lacks some of what was stored: it is being
	// brought up to date.
	Behind bool
}

// Hit is a conversation that was found. Entry is the newest of those that hold
// the most of the words; nil if they are not in the log.
type Hit struct {
	Conversation Conversation
	Entry        *Entry
}
