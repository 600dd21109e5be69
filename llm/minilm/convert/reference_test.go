package convert_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"frontdesk/llm/minilm"
	"frontdesk/llm/minilm/convert"
)

// TestRoundTrip converts models of several shapes and compares the encoder's
// vectors with those of the very weights, computed here in float64.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	pools := map[string]string{
		convert.PoolMean:  `{"pooling_mode_cls_token":false,"pooling_mode_mean_tokens":true}`,
		convert.PoolFirst: `{"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false}`,
	}
	for _, c := range []struct {
		hidden, layers, heads, inner int
		pool                         string
		tokenizer                    bool
		query, passage               string
	}{
		{64, 1, 2, 128, convert.PoolMean, false, "", ""},
		{128, 3, 4, 192, convert.PoolFirst, true, "hellos ", ""},
		{192, 2, 4, 320, convert.PoolMean, true, "hello ", "hellos "},
	} {
		dir := folder(t, func(files map[string]string, tensors map[string][]int) {
			files["config.json"] = fmt.Sprintf(`{"model_type":"bert","hidden_act":"gelu","hidden_size":%d,"num_hidden_layers":%d,
				"num_attention_heads":%d,"intermediate_size":%d,"max_position_embeddings":16,"layer_norm_eps":1e-5}`,
				c.hidden, c.layers, c.heads, c.inner)
			files["1_Pooling/config.json"] = pools[c.pool]
			files["config_sentence_transformers.json"] = fmt.Sprintf(`{"prompts":{"query":%q,"passage":%q}}`, c.query, c.passage)
			if c.tokenizer {
				delete(files, "vocab.txt")
				files["tokenizer.json"] = `{"added_tokens":[{"id":0,"content":"[PAD]"}],
					"normalizer":{"type":"BertNormalizer","lowercase":true},"model":{"type":"WordPiece","continuing_subword_prefix":"##",
					"vocab":{"##s":5,"hello":4,"[SEP]":3,"[CLS]":2,"[UNK]":1}}}`
			}
			shapes(tensors, c.hidden, c.layers, c.inner)
		})
		data, err := run(dir, convert.Options{})
		if err != nil {
			t.Fatal(err)
		}
		e, err := minilm.Open(minilm.Options{Model: data})
		if err != nil {
			t.Fatal(err)
		}
		if name := dir[strings.LastIndex(dir, "/")+1:]; !strings.HasPrefix(e.Model(), name+"/") || e.Dim() != c.hidden {
			t.Errorf("model %s of %d values, want %s", e.Model(), e.Dim(), name)
		}
		ref := reference{c.hidden, c.layers, c.heads, c.inner, c.pool}
		text := "Hello hellos there, hello"
		ids := []int{4, 4, 5, 1, 1, 4}
		prefixes := map[string][]int{"": nil, "hello ": {4}, "hellos ": {4, 5}}
		query, err := e.EmbedQuery(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		passage, err := e.EmbedDocuments(t.Context(), []string{text})
		if err != nil {
			t.Fatal(err)
		}
		ref.near(t, "question", query, append(prefixes[c.query], ids...))
		ref.near(t, "passage", passage[0], append(prefixes[c.passage], ids...))
	}
}

// shapes replaces the tensors by those of a BERT of the given size.
func shapes(tensors map[string][]int, hidden, layers, inner int) {
	clear(tensors)
	for name, rows := range map[string]int{"word": 64, "position": 16, "token_type": 2} {
		tensors["embeddings."+name+"_embeddings.weight"] = []int{rows, hidden}
	}
	part := func(name string, out int, in ...int) {
		tensors[name+".weight"], tensors[name+".bias"] = append([]int{out}, in...), []int{out}
	}
	part("embeddings.LayerNorm", hidden)
	for i := range layers {
		at := fmt.Sprintf("encoder.layer.%d.", i)
		for _, name := range []string{"self.query", "self.key", "self.value", "output.dense"} {
			part(at+"attention."+name, hidden, hidden)
		}
		part(at+"attention.output.LayerNorm", hidden)
		part(at+"intermediate.dense", inner, hidden)
		part(at+"output.dense", hidden, inner)
		part(at+"output.LayerNorm", hidden)
	}
}

