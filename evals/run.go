package evals

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/bot"
	"frontdesk/chat"
	"frontdesk/knowledge"
	"frontdesk/llm"
	"frontdesk/store"
	"frontdesk/store/sqlite"
)

// RunOptions are what a run is made of. Articles, Queries and Embedder are needed.
type RunOptions struct {
	Articles []knowledge.Input
	Queries  []Query
	Embedder llm.Embedder
	Cache    *knowledge.VectorCache // vectors made earlier; nil: all are made

	WordsOnly   bool    // articles get no vectors: what search does without them
	Agent       bool    // ask on behalf of an agent: internal articles too
	TargetError float64 // see bot.Options
	Threshold   float64 // see bot.Options
	Without     []bot.Part
	Rewriter    bot.Rewriter  // see bot.Options
	Composer    bot.Composer  // words the answers; nil: they stay as the engine makes them
	Compose     time.Duration // what one answer's wording may take; 0: as long as it takes
	Limit       int           // at most that many questions; 0: all
	Context     Context
	Repeat      int // how often each question is asked; 0 means once

	Dir      string                // for the store; "" is a temporary one, removed afterwards
	Log      *slog.Logger          // nil: kept only to look for personal data in it
	Progress func(done, total int) // called after each question; may be nil
}

// Context says what becomes of a question's history.
type Context string

// The contexts. All but the first are for comparing with simpler systems.
const (
	ContextConversation Context = ""     // stored as messages of the conversation
	ContextLast         Context = "last" // dropped
	ContextUser         Context = "user" // the customer's turns are put in front of the question
	ContextAll          Context = "all"  // all turns are
)

