package chat_test

import (
	"strings"
	"testing"

	"frontdesk/chat"
)

func TestRatingCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind      chat.RatingKind
		low, high int
	}{{"", 1, 5}, {chat.RatingCSAT, 1, 5}, {chat.RatingCES, 1, 7}, {chat.RatingNPS, 0, 10}} {
		for score := -1; score <= 11; score++ {
			err := chat.Rating{Kind: c.kind, Score: score}.Check()
			if good := score >= c.low && score <= c.high; good != (err == nil) || !good && chat.CodeOf(err) != chat.CodeInvalid {
				t.Errorf("%q, %d: %v", c.kind, score, err)
			}
		}
	}
	if err := (chat.Rating{Kind: "stars", Score: 3}).Check(); chat.CodeOf(err) != chat.CodeInvalid {
		t.Errorf("an unknown kind: %v", err)
	}
}

func TestFeedbackCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		word chat.Feedback
		good bool
	}{
		{chat.Feedback{Seq: 2, Helpful: true}, true},
		{chat.Feedback{Seq: 2}, true},
		{chat.Feedback{Seq: 2, Reason: chat.FeedbackWrong}, true},
		{chat.Feedback{Seq: 2, Reason: chat.FeedbackOffTopic}, true},
		{chat.Feedback{Seq: 2, Reason: "rude"}, false},
		{chat.Feedback{Seq: 2, Helpful: true, Reason: chat.FeedbackWrong}, false},
		{chat.Feedback{Helpful: true}, false},
		{chat.Feedback{Seq: -1}, false},
	} {
		if err := c.word.Check(); c.good != (err == nil) || !c.good && chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("%+v: %v", c.word, err)
		}
	}
}

func TestSurveyCheck(t *testing.T) {
	t.Parallel()
	got, err := chat.Survey{Kind: chat.RatingNPS, Question: "  Would you? ", Low: " no "}.Check()
	if want := (chat.Survey{Kind: chat.RatingNPS, Question: "Would you?", Low: "no"}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []chat.Survey{{Kind: "stars"}, {Question: strings.Repeat("x", 201)}, {High: strings.Repeat("x", 41)}} {
		if _, err := bad.Check(); chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
