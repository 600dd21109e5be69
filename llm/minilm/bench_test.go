package minilm

import (
	"fmt"
	"strings"
	"testing"

	"frontdesk/internal/simd"
)

// BenchmarkPass times a pass and its floor, turn by turn, with the kernels of
// each level for eight turns at a time, so that weights are as near as they are
// when that level runs alone: the floor is the bare matrix products of the same shapes,
// with the same kernel, on weights that are already float32 and in the cache.
// Its ratio is what everything else costs: tokens, weights from memory and
// their expansion, softmax, GELU, layer norms. Times are the processor's,
// and the lowest decile, since a shared machine only ever adds to them.
func BenchmarkPass(b *testing.B) {
	e := open(b)
	for _, n := range []int{12, 16, 128, 256} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			text := strings.Repeat("order ", n-2)
			if got := len(e.ids(text)); got != n {
				b.Fatalf("%d tokens, want %d", got, n)
			}
			f := newFloor(e, n)
			levels := simd.Levels()[min(1, len(simd.Levels())-1):] // without plain Go, where there is better
			pass, floor := make([]stopwatch, len(levels)), make([]stopwatch, len(levels))
			defer func(before string) { use(b, before) }(simd.Level())
			for b.Loop() {
				for i, level := range levels {
					use(b, level)
					for range 8 {
						pass[i].timeAlone(func() {
							if _, err := e.EmbedQuery(b.Context(), text); err != nil {
								b.Fatal(err)
							}
						})
						floor[i].timeAlone(f.run)
					}
				}
			}
			for i, level := range levels {
				p := pass[i].quantile(0.1)
				b.ReportMetric(p*1e3, "ms/"+level)
				b.ReportMetric(p/floor[i].quantile(0.1), level+"/floor")
				if i > 0 {
					b.ReportMetric(p/pass[0].quantile(0.1), level+"/"+levels[0])
				}
			}
			b.ReportMetric(0, "ns/op") // of no meaning here
		})
	}
}

func use(t testing.TB, level string) {
	t.Helper()
	if err := simd.Use(level); err != nil {
		t.Fatal(err)
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
	f.b, f.zero = make([]float32, max(simd.Scratch, width*simd.Cols)), make([]float32, width)
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
		for o, cols := 0, 0; o < out; o += cols {
			cols = min(simd.Width(), out-o)
			start, from := f.zero, 0
			c := f.c[r*stride+o:]
			for i, k := 0, 0; i < in; i += k {
				k = min(simd.Scratch/cols, in-i)
				simd.MulPanels(c, stride, start, from, f.a[r*in+i:], in, f.b, k, n, cols)
				start, from = c, stride
			}
		}
	}
}
