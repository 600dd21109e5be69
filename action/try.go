package action

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/say"
)

// Tried is what a trial of a look-up gave.
type Tried struct {
	Reply Reply
	Code  int
	Error string // "" if there is a reply
	Took  time.Duration
}

// Try uses a look-up of a Config that need not be stored, with the arguments
// of who declares it. No call is recorded, as there is no conversation.
// CodeInvalid: the Config, the action or the arguments are wrong, or it is a change.
func (e *Engine) Try(ctx context.Context, c Config, name string, raw json.RawMessage) (Tried, error) {
	a, ok := c.Find(name)
	if !ok {
		return Tried{}, chat.Errorf(chat.CodeInvalid, "There is no action %q.", name)
	}
	if a.Write {
		return Tried{}, chat.Errorf(chat.CodeInvalid, "A change is not tried: it would be made.")
	}
	c.Actions = []Action{a}
	if err := e.Check(c); err != nil {
		return Tried{}, err
	}
	ch := chosen{action: a}
	var err error
	if ch.params, err = parseParameters(a.Parameters); err != nil {
		return Tried{}, chat.Errorf(chat.CodeInvalid, "The parameters are wrong: %w.", err)
	}
	if ch.args, err = ch.params.decodeArgs(raw); err == nil {
		err = ch.params.check(ch.args)
	}
	if err != nil {
		return Tried{}, chat.Errorf(chat.CodeInvalid, "The arguments are wrong: %w.", err)
	}
	start := e.o.Now()
	o := e.use(ctx, c, a, ch.args, fmt.Sprintf("try-%s", uuid.New()))
	reply, o := ch.reply(chat.Call{Action: a.Name, Title: a.Title}, o, say.In())
	return Tried{Reply: reply, Code: o.code, Error: o.reason, Took: e.o.Now().Sub(start)}, nil
}
