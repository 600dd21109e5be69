package convert_test

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
	"frontdesk/llm/minilm/convert"
)

const config = `{"_name_or_path":"someone/tiny-bert","model_type":"bert","hidden_act":"gelu","hidden_size":64,
"num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":128,"max_position_embeddings":8,"layer_norm_eps":1e-12}`

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

// value is the made-up content of a tensor: multiples of 1/64 that each of the
// types holds exactly, about 1 in the weights of layer norms.
func value(name string, i int) float32 {
	h := uint32(i+1) * 2654435761
	for _, c := range []byte(strings.TrimPrefix(name, "bert.")) {
		h = (h ^ uint32(c)) * 16777619
	}
	v := float32(h>>8%31) - 15
	if strings.HasSuffix(name, "LayerNorm.weight") {
		v += 64
	}
	return v / 64
}

// safetensors writes tensors of the given shapes.
func safetensors(t *testing.T, tensors map[string][]int, dtype string) []byte {
	t.Helper()
	header, data := map[string]any{"__metadata__": map[string]string{"format": "pt"}}, []byte(nil)
	for name, shape := range tensors {
		n, from := 1, len(data)
		for _, d := range shape {
			n *= d
		}
		for i := range n {
			v := value(name, i)
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

func run(dir string, o convert.Options) ([]byte, error) {
	var out bytes.Buffer
	err := convert.Folder(&out, dir, o)
	return out.Bytes(), err
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
		data, err := run(dir, convert.Options{QueryPrefix: "hello "})
		if err != nil {
			t.Fatal(err)
		}
		e, err := minilm.Open(minilm.Options{Model: data})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(e.Model(), "tiny-bert/int8-v1/") || e.Dim() != 64 {
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

// TestCommitted converts the original of the embedded model, where it is.
func TestCommitted(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("FRONTDESK_MINILM_FOLDER")
	if dir == "" {
		t.Skip("FRONTDESK_MINILM_FOLDER is not set: NOTICE says which folder it should name")
	}
	want, err := os.ReadFile(filepath.Join("..", "model.bin"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := run(dir, convert.Options{Name: "all-MiniLM-L6-v2"})
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s gives other bytes than the committed model (error %v)", dir, err)
	}
}

func TestSameBytes(t *testing.T) {
	t.Parallel()
	dir := folder(t, nil)
	first, err := run(dir, convert.Options{Name: "x"})
	if err != nil {
		t.Fatal(err)
	}
	second, err := run(dir, convert.Options{Name: "x"})
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
	if _, err := run(dir, convert.Options{}); err != nil {
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
		"another kind":    {replace(`"bert"`, `"xlm-roberta"`), "model_type"},
		"another GELU":    {replace(`"gelu"`, `"gelu_new"`), "hidden_act"},
		"relative":        {replace(`"model_type"`, `"position_embedding_type":"relative_key","model_type"`), "position_embedding_type"},
		"cased":           {add("tokenizer_config.json", `{"do_lower_case":false}`), "cased"},
		"odd pooling":     {add("1_Pooling/config.json", `{"pooling_mode_cls_token":false,"pooling_mode_mean_tokens":false}`), "pooling"},
		"broken config":   {add("config.json", `{`), "config.json"},
		"no specials":     {add("vocab.txt", "a\nb\nc\nd\ne\nf\n"), "[UNK]"},
		"long vocabulary": {add("vocab.txt", "[UNK]\n[CLS]\n[SEP]\na\nb\nc\nd\n"), "7 tokens"},
		"short vocabulary": {func(files map[string]string, tensors map[string][]int) {
			tensors["embeddings.word_embeddings.weight"] = []int{134, 64}
		}, "134"},
		"another step": {add("modules.json", `[{"type":"sentence_transformers.models.Dense"}]`), "Dense"},
		"no sizes":     {add("config.json", `{"model_type":"bert","hidden_act":"gelu"}`), "hidden_size"},
		"wide heads":   {replace(`"num_attention_heads":2`, `"num_attention_heads":8`), "multiple of 16"},
		"no tensors":   {add("model.safetensors", "x"), "safetensors"},
		"LFS pointer":  {add("model.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:0"), "LFS"},
		"large header": {add("model.safetensors", "\xff\xff\xff\xff\xff\xff\xff\xff{}"), "safetensors"},
		"another type": {add("dtype", "I32"), "I32"},
		"odd width":    {replace(`"hidden_size":64`, `"hidden_size":60`), "word_embeddings"},
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
		"cased tokenizer": {tokenizerOnly(`{"model":{"type":"WordPiece","continuing_subword_prefix":"##","vocab":{}},"normalizer":{"type":"BertNormalizer","lowercase":false}}`), "uncased"},
		"multilingual":    {tokenizerOnly(`{"model":{"type":"Unigram","vocab":[["<s>",0]]}}`), "Unigram"},
		"holes":           {tokenizerOnly(`{"model":{"type":"WordPiece","continuing_subword_prefix":"##","vocab":{"a":0,"b":2}},"normalizer":{"type":"BertNormalizer","lowercase":true}}`), "id 1"},
		"no tokens":       {func(files map[string]string, _ map[string][]int) { delete(files, "vocab.txt") }, "vocab.txt"},
		"no config":       {func(files map[string]string, _ map[string][]int) { delete(files, "config.json") }, "config.json"},
	} {
		_, err := run(folder(t, c.spoil), convert.Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one about %s", name, err, c.want)
		}
	}
}

func tokenizerOnly(text string) func(map[string]string, map[string][]int) {
	return func(files map[string]string, _ map[string][]int) {
		delete(files, "vocab.txt")
		files["tokenizer.json"] = text
	}
}

// TestNoWeights is the folder of a model that was saved in an older form.
func TestNoWeights(t *testing.T) {
	t.Parallel()
	dir := folder(t, nil)
	if err := os.Remove(filepath.Join(dir, "model.safetensors")); err != nil {
		t.Fatal(err)
	}
	if _, err := run(dir, convert.Options{}); err == nil || !strings.Contains(err.Error(), "saved as one safetensors file") {
		t.Errorf("error %v", err)
	}
}

// TestTruncated cuts the weights off at many places.
func TestTruncated(t *testing.T) {
	t.Parallel()
	dir := folder(t, nil)
	path := filepath.Join(dir, "model.safetensors")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(whole); n += 1 + n/3 {
		if err := os.WriteFile(path, whole[:n], 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := run(dir, convert.Options{}); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%d of %d bytes: error %v", n, len(whole), err)
		}
	}
}

// TestNotFinite has a weight that is no number.
func TestNotFinite(t *testing.T) {
	t.Parallel()
	dir := folder(t, nil)
	path := filepath.Join(dir, "model.safetensors")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	binary.LittleEndian.PutUint32(whole[len(whole)-4:], 0x7fc00000)
	if err := os.WriteFile(path, whole, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := run(dir, convert.Options{}); err == nil || !strings.Contains(err.Error(), "NaN") {
		t.Errorf("error %v", err)
	}
}
