package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// TestKernels compares every exported function with a float64 sum written out
// plainly here, at every level that the processor runs. It and the benchmarks
// change the level, so no test of this package runs beside it.
func TestKernels(t *testing.T) {
	for _, level := range Levels() {
		t.Run(level, func(t *testing.T) {
			with(t, level)
			t.Run("Dot", testDot)
			t.Run("DotRows", testDotRows)
			t.Run("MulPanels", testMulPanels)
			t.Run("Expand", testExpand)
			t.Run("MulInt8", testMulInt8)
			t.Run("ExpSum", testExpSum)
			t.Run("GELU", testGELU)
			t.Run("AddNorm", testAddNorm)
			t.Run("ShortSlices", testShortSlices)
			t.Run("Allocations", testAllocations)
		})
	}
}

// with puts a level in use until the test ends.
func with(t testing.TB, level string) {
	t.Helper()
	before := Level()
	if err := Use(level); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := Use(before); err != nil {
			t.Fatal(err)
		}
	})
}

func TestUse(t *testing.T) {
	all := Levels()
	if got := Level(); got != all[len(all)-1] || all[0] != "generic" {
		t.Errorf("%s is in use, of %v", got, all)
	}
	if err := Use("sse9"); err == nil || Level() != all[len(all)-1] {
		t.Errorf("use of sse9: error %v, then %s", err, Level())
	}
}

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

func testDot(t *testing.T) {
	r := newRand(1)
	for _, n := range append(lengths(r), floatsPerCall+13) {
		a, b := random(r, n), random(r, n)
		near(t, fmt.Sprintf("Dot of %d", n), Dot(a, b), plainDot(a, b), 1e-6*(1+float64(n)/20))
	}
	if got := Dot(nil, nil); got != 0 {
		t.Errorf("Dot of nothing: %g", got)
	}
}

