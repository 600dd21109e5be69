package minilm

import (
	"context"
	"math"

	"frontdesk/internal/simd"
	"frontdesk/llm/minilm/internal/modelfile"
)

// block is the number of token rows that a panel of weights is expanded for:
// 96 rows of 384 values are 147 kB, which stay in the second-level cache while
// a panel (24 kB) stays in the first.
const block = 96

// pass holds the buffers of one run through the layers. All matrices are
// row-major, a row a token, with the number of rows padded for the kernel.
type pass struct {
	tokens tokens
	turn   turn
	count  int // tokens
	rows   int // count, padded for simd.MulPanel
	padded int // count, rounded up to simd.Cols

	x      []float32 // [rows][hidden]: the state
	qkv    []float32 // [rows][3*hidden]
	mixed  []float32 // [rows][hidden]: what attention took together
	out    []float32 // [rows][hidden]: a layer's addition to the state
	up     []float32 // [block, or 2 more][feedForward]
	scores []float32 // [rows][padded], of one head
	sums   []float32 // [count], what to divide a head's rows by
	head   []float32 // keys or values of one head, in panels
	expand []float32 // weights, meanwhile
	zeros  []float32 // the start of a product without a bias
}

// run tokenizes text and takes it through the layers; the token vectors, not
// yet of unit length, are then the first count rows of p.x.
func (e *Encoder) run(ctx context.Context, p *pass, text string, u urgency) error {
	m := e.model
	e.tokenizer.tokenize(&p.tokens, text, m.Positions)
	p.turn = turn{urgency: u, questions: &e.questions}
	p.fit(m, len(p.tokens.ids))
	p.embed(m)
	for i := range m.Layer {
		if err := ctx.Err(); err != nil {
			return err
		}
		l := &m.Layer[i]
		p.attend(m, l)
		p.feedForward(m, l)
	}
	return nil
}

// fit makes the buffers large enough for n tokens and clears the rows that
// only fill up the last tile.
func (p *pass) fit(m *modelfile.Model, n int) {
	p.count = n
	p.rows = simd.PadRows(n)
	p.padded = roundUp(n, simd.Cols)
	p.x = grow(p.x, p.rows*m.Hidden)
	p.qkv = grow(p.qkv, p.rows*3*m.Hidden)
	p.mixed = grow(p.mixed, p.rows*m.Hidden)
	p.out = grow(p.out, p.rows*m.Hidden)
	p.up = grow(p.up, min(p.rows, block+2)*m.FeedForward)
	p.scores = grow(p.scores, p.rows*p.padded)
	p.sums = grow(p.sums, n)
	p.head = grow(p.head, p.padded*m.Hidden/m.Heads)
	p.expand = grow(p.expand, simd.Scratch)
	p.zeros = grow(p.zeros, max(p.padded, m.Hidden/m.Heads))
	clear(p.x[n*m.Hidden:])
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }

// grow returns s with n values of any content, making it anew where it is too
// small.
func grow(s []float32, n int) []float32 {
	if cap(s) < n {
		return make([]float32, n)
	}
	return s[:n]
}

// embed sets the state to the sum of each token's vector and its position's.
func (p *pass) embed(m *modelfile.Model) {
	for i, id := range p.tokens.ids {
		x := p.x[i*m.Hidden:][:m.Hidden]
		token := m.Tokens[int(id)*m.Hidden:][:len(x)]
		scale := m.TokenScale[id]
		for j := range x {
			x[j] = float32(token[j]) * scale
		}
	}
	n := p.count * m.Hidden
	normalise(p.x[:n], m.Position[:n], m.EmbedNorm, m)
}

// attend adds to the state what each token draws from the others.
func (p *pass) attend(m *modelfile.Model, l *modelfile.Layer) {
	p.multiply(p.qkv, p.x, p.rows, &l.QKV)
	for h := range m.Heads {
		p.attendHead(m, h)
		p.turn.pause()
	}
	p.multiply(p.out, p.mixed, p.rows, &l.Out)
	normalise(p.x, p.out, l.OutNorm, m)
}

