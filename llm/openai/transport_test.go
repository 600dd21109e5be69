package openai_test

import (
	"bufio"
	"bytes"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"frontdesk/chat"
	"frontdesk/llm"
	"frontdesk/llm/fakeserver"
	"frontdesk/llm/openai"
)

// A server may close a connection that was idle just when it is used again. The
// request is then sent once more, and nobody notices.
func TestClosedIdleConnection(t *testing.T) {
	t.Parallel()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	const body = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello.\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
	reply := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	var connections, requests atomic.Int64
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			go func() {
				defer c.Close()
				in := bufio.NewReader(c)
				for n := 0; ; n++ {
					r, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, r.Body)
					requests.Add(1)
					if n == 1 {
						return // the second request on a connection meets its end
					}
					_, _ = io.WriteString(c, reply)
				}
			}()
		}
	}()
	p := pool(t, openai.Endpoint{BaseURL: "http://" + l.Addr().String() + "/v1"})
	for range 4 {
		if text, _, err := generate(t, p, ask("x")); err != nil || text != "Hello." {
			t.Fatalf("%q, %v", text, err)
		}
	}
	if c, r := connections.Load(), requests.Load(); c < 2 || r < 5 {
		t.Errorf("%d connections, %d requests: none was used twice", c, r)
	}
}

// After a whole stream its connection is used again.
func TestConnectionIsUsedAgain(t *testing.T) {
	t.Parallel()
	var opened atomic.Int64
	srv := httptest.NewUnstartedServer(saying(answer))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	srv.Start()
	t.Cleanup(srv.Close)
	p := pool(t, openai.Endpoint{BaseURL: srv.URL + "/v1"})
	for range 5 {
		if _, _, err := generate(t, p, ask("x")); err != nil {
			t.Fatal(err)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections for 5 texts, want 1", n)
	}
}

func TestProxyAndCA(t *testing.T) {
	t.Parallel()
	secure := httptest.NewTLSServer(saying(answer))
	t.Cleanup(secure.Close)
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	file := filepath.Join(t.TempDir(), "ca.pem")
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})
	if err := os.WriteFile(file, cert, 0o600); err != nil {
		t.Fatal(err)
	}
	e := openai.Endpoint{Name: "main", BaseURL: secure.URL + "/v1"}
	if _, _, err := generate(t, pool(t, e), ask("x")); llm.FaultOf(err) != llm.FaultDown {
		t.Errorf("a certificate that nobody trusts: %v", err)
	}
	e.CAFile = file
	if text, _, err := generate(t, pool(t, e), ask("x")); err != nil || text != answer {
		t.Errorf("with its certificate: %q, %v", text, err)
	}

	var mu sync.Mutex
	var asked []string
	plain := saying(answer)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.URL.Host)
		mu.Unlock()
		plain.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	p := pool(t, openai.Endpoint{BaseURL: "http://model.example/v1", Proxy: proxy.URL})
	if text, _, err := generate(t, p, ask("x")); err != nil || text != answer {
		t.Errorf("by a proxy: %q, %v", text, err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(asked) != 1 || asked[0] != "model.example" {
		t.Errorf("the proxy was asked for %v", asked)
	}
}

// Neither an error nor the log tells a key, a prompt, or the customer's data,
// whatever the endpoint sends back.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	const key, prompt = "sk-live-abcdef1234567890", "My card is 4111 1111 1111 1111, write to mira@example.com"
	echo := `{"error":{"message":"bad request: ` + prompt + ` with ` + key + `","type":"server_error","code":"` + prompt + `"}}`
	for name, reply := range map[string]fakeserver.Reply{
		"error body":  fakeserver.Body(500, "application/json", echo),
		"error event": fakeserver.Stream(fakeserver.Raw("data: " + echo + "\n\n")),
		"garbage":     fakeserver.Stream(fakeserver.Raw(prompt + key + "\n")),
		"bad chunk":   fakeserver.Stream(fakeserver.Raw(`data: {"choices":[{"delta":{"content":"` + prompt + key + `"}}` + "\n\n")),
		"page":        fakeserver.Body(200, "text/html", "<p>"+prompt+" "+key),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			e := at(t, "main", failing(reply))
			e.Key = key
			p := newPool(t, openai.Options{Endpoints: []openai.Endpoint{e}, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
			_, _, err := generate(t, p, ask(prompt))
			if err == nil {
				t.Fatal("no error")
			}
			for _, told := range []string{err.Error(), log.String()} {
				for _, secret := range []string{"abcdef", "4111", "mira@"} {
					if strings.Contains(told, secret) {
						t.Errorf("%q tells %q", told, secret)
					}
				}
			}
			if strings.Contains(err.Error(), "card") {
				t.Errorf("the error tells the prompt: %v", err)
			}
			if got := log.String(); !strings.Contains(got, "line=") && !strings.Contains(got, "body=") {
				t.Errorf("what came is not in the log: %s", got)
			}
		})
	}
}

// Vectors come over the same guards.
func TestEmbedderGuards(t *testing.T) {
	t.Parallel()
	server := saying("")
	server.Dim = 8
	server.Keys = []string{"right"}
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte("right"), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := openai.NewEmbedder(t.Context(), openai.Config{BaseURL: serve(t, server), Model: "m", KeyFile: path})
	if err != nil || e.Dim() != 8 {
		t.Fatal(e, err)
	}
	huge := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000000000000")
		_, _ = io.WriteString(w, `{"data":[`)
	}))
	t.Cleanup(huge.Close)
	_, err = openai.NewEmbedder(t.Context(), openai.Config{BaseURL: huge.URL + "/v1", Model: "m"})
	if chat.CodeOf(err) != chat.CodeUnavailable || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("a huge reply: %v", err)
	}
	elsewhere := httptest.NewServer(http.RedirectHandler((&url.URL{Scheme: "http", Host: "elsewhere.example"}).String(), http.StatusTemporaryRedirect))
	t.Cleanup(elsewhere.Close)
	if _, err = openai.NewEmbedder(t.Context(), openai.Config{BaseURL: elsewhere.URL, Model: "m"}); chat.CodeOf(err) != chat.CodeInvalid {
		t.Errorf("a redirect: %v", err)
	}
}
