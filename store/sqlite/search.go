package sqlite

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/internal/words"
	"frontdesk/store/rule"
)

// Search finds conversations by their words. Rows are in the order in which
// conversations began, which the index can be read backwards in: a page costs
// the same however many there are.
func (s *Store) Search(ctx context.Context, ws uuid.UUID, q chat.SearchQuery) (chat.SearchPage, error) {
	page, err := s.search(ctx, ws, q)
	return page, wrap(err, "search")
}

func (s *Store) search(ctx context.Context, ws uuid.UUID, q chat.SearchQuery) (chat.SearchPage, error) {
	query, limit, err := rule.CheckSearch(q)
	if err != nil {
		return chat.SearchPage{}, err
	}
	before := int64(math.MaxInt64)
	if q.Cursor != "" {
		if before, err = strconv.ParseInt(q.Cursor, 36, 64); err != nil {
			return chat.SearchPage{}, invalid("the cursor %q is not one of this list; begin with none", q.Cursor)
		}
	}
	var page chat.SearchPage
	if page.Behind, err = s.indexAhead(ctx, ws); err != nil {
		return chat.SearchPage{}, err
	}
	found, err := list(ctx, s, scanState, `SELECT `+conversationColumns+` FROM conversation_words f CROSS JOIN conversations ON n = f.rowid
		WHERE f.conversation_words MATCH ? AND f.rowid < ? AND workspace_id = ? ORDER BY f.rowid DESC LIMIT ?`,
		expression(query), before, ws[:], limit+1)
	if err != nil {
		return chat.SearchPage{}, err
	}
	if len(found) > limit {
		found = found[:limit]
		page.Next = strconv.FormatInt(found[limit-1].n, 36)
	}
	for _, c := range found {
		entries, err := s.newest(ctx, c)
		if err != nil {
			return chat.SearchPage{}, err
		}
		page.Hits = append(page.Hits, chat.Hit{Conversation: c.Conversation, Entry: rule.Best(query, entries)})
	}
	return page, nil
}

// expression is a query as FTS5 takes it. The words hold no quote.
func expression(q words.Query) string {
	var terms []string
	for _, p := range q.Phrases {
		term := `"` + strings.Join(p.Words, " ") + `"`
		if p.Prefix {
			term += "*"
		}
		terms = append(terms, term)
	}
	return strings.Join(terms, " AND ")
}

// newest gives what of a conversation is searched, newest first.
func (s *Store) newest(ctx context.Context, c state) ([]chat.Entry, error) {
	var entries []chat.Entry
	for _, log := range []chat.Log{chat.LogPublic, chat.LogStaff} {
		scan := func(r row) (chat.Entry, error) { return scanEntry(r, c.ID, log) }
		some, err := list(ctx, s, scan, `SELECT `+entryColumns+` FROM entries WHERE conversation = ? AND log = ? ORDER BY seq DESC LIMIT ?`,
			c.n, string(log), rule.EntryLimit)
		if err != nil {
			return nil, err
		}
		entries = append(entries, some...)
	}
	slices.SortStableFunc(entries, func(a, b chat.Entry) int { return b.At.Compare(a.At) })
	return entries, nil
}

// IndexConversations brings the index up to date.
func (s *Store) IndexConversations(ctx context.Context, ws uuid.UUID, limit int) (int, error) {
	n, err := s.index(ctx, ws, limit)
	return n, wrap(err, "index conversations")
}

func (s *Store) index(ctx context.Context, ws uuid.UUID, limit int) (int, error) {
	n := 0
	for n < limit {
		want := min(rule.IndexBatch, limit-n)
		batch, err := s.indexBatch(ctx, ws, want)
		n += batch
		if err != nil || batch < want {
			return n, err
		}
	}
	return n, nil
}

// indexAhead does what a search does before it looks, and reports whether
// something is left.
func (s *Store) indexAhead(ctx context.Context, ws uuid.UUID) (behind bool, err error) {
	n, err := s.index(ctx, ws, rule.IndexAhead)
	return n == rule.IndexAhead, err
}

// document is a conversation as it is found, as of a revision.
type document struct {
	n        int64
	revision int64
	words    string
}

// indexBatch indexes at most limit conversations in one transaction. They are
// read and cut into words before it, so that others do not wait for that: what
// came since makes a document old, and it is made again.
func (s *Store) indexBatch(ctx context.Context, ws uuid.UUID, limit int) (int, error) {
	type due struct {
		state
		revision int64
	}
	dues, err := list(ctx, s, func(r row) (d due, err error) {
		d.state, err = scanState(also{r, &d.revision})
		return d, err
	}, `SELECT `+conversationColumns+`, last_seq + staff_seq + touched FROM conversations INDEXED BY conversations_unindexed
		WHERE workspace_id = ? AND indexed < last_seq + staff_seq + touched LIMIT ?`, ws[:], limit)
	if err != nil || len(dues) == 0 {
		return 0, err
	}
	docs := make([]document, len(dues))
	for i, d := range dues {
		who, err := customer(s.read(ctx), ws, d.Customer)
		if err != nil {
			return 0, err
		}
		entries, err := s.newest(ctx, d.state)
		if err != nil {
			return 0, err
		}
		docs[i] = document{d.n, d.revision, text(rule.NewDocument(d.Conversation, who, entries))}
	}
	_, err = write(ctx, s, func(x *tx) (struct{}, error) {
		for _, d := range docs {
			if err := x.putDocument(d); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	return len(docs), err
}

// putDocument stores d unless a newer one is there.
func (x *tx) putDocument(d document) error {
	res, err := x.put(`UPDATE conversations SET indexed = ?1 WHERE n = ?2 AND indexed < ?1`, d.revision, d.n)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	if _, err := x.put(`DELETE FROM conversation_words WHERE rowid = ?`, d.n); err != nil {
		return err
	}
	_, err = x.put(`INSERT INTO conversation_words (rowid, words) VALUES (?, ?)`, d.n, d.words)
	return err
}

// between parts texts: a word that nobody can look for, as no phrase goes from
// one text into the next.
const between = " ¶ "

// text is a document as the index takes it: its words.
func text(d rule.Document) string {
	var b strings.Builder
	for i, part := range d {
		if i > 0 {
			b.WriteString(between)
		}
		for k, w := range part {
			if k > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(w.Text)
		}
	}
	return b.String()
}

// also is a row with another column at its end.
type also struct {
	row
	last any
}

func (a also) Scan(dest ...any) error { return a.row.Scan(append(dest, a.last)...) }
