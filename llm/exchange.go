package llm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Exchange is one generation as it was: enough to give it again. It holds what
// the model said, and of the request only its Key.
type Exchange struct {
	Purpose Purpose  `json:"purpose,omitempty"`
	Prompt  string   `json:"prompt,omitempty"` // Request.Prompt
	Request string   `json:"request"`          // Request.Key
	Pieces  []string `json:"pieces"`
	Calls   []Call   `json:"calls,omitempty"`
	Model   string   `json:"model,omitempty"`
	// Endpoint is the configured name of the one that answered.
	Endpoint string `json:"endpoint,omitempty"`
	Usage    Usage  `json:"usage"`
	FirstMS  int64  `json:"first_ms,omitempty"`
	TookMS   int64  `json:"took_ms,omitempty"`
	Fault    Fault  `json:"fault,omitempty"` // why it failed, "" if it did not
	// Refused says that whoever took the pieces ended it.
	Refused bool `json:"refused,omitempty"`
}

// Key names a request by everything that a model is sent: two with one key ask
// for the same. It tells nothing of the words.
func (r Request) Key() string {
	r.Account, r.Prompt = Account{}, ""
	text, err := json.Marshal(r)
	if err != nil { // a schema or arguments that are no JSON
		text = fmt.Append(nil, r)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

type listenerKey struct{}

// Listening gives a context in which a Told generator calls heard with each
// Exchange as it ends, from the goroutine that called Generate.
func Listening(ctx context.Context, heard func(Exchange)) context.Context {
	return context.WithValue(ctx, listenerKey{}, heard)
}

// Told is a Generator that tells a Listening context what is exchanged. Without
// one it costs nothing.
type Told struct{ Generator }

// Generate asks the Generator within.
func (t Told) Generate(ctx context.Context, req Request, emit func(string) error) (Result, error) {
	heard, ok := ctx.Value(listenerKey{}).(func(Exchange))
	if !ok {
		return t.Generator.Generate(ctx, req, emit)
	}
	x := Exchange{Purpose: req.Account.Purpose, Prompt: req.Prompt, Request: req.Key(), Pieces: []string{}}
	r, err := t.Generator.Generate(ctx, req, func(piece string) error {
		x.Pieces = append(x.Pieces, piece)
		err := emit(piece)
		x.Refused = x.Refused || err != nil
		return err
	})
	x.Calls, x.Model, x.Endpoint, x.Usage = r.Calls, r.Model, r.Endpoint, r.Usage
	x.FirstMS, x.TookMS = r.First.Milliseconds(), r.Took.Milliseconds()
	if !x.Refused {
		x.Fault = FaultOf(err)
	}
	heard(x)
	return r, err
}

// ErrNotRecorded says that a Player was asked for more than it has.
var ErrNotRecorded = errors.New("no such exchange was recorded")

// Player is a Generator that gives recorded exchanges again, each once: the
// first of the request's key, or else the first of its purpose. It emits all at
// once, and is safe for concurrent use.
type Player struct {
	mu    sync.Mutex
	left  []Exchange
	other int
}

// NewPlayer gives a Player of exchanges, which it does not change.
func NewPlayer(exchanges []Exchange) *Player {
	return &Player{left: append([]Exchange(nil), exchanges...)}
}

// Model gives "record".
func (p *Player) Model() string { return "record" }

// Other is how many requests were others than those recorded: the prompt, or
// what it is made of, has changed since.
func (p *Player) Other() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.other
}

// Generate gives an exchange again, with its fault if it had one.
func (p *Player) Generate(ctx context.Context, req Request, emit func(string) error) (Result, error) {
	x, ok := p.take(req)
	if !ok {
		return Result{}, &Error{Fault: FaultOther, Endpoint: p.Model(), Err: ErrNotRecorded}
	}
	r := Result{Usage: x.Usage, Calls: x.Calls, Model: x.Model, Endpoint: x.Endpoint,
		First: time.Duration(x.FirstMS) * time.Millisecond, Took: time.Duration(x.TookMS) * time.Millisecond}
	for _, piece := range x.Pieces {
		if ctx.Err() != nil {
			return r, &Error{Fault: FaultCanceled, Endpoint: x.Endpoint, Err: ctx.Err()}
		}
		if err := emit(piece); err != nil {
			return r, err
		}
	}
	if x.Fault != "" {
		return r, &Error{Fault: x.Fault, Endpoint: x.Endpoint}
	}
	return r, nil
}

func (p *Player) take(req Request) (Exchange, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key, at := req.Key(), -1
	for i, x := range p.left {
		if x.Request == key {
			at = i
			break
		}
		if at < 0 && x.Purpose == req.Account.Purpose {
			at = i
		}
	}
	if at < 0 {
		return Exchange{}, false
	}
	x := p.left[at]
	p.left = append(p.left[:at:at], p.left[at+1:]...)
	if x.Request != key {
		p.other++
	}
	return x, true
}
