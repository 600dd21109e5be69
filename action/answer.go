package action

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/say"
)

// Request is a turn that an action may answer.
type Request struct {
	Ref             chat.Ref
	Inbox, Customer uuid.UUID
	Turn            uuid.UUID
	Epoch           int64
	Messages        []string   // of the customer, unanswered
	Before          []string   // of the customer, earlier ones, oldest first
	Last            *chat.Used // of the bot's last message, nil if it was about no action
	Asked           int        // how often in a row the bot has asked for Last.Missing
	// Otherwise is what the articles made of the turn.
	Otherwise chat.Action
}

// Reply is the bot's message for a turn.
type Reply struct {
	Text string
	Used chat.Used
	Card *chat.Card // the change that it proposes
	Asks bool       // it asks something, or proposes; otherwise it is an answer
}

const (
	// proposalTime is how long a proposal may be confirmed: long enough to look
	// a number up, too short to be forgotten.
	proposalTime = 10 * time.Minute
	// askTwice is how often one argument is asked for; then a person helps.
	askTwice = 2
	// grace is how much longer than its time a call may be running before it
	// counts as lost: its outcome has to be stored, too.
	grace = 10 * time.Second
)

// chosen is an action with the arguments that are known so far.
type chosen struct {
	action Action
	params parameters
	args   map[string]any
	by     string // chat.ChosenByRules or chat.ChosenByModel
	asked  string // the parameter that the message before asked for
}

// Answer gives the reply of an action to a turn; ok is false if none is called
// for, or none could be given.
func (e *Engine) Answer(ctx context.Context, r Request) (Reply, bool, error) {
	conf, _, err := e.Config(ctx, r.Ref.Workspace)
	if err != nil {
		return Reply{}, false, err
	}
	var allowed []Action
	for _, a := range conf.Actions {
		if a.Allowed(r.Inbox) {
			allowed = append(allowed, a)
		}
	}
	if len(allowed) == 0 {
		return Reply{}, false, nil
	}
	words := said{now: r.Messages, before: r.Before}
	c, ok, err := e.pick(ctx, r, words, allowed)
	if err != nil || !ok {
		return Reply{}, false, err
	}
	return e.proceed(ctx, conf, r, words, c)
}

// pick finds the action that a turn calls for: the one whose argument was
// asked for, else by its triggers, else by the model.
func (e *Engine) pick(ctx context.Context, r Request, words said, allowed []Action) (chosen, bool, error) {
	if r.Last != nil && r.Last.Missing != "" {
		if c, ok, err := e.resume(r, words, allowed); ok || err != nil {
			return c, ok, err
		}
	}
	if r.Otherwise != chat.ActionHandoff && r.Otherwise != chat.ActionClarify {
		return chosen{}, false, nil // the articles have it
	}
	least := clearly
	if r.Otherwise == chat.ActionClarify {
		least = surely
	}
	m, ok, err := e.chooser.choose(ctx, strings.Join(r.Messages, "\n"), allowed, least)
	if err != nil {
		return chosen{}, false, err
	}
	if ok {
		c := chosen{action: m.action, args: map[string]any{}, by: chat.ChosenByRules}
		if c.params, err = parseParameters(m.action.Parameters); err != nil {
			return chosen{}, false, fmt.Errorf("action %s: %w", m.action.Name, err)
		}
		c.fill(words)
		return c, true, nil
	}
	if e.o.Model == nil || r.Otherwise != chat.ActionHandoff {
		return chosen{}, false, nil
	}
	return e.ask(ctx, r, words, allowed)
}

// resume goes on with the action whose argument the bot asked for.
func (e *Engine) resume(r Request, words said, allowed []Action) (chosen, bool, error) {
	for _, a := range allowed {
		if a.Name != r.Last.Action {
			continue
		}
		params, err := parseParameters(a.Parameters)
		if err != nil {
			return chosen{}, false, fmt.Errorf("action %s: %w", a.Name, err)
		}
		c := chosen{action: a, params: params, args: params.again(r.Last.Args, words), by: chat.ChosenByRules, asked: r.Last.Missing}
		c.fill(words)
		if _, found := c.args[r.Last.Missing]; found || r.Last.Missing == chat.MissingIdentity && r.Otherwise != chat.ActionAnswer {
			return c, true, nil
		}
		// Nothing of the kind was said. Unless the articles make something of it, it is asked for once more.
		again := r.Otherwise != chat.ActionAnswer && r.Otherwise != chat.ActionSmallTalk && r.Asked < askTwice
		return c, again, nil
	}
	return chosen{}, false, nil
}

