package action

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"frontdesk/chat"
)

// Server is an MCP server whose tools may be declared as actions. The
// operator names it on the machine, never the console: a command is run here.
type Server struct {
	Name    string   `yaml:"name"`
	Command []string `yaml:"command"` // with its arguments; speaks MCP on its standard input and output
	Env     []string `yaml:"env"`     // NAME=value, beside PATH, HOME and LANG; nothing else of ours reaches it
	URL     string   `yaml:"url"`     // Streamable HTTP, instead of Command
	Headers []Header `yaml:"headers"` // with URL
}

// Check says what is wrong with a server's description. CodeInvalid.
func (s Server) Check(hosts Hosts, secrets Secrets) error {
	wrong := func(format string, args ...any) error {
		return chat.Errorf(chat.CodeInvalid, "MCP server %q: "+format, append([]any{s.Name}, args...)...)
	}
	switch {
	case !plainName.MatchString(s.Name):
		return wrong("a name has letters, digits, - and _, at most 64")
	case (len(s.Command) == 0) == (s.URL == ""):
		return wrong("it needs either a command or a url")
	case s.URL == "":
		return nil
	}
	u, err := parseBase(s.URL)
	if err != nil {
		return wrong("url: %w", err)
	}
	if u.Scheme != "https" && !hosts.Allows(u.Host) {
		return wrong("url: use https, or name %s in FRONTDESK_ACTION_HOSTS", u.Host)
	}
	for _, h := range s.Headers {
		if err := secrets.Check(h.Secret); err != nil || !headerName.MatchString(h.Name) {
			return wrong("header %q: %w", h.Name, err)
		}
	}
	return nil
}

// ServerTools are the tools that a server offers now.
type ServerTools struct {
	Server string `json:"server"`
	Error  string `json:"error,omitempty"` // why it could not be asked
	Tools  []Tool `json:"tools"`
}

// Tool is a tool of an MCP server, as the server describes it. Its words are
// the server's: data for staff to judge.
type Tool struct {
	Name        string          `json:"name"`
	Title       string          `json:"title,omitempty"`
	Description string          `json:"description,omitempty"`
	Parameters  json.RawMessage `json:"parameters"`
	ReadOnly    bool            `json:"read_only"` // it is annotated so; any other counts as a change
}

// tools holds the sessions with MCP servers, made when they are first needed.
type tools struct {
	client   *mcp.Client
	http     *http.Client
	secrets  Secrets
	servers  []Server
	mu       sync.Mutex
	sessions map[string]*session
}

// session is one server's, or none.
type session struct {
	sync.Mutex
	live  *mcp.ClientSession
	tools []Tool
}

// connectWithin is how long a server may take to start and to say what it can.
const connectWithin = 10 * time.Second

func newTools(servers []Server, hosts Hosts, secrets Secrets) *tools {
	return &tools{
		// No capability: a server can ask nothing of us, neither our files nor our model.
		client: mcp.NewClient(&mcp.Implementation{Name: "frontdesk", Version: "1"}, &mcp.ClientOptions{Capabilities: &mcp.ClientCapabilities{}}),
		http:   newClient(hosts), secrets: secrets, servers: servers, sessions: map[string]*session{},
	}
}

func (t *tools) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.sessions {
		s.Lock()
		if s.live != nil {
			_ = s.live.Close() // it ends with the process at the latest
		}
		s.live = nil
		s.Unlock()
	}
	t.http.CloseIdleConnections()
}

// list gives what each server offers now.
func (t *tools) list(ctx context.Context) []ServerTools {
	out := make([]ServerTools, len(t.servers))
	for i, s := range t.servers {
		out[i].Server, out[i].Tools = s.Name, []Tool{}
		_, list, err := t.open(ctx, s.Name, true)
		if err != nil {
			out[i].Error = err.Error()
		} else {
			out[i].Tools = list
		}
	}
	return out
}

// check says what is wrong with the actions that are tools. CodeInvalid.
func (t *tools) check(c Config) error {
	var p problems
	for i, a := range c.Actions {
		if a.Tool == "" {
			continue
		}
		where := fmt.Sprintf("actions[%d] %s", i, a.Name)
		ctx, cancel := context.WithTimeout(context.Background(), connectWithin)
		if _, err := t.find(ctx, a); err != nil {
			p.add(where, "%v", err)
		}
		cancel()
	}
	return p.err()
}

// find gives the session with an action's tool, if the tool is there and may
// be used as the action declares it.
func (t *tools) find(ctx context.Context, a Action) (*mcp.ClientSession, error) {
	server := strings.TrimPrefix(a.Service, mcpPrefix)
	live, list, err := t.open(ctx, server, false)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(x Tool) bool { return x.Name == a.Tool })
	switch {
	case i < 0:
		return nil, fmt.Errorf("the MCP server %s has no tool %q", server, a.Tool)
	case !a.Write && !list[i].ReadOnly:
		return nil, fmt.Errorf("the tool %q is not annotated as read-only: declare it as a write, so that the customer confirms it", a.Tool)
	}
	return live, nil
}

