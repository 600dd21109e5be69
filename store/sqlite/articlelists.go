package sqlite

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/google/uuid"

	"frontdesk/knowledge"
	"frontdesk/store/rule"
)

// Article finds one, at its newest version.
func (s *Store) Article(ctx context.Context, ws, id uuid.UUID) (knowledge.Article, error) {
	a, err := one(s.read(ctx), scanWhole, errNoArticle(), `SELECT `+articleColumns+`, v.body,
			(SELECT json_group_array(q.text ORDER BY q.n) FROM questions q WHERE q.workspace_id = a.workspace_id AND q.article_id = a.id
				AND q.origin = 'editor' AND q.status = 'accepted')
		FROM articles a
		JOIN article_versions v ON v.workspace_id = a.workspace_id AND v.id = a.version_id
		WHERE a.workspace_id = ? AND a.id = ?`, ws[:], id[:])
	return a, wrap(err, "article %s", id)
}

// ArticleVersion finds one at a given version.
func (s *Store) ArticleVersion(ctx context.Context, ws, version uuid.UUID) (knowledge.Article, error) {
	a, err := one(s.read(ctx), func(r row) (knowledge.Article, error) {
		var then knowledge.Article
		a, err := scanStored(r, &then.Number, &then.Title, &then.Body)
		a.Version, a.Number, a.Title, a.Body = version, then.Number, then.Title, then.Body
		return a.Article, err
	}, errNoArticle(), `SELECT `+articleColumns+`, v.number, v.title, v.body FROM article_versions v
		JOIN articles a ON a.workspace_id = v.workspace_id AND a.id = v.article_id
		WHERE v.workspace_id = ? AND v.id = ?`, ws[:], version[:])
	return a, wrap(err, "article version %s", version)
}

// scanWhole scans articleColumns, a body and the phrasings.
func scanWhole(r row) (knowledge.Article, error) {
	var body string
	var phrasings []byte
	a, err := scanStored(r, &body, &phrasings)
	if err != nil {
		return knowledge.Article{}, err
	}
	a.Body = body
	return a.Article, json.Unmarshal(phrasings, &a.Phrasings)
}

// listed is the condition of ListArticles: parameters that are empty filter nothing.
const listed = `WHERE a.workspace_id = ?1
	AND CASE ?2 WHEN '' THEN a.status <> 'archived' ELSE a.status = ?2 END
	AND (?3 = '' OR a.visibility = ?3) AND (?4 = '' OR a.source = ?4)
	AND NOT EXISTS (SELECT 1 FROM json_each(?5) w WHERE instr(a.words, w.value) = 0)`

// ListArticles gives one page of the list, in the order of revisions.
func (s *Store) ListArticles(ctx context.Context, ws uuid.UUID, q knowledge.ArticleQuery) (knowledge.ArticlePage, error) {
	page, err := s.listArticles(ctx, ws, q)
	return page, wrap(err, "list articles")
}

func (s *Store) listArticles(ctx context.Context, ws uuid.UUID, q knowledge.ArticleQuery) (knowledge.ArticlePage, error) {
	none := knowledge.ArticlePage{}
	limit, err := rule.PageLimit(q.Limit)
	if err != nil {
		return none, err
	}
	if q.Status != "" && !knownStatus(q.Status) || q.Visibility != "" && !knownVisibility(q.Visibility) {
		return none, invalid("there is no status %q or no visibility %q", q.Status, q.Visibility)
	}
	before, err := rule.ParseRevision(q.Cursor)
	if err != nil {
		return none, err
	}
	words, err := encode(strings.Fields(strings.ToLower(q.Text)))
	if err != nil {
		return none, err
	}
	args := []any{ws[:], string(q.Status), string(q.Visibility), q.Source, words}
	var total int
	if err := s.read(ctx).queryRow(`SELECT count(*) FROM articles a `+listed, args...).Scan(&total); err != nil {
		return none, err
	}
	found, err := list(ctx, s, func(r row) (knowledge.Article, error) {
		a, err := scanStored(r)
		return a.Article, err
	}, selectArticle+listed+` AND a.revision < ?6 ORDER BY a.revision DESC LIMIT ?7`, append(args, before, limit+1)...)
	return rule.ArticlePage(found, total, limit), err
}

