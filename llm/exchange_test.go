package llm_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/llm"
)

func request(purpose llm.Purpose, text string) llm.Request {
	return llm.Request{Messages: []llm.Message{{Role: llm.RoleUser, Text: text}}, Prompt: "v1", Account: llm.Account{Purpose: purpose}}
}

// listen asks g and gives what was told and what was emitted.
func listen(g llm.Generator, req llm.Request, emit func(string) error) (heard []llm.Exchange, pieces []string, err error) {
	ctx := llm.Listening(context.Background(), func(x llm.Exchange) { heard = append(heard, x) })
	_, err = llm.Told{Generator: g}.Generate(ctx, req, func(p string) error {
		pieces = append(pieces, p)
		if emit != nil {
			return emit(p)
		}
		return nil
	})
	return heard, pieces, err
}

func TestToldAndPlayedAgain(t *testing.T) {
	t.Parallel()
	for name, g := range map[string]llm.FakeGenerator{
		"whole": {Pieces: []string{"The ", "64 takes ", "250 g."}},
		"cut":   {Pieces: []string{"The "}, Err: &llm.Error{Fault: llm.FaultLength, Endpoint: "fake"}},
		"mute":  {Err: &llm.Error{Fault: llm.FaultDown, Endpoint: "fake"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := request(llm.PurposeCompose, "how much?")
			heard, pieces, err := listen(g, req, nil)
			if len(heard) != 1 || !slices.Equal(heard[0].Pieces, g.Pieces) && len(g.Pieces) > 0 || heard[0].Prompt != "v1" || heard[0].Fault != llm.FaultOf(g.Err) {
				t.Fatalf("told %+v", heard)
			}
			player := llm.NewPlayer(heard)
			again, same, errAgain := listen(player, req, nil)
			if !slices.Equal(same, pieces) || llm.FaultOf(errAgain) != llm.FaultOf(err) || player.Other() != 0 {
				t.Errorf("played %q, %v; want %q, %v", same, errAgain, pieces, err)
			}
			if diff := cmp.Diff(heard, again); diff != "" {
				t.Errorf("a replay is recorded as another (-first +again):\n%s", diff)
			}
			if _, _, err := listen(player, req, nil); !errors.Is(err, llm.ErrNotRecorded) {
				t.Errorf("the exchange is given twice: %v", err)
			}
		})
	}
}

func TestPlayerPrefersTheSameRequest(t *testing.T) {
	t.Parallel()
	record := func(purpose llm.Purpose, text, reply string) llm.Exchange {
		heard, _, _ := listen(llm.FakeGenerator{Pieces: []string{reply}}, request(purpose, text), nil)
		return heard[0]
	}
	p := llm.NewPlayer([]llm.Exchange{
		record(llm.PurposeUnderstand, "a", "1"), record(llm.PurposeCompose, "b", "2"), record(llm.PurposeCompose, "c", "3"),
	})
	for _, step := range []struct {
		purpose     llm.Purpose
		text, reply string
		other       int
	}{
		{llm.PurposeCompose, "c", "3", 0},
		{llm.PurposeCompose, "changed", "2", 1},
		{llm.PurposeUnderstand, "a", "1", 1},
	} {
		_, pieces, err := listen(p, request(step.purpose, step.text), nil)
		if err != nil || !slices.Equal(pieces, []string{step.reply}) || p.Other() != step.other {
			t.Errorf("%s: got %q, %v with %d others; want %q with %d", step.text, pieces, err, p.Other(), step.reply, step.other)
		}
	}
}

func TestToldOfARefusal(t *testing.T) {
	t.Parallel()
	enough := errors.New("enough")
	heard, _, err := listen(llm.FakeGenerator{Pieces: []string{"a", "b"}}, request(llm.PurposeCompose, "q"), func(string) error { return enough })
	if !errors.Is(err, enough) || len(heard) != 1 || !heard[0].Refused || heard[0].Fault != "" || len(heard[0].Pieces) != 1 {
		t.Errorf("told %+v, error %v", heard, err)
	}
}

func TestRequestKey(t *testing.T) {
	t.Parallel()
	a, b := request(llm.PurposeCompose, "x"), request(llm.PurposeTest, "x")
	b.Prompt = "v2"
	if a.Key() != b.Key() {
		t.Error("who pays, or what a prompt is called, changes the key of a request")
	}
	b.MaxTokens = 3
	if a.Key() == b.Key() || a.Key() == request(llm.PurposeCompose, "y").Key() {
		t.Error("two requests have one key")
	}
}
