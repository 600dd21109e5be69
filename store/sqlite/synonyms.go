package sqlite

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"frontdesk/knowledge"
)

// PutSynonyms takes list in the place of the synonyms that were there.
func (s *Store) PutSynonyms(ctx context.Context, ws uuid.UUID, list knowledge.Synonyms) (knowledge.Glossary, error) {
	if err := list.Validate(); err != nil {
		return knowledge.Glossary{}, wrap(err, "put synonyms")
	}
	body, err := encode(list)
	if err != nil {
		return knowledge.Glossary{}, wrap(err, "put synonyms")
	}
	g, err := write(ctx, s, func(x *tx) (knowledge.Glossary, error) {
		if _, err := x.put(`INSERT INTO synonyms (workspace_id, version, body) VALUES (?, 1, ?)
			ON CONFLICT (workspace_id) DO UPDATE SET version = synonyms.version + 1, body = excluded.body`, ws[:], body); err != nil {
			if isDangling(err) {
				err = errNoWorkspace()
			}
			return knowledge.Glossary{}, err
		}
		return scanGlossary(x.queryRow(selectGlossary, ws[:]))
	})
	return g, wrap(err, "put synonyms")
}

// Synonyms gives those that were put last.
func (s *Store) Synonyms(ctx context.Context, ws uuid.UUID) (knowledge.Glossary, error) {
	all, err := list(ctx, s, scanGlossary, selectGlossary, ws[:])
	if err != nil || len(all) == 0 {
		return knowledge.Glossary{}, wrap(err, "synonyms")
	}
	return all[0], nil
}

const selectGlossary = `SELECT version, body FROM synonyms WHERE workspace_id = ?`

func scanGlossary(r row) (g knowledge.Glossary, err error) {
	var body []byte
	if err := r.Scan(&g.Version, &body); err != nil {
		return g, err
	}
	err = json.Unmarshal(body, &g.Synonyms)
	return g, err
}
