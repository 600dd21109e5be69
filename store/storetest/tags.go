package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var tagCases = []testCase{
	{"tags of a conversation", tagsOfAConversation},
	{"malformed tags", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		many := make([]string, chat.MaxTags+1)
		for i := range many {
			many[i] = fmt.Sprint("tag ", i)
		}
		for _, names := range [][]string{{""}, {" "}, {"!"}, {"a\x00"}, {"\xff"}, {strings.Repeat("a", chat.MaxTagName+1)}, many} {
			_, err := w.SetTags(w.ctx, w.ws, id("talk"), names)
			wantCode(t, err, chat.CodeInvalid)
		}
		equal(t, "tags", must(w.Tags(w.ctx, w.ws))(t), []chat.Tag(nil))
		_, err := w.SetTags(w.ctx, w.ws, id("none"), nil)
		wantCode(t, err, chat.CodeNotFound)
	}},
	{"rename, merge and drop", changeTags},
	{"tags that are not there", func(t *testing.T, w *world) {
		tag := w.tag("talk", "Refund")
		wantCode(t, w.RenameTag(w.ctx, w.ws, id("none"), "x"), chat.CodeNotFound)
		wantCode(t, w.RenameTag(w.ctx, w.ws, tag.ID, " "), chat.CodeInvalid)
		wantCode(t, w.MergeTags(w.ctx, w.ws, tag.ID, id("none")), chat.CodeNotFound)
		wantCode(t, w.MergeTags(w.ctx, w.ws, id("none"), tag.ID), chat.CodeNotFound)
		wantCode(t, w.MergeTags(w.ctx, w.ws, tag.ID, tag.ID), chat.CodeInvalid)
		wantCode(t, w.DropTag(w.ctx, w.ws, id("none")), chat.CodeNotFound)
		wantCode(t, w.DropTag(w.ctx, w.beside, tag.ID), chat.CodeNotFound)
	}},
	{"tags at the same time", func(t *testing.T, w *world) {
		w.conversation(w.ws, "talk")
		w.conversation(w.ws, "talk 2")
		check(t, together(8, func(i int) error {
			_, err := w.SetTags(w.ctx, w.ws, id([]string{"talk", "talk 2"}[i%2]), []string{"Refund", fmt.Sprint("tag ", i)})
			return err
		}))
		tags := must(w.Tags(w.ctx, w.ws))(t)
		equal(t, "tags", len(tags), 9)
		equal(t, "with refund", tags[0].Conversations, 2)
		for _, name := range []string{"talk", "talk 2"} {
			equal(t, "tags of one", len(w.state(name).Tags), 2)
		}
	}},
}

// tag puts a tag on a new conversation of that name, and gives it.
func (w *world) tag(name, tag string) chat.Tag {
	w.t.Helper()
	w.conversation(w.ws, name)
	must(w.SetTags(w.ctx, w.ws, id(name), []string{tag}))(w.t)
	for _, have := range must(w.Tags(w.ctx, w.ws))(w.t) {
		if have.Name == tag {
			return have
		}
	}
	w.t.Fatalf("no tag %q", tag)
	return chat.Tag{}
}

func tagsOfAConversation(t *testing.T, w *world) {
	w.conversation(w.ws, "talk")
	w.says("talk", customerSays("a", "Hello"))
	before := w.state("talk")
	w.clock.advance(time.Second)
	c := must(w.SetTags(w.ctx, w.ws, id("talk"), []string{" VIP ", "Größe", "vip", "big  parcel"}))(t)
	before.Tags = []string{"big parcel", "Größe", "VIP"}
	equal(t, "conversation", c, before)
	w.reopen()
	equal(t, "stored", w.state("talk"), before)
	equal(t, "in a list", must(w.Conversations(w.ctx, w.ws, chat.ConversationQuery{View: chat.ViewAll}))(t).Conversations, []chat.Conversation{before})
	// What is there keeps its name, and the state is not forgotten by what follows.
	c = must(w.SetTags(w.ctx, w.ws, id("talk"), []string{"GROSSE"}))(t)
	equal(t, "one left", c.Tags, []string{"Größe"})
	equal(t, "after a move", w.move("talk", toQueue()).Tags, []string{"Größe"})
	w.tag("talk 2", "Größe")
	var names []string
	for _, tag := range must(w.Tags(w.ctx, w.ws))(t) {
		names = append(names, fmt.Sprint(tag.Name, " ", tag.Conversations))
		if tag.ID == uuid.Nil {
			t.Errorf("%s has no id", tag.Name)
		}
	}
	equal(t, "tags", names, []string{"big parcel 0", "Größe 2", "VIP 0"})
	equal(t, "none", must(w.SetTags(w.ctx, w.ws, id("talk"), nil))(t).Tags, []string(nil))
}

func changeTags(t *testing.T, w *world) {
	refund, money := w.tag("talk", "Refund"), w.tag("talk 2", "Money back")
	w.conversation(w.ws, "talk 3")
	must(w.SetTags(w.ctx, w.ws, id("talk 3"), []string{"Refund", "Money back"}))(t)

	wantCode(t, w.RenameTag(w.ctx, w.ws, money.ID, "refund"), chat.CodeConflict)
	check(t, w.RenameTag(w.ctx, w.ws, money.ID, "Chargeback"))
	equal(t, "renamed", w.state("talk 3").Tags, []string{"Chargeback", "Refund"})
	equal(t, "the next move knows it", w.move("talk 2", toQueue()).Tags, []string{"Chargeback"})
	check(t, w.RenameTag(w.ctx, w.ws, money.ID, "CHARGEBACK"))
	equal(t, "in other letters", w.state("talk 2").Tags, []string{"CHARGEBACK"})

	before := must(w.InboxHead(w.ctx, w.ws))(t)
	check(t, w.MergeTags(w.ctx, w.ws, money.ID, refund.ID))
	if must(w.InboxHead(w.ctx, w.ws))(t) == before {
		t.Error("a merge does not show in the inbox's head")
	}
	for _, name := range []string{"talk", "talk 2", "talk 3"} {
		equal(t, "merged "+name, w.state(name).Tags, []string{"Refund"})
	}
	refund.Conversations = 3
	equal(t, "one tag", must(w.Tags(w.ctx, w.ws))(t), []chat.Tag{refund})

	check(t, w.DropTag(w.ctx, w.ws, refund.ID))
	equal(t, "none left", must(w.Tags(w.ctx, w.ws))(t), []chat.Tag(nil))
	equal(t, "none on it", w.state("talk").Tags, []string(nil))
}