// Run loads the articles into a fresh store, waits for their vectors and asks
// every question in a conversation of its own. Outcomes are in the order of
// the questions.
func Run(ctx context.Context, o RunOptions) (outcomes []Outcome, err error) {
	w := &witness{Embedder: o.Embedder}
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	if slices.ContainsFunc(o.Queries, func(q Query) bool { return len(q.PII) > 0 }) {
		o.Embedder = w
	}
	if o.Dir == "" {
		if o.Dir, err = os.MkdirTemp("", "frontdesk-eval-"); err != nil {
			return nil, fmt.Errorf("evals: run: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(o.Dir)) }()
	}
	h, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	queries := o.Queries
	if o.Limit > 0 {
		queries = queries[:min(o.Limit, len(queries))]
	}
	for i, q := range queries {
		w.forget()
		outcome, err := h.ask(ctx, q.in(o.Context))
		if err == nil {
			err = h.repeat(ctx, q.in(o.Context), &outcome, o.Repeat)
		}
		if err != nil {
			return nil, fmt.Errorf("evals: ask %s: %w", q.ID, err)
		}
		outcome.PII = w.saw(q.PII)
		if i == 0 {
			outcome.Made = h.made(o)
		}
		outcomes = append(outcomes, outcome)
		if o.Progress != nil {
			o.Progress(i+1, len(queries))
		}
	}
	return outcomes, nil
}

// in gives the question with its history as c says.
func (q Query) in(c Context) Query {
	if c == ContextConversation {
		return q
	}
	var parts []string
	for _, h := range q.History {
		if c == ContextAll || c == ContextUser && h.Role == "user" {
			parts = append(parts, h.Text)
		}
	}
	q.Text = strings.Join(append(parts, q.Text), "\n")
	q.History = nil
	return q
}

// house is a help desk with articles and nobody in it.
type house struct {
	store    store.Store
	base     *knowledge.Base
	engine   *bot.Engine
	ws       chat.Workspace
	inbox    chat.Inbox
	customer chat.Customer
	audience knowledge.Audience
	composer bot.Composer
	compose  time.Duration
}

func open(ctx context.Context, o RunOptions) (h *house, err error) {
	h = &house{audience: knowledge.AudienceCustomer, composer: o.Composer, compose: o.Compose}
	if o.Agent {
		h.audience = knowledge.AudienceAgent
	}
	if h.store, err = sqlite.Open(ctx, o.Dir, store.Options{Log: o.Log}); err != nil {
		return nil, fmt.Errorf("evals: open store: %w", err)
	}
	if err := h.fill(ctx, o); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

// fill loads the articles and makes a bot that knows them.
func (h *house) fill(ctx context.Context, o RunOptions) (err error) {
	h.ws, h.inbox, err = h.store.EnsureWorkspace(ctx, "eval", chat.Inbox{ID: uuid.New(), Key: "eval", Name: "eval"})
	if err != nil {
		return fmt.Errorf("evals: make workspace: %w", err)
	}
	h.customer, err = h.store.CreateCustomer(ctx, h.ws.ID, chat.Customer{ID: uuid.New(), TokenHash: []byte("eval")})
	if err != nil {
		return fmt.Errorf("evals: make customer: %w", err)
	}
	options := knowledge.Options{Store: h.store, Embedder: o.Embedder, Log: o.Log}
	if o.WordsOnly {
		options.Embedder = nil
	}
	h.base = knowledge.NewBase(options)
	articles := func(yield func(knowledge.Input, error) bool) {
		for _, in := range o.Articles {
			if !yield(in, nil) {
				return
			}
		}
	}
	report, err := h.base.Import(ctx, h.ws.ID, articles, false, nil)
	if err != nil {
		return fmt.Errorf("evals: import articles: %w", err)
	}
	for _, p := range report.Problems {
		if p.Lost {
			return fmt.Errorf("evals: import articles: %w", p)
		}
	}
	if !o.WordsOnly {
		if err := h.embed(ctx, o.Cache); err != nil {
			return err
		}
	} else if err := h.base.Refresh(ctx, h.ws.ID); err != nil {
		return err
	}
	h.engine, err = bot.New(ctx, bot.Options{Search: h.base, Embedder: o.Embedder, Rewriter: o.Rewriter, TargetError: o.TargetError, Threshold: o.Threshold, Without: o.Without, Log: o.Log})
	return err
}

// embed waits until every passage has its vector.
func (h *house) embed(ctx context.Context, cache *knowledge.VectorCache) error {
	if err := knowledge.NewIndexer(h.base, "eval", cache, nil).Run(ctx); err != nil {
		return fmt.Errorf("evals: embed articles: %w", err)
	}
	if err := h.base.Refresh(ctx, h.ws.ID); err != nil {
		return err
	}
	if s := h.base.Status(h.ws.ID); s.Pending > 0 {
		return fmt.Errorf("evals: %d of %d chunks have no vector", s.Pending, s.Chunks)
	}
	return nil
}

func (h *house) close() error {
	if err := h.store.Close(); err != nil {
		return fmt.Errorf("evals: close store: %w", err)
	}
	return nil
}

// ask stores a conversation up to the question and has the bot decide it.
func (h *house) ask(ctx context.Context, q Query) (Outcome, error) {
	turn, err := h.turn(ctx, q)
	if err != nil {
		return Outcome{}, err
	}
	start := time.Now()
	d, why, err := h.engine.Explain(ctx, turn)
	if err != nil {
		return Outcome{}, err
	}
	took := time.Since(start)
	d, worded := h.word(ctx, turn, d, start)
	o := h.outcome(q, d, took)
	o.Worded = worded
	if why.Judge != nil {
		for _, f := range why.Judge.Features {
			o.Shares = append(o.Shares, Share{Feature: f.Name, Value: round(f.Value), Share: round(f.Share)})
		}
	}
	return o, nil
}

// turn stores a conversation up to the question and gives what the bot has to decide.
func (h *house) turn(ctx context.Context, q Query) (bot.Turn, error) {
	conv, err := h.converse(ctx, q)
	if err != nil {
		return bot.Turn{}, err
	}
	entries, err := h.store.Entries(ctx, h.ws.ID, conv.ID, chat.LogPublic, 0, 0)
	if err != nil {
		return bot.Turn{}, err
	}
	t := bot.TurnOf(conv, entries)
	t.Workspace, t.Audience = h.ws.ID, h.audience
	return t, nil
}

// converse stores a question with its history, as both sides wrote it.
func (h *house) converse(ctx context.Context, q Query) (chat.Conversation, error) {
	conv, err := h.store.OpenConversation(ctx, h.ws.ID, chat.Conversation{ID: uuid.Must(uuid.NewV7()), Inbox: h.inbox.ID, Customer: h.customer.ID})
	if err != nil {
		return conv, err
	}
	id := conv.ID
	for _, past := range append(slices.Clone(q.History), Past{Role: "user", Text: q.Text}) {
		d := chat.Draft{ClientID: uuid.New(), From: chat.Sender{Kind: chat.PartyCustomer, ID: h.customer.ID}, Kind: chat.KindMessage, Text: past.Text}
		if past.Role == "user" {
			_, err = h.store.Append(ctx, h.ws.ID, id, d)
		} else {
			d.From = chat.Sender{Kind: chat.PartyBot}
			err = h.reply(ctx, conv, d)
		}
		if err != nil {
			return conv, err
		}
		if conv, err = h.store.Conversation(ctx, h.ws.ID, id); err != nil {
			return conv, err
		}
	}
	return conv, nil
}

// reply stores an earlier reply of the bot. It answers what is unanswered; one
// that answers nothing (a greeting before the first question) is just stored.
func (h *house) reply(ctx context.Context, conv chat.Conversation, d chat.Draft) (err error) {
	if conv.Unanswered() {
		_, err = h.store.AppendIf(ctx, h.ws.ID, conv.ID, d, chat.Fence{Epoch: conv.Epoch, CustomerSeq: conv.CustomerSeq})
	} else {
		_, err = h.store.Append(ctx, h.ws.ID, conv.ID, d)
	}
	return err
}

func (h *house) outcome(q Query, d bot.Decision, took time.Duration) Outcome {
	o := Outcome{
		ID: q.ID, Action: d.Action, Confidence: d.Confidence, Ranked: []string{}, Cited: []string{}, Text: d.Text, Reason: d.Reason,
		MS: float64(took.Microseconds()) / 1000, Understood: d.Understood, Degraded: d.Degraded,
	}
	for _, r := range d.Ranked {
		o.Ranked = append(o.Ranked, r.ExternalID)
	}
	for _, c := range d.Answer.Choices {
		o.Choices = append(o.Choices, c.Label)
	}
	var sources strings.Builder
	for _, c := range d.Answer.Citations {
		o.Cited = append(o.Cited, c.ExternalID)
		if doc := h.base.Document(h.ws.ID, c.Article); doc != nil {
			sources.WriteString(doc.Title + "\n" + doc.Body + "\n")
		}
	}
	if d.Action == chat.ActionAnswer {
		o.Values, o.Unsupported = unsupportedValues(d.Text, sources.String())
	}
	return o
}

// valueShape is what must not be made up: addresses and numbers, the latter
// with their separators, which makes prices, dates and times of them.
var (
	valueShape = regexp.MustCompile(`(?i)https?://[^\s)>\]]+|[\pL\d._%+-]+@[\pL\d-]+(?:\.[\pL\d-]+)+|\d+(?:[.,:/\x{2013}-]\d+)*`)
	stepNumber = regexp.MustCompile(`(?m)^\s*\d+\. `)
)

// unsupportedValues counts the values of a reply and gives those that no
// source holds. Numbers of steps are the renderer's and not counted.
func unsupportedValues(text, sources string) (all int, bad []string) {
	sources = strings.ReplaceAll(sources, `\`, "")
	for _, v := range valueShape.FindAllString(stepNumber.ReplaceAllString(text, ""), -1) {
		all++
		if !strings.Contains(sources, v) {
			bad = append(bad, v)
		}
	}
	return all, bad
}
