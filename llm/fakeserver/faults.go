package fakeserver

import (
	"net/http"
	"strings"
	"time"

	"frontdesk/llm"
)

// Fault is a way in which servers, and what stands before them, go wrong.
type Fault struct {
	Name string
	// Want is what a client has to make of it; "" for oddities that are no
	// fault: the text must come whole.
	Want llm.Fault
	// Partial: pieces of the text come before it fails.
	Partial bool
	// Reply gives the faulty reply to a request whose right answer is text.
	Reply func(text string) Reply
}

// Faults gives them all, in an order that stays. gap is the pause of the slow
// ones: between bytes of a drip, and between tokens of an answer without end.
func Faults(gap time.Duration) []Fault {
	return append(append(cuts(gap), refusals()...), oddities()...)
}

// Named gives the fault of a name; ok is false if there is none.
func Named(name string, gap time.Duration) (f Fault, ok bool) {
	for _, f := range Faults(gap) {
		if f.Name == name {
			return f, true
		}
	}
	return Fault{}, false
}

// cuts are streams that begin well, or at least with 200.
func cuts(gap time.Duration) []Fault {
	// begun streams the first half of the text, then goes on as told.
	begun := func(steps ...Step) func(string) Reply {
		return func(text string) Reply {
			return Stream(append([]Step{Role(), Text(half(text))}, steps...)...)
		}
	}
	fixed := func(r Reply) func(string) Reply { return func(string) Reply { return r } }
	errorEvent := `data: {"error":{"message":"The server had an error","type":"server_error","code":null}}` + "\n\n"
	return []Fault{
		{"stall without headers", llm.FaultStalled, false, fixed(Reply{Steps: []Step{func(c *conn) { <-c.r.Context().Done() }}})},
		{"stall before the first token", llm.FaultStalled, false, fixed(Stream(Role(), Stall()))},
		{"stall between tokens", llm.FaultStalled, true, begun(Stall())},
		{"only keep-alive comments", llm.FaultStalled, false, fixed(Stream(Repeat(1<<20, Wait(gap), Raw(": keep-alive\n\n"))))},
		{"slow drip", llm.FaultStalled, false, fixed(Stream(Drip(strings.Repeat("data: ", 1<<10), gap)))},
		{"no end", llm.FaultLate, true, fixed(Stream(Role(), Repeat(1<<20, Piece("more "), Wait(gap))))},
		{"end without finish_reason", llm.FaultCut, true, begun()},
		{"[DONE] without finish_reason", llm.FaultCut, true, begun(Done())},
		{"empty stream", llm.FaultCut, false, fixed(Stream(Raw("")))},
		{"usage only", llm.FaultCut, false, fixed(Stream(Usage(), Done()))},
		{"length", llm.FaultLength, true, begun(Finish("length"), Usage(), Done())},
		{"content_filter", llm.FaultFiltered, true, begun(Finish("content_filter"), Usage(), Done())},
		{"refusal", llm.FaultFiltered, false, fixed(Stream(Role(), Delta(map[string]any{"refusal": "I cannot help with that."}), Finish("stop"), Done()))},
		{"strange finish_reason", llm.FaultCut, true, begun(Finish("error"), Done())},
		{"garbage", llm.FaultGarbled, true, begun(Raw("data: {\"choices\":[{\"delta\":{\"cont\x00\x01 \n\n"), Done())},
		{"garbage for a line", llm.FaultGarbled, true, begun(Raw("\x7fELF\x02\x01\x01 nonsense\n"), Done())},
		{"line of 10 MB", llm.FaultGarbled, true, begun(Raw("data: {\"choices\":[{\"delta\":{\"content\":\""), Repeat(10, Raw(strings.Repeat("x", 1<<20))), Raw("\"}}]}\n\n"), Finish("stop"), Done())},
		{"connection reset", llm.FaultDown, true, begun(Wait(time.Millisecond), Reset())},
		{"connection reset at once", llm.FaultDown, false, fixed(Stream(Reset()))},
		{"error event", llm.FaultDown, true, begun(Raw(errorEvent))},
		{"error event with event line", llm.FaultDown, true, begun(Raw("event: error\n" + errorEvent))},
		{"error event after a comment", llm.FaultDown, true, begun(Raw(": ping\n\n" + errorEvent))},
		{"error event with a space", llm.FaultDown, true, begun(Raw(strings.Replace(errorEvent, `{"error"`, `{ "error"`, 1)))},
		{"error event without a newline", llm.FaultDown, true, begun(Raw(strings.TrimSpace(errorEvent)))},
		{"error body in the stream", llm.FaultDown, true, begun(Raw(`{"error":{"message":"worker died"}}`))},
		{"error event of a rate limit", llm.FaultBusy, true, begun(Raw(`data: {"error":{"message":"slow down","type":"rate_limit_error","code":429}}` + "\n\n"))},
	}
}

