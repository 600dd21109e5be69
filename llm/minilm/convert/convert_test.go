package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frontdesk/llm/minilm"
	"frontdesk/llm/minilm/internal/modelfile"
)

const config = `{"_name_or_path":"someone/tiny-bert","model_type":"bert","hidden_act":"gelu","hidden_size":64,
"num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":128,"vocab_size":6,"max_position_embeddings":8,"layer_norm_eps":1e-12}`

// folder writes a model folder; spoil may change its files and tensors.
func folder(t *testing.T, spoil func(files map[string]string, tensors map[string][]int)) string {
	t.Helper()
	tensors := map[string][]int{
		"embeddings.word_embeddings.weight":       {6, 64},
		"embeddings.position_embeddings.weight":   {8, 64},
		"embeddings.token_type_embeddings.weight": {2, 64},
	}
	norm := func(name string) { tensors[name+".weight"], tensors[name+".bias"] = []int{64}, []int{64} }
	linear := func(name string, in, out int) {
		tensors[name+".weight"], tensors[name+".bias"] = []int{out, in}, []int{out}
	}
	norm("embeddings.LayerNorm")
	for _, part := range []string{"self.query", "self.key", "self.value", "output.dense"} {
		linear("encoder.layer.0.attention."+part, 64, 64)
	}
	norm("encoder.layer.0.attention.output.LayerNorm")
	linear("encoder.layer.0.intermediate.dense", 64, 128)
	linear("encoder.layer.0.output.dense", 128, 64)
	norm("encoder.layer.0.output.LayerNorm")
	files := map[string]string{"config.json": config, "vocab.txt": "[PAD]\n[UNK]\n[CLS]\n[SEP]\nhello\n##s\n", "dtype": "F32"}
	if spoil != nil {
		spoil(files, tensors)
	}
	dir := t.TempDir()
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, given := files["model.safetensors"]; !given {
		if err := os.WriteFile(filepath.Join(dir, "model.safetensors"), safetensors(t, tensors, files["dtype"]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// safetensors writes tensors whose values are small multiples of 1/64, exact in
// each of the types.
func safetensors(t *testing.T, tensors map[string][]int, dtype string) []byte {
	t.Helper()
	header, data := map[string]any{"__metadata__": map[string]string{"format": "pt"}}, []byte(nil)
	for name, shape := range tensors {
		n, from := 1, len(data)
		for _, d := range shape {
			n *= d
		}
		for i := range n {
			v := float32((i*7+len(name))%31-15) / 64
			switch dtype {
			case "F16":
				data = binary.LittleEndian.AppendUint16(data, toHalf(v))
			case "BF16":
				data = binary.LittleEndian.AppendUint16(data, uint16(math.Float32bits(v)>>16))
			default:
				data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
			}
		}
		header[name] = map[string]any{"dtype": dtype, "shape": shape, "data_offsets": []int{from, len(data)}}
	}
	text, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	return append(append(out, text...), data...)
}

// toHalf converts a value that half precision holds exactly.
func toHalf(v float32) uint16 {
	if v == 0 {
		return 0
	}
	b := math.Float32bits(v)
	return uint16(b>>16&0x8000) | uint16(int(b>>23&255)-127+15)<<10 | uint16(b>>13&1023)
}

func run(t *testing.T, dir string, given modelfile.Header) ([]byte, error) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "model.bin")
	if err := convert(dir, out, given); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return data, nil
}

// TestConvert converts the same weights in each type: all but the checksum of
// the source must be the same, and the encoder must take it.
func TestConvert(t *testing.T) {
	t.Parallel()
	var vectors []string
	for _, dtype := range []string{"F32", "F16", "BF16"} {
		dir := folder(t, func(files map[string]string, tensors map[string][]int) {
			files["dtype"] = dtype
			files["1_Pooling/config.json"] = `{"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false}`
			files["sentence_bert_config.json"] = `{"max_seq_length":5}`
		})
		data, err := run(t, dir, modelfile.Header{QueryPrefix: "hello "})
		if err != nil {
			t.Fatal(err)
		}
		e, err := minilm.Open(minilm.Options{Model: data})
		if err != nil {
			t.Fatal(err)
		}
		if e.Model() != "tiny-bert/int8-v1" || e.Dim() != 64 {
			t.Errorf("model %s of %d dimensions", e.Model(), e.Dim())
		}
		ids, _, _, err := e.Tokens(t.Context(), "hellos hello there")
		if err != nil || fmt.Sprint(ids) != "[2 4 5 4 3]" {
			t.Errorf("tokens %v, error %v", ids, err)
		}
		question, err := e.EmbedQuery(t.Context(), "hello")
		if err != nil {
			t.Fatal(err)
		}
		passages, err := e.EmbedDocuments(t.Context(), []string{"hello hello", "hello"})
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(question) != fmt.Sprint(passages[0]) || fmt.Sprint(question) == fmt.Sprint(passages[1]) {
			t.Error("the question's prefix is not put before it")
		}
		vectors = append(vectors, fmt.Sprint(question))
	}
	if vectors[0] != vectors[1] || vectors[0] != vectors[2] {
		t.Error("the types give different vectors")
	}
}

func TestSameBytes(t *testing.T) {
	t.Parallel()
	dir := folder(t, nil)
	first, err := run(t, dir, modelfile.Header{Name: "x"})
	if err != nil {
		t.Fatal(err)
	}
	second, err := run(t, dir, modelfile.Header{Name: "x"})
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("the same folder gives different bytes (error %v)", err)
	}
}

func TestBertPrefix(t *testing.T) {
	t.Parallel()
	dir := folder(t, func(_ map[string]string, tensors map[string][]int) {
		for name, shape := range tensors {
			if !strings.HasPrefix(name, "bert.") {
				delete(tensors, name)
				tensors["bert."+name] = shape
			}
		}
	})
	if _, err := run(t, dir, modelfile.Header{}); err != nil {
		t.Error(err)
	}
}

func TestConvertRefuses(t *testing.T) {
	t.Parallel()
	replace := func(old, new string) func(map[string]string, map[string][]int) {
		return func(files map[string]string, _ map[string][]int) {
			files["config.json"] = strings.Replace(config, old, new, 1)
		}
	}
	add := func(name, text string) func(map[string]string, map[string][]int) {
		return func(files map[string]string, _ map[string][]int) { files[name] = text }
	}
	for name, c := range map[string]struct {
		spoil func(map[string]string, map[string][]int)
		want  string
	}{
		"another kind":     {replace(`"bert"`, `"xlm-roberta"`), "model_type"},
		"another GELU":     {replace(`"gelu"`, `"gelu_new"`), "hidden_act"},
		"relative":         {replace(`"model_type"`, `"position_embedding_type":"relative_key","model_type"`), "position_embedding_type"},
		"cased":            {add("tokenizer_config.json", `{"do_lower_case":false}`), "cased"},
		"odd pooling":      {add("1_Pooling/config.json", `{"pooling_mode_cls_token":false,"pooling_mode_mean_tokens":false}`), "pooling"},
		"broken config":    {add("config.json", `{`), "config.json"},
		"short vocabulary": {add("vocab.txt", "[UNK]\n[CLS]\n"), "vocab.txt"},
		"no tensors":       {add("model.safetensors", "x"), "safetensors"},
		"large header":     {add("model.safetensors", "\xff\xff\xff\xff\xff\xff\xff\xff{}"), "safetensors"},
		"another type":     {add("dtype", "I32"), "I32"},
		"odd width":        {replace(`"hidden_size":64`, `"hidden_size":60`), "word_embeddings"},
		"missing tensor": {func(_ map[string]string, tensors map[string][]int) {
			delete(tensors, "encoder.layer.0.output.dense.bias")
		}, "encoder.layer.0.output.dense.bias"},
		"another shape": {func(_ map[string]string, tensors map[string][]int) {
			tensors["encoder.layer.0.output.dense.weight"] = []int{64, 64}
		}, "encoder.layer.0.output.dense.weight"},
		"few positions": {func(_ map[string]string, tensors map[string][]int) {
			tensors["embeddings.position_embeddings.weight"] = []int{4, 64}
		}, "positions"},
		"no positions": {func(_ map[string]string, tensors map[string][]int) {
			delete(tensors, "embeddings.position_embeddings.weight")
		}, "position_embeddings"},
	} {
		_, err := run(t, folder(t, c.spoil), modelfile.Header{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one about %s", name, err, c.want)
		}
	}
}

func TestHalf(t *testing.T) {
	t.Parallel()
	for bits, want := range map[uint16]float32{
		0: 0, 0x3c00: 1, 0xbc00: -1, 0x7bff: 65504, 1: 1.0 / (1 << 24), 0x03ff: 1023.0 / (1 << 24), 0x0400: 1.0 / (1 << 14),
		0x3555: 0.333251953125, 0x7c00: float32(math.Inf(1)), 0xfc00: float32(math.Inf(-1)),
	} {
		if got := half(bits); got != want {
			t.Errorf("%#04x: %g, want %g", bits, got, want)
		}
	}
	if got := half(0x7e00); got == got {
		t.Errorf("0x7e00: %g, want a NaN", got)
	}
}
