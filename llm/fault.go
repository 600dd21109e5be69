package llm

import (
	"errors"
	"fmt"
	"time"
)

// Fault is why a generation failed. It is a closed list, each with its metric label.
type Fault string

// The faults.
const (
	FaultDown     Fault = "down"     // not reached, reset, or an error 5xx
	FaultBusy     Fault = "busy"     // 429, or our own queue for it is full
	FaultRefused  Fault = "refused"  // 401 or 403: the key
	FaultUnknown  Fault = "unknown"  // 404: no such model or path
	FaultInvalid  Fault = "invalid"  // another 4xx: the request is not understood
	FaultTooLong  Fault = "too_long" // the prompt exceeds the model's window
	FaultStalled  Fault = "stalled"  // no first token, or no next one, in time
	FaultLate     Fault = "late"     // the whole took too long
	FaultCut      Fault = "cut"      // the stream ended without saying that it was whole
	FaultLength   Fault = "length"   // the token limit cut it
	FaultFiltered Fault = "filtered" // the provider's content filter cut it
	FaultGarbled  Fault = "garbled"  // what came is no stream of a model
	FaultSpent    Fault = "spent"    // a budget of ours is spent
	FaultCanceled Fault = "canceled" // the caller gave up
	FaultOther    Fault = "other"
)

// Error is a failed generation.
type Error struct {
	Fault      Fault
	Endpoint   string        // "" if none was asked
	RetryAfter time.Duration // what the endpoint asked for, 0 if nothing
	Err        error         // the cause; may be nil
}

// Error says what failed, without keys or prompts.
func (e *Error) Error() string {
	s := "language model"
	if e.Endpoint != "" {
		s += " " + e.Endpoint
	}
	s += ": " + string(e.Fault)
	if e.Err != nil {
		s = fmt.Sprintf("%s: %v", s, e.Err)
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// FaultOf gives the fault of an error: "" for nil, FaultOther for one that is no Error.
func FaultOf(err error) Fault {
	var e *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Fault
	}
	return FaultOther
}
