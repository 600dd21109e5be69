package gateway

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// FuzzServe sends lines of any bytes as messages over a customer's or a
// console's socket, after a good hello. CONV stands for a conversation of the
// customer's, OTHER for somebody else's, ID for a fresh id; a line that begins
// with \x00 is a binary message. Nothing panics, the server goes on, and the
// other's conversation stays as it is.
func FuzzServe(f *testing.F) {
	for _, seed := range []string{
		`{"t":"send","id":"1","d":{"conversation":"CONV","client_id":"ID","text":"Hello?"}}`,
		`{"t":"send","d":{"conversation":"ID","client_id":"ID","text":"x","page":{"url":"https://a.example/","title":"A"}}}`,
		`{"t":"sync","d":{"conversation":"CONV","after":0}}` + "\n" + `{"t":"sync","d":{"conversation":"CONV","after":99}}`,
		`{"t":"typing","d":{"conversation":"CONV"}}` + "\n" + `{"t":"read","d":{"conversation":"CONV","seq":1}}`,
		`{"t":"request_person","id":"p","d":{"conversation":"CONV","client_id":"ID"}}`,
		`{"t":"end","id":"e","d":{"conversation":"CONV","client_id":"ID"}}`,
		`{"t":"contact","d":{"conversation":"CONV","client_id":"ID","email":"a@example.com"}}`,
		`{"t":"rate","d":{"conversation":"CONV","client_id":"ID","score":5,"comment":"ok"}}`,
		`{"t":"send","d":{"conversation":"OTHER","client_id":"ID","text":"mine"}}` + "\n" + `{"t":"rate","d":{"conversation":"OTHER","client_id":"ID","score":1}}`,
		`{"t":"subscribe","d":{"conversation":"OTHER","after":0,"staff_after":0}}` + "\n" + `{"t":"unsubscribe","d":{"conversation":"OTHER"}}`,
		`{"t":"presence","id":"x","d":{"state":"online"}}` + "\n" + `{"t":"hello","d":{"token":"x"}}`,
		"{", "null", "[]", "7", `""`, `{"t":7}`, `{"t":"send","d":null}`, "\x00binary", "{\"t\":\"\xff\"}", `{"t":"` + strings.Repeat("x", 100) + `"}`, `{"t":"future","d":{}}`,
	} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	w := newWorld(f)
	agent := w.hire("anna", chat.RoleAgent)
	other := newID()
	w.join("").say(other, "mine")
	f.Fuzz(func(t *testing.T, lines string, console bool) {
		w.t = t
		s, err := w.g.newSession(w.ctx, protocol.SessionRequest{Credentials: protocol.Credentials{Inbox: w.inbox.Key}}, false, letIn)
		w.check(err)
		header, path, sub := agent.cookies(), "/v1/socket", protocol.ChatV1
		header.Set("Origin", w.srv.URL)
		if console {
			path, sub = "/console/socket", protocol.ConsoleV1
			header = agent.cookies()
			header.Set("Origin", w.srv.URL)
		}
		ws, res, err := (&websocket.Dialer{Subprotocols: []string{sub}}).Dial(w.url(path), header)
		if err != nil {
			t.Fatalf("%v %v", err, res)
		}
		defer ws.Close()
		conv := newID()
		if !console {
			hello, _ := protocol.Encode("hello", "", protocol.Hello{Token: s.SocketToken})
			first, _ := protocol.Encode("send", "", protocol.Send{Conversation: conv, ClientID: newID(), Text: "first"})
			ws.WriteMessage(websocket.TextMessage, hello)
			ws.WriteMessage(websocket.TextMessage, first)
		}
		for line := range strings.SplitSeq(lines, "\n") {
			line = strings.NewReplacer("CONV", conv.String(), "OTHER", other.String(), "ID", newID().String()).Replace(line)
			kind := websocket.TextMessage
			if strings.HasPrefix(line, "\x00") {
				kind = websocket.BinaryMessage
			}
			if ws.WriteMessage(kind, []byte(line)) != nil {
				break
			}
		}
		// The last frame's answer, or a typed close, says that all was handled.
		last, _ := protocol.Encode(map[bool]string{false: "sync", true: "subscribe"}[console], "last", protocol.Sync{Conversation: newID()})
		ws.WriteMessage(websocket.TextMessage, last)
		ws.SetReadDeadline(time.Now().Add(patience))
		for {
			_, data, err := ws.ReadMessage()
			if err != nil {
				if !websocket.IsCloseError(err, websocket.CloseInvalidFramePayloadData, websocket.CloseMessageTooBig, protocol.CloseBadProtocol, protocol.CloseRateLimited, protocol.CloseSlow) {
					t.Fatalf("ended by %v; log:\n%s", err, w.logs)
				}
				break
			}
			if bytes.Contains(data, []byte(`"id":"last"`)) {
				break
			}
		}
		if strings.Contains(w.logs.String(), "gateway: panic") {
			t.Fatalf("log:\n%s", w.logs)
		}
		if got := w.lines(other); !console && len(got) != 1 {
			t.Fatalf("somebody else's conversation holds %q", got)
		}
		w.logs.reset()
	})
}

func (l *logs) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buf.Reset()
}
