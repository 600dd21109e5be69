package simd

import (
	"math"
	"unsafe"
)

// The plain-Go kernels: the fallback, and what the assembly is tested against.

func dotGeneric(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

func dotRowsGeneric(out, q, rows []float32, dim int) {
	for i := range out {
		out[i] = dotGeneric(q, rows[i*dim:(i+1)*dim])
	}
}

// mulTileGeneric computes one tile of rows (even) by Cols. It walks four columns at a
// time over two rows, so that the eight sums stay in registers.
func mulTileGeneric(rows int, c *float32, ldc int, init *float32, ldi int, a *float32, lda int, b *float32, k int) {
	bs := unsafe.Slice(b, k*Cols)
	for r := 0; r < rows; r += 2 {
		a0 := unsafe.Slice(at(a, r*lda), k)
		a1 := unsafe.Slice(at(a, (r+1)*lda), k)[:len(a0)]
		i0 := unsafe.Slice(at(init, r*ldi), Cols)
		i1 := unsafe.Slice(at(init, (r+1)*ldi), Cols)
		c0 := unsafe.Slice(at(c, r*ldc), Cols)
		c1 := unsafe.Slice(at(c, (r+1)*ldc), Cols)
		for j := 0; j < Cols; j += 4 {
			s00, s01, s02, s03 := i0[j], i0[j+1], i0[j+2], i0[j+3]
			s10, s11, s12, s13 := i1[j], i1[j+1], i1[j+2], i1[j+3]
			for i, x := range a0 {
				y := a1[i]
				w := bs[i*Cols+j : i*Cols+j+4 : i*Cols+j+4]
				s00 += x * w[0]
				s01 += x * w[1]
				s02 += x * w[2]
				s03 += x * w[3]
				s10 += y * w[0]
				s11 += y * w[1]
				s12 += y * w[2]
				s13 += y * w[3]
			}
			c0[j], c0[j+1], c0[j+2], c0[j+3] = s00, s01, s02, s03
			c1[j], c1[j+1], c1[j+2], c1[j+3] = s10, s11, s12, s13
		}
	}
}

func at(p *float32, i int) *float32 {
	return (*float32)(unsafe.Add(unsafe.Pointer(p), i*4))
}

func expandGeneric(dst *float32, q *int8, scales *float32, k int) {
	d := unsafe.Slice(dst, k*Cols)
	w := unsafe.Slice(q, k*Cols)[:len(d)]
	for block := 0; block < k/ScaleBlock; block++ {
		s := (*[Cols]float32)(unsafe.Pointer(at(scales, block*Cols)))
		for i := block * ScaleBlock * Cols; i < (block+1)*ScaleBlock*Cols; i += Cols {
			for j := range s {
				d[i+j] = float32(w[i+j]) * s[j]
			}
		}
	}
}

func expSumGeneric(x []float32) float32 {
	top := x[0]
	for _, v := range x {
		if v > top {
			top = v
		}
	}
	var sum float32
	for i, v := range x {
		e := exp32(v - top)
		x[i] = e
		sum += e
	}
	return sum
}

// Coefficients of exp32, which the assembly uses too. exp(x) = 2^n * exp(r)
// with n the nearest integer to x/ln 2 and |r| <= ln 2 / 2, r taken off in two
// parts so that nothing is lost; exp(r) is its Taylor series to r^6 / 720,
// whose error there, r^7/5040, is below 1.2e-7.
const (
	expLog2E  = 1.44269504088896341
	expLn2Hi  = 0.693359375
	expLn2Lo  = -2.12194440e-4
	expLowest = -87 // below this the result would be denormal; it is taken as exp(-87) = 1.6e-38
	expTop    = 88
)

func exp32(x float32) float32 {
	x = min(max(x, expLowest), expTop)
	n := float32(math.RoundToEven(float64(x * expLog2E)))
	r := x - n*expLn2Hi - n*expLn2Lo
	p := float32(1.0/720)*r + 1.0/120
	p = p*r + 1.0/24
	p = p*r + 1.0/6
	p = p*r + 0.5
	p = p*r + 1
	p = p*r + 1
	return p * math.Float32frombits(uint32(int32(n)+127)<<23)
}

// The GELU table covers -geluRange to geluRange in geluSteps steps, joined by
// straight lines: at a step of 1/256 the error is at most h^2/8 times the
// largest second derivative (0.8), 1.5e-6. Outside, GELU is 0 or x to 1e-14.
const (
	geluRange = 8
	geluSteps = 4096
	geluScale = geluSteps / (2 * geluRange)
)

var geluTable = func() *[geluSteps + 1]float32 {
	var t [geluSteps + 1]float32
	for i := range t {
		x := float64(i)/geluScale - geluRange
		t[i] = float32(0.5 * x * (1 + math.Erf(x/math.Sqrt2)))
	}
	return &t
}()

func geluGeneric(x []float32) {
	t := geluTable
	for i, v := range x {
		switch {
		case v >= geluRange:
		case v > -geluRange:
			p := (v + geluRange) * geluScale
			n := int(p)
			a := t[n&(geluSteps-1)]
			x[i] = a + (t[n&(geluSteps-1)+1]-a)*(p-float32(n))
		case v <= -geluRange:
			x[i] = 0
		}
	}
}

func addNormGeneric(x, add, weight, bias []float32, epsilon float32) {
	add, weight, bias = add[:len(x)], weight[:len(x)], bias[:len(x)]
	for i, v := range add {
		x[i] += v
	}
	mean := sum(x) / float32(len(x))
	for i := range x {
		x[i] -= mean
	}
	variance := dotGeneric(x, x) / float32(len(x))
	inverse := float32(1 / math.Sqrt(float64(variance+epsilon)))
	for i, v := range x {
		x[i] = v*inverse*weight[i] + bias[i]
	}
}

// sum adds up in four strands, since one would wait for each addition.
func sum(x []float32) float32 {
	var a, b, c, d float32
	for ; len(x) >= 4; x = x[4:] {
		a, b, c, d = a+x[0], b+x[1], c+x[2], d+x[3]
	}
	for _, v := range x {
		a += v
	}
	return a + b + c + d
}
