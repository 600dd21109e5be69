package openai

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"frontdesk/llm"
)

// apiError is an error in OpenAI's form, or what is known of another.
type apiError struct {
	status  int    // 200 for an error inside a stream
	kind    string // type, or code where there is no type
	code    string
	message string // the endpoint's words: they may hold a key or a prompt
}

// Error tells status, type and code, not the endpoint's words.
func (e *apiError) Error() string {
	var parts []string
	if e.status != http.StatusOK {
		parts = append(parts, fmt.Sprintf("status %d", e.status))
	}
	if e.kind != "" {
		parts = append(parts, e.kind)
	}
	if e.code != "" && e.code != e.kind && e.code != strconv.Itoa(e.status) {
		parts = append(parts, e.code)
	}
	if len(parts) == 0 {
		return "the endpoint reported an error"
	}
	return strings.Join(parts, ", ")
}

// parseAPIError reads what stands under "error": an object whose code is a
// string, a number or null, or a mere string.
func parseAPIError(raw json.RawMessage) *apiError {
	var o struct {
		Message any `json:"message"`
		Type    any `json:"type"`
		Code    any `json:"code"`
	}
	if json.Unmarshal(raw, &o) != nil {
		var s string
		_ = json.Unmarshal(raw, &s) // what is neither stays without words
		return &apiError{message: s}
	}
	return &apiError{kind: label(o.Type), code: label(o.Code), message: fmt.Sprint(o.Message)}
}

// label gives a short machine-readable word, "" for anything else, so that an
// error's type or code carries no text of a prompt.
func label(v any) string {
	s := ""
	switch v := v.(type) {
	case string:
		s = v
	case float64:
		s = strconv.FormatFloat(v, 'f', -1, 64)
	}
	if len(s) > 64 || !labelForm.MatchString(s) {
		return ""
	}
	return s
}

var labelForm = regexp.MustCompile(`^[A-Za-z0-9_.:-]+$`)

// faultOf classifies an endpoint's error by its status, and by its type and
// code where the status does not tell.
func faultOf(status int, e *apiError) *llm.Error {
	e.status = status
	fault := faultOfStatus(status)
	if status == http.StatusOK { // within a stream; a code may be a status
		fault = llm.FaultDown
		if n, err := strconv.Atoi(e.code); err == nil && n >= 400 && n < 600 {
			fault = faultOfStatus(n)
		}
	}
	words := strings.ToLower(e.kind + " " + e.code)
	has := func(list ...string) bool {
		for _, w := range list {
			if strings.Contains(words, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("context_size", "context_length", "string_above_max_length"):
		fault = llm.FaultTooLong
	case has("content_filter", "content_policy"):
		fault = llm.FaultFiltered
	case has("rate_limit", "insufficient_quota", "overloaded"):
		fault = llm.FaultBusy
	case status == http.StatusBadRequest && strings.Contains(strings.ToLower(e.message), "context length"):
		fault = llm.FaultTooLong // vLLM says it only in words
	}
	return &llm.Error{Fault: fault, Err: e}
}

func faultOfStatus(status int) llm.Fault {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return llm.FaultRefused
	case status == http.StatusNotFound, status >= 300 && status < 400:
		return llm.FaultUnknown
	case status == http.StatusTooManyRequests:
		return llm.FaultBusy
	case status == http.StatusRequestTimeout, status >= 500:
		return llm.FaultDown
	}
	return llm.FaultInvalid
}

// maxRetryAfter bounds what an endpoint may ask for.
const maxRetryAfter = 10 * time.Minute

// retryAfter reads how long an endpoint asks to be left alone, 0 if it does not.
func retryAfter(h http.Header, now time.Time) time.Duration {
	var d time.Duration
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil {
		d = time.Duration(ms * float64(time.Millisecond))
	} else if s, err := strconv.ParseFloat(h.Get("Retry-After"), 64); err == nil {
		d = time.Duration(s * float64(time.Second))
	} else if at, err := http.ParseTime(h.Get("Retry-After")); err == nil {
		d = at.Sub(now)
	}
	return min(max(d, 0), maxRetryAfter)
}

// shown is how much of a bad line the log gets.
const shown = 240

var (
	textFields = regexp.MustCompile(`("(?:content|text|arguments|reasoning_content|refusal|prompt)"\s*:\s*")(?:[^"\\]|\\.)*`)
	keys       = regexp.MustCompile(`(?i)\b(?:sk|pk|key|bearer)[-_ ][A-Za-z0-9_.-]{6,}|[A-Za-z0-9_-]{32,}`)
	addresses  = regexp.MustCompile(`[^\s@"<>]+@[^\s@"<>]+`)
	numbers    = regexp.MustCompile(`\d[\d -]{5,}\d`)
)

// redact makes of an endpoint's words what a log may keep: without the text
// that a model wrote or was given, keys, addresses and long numbers, bounded,
// on one line.
func redact(line string) string {
	if len(line) > 4*shown {
		line = line[:4*shown]
	}
	line = textFields.ReplaceAllString(line, "${1}…")
	line = keys.ReplaceAllString(line, "[key]")
	line = addresses.ReplaceAllString(line, "[address]")
	line = numbers.ReplaceAllString(line, "[number]")
	if len(line) > shown {
		line = line[:shown] + "…"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(line, "?"))
}
