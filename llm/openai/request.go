package openai

import (
	"encoding/json"
	"slices"
	"strings"

	goopenai "github.com/sashabaranov/go-openai"

	"frontdesk/llm"
)

// Capabilities are what an endpoint can do beside streaming a text. What it
// cannot do is left out of requests.
type Capabilities struct {
	Usage  bool `yaml:"usage" json:"usage"`   // counts tokens at a stream's end
	Schema bool `yaml:"schema" json:"schema"` // holds the text to a JSON schema
	Tools  bool `yaml:"tools" json:"tools"`   // may ask for a function to be called
	Seed   bool `yaml:"seed" json:"seed"`     // takes a seed
}

// coldest is what temperature 0 is sent as: go-openai drops a 0, for which
// servers take 0.8 or 1, and the smallest float makes llama.cpp write garbage.
const coldest = 1e-6

// request puts a Request into go-openai's form.
func request(model string, can Capabilities, req llm.Request) goopenai.ChatCompletionRequest {
	out := goopenai.ChatCompletionRequest{Model: model, Temperature: max(req.Temperature, coldest),
		Stop: req.Stop, Messages: make([]goopenai.ChatCompletionMessage, len(req.Messages))}
	for i, m := range req.Messages {
		out.Messages[i] = message(m)
	}
	if can.Usage {
		out.StreamOptions = &goopenai.StreamOptions{IncludeUsage: true}
	}
	if can.Seed && req.Seed != 0 {
		seed := req.Seed
		out.Seed = &seed
	}
	if can.Schema && req.Schema != nil {
		out.ResponseFormat = &goopenai.ChatCompletionResponseFormat{Type: goopenai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &goopenai.ChatCompletionResponseFormatJSONSchema{Name: req.Schema.Name, Schema: req.Schema.JSON, Strict: strict(req.Schema.JSON)}}
	}
	if can.Tools {
		for _, t := range req.Tools {
			out.Tools = append(out.Tools, goopenai.Tool{Type: goopenai.ToolTypeFunction,
				Function: &goopenai.FunctionDefinition{Name: t.Name, Description: t.Description, Parameters: t.Parameters}})
		}
	}
	if reasons(model) { // these take no temperature, and count what they think
		out.Temperature, out.MaxCompletionTokens = 0, req.MaxTokens
	} else {
		out.MaxTokens = req.MaxTokens //nolint:staticcheck // the name that every other server knows
	}
	return out
}

// reasons reports whether a model is one of OpenAI's that think before they
// write; go-openai refuses a request to one with a temperature.
func reasons(model string) bool {
	return slices.ContainsFunc([]string{"o1", "o3", "o4", "gpt-5", "gpt-6"}, func(p string) bool { return strings.HasPrefix(model, p) })
}

func message(m llm.Message) goopenai.ChatCompletionMessage {
	out := goopenai.ChatCompletionMessage{Role: m.Role, Content: m.Text, ToolCallID: m.Call}
	for _, c := range m.Calls {
		out.ToolCalls = append(out.ToolCalls, goopenai.ToolCall{ID: c.ID, Type: goopenai.ToolTypeFunction,
			Function: goopenai.FunctionCall{Name: c.Name, Arguments: string(c.Arguments)}})
	}
	return out
}

// maxCalls bounds how many functions one reply may ask for.
const maxCalls = 32

// collector puts together what a stream says of functions to be called: pieces,
// each with the index of its call.
type collector struct {
	ids  []string
	list []goopenai.FunctionCall
}

func (c *collector) add(pieces []goopenai.ToolCall) error {
	for _, p := range pieces {
		i := len(c.list) // without an index each piece is a whole call
		if p.Index != nil {
			i = *p.Index
		}
		if i < 0 || i > len(c.list) || i >= maxCalls {
			return garbled("a call of a function comes out of order, or is one too many")
		}
		if i == len(c.list) {
			c.list, c.ids = append(c.list, goopenai.FunctionCall{}), append(c.ids, "")
		}
		if p.ID != "" {
			c.ids[i] = p.ID
		}
		c.list[i].Name += p.Function.Name
		c.list[i].Arguments += p.Function.Arguments
	}
	return nil
}

// calls gives what was gathered, once the stream is whole.
func (c *collector) calls() ([]llm.Call, error) {
	var out []llm.Call
	for i, f := range c.list {
		if f.Arguments == "" {
			f.Arguments = "{}"
		}
		if f.Name == "" || !json.Valid([]byte(f.Arguments)) {
			return nil, garbled("a call of a function has no name, or arguments that are no JSON")
		}
		out = append(out, llm.Call{ID: c.ids[i], Name: f.Name, Arguments: json.RawMessage(f.Arguments)})
	}
	return out, nil
}
