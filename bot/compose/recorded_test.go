package compose

import (
	"errors"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/bot/ground"
	"frontdesk/internal/httprr"
	"frontdesk/llm"
	"frontdesk/llm/openai"
)

// number is what a weak model likes to make up.
var number = regexp.MustCompile(`\d+`)

// TestRecordedModelSaysNothingOfItsOwn has a weak real model word answers, as it
// was recorded: scripts/llm.sh run go test ./bot/compose -run Recorded -httprecord .
// Whatever it says, what is used of it is in the article, and on the way every
// sentence was checked.
func TestRecordedModelSaysNothingOfItsOwn(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]bot.Composition{"refund": refund(), "reset": reset()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in.Seed = "recorded"
			tape, err := httprr.Open(filepath.Join("testdata", name+httprr.Extension), os.Getenv("FRONTDESK_TEST_LLM_URL"))
			if err != nil {
				t.Fatal(err)
			}
			srv := httptest.NewServer(tape)
			defer srv.Close()
			pool, err := openai.NewPool(openai.Options{Log: slog.New(slog.DiscardHandler), Endpoints: []openai.Endpoint{{
				Name: "local", BaseURL: srv.URL + "/v1", Model: "local", Capabilities: &openai.Capabilities{Usage: true, Seed: true},
				Deadlines: openai.Deadlines{First: time.Minute, Between: time.Minute, Total: 3 * time.Minute},
			}}})
			if err != nil {
				t.Fatal(err)
			}
			defer pool.Close()
			var exchanges []llm.Exchange
			ctx := llm.Listening(t.Context(), func(x llm.Exchange) { exchanges = append(exchanges, x) })
			var shown []string
			c, err := New(Options{Generator: llm.Told{Generator: pool}, Checker: ground.New(ground.Options{})})
			if err != nil {
				t.Fatal(err)
			}
			out, err := c.Compose(ctx, in, func(text string) { shown = append(shown, text) })
			if len(exchanges) != 1 || len(exchanges[0].Pieces) == 0 {
				t.Fatalf("exchanged %+v", exchanges)
			}
			var not *bot.NotComposed
			if err != nil && !errors.As(err, &not) && llm.FaultOf(err) == llm.FaultOther {
				t.Fatalf("neither words nor a reason: %v", err)
			}
			body := in.Decision.Material[0].Body
			for _, text := range append(shown, out.Text) {
				for _, n := range number.FindAllString(text, -1) {
					if !strings.Contains(body, n) {
						t.Errorf("%q is not in the article: %q", n, text)
					}
				}
			}
			for _, s := range out.Statements {
				if s.Span.End > len(body) || s.Span.Start >= s.Span.End {
					t.Errorf("statement %+v has no source", s)
				}
			}
			t.Logf("%v; shown %d times, dropped %v", err, len(shown), out.Dropped)
			if err := tape.Close(); err != nil {
				t.Error(err)
			}
			// What was exchanged, given again, comes to the same.
			again, _ := New(Options{Generator: llm.NewPlayer(exchanges), Checker: ground.New(ground.Options{})})
			second, err2 := again.Compose(t.Context(), in, func(string) {})
			if second.Text != out.Text || bot.Outcome(err2) != bot.Outcome(err) {
				t.Errorf("given again: %q, %v; was %q, %v", second.Text, err2, out.Text, err)
			}
		})
	}
}
