package postgres

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/internal/words"
	"frontdesk/store/rule"
)

// Search finds conversations by their words.
func (s *Store) Search(ctx context.Context, ws uuid.UUID, q chat.SearchQuery) (chat.SearchPage, error) {
	page, err := s.search(ctx, ws, q)
	return page, s.end(ctx, err, "search")
}

func (s *Store) search(ctx context.Context, ws uuid.UUID, q chat.SearchQuery) (chat.SearchPage, error) {
	query, limit, err := rule.CheckSearch(q)
	if err != nil {
		return chat.SearchPage{}, err
	}
	// The end of time, for the first page.
	after := rule.Place{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
	if q.Cursor != "" {
		if after, err = rule.ParsePlace(q.Cursor); err != nil {
			return chat.SearchPage{}, err
		}
	}
	var page chat.SearchPage
	if page.Behind, err = s.indexAhead(ctx, ws); err != nil {
		return chat.SearchPage{}, err
	}
	// Planned anew for each query: whether it is better to go through the newest
	// conversations or through those with a word depends on how frequent the word is.
	found, err := list(ctx, s.pool, scanConversation, `SELECT `+conversationColumns+` FROM conversations JOIN (
			SELECT w.conversation_id, w.created_at AS began FROM conversation_words w
			WHERE w.workspace_id = $1 AND w.words @@ $2::text::tsquery AND (w.created_at, w.conversation_id) < ($3, $4)
			ORDER BY w.created_at DESC, w.conversation_id DESC LIMIT $5
		) f ON id = f.conversation_id WHERE workspace_id = $1 ORDER BY began DESC, id DESC`,
		pgx.QueryExecModeCacheDescribe, ws, expression(query), after.At, after.ID, limit+1)
	if err != nil {
		return chat.SearchPage{}, err
	}
	if len(found) > limit {
		found = found[:limit]
		page.Next = rule.Place{At: found[limit-1].CreatedAt, ID: found[limit-1].ID}.Cursor()
	}
	entries, err := s.newest(ctx, ws, found)
	for _, c := range found {
		page.Hits = append(page.Hits, chat.Hit{Conversation: c, Entry: rule.Best(query, entries[c.ID])})
	}
	return page, err
}

// expression is a query as Postgres takes it. The words hold no quote.
func expression(q words.Query) string {
	var terms []string
	for _, p := range q.Phrases {
		term := "'" + strings.Join(p.Words, "' <-> '") + "'"
		if p.Prefix {
			term += ":*"
		}
		terms = append(terms, "("+term+")")
	}
	return strings.Join(terms, " & ")
}

// newest gives what of conversations is searched, newest first.
func (s *Store) newest(ctx context.Context, ws uuid.UUID, convs []chat.Conversation) (map[uuid.UUID][]chat.Entry, error) {
	ids := make([]uuid.UUID, len(convs))
	for i, c := range convs {
		ids[i] = c.ID
	}
	all, err := list(ctx, s.pool, scanEntry, `SELECT `+entryColumns+` FROM unnest($2::uuid[]) AS c (id), unnest('{false,true}'::boolean[]) AS l (log), LATERAL (
			SELECT * FROM entries WHERE workspace_id = $1 AND conversation_id = c.id AND staff = l.log ORDER BY seq DESC LIMIT $3
		) e`, ws, uuids(ids), rule.EntryLimit)
	entries := make(map[uuid.UUID][]chat.Entry, len(convs))
	for _, e := range all {
		entries[e.Conversation] = append(entries[e.Conversation], e)
	}
	for _, some := range entries {
		slices.SortStableFunc(some, func(a, b chat.Entry) int {
			// At one time the public log comes first, as it does in SQLite.
			return cmp.Or(b.At.Compare(a.At), strings.Compare(string(a.Log), string(b.Log)))
		})
	}
	return entries, err
}

// IndexConversations brings the index up to date.
func (s *Store) IndexConversations(ctx context.Context, ws uuid.UUID, limit int) (int, error) {
	n, err := s.index(ctx, ws, limit)
	return n, s.end(ctx, err, "index conversations")
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

// indexBatch indexes at most limit conversations in one transaction. They are
// read and cut into words before it: what came since makes a document old, and
// it is made again.
func (s *Store) indexBatch(ctx context.Context, ws uuid.UUID, limit int) (int, error) {
	var convs []chat.Conversation
	var who []chat.Customer
	var ids [][16]byte
	var revisions []int64
	var created []time.Time
	_, err := list(ctx, s.pool, func(row pgx.CollectableRow) (struct{}, error) {
		var revision int64
		var name, email string
		c, err := scanConversation(also{row, []any{&revision, &name, &email}})
		convs, who = append(convs, c), append(who, chat.Customer{ID: c.Customer, Name: name, Email: email})
		ids, revisions, created = append(ids, c.ID), append(revisions, revision), append(created, c.CreatedAt)
		return struct{}{}, err
	}, `SELECT `+conversationColumns+`, last_seq + staff_seq + touched,
			(SELECT name FROM customers p WHERE p.workspace_id = c.workspace_id AND p.id = c.customer_id),
			(SELECT p.email FROM customers p WHERE p.workspace_id = c.workspace_id AND p.id = c.customer_id)
		FROM conversations c WHERE workspace_id = $1 AND indexed < last_seq + staff_seq + touched ORDER BY id LIMIT $2`, ws, limit)
	if err != nil || len(convs) == 0 {
		return 0, err
	}
	entries, err := s.newest(ctx, ws, convs)
	if err != nil {
		return 0, err
	}
	docs := make([]string, len(convs))
	for i, c := range convs {
		docs[i] = vector(rule.NewDocument(c, who[i], entries[c.ID]))
	}
	err = s.tx(ctx, func(x pgx.Tx) error {
		_, err := x.Exec(ctx, `WITH doc AS (
				SELECT * FROM unnest($2::uuid[], $3::bigint[], $4::timestamptz[], $5::text[]) AS d (id, revision, created_at, words)
			), held AS MATERIALIZED (
				SELECT c.id FROM conversations c JOIN doc ON doc.id = c.id WHERE c.workspace_id = $1 AND c.indexed < doc.revision
				ORDER BY c.id FOR NO KEY UPDATE OF c
			), marked AS (
				UPDATE conversations c SET indexed = doc.revision FROM held JOIN doc USING (id) WHERE c.workspace_id = $1 AND c.id = held.id
			)
			INSERT INTO conversation_words (workspace_id, conversation_id, created_at, words)
			SELECT $1, id, created_at, words::tsvector FROM held JOIN doc USING (id)
			ON CONFLICT (workspace_id, conversation_id) DO UPDATE SET words = excluded.words`, ws, ids, revisions, created, docs)
		return err
	})
	return len(convs), err
}

// vector is a document as Postgres takes it: its words with their places. One
// place is left out between texts: no phrase goes from one into the next.
func vector(d rule.Document) string {
	places := make(map[string][]int)
	at := 0
	for _, part := range d {
		for _, w := range part {
			at++
			places[w.Text] = append(places[w.Text], at)
		}
		at++
	}
	var b strings.Builder
	for _, w := range slices.Sorted(maps.Keys(places)) {
		b.WriteString("'" + w + "':")
		for i, place := range places[w] {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Itoa(place))
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// also is a row with more columns at its end.
type also struct {
	pgx.CollectableRow
	rest []any
}

func (a also) Scan(dest ...any) error { return a.CollectableRow.Scan(append(dest, a.rest...)...) }
