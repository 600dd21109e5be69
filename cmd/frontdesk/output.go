package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// printJSON writes one object on one line, for scripts.
func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// count writes a number of things: "1 article", "2 articles".
func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// progress shows how far a long command is: on a terminal in one line that is
// written over, elsewhere as a line now and then.
type progress struct {
	w        io.Writer
	terminal bool
	last     time.Time
	line     string
	width    int
}

// Between two lines of a log pass seconds, on a terminal a blink.
const (
	showTerminal = 100 * time.Millisecond
	showLog      = 5 * time.Second
)

func newProgress(w io.Writer) *progress {
	p := &progress{w: w}
	if f, ok := w.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

func (p *progress) show(format string, args ...any) {
	every := showLog
	if p.terminal {
		every = showTerminal
	}
	line := fmt.Sprintf(format, args...)
	if time.Since(p.last) < every || line == p.line {
		return
	}
	p.last, p.line = time.Now(), line
	p.write(line)
	if !p.terminal {
		fmt.Fprintln(p.w)
	}
}

// end shows the last state, whenever the one before was.
func (p *progress) end(format string, args ...any) {
	p.write(fmt.Sprintf(format, args...))
	fmt.Fprintln(p.w)
	p.width = 0
}

func (p *progress) write(line string) {
	if p.terminal {
		fmt.Fprint(p.w, "\r", line, strings.Repeat(" ", max(0, p.width-len(line))))
		p.width = len(line)
		return
	}
	fmt.Fprint(p.w, line)
}
