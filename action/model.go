package action

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/llm"
)

// Prompter words what a language model is asked.
type Prompter interface {
	// Choose gives the messages that ask which of some actions does what the
	// customer wants, if any. The reply is a tool call, or the JSON object
	// {"action": name or "none", "arguments": {…}}.
	Choose(ctx context.Context, ws, inbox uuid.UUID, said []string, question string, from []llm.Tool) ([]llm.Message, error)
}

const (
	// modelWithin is what a model gets to choose in: the look-up itself, and a
	// second try of it, must still fit into the turn.
	modelWithin = 3 * time.Second
	// choiceTokens is more than an action's name and a few arguments take.
	choiceTokens = 300
)

// ask has the model choose. Its choice counts no more than anybody's: the
// action must be allowed, and its arguments pass the same checks.
func (e *Engine) ask(ctx context.Context, r Request, words said, allowed []Action) (chosen, bool, error) {
	list := make([]llm.Tool, len(allowed))
	for i, a := range allowed {
		list[i] = a.tool()
	}
	messages, err := e.o.Prompter.Choose(ctx, r.Ref.Workspace, r.Inbox, words.before, strings.Join(words.now, "\n"), list)
	if err != nil {
		return chosen{}, false, fmt.Errorf("action: ask the model: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, modelWithin)
	defer cancel()
	var text strings.Builder
	result, err := e.o.Model.Generate(ctx, llm.Request{
		Messages: messages, Tools: list, MaxTokens: choiceTokens,
		Account: llm.Account{Workspace: r.Ref.Workspace, Inbox: r.Inbox, Customer: r.Customer, Conversation: r.Ref.Conversation, Purpose: llm.PurposeAction},
	}, func(piece string) error {
		text.WriteString(piece)
		return nil
	})
	if err != nil {
		return chosen{}, false, fmt.Errorf("action: ask the model: %w", err)
	}
	name, raw := choiceOf(result.Calls, text.String())
	for _, a := range allowed {
		if a.Name == name {
			return e.taken(a, raw, words)
		}
	}
	return chosen{}, false, nil
}

// taken is a model's choice with what of its arguments can be used. What the
// customer did not say is found in the customer's words, or asked for.
func (e *Engine) taken(a Action, raw json.RawMessage, words said) (chosen, bool, error) {
	c := chosen{action: a, by: chat.ChosenByModel}
	var err error
	if c.params, err = parseParameters(a.Parameters); err != nil {
		return chosen{}, false, fmt.Errorf("action %s: %w", a.Name, err)
	}
	args, err := c.params.decodeArgs(raw)
	if err != nil {
		return chosen{}, false, err
	}
	kept, invented := c.params.anchored(args, words)
	if len(invented) > 0 {
		e.o.Log.Info("action: a model made arguments up; they are left out", "action", a.Name, "parameters", invented)
	}
	for name, v := range kept {
		if one, _ := c.params.get(name); one.check(v) != nil {
			delete(kept, name)
		}
	}
	c.args = kept
	c.fill(words)
	return c, true, nil
}

// tool is the action as a model sees it: without what comes from the identity,
// and without anything of the API.
func (a Action) tool() llm.Tool {
	about := a.Description
	if about == "" {
		about = a.Title
	}
	return llm.Tool{Name: a.Name, Description: about, Parameters: a.visible()}
}

// visible is the schema without the parameters that are bound.
func (a Action) visible() json.RawMessage {
	raw := a.Parameters
	if len(raw) == 0 {
		return json.RawMessage(`{"type":"object","properties":{}}`)
	}
	var s struct {
		Type       string                     `json:"type"`
		Properties map[string]json.RawMessage `json:"properties"`
		Required   []string                   `json:"required,omitempty"`
	}
	if len(a.Bind) == 0 || json.Unmarshal(raw, &s) != nil {
		return raw
	}
	var required []string
	for _, name := range s.Required {
		if a.Bind[name] == "" {
			required = append(required, name)
		}
	}
	s.Required = required
	for name := range a.Bind {
		delete(s.Properties, name)
	}
	out, err := json.Marshal(s)
	if err != nil {
		return raw
	}
	return out
}

// choiceOf reads what a model chose: its first tool call, or the JSON object in its text.
func choiceOf(calls []llm.Call, text string) (name string, args json.RawMessage) {
	if len(calls) > 0 {
		return calls[0].Name, calls[0].Arguments
	}
	from, to := strings.IndexByte(text, '{'), strings.LastIndexByte(text, '}')
	if from < 0 || to < from {
		return "", nil
	}
	var c struct {
		Action    string          `json:"action"`
		Arguments json.RawMessage `json:"arguments"`
	}
	if json.Unmarshal([]byte(text[from:to+1]), &c) != nil {
		return "", nil
	}
	return c.Action, c.Arguments
}
