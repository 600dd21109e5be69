package openai

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	goopenai "github.com/sashabaranov/go-openai"
	"pgregory.net/rapid"
)

func TestSlim(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"id":"x","object":"y","created":1,"model":"m","choices":[{"delta":{"content":"a}\"],{","id":"kept"}}]}`: `{ "model":"m","choices":[{"delta":{"content":"a}\"],{","id":"kept"}}]}`,
		`{ "choices" : [ ] , "id" : null }`: `{ "choices" : [ ]}`,
		`{"id":"x"}`:                        `{ }`,
		`{"usage":{"a":[1,2]},"object":{}}`: `{ "usage":{"a":[1,2]}}`,
		`{"a":tru,"id":1}`:                  `{ "a":tru}`, // for the decoder to refuse
		`{}`:                                "", `{"a":1`: "", `{"a":}`: "", `{"a" 1}`: "", `{"a":1}x`: "", `{"a":"`: "", `{"i\u0064":1}`: "", `{"a":[1}`: "", `{,}`: "",
	} {
		got, ok := slim(nil, []byte(in))
		if ok != (want != "") || ok && string(got) != want {
			t.Errorf("%s gives %s, %v, want %q", in, got, ok, want)
		}
	}
}

// A slimmed chunk decodes to the same as the whole one, but for what is not read.
func TestSlimKeepsWhatIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		chunk := goopenai.ChatCompletionStreamResponse{ID: text.Draw(t, "id"), Object: text.Draw(t, "object"), Created: rapid.Int64().Draw(t, "created"),
			Model: text.Draw(t, "model"), SystemFingerprint: text.Draw(t, "fingerprint")}
		for range rapid.IntRange(0, 3).Draw(t, "choices") {
			c := goopenai.ChatCompletionStreamChoice{Index: rapid.IntRange(0, 3).Draw(t, "index"), FinishReason: goopenai.FinishReason(rapid.SampledFrom([]string{"", "stop"}).Draw(t, "reason"))}
			c.Delta.Content = text.Draw(t, "content")
			if rapid.Bool().Draw(t, "call") {
				c.Delta.ToolCalls = []goopenai.ToolCall{{ID: text.Draw(t, "call id"), Function: goopenai.FunctionCall{Name: text.Draw(t, "name"), Arguments: text.Draw(t, "arguments")}}}
			}
			chunk.Choices = append(chunk.Choices, c)
		}
		if rapid.Bool().Draw(t, "usage") {
			chunk.Usage = &goopenai.Usage{PromptTokens: 3}
		}
		whole, err := json.Marshal(chunk)
		if err != nil {
			t.Fatal(err)
		}
		less, ok := slim(nil, whole)
		if !ok {
			t.Fatalf("%s is not plain", whole)
		}
		var got, want goopenai.ChatCompletionStreamResponse
		if err := json.Unmarshal(whole, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(less, &got); err != nil {
			t.Fatalf("%s: %v", less, err)
		}
		want.ID, want.Object, want.Created, want.SystemFingerprint = "", "", 0, ""
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}
