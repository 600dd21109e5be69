package evals

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/llm"
)

// Lab is articles in memory, to be searched many times over in different
// ways without a store: what fitting needs. It is not safe for concurrent use.
type Lab struct {
	index *knowledge.Index
	docs  []knowledge.Document
	// Hidden are external ids that searches leave out, as if they had been
	// deleted.
	Hidden map[string]bool
}

// NewLab embeds and indexes articles. Embedding a large set takes minutes,
// unless embed is a CachedEmbedder that knows it.
func NewLab(ctx context.Context, articles []knowledge.Input, embed llm.Embedder) (*Lab, error) {
	u := knowledge.Update{Version: 1}
	var texts []knowledge.Pending
	for _, in := range articles {
		p := knowledge.Prepare(in)
		u.Documents = append(u.Documents, knowledge.Document{
			Article: knowledge.Article{
				ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte(p.Source+"\x00"+p.ExternalID)), Version: uuid.NewSHA1(uuid.NameSpaceURL, p.Hash[:]), Number: 1,
				Source: p.Source, ExternalID: p.ExternalID, Title: p.Title, Body: p.Body, URL: p.URL, Tags: p.Tags,
				Locale: p.Locale, Visibility: p.Visibility, Status: p.Status,
			},
			Chunks: p.Chunks,
		})
		for _, c := range p.Chunks {
			texts = append(texts, knowledge.Pending{Hash: c.Hash, Text: c.Text})
		}
	}
	var err error
	if u.Vectors, err = embedTexts(ctx, embed, texts); err != nil {
		return nil, err
	}
	index := knowledge.NewIndex(knowledge.NewSearcher(embed, 0)).With(u)
	if u.Vectors, err = embedTexts(ctx, embed, index.Lacking()); err != nil {
		return nil, err
	}
	return &Lab{index: index.With(knowledge.Update{Vectors: u.Vectors}), docs: u.Documents, Hidden: map[string]bool{}}, nil
}

func embedTexts(ctx context.Context, embed llm.Embedder, list []knowledge.Pending) ([]knowledge.Vector, error) {
	texts := make([]string, len(list))
	for i, p := range list {
		texts[i] = p.Text
	}
	values, err := embed.EmbedDocuments(ctx, texts)
	if err != nil {
		return nil, fmt.Errorf("evals: embed %d texts: %w", len(texts), err)
	}
	out := make([]knowledge.Vector, len(list))
	for i, v := range values {
		out[i] = knowledge.Vector{Hash: list[i].Hash, Values: v}
	}
	return out, nil
}

// WordsOnly drops the vectors: searches are as they are before an import is
// embedded, or when no encoder answers.
func (l *Lab) WordsOnly() {
	l.index = knowledge.NewIndex(knowledge.NewSearcher(nil, 0)).With(knowledge.Update{Version: 1, Documents: l.docs})
}

// Names gives what groups of the articles are called, hidden ones too.
func (l *Lab) Names(uuid.UUID) *knowledge.Names { return l.index.Names() }

// Search searches what is not hidden.
func (l *Lab) Search(ctx context.Context, _ uuid.UUID, q knowledge.Query) (knowledge.Result, error) {
	want := q.Articles
	if want == 0 {
		want = 10
	}
	q.Articles = want + len(l.Hidden)
	r, err := l.index.Search(ctx, q)
	if err != nil {
		return r, err
	}
	var left []knowledge.ArticleHit
	for _, a := range r.Articles {
		if !l.Hidden[a.Document.ExternalID] {
			left = append(left, a)
		}
	}
	r.Articles = left[:min(len(left), want)]
	return r, nil
}

// Spelling is the index's.
func (l *Lab) Spelling(_ uuid.UUID, text, prefer string) []chat.Respelling {
	return l.index.Spelling(text, prefer)
}

// Knows is the index's.
func (l *Lab) Knows(_ uuid.UUID, word string) bool { return l.index.Knows(word) }
