package storetest

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

var vectorCases = []testCase{
	{"stored and found", func(t *testing.T, w *world) {
		a, b := vector("a", 1, -2.5, float32(math.Pi)), vector("b", 0, math.SmallestNonzeroFloat32, -math.MaxFloat32)
		check(t, w.PutVectors(w.ctx, w.ws, model, []knowledge.Vector{a, b}))
		w.reopen()
		got := must(w.Vectors(w.ctx, w.ws, model, [][32]byte{b.Hash, hash("none"), a.Hash, b.Hash}))(t)
		equal(t, "vectors", byHash(got), byHash([]knowledge.Vector{a, b}))
		equal(t, "of another model", len(must(w.Vectors(w.ctx, w.ws, "other", [][32]byte{a.Hash}))(t)), 0)
		equal(t, "of another workspace", len(must(w.Vectors(w.ctx, w.beside, model, [][32]byte{a.Hash}))(t)), 0)
		equal(t, "of no hash", len(must(w.Vectors(w.ctx, w.ws, model, nil))(t)), 0)
	}},
	{"the first stays", func(t *testing.T, w *world) {
		first := vector("a", 1, 0, 0)
		check(t, w.PutVectors(w.ctx, w.ws, model, []knowledge.Vector{first}))
		check(t, w.PutVectors(w.ctx, w.ws, model, []knowledge.Vector{vector("a", 0, 1, 0), vector("b", 0, 0, 1), vector("b", 0, 1, 1)}))
		check(t, w.PutVectors(w.ctx, w.ws, "other", []knowledge.Vector{vector("a", 0.5, 0.5)}))
		got := must(w.Vectors(w.ctx, w.ws, model, [][32]byte{hash("a"), hash("b")}))(t)
		equal(t, "vectors", byHash(got), byHash([]knowledge.Vector{first, vector("b", 0, 0, 1)}))
	}},
	{"many at once", func(t *testing.T, w *world) {
		// More than a statement may have parameters in either database.
		n := max(200, 2000/slower)
		var vs []knowledge.Vector
		var hashes [][32]byte
		for i := range n {
			vs = append(vs, vector(fmt.Sprint(i), float32(i), 1))
			hashes = append(hashes, vs[i].Hash)
		}
		check(t, together(4, func(int) error { return w.PutVectors(w.ctx, w.ws, model, vs) }))
		equal(t, "vectors", byHash(must(w.Vectors(w.ctx, w.ws, model, hashes))(t)), byHash(vs))
	}},
	{"malformed", func(t *testing.T, w *world) {
		wantCode(t, w.PutVectors(w.ctx, w.ws, model, []knowledge.Vector{vector("a", 1), vector("b")}), chat.CodeInvalid)
		wantCode(t, w.PutVectors(w.ctx, w.ws, model, []knowledge.Vector{vector("a", 1), vector("b", 1, 2)}), chat.CodeInvalid)
		equal(t, "stored", len(must(w.Vectors(w.ctx, w.ws, model, [][32]byte{hash("a")}))(t)), 0)
		check(t, w.PutVectors(w.ctx, w.ws, model, nil))
	}},
	{"pending", pendingVectors},
	{"nearest chunks", nearestChunks},
}

func hash(text string) [32]byte { return sha256.Sum256([]byte(text)) }

func vector(text string, values ...float32) knowledge.Vector {
	return knowledge.Vector{Hash: hash(text), Values: values}
}

// byHash sorts a copy, for lists that may be in any order.
func byHash(vs []knowledge.Vector) []knowledge.Vector {
	vs = slices.Clone(vs)
	slices.SortFunc(vs, func(a, b knowledge.Vector) int { return bytes.Compare(a.Hash[:], b.Hash[:]) })
	return vs
}

