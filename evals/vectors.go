package evals

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sync"

	"frontdesk/llm"
)

// CachedEmbedder is an Embedder that keeps its vectors in a file, so that a
// set is embedded once and asked many times: passages, titles, sentences and
// questions alike. Vectors are kept by model, kind (question or document) and
// text, so one file may serve several models, and several processes at once.
// A time measured through it leaves out the encoder, where the vector was
// there. Safe for concurrent use.
//
// The file is a sequence of records, each with its checksum. What a crash or a
// full disk has torn is skipped when it is read, and made again, and so is what
// cannot be a vector of a model.
type CachedEmbedder struct {
	llm.Embedder

	mu   sync.Mutex
	file *os.File
	old  []byte            // the file as it was opened
	at   map[vectorKey]int // where in old a vector's components begin
	made map[vectorKey][]float32
	todo []byte // records not yet written
}

// vectorKey is half a SHA-256 of model, length, kind and text: with a million of them
// the chance that any two are the same is 1 in 10^26.
type vectorKey [16]byte

const (
	vectorMagic = "\xf7VEC"
	vectorHead  = len(vectorMagic) + 4 + len(vectorKey{}) // with the number of components
	// writeAfter is how much is written at once: some 200 vectors, seconds of
	// an encoder's work.
	writeAfter = 256 << 10
	// embedAtOnce is how many documents are embedded between two writes.
	embedAtOnce = 256

	kindQuery    = 'q'
	kindDocument = 'd'
)

// OpenCached reads the vectors in the file path, making it (and its folder) if
// need be, and gives embed with that memory. Close writes what is left.
func OpenCached(path string, embed llm.Embedder) (*CachedEmbedder, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("evals: vector cache: %w", err)
	}
	c := &CachedEmbedder{Embedder: embed, at: map[vectorKey]int{}, made: map[vectorKey][]float32{}}
	var err error
	if c.old, err = os.ReadFile(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("evals: read vector cache: %w", err)
	}
	c.index()
	// Appending whole records in one write each lets several processes share it.
	if c.file, err = os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644); err != nil {
		return nil, fmt.Errorf("evals: write vector cache: %w", err)
	}
	return c, nil
}

// index finds the whole records of the file. After a damaged one it goes on at
// the next that looks like one.
func (c *CachedEmbedder) index() {
	for pos := 0; ; {
		next := bytes.Index(c.old[pos:], []byte(vectorMagic))
		if next < 0 {
			return
		}
		pos += next
		key, size := readRecord(c.old[pos:])
		if size == 0 {
			pos++
			continue
		}
		if v := components(c.old[pos+vectorHead : pos+size-4]); plausible(v) {
			c.at[key] = pos + vectorHead
		}
		pos += size
	}
}

// longest is the square of a length that no model's vectors have: those of most
// have the length 1. A record once held a vector of 1e30 beside a checksum that
// was right, and its text then was first for half of all questions.
const longest = 1e6

// plausible reports whether a vector may come from a model.
func plausible(v []float32) bool {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return sum <= longest // false for NaN
}

// components reads the components of a vector.
func components(data []byte) []float32 {
	v := make([]float32, len(data)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return v
}

// readRecord gives the key and the whole length of the record at the start of
// data, 0 if it is torn.
func readRecord(data []byte) (key vectorKey, size int) {
	if len(data) < vectorHead {
		return key, 0
	}
	dim := int(binary.LittleEndian.Uint32(data[len(vectorMagic):]))
	end := vectorHead + 4*dim
	if dim > len(data)/4 || len(data) < end+4 || crc32.ChecksumIEEE(data[:end]) != binary.LittleEndian.Uint32(data[end:]) {
		return key, 0
	}
	copy(key[:], data[len(vectorMagic)+4:])
	return key, end + 4
}

func appendRecord(to []byte, key vectorKey, v []float32) []byte {
	start := len(to)
	to = append(to, vectorMagic...)
	to = binary.LittleEndian.AppendUint32(to, uint32(len(v)))
	to = append(to, key[:]...)
	for _, x := range v {
		to = binary.LittleEndian.AppendUint32(to, math.Float32bits(x))
	}
	return binary.LittleEndian.AppendUint32(to, crc32.ChecksumIEEE(to[start:]))
}

// Close writes what is not yet in the file and closes it. The embedder goes on
// to work, without its memory growing on disk.
func (c *CachedEmbedder) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.file == nil {
		return nil
	}
	err := errors.Join(c.write(), c.file.Close())
	c.file = nil
	return err
}

