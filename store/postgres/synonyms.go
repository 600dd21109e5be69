package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/knowledge"
)

// PutSynonyms takes list in the place of the synonyms that were there.
func (s *Store) PutSynonyms(ctx context.Context, ws uuid.UUID, list knowledge.Synonyms) (knowledge.Glossary, error) {
	if err := list.Validate(); err != nil {
		return knowledge.Glossary{}, s.end(ctx, err, "put synonyms")
	}
	g, err := one(ctx, s.pool, scanGlossary, nil, `INSERT INTO synonyms (workspace_id, version, body) VALUES ($1, 1, $2)
		ON CONFLICT (workspace_id) DO UPDATE SET version = synonyms.version + 1, body = excluded.body RETURNING version, body`, ws, append(knowledge.Synonyms{}, list...)) // nil would be NULL
	return g, s.end(ctx, dangling(err), "put synonyms")
}

// Synonyms gives those that were put last.
func (s *Store) Synonyms(ctx context.Context, ws uuid.UUID) (knowledge.Glossary, error) {
	all, err := list(ctx, s.pool, scanGlossary, `SELECT version, body FROM synonyms WHERE workspace_id = $1`, ws)
	if err != nil || len(all) == 0 {
		return knowledge.Glossary{}, s.end(ctx, err, "synonyms")
	}
	return all[0], nil
}

func scanGlossary(row pgx.CollectableRow) (g knowledge.Glossary, err error) {
	err = row.Scan(&g.Version, document{&g.Synonyms})
	return g, err
}
