package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"frontdesk/action"
	"frontdesk/bot"
	"frontdesk/bot/memory"
	"frontdesk/bot/voice"
	"frontdesk/bus"
	"frontdesk/bus/nats"
	"frontdesk/chat"
	"frontdesk/console"
	"frontdesk/gateway"
	"frontdesk/gateway/protocol"
	"frontdesk/handoff"
	"frontdesk/knowledge"
	"frontdesk/llm"
	"frontdesk/store"
	"frontdesk/store/dsn"
	"frontdesk/trust"
	"frontdesk/widget"
)

// signals is the bus of this process, with or without other nodes behind it.
type signals interface {
	Publish(chat.Signal)
	Subscribe(func(chat.Signal)) (cancel func())
}

// core is what every command needs that reads or answers: store and search.
type core struct {
	log       *slog.Logger
	bus       signals
	store     store.Store
	workspace chat.Workspace
	inbox     chat.Inbox
	embedder  llm.Embedder
	base      *knowledge.Base
	engine    *tunable
	wording   wording
	voice     *voice.Voice
	limit     float64        // error that a live topic may have: the target error
	models    *models        // nil: none are configured
	generator llm.Generator  // the models, counted; nil: there are none
	closers   []func() error // in order of opening
	// searched is told of every search; set before anything is served.
	searched func(took time.Duration, degraded string)
	// unsupported is told of every answer that did not pass its check; set
	// before anything is served.
	unsupported func(article string)
}

// openCore opens the store and starts search, making the first workspace and
// inbox if there is none. The caller closes it.
func openCore(ctx context.Context, s Settings, log *slog.Logger) (*core, error) {
	return openCoreAs(ctx, s, log, "Frontdesk", firstInbox())
}

func openCoreAs(ctx context.Context, s Settings, log *slog.Logger, workspace string, first chat.Inbox) (c *core, err error) {
	c = &core{log: log, limit: min(s.TargetError, trust.MaxLimit)}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.close())
		}
	}()
	if c.bus, err = c.openBus(s); err != nil {
		return c, err
	}
	c.store, err = dsn.Open(ctx, s.DatabaseURL, s.Data, store.Options{Log: log, Notify: c.bus.Publish})
	if err != nil {
		return c, err
	}
	c.closers = append(c.closers, c.store.Close)
	if c.workspace, c.inbox, err = c.store.EnsureWorkspace(ctx, workspace, first); err != nil {
		return c, err
	}
	if err = c.openModels(s); err != nil {
		return c, err
	}
	if c.embedder, err = openEmbedder(ctx, s, log); err != nil {
		return c, err
	}
	c.base = knowledge.NewBase(knowledge.Options{Store: c.store, Embedder: c.embedder, MaxVectors: s.VectorMemoryMax, Log: log,
		Observer: knowledge.Observer{Searched: c.observeSearch}})
	if err = c.base.Start(ctx); err != nil {
		return c, err
	}
	c.closers = append(c.closers, func() error { c.base.Close(); return nil })
	unsubscribe := c.bus.Subscribe(c.base.Notify)
	c.closers = append(c.closers, func() error { unsubscribe(); return nil })
	model := composing(c.generator)
	model.Recall = c.recall
	c.voice = c.openVoice(model)
	if c.wording, err = newWording(model, c.voice.Set, s.LlmLimit); err != nil {
		return c, err
	}
	engine, err := bot.New(ctx, bot.Options{Search: c.base, Embedder: c.embedder, Rewriter: c.wording.rewriter, Languages: s.Languages, TargetError: s.TargetError, Log: log,
		Unsupported: c.observeUnsupported})
	if err != nil {
		return c, err
	}
	c.engine = newTunable(engine, c.store, c.base, c.workspace.ID, s.TargetError, log)
	return c, c.engine.load(ctx)
}

// recall gives what is remembered of a conversation from before what a model is shown.
func (c *core) recall(ctx context.Context, ws, conv uuid.UUID) (string, error) {
	s, _, err := memory.Recall(ctx, c.store, ws, conv)
	return s.Text, err
}

func (c *core) observeSearch(took time.Duration, degraded string) {
	if c.searched != nil {
		c.searched(took, degraded)
	}
}

func (c *core) observeUnsupported(article string) {
	if c.unsupported != nil {
		c.unsupported(article)
	}
}

func (c *core) openBus(s Settings) (signals, error) {
	if s.NatsURL == "" {
		return &bus.Local{}, nil
	}
	b, err := nats.Connect(s.NatsURL, c.log)
	if err != nil {
		return nil, err
	}
	c.closers = append(c.closers, b.Close)
	return b, nil
}

// close closes what was opened, the last first.
func (c *core) close() error {
	var errs []error
	for i := len(c.closers) - 1; i >= 0; i-- {
		errs = append(errs, c.closers[i]())
	}
	c.closers = nil
	return errors.Join(errs...)
}

