package rule

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

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
