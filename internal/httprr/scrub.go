package httprr

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"frontdesk/internal/personal"
)

// What becomes of a recording's words:
//   - the values of the headers that say who asks are struck out wherever they stand;
//   - in JSON, alone or in an event stream, ids, times and whatever names an
//     account get a fixed value;
//   - personal data in strings of JSON are masked, as customers' words are
//     before they are logged. A stream that holds some over several pieces
//     cannot be masked, and is not recorded.

// identifying are the headers that say who asks.
var identifying = []string{"Authorization", "Api-Key", "X-Api-Key", "Cookie", "Openai-Organization", "Openai-Project"}

// secrets are values that must not be written.
type secrets []string

// struck stands for a secret.
const struck = "STRUCK"

func secretsOf(h http.Header) secrets {
	var out secrets
	for _, name := range identifying {
		for _, v := range h.Values(name) {
			for word := range strings.FieldsSeq(v) {
				if len(word) > len("Bearer") {
					out = append(out, word)
				}
			}
		}
	}
	return out
}

func (s secrets) strike(text string) string {
	for _, secret := range s {
		text = strings.ReplaceAll(text, secret, struck)
	}
	return text
}

// fixed are the fields of JSON objects that differ from one answer to the next
// or name an account, with what stands for them.
var fixed = map[string]any{
	"id": "id", "created": 0, "system_fingerprint": "", "organization": "", "project": "", "user": "", "request_id": "", "x_request_id": "",
	"timings": nil, "prompt_progress": nil,
}

// scrub gives a JSON value without what fixed names, and with personal data masked.
func scrub(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if as, ok := fixed[key]; ok {
				v[key] = as
			} else {
				v[key] = scrub(value)
			}
			if v[key] == nil && fixed[key] == nil {
				if _, drop := fixed[key]; drop {
					delete(v, key)
				}
			}
		}
	case []any:
		for i := range v {
			v[i] = scrub(v[i])
		}
	case string:
		return personal.Mask(v)
	}
	return v
}

// longest is how much of a request's body is written; of a longer one its
// beginning and its hash, in bytes.
const longest, beginning = 8 << 10, 400

// canonical gives a request's body as it is matched and written.
func canonical(body string) string {
	if v, ok := decode(body); ok {
		body = encode(scrub(v), "  ")
	} else {
		body = personal.Mask(body)
	}
	if len(body) > longest {
		body = fmt.Sprintf("%s…\n%d bytes, sha256 %x", strings.ToValidUTF8(body[:beginning], ""), len(body), sha256.Sum256([]byte(body)))
	}
	return body
}

// scrubbedAnswer gives an answer's body as it is written.
func scrubbedAnswer(body string) (string, error) {
	if v, ok := decode(body); ok {
		return encode(scrub(v), "  "), nil
	}
	if !strings.HasPrefix(body, "data:") {
		return personal.Mask(body), nil
	}
	lines := strings.Split(body, "\n")
	var said strings.Builder
	for i, line := range lines {
		data, ok := strings.CutPrefix(line, "data:")
		if !ok {
			continue
		}
		if v, ok := decode(data); ok {
			v = scrub(v)
			content(v, &said)
			lines[i] = "data: " + encode(v, "")
		}
	}
	if text := said.String(); personal.Mask(text) != text {
		return "", errors.New("httprr: record: the stream holds what looks like personal data, which cannot be masked in pieces: ask something else")
	}
	return strings.Join(lines, "\n"), nil
}

// content collects what a streamed chunk adds to the text.
func content(v any, into *strings.Builder) {
	chunk, _ := v.(map[string]any)
	choices, _ := chunk["choices"].([]any)
	for _, c := range choices {
		choice, _ := c.(map[string]any)
		delta, _ := choice["delta"].(map[string]any)
		text, _ := delta["content"].(string)
		into.WriteString(text)
	}
}

// decode reads a JSON object or list, keeping numbers as they are written.
func decode(text string) (v any, ok bool) {
	text = strings.TrimSpace(text)
	if text == "" || !slices.Contains([]byte("{["), text[0]) {
		return nil, false
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if dec.Decode(&v) != nil || dec.More() {
		return nil, false
	}
	return v, true
}

// encode writes JSON with the keys of objects in order.
func encode(v any, indent string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil { // it came out of a decoder
		panic(fmt.Sprintf("httprr: encode JSON: %v", err))
	}
	return strings.TrimSuffix(b.String(), "\n")
}
