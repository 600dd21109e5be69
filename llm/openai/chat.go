package openai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	goopenai "github.com/sashabaranov/go-openai"

	"frontdesk/llm"
)

// Deadlines bound a generation. Zero fields are the defaults.
type Deadlines struct {
	First   time.Duration `yaml:"first" json:"first"`     // to the first token; 6 s
	Between time.Duration `yaml:"between" json:"between"` // from token to token; 3 s
	Total   time.Duration `yaml:"total" json:"total"`     // the whole; 45 s
}

// The defaults. A processor reads about 250 prompt tokens a second, so a prompt
// of 1,200 is begun within 6 s; the slowest model worth talking to writes more
// than a token in 3 s; and nobody waits a minute for an answer.
const (
	firstWithin   = 6 * time.Second
	betweenWithin = 3 * time.Second
	totalWithin   = 45 * time.Second
)

// tailWithin is how long the count of tokens may follow a text that is whole,
// and closeWithin how long a server may take to end its reply after that, so
// that the connection can be used again.
const (
	tailWithin  = 500 * time.Millisecond
	closeWithin = 50 * time.Millisecond
)

// emptyMessages is how many lines without data go-openai may meet in a row; it
// meets none, because events takes them out.
const emptyMessages = 1 << 20

// generator speaks to one endpoint's /chat/completions.
type generator struct {
	client    *goopenai.Client
	model     string
	deadlines Deadlines
	log       *slog.Logger
}

func newGenerator(baseURL, model string, t *transport, d Deadlines) *generator {
	cfg := goopenai.DefaultConfig("") // the transport adds the key
	if baseURL != "" {
		cfg.BaseURL = baseURL
	}
	cfg.HTTPClient = t
	cfg.EmptyMessagesLimit = emptyMessages
	def := func(v *time.Duration, d time.Duration) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&d.First, firstWithin)
	def(&d.Between, betweenWithin)
	def(&d.Total, totalWithin)
	return &generator{client: goopenai.NewClientWithConfig(cfg), model: model, deadlines: d, log: t.log}
}

// errStalled ends a generation whose next token is late.
var errStalled = errors.New("no token in time")

// generation is one running stream.
type generation struct {
	*generator
	ctx       context.Context
	body      *events // what stream reads
	stream    *goopenai.ChatCompletionStream
	emit      func(string) error
	start     time.Time
	dog       *watchdog // cancels ctx when the next token is late
	begun     bool      // a token came
	text      strings.Builder
	collector collector
	reason    goopenai.FinishReason
	refused   bool
	result    llm.Result
}

// generate streams one text. Every error is an *llm.Error that names no
// endpoint, but for one of emit, which is given as it is.
func (c *generator) generate(ctx context.Context, can Capabilities, req llm.Request, emit func(string) error) (llm.Result, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ctx, late := context.WithTimeoutCause(ctx, c.deadlines.Total,
		&llm.Error{Fault: llm.FaultLate, Err: fmt.Errorf("not whole within %v", c.deadlines.Total)})
	defer late()
	g := &generation{generator: c, ctx: ctx, emit: emit, start: time.Now(), result: llm.Result{Model: c.model},
		dog: newWatchdog(c.deadlines.First, func() { stop(errStalled) })}
	defer g.dog.stop()
	err := g.run(request(c.model, can, req))
	g.result.Took = time.Since(g.start)
	if g.stream != nil && g.result.Usage == (llm.Usage{}) {
		g.estimate(req)
	}
	return g.result, err
}

func (g *generation) run(req goopenai.ChatCompletionRequest) (err error) {
	if g.stream, err = g.client.CreateChatCompletionStream(withBody(g.ctx, &g.body), req); err != nil {
		g.stream = nil
		return g.fault(err, llm.FaultInvalid)
	}
	defer func() {
		g.dog.expect(closeWithin)
		_ = g.stream.Close() // what was to be read has been
	}()
	for {
		chunk, err := g.stream.Recv()
		if err != nil {
			return g.end(err)
		}
		if err := g.take(chunk); err != nil {
			return err
		}
	}
}

