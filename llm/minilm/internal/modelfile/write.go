package modelfile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

// Write writes m as a weight file; the same model gives the same bytes. The
// sections listed in m's header are made anew.
func Write(w io.Writer, m *Model) error {
	if err := m.Header.check(); err != nil {
		return fmt.Errorf("encoder weights: write: %w", err)
	}
	if len(m.Layer) != m.Layers {
		return fmt.Errorf("encoder weights: write: %d layers, want %d", len(m.Layer), m.Layers)
	}
	parts := m.parts()
	h := m.Header
	h.Sections = make([]Section, len(parts))
	end := 0
	for i, p := range parts {
		values, size := p.len()
		if p.want >= 0 && values != p.want {
			return fmt.Errorf("encoder weights: write: section %q has %d values, want %d", p.name, values, p.want)
		}
		h.Sections[i] = Section{Name: p.name, Offset: end, Bytes: values * size}
		end = roundUp(end + values*size)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	if err := writeHeader(out, &h); err != nil {
		return fmt.Errorf("encoder weights: write header: %w", err)
	}
	for i, p := range parts {
		if err := p.write(out); err != nil {
			return fmt.Errorf("encoder weights: write section %q: %w", p.name, err)
		}
		pad := roundUp(h.Sections[i].Bytes) - h.Sections[i].Bytes
		if _, err := out.Write(make([]byte, pad)); err != nil {
			return fmt.Errorf("encoder weights: write section %q: %w", p.name, err)
		}
	}
	return out.Flush()
}

func writeHeader(w io.Writer, h *Header) error {
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	const prelude = len(magic) + 8
	text = append(text, bytes.Repeat([]byte{' '}, roundUp(prelude+len(text))-prelude-len(text))...)
	head := binary.LittleEndian.AppendUint32([]byte(magic), Version)
	head = binary.LittleEndian.AppendUint32(head, uint32(len(text)))
	_, err = w.Write(append(head, text...))
	return err
}

func (p part) len() (values, size int) {
	switch {
	case p.bytes != nil:
		return len(*p.bytes), 1
	case p.ints != nil:
		return len(*p.ints), 1
	default:
		return len(*p.floats), 4
	}
}

func (p part) write(w io.Writer) error {
	switch {
	case p.bytes != nil:
		_, err := w.Write(*p.bytes)
		return err
	case p.ints != nil:
		return binary.Write(w, binary.LittleEndian, *p.ints)
	default:
		return binary.Write(w, binary.LittleEndian, *p.floats)
	}
}