func testDotRows(t *testing.T) {
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

func testMulPanels(t *testing.T) {
	r := newRand(3)
	for n, k := range append(lengths(r), 1536, inputsPerCall+7) {
		rows, cols := PadRows(n%40), Cols*(1+r.IntN(5))
		if k > 1000 {
			rows = PadRows(1 + r.IntN(20))
		}
		ldc, lda := cols+r.IntN(20), k+r.IntN(9)
		a, b := random(r, rows*lda), random(r, k*cols)
		c := random(r, rows*ldc)
		before := append([]float32(nil), c...)
		start, ldi := random(r, cols), 0
		if r.IntN(2) == 0 {
			start, ldi = c, ldc
		}
		want := make([]float64, rows*cols)
		for i := range rows {
			for j := range cols {
				sum := float64(start[i*ldi+j])
				for x, v := range a[i*lda:][:k] {
					sum += float64(v) * float64(b[(j/Cols*k+x)*Cols+j%Cols])
				}
				want[i*cols+j] = sum
			}
		}
		MulPanels(c, ldc, start, ldi, a, lda, b, k, rows, cols)
		for i, got := range c {
			if i%ldc >= cols {
				if got != before[i] {
					t.Fatalf("k %d: wrote beyond the panels at row %d, column %d", k, i/ldc, i%ldc)
				}
				continue
			}
			near(t, fmt.Sprintf("k %d, row %d of %d, column %d of %d", k, i/ldc, rows, i%ldc, cols), got,
				want[i/ldc*cols+i%ldc], 2e-6*(1+float64(k)/20))
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

func testExpand(t *testing.T) {
	r := newRand(4)
	for _, k := range []int{64, 128, 192, 384, 1536, inputsPerCall} {
		q := int8s(r, k*Cols)
		scales := random(r, k/ScaleBlock*Cols)
		dst := random(r, k*Cols+1)
		after := dst[k*Cols]
		expand(&dst[0], &q[0], &scales[0], k)
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

func int8s(r *rand.Rand, n int) []int8 {
	q := make([]int8, n+5)[5:]
	for i := range q {
		q[i] = int8(r.IntN(256) - 128)
	}
	return q
}

// testMulInt8 compares with MulPanels on weights expanded here.
func testMulInt8(t *testing.T) {
	r := newRand(10)
	for rows := 4; rows <= 40; rows += 2 {
		k, cols := ScaleBlock*(1+r.IntN(13)), Cols*(1+r.IntN(5))
		q, scales := int8s(r, k*cols), random(r, k/ScaleBlock*cols)
		b := make([]float32, k*cols)
		for i := range b {
			b[i] = float32(q[i]) / 128 * scales[i/Cols/ScaleBlock*Cols+i%Cols]
		}
		for i := range scales {
			scales[i] /= 128
		}
		ldc, lda := cols+r.IntN(20), k+r.IntN(9)
		a, c, start := random(r, rows*lda), random(r, rows*ldc), random(r, cols)
		want := append([]float32(nil), c...)
		MulPanels(want, ldc, start, 0, a, lda, b, k, rows, cols)
		MulInt8(c, ldc, start, 0, a, lda, q, scales, k, rows, cols, make([]float32, Scratch))
		for i := range c {
			near(t, fmt.Sprintf("k %d, row %d of %d, column %d of %d", k, i/ldc, rows, i%ldc, cols), c[i],
				float64(want[i]), 2e-6*(1+float64(k)/20))
			if i%ldc >= cols && c[i] != want[i] {
				t.Fatalf("k %d: wrote beyond the panels at row %d, column %d", k, i/ldc, i%ldc)
			}
		}
	}
}

func testExpSum(t *testing.T) {
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

func testGELU(t *testing.T) {
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

func testAddNorm(t *testing.T) {
	r := newRand(11)
	for _, n := range lengths(r) {
		for _, rows := range []int{0, 1, 3} {
			all, add := random(r, rows*n+1), random(r, rows*n)
			weight, bias := random(r, n), random(r, n)
			x, after := all[:rows*n], all[rows*n]
			want := make([]float64, len(x))
			for i := range rows {
				var mean, variance float64
				for j := i * n; j < (i+1)*n; j++ {
					want[j] = float64(x[j]) + float64(add[j])
					mean += want[j] / float64(n)
				}
				for j := i * n; j < (i+1)*n; j++ {
					variance += (want[j] - mean) * (want[j] - mean) / float64(n)
				}
				for j := i * n; j < (i+1)*n; j++ {
					want[j] = (want[j]-mean)/math.Sqrt(variance+1e-3)*float64(weight[j%n]) + float64(bias[j%n])
				}
			}
			AddNorm(x, add, weight, bias, 1e-3)
			for i := range x {
				near(t, fmt.Sprintf("value %d of %d rows of %d", i, rows, n), x[i], want[i], 1e-5)
			}
			if all[rows*n] != after {
				t.Fatalf("AddNorm of %d rows of %d wrote beyond them", rows, n)
			}
		}
	}
}

func testShortSlices(t *testing.T) {
	f := func(n int) []float32 { return make([]float32, n) }
	int8s := func(rows, k, cols, weights, scales, scratch int) {
		MulInt8(f(rows*cols), cols, f(cols), 0, f(rows*k), k, make([]int8, weights), f(scales), k, rows, cols, f(scratch))
	}
	for name, call := range map[string]func(){
		"dot":            func() { Dot(f(8), f(9)) },
		"rows":           func() { DotRows(f(2), f(8), f(15), 8) },
		"rows, query":    func() { DotRows(f(2), f(7), f(16), 8) },
		"panel, odd":     func() { MulPanels(f(96), 16, f(16), 0, f(96), 16, f(256), 16, 5, 16) },
		"panel, result":  func() { MulPanels(f(95), 16, f(16), 0, f(96), 16, f(256), 16, 6, 16) },
		"panel, start":   func() { MulPanels(f(96), 16, f(15), 0, f(96), 16, f(256), 16, 6, 16) },
		"panel, a":       func() { MulPanels(f(96), 16, f(16), 0, f(95), 16, f(256), 16, 6, 16) },
		"panel, b":       func() { MulPanels(f(96), 16, f(16), 0, f(96), 16, f(255), 16, 6, 16) },
		"panel, stride":  func() { MulPanels(f(96), -16, f(16), 0, f(96), 16, f(256), 16, 6, 16) },
		"panel, columns": func() { MulPanels(f(96), 16, f(16), 0, f(96), 16, f(256), 16, 6, 15) },
		"panels, b":      func() { MulPanels(f(192), 32, f(32), 0, f(96), 16, f(511), 16, 6, 32) },
		"norm, add":      func() { AddNorm(f(32), f(31), f(16), f(16), 1) },
		"norm, bias":     func() { AddNorm(f(32), f(32), f(16), f(15), 1) },
		"norm, rows":     func() { AddNorm(f(31), f(31), f(16), f(16), 1) },
		"int8, inputs":   func() { int8s(4, 63, 16, 63*16, 16, Scratch) },
		"int8, columns":  func() { int8s(4, 64, 15, 64*16, 16, Scratch) },
		"int8, rows":     func() { int8s(5, 64, 32, 64*32, 32, Scratch) },
		"int8, weights":  func() { int8s(4, 64, 32, 64*32-1, 32, Scratch) },
		"int8, scales":   func() { int8s(4, 64, 32, 64*32, 31, Scratch) },
		"int8, scratch":  func() { int8s(4, 64, 32, 64*32, 32, Scratch-1) },
		"int8, long":     func() { int8s(4, inputsPerCall+64, 16, (inputsPerCall+64)*16, 16*(inputsPerCall/64+1), Scratch) },
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

func testAllocations(t *testing.T) {
	a, b := make([]float32, 384), make([]float32, 384)
	rows, out := make([]float32, 10*384), make([]float32, 10)
	m, q, c := make([]float32, 384*Cols), make([]int8, 384*Cols), make([]float32, tileRows*Cols)
	p, start, scales := make([]float32, tileRows*384), make([]float32, Cols), make([]float32, 6*Cols)
	scratch := make([]float32, Scratch)
	if n := testing.AllocsPerRun(20, func() {
		Dot(a, b)
		DotRows(out, a, rows, 384)
		MulInt8(c, Cols, start, 0, p, 384, q, scales, 384, tileRows, Cols, scratch)
		MulPanels(c, Cols, start, 0, p, 384, m, 384, tileRows, Cols)
		ExpSum(a)
		GELU(b)
		AddNorm(a, b, a, b, 1)
	}); n != 0 {
		t.Errorf("%g allocations a run, want none", n)
	}
}