// attendHead writes one head's columns of p.mixed: softmax(Q Kᵀ / sqrt(d)) V.
func (p *pass) attendHead(m *modelfile.Model, h int) {
	width := m.Hidden / m.Heads
	stride := 3 * m.Hidden
	q, k, v := p.qkv[h*width:], p.qkv[m.Hidden+h*width:], p.qkv[2*m.Hidden+h*width:]

	p.packKeys(k, stride, width)
	simd.MulPanels(p.scores, p.padded, p.zeros, 0, q, stride, p.head, width, p.rows, p.padded)
	clear(p.scores[p.count*p.padded:])
	mixed := p.mixed[h*width:]
	for i := range p.count {
		p.sums[i] = simd.ExpSum(p.scores[i*p.padded:][:p.count])
	}
	p.packValues(v, stride, width)
	simd.MulPanels(mixed, m.Hidden, p.zeros, 0, p.scores, p.padded, p.head, p.count, p.rows, width)
	for i := range p.count {
		inverse := 1 / p.sums[i]
		for j, row := 0, mixed[i*m.Hidden:][:width]; j < len(row); j++ {
			row[j] *= inverse
		}
	}
}

// packKeys fills p.head with a head's keys as panels of Cols tokens,
// [padded/Cols][width][Cols], scaled for the dot product. Columns beyond the
// last token are zero.
func (p *pass) packKeys(k []float32, stride, width int) {
	scale := float32(1 / math.Sqrt(float64(width)))
	for c := 0; c < p.padded; c += simd.Cols {
		panel := p.head[c*width:][:width*simd.Cols]
		n := min(simd.Cols, p.count-c)
		if n < simd.Cols {
			clear(panel)
		}
		for j := range n {
			for i, v := range k[(c+j)*stride:][:width] {
				panel[i*simd.Cols+j] = v * scale
			}
		}
	}
}

// packValues fills p.head with a head's values as panels of Cols dimensions,
// [width/Cols][count][Cols].
func (p *pass) packValues(v []float32, stride, width int) {
	for c := 0; c < width; c += simd.Cols {
		panel := p.head[c*p.count:][:p.count*simd.Cols]
		for i := range p.count {
			copy(panel[i*simd.Cols:][:simd.Cols], v[i*stride+c:])
		}
	}
}

// feedForward adds to the state what the two outer products make of it.
func (p *pass) feedForward(m *modelfile.Model, l *modelfile.Layer) {
	for r, rows := 0, 0; r < p.rows; r += rows {
		rows = blockOf(p.rows - r)
		up := p.up[:rows*m.FeedForward]
		p.multiply(up, p.x[r*m.Hidden:], rows, &l.Up)
		for i := range rows {
			simd.GELU(up[i*m.FeedForward:][:m.FeedForward])
		}
		p.multiply(p.out[r*m.Hidden:], up, rows, &l.Down)
	}
	normalise(p.x, p.out, l.Norm, m)
}

// multiply computes c = a * w + bias for a number of rows. Weights are
// expanded once for each block of rows.
func (p *pass) multiply(c, a []float32, rows int, w *modelfile.Matrix) {
	for r, n := 0, 0; r < rows; r += n {
		n = blockOf(rows - r)
		for o, cols := 0, 0; o < w.Out; o += cols {
			cols = min(simd.Width(), w.Out-o)
			simd.MulInt8(c[r*w.Out+o:], w.Out, w.Bias[o:], 0, a[r*w.In:], w.In,
				w.Weights[o*w.In:], w.Scales[o*w.In/simd.ScaleBlock:], w.In, n, cols, p.expand)
			p.turn.pause()
		}
	}
}

// blockOf returns how many of the rows left to do next: a block, or all where
// fewer would remain than the kernel takes.
func blockOf(left int) int {
	if left < block+simd.PadRows(1) {
		return left
	}
	return block
}

func normalise(x, add []float32, n modelfile.Norm, m *modelfile.Model) {
	simd.AddNorm(x, add, n.Weight, n.Bias, float32(m.Epsilon))
}
