package chat

import (
	"errors"
	"fmt"
	"strings"
)

// Code classifies an error for whoever must act on it. There are few; each
// transport maps them once (HTTP status, error frame, close code, exit code).
type Code string

// The codes.
const (
	CodeInvalid      Code = "invalid"      // the request is wrong; say how to mend it
	CodeUnauthorized Code = "unauthorized" // who are you?
	CodeForbidden    Code = "forbidden"    // known, but not allowed
	CodeNotFound     Code = "not_found"
	CodeConflict     Code = "conflict" // it exists already, or somebody else holds it
	CodeStale        Code = "stale"    // the state moved on; read it again
	CodeClosed       Code = "closed"   // the conversation is closed
	CodeTooLarge     Code = "too_large"
	CodeRateLimited  Code = "rate_limited"
	CodeUnavailable  Code = "unavailable" // a part is down or late; try again
	CodeInternal     Code = "internal"    // ours; details are in the log only
)

// Error is an error with a Code and words for the user. Message says what is
// wrong and what to do, and holds nothing secret; Err is for the log.
type Error struct {
	Code    Code
	Message string
	Err     error
	// Format and Args are what Message was made of, for who says it in another language.
	Format string
	Args   []any
}

// Error gives the message and, in brackets, a cause that is not part of it.
func (e *Error) Error() string {
	if e.Err != nil && !strings.Contains(e.Message, e.Err.Error()) {
		return fmt.Sprintf("%s (%v)", e.Message, e.Err)
	}
	return e.Message
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error. A %w verb sets its cause's place in the text, as in
// fmt.Errorf, and the cause can be unwrapped.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Message: err.Error(), Err: errors.Unwrap(err), Format: format, Args: args}
}

// CodeOf gives the code of the first Error in err's chain: CodeInternal if
// there is none, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}

// MessageOf gives the words for the user: those of the first Error in err's
// chain, or a sentence that gives nothing away.
func MessageOf(err error) string {
	var e *Error
	if errors.As(err, &e) && e.Code != CodeInternal {
		return e.Message
	}
	return "This did not work because of a fault on our side. Nothing was lost; the server's log has the details."
}
