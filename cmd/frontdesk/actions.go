package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"go.yaml.in/yaml/v3"

	"frontdesk/action"
	"frontdesk/bot"
	"frontdesk/bot/compose"
	"frontdesk/bot/prompt"
	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/handoff"
	"frontdesk/internal/personal"
	"frontdesk/llm"
	"frontdesk/say"
	"frontdesk/store"
)

// openActions starts the engine that uses the shop's actions. It ends with the core.
func (c *core) openActions(s Settings, desk *handoff.Desk, identify func(ctx context.Context, ws, conv uuid.UUID) error, observe func(chat.Call)) (*action.Engine, error) {
	secrets := s.secrets()
	hosts := action.Hosts(s.ActionHosts)
	servers, err := readServers(s.McpServers, hosts, secrets)
	if err != nil {
		return nil, err
	}
	e, err := action.NewEngine(action.Options{
		Store: c.store, Desk: actionDesk{desk}, Embedder: c.embedder, Model: c.generator, Prompter: actionPrompter{prompts: c.voice.Set}, Verifier: customerVerifier{c.store, time.Now},
		Identify: func(ctx context.Context, ref chat.Ref) error { return identify(ctx, ref.Workspace, ref.Conversation) },
		Words:    c.words,
		Hosts:    hosts, Secrets: secrets, Servers: servers, Observe: observe, Log: c.log,
	})
	if err != nil {
		return nil, err
	}
	e.Start()
	c.closers = append(c.closers, func() error { e.Close(); return nil })
	return e, nil
}

// words is what the bot says by itself in a conversation: in its customer's language, as far as the inbox's bot may speak
// it. English where that cannot be read.
func (c *core) words(ctx context.Context, ref chat.Ref) *say.Table {
	conv, err := c.store.Conversation(ctx, ref.Workspace, ref.Conversation)
	if err == nil {
		var style chat.Style
		if style, err = c.style(ctx, ref.Workspace, conv.Inbox); err == nil {
			return bot.Tongue(style.Languages, conv.Locale)
		}
	}
	c.log.Warn("the language of a conversation could not be read; its customer is spoken to in English", "conversation", ref.Conversation, "err", err)
	return say.In()
}

// actionPrompter words what the model is asked with an inbox's prompts.
type actionPrompter struct{ prompts compose.Prompts }

// Choose masks personal data first: what is masked, the customer's own words
// give back when the arguments are filled in.
func (p actionPrompter) Choose(ctx context.Context, ws, inbox uuid.UUID, said []string, question string, from []llm.Tool) ([]llm.Message, error) {
	set, err := p.prompts(ctx, ws, inbox)
	if err != nil {
		return nil, err
	}
	in := prompt.Talk{Question: personal.Mask(question)}
	for _, text := range said {
		in.History = append(in.History, prompt.Said{By: chat.PartyCustomer, Text: personal.Mask(text)})
	}
	list := make([]prompt.ActionChoice, len(from))
	for i, t := range from {
		list[i] = prompt.ActionChoice{Name: t.Name, About: t.Description, Parameters: t.Parameters}
	}
	made, err := set.Action(in, list)
	return made.Messages, err
}

// secrets are those of the operator's folder and of the environment.
func (s Settings) secrets() action.Secrets {
	return action.Secrets{Dir: cmp.Or(s.Secrets, filepath.Join(s.Data, "secrets"))}
}

// customerVerifier knows of customers what the store does.
type customerVerifier struct {
	store interface {
		Customer(ctx context.Context, ws, id uuid.UUID) (chat.Customer, error)
	}
	now func() time.Time
}

// Identity gives a customer's address and the shop's own id while they are proven.
func (v customerVerifier) Identity(ctx context.Context, ref chat.Ref, customer uuid.UUID) (action.Identity, error) {
	c, err := v.store.Customer(ctx, ref.Workspace, customer)
	if err != nil || c.Level(v.now()) != chat.LevelVerified {
		return action.Identity{}, err
	}
	id := action.Identity{Verified: true}
	if c.Verification.Email {
		id.Email = c.Email
	}
	if c.Verification.By == chat.ProofToken {
		id.Customer = c.Subject
	}
	return id, nil
}

// readServers reads the operator's list of MCP servers; "" is none.
func readServers(path string, hosts action.Hosts, secrets action.Secrets) ([]action.Server, error) {
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "--mcp-servers: %w", err)
	}
	var list []action.Server
	if err := yaml.Unmarshal(data, &list); err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "--mcp-servers %s: %w", path, err)
	}
	for _, s := range list {
		if err := s.Check(hosts, secrets); err != nil {
			return nil, fmt.Errorf("--mcp-servers %s: %w", path, err)
		}
	}
	return list, nil
}

// botActor is the actions as the bot sees them.
type botActor struct{ engine *action.Engine }

// Act gives what an action has to say to a turn the form of a decision.
func (b botActor) Act(ctx context.Context, a bot.Acting) (bot.Decision, bool, error) {
	r := action.Request{
		Ref: a.Ref, Inbox: a.Inbox, Customer: a.Customer, Turn: a.ID, Epoch: a.Epoch,
		Messages: a.Turn.Messages, Last: a.Turn.LastUsed(), Otherwise: a.Decision.Action,
	}
	for _, past := range a.Turn.History {
		switch {
		case past.Role == bot.RoleCustomer:
			r.Before = append(r.Before, past.Text)
		case past.Used != nil && r.Last != nil && past.Used.Action == r.Last.Action && past.Used.Missing == r.Last.Missing:
			r.Asked++
		default:
			r.Asked = 0
		}
	}
	reply, ok, err := b.engine.Answer(ctx, r)
	if err != nil || !ok {
		return bot.Decision{}, false, err
	}
	d := a.Decision
	d.Action, d.Reason, d.Text, d.Blocks, d.Suggested, d.Card = chat.ActionAnswer, "", reply.Text, nil, nil, reply.Card
	answer := reply.Answer(a.ID)
	if reply.Asks {
		d.Action = chat.ActionClarify
		answer.Statements = nil
	}
	answer.Action = d.Action
	d.Confidence, d.Answer = answer.Confidence, *answer
	return d, true, nil
}