func pendingVectors(t *testing.T, w *world) {
	pending := func(limit int) ([]knowledge.Pending, int) {
		t.Helper()
		p, total, err := w.PendingVectors(w.ctx, w.ws, model, limit)
		check(t, err)
		return p, total
	}
	if p, total := pending(0); len(p) != 0 || total != 0 {
		t.Errorf("at first: %v, %d", p, total)
	}
	one := put("one", "T", "a\nb\nc")
	same := put("two", "T", "c\nd") // shares a chunk with one
	draft := put("three", "T", "e")
	draft.Status = knowledge.StatusDraft
	old := put("four", "T", "replaced")
	w.put(old)
	must(w.PutArticles(w.ctx, w.ws, []knowledge.Put{one, same, finished(draft), put("four", "T", "f")}))(t)
	gone := w.put(put("five", "T", "g")).Article
	must(w.ArchiveArticles(w.ctx, w.ws, []uuid.UUID{gone.ID}))(t)

	w.reopen()
	all, total := pending(0)
	texts := map[string]bool{}
	for _, p := range all {
		texts[p.Text] = true
		if p.Hash != hash(p.Text) {
			t.Errorf("the hash is not that of %q", p.Text)
		}
	}
	equal(t, "texts", texts, map[string]bool{"T\na": true, "T\nb": true, "T\nc": true, "T\nd": true, "T\nf": true})
	equal(t, "total and length", []int{total, len(all)}, []int{5, 5})
	first, total := pending(2)
	equal(t, "the first two", first, all[:2])
	equal(t, "total", total, 5)

	// What is stored is pending no more, and the rest keeps its order.
	check(t, w.PutVectors(w.ctx, w.ws, model, []knowledge.Vector{{Hash: all[0].Hash, Values: []float32{1}}}))
	check(t, w.PutVectors(w.ctx, w.ws, "other", []knowledge.Vector{{Hash: all[1].Hash, Values: []float32{1}}}))
	rest, total := pending(0)
	equal(t, "the rest", rest, all[1:])
	equal(t, "total of the rest", total, 4)
}

// nearestChunks holds a store that has an index of its own to exact search;
// one without must say so.
func nearestChunks(t *testing.T, w *world) {
	public, internal, draft := put("public", "P", "a\nb\nc"), put("internal", "I", "d"), put("draft", "D", "e")
	internal.Visibility, internal.Tags, internal.Locale = knowledge.Internal, []string{"vip", "a"}, "de"
	draft.Status = knowledge.StatusDraft
	var vs []knowledge.Vector
	versions := map[string]uuid.UUID{}
	for _, p := range []knowledge.Put{public, finished(internal), finished(draft)} {
		versions[p.ExternalID] = w.put(p).Article.Version
		for _, c := range p.Chunks {
			angle := float64(len(vs)) * 0.3
			vs = append(vs, knowledge.Vector{Hash: c.Hash, Values: []float32{float32(math.Cos(angle)), float32(math.Sin(angle)), 0}})
		}
	}
	check(t, w.PutVectors(w.ctx, w.ws, model, vs))
	check(t, w.BuildVectorIndex(w.ctx, w.ws, model, 3))
	query := []float32{1, 0, 0}
	nearest := func(k int, f knowledge.VectorFilter) ([]knowledge.VectorHit, bool) {
		t.Helper()
		hits, ok, err := w.NearestChunks(w.ctx, w.ws, model, query, k, f)
		check(t, err)
		return hits, ok
	}
	_, ok := nearest(1, knowledge.VectorFilter{Audience: knowledge.AudienceCustomer})
	if !ok {
		// Nothing else to compare; the caller searches in process.
		hits, ok, err := w.NearestChunks(w.ctx, w.ws, "no such model", query, 1, knowledge.VectorFilter{})
		if len(hits) != 0 || ok || err != nil {
			t.Errorf("a store without an index gave %v, %v, %v", hits, ok, err)
		}
		return
	}
	hit := func(name string, ordinal, place int) string {
		return fmt.Sprintf("%s %d %.2f", versions[name], ordinal, math.Cos(float64(place)*0.3))
	}
	for _, c := range []struct {
		k      int
		filter knowledge.VectorFilter
		want   []string
	}{
		{10, knowledge.VectorFilter{Audience: knowledge.AudienceCustomer}, []string{hit("public", 0, 0), hit("public", 1, 1), hit("public", 2, 2)}},
		{2, knowledge.VectorFilter{Audience: knowledge.AudienceCustomer}, []string{hit("public", 0, 0), hit("public", 1, 1)}},
		{10, knowledge.VectorFilter{Audience: knowledge.AudienceAgent}, []string{hit("public", 0, 0), hit("public", 1, 1), hit("public", 2, 2), hit("internal", 0, 3)}},
		{10, knowledge.VectorFilter{Audience: knowledge.AudienceAgent, Locale: "de"}, []string{hit("internal", 0, 3)}},
		{10, knowledge.VectorFilter{Audience: knowledge.AudienceAgent, Tags: []string{"a", "vip"}}, []string{hit("internal", 0, 3)}},
		{10, knowledge.VectorFilter{Audience: knowledge.AudienceCustomer, Tags: []string{"vip"}}, nil},
	} {
		hits, ok := nearest(c.k, c.filter)
		if !ok {
			t.Fatalf("%+v: no index any more", c.filter)
		}
		var got []string
		for _, h := range hits {
			// An index may hold half precision: two digits are what it promises.
			got = append(got, fmt.Sprintf("%s %d %.2f", h.Version, h.Ordinal, h.Cosine))
		}
		equal(t, fmt.Sprintf("k %d, %+v", c.k, c.filter), got, c.want)
	}
}
