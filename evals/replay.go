package evals

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/internal/personal"
)

// History is a store's conversations.
type History interface {
	Conversations(ctx context.Context, ws uuid.UUID, q chat.ConversationQuery) (chat.ConversationPage, error)
	Entries(ctx context.Context, ws, conv uuid.UUID, log chat.Log, after int64, limit int) ([]chat.Entry, error)
}

// Effect is how today's bot differs from what was said.
type Effect string

// The effects, in the order in which they matter.
const (
	EffectLost    Effect = "handoff"  // was answered, goes to a person now
	EffectChanged Effect = "changed"  // is answered out of another article
	EffectGained  Effect = "answered" // was not answered, is now
	EffectOther   Effect = "other"    // another action, but no answer before or after
	EffectText    Effect = "reworded" // the same article in other words
	EffectSame    Effect = "same"
)

// Effects lists them, gravest first.
var Effects = []Effect{EffectLost, EffectChanged, EffectGained, EffectOther, EffectText, EffectSame}

// Retold is one turn that is decided otherwise today. Personal data in
// the question are masked.
type Retold struct {
	Effect       Effect    `json:"effect"`
	Conversation uuid.UUID `json:"conversation"`
	Seq          int64     `json:"seq"` // of the bot's message then
	Question     string    `json:"question"`
	Then         Said      `json:"then"`
	Now          Said      `json:"now"`
}

// Said is a decision in short.
type Said struct {
	Action     chat.Action `json:"action"`
	Reason     chat.Reason `json:"reason,omitempty"`
	Cited      []string    `json:"cited,omitempty"` // external ids
	Confidence float64     `json:"confidence"`
}

// Replayed is a history answered again.
type Replayed struct {
	Conversations int            `json:"conversations"`
	Turns         int            `json:"turns"`
	Counts        map[Effect]int `json:"counts"`
	Differences   []Retold       `json:"differences"` // gravest first, then newest; EffectText and EffectSame are only counted
}

// ReplayOptions limit a replay.
type ReplayOptions struct {
	Since time.Time // conversations that changed since; zero: all
	Limit int       // at most that many turns, newest conversations first; 0: all
}

// Replay has the decider answer every turn of a workspace's history again, as
// the conversation stood then, and compares. It stores nothing.
func Replay(ctx context.Context, h History, decider bot.Decider, ws uuid.UUID, o ReplayOptions) (Replayed, error) {
	r := Replayed{Counts: map[Effect]int{}, Differences: []Retold{}}
	err := eachConversation(ctx, h, ws, o.Since, func(conv chat.Conversation, log []chat.Entry) (bool, error) {
		r.Conversations++
		for i, e := range log {
			turn, ok := turnBefore(conv, log, i)
			if !ok {
				continue
			}
			if o.Limit > 0 && r.Turns >= o.Limit {
				return false, nil
			}
			d, err := decider.Decide(ctx, turn)
			if err != nil {
				return false, fmt.Errorf("evals: replay turn %d of %s: %w", e.Seq, conv.ID, err)
			}
			r.add(retell(conv, e, turn, d))
		}
		return true, nil
	})
	slices.SortStableFunc(r.Differences, func(a, b Retold) int {
		return slices.Index(Effects, a.Effect) - slices.Index(Effects, b.Effect)
	})
	return r, err
}

func (r *Replayed) add(d Retold) {
	r.Turns++
	r.Counts[d.Effect]++
	if d.Effect != EffectText && d.Effect != EffectSame {
		r.Differences = append(r.Differences, d)
	}
}

// eachConversation reads a workspace's conversations, newest first, open ones
// before closed ones, until do says that it has enough.
func eachConversation(ctx context.Context, h History, ws uuid.UUID, since time.Time, do func(chat.Conversation, []chat.Entry) (bool, error)) error {
	for _, view := range []chat.View{chat.ViewAll, chat.ViewClosed} {
		q := chat.ConversationQuery{View: view, Limit: 200}
		for more := true; more; more = q.Cursor != "" {
			page, err := h.Conversations(ctx, ws, q)
			if err != nil {
				return fmt.Errorf("evals: read conversations: %w", err)
			}
			q.Cursor = page.Next
			for _, c := range page.Conversations {
				if c.UpdatedAt.Before(since) {
					q.Cursor = ""
					break
				}
				log, err := readLog(ctx, h, ws, c)
				if err != nil {
					return err
				}
				if on, err := do(c, log); err != nil || !on {
					return err
				}
			}
		}
	}
	return nil
}

func readLog(ctx context.Context, h History, ws uuid.UUID, c chat.Conversation) ([]chat.Entry, error) {
	var log []chat.Entry
	for {
		last := int64(0)
		if len(log) > 0 {
			last = log[len(log)-1].Seq
		}
		page, err := h.Entries(ctx, ws, c.ID, chat.LogPublic, last, 0)
		if err != nil {
			return nil, fmt.Errorf("evals: read log of %s: %w", c.ID, err)
		}
		if len(page) == 0 {
			return log, nil
		}
		log = append(log, page...)
	}
}

// turnBefore gives the turn that the bot's message log[i] answered; false if
// it is none, or answered nothing.
func turnBefore(conv chat.Conversation, log []chat.Entry, i int) (bot.Turn, bool) {
	e := log[i]
	if e.Kind != chat.KindMessage || e.From.Kind != chat.PartyBot || e.Answer == nil {
		return bot.Turn{}, false
	}
	// What was answered then: all that came before the last word of the other side.
	conv.AnsweredSeq = 0
	for j := i - 1; j >= 0; j-- {
		if from := log[j].From.Kind; log[j].Kind == chat.KindMessage && (from == chat.PartyBot || from == chat.PartyAgent) {
			conv.AnsweredSeq = log[j].Seq
			break
		}
	}
	t := bot.TurnOf(conv, log[:i])
	t.Now = e.At
	return t, len(t.Messages) > 0
}

// longestQuestion bounds what is shown of a question, in bytes.
const longestQuestion = 200

func retell(conv chat.Conversation, then chat.Entry, t bot.Turn, now bot.Decision) Retold {
	question := personal.Mask(strings.Join(t.Messages, " / "))
	if len(question) > longestQuestion {
		question = strings.ToValidUTF8(question[:longestQuestion], "") + "…"
	}
	d := Retold{Conversation: conv.ID, Seq: then.Seq, Question: question, Then: said(*then.Answer), Now: said(now.Answer)}
	after := d.Now.Action == chat.ActionAnswer
	// The bot had an answer too where an agent was to see it first; its article
	// is not in the log.
	kept := d.Then.Reason == chat.ReasonShadow || d.Then.Reason == chat.ReasonSuggest
	before := d.Then.Action == chat.ActionAnswer || kept
	switch {
	case before && !after:
		d.Effect = EffectLost
	case !before && after:
		d.Effect = EffectGained
	case kept:
		d.Effect = EffectSame
	case before && !slices.Equal(d.Then.Cited, d.Now.Cited):
		d.Effect = EffectChanged
	case before && then.Text != now.Text:
		d.Effect = EffectText
	case !before && d.Then.Action != d.Now.Action:
		d.Effect = EffectOther
	default:
		d.Effect = EffectSame
	}
	return d
}

func said(a chat.Answer) Said {
	s := Said{Action: a.Action, Reason: a.Reason, Confidence: a.Confidence}
	for _, c := range a.Citations {
		s.Cited = append(s.Cited, c.ExternalID)
	}
	return s
}
