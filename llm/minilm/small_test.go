package minilm

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"frontdesk/llm/minilm/internal/modelfile"
)

// A model of two layers and 20 tokens with random weights, small enough to try
// many lengths and to compute in float64.

var smallVocab = []string{
	"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "ab", "##b", "##c", "##d", "##cd", "e", "é",
	",", ".", "[", "]",
}

const smallPositions = 130 // beyond a block of rows

func smallModel(pooling string) *modelfile.Model {
	r := rand.New(rand.NewPCG(11, 12))
	const hidden, inner = 128, 448
	random := func(n int, size float32) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = (r.Float32()*2 - 1) * size
		}
		return x
	}
	norm := func() modelfile.Norm {
		n := modelfile.Norm{Weight: random(hidden, 0.2), Bias: random(hidden, 0.5)}
		for i := range n.Weight {
			n.Weight[i]++
		}
		return n
	}
	matrix := func(in, out int) modelfile.Matrix {
		return modelfile.Quantise(random(in*out, 0.2), random(out, 0.5), in, out)
	}
	m := &modelfile.Model{
		Header: modelfile.Header{
			Name: "small", Hidden: hidden, Layers: 2, Heads: 4, FeedForward: inner, Vocabulary: len(smallVocab),
			Positions: smallPositions, Epsilon: 1e-12, Pooling: pooling,
		},
		Vocab:     []byte(strings.Join(smallVocab, "\n")),
		Position:  random(smallPositions*hidden, 0.5),
		EmbedNorm: norm(),
	}
	m.Tokens, m.TokenScale = modelfile.QuantiseRows(random(len(smallVocab)*hidden, 1), hidden)
	for range m.Layers {
		m.Layer = append(m.Layer, modelfile.Layer{
			QKV: matrix(hidden, 3*hidden), Out: matrix(hidden, hidden), OutNorm: norm(),
			Up: matrix(hidden, inner), Down: matrix(inner, hidden), Norm: norm(),
		})
	}
	return m
}

func encode(t testing.TB, m *modelfile.Model) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := modelfile.Write(&file, m); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func small(t testing.TB, pooling string) *Encoder {
	t.Helper()
	e, err := Open(Options{Model: encode(t, smallModel(pooling))})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestLengths compares a pass with plainPass for numbers of tokens that leave
// every tail of rows and columns: the short ones, those about a block of rows,
// and those about the cut.
func TestLengths(t *testing.T) {
	t.Parallel()
	for _, pooling := range []string{modelfile.PoolMean, modelfile.PoolFirst} {
		e := small(t, pooling)
		for n := 0; n < smallPositions+5; n++ {
			about := n < 20 || block-5 < n && n < block+5 || n > smallPositions-5
			if !about || n%min(sample, 3) != 0 || n%7 != 0 && pooling == modelfile.PoolFirst {
				continue
			}
			var text strings.Builder
			for i := range n {
				fmt.Fprintf(&text, "%c ", "abcde"[i*i%5])
			}
			got, err := e.EmbedQuery(t.Context(), text.String())
			if err != nil {
				t.Fatal(err)
			}
			want := plainPass(e.model, e.ids(text.String()))
			for i := range got {
				if math.Abs(float64(got[i])-want[i]) > 1e-4 {
					t.Fatalf("%s of %d words: value %d is %g, want %g", pooling, n, i, got[i], want[i])
				}
			}
		}
	}
}

// plainPass is the whole model in float64, written the way it is described.
func plainPass(m *modelfile.Model, ids []int) []float64 {
	x := make([][]float64, len(ids))
	for i, id := range ids {
		x[i] = make([]float64, m.Hidden)
		for j := range x[i] {
			x[i][j] = float64(m.Tokens[id*m.Hidden+j])*float64(m.TokenScale[id]) + float64(m.Position[i*m.Hidden+j])
		}
		plainNorm(x[i], m.EmbedNorm, m.Epsilon)
	}
	for _, l := range m.Layer {
		mixed := plainAttention(m, plainLinear(x, l.QKV))
		plainAdd(x, plainLinear(mixed, l.Out), l.OutNorm, m.Epsilon)
		up := plainLinear(x, l.Up)
		for _, row := range up {
			for j, v := range row {
				row[j] = 0.5 * v * (1 + math.Erf(v/math.Sqrt2))
			}
		}
		plainAdd(x, plainLinear(up, l.Down), l.Norm, m.Epsilon)
	}
	out := x[0]
	if m.Pooling == modelfile.PoolMean {
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

func plainAttention(m *modelfile.Model, qkv [][]float64) [][]float64 {
	width := m.Hidden / m.Heads
	out := make([][]float64, len(qkv))
	for i := range qkv {
		out[i] = make([]float64, m.Hidden)
		for h := range m.Heads {
			weights, sum := make([]float64, len(qkv)), 0.0
			for k := range qkv {
				var dot float64
				for j := range width {
					dot += qkv[i][h*width+j] * qkv[k][m.Hidden+h*width+j]
				}
				weights[k] = math.Exp(dot / math.Sqrt(float64(width)))
				sum += weights[k]
			}
			for k := range qkv {
				for j := range width {
					out[i][h*width+j] += weights[k] / sum * qkv[k][2*m.Hidden+h*width+j]
				}
			}
		}
	}
	return out
}

func plainLinear(x [][]float64, w modelfile.Matrix) [][]float64 {
	dense := make([][]float64, w.Out)
	for o := range dense {
		dense[o] = make([]float64, w.In)
		panel, lane := o/16, o%16
		for i := range dense[o] {
			scale := w.Scales[(panel*(w.In/64)+i/64)*16+lane]
			dense[o][i] = float64(w.Weights[(panel*w.In+i)*16+lane]) * float64(scale)
		}
	}
	out := make([][]float64, len(x))
	for r := range x {
		out[r] = make([]float64, w.Out)
		for o, row := range dense {
			sum := float64(w.Bias[o])
			for i, v := range x[r] {
				sum += v * row[i]
			}
			out[r][o] = sum
		}
	}
	return out
}

func plainAdd(x, add [][]float64, n modelfile.Norm, epsilon float64) {
	for i := range x {
		for j := range x[i] {
			x[i][j] += add[i][j]
		}
		plainNorm(x[i], n, epsilon)
	}
}

func plainNorm(x []float64, n modelfile.Norm, epsilon float64) {
	var mean, variance float64
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / float64(len(x))
	}
	for j, v := range x {
		x[j] = (v-mean)/math.Sqrt(variance+epsilon)*float64(n.Weight[j]) + float64(n.Bias[j])
	}
}
