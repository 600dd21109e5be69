package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frontdesk/chat"
)

// TestBringAnEncoder is an operator's way: convert a model, import with it, ask
// with it.
func TestBringAnEncoder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	tinyModel(t, in("tiny-bert"))
	article := "---\nid: refunds\ntitle: Refunds\n---\nA refund goes to the card that you paid with, within five days.\n"
	if err := os.MkdirAll(in("articles"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in("articles/refunds.md"), []byte(article), 0o644); err != nil {
		t.Fatal(err)
	}
	frontdesk := func(args ...string) string {
		t.Helper()
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), append(args, "--data", in("data")), strings.NewReader(""), &stdout, &stderr); code != exitOK {
			t.Fatalf("frontdesk %v: exit code %d\n%s", args, code, &stderr)
		}
		return stdout.String()
	}
	out := frontdesk("admin", "encoder", "convert", in("tiny-bert"), "--out", in("tiny.bin"), "--query-prefix", "query: ")
	if !strings.Contains(out, "tiny-bert/int8-v1/") || !strings.Contains(out, "64 values") {
		t.Errorf("convert says %q", out)
	}
	e, err := openEmbedder(t.Context(), Settings{Encoder: in("tiny.bin")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(e.Model(), "tiny-bert/int8-v1/") || e.Dim() != 64 {
		t.Errorf("the setting gives %s of %d values", e.Model(), e.Dim())
	}
	frontdesk("import", in("articles"), "--encoder", in("tiny.bin"))
	var reply struct{ Ranked []string }
	out = frontdesk("ask", "--json", "When is my refund on the card?", "--encoder", in("tiny.bin"))
	if err := json.Unmarshal([]byte(out), &reply); err != nil || len(reply.Ranked) != 1 {
		t.Errorf("ask says %q (error %v)", out, err)
	}
}

func TestEncoderSettingsRefused(t *testing.T) {
	t.Parallel()
	foreign := filepath.Join(t.TempDir(), "model.onnx")
	if err := os.WriteFile(foreign, []byte("\x08\x07onnx"), 0o644); err != nil {
		t.Fatal(err)
	}
	for want, s := range map[string]Settings{
		"keep one":              {Encoder: foreign, EmbedModel: "m"},
		"no such file":          {Encoder: foreign + "x"},
		"admin encoder convert": {Encoder: foreign},
	} {
		_, err := openEmbedder(t.Context(), s, nil)
		if err == nil || !strings.Contains(err.Error(), want) || chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("%+v: error %v, want %q", s, err, want)
		}
	}
}

// tinyModel writes a model folder with made-up weights: one layer, 64 values.
func tinyModel(t *testing.T, dir string) {
	t.Helper()
	words := []string{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "refund", "card", "query", ":", "five", "days"}
	const hidden, inner = 64, 128
	shapes := map[string][]int{
		"embeddings.word_embeddings.weight":       {len(words), hidden},
		"embeddings.position_embeddings.weight":   {32, hidden},
		"embeddings.token_type_embeddings.weight": {2, hidden},
	}
	for name, shape := range map[string][]int{
		"embeddings.LayerNorm": {hidden}, "encoder.layer.0.attention.self.query": {hidden, hidden},
		"encoder.layer.0.attention.self.key": {hidden, hidden}, "encoder.layer.0.attention.self.value": {hidden, hidden},
		"encoder.layer.0.attention.output.dense": {hidden, hidden}, "encoder.layer.0.attention.output.LayerNorm": {hidden},
		"encoder.layer.0.intermediate.dense": {inner, hidden}, "encoder.layer.0.output.dense": {hidden, inner},
		"encoder.layer.0.output.LayerNorm": {hidden},
	} {
		shapes[name+".weight"], shapes[name+".bias"] = shape, shape[:1]
	}
	header, data := map[string]any{}, []byte(nil)
	for name, shape := range shapes {
		from, n := len(data), 1
		for _, d := range shape {
			n *= d
		}
		for i := range n {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(math.Sin(float64(i*i+len(name))))))
		}
		header[name] = map[string]any{"dtype": "F32", "shape": shape, "data_offsets": []int{from, len(data)}}
	}
	text, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"config.json": `{"model_type":"bert","hidden_act":"gelu","hidden_size":64,"num_hidden_layers":1,"num_attention_heads":2,
			"intermediate_size":128,"max_position_embeddings":32,"layer_norm_eps":1e-12}`,
		"vocab.txt":         strings.Join(words, "\n") + "\n",
		"model.safetensors": string(binary.LittleEndian.AppendUint64(nil, uint64(len(text)))) + string(text) + string(data),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
