package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"frontdesk/knowledge"
)

const testModel = "model's test"

// corpus is a workspace full of articles, with the vectors of their chunks.
type corpus struct {
	ws     uuid.UUID
	chunks []passage
}

type passage struct {
	article knowledge.Article
	ordinal int
	vector  knowledge.Vector
}

// perArticle is how many chunks an article of a corpus has.
const perArticle = 20

// makeCorpus stores n chunks with vectors around 50 centres, as texts on a
// few topics are. Of ten articles one is internal, three are in German and one
// in fifty is rare.
func makeCorpus(t testing.TB, s *Store, n, dim int) *corpus {
	t.Helper()
	ctx := context.Background()
	random := rand.New(rand.NewPCG(1, uint64(n)))
	w, err := s.CreateWorkspace(ctx, "corpus")
	if err != nil {
		t.Fatal(err)
	}
	c := &corpus{ws: w.ID}
	centres := make([][]float32, 50)
	for i := range centres {
		centres[i] = around(random, make([]float32, dim), 1)
	}
	var puts []knowledge.Put
	for i := range n / perArticle {
		puts = append(puts, testArticle(i))
	}
	for batch := range slices.Chunk(puts, 50) {
		results, err := s.PutArticles(ctx, c.ws, batch)
		if err != nil {
			t.Fatal(err)
		}
		var vs []knowledge.Vector
		for i, r := range results {
			for _, k := range batch[i].Chunks {
				v := knowledge.Vector{Hash: k.Hash, Values: around(random, centres[random.IntN(len(centres))], 0.6/float32(math.Sqrt(float64(dim))))}
				c.chunks = append(c.chunks, passage{r.Article, k.Ordinal, v})
				vs = append(vs, v)
			}
		}
		if err := s.PutVectors(ctx, c.ws, testModel, vs); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// around gives a unit vector near centre.
func around(random *rand.Rand, centre []float32, spread float32) []float32 {
	v := make([]float32, len(centre))
	var sum float64
	for i := range v {
		v[i] = centre[i] + spread*float32(random.NormFloat64())
		sum += float64(v[i]) * float64(v[i])
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum))
	}
	return v
}

func testArticle(i int) knowledge.Put {
	p := knowledge.Put{Input: knowledge.Input{
		Source: "test", ExternalID: fmt.Sprint(i), Title: fmt.Sprint("Article ", i), Locale: "en",
		Visibility: knowledge.Public, Status: knowledge.StatusPublished,
	}}
	binary.LittleEndian.PutUint64(p.Hash[:], uint64(i+1))
	if i%10 == 0 {
		p.Visibility = knowledge.Internal
	}
	if i%10 < 3 {
		p.Locale = "de-AT"
	}
	if i%50 == 1 {
		p.Tags = []string{"rare", "other"}
	}
	for k := range perArticle {
		text := fmt.Sprint("chunk ", i, " ", k)
		p.Chunks = append(p.Chunks, knowledge.Chunk{Ordinal: k, Text: text, Hash: sha256.Sum256([]byte(text))})
	}
	return p
}

// nearest is the exact answer.
func (c *corpus) nearest(q []float32, k int, passes func(knowledge.Article) bool) []string {
	type hit struct {
		name   string
		cosine float64
	}
	var hits []hit
	for _, p := range c.chunks {
		if !passes(p.article) {
			continue
		}
		var dot float64
		for i, x := range p.vector.Values {
			dot += float64(x) * float64(q[i])
		}
		hits = append(hits, hit{nameOf(p.article.Version, p.ordinal), dot})
	}
	slices.SortFunc(hits, func(a, b hit) int {
		if a.cosine > b.cosine {
			return -1
		}
		return 1
	})
	var names []string
	for _, h := range hits[:min(k, len(hits))] {
		names = append(names, h.name)
	}
	return names
}

func nameOf(version uuid.UUID, ordinal int) string { return fmt.Sprint(version, " ", ordinal) }

