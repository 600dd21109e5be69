package httprr

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// post sends a body with a key to a handler and gives status and body.
func post(t *testing.T, h http.Handler, body string) (int, string) {
	t.Helper()
	r := httptest.NewRequest("POST", "/v1/chat/completions?a=b", strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+key)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// key is no key of anybody's.
const key = "test-0123456789abcdefghij"

// upstream answers with what a model's server does, secrets included.
func upstream(t *testing.T, answers ...string) string {
	t.Helper()
	n := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+key {
			t.Error("the key does not reach the server")
		}
		w.Header().Set("Set-Cookie", "session=zzz")
		w.Header().Set("OpenAI-Organization", "org-abcdefghijkl")
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, answers[n])
		n++
	}))
	t.Cleanup(s.Close)
	return s.URL
}

const stream = "data: {\"id\":\"chatcmpl-8Xk2nQ9sYpL4vRt7\",\"created\":1763800000,\"choices\":[{\"delta\":{\"content\":\"It takes \"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"250 g.\"}}],\"echo\":\"" + key + "\"}\n\ndata: [DONE]\n\n"

func TestRecordAndReplay(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sub", "a"+Extension)
	tape, err := Record(path, upstream(t, stream, `{"error":{"code":400}}`)+"/v1")
	if err != nil {
		t.Fatal(err)
	}
	_, first := post(t, tape, `{"model":"local", "messages":[{"content":"I am jo.brandt@posteo.example, how much?"}]}`)
	post(t, tape, `plain`)
	if err := tape.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{key, "posteo", "session", "org-", "chatcmpl-", "1763800000"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the recording holds %q:\n%s", secret, text)
		}
	}

	again, err := Open(path, "")
	if err != nil {
		t.Fatal(err)
	}
	// Other blanks and another order of keys are the same request.
	code, second := post(t, again, `{"messages":[{"content":"I am jo.brandt@posteo.example, how much?"}],"model":"local"}`)
	if code != http.StatusOK || second != first || !strings.Contains(second, "250 g.") {
		t.Errorf("got %d %q, want what was given when recording: %q", code, second, first)
	}
	if err := again.Close(); err == nil || !strings.Contains(err.Error(), "nobody made the request 2") {
		t.Errorf("a request that nobody makes any more is not reported: %v", err)
	}
	post(t, again, `plain`)
	if err := again.Close(); err != nil {
		t.Error(err)
	}
	if code, _ := post(t, again, `plain`); code != http.StatusNotImplemented {
		t.Errorf("a request is answered more often than recorded: %d", code)
	}
	if err := again.Close(); err == nil {
		t.Error("Close does not tell of a request too many")
	}
}

func TestAnUnknownRequest(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a"+Extension)
	if err := os.WriteFile(path, []byte(format(nil)), 0o600); err != nil {
		t.Fatal(err)
	}
	tape, err := Open(path, "")
	if err != nil {
		t.Fatal(err)
	}
	if code, body := post(t, tape, `{"a":1}`); code != http.StatusNotImplemented || !strings.Contains(body, "-httprecord") {
		t.Errorf("got %d %q", code, body)
	}
	if _, err := Open(path+"x", ""); err == nil || !strings.Contains(err.Error(), "-httprecord") {
		t.Errorf("a recording that is not there: %v", err)
	}
	if _, err := Record(path, "nonsense"); err == nil {
		t.Error("there is nothing to record from, and no error")
	}
}

func TestPersonalDataInPieces(t *testing.T) {
	t.Parallel()
	tape, err := Record(filepath.Join(t.TempDir(), "a"+Extension), upstream(t, `data: {"choices":[{"delta":{"content":"write to jo@pos"}}]}`+"\n\n"+`data: {"choices":[{"delta":{"content":"teo.example"}}]}`+"\n\n"))
	if err != nil {
		t.Fatal(err)
	}
	post(t, tape, `{}`)
	if err := tape.Close(); err == nil || !strings.Contains(err.Error(), "personal data") {
		t.Errorf("an address over two pieces is recorded: %v", err)
	}
}

func TestASecretIsNotWritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a"+Extension)
	tape, err := Record(path, upstream(t, "token_of_the_server=Zk3v9QpL1xWm8RtY5sBd"))
	if err != nil {
		t.Fatal(err)
	}
	post(t, tape, `{}`)
	if err := tape.Close(); err == nil || !strings.Contains(err.Error(), "at random") {
		t.Errorf("a secret is recorded: %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the recording was written all the same")
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	list := []exchange{
		{request{"POST", "/a", "{}\n"}, answer{200, "text/plain; charset=utf-8", "", "one\n\n\ttwo\n"}},
		{request{"GET", "/b", ""}, answer{429, "", "3", "request denied\nanswer none"}},
	}
	got, err := parse(format(list))
	if err != nil || len(got) != 2 || got[0] != list[0] || got[1] != list[1] {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := parse("what is this\n"); err == nil {
		t.Error("nonsense is read")
	}
}

func TestLongRequestsAreHashed(t *testing.T) {
	t.Parallel()
	long := `{"a":"` + strings.Repeat("word ", 3000) + `"}`
	a, b := canonical(long), canonical(strings.Replace(long, "word \"", "ward \"", 1))
	if len(a) > 600 || a == b || len(Secrets(a)) > 0 {
		t.Errorf("got %d bytes, the same for another text: %v, secrets %v", len(a), a == b, Secrets(a))
	}
}

// planted are secrets of every kind, none of them real.
var planted = []string{
	"sk-proj-abcDEF0123456789xyz", "ghp_abcdefghijklmnop", "AKIAIOSFODNN7EXAMPLE", "Authorization: Bearer abc", "bearer abcdefgh12345678",
	"eyJhbGciOiJIUzI1NiJ9.e30.x", "org-abcdefghijkl", "Set-Cookie: a=b", "-----BEGIN RSA PRIVATE KEY-----", `"password": "hunter2hunter2"`,
	"postgres://user:pass@host/db", "jo@posteo.example", "4111 1111 1111 1111", "9f86d081884c7d659a2feaa0c55ad015", "Zk3v9QpL1xWm8RtY5sBd",
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	for _, s := range planted {
		if len(Secrets("first line\n"+s+"\nlast line")) == 0 {
			t.Errorf("%q is not found", s)
		}
	}
	for _, s := range []string{
		"The 64 takes 250 g in 30 s.", `"finish_reason":"exceed_context_size_error"`, "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":600}}",
		"text/event-stream; charset=utf-8", "POST /v1/chat/completions", "https://kestrel.example/articles/grinder-cleaning-2",
	} {
		if found := Secrets(s); len(found) > 0 {
			t.Errorf("%q: found %v", s, found)
		}
	}
}

// TestRecordingsHoldNoSecrets looks at every recording of the repository, and
// checks of each that a planted secret would be found.
func TestRecordingsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	n := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".cache" || d.Name() == ".git") {
			return fs.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != Extension {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		if found := Secrets(string(text)); len(found) > 0 {
			t.Errorf("%s holds %s", path, strings.Join(found, "; "))
		}
		middle := len(text) / 2
		for _, s := range planted {
			if len(Secrets(string(text[:middle])+"\n"+s+"\n"+string(text[middle:]))) == 0 {
				t.Errorf("%s: %q would not be found in it", path, s)
			}
		}
		list, err := parse(string(text))
		if err != nil || len(list) == 0 || format(list) != string(text) {
			t.Errorf("%s is no recording as this package writes them: %v", path, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d recordings", n)
}
