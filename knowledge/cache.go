package knowledge

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"

	"frontdesk/llm"
)

// cacheMagic begins a file of cached vectors; the last byte is the format's version.
const cacheMagic = "FDVECS\x00\x01"

// VectorCache holds vectors made earlier, by the hash of their text, for one
// model. It comes with sample articles so that they are searched by meaning at
// once, also on a slow machine. What was changed since is not in it and is
// simply embedded. A nil VectorCache is empty.
type VectorCache struct {
	vectors map[Hash][]float32
}

func (c *VectorCache) get(h Hash) []float32 {
	if c == nil {
		return nil
	}
	return c.vectors[h]
}

// Len is how many vectors it holds.
func (c *VectorCache) Len() int {
	if c == nil {
		return 0
	}
	return len(c.vectors)
}

// Missing gives the texts of puts that are not in the cache: none, if it is
// not stale.
func (c *VectorCache) Missing(puts []Put) []Pending {
	var out []Pending
	for _, p := range puts {
		for _, text := range p.texts() {
			if c.get(text.Hash) == nil {
				out = append(out, text)
			}
		}
	}
	return out
}

// cacheHeader follows the magic and the model's name.
type cacheHeader struct {
	Dim, Count uint32
}

// LoadCache reads what WriteCache wrote. Vectors of another model or dimension
// are of no use: then the cache is empty, without an error.
func LoadCache(r io.Reader, model string, dim int) (*VectorCache, error) {
	in := bufio.NewReader(r)
	fail := func(err error) (*VectorCache, error) {
		return nil, fmt.Errorf("knowledge: load cached vectors: %w", err)
	}
	var head struct {
		Magic [len(cacheMagic)]byte
		Model uint16 // length of the name that follows
	}
	if err := binary.Read(in, binary.LittleEndian, &head); err != nil {
		return fail(err)
	}
	if string(head.Magic[:]) != cacheMagic {
		return fail(errors.New("it is not a file of cached vectors, or one of another version"))
	}
	name := make([]byte, head.Model)
	if _, err := io.ReadFull(in, name); err != nil {
		return fail(err)
	}
	var size cacheHeader
	if err := binary.Read(in, binary.LittleEndian, &size); err != nil {
		return fail(err)
	}
	c := &VectorCache{vectors: map[Hash][]float32{}}
	if string(name) != model || int(size.Dim) != dim {
		return c, nil
	}
	row := make([]byte, len(Hash{})+4+dim)
	for range size.Count {
		if _, err := io.ReadFull(in, row); err != nil {
			return fail(err)
		}
		c.vectors[Hash(row)] = unpack(row[len(Hash{}):])
	}
	return c, nil
}

// WriteCache writes vectors of a model, in order of their hashes: 8 bits a
// component and one scale a vector, which moves a cosine by about 0.0001.
func WriteCache(w io.Writer, model string, dim int, vectors []Vector) error {
	sorted := slices.SortedFunc(slices.Values(vectors), func(a, b Vector) int { return bytes.Compare(a.Hash[:], b.Hash[:]) })
	sorted = slices.CompactFunc(sorted, func(a, b Vector) bool { return a.Hash == b.Hash })
	var out bytes.Buffer
	out.WriteString(cacheMagic)
	out.Write(binary.LittleEndian.AppendUint16(nil, uint16(len(model))))
	out.WriteString(model)
	out.Write(binary.LittleEndian.AppendUint32(nil, uint32(dim)))
	out.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(sorted))))
	for _, v := range sorted {
		if len(v.Values) != dim {
			return fmt.Errorf("knowledge: write cached vectors: a vector has %d components, not %d", len(v.Values), dim)
		}
		out.Write(v.Hash[:])
		out.Write(pack(v.Values))
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("knowledge: write cached vectors: %w", err)
	}
	return nil
}

// BuildCache embeds every text of a sequence of articles that has a vector and
// writes the cache. A Problem in the sequence is an error here: what ships has none.
func BuildCache(ctx context.Context, w io.Writer, e llm.Embedder, articles iter.Seq2[Input, error]) error {
	var pending []Pending
	seen := map[Hash]bool{}
	for in, err := range articles {
		if err != nil {
			return fmt.Errorf("knowledge: build cached vectors: %w", err)
		}
		for _, p := range Prepare(in).texts() {
			if !seen[p.Hash] {
				seen[p.Hash] = true
				pending = append(pending, p)
			}
		}
	}
	vectors, err := embedTexts(ctx, e, pending)
	if err != nil {
		return err
	}
	return WriteCache(w, e.Model(), e.Dim(), vectors)
}

func embedTexts(ctx context.Context, e llm.Embedder, pending []Pending) ([]Vector, error) {
	texts := make([]string, len(pending))
	for i, p := range pending {
		texts[i] = p.Text
	}
	values, err := e.EmbedDocuments(ctx, texts)
	if err == nil && len(values) != len(texts) {
		err = fmt.Errorf("the model gave %d vectors", len(values))
	}
	if err != nil {
		return nil, fmt.Errorf("knowledge: embed %d texts: %w", len(texts), err)
	}
	out := make([]Vector, len(pending))
	for i, p := range pending {
		if len(values[i]) != e.Dim() {
			return nil, fmt.Errorf("knowledge: embed %d texts: the model gave a vector of %d components, not %d", len(texts), len(values[i]), e.Dim())
		}
		out[i] = Vector{p.Hash, values[i]}
	}
	return out, nil
}

// pack gives the scale and the components of a vector as int8.
func pack(v []float32) []byte {
	var top float32
	for _, x := range v {
		top = max(top, float32(math.Abs(float64(x))))
	}
	scale := top / 127
	out := binary.LittleEndian.AppendUint32(nil, math.Float32bits(scale))
	for _, x := range v {
		q := 0.0
		if scale > 0 {
			q = math.Round(float64(x / scale))
		}
		out = append(out, byte(int8(q)))
	}
	return out
}

// unpack gives the vector back, at unit length.
func unpack(data []byte) []float32 {
	scale := math.Float32frombits(binary.LittleEndian.Uint32(data))
	out := make([]float32, len(data)-4)
	var sum float64
	for i, b := range data[4:] {
		out[i] = float32(int8(b)) * scale
		sum += float64(out[i]) * float64(out[i])
	}
	if sum > 0 {
		n := float32(1 / math.Sqrt(sum))
		for i := range out {
			out[i] *= n
		}
	}
	return out
}
