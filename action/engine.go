package action

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/llm"
	"frontdesk/say"
)

// Store is what an Engine keeps and reads.
type Store interface {
	Workspaces(ctx context.Context) ([]chat.Workspace, error)
	Setting(ctx context.Context, ws, inbox uuid.UUID, name string) (chat.Setting, error)
	PutCall(ctx context.Context, ws uuid.UUID, c chat.Call) (chat.Call, error)
	MoveCall(ctx context.Context, ws uuid.UUID, m chat.CallMove) (chat.Call, error)
	Call(ctx context.Context, ws, id uuid.UUID) (chat.Call, error)
	Calls(ctx context.Context, ws uuid.UUID, q chat.CallQuery) ([]chat.Call, error)
}

// Desk gives a conversation to a person.
type Desk interface {
	// HandOver hands a conversation of the bot over because of a call, with the
	// bot's words to the customer. CodeStale: the epoch is no longer current.
	HandOver(ctx context.Context, ref chat.Ref, c chat.Call, text string) error
}

// Options are what an Engine is made of. Store, Desk and Embedder are needed.
type Options struct {
	Store    Store
	Desk     Desk
	Embedder llm.Embedder
	Model    llm.Generator // nil: triggers and forms alone choose; needs Prompter
	Prompter Prompter
	Verifier Verifier // nil: nobody is verified
	// Identify asks the customer of a conversation to show who it is. nil, or
	// CodeUnavailable: that cannot be shown here, and a person takes over.
	Identify func(ctx context.Context, ref chat.Ref) error
	// Words gives what the engine says by itself in a conversation's language; nil: English. It does not fail.
	Words   func(ctx context.Context, ref chat.Ref) *say.Table
	Hosts   Hosts
	Secrets Secrets
	Servers []Server // MCP servers of the operator
	// Observe is told of every call that ended. nil: nobody. It must not block.
	Observe func(chat.Call)
	Log     *slog.Logger     // nil means slog.Default
	Now     func() time.Time // nil means time.Now
}

// Engine uses actions. Start it once, Close it once; all other methods may be
// called concurrently.
type Engine struct {
	o       Options
	client  *http.Client
	chooser chooser
	tools   *tools

	ctx    context.Context // ends at Close
	cancel context.CancelFunc
	mu     sync.Mutex // guards closed, with wg.Go
	closed bool
	wg     sync.WaitGroup
}

// NewEngine makes an Engine. It does nothing by itself until Start.
func NewEngine(o Options) (*Engine, error) {
	if o.Store == nil || o.Desk == nil || o.Embedder == nil {
		return nil, errors.New("action: new engine: Store, Desk and Embedder are needed")
	}
	if o.Model != nil && o.Prompter == nil {
		return nil, errors.New("action: new engine: a Model needs a Prompter")
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Words == nil {
		o.Words = func(context.Context, chat.Ref) *say.Table { return say.In() }
	}
	if o.Observe == nil {
		o.Observe = func(chat.Call) {}
	}
	e := &Engine{o: o, client: newClient(o.Hosts), chooser: chooser{embed: o.Embedder}, tools: newTools(o.Servers, o.Hosts, o.Secrets)}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	return e, nil
}

// Start begins to look for calls that were left behind: confirmed ones of a
// node that died are run, running ones are reported to a person.
func (e *Engine) Start() { e.wg.Go(e.sweep) }

// Close waits for the changes that are being made, and stops.
func (e *Engine) Close() {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	e.cancel()
	e.wg.Wait()
	e.tools.close()
	e.client.CloseIdleConnections()
}

// background runs f unless the engine is closed; Close waits for it.
func (e *Engine) background(f func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed {
		e.wg.Go(f)
	}
}

// Config gives what a workspace declares, and its revision: 0 if it never declared anything.
func (e *Engine) Config(ctx context.Context, ws uuid.UUID) (Config, int64, error) {
	var c Config
	s, err := e.o.Store.Setting(ctx, ws, uuid.Nil, SettingName)
	if chat.CodeOf(err) == chat.CodeNotFound {
		return c, 0, nil
	}
	if err != nil {
		return c, 0, fmt.Errorf("action: read the declarations: %w", err)
	}
	if err := json.Unmarshal(s.Value, &c); err != nil {
		return c, 0, fmt.Errorf("action: read the declarations: %w", err)
	}
	return c, s.Revision, nil
}

// Decode reads a Config that a person wrote. A key that it does not have is an
// error, and not dropped.
func Decode(raw []byte, c *Config) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(c)
}

// Check says everything that is wrong with a Config. CodeInvalid.
func (e *Engine) Check(c Config) error {
	if err := c.Check(e.o.Hosts, e.o.Secrets); err != nil {
		return err
	}
	return e.tools.check(c)
}

// Tools gives what the MCP servers offer now.
func (e *Engine) Tools(ctx context.Context) []ServerTools { return e.tools.list(ctx) }

// use makes the request of an action, a look-up twice if it has to. It takes
// no longer than ctx.
func (e *Engine) use(ctx context.Context, c Config, a Action, args map[string]any, key string) outcome {
	o := e.once(ctx, c, a, args, key)
	if !a.Write && o.status == failed && (o.code == 0 || o.code >= http.StatusInternalServerError) && ctx.Err() == nil {
		o = e.once(ctx, c, a, args, key)
	}
	return o
}

func (e *Engine) once(ctx context.Context, c Config, a Action, args map[string]any, key string) outcome {
	ctx, cancel := context.WithTimeout(ctx, a.timeout())
	defer cancel()
	if a.Tool != "" {
		return e.tools.use(ctx, a, args)
	}
	s, ok := c.service(a.Service)
	if !ok {
		return outcome{status: failed, reason: "its service is no longer declared"}
	}
	r, err := a.request(ctx, s, e.o.Secrets, args, key)
	if err != nil {
		return outcome{status: failed, reason: err.Error()}
	}
	return send(e.client, r, a.Write, a.bytes())
}

// identity gives what is known for certain about a customer.
func (e *Engine) identity(ctx context.Context, ref chat.Ref, customer uuid.UUID) (Identity, error) {
	if e.o.Verifier == nil {
		return Identity{}, nil
	}
	id, err := e.o.Verifier.Identity(ctx, ref, customer)
	if err != nil {
		return id, fmt.Errorf("action: who is it: %w", err)
	}
	return id, nil
}
