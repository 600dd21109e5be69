package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// Every exported function is compared with a float64 sum written out plainly
// here, at whatever level is in use; so the plain-Go kernels are tested by the
// purego build and by TestGenericAgrees.

// lengths cross every unrolled step of the kernels and leave every tail.
func lengths(r *rand.Rand) []int {
	var n []int
	for i := 1; i <= 70; i++ {
		n = append(n, i)
	}
	return append(n, 384, 768, 100+r.IntN(900), 1000+r.IntN(3000))
}

// random returns n values between -1 and 1 that start at an odd address: off
// values, not a multiple of eight, into their array.
func random(r *rand.Rand, n int) []float32 {
	off := 1 + r.IntN(7)
	x := make([]float32, off+n, off+n+9)[off:]
	for i := range x {
		x[i] = r.Float32()*2 - 1
	}
	return x
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

func near(t *testing.T, what string, got float32, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(float64(got)-want) <= tolerance) {
		t.Fatalf("%s (%s): got %g, want %g, off by %g", what, Level(), got, want, float64(got)-want)
	}
}

func plainDot(a, b []float32) float64 {
	var s float64
	for i := range a {
		s += float64(a[i]) * float64(b[i])
	}
	return s
}

func TestDot(t *testing.T) {
	t.Parallel()
	r := newRand(1)
	for _, n := range append(lengths(r), floatsPerCall+13) {
		a, b := random(r, n), random(r, n)
		near(t, fmt.Sprintf("Dot of %d", n), Dot(a, b), plainDot(a, b), 1e-6*(1+float64(n)/20))
	}
	if got := Dot(nil, nil); got != 0 {
		t.Errorf("Dot of nothing: %g", got)
	}
}

func TestDotRows(t *testing.T) {
	t.Parallel()
	r := newRand(2)
	for _, dim := range []int{1, 3, 7, 8, 9, 15, 16, 17, 31, 40, 384, 385, 1000} {
		for _, n := range []int{0, 1, 2, 3, 4, 5, 8, 11, floatsPerCall/1000 + 3} {
			q, rows := random(r, dim), random(r, n*dim)
			out := random(r, n+2)
			after := out[n]
			DotRows(out[:n], q, rows, dim)
			for i := range n {
				near(t, fmt.Sprintf("row %d of %d, %d wide", i, n, dim), out[i],
					plainDot(q, rows[i*dim:(i+1)*dim]), 1e-6*(1+float64(dim)/20))
			}
			if out[n] != after {
				t.Fatalf("DotRows of %d rows wrote beyond its result", n)
			}
		}
	}
}

func TestMulPanel(t *testing.T) {
	t.Parallel()
	r := newRand(3)
	for _, k := range append(lengths(r), 1536, inputsPerCall+7) {
		rows := PadRows(1 + r.IntN(20))
		ldc, lda := Cols+r.IntN(20), k+r.IntN(9)
		a, b := random(r, rows*lda), random(r, k*Cols)
		c := random(r, rows*ldc)
		before := append([]float32(nil), c...)
		start, ldi := random(r, Cols), 0
		if r.IntN(2) == 0 {
			start, ldi = c, ldc
		}
		want := make([]float64, rows*Cols)
		for i := range rows {
			for j := range Cols {
				want[i*Cols+j] = float64(start[i*ldi+j])
				for x := range k {
					want[i*Cols+j] += float64(a[i*lda+x]) * float64(b[x*Cols+j])
				}
			}
		}
		MulPanel(c, ldc, start, ldi, a, lda, b, k, rows)
		for i, got := range c {
			if i%ldc >= Cols {
				if got != before[i] {
					t.Fatalf("k %d: wrote beyond the panel at row %d, column %d", k, i/ldc, i%ldc)
				}
				continue
			}
			near(t, fmt.Sprintf("k %d, row %d, column %d", k, i/ldc, i%ldc), got,
				want[i/ldc*Cols+i%ldc], 2e-6*(1+float64(k)/20))
		}
	}
}

func TestPadRows(t *testing.T) {
	t.Parallel()
	for n, want := range []int{4, 4, 4, 4, 4, 6, 6, 8, 8, 10, 10, 12, 12, 14} {
		if got := PadRows(n); got != want {
			t.Errorf("PadRows(%d) = %d, want %d", n, got, want)
		}
	}
}

func TestExpand(t *testing.T) {
	t.Parallel()
	r := newRand(4)
	for _, k := range []int{64, 128, 192, 384, 1536, inputsPerCall + ScaleBlock} {
		q := make([]int8, k*Cols+5)[5:]
		for i := range q {
			q[i] = int8(r.IntN(256) - 128)
		}
		scales := random(r, k/ScaleBlock*Cols)
		dst := random(r, k*Cols+1)
		after := dst[k*Cols]
		Expand(dst, q, scales, k)
		for i := range q {
			if want := float32(q[i]) * scales[i/Cols/ScaleBlock*Cols+i%Cols]; dst[i] != want {
				t.Fatalf("k %d, weight %d: got %g, want %g", k, i, dst[i], want)
			}
		}
		if dst[k*Cols] != after {
			t.Fatalf("k %d: wrote beyond the panel", k)
		}
	}
}

