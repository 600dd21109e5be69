package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"frontdesk/chat"
	"frontdesk/gateway"
)

// tool is something that an operator does with an installation's data: in the
// server that holds them, or on the store where none runs. Arguments and result
// travel as JSON.
type tool struct {
	name string
	run  func(ctx context.Context, c *core, args json.RawMessage) (any, error)
}

// newTool makes a tool out of a function of plain values.
func newTool[In, Out any](name string, run func(ctx context.Context, c *core, in In) (Out, error)) tool {
	return tool{name, func(ctx context.Context, c *core, args json.RawMessage) (any, error) {
		var in In
		if err := json.Unmarshal(args, &in); err != nil {
			return nil, chat.Errorf(chat.CodeInvalid, "the arguments of %s cannot be read: %w", name, err)
		}
		return run(ctx, c, in)
	}}
}

func tools() []tool {
	return []tool{
		newTool("topics", listTopics),
		newTool("check", checkPinned),
		newTool("replay", replayHistory),
		newTool("certify", certifyOwn),
		newTool("tune", tune),
		newTool("tune-undo", undoTuning),
		newTool("synonyms", listSynonyms),
		newTool("synonyms-set", setSynonyms),
	}
}

// operate runs the tool of that name.
func (c *core) operate(ctx context.Context, name string, args json.RawMessage) (any, error) {
	for _, t := range tools() {
		if t.name == name {
			return t.run(ctx, c, args)
		}
	}
	return nil, chat.Errorf(chat.CodeNotFound, "this server has no tool %q: use the frontdesk of the server's version", name)
}

// operate runs a tool on the running server, or on the store.
func operate[Out any](env *environment, name string, in any) (out Out, err error) {
	server, err := env.server()
	if err != nil {
		return out, err
	}
	if server != nil {
		err = server.call(env.ctx, "POST", "/operate/"+name, in, &out)
		return out, err
	}
	c, err := env.openStore()
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	args, err := json.Marshal(in)
	if err != nil {
		return out, err
	}
	result, err := c.operate(env.ctx, name, args)
	if err == nil {
		err = operatorDid(env.ctx, c.store, c.workspace.ID, chat.AuditEntry{Action: gateway.AuditTool, Detail: map[string]string{"tool": name}})
	}
	if err != nil {
		return out, err
	}
	// Through JSON here too, so that both ways give the same.
	text, err := json.Marshal(result)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		return out, fmt.Errorf("result of %s: %w", name, err)
	}
	return out, nil
}