// again gives the arguments that an earlier message named, as far as they
// still are what the customer said.
func (p parameters) again(fields []chat.Field, words said) map[string]any {
	args := map[string]any{}
	for _, f := range fields {
		one, ok := p.get(f.Name)
		if !ok {
			continue
		}
		var v any = f.Value
		switch one.Type {
		case "integer", "number":
			n, err := number(f.Value)
			if err != nil {
				continue
			}
			v = n
		case "boolean":
			v = f.Value == "true"
		}
		if one.check(v) == nil {
			args[f.Name] = v
		}
	}
	kept, _ := p.anchored(args, words)
	return kept
}

// fill adds the arguments that the customer's words hold.
func (c *chosen) fill(words said) {
	taken := map[string]bool{}
	for _, v := range c.args {
		taken[printed(v)] = true
	}
	for _, p := range c.params.list {
		if _, bound := c.action.Bind[p.Name]; bound {
			continue
		}
		if _, have := c.args[p.Name]; have {
			continue
		}
		if !p.Required && p.Pattern == nil && p.Format == "" && len(p.Enum) == 0 {
			continue // any number could be it
		}
		if v, ok := p.find(words, p.Name == c.asked, taken); ok {
			c.args[p.Name], taken[printed(v)] = v, true
		}
	}
}

// proceed asks for what is missing, looks up, or proposes.
func (e *Engine) proceed(ctx context.Context, conf Config, r Request, words said, c chosen) (Reply, bool, error) {
	// Whoever found the arguments, they pass here.
	kept, invented := c.params.anchored(c.args, words)
	if len(invented) > 0 {
		e.o.Log.Info("action: arguments that the customer did not say were left out", "action", c.action.Name, "conversation", r.Ref.Conversation, "parameters", invented)
	}
	c.args = kept
	if c.action.needsIdentity() {
		id, err := e.identity(ctx, r.Ref, r.Customer)
		if err != nil {
			return Reply{}, false, err
		}
		if !id.Verified {
			return e.askWho(ctx, r, c)
		}
		if err := c.action.bind(c.args, id); err != nil {
			return Reply{}, false, err
		}
	}
	for _, p := range c.params.list {
		if _, have := c.args[p.Name]; p.Required && !have {
			return e.askFor(ctx, r, c, p)
		}
	}
	if err := c.params.check(c.args); err != nil {
		return Reply{}, false, fmt.Errorf("action %s: %w", c.action.Name, err)
	}
	call, err := newCall(conf, r, c)
	if err != nil {
		return Reply{}, false, err
	}
	if c.action.Write {
		return e.propose(ctx, r, c, call)
	}
	return e.lookUp(ctx, conf, r, c, call)
}

// askWho asks the customer to show who it is, and no more often than is polite.
func (e *Engine) askWho(ctx context.Context, r Request, c chosen) (Reply, bool, error) {
	same := r.Last != nil && r.Last.Action == c.action.Name && r.Last.Missing == chat.MissingIdentity
	if e.o.Identify == nil || same && r.Asked >= askTwice {
		return Reply{}, false, nil
	}
	if err := e.o.Identify(ctx, r.Ref); chat.CodeOf(err) == chat.CodeUnavailable {
		return Reply{}, false, nil
	} else if err != nil {
		return Reply{}, false, fmt.Errorf("action: ask who it is: %w", err)
	}
	words := e.o.Words(ctx, r.Ref)
	text := words.Text("That is only for you to see or change. Confirm your e-mail address here, then write “done” and I go on.")
	if same {
		text = words.Text("It isn't confirmed yet. Confirm your e-mail address here, then write “done”. Or ask for a person.")
	}
	return Reply{Text: text, Asks: true, Used: chat.Used{
		Action: c.action.Name, Title: c.action.Title, Args: c.shown(), Missing: chat.MissingIdentity,
	}}, true, nil
}

// askFor asks for an argument, and no more often than is polite.
func (e *Engine) askFor(ctx context.Context, r Request, c chosen, p parameter) (Reply, bool, error) {
	same := r.Last != nil && r.Last.Action == c.action.Name && r.Last.Missing == p.Name
	if same && r.Asked >= askTwice {
		return Reply{}, false, nil
	}
	words, text := e.o.Words(ctx, r.Ref), c.action.Ask[p.Name]
	if text == "" {
		text = words.Text("For that I need this from you: %s.", p.Label)
	}
	if same {
		text = words.Join(words.Text("I could not find that in your message."), text)
	}
	return Reply{Text: text, Asks: true, Used: chat.Used{
		Action: c.action.Name, Title: c.action.Title, Args: c.shown(), Missing: p.Name,
	}}, true, nil
}

// shown are the arguments as people read them, without those of the identity.
func (c chosen) shown() []chat.Field {
	args := map[string]any{}
	for name, v := range c.args {
		if c.action.Bind[name] == "" {
			args[name] = v
		}
	}
	return c.params.rows(args)
}