// filters are what searches are narrowed by, with the same said in Go.
var filters = map[string]struct {
	filter knowledge.VectorFilter
	passes func(knowledge.Article) bool
}{
	"everything": {knowledge.VectorFilter{Audience: knowledge.AudienceAgent}, func(knowledge.Article) bool { return true }},
	"public": {knowledge.VectorFilter{Audience: knowledge.AudienceCustomer},
		func(a knowledge.Article) bool { return a.Visibility == knowledge.Public }},
	"German": {knowledge.VectorFilter{Audience: knowledge.AudienceAgent, Locale: "DE"},
		func(a knowledge.Article) bool { return a.Locale == "de-AT" }},
	"rare": {knowledge.VectorFilter{Audience: knowledge.AudienceCustomer, Tags: []string{"other", "rare"}},
		func(a knowledge.Article) bool { return slices.Contains(a.Tags, "rare") }},
	"nothing": {knowledge.VectorFilter{Audience: knowledge.AudienceCustomer, Tags: []string{"none"}},
		func(knowledge.Article) bool { return false }},
}

// TestRecall compares the index with the exact answer.
func TestRecall(t *testing.T) {
	t.Parallel()
	needServer(t)
	s := openTest(t, newDatabase(t))
	const n, dim, queries, k = 5000, 64, 40, 10
	c := makeCorpus(t, s, n, dim)
	if err := s.BuildVectorIndex(t.Context(), c.ws, testModel, dim); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(2, 2))
	for name, f := range filters {
		found, wanted := 0, 0
		for range queries {
			q := around(random, c.chunks[random.IntN(n)].vector.Values, 0.05)
			hits, ok, err := s.NearestChunks(t.Context(), c.ws, testModel, q, k, f.filter)
			if err != nil || !ok {
				t.Fatalf("%s: ok %v, %v", name, ok, err)
			}
			want := c.nearest(q, k, f.passes)
			if len(hits) != len(want) {
				t.Errorf("%s: %d hits, want %d", name, len(hits), len(want))
			}
			wanted += len(want)
			for i, h := range hits {
				if slices.Contains(want, nameOf(h.Version, h.Ordinal)) {
					found++
				}
				if i > 0 && h.Cosine > hits[i-1].Cosine {
					t.Errorf("%s: hit %d is better than the one before", name, i)
				}
			}
		}
		recall := float64(found) / float64(max(1, wanted))
		t.Logf("%s: recall@%d %.3f", name, k, recall)
		if wanted > 0 && recall < 0.95 {
			t.Errorf("%s: recall@%d is %.3f", name, k, recall)
		}
	}
	// Where nothing but the index was analysed, as here, and so everywhere.
	plan := explain(t, s, nearestSQL(generation{c.ws, testModel, dim}.table(), "a.status = 'published'"),
		pgx.NamedArgs{"ws": c.ws, "q": fmt.Sprint(strings.ReplaceAll(fmt.Sprint(c.chunks[0].vector.Values), " ", ",")), "k": k})
	if !strings.Contains(plan, "_embedding_idx") {
		t.Errorf("the index was not used:\n%s", plan)
	}
}

