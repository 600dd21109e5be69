package minilm

import (
	"fmt"
	"strings"
	"testing"

	"frontdesk/internal/simd"
)

// BenchmarkPass times a pass and, turn by turn in the same run, its floor: the
// bare matrix products of the same shapes, with the same kernel, on weights
// that are already float32 and in the cache. The ratio is what everything else
// costs: tokens, expanding weights, softmax, GELU, layer norms.
func BenchmarkPass(b *testing.B) {
	e := open(b)
	for _, n := range []int{12, 16, 128, 256} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			text := strings.Repeat("order ", n-2)
			if got := len(e.ids(text)); got != n {
				b.Fatalf("%d tokens, want %d", got, n)
			}
			floor := newFloor(e, n)
			var pass, bare stopwatch
			for b.Loop() {
				pass.time(func() {
					if _, err := e.EmbedQuery(b.Context(), text); err != nil {
						b.Fatal(err)
					}
				})
				bare.time(floor.run)
			}
			b.ReportMetric(pass.median()*1e3, "ms/pass")
			b.ReportMetric(bare.median()*1e3, "ms/floor")
			b.ReportMetric(pass.median()/bare.median(), "ratio")
		})
	}
}

// floor does the matrix products of one pass of n tokens and nothing else.
type floor struct {
	e          *Encoder
	rows, cols int
	a, b, c    []float32
	zero       []float32
}

func newFloor(e *Encoder, n int) *floor {
	m := e.model
	f := &floor{e: e, rows: simd.PadRows(n), cols: roundUp(n, simd.Cols)}
	width := max(3*m.Hidden, m.FeedForward, f.cols)
	f.a, f.c = make([]float32, f.rows*width), make([]float32, f.rows*width)
	f.b, f.zero = make([]float32, panelInputs*simd.Cols), make([]float32, simd.Cols)
	for i := range f.a {
		f.a[i] = float32(i%7) - 3
	}
	for i := range f.b {
		f.b[i] = float32(i%5) - 2
	}
	return f
}

func (f *floor) run() {
	m := f.e.model
	head := m.Hidden / m.Heads
	for range m.Layers {
		f.product(m.Hidden, 3*m.Hidden, 3*m.Hidden)
		for range m.Heads {
			f.product(head, f.cols, f.cols)
			f.product(f.cols, head, m.Hidden)
		}
		f.product(m.Hidden, m.Hidden, m.Hidden)
		f.product(m.Hidden, m.FeedForward, m.FeedForward)
		f.product(m.FeedForward, m.Hidden, m.Hidden)
	}
}

// product multiplies rows of in values into out columns of rows stride apart,
// in the blocks and panels that a pass uses.
func (f *floor) product(in, out, stride int) {
	for r, n := 0, 0; r < f.rows; r += n {
		n = blockOf(f.rows - r)
		for o := 0; o < out; o += simd.Cols {
			start, from := f.zero, 0
			c := f.c[r*stride+o:]
			for i := 0; i < in; i += panelInputs {
				simd.MulPanel(c, stride, start, from, f.a[r*in+i:], in, f.b, min(panelInputs, in-i), n)
				start, from = c, stride
			}
		}
	}
}
