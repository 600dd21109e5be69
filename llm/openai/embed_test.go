package openai_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"frontdesk/chat"
	"frontdesk/llm"
	"frontdesk/llm/openai"
)

var _ llm.Embedder = (*openai.Embedder)(nil)

// endpoint answers /v1/embeddings: text i of a request gets the vector made of its length and i.
func endpoint(t *testing.T, answer func(w http.ResponseWriter, texts []string)) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/embeddings" {
			http.NotFound(w, r)
			return
		}
		var req struct {
			Input []string `json:"input"`
		}
		if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
			t.Error(err)
		}
		answer(w, req.Input)
	}))
	t.Cleanup(srv.Close)
	return srv.URL + "/v1"
}

func vectors(w http.ResponseWriter, texts []string) {
	var data []string
	for i := len(texts) - 1; i >= 0; i-- { // the order of a reply is the index's, not the list's
		data = append(data, fmt.Sprintf(`{"index":%d,"embedding":[%d,3,0]}`, i, len(texts[i])))
	}
	fmt.Fprintf(w, `{"data":[%s]}`, strings.Join(data, ","))
}

func TestEmbedder(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	requests := 0
	url := endpoint(t, func(w http.ResponseWriter, texts []string) { requests++; vectors(w, texts) })
	e, err := openai.NewEmbedder(ctx, openai.Config{BaseURL: url + "/", Model: "m"})
	if err != nil {
		t.Fatal(err)
	}
	if e.Dim() != 3 || e.Model() != "m/3" {
		t.Errorf("model %s of dimension %d, want m/3 of 3", e.Model(), e.Dim())
	}
	texts := make([]string, 70)
	for i := range texts {
		texts[i] = strings.Repeat("x", i)
	}
	requests = 0
	vs, err := e.EmbedDocuments(ctx, texts)
	if err != nil || len(vs) != len(texts) {
		t.Fatalf("%d vectors, %v", len(vs), err)
	}
	if requests != 3 {
		t.Errorf("%d requests for 70 texts, want 3", requests)
	}
	for i, v := range vs {
		if want := float64(i) / math.Hypot(float64(i), 3); math.Abs(float64(v[0])-want) > 1e-6 {
			t.Errorf("text %d: %v, want a unit vector with %f first", i, v, want)
		}
	}
}

func TestEmbedderFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter, texts []string)
		code   chat.Code
		says   string
	}{
		"refused key": {func(w http.ResponseWriter, _ []string) {
			w.WriteHeader(401)
			fmt.Fprint(w, `{"error":{"message":"no"}}`)
		}, chat.CodeInvalid, "OPENAI_API_KEY"},
		"no model": {func(w http.ResponseWriter, _ []string) {
			w.WriteHeader(404)
			fmt.Fprint(w, `{"error":{"message":"no"}}`)
		}, chat.CodeInvalid, "FRONTDESK_EMBED_MODEL"},
		"broken":       {func(w http.ResponseWriter, _ []string) { w.WriteHeader(500) }, chat.CodeUnavailable, "failed"},
		"html":         {func(w http.ResponseWriter, _ []string) { fmt.Fprint(w, "<html>") }, chat.CodeUnavailable, "failed"},
		"nothing":      {func(w http.ResponseWriter, _ []string) { fmt.Fprint(w, `{"data":[]}`) }, chat.CodeInvalid, "0 vectors for 1"},
		"zero vector":  {func(w http.ResponseWriter, _ []string) { fmt.Fprint(w, `{"data":[{"index":0,"embedding":[0,0]}]}`) }, chat.CodeInvalid, "not finite"},
		"wrong index":  {func(w http.ResponseWriter, _ []string) { fmt.Fprint(w, `{"data":[{"index":7,"embedding":[1]}]}`) }, chat.CodeInvalid, "index"},
		"empty vector": {func(w http.ResponseWriter, _ []string) { fmt.Fprint(w, `{"data":[{"index":0,"embedding":[]}]}`) }, chat.CodeInvalid, "empty"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := openai.NewEmbedder(context.Background(), openai.Config{BaseURL: endpoint(t, c.answer), Model: "m"})
			if chat.CodeOf(err) != c.code || !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("error %v, want %s with %q", err, c.code, c.says)
			}
		})
	}
}

func TestEmbedderDimensionChanges(t *testing.T) {
	t.Parallel()
	first := true
	e, err := openai.NewEmbedder(context.Background(), openai.Config{Model: "m", BaseURL: endpoint(t, func(w http.ResponseWriter, texts []string) {
		if first {
			vectors(w, texts)
			first = false
			return
		}
		fmt.Fprint(w, `{"data":[{"index":0,"embedding":[1,2]}]}`)
	})})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.EmbedQuery(context.Background(), "x"); chat.CodeOf(err) != chat.CodeInvalid {
		t.Errorf("a vector of another dimension: %v, want CodeInvalid", err)
	}
}
