package handoff

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
)

func customerSays(text string) chat.Entry {
	return chat.Entry{Kind: chat.KindMessage, From: chat.Sender{Kind: chat.PartyCustomer}, Text: text}
}

func botSays(action chat.Action, confidence float64, cited ...string) chat.Entry {
	a := &chat.Answer{Action: action, Confidence: confidence}
	for i, title := range cited {
		a.Citations = append(a.Citations, chat.Citation{N: i + 1, Article: uuid.NewSHA1(uuid.Nil, []byte(title)), Title: title, Number: 2, Score: .5})
	}
	return chat.Entry{Kind: chat.KindMessage, From: chat.Sender{Kind: chat.PartyBot}, Text: "…", Body: chat.Body{Answer: a}}
}

func agentSays(text string) chat.Entry {
	return chat.Entry{Kind: chat.KindMessage, From: chat.Sender{Kind: chat.PartyAgent}, Text: text}
}

func TestGoal(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		entries []chat.Entry
		asked   string
		goal    string
		open    []string
	}{
		{"one question", []chat.Entry{customerSays("Where is my parcel?")}, "", "Where is my parcel?", []string{"Where is my parcel?"}},
		{
			"the wish for a person is not the goal",
			[]chat.Entry{customerSays("My kettle leaks at the lid since Monday."), botSays(chat.ActionAnswer, .6), customerSays("I want to talk to a real person please")},
			"", "My kettle leaks at the lid since Monday.", []string{},
		},
		{"nor is an agent!", []chat.Entry{customerSays("How do I descale it?"), customerSays("Agent!")}, "", "How do I descale it?", []string{"How do I descale it?"}},
		{"nothing but the wish", []chat.Entry{customerSays("a human please")}, "", "a human please", []string{}},
		{
			"a person may be what it is about",
			[]chat.Entry{customerSays("Can I send it as a gift to another person?")}, "",
			"Can I send it as a gift to another person?", []string{"Can I send it as a gift to another person?"},
		},
		{
			"thanks do not hide it",
			[]chat.Entry{customerSays("The display of my KORN 64 stays dark."), customerSays("ok thanks")}, "",
			"The display of my KORN 64 stays dark.", []string{},
		},
		{
			"answered questions are closed",
			[]chat.Entry{customerSays("Do you ship to Norway?"), botSays(chat.ActionAnswer, .9, "Shipping"), customerSays("And how long does it take?")}, "",
			"And how long does it take?", []string{"And how long does it take?"},
		},
		{
			"a clarifying question answers nothing",
			[]chat.Entry{customerSays("How do I clean it?"), botSays(chat.ActionClarify, .4), customerSays("The grinder.")}, "",
			"How do I clean it?", []string{"How do I clean it?"},
		},
		{"an agent answers", []chat.Entry{customerSays("Is it in stock?"), agentSays("It is.")}, "", "Is it in stock?", []string{}},
		{"without a log, the bot's question", nil, "where is it", "where is it", []string{}},
		{"nothing at all", nil, "", "", []string{}},
		{
			"the newest five",
			[]chat.Entry{customerSays("One? Two? Three?"), customerSays("Four? Five? Six? Seven?")}, "",
			"Four? Five? Six? Seven?", []string{"Three?", "Four?", "Five?", "Six?", "Seven?"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			goal, open := goal(test.entries, test.asked)
			if goal != test.goal {
				t.Errorf("goal %q, want %q", goal, test.goal)
			}
			if d := cmp.Diff(test.open, open); d != "" {
				t.Errorf("open (-want +got):\n%s", d)
			}
		})
	}
}

