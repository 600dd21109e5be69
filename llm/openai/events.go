package openai

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"frontdesk/llm"
)

// Bounds of what an endpoint may send. A chunk of a stream is about 230 bytes,
// with every optional field some KiB; the largest whole answers are 32k tokens.
const (
	maxLine   = 256 << 10
	maxStream = 16 << 20
	maxBody   = 16 << 20 // of a reply that is no stream: 32 texts' vectors of 4096 numbers are 2 MiB
	maxError  = 64 << 10 // of an error's body
)

// events is the body of a stream as go-openai can read it without coming to
// harm: of server-sent events only the data lines are left, one Read each,
// within bounds, the last one also without its newline. What is no event, and
// what is an error, ends it with an *llm.Error.
//
// go-openai 1.43.0 itself keeps lines without data until the end, gives up
// after 300 of them, drops a last line without newline, and loses an error
// event behind any of them (each is a test of this package).
type events struct {
	src   io.ReadCloser
	in    *bufio.Reader
	long  []byte // a line longer than in's buffer
	made  []byte // the line for go-openai
	out   []byte // what of it is still to be read
	total int
	err   error
	done  bool   // [DONE] was seen
	last  []byte // the last line, for the log; valid until the next Read
	bad   bool   // the last line is why it ended
}

func newEvents(src io.ReadCloser) *events {
	return &events{src: src, in: bufio.NewReaderSize(src, 8<<10)}
}

// Close ends the stream. After [DONE] it first reads what little the server
// still sends, so that the connection can be used again; who closes bounds how
// long that may take by the request's context.
func (s *events) Close() error {
	if s.done {
		_, _ = io.CopyN(io.Discard, s.src, 4<<10) // it ends by itself, or is closed
	}
	return s.src.Close()
}

// Read gives at most one data line.
func (s *events) Read(p []byte) (int, error) {
	for len(s.out) == 0 {
		if s.err != nil {
			return 0, s.err
		}
		s.out, s.err = s.next()
	}
	n := copy(p, s.out)
	s.out = s.out[n:]
	return n, nil
}

// next gives the next data line, nil for a line without, or why there is none.
func (s *events) next() ([]byte, error) {
	line, err := s.line()
	if len(bytes.TrimSpace(line)) == 0 {
		return nil, err
	}
	// A read error comes behind the line before it.
	out, bad := s.data(line)
	if bad != nil {
		s.bad = true
		return nil, bad
	}
	return out, err
}

// line reads one line with its newline, or what is left before an error.
func (s *events) line() ([]byte, error) {
	s.long = s.long[:0]
	for {
		part, err := s.in.ReadSlice('\n')
		s.total += len(part)
		switch {
		case s.total > maxStream:
			return nil, &llm.Error{Fault: llm.FaultGarbled, Err: fmt.Errorf("the stream is longer than %d bytes", maxStream)}
		case len(s.long)+len(part) > maxLine:
			return nil, &llm.Error{Fault: llm.FaultGarbled, Err: fmt.Errorf("a line of the stream is longer than %d bytes", maxLine)}
		case errors.Is(err, bufio.ErrBufferFull):
			s.long = append(s.long, part...)
			continue
		case len(s.long) > 0:
			s.long = append(s.long, part...)
			part = s.long
		}
		s.last = part
		if err != nil && !errors.Is(err, io.EOF) {
			err = &llm.Error{Fault: llm.FaultDown, Err: fmt.Errorf("the stream broke off: %w", err)}
		}
		return part, err
	}
}

var (
	prefixData = []byte("data:")
	doneMark   = []byte("[DONE]")
	wordError  = []byte(`"error"`)
	// A chunk may begin with "error":null, which go-openai takes for an error,
	// but not behind a space.
	brace = []byte("{ ")
)

// data gives the line for go-openai, nil for one that says nothing to it.
func (s *events) data(line []byte) ([]byte, error) {
	payload, ok := bytes.CutPrefix(line, prefixData)
	if !ok {
		return nil, s.fieldOrFault(line)
	}
	payload = bytes.TrimSpace(payload)
	switch {
	case len(payload) == 0:
		return nil, nil
	case bytes.Equal(payload, doneMark):
		s.done = true
		return []byte("data: [DONE]\n"), nil
	case payload[0] != '{':
		return nil, garbled("an event holds no JSON object")
	case bytes.Contains(payload, wordError):
		if err := eventError(payload); err != nil {
			return nil, err
		}
	}
	out, ok := slim(append(s.made[:0], prefixData...), payload)
	if !ok {
		out = append(append(out, brace...), payload[1:]...)
	}
	s.made = append(out, '\n')
	return s.made, nil
}

// fieldOrFault lets pass what else an event stream may hold: comments, other
// fields, blank lines. Anything else means that it is no event stream.
func (s *events) fieldOrFault(line []byte) error {
	line = bytes.TrimSpace(line)
	name, _, found := bytes.Cut(line, []byte(":"))
	if found {
		switch string(name) {
		case "", "event", "id", "retry":
			return nil
		}
	}
	if len(line) > 0 && line[0] == '{' {
		if err := eventError(line); err != nil {
			return err
		}
	}
	return garbled("a line is no server-sent event")
}

// eventError gives the error that a JSON object holds under "error", nil if none.
func eventError(object []byte) error {
	var v struct {
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(object, &v) != nil || len(v.Error) == 0 || bytes.Equal(v.Error, []byte("null")) {
		return nil // what is no JSON is found where it is decoded
	}
	return faultOf(200, parseAPIError(v.Error))
}

func garbled(why string) error { return &llm.Error{Fault: llm.FaultGarbled, Err: errors.New(why)} }
