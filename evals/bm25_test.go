package evals

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

func TestFloor(t *testing.T) {
	t.Parallel()
	articles := []knowledge.Input{
		{ExternalID: "b", Title: "Lamps", Body: "A red lamp"}, // lamp 2, red 1
		{ExternalID: "a", Title: "Clock", Body: "The red one"},
		{ExternalID: "c", Title: "Boat", Body: "blue"},
		{ExternalID: "secret", Title: "lamp lamp lamp", Visibility: knowledge.Internal},
	}
	queries := []Query{
		{ID: "1", Text: "the LAMPS?", History: []Past{{"user", "boat"}}},
		{ID: "2", Text: "red"},
		{ID: "3", Text: "nothing of it"},
	}
	got := Floor(articles, queries, ContextLast)
	if diff := cmp.Diff([][]string{{"b"}, {"a", "b"}, {}}, [][]string{got[0].Ranked, got[1].Ranked, got[2].Ranked}); diff != "" {
		t.Error(diff)
	}
	// Lengths 3, 3 and 2, mean 8/3. One of three holds lamp: idf = ln(1 + 2.5/1.5).
	// Its score as a share of that idf: 2*1.9 / (2 + .9*(.6 + .4*3/(8/3))).
	near(t, "confidence", math.Round(got[0].Confidence*1e9)/1e9, math.Round(3.8/(2+.9*(.6+.4*3/(8.0/3)))*1e9)/1e9)
	if got[2].Action != chat.ActionHandoff || got[0].Action != chat.ActionAnswer || got[0].Cited[0] != "b" {
		t.Errorf("%+v", got)
	}
	if with := Floor(articles, queries[:1], ContextUser); len(with[0].Ranked) != 2 {
		t.Errorf("with the earlier turn: %v", with[0].Ranked)
	}
}

func TestSingular(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"replies": "reply", "calories": "calory", "lies": "ly", "aaies": "aaie", "boxes": "boxe", "shoes": "shoe", "lamps": "lamp", "bus": "bus", "glass": "glass", "is": "is", "ties": "ty",
	} {
		if got := singular(word); got != want {
			t.Errorf("%s: got %s, want %s", word, got, want)
		}
	}
}