// Knows is the embedder's, if it has a lexicon.
func (c *CachedEmbedder) Knows(word string) bool {
	l, ok := c.Embedder.(llm.Lexicon)
	return ok && l.Knows(word)
}

// EmbedQuery gives the vector of a question, from the file if it is there.
func (c *CachedEmbedder) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	key := c.key(kindQuery, text)
	if v := c.get(key); v != nil {
		return v, ctx.Err()
	}
	v, err := c.Embedder.EmbedQuery(ctx, text)
	if err != nil {
		return nil, err
	}
	return v, c.put([]vectorKey{key}, [][]float32{v}, false)
}

// EmbedDocuments gives the vectors of texts, and has those made that are not
// in the file. What was made before an error is kept.
func (c *CachedEmbedder) EmbedDocuments(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	places := map[vectorKey][]int{} // of the texts to embed
	var keys []vectorKey
	for i, text := range texts {
		key := c.key(kindDocument, text)
		if out[i] = c.get(key); out[i] != nil {
			continue
		}
		if places[key] == nil {
			keys = append(keys, key)
		}
		places[key] = append(places[key], i)
	}
	for len(keys) > 0 {
		now := keys[:min(len(keys), embedAtOnce)]
		keys = keys[len(now):]
		fresh := make([]string, len(now))
		for i, key := range now {
			fresh[i] = texts[places[key][0]]
		}
		vectors, err := c.Embedder.EmbedDocuments(ctx, fresh)
		if err == nil && len(vectors) != len(fresh) {
			err = fmt.Errorf("evals: the model gave %d vectors for %d texts", len(vectors), len(fresh))
		}
		if err == nil {
			err = c.put(now, vectors, true)
		}
		if err != nil {
			return nil, err
		}
		for i, key := range now {
			for _, place := range places[key] {
				out[place] = vectors[i]
			}
		}
	}
	return out, nil
}

func (c *CachedEmbedder) key(kind byte, text string) vectorKey {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%d%c", c.Model(), c.Dim(), kind)
	h.Write([]byte(text))
	return vectorKey(h.Sum(nil)[:len(vectorKey{})])
}

// get gives a copy of a vector, nil if it is not known.
func (c *CachedEmbedder) get(key vectorKey) []float32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, ok := c.made[key]; ok {
		return append([]float32(nil), v...)
	}
	pos, ok := c.at[key]
	if !ok {
		return nil
	}
	return components(c.old[pos : pos+4*c.Dim()])
}

func (c *CachedEmbedder) put(keys []vectorKey, vectors [][]float32, now bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, key := range keys {
		if len(vectors[i]) != c.Dim() {
			return fmt.Errorf("evals: the model gave a vector of %d components, not %d", len(vectors[i]), c.Dim())
		}
		if !plausible(vectors[i]) {
			return fmt.Errorf("evals: the model gave a vector that is none, key %x: run again, and look for a fault of memory if it stays", key)
		}
		c.made[key] = append([]float32(nil), vectors[i]...)
		c.todo = appendRecord(c.todo, key, vectors[i])
	}
	if now || len(c.todo) >= writeAfter {
		return c.write()
	}
	return nil
}

func (c *CachedEmbedder) write() error {
	if c.file == nil || len(c.todo) == 0 {
		return nil
	}
	_, err := c.file.Write(c.todo)
	c.todo = c.todo[:0]
	if err != nil {
		return fmt.Errorf("evals: write vector cache: %w", err)
	}
	return nil
}