// KnowledgeVersion is the number of the last change.
func (s *Store) KnowledgeVersion(ctx context.Context, ws uuid.UUID) (int64, error) {
	v, err := one(s.read(ctx), scanValue[int64], errNoWorkspace(), `SELECT knowledge_version FROM workspaces WHERE id = ?`, ws[:])
	return v, wrap(err, "knowledge version")
}

// DocumentsSince gives the articles that changed after a revision.
func (s *Store) DocumentsSince(ctx context.Context, ws uuid.UUID, after int64, limit int) ([]knowledge.Document, error) {
	limit, err := rule.RowLimit(limit)
	if err != nil {
		return nil, wrap(err, "documents")
	}
	docs, err := s.documentsSince(ctx, ws, after, limit)
	return docs, wrap(err, "documents since %d", after)
}

// firstLine holds for the first line of a published article.
const firstLine = `a.status = 'published' AND (c.ordinal IS NULL OR c.ordinal =
	(SELECT min(f.ordinal) FROM chunks f WHERE f.workspace_id = a.workspace_id AND f.version_id = a.version_id))`

func (s *Store) documentsSince(ctx context.Context, ws uuid.UUID, after int64, limit int) ([]knowledge.Document, error) {
	// One statement, so that articles, chunks and questions are of one moment. A
	// row for each chunk; body and questions come with the first only, as they may be long.
	type line struct {
		doc   knowledge.Document
		chunk knowledge.Chunk
		any   bool
	}
	lines, err := list(ctx, s, func(r row) (line, error) {
		var l line
		var body string
		var ordinal, start, end *int
		var headings, hash, questions []byte
		var text *string
		a, err := scanStored(r, &body, &questions, &ordinal, &start, &end, &headings, &text, &hash)
		if err != nil {
			return line{}, err
		}
		l.doc.Article = a.Article
		if a.Status != knowledge.StatusPublished {
			return l, nil
		}
		l.doc.Body = body
		if questions != nil {
			var texts []string
			if err := json.Unmarshal(questions, &texts); err != nil {
				return line{}, err
			}
			l.doc.Questions = rule.Phrasings(texts)
		}
		if ordinal == nil {
			return l, nil
		}
		l.any, l.chunk = true, knowledge.Chunk{Ordinal: *ordinal, Start: *start, End: *end, Text: *text, Hash: [32]byte(hash)}
		return l, json.Unmarshal(headings, &l.chunk.Headings)
	}, `SELECT `+articleColumns+`, CASE WHEN `+firstLine+` THEN v.body ELSE '' END,
			CASE WHEN `+firstLine+` THEN (SELECT json_group_array(q.text ORDER BY q.n) FROM questions q
				WHERE q.workspace_id = a.workspace_id AND q.article_id = a.id AND q.status = 'accepted') END, c.ordinal, c.start_byte, c.end_byte, c.headings, c.text, c.hash
		FROM (SELECT * FROM articles WHERE workspace_id = ? AND revision > ? ORDER BY revision LIMIT ?) a
		JOIN article_versions v ON v.workspace_id = a.workspace_id AND v.id = a.version_id
		LEFT JOIN chunks c ON c.workspace_id = a.workspace_id AND c.version_id = a.version_id AND a.status = 'published'
		ORDER BY a.revision, c.ordinal`, ws[:], after, limit)
	if err != nil {
		return nil, err
	}
	var docs []knowledge.Document
	for _, l := range lines {
		if len(docs) == 0 || docs[len(docs)-1].ID != l.doc.ID {
			docs = append(docs, l.doc)
		}
		if l.any {
			last := &docs[len(docs)-1]
			last.Chunks = append(last.Chunks, l.chunk)
		}
	}
	return docs, nil
}