func TestTried(t *testing.T) {
	t.Parallel()
	got := tried([]chat.Entry{
		customerSays("It does not start. I already tried another socket. I've descaled it twice!"),
		botSays(chat.ActionAnswer, .7, "KORN 64 does not start", "Two-step sign-in"),
		botSays(chat.ActionClarify, .3, "Not shown"),
		botSays(chat.ActionAnswer, .7, "KORN 64 does not start"),
		{Kind: chat.KindNotice, From: chat.Sender{Kind: chat.PartySystem}, Text: "I tried to reach you."},
	})
	want := []string{"I already tried another socket.", "I've descaled it twice!", "Was shown “KORN 64 does not start”", "Was shown “Two-step sign-in”"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestOpener(t *testing.T) {
	t.Parallel()
	notice := func(kind chat.NoticeKind, text string) chat.Entry {
		return chat.Entry{Kind: chat.KindNotice, From: chat.Sender{Kind: chat.PartySystem}, Text: text, Body: chat.Body{Notice: &chat.Notice{Kind: kind}}}
	}
	if got := opener([]chat.Entry{customerSays("Hi"), notice(chat.NoticeQueued, "You are next.")}); got != "" {
		t.Errorf("without one: %q", got)
	}
	log := []chat.Entry{notice(chat.NoticeOpener, "Looking for a size?"), customerSays("Yes please"), notice(chat.NoticeQueued, "You are next.")}
	if got := opener(log); got != "Looking for a size?" {
		t.Errorf("%q", got)
	}
	if got, _ := goal(log, "Yes please"); got != "Yes please" { // the goal is the customer's own words
		t.Errorf("goal %q", got)
	}
}

// TestTriedWithWords: what the customer said last of an answer stands beside it.
func TestTriedWithWords(t *testing.T) {
	t.Parallel()
	word := func(seq int64, f chat.Feedback) chat.Entry {
		f.Seq = seq
		return chat.Entry{Kind: chat.KindFeedback, Body: chat.Body{Feedback: &f}}
	}
	entries := []chat.Entry{
		botSays(chat.ActionAnswer, .7, "Returns"), botSays(chat.ActionAnswer, .7, "Shipping"), botSays(chat.ActionAnswer, .7, "Repairs"), botSays(chat.ActionAnswer, .7, "Hours"),
		word(1, chat.Feedback{Helpful: true}), word(1, chat.Feedback{Reason: chat.FeedbackOutdated, Comment: "It is\n14 days now. " + strings.Repeat("Really. ", 40)}),
		word(2, chat.Feedback{Helpful: true}), word(3, chat.Feedback{Reason: chat.FeedbackOther}),
	}
	for i := range entries {
		entries[i].Seq = int64(i + 1)
	}
	got := tried(entries)
	if !strings.HasPrefix(got[0], "Was shown “Returns”: it did not help, it is out of date (“It is 14 days now. Really.") || len(got[0]) > 220 {
		t.Errorf("with a comment: %s", got[0])
	}
	want := []string{"Was shown “Shipping”: it helped", "Was shown “Repairs”: it did not help", "Was shown “Hours”"}
	if d := cmp.Diff(want, got[1:]); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestShop(t *testing.T) {
	t.Parallel()
	field := func(name, value string) chat.Field { return chat.Field{Name: name, Label: name, Value: value} }
	said := func(u *chat.Used) chat.Entry {
		return chat.Entry{Kind: chat.KindMessage, From: chat.Sender{Kind: chat.PartyBot}, Body: chat.Body{Answer: &chat.Answer{Action: chat.ActionAnswer, Used: u}}}
	}
	got := shopUses([]chat.Entry{
		customerSays("Where is my order?"),
		said(&chat.Used{Title: "Where is my order", Missing: "order"}), // it only asks
		said(&chat.Used{Title: "Where is my order", Args: []chat.Field{field("order", "KK-1")}, Fields: []chat.Field{field("status", "on its way")}}),
		{Kind: chat.KindCall, Body: chat.Body{Call: &chat.CallChange{Title: "Change the address", State: chat.CallUnknown}}},
	})
	want := []chat.BriefCall{
		{Title: "Change the address", State: chat.CallUnknown, Rows: []chat.Field{}},
		{Title: "Where is my order", State: chat.CallDone, Rows: []chat.Field{field("order", "KK-1"), field("status", "on its way")}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestArticlesAndConfidence(t *testing.T) {
	t.Parallel()
	entries := []chat.Entry{
		botSays(chat.ActionSmallTalk, 1), botSays(chat.ActionAnswer, .8, "Warranty", "Returns"),
		botSays(chat.ActionClarify, .4), botSays(chat.ActionAnswer, .7, "Spare parts", "Warranty"),
	}
	id := func(title string) uuid.UUID { return uuid.NewSHA1(uuid.Nil, []byte(title)) }
	var titles []string
	for _, a := range articles(entries, []chat.BriefArticle{{Article: id("Returns"), Title: "Returns"}, {Article: id("Fraud"), Title: "Fraud", Internal: true}, {Article: id("X"), Title: "X"}, {Article: id("Y"), Title: "Y"}}) {
		mark := ""
		if a.Shown {
			mark = "*"
		}
		if a.Internal {
			mark += "!"
		}
		titles = append(titles, a.Title+mark)
	}
	if d := cmp.Diff([]string{"Spare parts*", "Warranty*", "Returns*", "Fraud!", "X"}, titles); d != "" {
		t.Errorf("articles (-want +got):\n%s", d)
	}
	var points []float64
	for _, p := range confidence(entries) {
		points = append(points, p.Confidence)
	}
	if d := cmp.Diff([]float64{.8, .4, .7}, points); d != "" {
		t.Errorf("confidence (-want +got):\n%s", d)
	}
}

func TestWhyHasWordsForEveryReason(t *testing.T) {
	t.Parallel()
	seen := map[string]chat.Reason{}
	for _, r := range chat.HandoffReasons() {
		words := why(Request{Reason: r})
		if other, ok := seen[words]; ok || words == why(Request{}) || !strings.HasSuffix(words, ".") {
			t.Errorf("%s: %q, as %s has", r, words, other)
		}
		seen[words] = r
	}
	p := .715
	if got := why(Request{Reason: chat.ReasonLowConfidence, Confidence: &p}); !strings.Contains(got, "a confidence of .71") && !strings.Contains(got, "a confidence of .72") {
		t.Errorf("got %q", got)
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		in   string
		n    int
		want string
	}{
		{"short", 10, "short"},
		{"exactly ten", 11, "exactly ten"},
		{"one two three four", 14, "one two…"},
		{"ÄÄÄÄÄÄÄÄ", 10, "ÄÄÄ…"},
		{strings.Repeat("x", 20), 10, "xxxxxxx…"},
		{"日本語日本語", 9, "日本…"},
	} {
		got := cut(test.in, test.n)
		if got != test.want || len(got) > test.n || !utf8.ValidString(got) {
			t.Errorf("cut(%q, %d) = %q, want %q", test.in, test.n, got, test.want)
		}
	}
}

// broken is a store in which only the customer's record can be read.
type broken struct {
	Store
	Surroundings
}

var errDown = errors.New("down")

func (broken) Entries(context.Context, uuid.UUID, uuid.UUID, chat.Log, int64, int) ([]chat.Entry, error) {
	return nil, errDown
}

func (broken) Conversations(context.Context, uuid.UUID, chat.ConversationQuery) (chat.ConversationPage, error) {
	return chat.ConversationPage{}, errDown
}

func (broken) Customer(context.Context, uuid.UUID, uuid.UUID) (chat.Customer, error) {
	return chat.Customer{Verification: chat.Verification{By: chat.ProofToken, Until: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}}, nil
}

// A brief is as complete as it can be when the store fails, and its form is whole.
func TestBriefWithoutAStore(t *testing.T) {
	t.Parallel()
	d := New(Options{Store: broken{}, Surroundings: broken{}, Now: func() time.Time { return time.Unix(1e9, 0) }})
	p := .3
	b, err := d.brief(t.Context(), uuid.Nil, chat.Conversation{Locale: "de"}, Request{
		Reason: chat.ReasonRepeated, Question: "Where is my parcel?", Confidence: &p, Articles: []chat.BriefArticle{{Title: "Shipping"}},
	})
	if !errors.Is(err, errDown) {
		t.Errorf("error %v", err)
	}
	want := chat.Brief{
		Version: chat.BriefVersion, Shop: []chat.BriefCall{}, Goal: "Where is my parcel?", Tried: []string{}, Open: []string{}, Articles: []chat.BriefArticle{{Title: "Shipping"}},
		Confidence: []chat.BriefPoint{{At: time.Unix(1e9, 0).UTC(), Confidence: .3, Action: chat.ActionHandoff}},
		Why:        "The customer asked the same again.", Reason: chat.ReasonRepeated, Language: "de", Mood: "impatient",
		Identity: "verified", Attributes: []chat.BriefFact{}, Journey: []string{},
	}
	if d := cmp.Diff(want, b); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}
