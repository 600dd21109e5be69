package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
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
	files := []string{"usage.txtar", "serve.txtar", "import.txtar", "eval.txtar", "certify.txtar", "questions.txtar", "trust.txtar", "shadow.txtar", "synonyms.txtar"}
	if raceEnabled {
		files = files[:2] // the two in which goroutines of ours meet; the others embed most of the time
	}
	for i := range files {
		files[i] = filepath.Join("testdata/script", files[i])
	}
	testscript.Run(t, testscript.Params{
		Files: files,
		Setup: func(env *testscript.Env) error {
			env.Setenv("FRONTDESK_LISTEN", "127.0.0.1:0")
			env.Setenv("FRONTDESK_ADMIN_LISTEN", "off")
			env.Setenv("FRONTDESK_LOG_LEVEL", "warn")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"waitfor": waitFor,
		},
	})
}

// waitFor waits until a server answers on a data folder: waitfor FOLDER.
func waitFor(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: waitfor FOLDER")
	}
	path := socketPath(ts.MkAbs(args[0]))
	c := http.Client{Timeout: time.Second, Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}}
	for end := time.Now().Add(60 * time.Second); ; {
		resp, err := c.Get("http://frontdesk/readyz")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
			err = errors.New(resp.Status)
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
