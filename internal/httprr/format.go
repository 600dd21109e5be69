package httprr

import (
	"fmt"
	"strconv"
	"strings"
)

// A recording's text: a line for each request and each answer, their bodies
// below, each line of them behind a tab. A body that does not end in a line end
// is followed by noNewline, as diff does.
const (
	preamble  = "# Recorded HTTP, scrubbed; see internal/httprr. To record anew: go test -httprecord .\n"
	noNewline = `\ no newline at the end`
)

func format(list []exchange) string {
	var b strings.Builder
	b.WriteString(preamble)
	for _, x := range list {
		fmt.Fprintf(&b, "\nrequest %s %s\n", x.request.method, x.request.target)
		body(&b, x.request.body)
		fmt.Fprintf(&b, "answer %d %s\n", x.answer.status, x.answer.kind)
		if x.answer.retryAfter != "" {
			fmt.Fprintf(&b, "retry-after %s\n", x.answer.retryAfter)
		}
		body(&b, x.answer.body)
	}
	return b.String()
}

func body(b *strings.Builder, text string) {
	if text == "" {
		return
	}
	whole, ends := strings.CutSuffix(text, "\n")
	for line := range strings.SplitSeq(whole, "\n") {
		b.WriteString("\t" + line + "\n")
	}
	if !ends {
		b.WriteString(noNewline + "\n")
	}
}

func parse(text string) ([]exchange, error) {
	var out []exchange
	var at *string // the body that lines belong to
	for n, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		word, rest, _ := strings.Cut(line, " ")
		var err error
		switch {
		case strings.HasPrefix(line, "\t") && at != nil:
			*at += line[1:] + "\n"
		case line == noNewline && at != nil:
			*at = strings.TrimSuffix(*at, "\n")
		case line == "" || strings.HasPrefix(line, "#"):
		case word == "request":
			out = append(out, exchange{})
			x := &out[len(out)-1]
			x.request.method, x.request.target, _ = strings.Cut(rest, " ")
			at = &x.request.body
		case word == "answer" && len(out) > 0:
			x := &out[len(out)-1]
			status, kind, _ := strings.Cut(rest, " ")
			x.answer.status, err = strconv.Atoi(status)
			x.answer.kind, at = kind, &x.answer.body
		case word == "retry-after" && len(out) > 0:
			out[len(out)-1].answer.retryAfter = rest
		default:
			err = fmt.Errorf("%q is none of its lines", line)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	return out, nil
}