func newCall(conf Config, r Request, c chosen) (chat.Call, error) {
	args, err := json.Marshal(c.args)
	if err != nil {
		return chat.Call{}, fmt.Errorf("action %s: arguments: %w", c.action.Name, err)
	}
	digest, err := digestOf(conf, c.action, args)
	if err != nil {
		return chat.Call{}, err
	}
	return chat.Call{
		Conversation: r.Ref.Conversation, Inbox: r.Inbox, Customer: r.Customer, Turn: r.Turn, Epoch: r.Epoch,
		Action: c.action.Name, Title: c.action.Title, Write: c.action.Write, Args: args, Rows: c.params.rows(c.args),
		Digest: digest, Key: keyOf(r.Turn, digest), Chosen: c.by,
	}, nil
}

// digestOf is the SHA-256 of all that says what a call does: the action as it
// is declared, where it goes, and the arguments.
func digestOf(conf Config, a Action, args json.RawMessage) (string, error) {
	s, _ := conf.service(a.Service)
	a.Inboxes, a.Triggers = nil, nil // they say who may use it and when, not what it does
	all, err := json.Marshal(struct {
		Action  Action
		Service Service
		Args    json.RawMessage
	}{a, s, args})
	if err != nil {
		return "", fmt.Errorf("action %s: digest: %w", a.Name, err)
	}
	sum := sha256.Sum256(all)
	return hex.EncodeToString(sum[:]), nil
}

// keyOf is the idempotency key: the same for a repeated attempt at a turn.
func keyOf(turn uuid.UUID, digest string) string {
	sum := sha256.Sum256([]byte(turn.String() + digest))
	return hex.EncodeToString(sum[:16])
}

// lookUp runs a look-up and says what it gave.
func (e *Engine) lookUp(ctx context.Context, conf Config, r Request, c chosen, call chat.Call) (Reply, bool, error) {
	call.State, call.Until = chat.CallRunning, e.o.Now().Add(2*c.action.timeout()+grace)
	call, err := e.o.Store.PutCall(ctx, r.Ref.Workspace, call)
	if err != nil {
		return Reply{}, false, fmt.Errorf("action %s: %w", c.action.Name, err)
	}
	start := e.o.Now()
	o := e.use(ctx, conf, c.action, c.args, call.Key)
	reply, o := c.reply(call, o, e.o.Words(ctx, r.Ref))
	move := chat.CallMove{Call: call.ID, From: chat.CallRunning, To: chat.CallDone, Code: o.code, Error: o.reason, Took: e.o.Now().Sub(start)}
	if o.status != done {
		move.To = chat.CallFailed
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if call, err = e.o.Store.MoveCall(end, r.Ref.Workspace, move); err != nil {
		return Reply{}, false, fmt.Errorf("action %s: %w", c.action.Name, err)
	}
	e.o.Observe(call)
	return reply, o.status == done, nil
}

// reply says what a call gave, and gives the outcome as it is after that: an
// answer that lacks what is to be said is none. words say what the action does
// not.
func (c chosen) reply(call chat.Call, o outcome, words *say.Table) (Reply, outcome) {
	used := chat.Used{Action: call.Action, Title: call.Title, Call: call.ID, Args: c.shown()}
	rows := c.params.rows(c.args)
	template := c.action.Say
	switch {
	case o.status == absent && c.action.Absent != "" && !c.action.Write:
		template, o.status, o.reason = c.action.Absent, done, ""
	case o.status == absent:
		o.status = failed
		return Reply{}, o
	case o.status != done:
		return Reply{}, o
	default:
		used.Fields = c.action.results(o.body, words)
	}
	text, err := fill(template, values(rows, used.Fields))
	if err != nil {
		if c.action.Write { // it was done; what it gave is only not worth telling
			text, _ = fill(c.action.Confirm, values(rows))
			return Reply{Text: words.Text("Done: %s.", strings.TrimSuffix(text, ".")), Used: used}, o
		}
		o.status, o.reason = failed, err.Error()
		return Reply{}, o
	}
	return Reply{Text: text, Used: used}, o
}

// propose stores a change for the customer to confirm.
func (e *Engine) propose(ctx context.Context, r Request, c chosen, call chat.Call) (Reply, bool, error) {
	title, err := fill(c.action.Confirm, values(call.Rows))
	if err != nil {
		return Reply{}, false, err
	}
	call.State, call.Until = chat.CallProposed, e.o.Now().Add(proposalTime)
	// A repeated attempt at the turn proposes anew, and what it proposed before expires.
	if call, err = e.o.Store.PutCall(ctx, r.Ref.Workspace, call); err != nil {
		return Reply{}, false, fmt.Errorf("action %s: %w", c.action.Name, err)
	}
	return Reply{
		Text: e.o.Words(ctx, r.Ref).Text("%s? Please confirm it. Nothing happens until you do.", title), Asks: true,
		Used: chat.Used{Action: call.Action, Title: call.Title, Call: call.ID, Args: c.shown()},
		Card: &chat.Card{Call: call.ID, Title: title, Rows: call.Rows, Expires: call.Until},
	}, true, nil
}
