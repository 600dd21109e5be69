package modelfile

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"unsafe"
)

// ErrForeign is wrapped by Parse's error when the bytes are no weight file.
var ErrForeign = errors.New("not an encoder weight file")

// Parse reads a weight file. The model's slices point into data, which must
// not change afterwards. Damaged, truncated and foreign files give an error
// that says what is wrong.
func Parse(data []byte) (*Model, error) {
	header, body, err := split(data)
	if err != nil {
		return nil, err
	}
	m := &Model{}
	if err := json.Unmarshal(header, &m.Header); err != nil {
		return nil, fmt.Errorf("encoder weights: header: %w", err)
	}
	if err := m.Header.check(); err != nil {
		return nil, fmt.Errorf("encoder weights: %w", err)
	}
	m.Layer = make([]Layer, m.Layers)
	parts := m.parts()
	if len(parts) != len(m.Sections) {
		return nil, fmt.Errorf("encoder weights: %d sections where the dimensions ask for %d", len(m.Sections), len(parts))
	}
	end := 0
	for i, p := range parts {
		s := m.Sections[i]
		if s.Name != p.name || s.Offset != end || s.Bytes < 0 || s.Bytes > math.MaxInt-align-end {
			return nil, fmt.Errorf("encoder weights: section %d is %q at %d (%d bytes), want %q at %d", i, s.Name, s.Offset, s.Bytes, p.name, end)
		}
		end = roundUp(s.Offset + s.Bytes)
		if end > len(body) {
			return nil, fmt.Errorf("encoder weights: truncated: section %q ends at byte %d of %d", s.Name, end, len(body))
		}
		if err := p.set(body[s.Offset : s.Offset+s.Bytes]); err != nil {
			return nil, fmt.Errorf("encoder weights: section %q: %w", s.Name, err)
		}
	}
	if end != len(body) {
		return nil, fmt.Errorf("encoder weights: %d bytes after the last section", len(body)-end)
	}
	return m, nil
}

// split checks the prelude and returns the header and what follows it.
func split(data []byte) (header, body []byte, err error) {
	const prelude = len(magic) + 8
	if len(data) < prelude || string(data[:len(magic)]) != magic {
		return nil, nil, fmt.Errorf("encoder weights: %w (it does not begin with %q)", ErrForeign, magic)
	}
	if v := binary.LittleEndian.Uint32(data[len(magic):]); v != Version {
		return nil, nil, fmt.Errorf("encoder weights: format version %d, this program reads %d: convert the model again", v, Version)
	}
	n := int64(binary.LittleEndian.Uint32(data[len(magic)+4:]))
	if n > int64(len(data)-prelude) {
		return nil, nil, fmt.Errorf("encoder weights: truncated: a header of %d bytes in a file of %d", n, len(data))
	}
	if (int64(prelude)+n)%align != 0 {
		return nil, nil, fmt.Errorf("encoder weights: a header of %d bytes does not end on a multiple of %d", n, align)
	}
	return data[prelude : prelude+int(n)], data[prelude+int(n):], nil
}

func (p part) set(raw []byte) error {
	size := 1
	if p.floats != nil {
		size = 4
	}
	if p.want >= 0 && len(raw) != p.want*size {
		return fmt.Errorf("%d bytes, want %d", len(raw), p.want*size)
	}
	switch {
	case p.bytes != nil:
		*p.bytes = raw
	case p.ints != nil:
		*p.ints = unsafe.Slice((*int8)(unsafe.Pointer(unsafe.SliceData(raw))), len(raw))
	default:
		*p.floats = floats(raw)
	}
	return nil
}

// floats views little-endian bytes as float32, or copies them where the
// machine's order or the address forbids a view.
func floats(raw []byte) []float32 {
	n := len(raw) / 4
	first := unsafe.Pointer(unsafe.SliceData(raw))
	if littleEndian && uintptr(first)%unsafe.Alignof(float32(0)) == 0 {
		return unsafe.Slice((*float32)(first), n)
	}
	return decode(raw)
}

func decode(raw []byte) []float32 {
	out := make([]float32, len(raw)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[i*4:]))
	}
	return out
}

var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1