// open gives the session with a server and its tools, connecting if there is
// none, or if fresh.
func (t *tools) open(ctx context.Context, name string, fresh bool) (*mcp.ClientSession, []Tool, error) {
	i := slices.IndexFunc(t.servers, func(s Server) bool { return s.Name == name })
	if i < 0 {
		return nil, nil, fmt.Errorf("the operator has named no MCP server %q", name)
	}
	t.mu.Lock()
	s := t.sessions[name]
	if s == nil {
		s = &session{}
		t.sessions[name] = s
	}
	t.mu.Unlock()
	s.Lock()
	defer s.Unlock()
	if s.live != nil && !fresh {
		return s.live, s.tools, nil
	}
	ctx, cancel := context.WithTimeout(ctx, connectWithin)
	defer cancel()
	if s.live == nil {
		transport, err := t.transport(t.servers[i])
		if err != nil {
			return nil, nil, err
		}
		live, err := t.client.Connect(ctx, transport, nil)
		if err != nil {
			return nil, nil, fmt.Errorf("the MCP server %s cannot be reached: %s", name, why(err))
		}
		s.live = live
	}
	list, err := offered(ctx, s.live)
	if err != nil {
		_ = s.live.Close()
		s.live = nil
		return nil, nil, fmt.Errorf("the MCP server %s does not list its tools: %s", name, why(err))
	}
	s.tools = list
	return s.live, list, nil
}

// drop ends a session that failed; the next use connects anew.
func (t *tools) drop(name string, live *mcp.ClientSession) {
	t.mu.Lock()
	s := t.sessions[name]
	t.mu.Unlock()
	if s == nil {
		return
	}
	s.Lock()
	defer s.Unlock()
	if s.live == live {
		s.live = nil
		_ = live.Close()
	}
}

// maxTools bounds what a server may list.
const maxTools = 200

func offered(ctx context.Context, live *mcp.ClientSession) ([]Tool, error) {
	var list []Tool
	for one, err := range live.Tools(ctx, nil) {
		if err != nil {
			return nil, err
		}
		if len(list) == maxTools {
			break
		}
		schema, err := json.Marshal(one.InputSchema)
		if err != nil {
			return nil, err
		}
		list = append(list, Tool{Name: one.Name, Title: one.Title, Description: one.Description, Parameters: schema,
			ReadOnly: one.Annotations != nil && one.Annotations.ReadOnlyHint})
	}
	return list, nil
}

func (t *tools) transport(s Server) (mcp.Transport, error) {
	if s.URL == "" {
		// It lives as long as the connection, which ends it, not as the call that began it.
		cmd := exec.CommandContext(context.Background(), s.Command[0], s.Command[1:]...)
		for _, name := range []string{"PATH", "HOME", "LANG"} {
			if v, ok := os.LookupEnv(name); ok {
				cmd.Env = append(cmd.Env, name+"="+v)
			}
		}
		cmd.Env = append(cmd.Env, s.Env...)
		return &mcp.CommandTransport{Command: cmd}, nil
	}
	client := *t.http
	if len(s.Headers) > 0 {
		set := http.Header{}
		for _, h := range s.Headers {
			value, err := t.secrets.value(h.Secret)
			if err != nil {
				return nil, fmt.Errorf("the MCP server %s: header %s: %w", s.Name, h.Name, err)
			}
			set.Set(h.Name, h.Prefix+value)
		}
		client.Transport = withHeaders{t.http.Transport, set}
	}
	return &mcp.StreamableClientTransport{Endpoint: s.URL, HTTPClient: &client, MaxRetries: -1, DisableStandaloneSSE: true, MaxEventSize: maxBytes}, nil
}

// withHeaders adds headers to every request. There are no redirects that
// could carry them elsewhere: see newClient.
type withHeaders struct {
	http.RoundTripper
	set http.Header
}

// RoundTrip sends a copy of r with the headers.
func (w withHeaders) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	for name, v := range w.set {
		r.Header[name] = v
	}
	return w.RoundTripper.RoundTrip(r)
}

// use calls an action's tool.
func (t *tools) use(ctx context.Context, a Action, args map[string]any) outcome {
	live, err := t.find(ctx, a)
	if err != nil {
		return outcome{status: failed, reason: err.Error()}
	}
	lost := failed
	if a.Write {
		lost = unknown
	}
	got, err := live.CallTool(ctx, &mcp.CallToolParams{Name: a.Tool, Arguments: args})
	if err != nil {
		t.drop(strings.TrimPrefix(a.Service, mcpPrefix), live)
		return outcome{status: lost, reason: "the tool did not answer: " + why(err)}
	}
	if got.IsError {
		return outcome{status: lost, code: http.StatusOK, reason: "the tool says that it failed"}
	}
	body, err := contentOf(got, a.bytes())
	if err != nil {
		return outcome{status: lost, code: http.StatusOK, reason: err.Error()}
	}
	return outcome{code: http.StatusOK, body: body}
}

// contentOf gives a tool's result as data: the structured one, or the JSON in
// its text, or its text as the field "text".
func contentOf(got *mcp.CallToolResult, limit int) (any, error) {
	data, err := json.Marshal(got.StructuredContent)
	if err != nil {
		return nil, errors.New("the tool's result is no JSON")
	}
	if got.StructuredContent == nil {
		data = nil
		for _, part := range got.Content {
			if text, ok := part.(*mcp.TextContent); ok {
				data = append(data, text.Text...)
			}
		}
	}
	if len(data) > limit {
		return nil, fmt.Errorf("the tool's result has more than %d bytes", limit)
	}
	if body, err := decode(data); err == nil {
		return body, nil
	}
	return map[string]any{"text": string(data)}, nil
}