// actionDesk is the desk as actions see it.
type actionDesk struct{ desk *handoff.Desk }

// HandOver hands over because of a change that failed, or may have.
func (a actionDesk) HandOver(ctx context.Context, ref chat.Ref, c chat.Call, text string) error {
	by := chat.Sender{Kind: chat.PartyBot}
	answer := &chat.Answer{Turn: c.Turn, Action: chat.ActionHandoff, Reason: chat.ReasonAction, Used: &chat.Used{Action: c.Action, Title: c.Title, Call: c.ID, Args: c.Rows}}
	_, err := a.desk.HandOver(ctx, ref.Workspace, ref.Conversation, c.Epoch, handoff.Request{
		Reason: chat.ReasonAction, By: by,
		Says: &chat.Draft{ClientID: uuid.NewSHA1(c.ID, []byte("handover")), From: by, Kind: chat.KindMessage, Text: text, Body: chat.Body{Answer: answer}},
	})
	return err
}

// actionsAPI is the actions as the gateway sees them.
type actionsAPI struct {
	engine  *action.Engine
	store   store.Store
	secrets action.Secrets
}

// Confirm takes a customer's word on a proposed change.
func (a actionsAPI) Confirm(ctx context.Context, ref chat.Ref, customer uuid.UUID, d protocol.Confirm) error {
	return a.engine.Confirm(ctx, action.Confirmation{Ref: ref, Customer: customer, Call: d.Call, ClientID: d.ClientID, Yes: d.Yes})
}

// Setting gives what is declared, and what may be used for it.
func (a actionsAPI) Setting(ctx context.Context, ws uuid.UUID) (protocol.ActionsSetting, error) {
	conf, revision, err := a.engine.Config(ctx, ws)
	if err != nil {
		return protocol.ActionsSetting{}, err
	}
	out, err := settingOf(conf, revision)
	if err != nil {
		return out, err
	}
	out.Secrets = a.secrets.Available()
	out.Servers, err = json.Marshal(a.engine.Tools(ctx))
	return out, err
}

func settingOf(conf action.Config, revision int64) (protocol.ActionsSetting, error) {
	if conf.Services == nil {
		conf.Services = []action.Service{}
	}
	if conf.Actions == nil {
		conf.Actions = []action.Action{}
	}
	value, err := json.Marshal(conf)
	return protocol.ActionsSetting{Revision: revision, Value: value}, err
}

// SetActions checks and stores what is declared.
func (a actionsAPI) SetActions(ctx context.Context, ws, by uuid.UUID, s protocol.ActionsSetting) (protocol.ActionsSetting, error) {
	conf, err := configOf(s.Value)
	if err == nil {
		err = a.engine.Check(conf)
	}
	if err != nil {
		return protocol.ActionsSetting{}, err
	}
	out, err := settingOf(conf, s.Revision)
	if err != nil {
		return out, err
	}
	stored, err := a.store.PutSetting(ctx, ws, chat.Setting{Name: action.SettingName, Revision: s.Revision, Value: out.Value, By: by})
	out.Revision = stored.Revision
	return out, err
}

// configOf reads a Config that a person wrote: what is not known is told, not dropped.
func configOf(raw json.RawMessage) (conf action.Config, err error) {
	if err = action.Decode(raw, &conf); err != nil {
		err = chat.Errorf(chat.CodeInvalid, "The actions were not saved. They cannot be read: %s.", protocol.WhatIsWrong(err))
	}
	return conf, err
}

// Read makes actions of an OpenAPI document.
func (a actionsAPI) Read(ctx context.Context, r protocol.OpenAPIRequest) (protocol.OpenAPIOperations, error) {
	document := []byte(r.Document)
	if r.URL != "" {
		var err error
		if document, err = a.engine.Fetch(ctx, r.URL); err != nil {
			return protocol.OpenAPIOperations{}, err
		}
	}
	got, err := action.ReadOpenAPI(document)
	if err != nil {
		return protocol.OpenAPIOperations{}, err
	}
	if got.Actions == nil {
		got.Actions = []action.Action{}
	}
	list, err := json.Marshal(got.Actions)
	return protocol.OpenAPIOperations{Title: got.Title, Base: got.Base, Actions: list, Left: append([]string{}, got.Left...)}, err
}

// Try uses a look-up with given arguments.
func (a actionsAPI) Try(ctx context.Context, r protocol.ActionTry) (protocol.ActionTried, error) {
	conf, err := configOf(r.Value)
	if err != nil {
		return protocol.ActionTried{}, err
	}
	got, err := a.engine.Try(ctx, conf, r.Action, r.Args)
	return protocol.ActionTried{Code: got.Code, Text: got.Reply.Text, Fields: append([]chat.Field{}, got.Reply.Used.Fields...), Error: got.Error, TookMS: got.Took.Milliseconds()}, err
}

// Calls lists uses of actions.
func (a actionsAPI) Calls(ctx context.Context, ws uuid.UUID, q chat.CallQuery) ([]chat.Call, error) {
	return a.store.Calls(ctx, ws, q)
}
