package fakeserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Request is a chat request as the server got it.
type Request struct {
	Path   string
	Header http.Header
	Body   []byte // as it came

	Model        string
	Messages     []Message
	Stream       bool
	IncludeUsage bool // stream_options.include_usage
	MaxTokens    int  // max_tokens or max_completion_tokens
	Temperature  *float64
	Seed         *int
	Stop         []string
	Tools        []string        // names of the functions offered
	ToolChoice   json.RawMessage // nil if there is none
	SchemaName   string          // of response_format json_schema
	Schema       json.RawMessage // nil if there is none
}

// Message is one of a request's messages.
type Message struct {
	Role    string
	Content string
	CallID  string   // of a tool's message
	Calls   []string // names of the functions that an assistant's message called
}

// Key is the bearer key that came with it.
func (r Request) Key() string {
	key, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return key
}

// Last gives the text of the last message of a role, "" if there is none.
func (r Request) Last(role string) string {
	for i := len(r.Messages) - 1; i >= 0; i-- {
		if r.Messages[i].Role == role {
			return r.Messages[i].Content
		}
	}
	return ""
}

// Prompt gives all messages as one text, for scripts that look for something.
func (r Request) Prompt() string {
	var b strings.Builder
	for _, m := range r.Messages {
		fmt.Fprintf(&b, "%s: %s\n", m.Role, m.Content)
	}
	return b.String()
}

// wire is the request's JSON, as far as the server looks at it.
type wire struct {
	Model    string `json:"model"`
	Messages []struct {
		Role       string `json:"role"`
		Content    string `json:"content"`
		ToolCallID string `json:"tool_call_id"`
		ToolCalls  []struct {
			Function struct {
				Name string `json:"name"`
			} `json:"function"`
		} `json:"tool_calls"`
	} `json:"messages"`
	Stream        bool `json:"stream"`
	StreamOptions struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
	MaxTokens           int             `json:"max_tokens"`
	MaxCompletionTokens int             `json:"max_completion_tokens"`
	Temperature         *float64        `json:"temperature"`
	Seed                *int            `json:"seed"`
	Stop                []string        `json:"stop"`
	ToolChoice          json.RawMessage `json:"tool_choice"`
	Tools               []struct {
		Function struct {
			Name string `json:"name"`
		} `json:"function"`
	} `json:"tools"`
	ResponseFormat struct {
		Type       string `json:"type"`
		JSONSchema struct {
			Name   string          `json:"name"`
			Schema json.RawMessage `json:"schema"`
		} `json:"json_schema"`
	} `json:"response_format"`
}

func parse(r *http.Request, body []byte) (Request, error) {
	var in wire
	if err := json.Unmarshal(body, &in); err != nil {
		return Request{}, fmt.Errorf("the body is no chat request: %w", err)
	}
	req := Request{Path: r.URL.Path, Header: r.Header.Clone(), Body: body, Model: in.Model, Stream: in.Stream,
		IncludeUsage: in.StreamOptions.IncludeUsage, MaxTokens: max(in.MaxTokens, in.MaxCompletionTokens),
		Temperature: in.Temperature, Seed: in.Seed, Stop: in.Stop, ToolChoice: in.ToolChoice,
		SchemaName: in.ResponseFormat.JSONSchema.Name, Schema: in.ResponseFormat.JSONSchema.Schema}
	for _, m := range in.Messages {
		one := Message{Role: m.Role, Content: m.Content, CallID: m.ToolCallID}
		for _, c := range m.ToolCalls {
			one.Calls = append(one.Calls, c.Function.Name)
		}
		req.Messages = append(req.Messages, one)
	}
	for _, t := range in.Tools {
		req.Tools = append(req.Tools, t.Function.Name)
	}
	return req, nil
}
