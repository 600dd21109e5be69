package knowledge

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"frontdesk/internal/simd"
)

// remoteCosines asks the remote index for the nearest chunks, and for the
// vectors of those that the words propose, so that both kinds of candidate
// are judged by the same measure. Other chunks cannot win and get no score.
func (x *Index) remoteCosines(ctx context.Context, q *Query, vector []float32, s *scratch) error {
	hits, err := x.remote.Nearest(ctx, vector, remoteChunks, VectorFilter{Audience: q.Audience, Locale: q.Locale, Tags: q.Tags})
	if err != nil {
		return fmt.Errorf("knowledge: nearest chunks: %w", err)
	}
	byVersion := map[uuid.UUID][]VectorHit{}
	for _, h := range hits {
		byVersion[h.Version] = append(byVersion[h.Version], h)
	}
	first := 0
	for _, e := range x.entries {
		for _, h := range byVersion[e.doc.Version] {
			if h.Ordinal < len(e.doc.Chunks) {
				s.cosine[first+h.Ordinal], s.known[first+h.Ordinal] = float32(h.Cosine), true
			}
		}
		first += e.units()
	}
	return x.candidateCosines(ctx, vector, s)
}

func (x *Index) candidateCosines(ctx context.Context, vector []float32, s *scratch) error {
	var candidates []int
	for _, r := range s.runs {
		for i := r.first; i < r.end; i++ {
			if s.words[i] > 0 && !s.known[i] {
				candidates = append(candidates, i)
			}
		}
	}
	slices.SortStableFunc(candidates, func(a, b int) int { return cmp.Compare(s.words[b], s.words[a]) })
	for _, i := range candidates[min(len(candidates), remoteChunks):] {
		s.words[i] = 0
	}
	candidates = candidates[:min(len(candidates), remoteChunks)]
	hashes := make([]Hash, len(candidates))
	for i, c := range candidates {
		hashes[i] = x.hash(c)
	}
	vectors, err := x.remote.Vectors(ctx, hashes)
	if err != nil {
		return fmt.Errorf("knowledge: vectors of candidates: %w", err)
	}
	byHash := make(map[Hash][]float32, len(vectors))
	for _, v := range vectors {
		byHash[v.Hash] = v.Values
	}
	for i, c := range candidates {
		if v := byHash[hashes[i]]; len(v) == len(vector) {
			s.cosine[c], s.known[c] = simd.Dot(vector, v), true
		}
	}
	return nil
}
