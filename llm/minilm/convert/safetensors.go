package convert

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
)

// tensors is an opened safetensors file: its raw bytes and what lies where.
type tensors struct {
	entries map[string]entry
	data    []byte
}

type entry struct {
	DType   string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"`
}

// again is what to do about a damaged file.
const again = "; download it again (a few lines of text instead of weights are a Git LFS pointer)"

func openTensors(path string) (*tensors, []byte, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	if len(raw) < 8 {
		return nil, nil, fmt.Errorf("%s: %d bytes are no safetensors file%s", path, len(raw), again)
	}
	n := binary.LittleEndian.Uint64(raw)
	if n > uint64(len(raw)-8) {
		return nil, nil, fmt.Errorf("%s: no safetensors file, or a truncated one: its header should have %d bytes%s", path, n, again)
	}
	var named map[string]json.RawMessage
	if err := json.Unmarshal(raw[8:8+n], &named); err != nil {
		return nil, nil, fmt.Errorf("%s: safetensors header: %w", path, err)
	}
	t := &tensors{entries: map[string]entry{}, data: raw[8+n:]}
	for name, text := range named {
		if name == "__metadata__" {
			continue
		}
		var e entry
		if err := json.Unmarshal(text, &e); err != nil {
			return nil, nil, fmt.Errorf("%s: tensor %s: %w", path, name, err)
		}
		if e.Offsets[0] < 0 || e.Offsets[1] < e.Offsets[0] || e.Offsets[1] > len(t.data) {
			return nil, nil, fmt.Errorf("%s: truncated: tensor %s lies at %d of %d bytes%s", path, name, e.Offsets, len(t.data), again)
		}
		t.entries[name] = e
	}
	return t, raw, nil
}

// floats returns a tensor of the given shape as float32. The name may stand in
// the file with "bert." in front.
func (t *tensors) floats(name string, shape ...int) ([]float32, error) {
	e, ok := t.entries[name]
	if !ok {
		e, ok = t.entries["bert."+name]
	}
	if !ok {
		return nil, fmt.Errorf("tensor %s is not in the file: it holds no whole BERT model", name)
	}
	if !slices.Equal(e.Shape, shape) {
		return nil, fmt.Errorf("tensor %s: shape %v, want %v", name, e.Shape, shape)
	}
	raw := t.data[e.Offsets[0]:e.Offsets[1]]
	size, decode := decoder(e.DType)
	if decode == nil {
		return nil, fmt.Errorf("tensor %s: type %s, want F32, F16 or BF16: take the model's plain weights, not quantised ones", name, e.DType)
	}
	values := 1
	for _, d := range shape {
		values *= d
	}
	if len(raw) != values*size {
		return nil, fmt.Errorf("tensor %s: %d bytes, want %d", name, len(raw), values*size)
	}
	out := make([]float32, values)
	for i := range out {
		out[i] = decode(raw[i*size:])
		if out[i]-out[i] != 0 {
			return nil, fmt.Errorf("tensor %s: value %d is %g", name, i, out[i])
		}
	}
	return out, nil
}

func decoder(dtype string) (size int, decode func([]byte) float32) {
	switch dtype {
	case "F32":
		return 4, func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }
	case "BF16":
		return 2, func(b []byte) float32 { return math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16) }
	case "F16":
		return 2, func(b []byte) float32 { return half(binary.LittleEndian.Uint16(b)) }
	}
	return 0, nil
}

// half decodes an IEEE 754 half-precision number.
func half(h uint16) float32 {
	sign, exponent, fraction := float64(1), int(h>>10&31), float64(h&1023)
	if h>>15 == 1 {
		sign = -1
	}
	switch exponent {
	case 0:
		return float32(sign * math.Ldexp(fraction, -24))
	case 31:
		if fraction != 0 {
			return float32(math.NaN())
		}
		return float32(math.Inf(int(sign)))
	}
	return float32(sign * math.Ldexp(1024+fraction, exponent-25))
}