// take hands on what a chunk holds.
func (g *generation) take(chunk goopenai.ChatCompletionStreamResponse) error {
	if chunk.Usage != nil && chunk.Usage.TotalTokens+chunk.Usage.PromptTokens+chunk.Usage.CompletionTokens > 0 {
		g.result.Usage = llm.Usage{Prompt: chunk.Usage.PromptTokens, Completion: chunk.Usage.CompletionTokens}
	}
	if chunk.Model != "" {
		g.result.Model = chunk.Model
	}
	for i := range chunk.Choices {
		if c := &chunk.Choices[i]; c.Index == 0 {
			if err := g.choice(c); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *generation) choice(c *goopenai.ChatCompletionStreamChoice) error {
	d := &c.Delta
	if err := g.collector.add(d.ToolCalls); err != nil {
		return err
	}
	g.refused = g.refused || d.Refusal != ""
	switch {
	case d.Content != "":
		g.dog.pause() // the caller may take its time
		if g.result.First == 0 {
			g.result.First = time.Since(g.start)
		}
		g.text.WriteString(d.Content)
		if err := g.emit(d.Content); err != nil {
			return err
		}
		g.token()
	case len(d.ToolCalls) > 0, d.ReasoningContent != "", d.Refusal != "":
		g.token()
	}
	if c.FinishReason != "" && c.FinishReason != goopenai.FinishReasonNull {
		g.reason = c.FinishReason
		g.dog.expect(tailWithin)
	}
	return nil
}

// token notes that one came.
func (g *generation) token() {
	if !g.begun {
		g.begun = true
		g.dog.expect(g.deadlines.Between)
	}
	g.dog.alive()
}

// end says how a stream came out that gives no more chunks. Once there is a
// reason, the text is whole, however the connection ended.
func (g *generation) end(err error) error {
	switch g.reason {
	case "":
		if errors.Is(err, io.EOF) {
			return &llm.Error{Fault: llm.FaultCut, Err: errors.New("the stream ended without a finish_reason")}
		}
		return g.fault(err, llm.FaultGarbled)
	case goopenai.FinishReasonStop, goopenai.FinishReasonToolCalls, goopenai.FinishReasonFunctionCall:
		if g.refused {
			return &llm.Error{Fault: llm.FaultFiltered, Err: errors.New("the model refused")}
		}
		g.result.Calls, err = g.collector.calls()
		return err
	case goopenai.FinishReasonLength:
		return &llm.Error{Fault: llm.FaultLength}
	case goopenai.FinishReasonContentFilter:
		return &llm.Error{Fault: llm.FaultFiltered}
	}
	return &llm.Error{Fault: llm.FaultCut, Err: fmt.Errorf("finish_reason %q", label(string(g.reason)))}
}

// fault gives an error its kind: why the context ended, if it did; what the
// transport says; else it comes from go-openai itself, and is what own says.
func (g *generation) fault(err error, own llm.Fault) error {
	var e *llm.Error
	switch cause := context.Cause(g.ctx); {
	case errors.Is(cause, errStalled):
		which, within := "first", g.deadlines.First
		if g.begun {
			which, within = "next", g.deadlines.Between
		}
		return &llm.Error{Fault: llm.FaultStalled, Err: fmt.Errorf("no %s token within %v", which, within)}
	case errors.As(cause, &e):
		return e
	case errors.Is(cause, context.DeadlineExceeded):
		return &llm.Error{Fault: llm.FaultLate, Err: cause}
	case cause != nil:
		return &llm.Error{Fault: llm.FaultCanceled, Err: cause}
	case errors.As(err, &e):
		if g.body != nil && g.body.bad {
			g.log.Warn("language model: a bad line", "fault", e.Fault, "line", redact(string(g.body.last)))
		}
		return e
	case own == llm.FaultGarbled:
		g.log.Warn("language model: a bad line", "fault", own, "line", redact(string(g.body.last)))
		// The decoder's words may quote the text.
		return garbled("a chunk is no JSON of a chat completion")
	}
	return &llm.Error{Fault: own, Err: err}
}

// bodyKey is where a context holds the place for a stream's body.
type bodyKey struct{}

// withBody asks the transport to put the body of the reply into place.
func withBody(ctx context.Context, place **events) context.Context {
	return context.WithValue(ctx, bodyKey{}, place)
}

// estimate stands in for the counts that the endpoint did not give.
func (g *generation) estimate(req llm.Request) {
	u := llm.Usage{Estimated: true}
	for _, m := range req.Messages {
		u.Prompt += llm.Estimate(m.Text)
	}
	if g.text.Len() > 0 {
		u.Completion = llm.Estimate(g.text.String())
	}
	g.result.Usage = u
}
