package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"frontdesk/llm"
)

// notingEmbedder notes the questions that it embeds. The first of them fail, as
// many as fail says.
type notingEmbedder struct {
	llm.FakeEmbedder
	mu    sync.Mutex
	texts []string
	fail  int
}

func (n *notingEmbedder) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	n.mu.Lock()
	n.texts = append(n.texts, text)
	failed := len(n.texts) <= n.fail
	n.mu.Unlock()
	if failed {
		return nil, errors.New("gone")
	}
	return n.FakeEmbedder.EmbedQuery(ctx, text)
}

// taught gives an engine that notes what a turn has embedded, with the vectors
// of its articles made by an earlier one.
func taught(t *testing.T, turn Turn) (*Engine, *notingEmbedder) {
	embed := &notingEmbedder{FakeEmbedder: llm.FakeEmbedder{Dims: 256}}
	e := newEngine(t, func(o *Options, m *memory) { o.Embedder, m.embed = embed, embed })
	ask(t, e, turn)
	embed.texts = nil
	return e, embed
}

func TestQuestionIsEmbeddedOnce(t *testing.T) {
	t.Parallel()
	turn := Turn{Messages: []string{"How do I reset my password?"}}
	e, embed := taught(t, turn)
	ask(t, e, turn)
	if len(embed.texts) != 1 {
		t.Errorf("embedded %q", embed.texts)
	}
}

// TestLongMessageEmbedsLittle: what a turn has embedded is what its time goes
// into, and that does not grow with the message.
func TestLongMessageEmbedsLittle(t *testing.T) {
	t.Parallel()
	for _, part := range []string{
		"and then for the %dth time it did the same as the week before ",
		"2026-11-02 09:14:%02d error: cannot open the port, code 5\n",
		"I tried it %d times on my other kettle. ",
		"When I came back after %d minutes the light was still on, although the manual says that it goes out as soon as the cover is closed, so " +
			"I opened it once more to see whether something was loose inside. ",
		"Is it %d euros to Austria? ",
	} {
		var say strings.Builder
		for n := 1; say.Len() < 10<<10; n++ {
			fmt.Fprintf(&say, part, n)
		}
		turn := Turn{Messages: []string{say.String() + "What does delivery cost?"}}
		e, embed := taught(t, turn)
		ask(t, e, turn)
		size := 0
		for _, text := range embed.texts {
			size += len(text)
		}
		if len(embed.texts) == 0 || len(embed.texts) > maxSentences+1 || size > 2*maxWhole {
			t.Errorf("%q: %d texts of %d bytes embedded", part, len(embed.texts), size)
		}
	}
}

func TestTurnEncoderForgetsErrors(t *testing.T) {
	t.Parallel()
	embed := &notingEmbedder{FakeEmbedder: llm.FakeEmbedder{Dims: 4}, fail: 1}
	e := (&Engine{embed: embed, classes: &classifier{}}).forTurn()
	if _, err := e.embed.EmbedQuery(t.Context(), "late"); err == nil {
		t.Error("no error")
	}
	for range 2 {
		if v, err := e.embed.EmbedQuery(t.Context(), "late"); err != nil || len(v) != 4 {
			t.Errorf("got %v, %v", v, err)
		}
	}
	if len(embed.texts) != 2 {
		t.Errorf("embedded %q", embed.texts)
	}
}