// explain gives the plan of a statement.
func explain(t testing.TB, s *Store, sql string, args ...any) string {
	t.Helper()
	lines, err := list(context.Background(), s.pool, pgx.RowTo[string], `EXPLAIN `+sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// indexed counts the vectors in the index of a model.
func indexed(t testing.TB, s *Store, g generation) int {
	t.Helper()
	n, err := one(context.Background(), s.pool, pgx.RowTo[int], nil, `SELECT count(*) FROM `+g.table())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// someVectors gives n vectors of texts that nobody else has.
func someVectors(n, dim int) []knowledge.Vector {
	random := rand.New(rand.NewPCG(3, 3))
	vs := make([]knowledge.Vector, n)
	for i := range vs {
		vs[i] = knowledge.Vector{Hash: sha256.Sum256([]byte(uuid.NewString())), Values: around(random, make([]float32, dim), 1)}
	}
	return vs
}

// TestIndexKeepsUp adds vectors while the index is built, again and again, and
// after: it has them all.
func TestIndexKeepsUp(t *testing.T) {
	t.Parallel()
	needServer(t)
	address := newDatabase(t)
	nodes := [2]*Store{openTest(t, address), openTest(t, address)}
	const dim = 8
	w, err := nodes[0].CreateWorkspace(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	together(t, 6, func(i int) error {
		s := nodes[i%2]
		if i < 2 {
			for range 3 {
				if err := s.BuildVectorIndex(t.Context(), w.ID, testModel, dim); err != nil {
					return err
				}
			}
			return nil
		}
		for range 10 {
			if err := s.PutVectors(t.Context(), w.ID, testModel, someVectors(20, dim)); err != nil {
				return err
			}
		}
		return nil
	})
	if n := indexed(t, nodes[0], generation{w.ID, testModel, dim}); n != 4*10*20 {
		t.Errorf("%d of %d vectors are in the index", n, 4*10*20)
	}
	// The other dimension is another generation; it does not hurt this one.
	if err := nodes[0].PutVectors(t.Context(), w.ID, testModel, someVectors(5, dim+1)); err != nil {
		t.Error(err)
	}
}

// TestIndexIsDispensable takes the index away in every way there is.
func TestIndexIsDispensable(t *testing.T) {
	t.Parallel()
	needServer(t)
	address := newDatabase(t)
	s, log := logged(t, address)
	const dim = 8
	c := makeCorpus(t, s, 200, dim)
	g := generation{c.ws, testModel, dim}
	search := func(what string, want bool) {
		t.Helper()
		hits, ok, err := s.NearestChunks(t.Context(), c.ws, testModel, c.chunks[0].vector.Values, 3, knowledge.VectorFilter{Audience: knowledge.AudienceAgent})
		if err != nil || ok != want || want != (len(hits) == 3) {
			t.Errorf("%s: %d hits, ok %v, %v; want ok %v", what, len(hits), ok, err, want)
		}
	}
	build := func() {
		t.Helper()
		if err := s.BuildVectorIndex(t.Context(), c.ws, testModel, dim); err != nil {
			t.Fatal(err)
		}
	}
	search("before it is built", false)
	build()
	search("built", true)
	if _, ok, err := s.NearestChunks(t.Context(), c.ws, "other model", make([]float32, dim), 3, knowledge.VectorFilter{}); ok || err != nil {
		t.Errorf("another model: ok %v, %v", ok, err)
	}

	if err := runSQL(t.Context(), address, `DROP TABLE `+g.table()); err != nil {
		t.Fatal(err)
	}
	search("dropped by hand", false)
	build()
	search("built again", true)

	// Half precision ends at 65504. The vector is kept, the index is not.
	huge := knowledge.Vector{Hash: sha256.Sum256([]byte("huge")), Values: make([]float32, dim)}
	huge.Values[0] = 1e9
	if err := s.PutVectors(t.Context(), c.ws, testModel, []knowledge.Vector{huge}); err != nil {
		t.Fatal(err)
	}
	search("with a vector that does not fit", false)
	if vs, err := s.Vectors(t.Context(), c.ws, testModel, [][32]byte{huge.Hash}); err != nil || len(vs) != 1 || vs[0].Values[0] != 1e9 {
		t.Errorf("the vector that does not fit: %v, %v", vs, err)
	}
	if err := s.BuildVectorIndex(t.Context(), c.ws, testModel, dim); err == nil {
		t.Error("an index was built without a vector that does not fit")
	}
	if err := runSQL(t.Context(), address, `DELETE FROM vectors WHERE hash = sha256('huge')`); err != nil {
		t.Fatal(err)
	}
	build()
	search("built without it", true)

	if err := runSQL(t.Context(), address, `DROP EXTENSION vector CASCADE`); err != nil {
		t.Fatal(err)
	}
	search("without the extension", false)
	if err := s.PutVectors(t.Context(), c.ws, testModel, someVectors(3, dim)); err != nil {
		t.Errorf("vectors without the extension: %v", err)
	}
	build() // does nothing
	search("still without the extension", false)
	if log.count("search is exact until it is built again") < 3 || log.count("pgvector is gone") != 1 {
		t.Error("the log does not tell")
	}
}

// TestWithoutPermission opens as a role that may not install pgvector, which
// is not there: everything works but the index, with one warning.
func TestWithoutPermission(t *testing.T) {
	t.Parallel()
	needServer(t)
	ctx := t.Context()
	role := databaseName()
	if err := administer(ctx, `CREATE ROLE `+role+` LOGIN PASSWORD 'test'`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := administer(context.Background(), `DROP ROLE `+role); err != nil {
			t.Error(err)
		}
	})
	address := emptyDatabase(t)
	if err := runSQL(ctx, address, `GRANT CREATE, USAGE ON SCHEMA public TO `+role); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(role, "test")

	s, log := logged(t, u.String())
	c := makeCorpus(t, s, 40, 8)
	for range 2 {
		if err := s.BuildVectorIndex(ctx, c.ws, testModel, 8); err != nil {
			t.Error(err)
		}
		if hits, ok, err := s.NearestChunks(ctx, c.ws, testModel, c.chunks[0].vector.Values, 3, knowledge.VectorFilter{}); ok || err != nil {
			t.Errorf("%v, ok %v, %v", hits, ok, err)
		}
	}
	if log.count("pgvector is not there") != 1 || log.count("vector") != 1 {
		t.Errorf("the log says:\n%s", log.buf.String())
	}
	// Somebody who may installs it.
	if err := runSQL(ctx, address, `CREATE EXTENSION vector`); err != nil {
		t.Fatal(err)
	}
	s = openWith(t, u.String(), quiet)
	if err := s.BuildVectorIndex(ctx, c.ws, testModel, 8); err != nil {
		t.Fatal(err)
	}
	if hits, ok, err := s.NearestChunks(ctx, c.ws, testModel, c.chunks[0].vector.Values, 3, knowledge.VectorFilter{Audience: knowledge.AudienceAgent}); !ok || err != nil || len(hits) != 3 {
		t.Errorf("with the extension: %v, ok %v, %v", hits, ok, err)
	}
}

// TestVectorVersions opens with each kind of pgvector.
func TestVectorVersions(t *testing.T) {
	t.Parallel()
	needServer(t)
	for version, want := range map[string]struct {
		usable, parallel bool
		warning          string
	}{
		"0.7.4":  {false, false, "too old"},
		"0.8.0":  {true, false, "known faults"},
		"0.8.3":  {true, false, "known faults"},
		"0.8.4":  {true, true, ""},
		"0.10.0": {true, true, ""},
		"1.0.0":  {true, true, ""},
		"odd":    {false, false, "too old"},
	} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			address := newDatabase(t)
			if err := runSQL(t.Context(), address, `UPDATE pg_extension SET extversion = '`+version+`' WHERE extname = 'vector'`); err != nil {
				t.Fatal(err)
			}
			s, log := logged(t, address)
			if s.vector != want.usable || s.parallel != want.parallel {
				t.Errorf("usable %v, parallel %v", s.vector, s.parallel)
			}
			if want.warning == "" && log.count("pgvector") != 0 || want.warning != "" && log.count(want.warning) != 1 {
				t.Errorf("the log says:\n%s", log.buf.String())
			}
			if err := s.BuildVectorIndex(t.Context(), uuid.New(), testModel, 8); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestBuildTogether has two nodes build one index at once.
func TestBuildTogether(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	c := makeCorpus(t, nodes[0], 400, 8)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			if err := nodes[i%2].BuildVectorIndex(t.Context(), c.ws, testModel, 8); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := indexed(t, nodes[0], generation{c.ws, testModel, 8}); n != 400 {
		t.Errorf("%d vectors in the index", n)
	}
}
