package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/bot/replay"
	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/llm"
)

type replayCmd struct {
	ID   string `arg:"" help:"A turn, or a conversation with all of its turns."`
	JSON bool   `help:"Print all that is recorded, and what came out again, as one JSON object."`
}

// Help shows an example.
func (replayCmd) Help() string {
	return `Takes turns of the bot once more, from what was recorded of them: the messages, the articles
as they were, what search and language models gave. It says whether the decision is the same,
byte for byte, or where it differs. Nothing is stored or sent.

  frontdesk replay 0199f7a2-52a8-7c1e-8a5e-1f4f6a7c9d10
  frontdesk replay --json 0199f7a2-52a8-7c1e-8a5e-1f4f6a7c9d10`
}

// Run replays.
func (cmd replayCmd) Run(env *environment) (err error) {
	id, err := uuid.Parse(cmd.ID)
	if err != nil {
		return chat.Errorf(chat.CodeInvalid, "%q is no id of a turn or conversation: those look like 0199f7a2-52a8-7c1e-8a5e-1f4f6a7c9d10", cmd.ID)
	}
	in, err := openInstallation(env)
	if err != nil {
		return err
	}
	defer closing(in, &err)
	turns, err := in.replay(env.ctx, id)
	if err != nil {
		return err
	}
	if cmd.JSON {
		if err := printJSON(env.stdout, turns); err != nil {
			return err
		}
	}
	other := 0
	for _, t := range turns.Data {
		if !t.Equal {
			other++
		}
		if !cmd.JSON {
			printReplay(env.stdout, t)
		}
	}
	if other > 0 {
		return fmt.Errorf("%d of %s came out otherwise", other, count(len(turns.Data), "turn"))
	}
	return nil
}

func printReplay(w io.Writer, t protocol.TurnReplay) {
	verdict := "byte-equal"
	switch {
	case t.Again == nil:
		verdict = "not to be decided again"
	case !t.Equal:
		verdict = "differs"
	}
	fmt.Fprintf(w, "turn %s, %s: %s\n", t.Turn, t.At.Local().Format(time.DateTime), verdict)
	for _, d := range t.Differs {
		fmt.Fprintf(w, "  %s: %s -> %s\n", d.Field, orAbsent(d.Then), orAbsent(d.Again))
	}
	for _, n := range t.Notes {
		fmt.Fprintf(w, "  note: %s\n", strings.ReplaceAll(n, "\n", " "))
	}
}

func orAbsent(text string) string {
	if text == "" {
		return "(absent)"
	}
	return text
}

// replayTurns takes a turn, or those of a conversation, once more.
func (c *core) replayTurns(ctx context.Context, ws, id uuid.UUID) (protocol.TurnReplays, error) {
	p := replay.Player{Store: c.store, Engine: c.engine.engine(), Workspace: ws, Build: version, Composer: func(g llm.Generator) (bot.Composer, error) {
		w, err := newWording(composing(g), c.voice.Set, 0)
		return w.composer, err
	}}
	got, err := p.Of(ctx, id)
	out := protocol.TurnReplays{Data: []protocol.TurnReplay{}}
	for _, r := range got {
		t := protocol.TurnReplay{Turn: r.Turn, Conversation: r.Conversation, At: r.At, Equal: r.Equal, Notes: r.Notes, Build: r.Build, Then: r.Then, Again: r.Again, Record: r.Record}
		for _, d := range r.Differs {
			t.Differs = append(t.Differs, protocol.Difference(d))
		}
		out.Data = append(out.Data, t)
	}
	return out, err
}