func TestExpSum(t *testing.T) {
	t.Parallel()
	r := newRand(5)
	for _, n := range append(lengths(r), valuesPerCall+9) {
		all := random(r, n+1)
		x, after := all[:n], all[n]
		spread := []float32{0.1, 5, 60, 300}[r.IntN(4)]
		top := float32(math.Inf(-1))
		for i := range x {
			x[i] *= spread
			top = max(top, x[i])
		}
		was := append([]float32(nil), x...)
		sum, want := ExpSum(x), 0.0
		for i := range x {
			e := math.Exp(float64(was[i] - top))
			want += e
			near(t, fmt.Sprintf("exp(%g) of %d", was[i]-top, n), x[i], e, 3e-7*e+2e-38)
		}
		near(t, fmt.Sprintf("sum of %d", n), sum, want, 1e-6*want*(1+float64(n)/500))
		if all[n] != after {
			t.Fatalf("ExpSum of %d wrote beyond its values", n)
		}
	}
	if got := ExpSum(nil); got != 0 {
		t.Errorf("ExpSum of nothing: %g", got)
	}
}

func TestGELU(t *testing.T) {
	t.Parallel()
	r := newRand(6)
	for _, n := range append(lengths(r), valuesPerCall+9) {
		all := random(r, n+1)
		x, after := all[:n], all[n]
		for i := range x {
			x[i] *= 12
		}
		x[0] = 0
		was := append([]float32(nil), x...)
		GELU(x)
		for i := range x {
			v := float64(was[i])
			near(t, fmt.Sprintf("GELU(%g) of %d", v, n), x[i], 0.5*v*math.Erfc(-v/math.Sqrt2), 2e-6)
		}
		if all[n] != after {
			t.Fatalf("GELU of %d wrote beyond its values", n)
		}
	}
	far := []float32{1e30, -1e30, 50, -50, 0, 8, -8, 1e-30}
	GELU(far)
	for i, want := range []float64{1e30, 0, 50, 0, 0, 8, 0, 5e-31} {
		near(t, fmt.Sprintf("GELU far out, %d", i), far[i], want, want*1e-6+1e-6)
	}
}

// TestGenericAgrees runs the plain-Go kernels beside those in use.
func TestGenericAgrees(t *testing.T) {
	t.Parallel()
	r := newRand(7)
	for _, n := range lengths(r) {
		a, b := random(r, n), random(r, n)
		near(t, "dot", Dot(a, b), float64(dotGeneric(a, b)), 1e-6*(1+float64(n)/20))

		rows, out, plain := random(r, 5*n), make([]float32, 5), make([]float32, 5)
		DotRows(out, a, rows, n)
		dotRowsGeneric(plain, a, rows, n)
		for i := range out {
			near(t, "dot rows", out[i], float64(plain[i]), 1e-6*(1+float64(n)/20))
		}

		x, y := random(r, n), make([]float32, n)
		copy(y, x)
		near(t, "sum of exp", ExpSum(x), float64(expSumGeneric(y)), 1e-5*float64(n))
		x, y = random(r, n), make([]float32, n)
		copy(y, x)
		GELU(x)
		geluGeneric(y)
		for i := range x {
			near(t, "gelu", x[i], float64(y[i]), 3e-6)
		}

		m, p := random(r, n*Cols), random(r, tileRows*n)
		c, d := make([]float32, tileRows*Cols), make([]float32, tileRows*Cols)
		MulPanel(c, Cols, make([]float32, Cols), 0, p, n, m, n, tileRows)
		mulTileGeneric(tileRows, &d[0], Cols, &d[0], Cols, &p[0], n, &m[0], n)
		for i := range c {
			near(t, "tile", c[i], float64(d[i]), 2e-6*(1+float64(n)/20))
		}
	}
}

func TestShortSlicesPanic(t *testing.T) {
	t.Parallel()
	f := func(n int) []float32 { return make([]float32, n) }
	for name, call := range map[string]func(){
		"dot":            func() { Dot(f(8), f(9)) },
		"rows":           func() { DotRows(f(2), f(8), f(15), 8) },
		"rows, query":    func() { DotRows(f(2), f(7), f(16), 8) },
		"panel, odd":     func() { MulPanel(f(96), 16, f(16), 0, f(96), 16, f(256), 16, 5) },
		"panel, result":  func() { MulPanel(f(95), 16, f(16), 0, f(96), 16, f(256), 16, 6) },
		"panel, start":   func() { MulPanel(f(96), 16, f(15), 0, f(96), 16, f(256), 16, 6) },
		"panel, a":       func() { MulPanel(f(96), 16, f(16), 0, f(95), 16, f(256), 16, 6) },
		"panel, b":       func() { MulPanel(f(96), 16, f(16), 0, f(96), 16, f(255), 16, 6) },
		"panel, stride":  func() { MulPanel(f(96), -16, f(16), 0, f(96), 16, f(256), 16, 6) },
		"expand, odd":    func() { Expand(f(1024), make([]int8, 1024), f(16), 63) },
		"expand, dst":    func() { Expand(f(1023), make([]int8, 1024), f(16), 64) },
		"expand, source": func() { Expand(f(1024), make([]int8, 1023), f(16), 64) },
		"expand, scales": func() { Expand(f(1024), make([]int8, 1024), f(15), 64) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
}

func TestAllocations(t *testing.T) {
	a, b := make([]float32, 384), make([]float32, 384)
	rows, out := make([]float32, 10*384), make([]float32, 10)
	m, q, c := make([]float32, 384*Cols), make([]int8, 384*Cols), make([]float32, tileRows*Cols)
	p, start, scales := make([]float32, tileRows*384), make([]float32, Cols), make([]float32, 6*Cols)
	if n := testing.AllocsPerRun(20, func() {
		Dot(a, b)
		DotRows(out, a, rows, 384)
		Expand(m, q, scales, 384)
		MulPanel(c, Cols, start, 0, p, 384, m, 384, tileRows)
		ExpSum(a)
		GELU(b)
	}); n != 0 {
		t.Errorf("%g allocations a run, want none", n)
	}
}
