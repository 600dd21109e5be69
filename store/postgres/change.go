package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/store/rule"
)

// change is a transaction that changes articles of a workspace. It holds the
// workspace's row, so revisions are in the order of the commits.
type change struct {
	x        pgx.Tx
	ws       uuid.UUID
	now      time.Time
	revision int64 // the last that was given
	batch    pgx.Batch
	chunks   [][]any // rows to store after the batch
}

// changeArticles runs f, and signals if it gave a revision.
func (s *Store) changeArticles(ctx context.Context, ws uuid.UUID, f func(*change) error) error {
	var before, after int64
	err := s.tx(ctx, func(x pgx.Tx) (err error) {
		before, err = one(ctx, x, pgx.RowTo[int64], errNoWorkspace(),
			`SELECT knowledge_version FROM workspaces WHERE id = $1 FOR NO KEY UPDATE`, ws)
		if err != nil {
			return err
		}
		c := &change{x: x, ws: ws, now: s.time(), revision: before}
		if err := f(c); err != nil {
			return err
		}
		after = c.revision
		return c.save(ctx, before)
	})
	if err == nil && after > before {
		s.notify(chat.Signal{Kind: chat.SignalKnowledge, Workspace: ws, Seq: after})
	}
	return err
}

// save stores what was gathered.
func (c *change) save(ctx context.Context, before int64) error {
	if c.revision > before {
		c.batch.Queue(`UPDATE workspaces SET knowledge_version = $2 WHERE id = $1`, c.ws, c.revision)
	}
	if c.batch.Len() == 0 {
		return nil
	}
	if err := c.x.SendBatch(ctx, &c.batch).Close(); err != nil || len(c.chunks) == 0 {
		return err
	}
	_, err := c.x.CopyFrom(ctx, pgx.Identifier{"chunks"}, []string{
		"workspace_id", "version_id", "ordinal", "start_byte", "end_byte", "headings", "text", "hash",
	}, pgx.CopyFromRows(c.chunks))
	return err
}

// article is one with the hash of its newest version.
type article struct {
	knowledge.Article
	hash []byte
}

// stored gives the articles of puts that are there. They stay locked.
func (c *change) stored(ctx context.Context, puts []knowledge.Put) (map[place]*article, error) {
	sources, externalIDs := make([]string, len(puts)), make([]string, len(puts))
	for i, p := range puts {
		sources[i], externalIDs[i] = p.Source, p.ExternalID
	}
	found, err := list(ctx, c.x, func(row pgx.CollectableRow) (a *article, err error) {
		a = new(article)
		err = row.Scan(append(articleFields(&a.Article), &a.hash)...)
		return a, err
	}, `SELECT `+articleColumns+`, a.hash FROM articles a
		WHERE workspace_id = $1 AND (source, external_id) IN (SELECT * FROM unnest($2::text[], $3::text[])) ORDER BY id FOR UPDATE`,
		c.ws, sources, externalIDs)
	byPlace := make(map[place]*article, len(found))
	for _, a := range found {
		byPlace[place{a.Source, a.ExternalID}] = a
	}
	return byPlace, err
}

// put stores p; old is the article as it is, nil for a new one.
func (c *change) put(old *article, p knowledge.Put) (knowledge.PutResult, error) {
	switch {
	case old == nil:
		return c.add(p)
	case string(old.hash) != string(p.Hash[:]):
		return c.replace(old.Article, p)
	case old.Status != p.Status:
		// Archived since. The version is the same.
		c.revision++
		a := old.Article
		a.Status, a.Revision, a.UpdatedAt = p.Status, c.revision, c.now
		c.batch.Queue(`UPDATE articles SET status = $3, revision = $4, updated_at = $5 WHERE workspace_id = $1 AND id = $2`,
			c.ws, a.ID, a.Status, a.Revision, a.UpdatedAt)
		return knowledge.PutResult{Outcome: knowledge.OutcomeChanged, Article: a}, nil
	}
	return knowledge.PutResult{Outcome: knowledge.OutcomeUnchanged, Article: old.Article}, nil
}

func (c *change) add(p knowledge.Put) (knowledge.PutResult, error) {
	a := knowledge.Article{Workspace: c.ws, Source: p.Source, ExternalID: p.ExternalID, CreatedAt: c.now}
	if p.Source == "console" {
		if own, err := uuid.Parse(p.ExternalID); err == nil {
			a.ID = own
		}
	}
	var err error
	if a.ID, err = rule.NewID(a.ID); err != nil {
		return knowledge.PutResult{}, err
	}
	if err := c.renew(&a, p); err != nil {
		return knowledge.PutResult{}, err
	}
	c.batch.Queue(`INSERT INTO articles (workspace_id, id, source, external_id, version_id, number, title, url, tags, locale, visibility, status,
			hash, search, revision, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		c.ws, a.ID, a.Source, a.ExternalID, a.Version, a.Number, a.Title, a.URL, tags(a.Tags), a.Locale, a.Visibility, a.Status,
		p.Hash[:], searchText(a.Title, a.ExternalID), a.Revision, a.CreatedAt, a.UpdatedAt)
	c.addVersion(a, p)
	return knowledge.PutResult{Outcome: knowledge.OutcomeAdded, Article: a}, c.setPhrasings(a, p.Phrasings)
}

func (c *change) replace(a knowledge.Article, p knowledge.Put) (knowledge.PutResult, error) {
	c.batch.Queue(`DELETE FROM chunks WHERE workspace_id = $1 AND version_id = $2`, c.ws, a.Version)
	if err := c.renew(&a, p); err != nil {
		return knowledge.PutResult{}, err
	}
	c.batch.Queue(`UPDATE articles SET version_id = $3, number = $4, title = $5, url = $6, tags = $7, locale = $8, visibility = $9, status = $10,
			hash = $11, search = $12, revision = $13, updated_at = $14 WHERE workspace_id = $1 AND id = $2`,
		c.ws, a.ID, a.Version, a.Number, a.Title, a.URL, tags(a.Tags), a.Locale, a.Visibility, a.Status,
		p.Hash[:], searchText(a.Title, a.ExternalID), a.Revision, a.UpdatedAt)
	c.addVersion(a, p)
	return knowledge.PutResult{Outcome: knowledge.OutcomeChanged, Article: a}, c.setPhrasings(a, p.Phrasings)
}

// renew gives a its next version.
func (c *change) renew(a *knowledge.Article, p knowledge.Put) (err error) {
	c.revision++
	a.Version, err = rule.NewID(uuid.Nil)
	a.Number++
	a.Title, a.URL, a.Tags, a.Locale, a.Visibility, a.Status = p.Title, p.URL, p.Tags, p.Locale, p.Visibility, p.Status
	a.Revision, a.UpdatedAt = c.revision, c.now
	return err
}

// addVersion stores a's version with its chunks. The article is there.
func (c *change) addVersion(a knowledge.Article, p knowledge.Put) {
	c.batch.Queue(`INSERT INTO versions (workspace_id, id, article_id, number, title, body, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		c.ws, a.Version, a.ID, a.Number, a.Title, p.Body, c.now)
	for _, k := range p.Chunks {
		c.chunks = append(c.chunks, []any{c.ws, a.Version, k.Ordinal, k.Start, k.End, tags(k.Headings), k.Text, k.Hash[:]})
	}
}

// tags is an array that is not NULL.
func tags(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