// reference is a BERT on the values of value, as the paper has it.
type reference struct {
	hidden, layers, heads, inner int
	pool                         string
}

func (r reference) near(t *testing.T, what string, got []float32, ids []int) {
	t.Helper()
	want := r.vector(append(append([]int{2}, ids...), 3))
	var dot float64
	for i := range got {
		dot += float64(got[i]) * want[i]
	}
	if dot < 0.999 {
		t.Errorf("%v, %s: cosine %.5f to the original weights", r, what, dot)
	}
}

func (r reference) vector(ids []int) []float64 {
	x := make([][]float64, len(ids))
	for i, id := range ids {
		x[i] = make([]float64, r.hidden)
		for j := range x[i] {
			x[i][j] = float64(value("embeddings.word_embeddings.weight", id*r.hidden+j) +
				value("embeddings.position_embeddings.weight", i*r.hidden+j) + value("embeddings.token_type_embeddings.weight", j))
		}
	}
	x = r.norm(x, x, "embeddings.LayerNorm", 0)
	for l := range r.layers {
		at := fmt.Sprintf("encoder.layer.%d.", l)
		x = r.norm(x, r.linear(r.attend(x, at), at+"attention.output.dense", r.hidden), at+"attention.output.LayerNorm", 1)
		up := r.linear(x, at+"intermediate.dense", r.inner)
		for _, row := range up {
			for j, v := range row {
				row[j] = v * 0.5 * math.Erfc(-v/math.Sqrt2)
			}
		}
		x = r.norm(x, r.linear(up, at+"output.dense", r.hidden), at+"output.LayerNorm", 1)
	}
	out := x[0]
	if r.pool == convert.PoolMean {
		for _, row := range x[1:] {
			for j, v := range row {
				out[j] += v
			}
		}
	}
	var square float64
	for _, v := range out {
		square += v * v
	}
	for j := range out {
		out[j] /= math.Sqrt(square)
	}
	return out
}

func (r reference) attend(x [][]float64, at string) [][]float64 {
	q := r.linear(x, at+"attention.self.query", r.hidden)
	k := r.linear(x, at+"attention.self.key", r.hidden)
	v := r.linear(x, at+"attention.self.value", r.hidden)
	width := r.hidden / r.heads
	out := make([][]float64, len(x))
	for i := range x {
		out[i] = make([]float64, r.hidden)
		for h := 0; h < r.hidden; h += width {
			var sum float64
			for j := range x {
				var dot float64
				for c := h; c < h+width; c++ {
					dot += q[i][c] * k[j][c]
				}
				weight := math.Exp(dot / math.Sqrt(float64(width)))
				sum += weight
				for c := h; c < h+width; c++ {
					out[i][c] += weight * v[j][c]
				}
			}
			for c := h; c < h+width; c++ {
				out[i][c] /= sum
			}
		}
	}
	return out
}

func (r reference) linear(x [][]float64, name string, width int) [][]float64 {
	out := make([][]float64, len(x))
	for i := range x {
		out[i] = make([]float64, width)
	}
	for o := range width {
		weights := make([]float64, len(x[0]))
		for j := range weights {
			weights[j] = float64(value(name+".weight", o*len(weights)+j))
		}
		for i, row := range x {
			out[i][o] = float64(value(name+".bias", o))
			for j, v := range row {
				out[i][o] += v * weights[j]
			}
		}
	}
	return out
}

// norm is the layer norm of x + times*add.
func (r reference) norm(x, add [][]float64, name string, times float64) [][]float64 {
	for i, row := range x {
		var mean, variance float64
		for j := range row {
			row[j] += times * add[i][j]
			mean += row[j] / float64(len(row))
		}
		for _, v := range row {
			variance += (v - mean) * (v - mean) / float64(len(row))
		}
		for j, v := range row {
			row[j] = (v-mean)/math.Sqrt(variance+1e-5)*float64(value(name+".weight", j)) + float64(value(name+".bias", j))
		}
	}
	return x
}
