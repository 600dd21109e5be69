package main

import (
	"context"
	"time"

	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/bot/assist"
	"frontdesk/bot/memory"
	"frontdesk/bot/prompt"
	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// assistance is what agents are helped with.
type assistance struct {
	c   *core
	was *assist.Assistant
}

func (c *core) assistance() (assistance, error) {
	a, err := assist.New(assist.Options{Store: c.store, Generator: c.generator, Prompts: c.voice.Set, Log: c.log})
	return assistance{c, a}, err
}

// polish is what words briefs better; nil without a model.
func (a assistance) polish() func(context.Context, chat.Conversation, chat.Brief) (*chat.BriefPolish, error) {
	if !a.was.Model() {
		return nil
	}
	return a.was.Polish
}

// suggestEntries is how much of a log a suggestion looks at.
const suggestEntries = 60

// Suggest answers what the customer wrote last, as the bot would, however sure it is.
func (a assistance) Suggest(ctx context.Context, ws, conv uuid.UUID) (protocol.AssistReply, error) {
	c, err := a.c.store.Conversation(ctx, ws, conv)
	if err != nil {
		return protocol.AssistReply{}, err
	}
	entries, err := a.c.store.Entries(ctx, ws, conv, chat.LogPublic, max(0, c.LastSeq-suggestEntries), suggestEntries)
	if err != nil {
		return protocol.AssistReply{}, err
	}
	// To the bot what it passed on counts as answered: the agent's question is
	// what the customer wrote last.
	c.AnsweredSeq = beforeLastWords(entries)
	t := bot.TurnOf(c, entries)
	t.Now = time.Now()
	if len(t.Messages) == 0 {
		return protocol.AssistReply{By: string(memory.ByRules), Note: "The customer has not written anything yet."}, nil
	}
	d, err := a.c.engine.Decide(ctx, t)
	if err != nil {
		return protocol.AssistReply{}, err
	}
	worded := a.c.wording.word(ctx, t, d)
	switch {
	case worded.Text != d.Text:
		return protocol.AssistReply{Text: worded.Text, Citations: worded.Answer.Citations, By: string(memory.ByModel)}, nil
	case d.Action == chat.ActionAnswer && (len(d.Answer.Citations) > 1 || d.Suggested == nil):
		return protocol.AssistReply{Text: d.Text, Citations: d.Answer.Citations, By: string(memory.ByRules)}, nil
	case d.Action == chat.ActionAnswer:
		return protocol.AssistReply{Text: d.Suggested.Text, Citations: d.Suggested.Citations, By: string(memory.ByRules)}, nil
	case d.Suggested != nil && d.Suggested.Text != "":
		return protocol.AssistReply{Text: d.Suggested.Text, Citations: d.Suggested.Citations, By: string(memory.ByRules), Note: "The bot is not sure of it: read it before you send it."}, nil
	}
	return protocol.AssistReply{By: string(memory.ByRules), Note: "No article answers it."}, nil
}

// beforeLastWords gives the entry before the run of messages that the customer wrote last.
func beforeLastWords(entries []chat.Entry) int64 {
	last := int64(0)
	within := false
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		if e.Kind != chat.KindMessage {
			continue
		}
		if e.From.Kind == chat.PartyCustomer {
			within, last = true, e.Seq-1
		} else if within {
			break
		}
	}
	return last
}

// Reword gives an agent's text in another manner.
func (a assistance) Reword(ctx context.Context, ws, conv uuid.UUID, text, manner string) (protocol.AssistReply, error) {
	return assisted(a.was.Reword(ctx, ws, conv, text, prompt.Manner(manner)))
}

// Translate gives a text in another language.
func (a assistance) Translate(ctx context.Context, ws, conv uuid.UUID, text, to string) (protocol.AssistReply, error) {
	return assisted(a.was.Translate(ctx, ws, conv, text, to))
}

// Summary sums a conversation up.
func (a assistance) Summary(ctx context.Context, ws, conv uuid.UUID) (protocol.AssistReply, error) {
	return assisted(a.was.Summary(ctx, ws, conv))
}

// Tags chooses from a list.
func (a assistance) Tags(ctx context.Context, ws, conv uuid.UUID, list []string, most int) (protocol.AssistReply, error) {
	tags, by, err := a.was.Tags(ctx, ws, conv, list, most)
	return protocol.AssistReply{Tags: tags, By: string(by)}, err
}

// Article makes the draft of an article.
func (a assistance) Article(ctx context.Context, ws, conv uuid.UUID) (protocol.AssistReply, error) {
	d, err := a.was.Article(ctx, ws, conv)
	return protocol.AssistReply{Title: d.Title, Text: d.Body, By: string(d.By), Note: d.Note}, err
}

func assisted(t assist.Text, err error) (protocol.AssistReply, error) {
	return protocol.AssistReply{Text: t.Text, By: string(t.By), Note: t.Note}, err
}
