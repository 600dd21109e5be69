package sqlite

import (
	"context"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// useSearch calls what tags and finds conversations, for TestEveryQueryHasItsIndex.
func useSearch(ctx context.Context, s *Store, ws uuid.UUID, conv chat.Conversation, check func(error)) {
	_, err := s.SetTags(ctx, ws, conv.ID, []string{"a", "b", "c"})
	check(err)
	tags, err := s.Tags(ctx, ws)
	check(err)
	check(s.RenameTag(ctx, ws, tags[0].ID, "d"))
	check(s.MergeTags(ctx, ws, tags[0].ID, tags[1].ID))
	check(s.DropTag(ctx, ws, tags[2].ID))
	_, err = s.Customers(ctx, ws, []uuid.UUID{conv.Customer})
	check(err)
	_, err = s.Search(ctx, ws, chat.SearchQuery{Text: "x"})
	check(err)
}
