package gateway

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// ask posts a body and gives the answer, read.
func (w *world) ask(path, key, body string, header ...string) answer {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, w.srv.URL+path, strings.NewReader(body))
	w.check(err)
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	w.check(err)
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	w.check(err)
	return answer{res, data}
}

// What comes beside entries: typing, what an agent answers, and errors.
func TestRequestsCarryAllFrames(t *testing.T) { everyWay(t, testAllFrames) }

func testAllFrames(t *testing.T, w *world) {
	p := w.join("")
	conv := newID()
	p.say(conv, "Hello?")
	p.send("sync", "", protocol.Sync{Conversation: conv})
	p.has(conv, 1, 1)
	ana := w.hire("ana", chat.RoleAgent)
	desk := ana.console()
	desk.send("subscribe", "", protocol.Subscribe{Conversation: conv})
	desk.has(conv, 1, 1)
	p.send("typing", "", protocol.TypingOn{Conversation: conv})
	desk.expect("typing", nil)
	desk.send("typing", "", protocol.TypingOn{Conversation: conv})
	var typing protocol.Typing
	if p.expect("typing", &typing); typing.From.Kind != chat.PartyAgent {
		t.Errorf("typing %+v", typing)
	}
	p.send("future", "", struct{}{})
	p.send("send", "bad", protocol.Send{Conversation: conv, ClientID: newID()})
	if _, refused := p.answer("bad"); refused.Code != chat.CodeInvalid {
		t.Errorf("an empty message: %+v", refused)
	}
	w.fillLog(conv, 120, 1000) // more than a queue holds
	p.has(conv, 1, 121)
}

// How a connection that requests carry begins badly: in words of the protocol.
func TestFirstFrameOfRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	used := w.session("").SocketToken
	for _, path := range []string{"/v1/stream", "/v1/poll"} {
		for name, test := range map[string]struct {
			body, want string
		}{
			"not hello":  {`{"t":"send","d":{}}`, `"code":4500`},
			"no payload": {`{"t":"hello"}`, `"code":4500`},
			"nonsense":   {`{"t":"hello","d":{"token":"a.b"}}`, `"code":4501`},
			"not UTF-8":  {"{\"t\":\"hello\",\"d\":{\"token\":\"\xff\"}}", `"code":1007`},
		} {
			a := w.ask(path, "", test.body)
			if path == "/v1/poll" && !bytes.Contains(a.body, []byte("close")) {
				t.Errorf("%s: %s: %s", path, name, a.body)
			}
			if a.StatusCode != http.StatusOK || !bytes.Contains(a.body, []byte(test.want)) {
				t.Errorf("%s: %s: %s %s", path, name, a.Status, a.body)
			}
		}
		if a := w.ask(path, "", strings.Repeat("x", protocol.MaxFrame+1)); a.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: too large: %s", path, a.Status)
		}
		if a := w.ask(path, "", "{}", "Origin", "https://evil.example"); a.StatusCode != http.StatusForbidden {
			t.Errorf("%s: another origin: %s", path, a.Status)
		}
	}
	// A token is good once, whatever carries the hello.
	p := w.knock()
	p.send("hello", "", protocol.Hello{Token: used})
	p.expect("welcome", nil)
	if a := w.ask("/v1/stream", "", `{"t":"hello","d":{"token":"`+used+`"}}`); !bytes.Contains(a.body, []byte(`"code":4001`)) {
		t.Errorf("used: %s", a.body)
	}
	w.eventually("only the socket is left", func() bool { return w.g.hub.count() == 1 })
}

func TestKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.carrier = "stream"
	p := w.join("")
	key := p.line.key
	for name, test := range map[string]struct {
		path, key, body string
		want            int
	}{
		"none":               {"/v1/frames", "", `[]`, http.StatusNotFound},
		"one of this node":   {"/v1/frames", w.g.nodeMark() + "nobody", `[]`, http.StatusNotFound},
		"one of another":     {"/v1/frames", "00000000" + key[8:], `[]`, http.StatusMisdirectedRequest},
		"the same for polls": {"/v1/poll", "00000000" + key[8:], `{"number":2}`, http.StatusMisdirectedRequest},
		"poll of none":       {"/v1/poll", w.g.nodeMark() + "nobody", `{"number":2}`, http.StatusNotFound},
		"not JSON":           {"/v1/frames", key, `[`, http.StatusUnprocessableEntity},
		"not a list":         {"/v1/frames", key, `{}`, http.StatusUnprocessableEntity},
		"too large":          {"/v1/frames", key, `["` + strings.Repeat("x", maxBody) + `"]`, http.StatusRequestEntityTooLarge},
		"a sign of life":     {"/v1/frames", key, `[]`, http.StatusNoContent},
	} {
		a := w.ask(test.path, test.key, test.body)
		if a.StatusCode != test.want {
			t.Errorf("%s: %s %s", name, a.Status, a.body)
		}
		if a.StatusCode >= 400 {
			a.problem(t)
		}
	}
	p.say(newID(), "still here")
	p.line.end()
	w.eventually("it is gone", func() bool { return w.ask("/v1/frames", key, `[]`).StatusCode == http.StatusNotFound })
}

// An answer to a poll that did not arrive is given again.
func TestPollComesAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := `{"t":"hello","d":{"token":"` + w.session("").SocketToken + `"}}`
	a := w.ask("/v1/poll", "", first)
	_, key, _ := strings.Cut(string(a.body), `"key":"`)
	key, _, _ = strings.Cut(key, `"`)
	for i := range 2 {
		if again := w.ask("/v1/poll", key, `{"number":1}`); !bytes.Equal(again.body, a.body) {
			t.Fatalf("%d: %s after %s", i, again.body, a.body)
		}
	}
	// Of two at once, the newer gets what comes.
	done := make(chan answer, 2)
	go func() { done <- w.ask("/v1/poll", key, `{"number":2}`) }()
	m, _ := w.g.mailboxes.Load(key)
	w.eventually("it waits", func() bool {
		m := m.(*mailbox)
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.answer != nil
	})
	go func() { done <- w.ask("/v1/poll", key, `{"number":2}`) }()
	if a := <-done; a.StatusCode != http.StatusNotFound {
		t.Errorf("the older: %s %s", a.Status, a.body)
	}
	if a := w.ask("/v1/frames", key, `[{"t":"sync","id":"x","d":{"conversation":"`+newID().String()+`"}}]`); a.StatusCode != http.StatusNoContent {
		t.Errorf("frames: %s", a.Status)
	}
	if a := <-done; !bytes.Contains(a.body, []byte(`"id":"x"`)) {
		t.Errorf("the newer: %s %s", a.Status, a.body)
	}
}

// Who does not fetch what comes is closed as one who does not read a socket, and nothing waits for it.
func TestPollThatIsNotFetched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ask("/v1/poll", "", `{"t":"hello","d":{"token":"`+w.session("").SocketToken+`"}}`)
	c := w.g.hub.all()[0]
	for range queueFrames + 2 {
		c.reply("drain", "", protocol.Drain{})
	}
	begin := time.Now()
	w.eventually("it is gone", func() bool { return w.g.hub.count() == 0 })
	if took := time.Since(begin); took > 2*closeWithin {
		t.Errorf("took %s", took)
	}
}

// A stream that nobody reads is closed too, though its line is full.
func TestStreamThatIsNotRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.narrow.Store(4 << 10)
	l := newLine(w.ctx, w.srv.URL)
	res, err := l.do("/v1/stream", []byte(`{"t":"hello","d":{"token":"`+w.session("").SocketToken+`"}}`))
	w.check(err)
	t.Cleanup(func() { res.Body.Close() })
	c := w.g.hub.all()[0]
	long := strings.Repeat("x", 8<<10)
	w.eventually("it is gone", func() bool {
		c.reply("future", "", struct{ Text string }{long})
		return w.g.hub.count() == 0
	})
}

// Silence ends a connection, and a stream is kept alive by what costs nothing.
func TestSilentStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.carrier = "stream"
	p := w.join("")
	for range 3 {
		w.clock.advance(protocol.DeadAfter / 2)
		w.check(p.line.post([]byte(`{"t":"future"}`)))
		w.g.beatAll()
	}
	w.clock.advance(protocol.DeadAfter + time.Second)
	w.g.beatAll()
	w.eventually("it is gone", func() bool { return w.g.hub.count() == 0 })
	if code := p.ended(); code != 0 {
		t.Errorf("closed with %d", code)
	}
}
