package openai

import (
	"encoding/json"
	"slices"
)

// strictWords are what a JSON schema may be made of where OpenAI holds a model
// to it strictly; with another word it refuses the request. Others hold to any
// schema, strict or not.
var strictWords = []string{"type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "description", "title",
	"pattern", "format", "minimum", "maximum", "minItems", "maxItems"}

// strict reports whether a schema is one of those: each object in it names all
// its properties as required and allows no others.
func strict(schema json.RawMessage) bool {
	var v map[string]any
	return json.Unmarshal(schema, &v) == nil && strictNode(v)
}

func strictNode(v map[string]any) bool {
	for word := range v {
		if !slices.Contains(strictWords, word) {
			return false
		}
	}
	properties, _ := v["properties"].(map[string]any)
	if v["type"] == "object" || properties != nil {
		required, _ := v["required"].([]any)
		if v["additionalProperties"] != false || len(required) != len(properties) {
			return false
		}
	}
	for _, p := range properties {
		if node, ok := p.(map[string]any); !ok || !strictNode(node) {
			return false
		}
	}
	if items, ok := v["items"]; ok {
		if node, ok := items.(map[string]any); !ok || !strictNode(node) {
			return false
		}
	}
	alternatives, _ := v["anyOf"].([]any)
	for _, a := range alternatives {
		if node, ok := a.(map[string]any); !ok || !strictNode(node) {
			return false
		}
	}
	return true
}
