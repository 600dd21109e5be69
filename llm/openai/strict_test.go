package openai

import (
	"encoding/json"
	"testing"
)

func TestStrict(t *testing.T) {
	t.Parallel()
	for schema, want := range map[string]bool{
		`{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}`:                                                       true,
		`{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}`:                                                                                    false,
		`{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}`:                                                                        false,
		`{"type":"object","properties":{"a":{"type":"string","maxLength":3}},"required":["a"],"additionalProperties":false}`:                                         false,
		`{"type":"object","properties":{"a":{"type":"object"}},"required":["a"],"additionalProperties":false}`:                                                       false,
		`{"type":"object","properties":{"a":{"type":"array","items":{"type":"object"}}},"required":["a"],"additionalProperties":false}`:                              false,
		`{"type":"object","properties":{"a":{"type":"array","items":{"enum":["x"]},"maxItems":2}},"required":["a"],"additionalProperties":false}`:                    true,
		`{"type":"object","properties":{"a":{"anyOf":[{"type":"string"},{"type":"object"}]}},"required":["a"],"additionalProperties":false}`:                         false,
		`{"type":"object","properties":{"a":{"anyOf":[{"type":"string"},{"type":"null"}]}},"required":["a"],"additionalProperties":false,"description":"an answer"}`: true,
		`[]`: false,
	} {
		if got := strict(json.RawMessage(schema)); got != want {
			t.Errorf("%s: %v", schema, got)
		}
	}
}
