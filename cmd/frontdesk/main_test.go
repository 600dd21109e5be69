package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"frontdesk/llm/fakeserver"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"frontdesk": func() {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
		},
	})
}

// TestScripts runs the command as its users do: a user story in each of testdata/script.
func TestScripts(t *testing.T) {
	t.Parallel()
	files := []string{"usage.txtar", "serve.txtar", "models.txtar", "import.txtar", "eval.txtar", "certify.txtar", "questions.txtar", "trust.txtar", "shadow.txtar", "synonyms.txtar", "replay.txtar"}
	if raceEnabled {
		files = files[:3] // those in which goroutines of ours meet; the others embed most of the time
	}
	model := httptest.NewServer(ableModel())
	t.Cleanup(model.Close)
	for i := range files {
		files[i] = filepath.Join("testdata/script", files[i])
	}
	testscript.Run(t, testscript.Params{
		Files: files,
		Setup: func(env *testscript.Env) error {
			env.Setenv("FRONTDESK_LISTEN", "127.0.0.1:0")
			env.Setenv("FRONTDESK_ADMIN_LISTEN", "off")
			env.Setenv("FRONTDESK_LOG_LEVEL", "warn")
			env.Setenv("MODEL_URL", model.URL+"/v1")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"waitfor": waitFor,
			"turn":    turn,
		},
	})
}

// ableModel is a language model's server that holds to schemas, calls tools and
// knows one model and one key.
func ableModel() *fakeserver.Server {
	s := fakeserver.New(func(r fakeserver.Request) fakeserver.Reply {
		switch {
		case r.Schema != nil:
			return fakeserver.SayJSON(map[string]bool{"polite": true})
		case r.Tools != nil:
			return fakeserver.Call("call_1", r.Tools[0], "{}")
		}
		return fakeserver.Say("1 2 3 4 5 6 7 8 9 10 11 12")
	})
	s.Models, s.Keys = []string{"able"}, []string{"right"}
	return s
}

// waitFor waits until a server is ready on a data folder, and says a text of
// itself: waitfor FOLDER [TEXT].
func waitFor(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: waitfor FOLDER [TEXT]")
	}
	text := append(args, "")[1]
	path := socketPath(ts.MkAbs(args[0]))
	c := http.Client{Timeout: time.Second, Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}}
	for end := time.Now().Add(60 * time.Second); ; {
		resp, err := c.Get("http://frontdesk/readyz")
		if err == nil {
			body, _ := io.ReadAll(resp.Body) // an error shows as a missing text
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK && strings.Contains(string(body), text) {
				return
			}
			err = fmt.Errorf("%s: %s", resp.Status, body)
		}
		if time.Now().After(end) {
			ts.Fatalf("no server on %s: %v", args[0], err)
		}
		time.Sleep(20 * time.Millisecond) //nolint:forbidigo // polling another process
	}
}

func TestSecretsFromFiles(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/secret"
	if err := os.WriteFile(path, []byte("postgres://x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		env  map[string]string
		want string
		fail string
	}{
		{"from the file", map[string]string{"DATABASE_URL_FILE": path}, "postgres://x", ""},
		{"both", map[string]string{"DATABASE_URL_FILE": path, "DATABASE_URL": "y"}, "y", "keep one"},
		{"no such file", map[string]string{"DATABASE_URL_FILE": path + "x"}, "", "DATABASE_URL_FILE"},
		{"neither", map[string]string{}, "", ""},
	} {
		lookup := func(k string) (string, bool) { v, ok := c.env[k]; return v, ok }
		err := secretsFromFiles(lookup, func(k, v string) error { c.env[k] = v; return nil })
		if c.env["DATABASE_URL"] != c.want {
			t.Errorf("%s: DATABASE_URL is %q, want %q", c.name, c.env["DATABASE_URL"], c.want)
		}
		if (err != nil) != (c.fail != "") || err != nil && !strings.Contains(err.Error(), c.fail) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.fail)
		}
	}
}
