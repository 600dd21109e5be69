package evals

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"

	"github.com/google/uuid"

	"frontdesk/knowledge"
	"frontdesk/llm"
)

// Lab is articles in memory, to be searched many times over in different
// ways without a store: what fitting needs. It is not safe for concurrent use.
type Lab struct {
	index *knowledge.Index
	docs  []knowledge.Document
	// Hidden are external ids that searches leave out, as if they had been
	// deleted.
	Hidden map[string]bool
}

// NewLab indexes articles. Vectors are kept in the file cache, if it is not
// "", and those that are there already are not made again; embedding a large
// set takes minutes.
func NewLab(ctx context.Context, articles []knowledge.Input, embed llm.Embedder, cache string) (*Lab, error) {
	known, err := readVectors(cache, embed)
	if err != nil {
		return nil, err
	}
	u := knowledge.Update{Version: 1}
	var made []knowledge.Vector
	for _, in := range articles {
		p := knowledge.Prepare(in)
		u.Documents = append(u.Documents, knowledge.Document{
			Article: knowledge.Article{
				ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte(p.Source+"\x00"+p.ExternalID)), Version: uuid.NewSHA1(uuid.NameSpaceURL, p.Hash[:]), Number: 1,
				Source: p.Source, ExternalID: p.ExternalID, Title: p.Title, Body: p.Body, URL: p.URL, Tags: p.Tags,
				Locale: p.Locale, Visibility: p.Visibility, Status: p.Status,
			},
			Chunks: p.Chunks,
		})
		for _, c := range p.Chunks {
			v, ok := known[c.Hash]
			if !ok {
				vecs, err := embed.EmbedDocuments(ctx, []string{c.Text})
				if err != nil {
					return nil, fmt.Errorf("evals: embed %s: %w", p.ExternalID, err)
				}
				v = vecs[0]
				known[c.Hash] = v
				made = append(made, knowledge.Vector{Hash: c.Hash, Values: v})
			}
			u.Vectors = append(u.Vectors, knowledge.Vector{Hash: c.Hash, Values: v})
		}
	}
	if err := appendVectors(cache, embed, made); err != nil {
		return nil, err
	}
	return &Lab{index: knowledge.NewIndex(knowledge.NewSearcher(embed, 0)).With(u), docs: u.Documents, Hidden: map[string]bool{}}, nil
}

// WordsOnly drops the vectors: searches are as they are before an import is
// embedded, or when no encoder answers.
func (l *Lab) WordsOnly() {
	l.index = knowledge.NewIndex(knowledge.NewSearcher(nil, 0)).With(knowledge.Update{Version: 1, Documents: l.docs})
}

// Search searches what is not hidden.
func (l *Lab) Search(ctx context.Context, _ uuid.UUID, q knowledge.Query) (knowledge.Result, error) {
	want := q.Articles
	if want == 0 {
		want = 10
	}
	q.Articles = want + len(l.Hidden)
	r, err := l.index.Search(ctx, q)
	if err != nil {
		return r, err
	}
	var left []knowledge.ArticleHit
	for _, a := range r.Articles {
		if !l.Hidden[a.Document.ExternalID] {
			left = append(left, a)
		}
	}
	r.Articles = left[:min(len(left), want)]
	return r, nil
}

// cacheHead is the first line of a cache file.
func cacheHead(embed llm.Embedder) string { return fmt.Sprintf("%s %d\n", embed.Model(), embed.Dim()) }

// readVectors reads a cache file: a line that names the model, then hash and
// vector, one after another.
func readVectors(path string, embed llm.Embedder) (map[knowledge.Hash][]float32, error) {
	out := map[knowledge.Hash][]float32{}
	if path == "" {
		return out, nil
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return nil, fmt.Errorf("evals: read vector cache: %w", err)
	}
	rest, ok := bytes.CutPrefix(data, []byte(cacheHead(embed)))
	if !ok {
		return nil, fmt.Errorf("evals: the vector cache %s is of another model than %s. Delete it", path, embed.Model())
	}
	const hash = len(knowledge.Hash{})
	for size := hash + 4*embed.Dim(); len(rest) > 0; rest = rest[size:] {
		if len(rest) < size {
			return nil, fmt.Errorf("evals: the vector cache %s is cut short. Delete it", path)
		}
		v := make([]float32, embed.Dim())
		for i := range v {
			v[i] = math.Float32frombits(binary.LittleEndian.Uint32(rest[hash+4*i:]))
		}
		out[knowledge.Hash(rest[:hash])] = v
	}
	return out, nil
}

// appendVectors adds to a cache file, making it if need be.
func appendVectors(path string, embed llm.Embedder, vectors []knowledge.Vector) error {
	if path == "" || len(vectors) == 0 {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("evals: write vector cache: %w", err)
	}
	var buf bytes.Buffer
	if info, err := f.Stat(); err == nil && info.Size() == 0 {
		buf.WriteString(cacheHead(embed))
	}
	for _, v := range vectors {
		buf.Write(v.Hash[:])
		for _, x := range v.Values {
			buf.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(x)))
		}
	}
	_, err = f.Write(buf.Bytes())
	return errors.Join(err, f.Close())
}
