package rule

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"strconv"
	"time"

	"github.com/google/uuid"

	"frontdesk/knowledge"
)

// Sizes of pages (see chat.ConversationQuery and knowledge.ArticleQuery), and
// how many rows other lists give when they are asked for 0.
const (
	pageLimit    = 50
	maxPageLimit = 200
	rowLimit     = 500
)

// PageLimit is the limit of a page as asked for: at most 200, 0 means 50.
func PageLimit(limit int) (int, error) {
	if limit < 0 || limit > maxPageLimit {
		return 0, invalid("the limit is %d; it must be from 1 to %d", limit, maxPageLimit)
	}
	if limit == 0 {
		return pageLimit, nil
	}
	return limit, nil
}

// RowLimit is the limit of a list as asked for: 0 means 500.
func RowLimit(limit int) (int, error) {
	if limit < 0 {
		return 0, invalid("the limit is %d; it must not be negative", limit)
	}
	if limit == 0 {
		return rowLimit, nil
	}
	return limit, nil
}

// Place is where a page of conversations ends, in the order of its view: the
// view's time, to the microsecond, and the id.
type Place struct {
	At time.Time
	ID uuid.UUID
}

// ParsePlace gives the place of a cursor. CodeInvalid, also for "".
func ParsePlace(cursor string) (Place, error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) != 8+16 {
		return Place{}, errCursor(cursor)
	}
	return Place{time.UnixMicro(int64(binary.BigEndian.Uint64(b))).UTC(), uuid.UUID(b[8:])}, nil
}

// Cursor is the cursor of the page that begins after p.
func (p Place) Cursor() string {
	b := binary.BigEndian.AppendUint64(nil, uint64(p.At.UnixMicro()))
	return base64.RawURLEncoding.EncodeToString(append(b, p.ID[:]...))
}

// ParseRevision gives the revision below which a page of articles begins;
// that of "" is above all others. CodeInvalid.
func ParseRevision(cursor string) (int64, error) {
	if cursor == "" {
		return math.MaxInt64, nil
	}
	revision, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil {
		return 0, errCursor(cursor)
	}
	return revision, nil
}

// ArticlePage is the page, of at most limit, that begins with found, out of
// total. One more than limit means that there is a next page.
func ArticlePage(found []knowledge.Article, total, limit int) knowledge.ArticlePage {
	if len(found) <= limit {
		return knowledge.ArticlePage{Articles: found, Total: total}
	}
	next := strconv.FormatInt(found[limit-1].Revision, 10)
	return knowledge.ArticlePage{Articles: found[:limit], Next: next, Total: total}
}

func errCursor(cursor string) error {
	return invalid("the cursor %q is not one of this list; begin with none", cursor)
}
