package rule

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Key is what a list of conversations is ordered by; the id follows.
type Key int

// The keys.
const (
	ByChange   Key = iota // UpdatedAt
	ByQueue               // QueuedAt
	BySnooze              // Snoozed
	ByWait                // when the customer's last message was stored
	ByPriority            // the priority's rank, then UpdatedAt
)

// Order is that of a list.
type Order struct {
	Key  Key
	Down bool // the last comes first
}

// Spot is a conversation's place in an order.
type Spot struct {
	Rank int64 // by priority only
	At   time.Time
	ID   uuid.UUID
}

// List is a query that is checked.
type List struct {
	Order
	After Spot // the page begins behind it
	Limit int
}

// CheckList reads what q asks for beside its conditions. CodeInvalid.
func CheckList(q chat.ConversationQuery) (l List, err error) {
	if l.Limit, err = PageLimit(q.Limit); err != nil {
		return l, err
	}
	if l.Order, err = orderOf(q); err != nil {
		return l, err
	}
	if q.Cursor != "" {
		l.After, err = parseSpot(q.Cursor)
		return l, err
	}
	if l.Down {
		l.After = Spot{Rank: math.MaxInt64, At: time.UnixMicro(latest).UTC()}
	}
	return l, nil
}

// earliest and latest are times, in microseconds, that all databases know and no
// conversation reaches: the years 1 and 9999.
const (
	earliest = -62135596800000000
	latest   = 253370764800000000
)

func orderOf(q chat.ConversationQuery) (Order, error) {
	switch q.Sort {
	case chat.SortNewest:
		return Order{ByChange, true}, nil
	case chat.SortOldest:
		return Order{ByChange, false}, nil
	case chat.SortWaiting:
		return Order{ByWait, false}, nil
	case chat.SortPriority:
		return Order{ByPriority, true}, nil
	case "":
	default:
		return Order{}, invalid("there is no order %q", q.Sort)
	}
	switch q.View {
	case chat.ViewQueue:
		return Order{ByQueue, false}, nil
	case chat.ViewSnoozed:
		return Order{BySnooze, false}, nil
	case chat.ViewMine, chat.ViewTeam, chat.ViewAll, chat.ViewClosed:
		return Order{ByChange, true}, nil
	}
	return Order{}, invalid("there is no view %q", q.View)
}

// rank is a priority as a number; the stores sort by the same.
func rank(p chat.Priority) int64 {
	switch p {
	case chat.PriorityUrgent:
		return 2
	case chat.PriorityHigh:
		return 1
	case chat.PriorityNormal:
	}
	return 0
}

func (o Order) spot(c Talk) Spot {
	s := Spot{At: c.UpdatedAt, ID: c.ID}
	switch o.Key {
	case ByQueue:
		s.At = c.QueuedAt()
	case BySnooze:
		s.At = c.Snoozed
	case ByWait:
		s.At = c.CustomerAt
	case ByPriority:
		s.Rank = rank(c.Priority)
	case ByChange:
	}
	return s
}

// cursor writes s so that texts are in the order of the places. Times before
// 1970 (an urgent conversation counts as having waited for years) come first.
func (s Spot) cursor() string {
	b := []byte{byte(s.Rank)}
	b = binary.BigEndian.AppendUint64(b, uint64(s.At.UnixMicro())^1<<63)
	return hex.EncodeToString(append(b, s.ID[:]...))
}

func parseSpot(cursor string) (Spot, error) {
	b, err := hex.DecodeString(cursor)
	if err != nil || len(b) != 1+8+16 {
		return Spot{}, errCursor(cursor)
	}
	at := int64(binary.BigEndian.Uint64(b[1:]) ^ 1<<63)
	if at < earliest || at > latest {
		return Spot{}, errCursor(cursor)
	}
	return Spot{Rank: int64(b[0]), At: time.UnixMicro(at).UTC(), ID: uuid.UUID(b[9:])}, nil
}

// Page is the page of l that begins with found. One more than the limit means
// that there is a next page.
func (l List) Page(found []Talk) chat.ConversationPage {
	var p chat.ConversationPage
	for i, c := range found {
		if i == l.Limit {
			p.Next = p.Places[i-1]
			break
		}
		p.Conversations = append(p.Conversations, c.Conversation)
		p.Places = append(p.Places, l.spot(c).cursor())
	}
	return p
}

// Language gives the range in which the locales of a language are, compared byte
// by byte: "de" and all that begins with "de-". CodeInvalid.
func Language(tag string) (from, before string, err error) {
	if !storable(tag) || strings.ContainsAny(tag, "-_") {
		return "", "", invalid("%q is no language; say %q for all of its variants", tag, "de")
	}
	return tag, tag + string(rune('-'+1)), nil
}
