package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/store/rule"
)

// sourceConsole is the source of articles written in the console (see knowledge.Article).
const sourceConsole = "console"

func errNoArticle() error { return chat.Errorf(chat.CodeNotFound, "there is no such article") }

// PutArticles stores a batch.
func (s *Store) PutArticles(ctx context.Context, ws uuid.UUID, puts []knowledge.Put) ([]knowledge.PutResult, error) {
	if err := checkPuts(puts); err != nil {
		return nil, wrap(err, "put articles")
	}
	results, err := write(ctx, s, func(x *tx) ([]knowledge.PutResult, error) {
		before, err := x.knowledgeVersion(ws)
		if err != nil {
			return nil, err
		}
		version := before
		results := make([]knowledge.PutResult, len(puts))
		for i, p := range puts {
			if results[i], err = x.putArticle(ws, p, &version); err != nil {
				return nil, err
			}
		}
		return results, x.setKnowledgeVersion(ws, before, version)
	})
	return results, wrap(err, "put %d articles", len(puts))
}

// checkPuts says what is wrong with a batch.
func checkPuts(puts []knowledge.Put) error {
	seen := make(map[[2]string]bool, len(puts))
	for _, p := range puts {
		key := [2]string{p.Source, p.ExternalID}
		switch {
		case p.Source == "" || p.ExternalID == "":
			return invalid("the article %q has no source or no external id", p.Title)
		case seen[key]:
			return invalid("the article %q of %q is twice in one batch", p.ExternalID, p.Source)
		case !knownStatus(p.Status):
			return invalid("the article %q has the status %q; use draft, published or archived", p.ExternalID, p.Status)
		case !knownVisibility(p.Visibility):
			return invalid("the article %q has the visibility %q; use public or internal", p.ExternalID, p.Visibility)
		}
		seen[key] = true
	}
	return nil
}

func knownStatus(s knowledge.Status) bool {
	return s == knowledge.StatusDraft || s == knowledge.StatusPublished || s == knowledge.StatusArchived
}

func knownVisibility(v knowledge.Visibility) bool {
	return v == knowledge.Public || v == knowledge.Internal
}

// putArticle stores one article of a batch, and counts version up if that
// changes it.
func (x *tx) putArticle(ws uuid.UUID, p knowledge.Put, version *int64) (knowledge.PutResult, error) {
	var r knowledge.PutResult
	stored, err := scanStored(x.queryRow(selectArticle+`WHERE a.workspace_id = ? AND a.source = ? AND a.external_id = ?`, ws[:], p.Source, p.ExternalID))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		r.Outcome = knowledge.OutcomeAdded
		r.Article, err = x.firstVersion(ws, p)
	case err != nil:
	case !bytes.Equal(stored.hash, p.Hash[:]):
		r.Outcome = knowledge.OutcomeChanged
		r.Article, err = x.nextVersion(stored, p)
	case stored.Status != p.Status: // archived since, and here again
		r.Outcome = knowledge.OutcomeChanged
		r.Article = stored.Article
		r.Article.Status = p.Status
	default:
		return knowledge.PutResult{Outcome: knowledge.OutcomeUnchanged, Article: stored.Article}, nil
	}
	if err != nil {
		return knowledge.PutResult{}, err
	}
	*version++
	r.Article.Revision, r.Article.UpdatedAt = *version, x.now
	if err := x.saveArticle(r.Article, p.Hash); err != nil {
		return r, err
	}
	return r, x.setPhrasings(r.Article, p.Phrasings)
}

// firstVersion gives a new article and stores its first version.
func (x *tx) firstVersion(ws uuid.UUID, p knowledge.Put) (knowledge.Article, error) {
	a := knowledge.Article{Workspace: ws, Source: p.Source, ExternalID: p.ExternalID, Number: 1, CreatedAt: x.now}
	if p.Source == sourceConsole {
		a.ID, _ = uuid.Parse(p.ExternalID) // zero if it is something else
	}
	var err error
	if a.ID, err = rule.NewID(a.ID); err != nil {
		return a, err
	}
	if a.Version, err = rule.NewID(uuid.Nil); err != nil {
		return a, err
	}
	a = filled(a, p)
	// The row comes before its version, which refers to it; saveArticle completes it.
	_, err = x.put(`INSERT INTO articles (workspace_id, id, source, external_id, version_id, number, hash, title, url, tags, locale,
		visibility, status, revision, words, created_at, updated_at) VALUES (?, ?, ?, ?, ?, 0, '', '', '', '[]', '', '', '', 0, '', ?, 0)`,
		ws[:], a.ID[:], a.Source, a.ExternalID, a.Version[:], micros(a.CreatedAt))
	if isTaken(err) {
		return a, chat.Errorf(chat.CodeConflict, "the id %s is another article's", a.ID)
	}
	if err != nil {
		return a, err
	}
	return a, x.addVersion(a, p)
}

// nextVersion gives the article with a new version, which it stores. The chunks
// of the version before go: nobody searches it any more.
func (x *tx) nextVersion(old storedArticle, p knowledge.Put) (knowledge.Article, error) {
	a := old.Article
	if _, err := x.put(`DELETE FROM chunks WHERE workspace_id = ? AND version_id = ?`, a.Workspace[:], a.Version[:]); err != nil {
		return a, err
	}
	var err error
	if a.Version, err = rule.NewID(uuid.Nil); err != nil {
		return a, err
	}
	a.Number++
	a = filled(a, p)
	return a, x.addVersion(a, p)
}

// filled gives a with what p says.
func filled(a knowledge.Article, p knowledge.Put) knowledge.Article {
	a.Title, a.URL, a.Locale, a.Visibility, a.Status = p.Title, p.URL, p.Locale, p.Visibility, p.Status
	a.Tags = append([]string{}, p.Tags...) // [] and not null in JSON
	return a
}