// refusals are replies that are no stream.
func refusals() []Fault {
	fixed := func(r Reply) func(string) Reply { return func(string) Reply { return r } }
	return []Fault{
		{"HTML with 200", llm.FaultGarbled, false, fixed(Body(200, "text/html; charset=utf-8", "<!doctype html>\n<title>Sign in</title>\n"))},
		{"HTML as a stream", llm.FaultGarbled, false, fixed(Stream(Raw("<!doctype html>\n<title>Sign in</title>\n")))},
		{"JSON instead of a stream", llm.FaultGarbled, false, func(text string) Reply {
			return Body(200, "application/json", `{"choices":[{"message":{"content":"whole"},"finish_reason":"stop"}]}`)
		}},
		{"compressed", llm.FaultGarbled, false, fixed(Stream(Raw("\x1f\x8b\x08\x00\x00")).With("Content-Encoding", "gzip"))},
		{"302", llm.FaultUnknown, false, fixed(Body(302, "text/html", "moved").With("Location", "/elsewhere/chat/completions"))},
		{"401", llm.FaultRefused, false, fixed(Status(401, "invalid_api_key", "Incorrect API key provided: sk-secret-1234567890"))},
		{"403", llm.FaultRefused, false, fixed(Status(403, "forbidden", "Country not supported"))},
		{"404", llm.FaultUnknown, false, fixed(Status(404, "model_not_found", "The model does not exist"))},
		{"400", llm.FaultInvalid, false, fixed(Status(400, "invalid_request_error", "Unknown parameter"))},
		{"400 of a filter", llm.FaultFiltered, false, fixed(Status(400, "content_filter", "The prompt was filtered"))},
		{"prompt too long", llm.FaultTooLong, false, fixed(Body(400, "application/json",
			`{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":4096}}`))},
		{"context_length_exceeded", llm.FaultTooLong, false, fixed(Status(400, "context_length_exceeded", "This model's maximum context length is 8192 tokens"))},
		{"429 with Retry-After", llm.FaultBusy, false, fixed(Status(429, "rate_limit_exceeded", "slow down").With("Retry-After", "7"))},
		{"500", llm.FaultDown, false, fixed(Status(500, "server_error", "The server had an error"))},
		{"502 in HTML", llm.FaultDown, false, fixed(Body(502, "text/html", "<h1>Bad gateway</h1>"))},
		{"503 while loading", llm.FaultDown, false, fixed(Body(503, "application/json", `{"error":{"message":"Loading model","type":"unavailable_error","code":503}}`))},
		{"500 without end", llm.FaultDown, false, fixed(Stream(Repeat(64, Raw(strings.Repeat("x", 1<<20)))).status(500))},
	}
}

// oddities are strange, but whole.
func oddities() []Fault {
	whole := []Step{Finish("stop"), Usage(), Done()}
	text := func(before, after []Step) func(string) Reply {
		return func(t string) Reply {
			steps := append([]Step{Role()}, before...)
			steps = append(steps, Text(t))
			return Stream(append(steps, after...)...)
		}
	}
	return []Fault{
		{"last line without a newline", "", true, text(nil, []Step{Raw(`data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`)})},
		{"no [DONE]", "", true, text(nil, []Step{Finish("stop")})},
		{"stall after the end", "", true, text(nil, []Step{Finish("stop"), Stall()})},
		{"comments and event lines", "", true, text([]Step{Raw(": hello\nevent: message\nid: 7\nretry: 100\n\n")}, whole)},
		{"error null as first key", "", true, text([]Step{Raw("data: {\"error\": null, \"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"}}]}\n\n" +
			"data: {\"error\":null,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"}}]}\n\n")}, whole)},
		{"400 blank lines", "", true, text([]Step{Raw(strings.Repeat("\n", 400))}, whole)},
		{"200 keep-alive comments", "", true, text([]Step{Raw(strings.Repeat(": keep-alive\n\n", 200))}, whole)},
		{"lines end in CR LF", "", true, func(t string) Reply {
			return Stream(Role(), Text(t), Raw("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\r\n\r\ndata:[DONE]\r\n\r\n"))
		}},
		{"finish_reason with the last piece", "", true, func(t string) Reply {
			return Stream(Role(), Text(t), Raw("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n\n"), Done())
		}},
	}
}

func (r Reply) status(code int) Reply {
	r.Status = code
	r.Header = http.Header{"Content-Type": {"application/json"}}
	return r
}

// half gives about the first half of a text, to the end of a word.
func half(text string) string {
	if i := strings.IndexByte(text[len(text)/2:], ' '); i >= 0 {
		return text[:len(text)/2+i+1]
	}
	return text[:len(text)/2]
}
