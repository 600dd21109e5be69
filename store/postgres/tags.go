package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

func errNoTag() error { return chat.Errorf(chat.CodeNotFound, "there is no such tag") }

// Tags lists the workspace's tags.
func (s *Store) Tags(ctx context.Context, ws uuid.UUID) ([]chat.Tag, error) {
	tags, err := list(ctx, s.pool, func(row pgx.CollectableRow) (t chat.Tag, err error) {
		err = row.Scan(id(&t.ID), &t.Name, &t.Conversations)
		return t, err
	}, `SELECT id, name, (SELECT count(*) FROM conversation_tags c WHERE c.workspace_id = t.workspace_id AND c.tag_id = t.id)
		FROM tags t WHERE workspace_id = $1 ORDER BY key`, ws)
	return tags, s.end(ctx, err, "tags")
}

// SetTags gives a conversation its tags.
func (s *Store) SetTags(ctx context.Context, ws, conv uuid.UUID, names []string) (chat.Conversation, error) {
	c, err := s.setTags(ctx, ws, conv, names)
	return c, s.end(ctx, err, "tag %s", conv)
}

func (s *Store) setTags(ctx context.Context, ws, conv uuid.UUID, names []string) (c chat.Conversation, err error) {
	tags, err := rule.CheckTags(names)
	if err != nil {
		return c, err
	}
	ids, shown, keys := make([]uuid.UUID, len(tags)), make([]string, len(tags)), make([]string, len(tags))
	for i, t := range tags {
		if ids[i], err = rule.NewID(uuid.Nil); err != nil {
			return c, err
		}
		shown[i], keys[i] = t.Name, t.Key
	}
	err = s.tx(ctx, func(x pgx.Tx) error {
		if _, err := hold(ctx, x, ws, conv); err != nil {
			return err
		}
		if _, err := x.Exec(ctx, `INSERT INTO tags (workspace_id, id, name, key) SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::text[])
			ON CONFLICT (key, workspace_id) DO NOTHING`, ws, uuids(ids), shown, keys); err != nil {
			return err
		}
		if _, err := x.Exec(ctx, `DELETE FROM conversation_tags WHERE workspace_id = $1 AND conversation_id = $2`, ws, conv); err != nil {
			return err
		}
		// Locked, so that none is merged away or renamed before the commit.
		if _, err := x.Exec(ctx, `INSERT INTO conversation_tags (workspace_id, conversation_id, tag_id)
			SELECT workspace_id, $2, id FROM tags WHERE workspace_id = $1 AND key = ANY ($3) ORDER BY id FOR SHARE`, ws, conv, keys); err != nil {
			return err
		}
		var err error
		if c, err = one(ctx, x, scanConversation, errNoConversation(), `UPDATE conversations SET tags = `+namesOfTags+`
			WHERE workspace_id = $1 AND id = $2 RETURNING `+conversationColumns, ws, conv); err != nil {
			return err
		}
		return bump(ctx, x, ws)
	})
	if err != nil {
		return chat.Conversation{}, err
	}
	s.notify(signalOf(c))
	return c, nil
}

// namesOfTags are the names of a conversation's tags.
const namesOfTags = `coalesce((SELECT array_agg(t.name ORDER BY t.key) FROM conversation_tags c JOIN tags t ON t.workspace_id = c.workspace_id AND t.id = c.tag_id
	WHERE c.workspace_id = conversations.workspace_id AND c.conversation_id = conversations.id), '{}')`

// RenameTag gives a tag another name.
func (s *Store) RenameTag(ctx context.Context, ws, id uuid.UUID, name string) error {
	t, err := rule.CheckTag(name)
	if err != nil {
		return s.end(ctx, err, "rename tag %s", id)
	}
	err = s.changeTags(ctx, ws, []uuid.UUID{id}, func(x pgx.Tx) error {
		_, err := x.Exec(ctx, `UPDATE tags SET name = $3, key = $4 WHERE workspace_id = $1 AND id = $2`, ws, id, t.Name, t.Key)
		if isTaken(err) {
			return chat.Errorf(chat.CodeConflict, "there is a tag %q already: merge this one into it", t.Name)
		}
		return err
	})
	return s.end(ctx, err, "rename tag %s", id)
}

// MergeTags makes one tag of two.
func (s *Store) MergeTags(ctx context.Context, ws, from, into uuid.UUID) error {
	if from == into {
		return s.end(ctx, invalid("a tag cannot be merged into itself"), "merge tag %s", from)
	}
	err := s.changeTags(ctx, ws, []uuid.UUID{from, into}, func(x pgx.Tx) error {
		if _, err := x.Exec(ctx, `INSERT INTO conversation_tags (workspace_id, conversation_id, tag_id)
			SELECT workspace_id, conversation_id, $3 FROM conversation_tags WHERE tag_id = $2 AND workspace_id = $1 ON CONFLICT DO NOTHING`, ws, from, into); err != nil {
			return err
		}
		return dropTag(ctx, x, ws, from)
	})
	return s.end(ctx, err, "merge tag %s into %s", from, into)
}

// DropTag removes a tag.
func (s *Store) DropTag(ctx context.Context, ws, id uuid.UUID) error {
	err := s.changeTags(ctx, ws, []uuid.UUID{id}, func(x pgx.Tx) error { return dropTag(ctx, x, ws, id) })
	return s.end(ctx, err, "drop tag %s", id)
}

func dropTag(ctx context.Context, x pgx.Tx, ws, id uuid.UUID) error {
	if _, err := x.Exec(ctx, `DELETE FROM conversation_tags WHERE tag_id = $2 AND workspace_id = $1`, ws, id); err != nil {
		return err
	}
	_, err := x.Exec(ctx, `DELETE FROM tags WHERE workspace_id = $1 AND id = $2`, ws, id)
	return err
}

// changeTags runs f, which changes tags, and writes their names to the
// conversations that had one of them. Those are locked first, as everywhere: one
// that gets the tag in between waits for its lock, and finds it gone or renamed.
func (s *Store) changeTags(ctx context.Context, ws uuid.UUID, tags []uuid.UUID, f func(x pgx.Tx) error) error {
	err := s.tx(ctx, func(x pgx.Tx) error {
		convs, err := list(ctx, x, pgx.RowTo[[16]byte], `SELECT id FROM conversations WHERE workspace_id = $1 AND id IN (
			SELECT conversation_id FROM conversation_tags WHERE tag_id = ANY ($2) AND workspace_id = $1) ORDER BY id FOR NO KEY UPDATE`, ws, uuids(tags))
		if err != nil {
			return err
		}
		found, err := list(ctx, x, pgx.RowTo[[16]byte], `SELECT id FROM tags WHERE workspace_id = $1 AND id = ANY ($2) ORDER BY id FOR UPDATE`, ws, uuids(tags))
		if err == nil && len(found) < len(tags) {
			err = errNoTag()
		}
		if err != nil {
			return err
		}
		if err := f(x); err != nil {
			return err
		}
		if _, err := x.Exec(ctx, `UPDATE conversations SET tags = `+namesOfTags+` WHERE workspace_id = $1 AND id = ANY ($2)`, ws, convs); err != nil {
			return err
		}
		return bump(ctx, x, ws)
	})
	if err == nil {
		s.notify(chat.Signal{Kind: chat.SignalEntry, Workspace: ws})
	}
	return err
}
