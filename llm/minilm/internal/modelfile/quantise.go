package modelfile

import "math"

// Quantise packs the rows of a float32 matrix [out][in], as PyTorch's Linear
// stores it, with its bias. in must be a multiple of ScaleBlock and out of
// PanelWidth.
func Quantise(weights, bias []float32, in, out int) Matrix {
	m := Matrix{
		In: in, Out: out,
		Weights: make([]int8, in*out),
		Scales:  make([]float32, in/ScaleBlock*out),
		Bias:    bias,
	}
	for o := range out {
		panel, lane := o/PanelWidth, o%PanelWidth
		for b := range in / ScaleBlock {
			block := weights[o*in+b*ScaleBlock:][:ScaleBlock]
			scale := bestScale(block)
			m.Scales[(panel*(in/ScaleBlock)+b)*PanelWidth+lane] = scale
			for i, v := range block {
				m.Weights[(panel*in+b*ScaleBlock+i)*PanelWidth+lane] = toInt8(v, scale)
			}
		}
	}
	return m
}

// QuantiseRows turns each row of dim values into int8 with one scale.
func QuantiseRows(values []float32, dim int) ([]int8, []float32) {
	q := make([]int8, len(values))
	scales := make([]float32, len(values)/dim)
	for r := range scales {
		row := values[r*dim:][:dim]
		scales[r] = bestScale(row)
		for i, v := range row {
			q[r*dim+i] = toInt8(v, scales[r])
		}
	}
	return q, scales
}

// bestScale returns the scale with the least squared error among those that
// cut off up to a fifth of the largest value: cutting a lone outlier makes all
// the other steps finer.
func bestScale(values []float32) float32 {
	var top float32
	for _, v := range values {
		top = max(top, float32(math.Abs(float64(v))))
	}
	if top == 0 {
		return 0
	}
	best, least := float32(0), math.Inf(1)
	for cut := float32(1); cut >= 0.8; cut -= 0.01 {
		scale := top * cut / 127
		var sum float64
		for _, v := range values {
			d := float64(v) - float64(toInt8(v, scale))*float64(scale)
			sum += float64(d * d) // the conversion keeps the product out of a fused multiply-add, so that every machine picks the same scale
		}
		if sum < least {
			best, least = scale, sum
		}
	}
	return best
}

func toInt8(v, scale float32) int8 {
	if scale == 0 {
		return 0
	}
	return int8(math.RoundToEven(float64(min(max(v/scale, -127), 127))))
}
