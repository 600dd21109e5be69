package postgres

import (
	"github.com/google/uuid"

	"frontdesk/chat"
)

// useSearch calls what tags and finds conversations, for TestEveryQueryHasItsIndex.
func (u user) useSearch(conv chat.Conversation) {
	got[chat.Conversation](u)(u.s.SetTags(u.ctx, u.ws, conv.ID, []string{"a", "b", "c"}))
	tags := got[[]chat.Tag](u)(u.s.Tags(u.ctx, u.ws))
	u.ok(u.s.RenameTag(u.ctx, u.ws, tags[0].ID, "d"))
	u.ok(u.s.MergeTags(u.ctx, u.ws, tags[0].ID, tags[1].ID))
	u.ok(u.s.DropTag(u.ctx, u.ws, tags[2].ID))
	got[[]chat.Customer](u)(u.s.Customers(u.ctx, u.ws, []uuid.UUID{conv.Customer}))
	got[chat.SearchPage](u)(u.s.Search(u.ctx, u.ws, chat.SearchQuery{Text: "x"}))
}
