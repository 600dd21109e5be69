package rule

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

func TestLimits(t *testing.T) {
	t.Parallel()
	const no = 0
	for _, c := range []struct{ asked, page, row int }{
		{0, 50, 500}, {1, 1, 1}, {200, 200, 200}, {201, no, 201}, {-1, no, no},
	} {
		page, pageErr := PageLimit(c.asked)
		row, rowErr := RowLimit(c.asked)
		if page != c.page || row != c.row || (chat.CodeOf(pageErr) == chat.CodeInvalid) != (c.page == no) ||
			(chat.CodeOf(rowErr) == chat.CodeInvalid) != (c.row == no) {
			t.Errorf("%d: %d, %v and %d, %v", c.asked, page, pageErr, row, rowErr)
		}
	}
}

func TestConversationPage(t *testing.T) {
	t.Parallel()
	found := make([]chat.Conversation, 3)
	for i := range found {
		since := start.Add(time.Duration(i) * time.Second)
		found[i] = chat.Conversation{ID: uuid.NewSHA1(uuid.Nil, []byte{byte(i)}), Waiting: since, UpdatedAt: since.Add(time.Hour + time.Microsecond)}
	}
	for _, c := range []struct {
		view  chat.View
		limit int
		at    time.Time // zero: there is no next page
	}{
		{chat.ViewAll, 3, time.Time{}},
		{chat.ViewAll, 4, time.Time{}},
		{chat.ViewAll, 2, found[1].UpdatedAt},
		{chat.ViewClosed, 1, found[0].UpdatedAt},
		{chat.ViewQueue, 2, found[1].Waiting},
	} {
		page := ConversationPage(c.view, found, c.limit)
		if diff := cmp.Diff(found[:min(c.limit, 3)], page.Conversations); diff != "" {
			t.Errorf("%s, %d (-want +got):\n%s", c.view, c.limit, diff)
		}
		if c.at.IsZero() {
			if page.Next != "" {
				t.Errorf("%s, %d: a page after the last", c.view, c.limit)
			}
			continue
		}
		place, err := ParsePlace(page.Next)
		if diff := cmp.Diff(Place{c.at, found[c.limit-1].ID}, place); diff != "" || err != nil {
			t.Errorf("%s, %d: %v (-want +got):\n%s", c.view, c.limit, err, diff)
		}
	}
	for _, cursor := range []string{"", "odd", "AAAA", Place{}.Cursor() + "A", Place{}.Cursor()[1:], "ä"} {
		if place, err := ParsePlace(cursor); chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("the cursor %q: %v, %v", cursor, place, err)
		}
	}
}

func TestArticlePage(t *testing.T) {
	t.Parallel()
	found := []knowledge.Article{{Revision: 9}, {Revision: 5}, {Revision: 2}}
	for _, c := range []struct {
		limit int
		next  int64 // the revision below which the next page begins
	}{{1, 9}, {2, 5}, {3, math.MaxInt64}, {4, math.MaxInt64}} {
		page := ArticlePage(found, 7, c.limit)
		below, err := ParseRevision(page.Next)
		if diff := cmp.Diff(found[:min(c.limit, 3)], page.Articles); diff != "" || page.Total != 7 || below != c.next || err != nil {
			t.Errorf("%d: %+v, %d, %v (-want +got):\n%s", c.limit, page, below, err, diff)
		}
	}
	if _, err := ParseRevision("odd"); chat.CodeOf(err) != chat.CodeInvalid {
		t.Errorf("an odd cursor: %v", err)
	}
}