// ask answers one question that belongs to no conversation.
func (c *core) ask(ctx context.Context, ws uuid.UUID, q protocol.AskRequest) (protocol.AskReply, error) {
	t := bot.Turn{Workspace: ws, Messages: []string{q.Text}, Locale: q.Locale,
		Account: llm.Account{Workspace: ws, Inbox: c.inbox.ID}}
	style, err := c.style(ctx, ws, c.inbox.ID)
	if err != nil {
		return protocol.AskReply{}, err
	}
	t.OffLimits = style.OffLimits
	for _, h := range q.History {
		role := bot.RoleCustomer
		if h.Role == "assistant" {
			role = bot.RoleBot
		}
		t.History = append(t.History, bot.Past{Role: role, Text: h.Text})
	}
	start := time.Now()
	d, why, err := c.engine.engine().Explain(ctx, t)
	if err != nil {
		return protocol.AskReply{}, err
	}
	if !q.NoModel {
		d = c.wording.word(ctx, t, d)
	}
	r := protocol.AskReply{Action: d.Action, Confidence: d.Confidence, Ranked: []string{}, Cited: []string{}, Text: d.Text,
		Reason: d.Reason, MS: float64(time.Since(start).Microseconds()) / 1000, Blocks: d.Blocks, Answer: &d.Answer}
	if q.Explain {
		r.Explain = &why
	}
	for _, a := range d.Ranked {
		r.Ranked = append(r.Ranked, a.ExternalID)
	}
	for _, cit := range d.Answer.Citations {
		r.Cited = append(r.Cited, cit.ExternalID)
	}
	return r, nil
}

// service is a core that serves: bot, desk and gateway on top.
type service struct {
	*core
	actions  *action.Engine
	indexer  *knowledge.Indexer
	runner   *bot.Runner
	recorder *trust.Recorder
	watch    *handoff.Watch
	router   *handoff.Router
	keeper   *memory.Keeper
	desk     *prometheus.CounterVec // what the desk tells
	calls    *prometheus.CounterVec // uses of actions
	turns    turnMetrics
	post     *post
	posting  func() // ends what sends e-mail, and waits for it
	gateway  *gateway.Gateway
}

// certainty is the probability with which bounds hold: that of topics that
// answer by themselves, and of certificates unless another is asked for.
const certainty = .9

// serviceOptions are what serve and demo set differently.
type serviceOptions struct {
	publicURL string
	demo      bool
	cache     *knowledge.VectorCache // vectors made earlier; nil for none
}