// addVersion stores a's version with the body and chunks of p.
func (x *tx) addVersion(a knowledge.Article, p knowledge.Put) error {
	if _, err := x.put(`INSERT INTO article_versions (workspace_id, id, article_id, number, title, body, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		a.Workspace[:], a.Version[:], a.ID[:], a.Number, a.Title, p.Body, micros(x.now)); err != nil {
		return err
	}
	for _, c := range p.Chunks {
		headings, err := encode(c.Headings)
		if err != nil {
			return err
		}
		if _, err := x.put(`INSERT INTO chunks (workspace_id, version_id, ordinal, start_byte, end_byte, headings, text, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			a.Workspace[:], a.Version[:], c.Ordinal, c.Start, c.End, headings, c.Text, c.Hash[:]); err != nil {
			return err
		}
	}
	return nil
}

// saveArticle stores the row of a, which is there already.
func (x *tx) saveArticle(a knowledge.Article, hash [32]byte) error {
	tags, err := encode(a.Tags)
	if err != nil {
		return err
	}
	words := strings.ToLower(a.Title + "\n" + a.ExternalID)
	_, err = x.put(`UPDATE articles SET version_id = ?, number = ?, hash = ?, title = ?, url = ?, tags = ?, locale = ?,
		visibility = ?, status = ?, revision = ?, words = ?, updated_at = ? WHERE workspace_id = ? AND id = ?`,
		a.Version[:], a.Number, hash[:], a.Title, a.URL, tags, a.Locale,
		string(a.Visibility), string(a.Status), a.Revision, words, micros(a.UpdatedAt), a.Workspace[:], a.ID[:])
	return err
}

// knowledgeVersion reads the workspace's counter inside a write.
func (x *tx) knowledgeVersion(ws uuid.UUID) (int64, error) {
	return one(x, scanValue[int64], errNoWorkspace(), `SELECT knowledge_version FROM workspaces WHERE id = ?`, ws[:])
}

// setKnowledgeVersion stores the counter and tells of it, if it has moved.
func (x *tx) setKnowledgeVersion(ws uuid.UUID, before, after int64) error {
	if before == after {
		return nil
	}
	x.tell(chat.Signal{Kind: chat.SignalKnowledge, Workspace: ws, Seq: after})
	_, err := x.put(`UPDATE workspaces SET knowledge_version = ? WHERE id = ?`, after, ws[:])
	return err
}

// ArchiveArticles archives those of ids that are not yet.
func (s *Store) ArchiveArticles(ctx context.Context, ws uuid.UUID, ids []uuid.UUID) (int, error) {
	set, err := encodeIDs(ids)
	if err != nil {
		return 0, wrap(err, "archive articles")
	}
	n, err := s.archive(ctx, ws, `id IN (SELECT unhex(value) FROM json_each(?))`, set)
	return n, wrap(err, "archive articles")
}

// ArchiveMissing archives what source no longer has.
func (s *Store) ArchiveMissing(ctx context.Context, ws uuid.UUID, source string, keep []string) (int, error) {
	set, err := encode(append([]string{}, keep...)) // [] and not null
	if err != nil {
		return 0, wrap(err, "archive what is missing of %s", source)
	}
	n, err := s.archive(ctx, ws, `source = ? AND external_id NOT IN (SELECT value FROM json_each(?))`, source, set)
	return n, wrap(err, "archive what is missing of %s", source)
}

// archive archives the articles that meet a condition, each as a change of
// its own, in the order of their last changes.
func (s *Store) archive(ctx context.Context, ws uuid.UUID, condition string, args ...any) (int, error) {
	return write(ctx, s, func(x *tx) (int, error) {
		before, err := x.knowledgeVersion(ws)
		if err != nil {
			return 0, err
		}
		rows, err := x.query(`SELECT id FROM articles WHERE workspace_id = ? AND status <> 'archived' AND `+condition+` ORDER BY revision`,
			append([]any{ws[:]}, args...)...)
		ids, err := collect(rows, err, scanValue[uuid.UUID])
		if err != nil {
			return 0, err
		}
		for i, id := range ids {
			if _, err := x.put(`UPDATE articles SET status = 'archived', revision = ?, updated_at = ? WHERE workspace_id = ? AND id = ?`,
				before+int64(i)+1, micros(x.now), ws[:], id[:]); err != nil {
				return 0, err
			}
		}
		return len(ids), x.setKnowledgeVersion(ws, before, before+int64(len(ids)))
	})
}

// storedArticle is an article with the hash of its newest version's input.
type storedArticle struct {
	knowledge.Article
	hash []byte
}

const articleColumns = `a.workspace_id, a.id, a.source, a.external_id, a.version_id, a.number, a.title, a.url, a.tags, a.locale,
	a.visibility, a.status, a.revision, a.created_at, a.updated_at, a.hash`

const selectArticle = `SELECT ` + articleColumns + ` FROM articles a `

func scanStored(r row, more ...any) (storedArticle, error) {
	var a storedArticle
	var tags []byte
	var created, updated int64
	err := r.Scan(append([]any{&a.Workspace, &a.ID, &a.Source, &a.ExternalID, &a.Version, &a.Number, &a.Title, &a.URL, &tags, &a.Locale,
		&a.Visibility, &a.Status, &a.Revision, &created, &updated, &a.hash}, more...)...)
	if err != nil {
		return storedArticle{}, err
	}
	a.CreatedAt, a.UpdatedAt = timeOf(created), timeOf(updated)
	return a, json.Unmarshal(tags, &a.Tags)
}
