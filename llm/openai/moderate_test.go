package openai_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"frontdesk/llm/openai"
)

func TestModerator(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reply   string
		status  int
		flagged bool
		fails   bool
	}{
		"flagged":    {`{"results":[{"flagged":true}]}`, 200, true, false},
		"fine":       {`{"results":[{"flagged":false}]}`, 200, false, false},
		"no results": {`{}`, 200, false, true},
		"a page":     {`<html>`, 200, false, true},
		"down":       {`{"error":"no"}`, 503, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if r.URL.Path != "/v1/moderations" || r.Header.Get("Authorization") != "Bearer right" || !strings.Contains(string(body), `"input":"hello"`) {
					t.Errorf("asked %s with %s", r.URL.Path, body)
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.reply)
			}))
			defer s.Close()
			m, err := openai.NewModerator(openai.Endpoint{BaseURL: s.URL + "/v1", Key: "right"})
			if err != nil {
				t.Fatal(err)
			}
			flagged, err := m.Flagged(t.Context(), "hello")
			if flagged != c.flagged || (err != nil) != c.fails {
				t.Errorf("got %v, %v", flagged, err)
			}
		})
	}
	if _, err := openai.NewModerator(openai.Endpoint{BaseURL: "nowhere"}); err == nil {
		t.Error("an address that is none was taken")
	}
}
