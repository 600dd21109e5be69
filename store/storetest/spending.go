package storetest

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var spendingCases = []testCase{
	{"what was spent is summed", spentIsSummed},
	{"what was spent, by day", spentByDay},
	{"spending at once loses nothing", func(t *testing.T, w *world) {
		// Rows that all share, and rows of their own.
		check(t, together(8, func(i int) error {
			for j := range 10 {
				s := spend("compose", 1)
				if j%2 == 0 {
					s.Conversation = id("talk " + string(rune('a'+i)))
				}
				if err := w.AddSpend(w.ctx, w.ws, s); err != nil {
					return err
				}
			}
			return nil
		}))
		all := chat.Spent{Calls: 80, Prompt: 800, Completion: 80, Micros: 8000}
		equal(t, "all", must(w.Spent(w.ctx, w.ws, chat.SpendQuery{}))(t), all)
		equal(t, "of the customer", must(w.Spent(w.ctx, w.ws, chat.SpendQuery{Customer: ann}))(t), all)
		equal(t, "of one", must(w.Spent(w.ctx, w.ws, chat.SpendQuery{Conversation: id("talk b")}))(t), chat.Spent{Calls: 5, Prompt: 50, Completion: 5, Micros: 500})
	}},
	{"who adds first sees it", func(t *testing.T, w *world) {
		// So that of many who reserve and then look, not all see room for one more.
		sums := make([]chat.Spent, 8)
		check(t, together(8, func(i int) (err error) {
			if err = w.AddSpend(w.ctx, w.ws, spend("compose", 1)); err == nil {
				sums[i], err = w.Spent(w.ctx, w.ws, chat.SpendQuery{Day: spend("", 0).Day})
			}
			return err
		}))
		full := 0
		for i, s := range sums {
			if s.Calls < 1 || s.Calls > 8 {
				t.Errorf("number %d saw %d calls", i, s.Calls)
			}
			if s.Calls == 8 {
				full++
			}
		}
		if full == 0 {
			t.Error("not even the last saw all")
		}
	}},
	{"spending, malformed or nowhere", func(t *testing.T, w *world) {
		noDay, purpose, model := spend("compose", 1), spend("a\x00", 1), spend("compose", 1)
		noDay.Day, model.Model = time.Time{}, "\xff"
		for _, s := range []chat.Spend{noDay, purpose, model} {
			wantCode(t, w.AddSpend(w.ctx, w.ws, s), chat.CodeInvalid)
		}
		wantCode(t, w.AddSpend(w.ctx, id("no workspace"), spend("compose", 1)), chat.CodeNotFound)
		equal(t, "spent", must(w.Spent(w.ctx, w.ws, chat.SpendQuery{}))(t), chat.Spent{})
		equal(t, "nowhere", must(w.Spent(w.ctx, id("no workspace"), chat.SpendQuery{}))(t), chat.Spent{})
		equal(t, "list", len(must(w.SpendBy(w.ctx, id("no workspace"), time.Time{}))(t)), 0)
	}},
}

// spend is calls of Ann's on the 2nd of March, for 10 tokens and 1 back each.
func spend(purpose string, calls int64) chat.Spend {
	return chat.Spend{Day: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), Inbox: id("inbox"), Customer: ann, Conversation: id("talk"),
		Purpose: purpose, Model: "small", Calls: calls, Prompt: 10 * calls, Completion: calls, Micros: 100 * calls}
}

func spentIsSummed(t *testing.T, w *world) {
	first := spend("compose", 1)
	again := spend("compose", 2)
	again.Day = time.Date(2026, 3, 3, 0, 30, 0, 0, time.FixedZone("", 3600)) // 23:30 of the 2nd
	bobs := spend("understand", 4)
	bobs.Customer, bobs.Conversation, bobs.Model = bob, id("talk 2"), "large"
	next := spend("compose", 8)
	next.Day = next.Day.Add(24 * time.Hour)
	nobodys := spend("test", 16)
	nobodys.Inbox, nobodys.Customer, nobodys.Conversation = uuid.Nil, uuid.Nil, uuid.Nil
	back := spend("compose", -1)
	for _, s := range []chat.Spend{first, again, bobs, next, nobodys, back} {
		check(t, w.AddSpend(w.ctx, w.ws, s))
	}
	w.reopen()
	day, late := first.Day, first.Day.Add(23*time.Hour)
	for _, c := range []struct {
		name  string
		q     chat.SpendQuery
		calls int64
	}{
		{"all", chat.SpendQuery{}, 30},
		{"a day", chat.SpendQuery{Day: day}, 22},
		{"at any time of it", chat.SpendQuery{Day: late}, 22},
		{"another day", chat.SpendQuery{Day: next.Day}, 8},
		{"no day", chat.SpendQuery{Day: day.Add(-time.Hour)}, 0},
		{"an inbox", chat.SpendQuery{Inbox: w.inbox.ID}, 14},
		{"an inbox, a day", chat.SpendQuery{Inbox: w.inbox.ID, Day: day}, 6},
		{"a customer", chat.SpendQuery{Customer: ann}, 10},
		{"a customer, a day", chat.SpendQuery{Customer: ann, Day: day}, 2},
		{"a conversation", chat.SpendQuery{Conversation: id("talk")}, 10},
		{"everything", chat.SpendQuery{Day: day, Inbox: w.inbox.ID, Customer: bob, Conversation: id("talk 2")}, 4},
		{"another's conversation", chat.SpendQuery{Customer: ann, Conversation: id("talk 2")}, 0},
	} {
		want := chat.Spent{Calls: c.calls, Prompt: 10 * c.calls, Completion: c.calls, Micros: 100 * c.calls}
		equal(t, c.name, must(w.Spent(w.ctx, w.ws, c.q))(t), want)
	}
}

func spentByDay(t *testing.T, w *world) {
	today := spend("compose", 1)
	other := today
	other.Model = "Zebra" // before "small" by its bytes
	mine := today
	mine.Customer, mine.Conversation = bob, id("talk 2")
	understand := spend("understand", 5)
	before := today
	before.Day = before.Day.Add(-24 * time.Hour)
	gone := spend("summary", 3)
	taken := spend("summary", -3)
	nobodys := spend("test", 7)
	nobodys.Inbox = uuid.Nil
	for _, s := range []chat.Spend{today, before, other, mine, understand, gone, taken, nobodys} {
		check(t, w.AddSpend(w.ctx, w.ws, s))
	}
	w.reopen()
	sum := func(s chat.Spend, calls int64) chat.Spend {
		s.Customer, s.Conversation = uuid.Nil, uuid.Nil
		s.Calls, s.Prompt, s.Completion, s.Micros = calls, 10*calls, calls, 100*calls
		return s
	}
	want := []chat.Spend{sum(nobodys, 7), sum(other, 1), sum(today, 2), sum(understand, 5), sum(before, 1)}
	equal(t, "all", must(w.SpendBy(w.ctx, w.ws, time.Time{}))(t), want)
	equal(t, "today", must(w.SpendBy(w.ctx, w.ws, today.Day.Add(13*time.Hour)))(t), want[:4])
	equal(t, "tomorrow", len(must(w.SpendBy(w.ctx, w.ws, today.Day.Add(24*time.Hour)))(t)), 0)
}
