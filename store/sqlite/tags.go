package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/store/rule"
)

func errNoTag() error { return chat.Errorf(chat.CodeNotFound, "there is no such tag") }

// Tags lists the workspace's tags.
func (s *Store) Tags(ctx context.Context, ws uuid.UUID) ([]chat.Tag, error) {
	tags, err := list(ctx, s, func(r row) (t chat.Tag, err error) {
		err = r.Scan(&t.ID, &t.Name, &t.Conversations)
		return t, err
	}, `SELECT id, name, (SELECT count(*) FROM conversation_tags c WHERE c.tag = t.n) FROM tags t WHERE workspace_id = ? ORDER BY key`, ws[:])
	return tags, wrap(err, "tags")
}

// SetTags gives a conversation its tags.
func (s *Store) SetTags(ctx context.Context, ws, conv uuid.UUID, names []string) (chat.Conversation, error) {
	tags, err := rule.CheckTags(names)
	if err != nil {
		return chat.Conversation{}, wrap(err, "tag %s", conv)
	}
	c, err := write(ctx, s, func(x *tx) (chat.Conversation, error) {
		c, err := x.take(ws, conv)
		if err != nil {
			return chat.Conversation{}, err
		}
		if _, err := x.put(`DELETE FROM conversation_tags WHERE conversation = ?`, c.n); err != nil {
			return chat.Conversation{}, err
		}
		for _, t := range tags {
			tag, err := x.tag(ws, t)
			if err != nil {
				return chat.Conversation{}, err
			}
			if _, err := x.put(`INSERT INTO conversation_tags (tag, conversation) VALUES (?, ?)`, tag, c.n); err != nil {
				return chat.Conversation{}, err
			}
		}
		if _, err := x.put(`UPDATE conversations SET tags = `+namesOfTags+` WHERE n = ?`, c.n); err != nil {
			return chat.Conversation{}, err
		}
		if c, err = stateOf(x, ws, conv); err != nil {
			return chat.Conversation{}, err
		}
		x.changed(c)
		return c.Conversation, nil
	})
	return c, wrap(err, "tag %s", conv)
}

// namesOfTags are the names of a conversation's tags.
const namesOfTags = `(SELECT coalesce(json_group_array(t.name ORDER BY t.key), '[]')
	FROM conversation_tags c JOIN tags t ON t.n = c.tag WHERE c.conversation = conversations.n)`

// tag gives the row of a tag, which it makes if need be.
func (x *tx) tag(ws uuid.UUID, t rule.TagName) (int64, error) {
	n, err := scanValue[int64](x.queryRow(`SELECT n FROM tags WHERE workspace_id = ? AND key = ?`, ws[:], t.Key))
	if !errors.Is(err, sql.ErrNoRows) {
		return n, err
	}
	id, err := rule.NewID(uuid.Nil)
	if err != nil {
		return 0, err
	}
	res, err := x.put(`INSERT INTO tags (workspace_id, id, name, key) VALUES (?, ?, ?, ?)`, ws[:], id[:], t.Name, t.Key)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// RenameTag gives a tag another name.
func (s *Store) RenameTag(ctx context.Context, ws, id uuid.UUID, name string) error {
	t, err := rule.CheckTag(name)
	if err != nil {
		return wrap(err, "rename tag %s", id)
	}
	err = s.changeTag(ctx, ws, id, func(x *tx, n int64) error {
		_, err := x.put(`UPDATE tags SET name = ?, key = ? WHERE n = ?`, t.Name, t.Key, n)
		if isTaken(err) {
			return chat.Errorf(chat.CodeConflict, "there is a tag %q already: merge this one into it", t.Name)
		}
		if err != nil {
			return err
		}
		return x.showTags(n)
	})
	return wrap(err, "rename tag %s", id)
}

// MergeTags makes one tag of two.
func (s *Store) MergeTags(ctx context.Context, ws, from, into uuid.UUID) error {
	if from == into {
		return wrap(invalid("a tag cannot be merged into itself"), "merge tag %s", from)
	}
	err := s.changeTag(ctx, ws, from, func(x *tx, n int64) error {
		other, err := one(x, scanValue[int64], errNoTag(), `SELECT n FROM tags WHERE workspace_id = ? AND id = ?`, ws[:], into[:])
		if err != nil {
			return err
		}
		if _, err := x.put(`INSERT OR IGNORE INTO conversation_tags (tag, conversation) SELECT ?, conversation FROM conversation_tags WHERE tag = ?`, other, n); err != nil {
			return err
		}
		return x.dropTag(n, other)
	})
	return wrap(err, "merge tag %s into %s", from, into)
}

// DropTag removes a tag.
func (s *Store) DropTag(ctx context.Context, ws, id uuid.UUID) error {
	return wrap(s.changeTag(ctx, ws, id, func(x *tx, n int64) error { return x.dropTag(n, n) }), "drop tag %s", id)
}

// changeTag runs f with the row of a tag, and has the lists read again.
func (s *Store) changeTag(ctx context.Context, ws, id uuid.UUID, f func(x *tx, n int64) error) error {
	_, err := write(ctx, s, func(x *tx) (struct{}, error) {
		n, err := one(x, scanValue[int64], errNoTag(), `SELECT n FROM tags WHERE workspace_id = ? AND id = ?`, ws[:], id[:])
		if err != nil {
			return struct{}{}, err
		}
		clear(x.c.states) // the tags of any of them may be others now
		x.tell(chat.Signal{Kind: chat.SignalEntry, Workspace: ws})
		return struct{}{}, f(x, n)
	})
	return err
}

// dropTag removes a tag; those that have shown show their tags anew.
func (x *tx) dropTag(n, shown int64) error {
	rows, err := x.query(`SELECT conversation FROM conversation_tags WHERE tag = ?`, n)
	had, err := collect(rows, err, scanValue[int64])
	if err != nil {
		return err
	}
	if _, err := x.put(`DELETE FROM conversation_tags WHERE tag = ?`, n); err != nil {
		return err
	}
	if _, err := x.put(`DELETE FROM tags WHERE n = ?`, n); err != nil {
		return err
	}
	if shown != n {
		return x.showTags(shown)
	}
	for _, c := range had {
		if _, err := x.put(`UPDATE conversations SET tags = `+namesOfTags+` WHERE n = ?`, c); err != nil {
			return err
		}
	}
	return nil
}

// showTags writes the names of their tags to the conversations that have one.
func (x *tx) showTags(tag int64) error {
	_, err := x.put(`UPDATE conversations SET tags = `+namesOfTags+` WHERE n IN (SELECT conversation FROM conversation_tags WHERE tag = ?)`, tag)
	return err
}

// tagsOf reads the column of names.
func tagsOf(column []byte) (names []string, err error) {
	if len(column) <= len(`[]`) {
		return nil, nil
	}
	return names, json.Unmarshal(column, &names)
}