func newService(c *core, s Settings, o serviceOptions) (*service, error) {
	v := &service{core: c, calls: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "frontdesk_action_calls_total",
		Help: "Uses of the shop's actions that have ended, by action and how."}, []string{"action", "state"})}
	if c.models != nil {
		c.models.start(context.Background())
	}
	help, err := c.assistance()
	if err != nil {
		return nil, err
	}
	desk := handoff.New(handoff.Options{Store: c.store, Surroundings: c.store, Log: c.log, Polish: help.polish(),
		Words: func(r chat.Reason) string { return bot.Words(chat.ActionHandoff, r) }, Observe: func(e handoff.Event) { v.observeDesk(e) }})
	node := nodeName()
	var records bot.Records
	if s.KeepTurns > 0 {
		records = c.store
	}
	moderator, err := s.moderator()
	if err != nil {
		return nil, err
	}
	if v.post, err = newPost(c, s, node); err != nil {
		return nil, err
	}
	if v.actions, err = c.openActions(s, desk, v.post.identity.Ask, v.observeCall); err != nil {
		return nil, err
	}
	v.runner, err = bot.NewRunner(bot.RunnerOptions{Store: c.store, Decider: c.engine, Desk: botDesk{desk}, Node: node, Actor: botActor{v.actions}, Records: records, Build: version, Log: c.log,
		Composer: c.wording.composer, Draft: func(ref chat.Ref, turn uuid.UUID, epoch int64, text string) {
			v.gateway.ShowDraft(ref, turn, epoch, text)
		},
		ComposeLimit: s.LlmLimit, FirstShown: s.LlmFirstShown,
		Gate: trust.NewGate(c.store, c.limit), Style: c.style, Moderator: moderator, ModeratorRequired: s.ModerationRequired,
		Observe: func(ob bot.Observation) { v.observe(ob) }})
	if err != nil {
		return nil, err
	}
	if v.keeper, err = memory.New(memory.Options{Store: c.store, Generator: c.generator, Prompts: c.voice.Set, Log: c.log}); err != nil {
		return nil, err
	}
	c.closers = append(c.closers, func() error { v.keeper.Close(); return nil })
	provider, err := c.openSSO(s, o.publicURL)
	if err != nil {
		return nil, err
	}
	v.gateway, err = gateway.New(gateway.Options{
		SSO:   provider,
		Store: c.store, Desk: desk, Bus: c.bus, Ask: c.ask, OnCustomer: v.runner.Wake, Language: bot.LanguageIn, Identity: v.post.identity, Mail: v.post,
		Import: c.importArticles, ImportQuestions: c.importQuestions, Parse: parseUpload, KnowledgeStatus: c.knowledgeStatus, Voice: c.voice, Assist: help, OnClosed: v.keeper.Wake,
		Actions:   actionsAPI{v.actions, c.store, s.secrets()},
		Workspace: c.workspace, Widget: widget.Files(), Console: console.Files(), Node: node,
		PublicURL: o.publicURL, Secure: strings.HasPrefix(o.publicURL, "https://"), Demo: o.demo, Version: version,
		TrustedProxies: s.TrustedProxies, Log: c.log, Details: c.details, Models: c.told(),
		Replay: c.replayTurns,
		Operate: func(ctx context.Context, name string, args json.RawMessage) (any, error) {
			return c.operate(ctx, name, args)
		},
	})
	if err != nil {
		return nil, err
	}
	v.metrics()
	v.indexer = knowledge.NewIndexer(c.base, node, o.cache, nil)
	v.indexer.Start(context.Background())
	v.recorder = trust.NewRecorder(trust.RecorderOptions{Store: c.store, Rules: trust.Rules{Limit: c.limit, Level: certainty}, Log: c.log})
	unsubscribe := c.bus.Subscribe(v.recorder.Notify)
	c.closers = append(c.closers, func() error { unsubscribe(); return nil })
	v.recorder.Start()
	c.engine.follow()
	c.closers = append(c.closers, func() error { c.engine.close(); return nil })
	v.watch = handoff.NewWatch(desk, c.store)
	routing := handoff.RouterOptions{Desk: desk, Roster: c.store}
	if c.store.Shared() {
		routing.Node = node
	}
	v.router = handoff.NewRouter(routing)
	moved := c.bus.Subscribe(func(s chat.Signal) {
		if s.Kind == chat.SignalEntry || s.Kind == chat.SignalPresence {
			v.router.Wake()
		}
		if s.Kind == chat.SignalEntry {
			v.runner.Moved(chat.Ref{Workspace: s.Workspace, Conversation: s.Conversation})
		}
	})
	c.closers = append(c.closers, func() error { moved(); return nil })
	ctx, stop := context.WithCancel(context.Background())
	var tidying sync.WaitGroup
	tidying.Go(func() { keepTidy(ctx, c.store.Workspaces, c.chores(s.KeepTurns), c.log) })
	tidying.Go(func() { keepIndexed(ctx, c.store, c.log) })
	c.closers = append(c.closers, func() error { stop(); tidying.Wait(); return nil })
	v.gateway.Start()
	v.runner.Start()
	v.posting = v.post.start()
	return v, nil
}

// close ends conversations' connections and running turns, then what is below.
func (v *service) close() error {
	v.gateway.Close()
	v.watch.Close()
	v.router.Close()
	v.runner.Close()
	v.posting()
	v.recorder.Close()
	v.indexer.Close()
	return v.core.close()
}

// nodeName names this process among those that share a store.
func nodeName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "node"
	}
	return fmt.Sprintf("%s-%d-%s", host, os.Getpid(), uuid.NewString()[:8])
}

// botDesk is the desk as the bot sees it.
type botDesk struct{ desk *handoff.Desk }

// HandOver gives the bot's evidence the form that the brief is made from.
func (b botDesk) HandOver(ctx context.Context, ws, conv uuid.UUID, epoch int64, h bot.Handover) error {
	by := chat.Sender{Kind: chat.PartyBot}
	r := handoff.Request{Reason: h.Reason, By: by, Question: h.Question, Suggested: h.Suggested}
	if h.Reason != chat.ReasonFailure {
		r.Confidence = &h.Confidence
	}
	for _, a := range h.Ranked {
		r.Articles = append(r.Articles, chat.BriefArticle{Article: a.Article, Number: a.Number, Title: a.Title, URL: a.URL, Score: a.Score, Internal: a.Internal})
	}
	if h.Text != "" {
		answer := h.Answer
		r.Says = &chat.Draft{ClientID: uuid.NewSHA1(h.Turn, []byte("handover")), From: by, Kind: chat.KindMessage, Text: h.Text, Body: chat.Body{Answer: &answer}}
	}
	_, err := b.desk.HandOver(ctx, ws, conv, epoch, r)
	return err
}

func (c *core) knowledgeStatus(ws uuid.UUID) protocol.KnowledgeStatus {
	st := c.base.Status(ws)
	return protocol.KnowledgeStatus{Articles: st.Articles, Chunks: st.Chunks, Vectors: st.Vectors, Pending: st.Pending, Model: st.Model, Version: st.Version}
}
