package knowledge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/llm"
)

// docOf makes a published document as the store would give it back.
func docOf(id, title, body string, change ...func(*Input)) Document {
	in := Input{Source: "test", ExternalID: id, Title: title, Body: body}
	for _, c := range change {
		c(&in)
	}
	put := Prepare(in)
	return Document{
		Article: Article{
			ID: uuid.NewSHA1(uuid.Nil, []byte(in.Source+"/"+id)), Version: uuid.NewSHA1(uuid.Nil, put.Hash[:]),
			Source: in.Source, ExternalID: id, Title: put.Title, Body: put.Body, Tags: put.Tags,
			URL: put.URL, Locale: in.Locale, Visibility: put.Visibility, Status: put.Status,
		},
		Chunks: put.Chunks,
	}
}

// vectorsOf embeds the chunks of documents.
func vectorsOf(t testing.TB, e llm.Embedder, docs ...Document) []Vector {
	t.Helper()
	var out []Vector
	for _, d := range docs {
		for _, c := range d.Chunks {
			v, err := e.EmbedDocuments(t.Context(), []string{c.Text})
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, Vector{c.Hash, v[0]})
		}
	}
	return out
}

func ids(r Result) []string {
	out := []string{}
	for _, h := range r.Articles {
		out = append(out, h.Document.ExternalID)
	}
	return out
}

func shop() []Document {
	internal := func(in *Input) { in.Visibility = Internal }
	german := func(in *Input) { in.Locale = "de-AT" }
	tagged := func(in *Input) { in.Tags = []string{"shop", "order"} }
	return []Document{
		docOf("clean", "Clean the burrs of your M2", "Turn the handle. Brush both burrs.\n\n## Water\n\nNever use water on burrs."),
		docOf("return", "Return an order", "Send it back within 30 days. Write KK-20418 on the parcel.", tagged),
		docOf("price", "What delivery costs", "Delivery to Austria costs 6.90 €.", tagged),
		docOf("fraud", "How we check orders for fraud", "Orders above 500 € are checked by hand.", internal),
		docOf("zurueck", "Rückgabe", "Schicke die Bestellung zurück.", german),
		docOf("draft", "Return an order, new", "Send it back within 60 days.", func(in *Input) { in.Status = StatusDraft }),
	}
}

func newShop(t testing.TB) (*Index, llm.FakeEmbedder) {
	e := llm.FakeEmbedder{}
	docs := shop()
	return NewIndex(NewSearcher(e, 0)).With(Update{Version: 7, Documents: docs, Vectors: vectorsOf(t, e, docs...)}), e
}

func TestSearch(t *testing.T) {
	t.Parallel()
	x, _ := newShop(t)
	tests := []struct {
		name string
		q    Query
		want []string // first of all
		not  string   // anywhere
	}{
		{"words", Query{Text: "how do I clean burrs?", Articles: 1}, []string{"clean"}, ""},
		{"stems and accents", Query{Text: "cleaning the búrr", Articles: 1}, []string{"clean"}, ""},
		{"a code however it is spelt", Query{Text: "kk20418", Articles: 1}, []string{"return"}, ""},
		{"customers never see internal ones", Query{Text: "return: how we check orders for fraud", Audience: AudienceCustomer}, []string{"return"}, "fraud"},
		{"an unknown audience is a customer", Query{Text: "return fraud", Audience: "x"}, []string{"return"}, "fraud"},
		{"agents do", Query{Text: "check orders for fraud", Audience: AudienceAgent, Articles: 1}, []string{"fraud"}, ""},
		{"drafts are not there", Query{Text: "return an order new 60 days", Audience: AudienceAgent}, []string{"return"}, "draft"},
		{"by language", Query{Text: "Bestellung", Locale: "de", Articles: 1}, []string{"zurueck"}, "clean"},
		{"by tags", Query{Text: "burrs 30 days", Tags: []string{"order", "shop"}}, []string{"return"}, "clean"},
		{"no article has the tag", Query{Text: "burrs", Tags: []string{"none"}}, nil, "clean"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, err := x.Search(t.Context(), tt.q)
			if err != nil {
				t.Fatal(err)
			}
			if r.Version != 7 || r.Degraded != "" || len(r.Vector) != 64 {
				t.Errorf("version %d, degraded %q, vector of %d", r.Version, r.Degraded, len(r.Vector))
			}
			got := ids(r)
			if len(got) < len(tt.want) || !slices.Equal(got[:len(tt.want)], tt.want) || slices.Contains(got, tt.not) {
				t.Errorf("got %v, want first %v and not %q", got, tt.want, tt.not)
			}
			if limit := tt.q.Articles; limit > 0 && len(got) > limit {
				t.Errorf("%d articles, want at most %d", len(got), limit)
			}
		})
	}
}

func TestSearchEvidence(t *testing.T) {
	t.Parallel()
	x, e := newShop(t)
	r, err := x.Search(t.Context(), Query{Text: "never water burrs zzz", Articles: 1})
	if err != nil {
		t.Fatal(err)
	}
	best := r.Articles[0].Chunks[0]
	if best.Chunk.Headings[0] != "Water" {
		t.Errorf("best chunk is %q", best.Chunk.Text)
	}
	doc, _ := e.EmbedQuery(t.Context(), best.Chunk.Text)
	var cosine float64
	for i, v := range doc {
		cosine += float64(v) * float64(r.Vector[i])
	}
	if d := best.Cosine - cosine; d > 1e-5 || d < -1e-5 {
		t.Errorf("cosine %v, want %v", best.Cosine, cosine)
	}
	if best.Coverage <= .5 || best.Coverage >= 1 {
		t.Errorf("coverage %v, want most, but not zzz", best.Coverage)
	}
	if best.Words <= 0 || best.Score < best.Cosine || r.Articles[0].Score < best.Score {
		t.Errorf("words %v, score %v, article %v", best.Words, best.Score, r.Articles[0].Score)
	}
	if second := r.Articles[0].Chunks[1]; second.Score > best.Score {
		t.Errorf("chunks are not best first: %v, %v", best.Score, second.Score)
	}
}

func TestSearchTiesAreBrokenByExternalIDThenSource(t *testing.T) {
	t.Parallel()
	other := func(in *Input) { in.Source = "another" }
	docs := []Document{docOf("b", "Same", "text"), docOf("c", "Same", "text"), docOf("a", "Same", "text"), docOf("b", "Same", "text", other)}
	e := llm.FakeEmbedder{}
	x := NewIndex(NewSearcher(e, 0)).With(Update{Documents: docs, Vectors: vectorsOf(t, e, docs[0])})
	for _, limit := range []int{0, 2} {
		r, err := x.Search(t.Context(), Query{Text: "same text", Articles: limit})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range r.Articles {
			got = append(got, h.Document.ExternalID+" "+h.Document.Source)
		}
		want := []string{"a test", "b another", "b test", "c test"}
		if limit > 0 {
			want = want[:limit]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("limit %d: %s", limit, diff)
		}
	}
}

// slowEmbedder answers questions only when their context ends.
type slowEmbedder struct{ llm.FakeEmbedder }

func (slowEmbedder) EmbedQuery(ctx context.Context, _ string) ([]float32, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestSearchWithoutVectors(t *testing.T) {
	t.Parallel()
	docs := shop()
	good := llm.FakeEmbedder{}
	vectors := vectorsOf(t, good, docs...)
	tests := []struct {
		name     string
		embedder llm.Embedder
		vectors  []Vector
		degraded string
	}{
		{"no encoder", nil, nil, "no vectors yet"},
		{"not embedded yet", good, nil, "no vectors yet"},
		{"encoder fails", llm.FakeEmbedder{Err: errors.New("down")}, vectors, "embedding failed"},
		{"encoder is late", slowEmbedder{}, vectors, "embedding late"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := NewIndex(NewSearcher(tt.embedder, time.Millisecond)).With(Update{Documents: docs, Vectors: tt.vectors})
			r, err := x.Search(t.Context(), Query{Text: "clean burrs"})
			if err != nil {
				t.Fatal(err)
			}
			if r.Degraded != tt.degraded || r.Vector != nil {
				t.Errorf("degraded %q with a vector of %d, want %q", r.Degraded, len(r.Vector), tt.degraded)
			}
			if diff := cmp.Diff([]string{"clean"}, ids(r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSearchTakesTheVectorThatItIsGiven(t *testing.T) {
	t.Parallel()
	docs := shop()
	vectors := vectorsOf(t, llm.FakeEmbedder{}, docs...)
	var asked []string
	q := Query{Text: "clean the burrs", Embed: func(_ context.Context, text string) ([]float32, error) {
		asked = append(asked, text)
		return vectors[0].Values, nil
	}}
	x := NewIndex(NewSearcher(llm.FakeEmbedder{Err: errors.New("not asked")}, 0)).With(Update{Version: 1, Documents: docs, Vectors: vectors})
	r, err := x.Search(t.Context(), q)
	if err != nil || r.Degraded != "" || !slices.Equal(r.Vector, vectors[0].Values) || !slices.Equal(asked, []string{q.Text}) {
		t.Errorf("degraded %q, %v, asked for %q", r.Degraded, err, asked)
	}
	x = NewIndex(NewSearcher(nil, 0)).With(Update{Version: 1, Documents: docs})
	if r, err = x.Search(t.Context(), q); err != nil || r.Vector != nil || len(asked) > 1 {
		t.Errorf("an index without vectors: %v, asked for %q", err, asked)
	}
}

func TestSearchWhoseCallerHasGone(t *testing.T) {
	t.Parallel()
	x, _ := newShop(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := x.Search(ctx, Query{Text: "burrs"}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
}

func TestWordsFindWhatHasNoVectorYet(t *testing.T) {
	t.Parallel()
	x, e := newShop(t)
	x = x.With(Update{Version: 8, Documents: []Document{docOf("grind", "Set the grind", "Turn the crown nut to set the grind size.")}})
	if _, _, missing := x.Counts(); missing != 1 || len(x.Missing()) != 1 {
		t.Fatalf("%d missing", missing)
	}
	r, err := x.Search(t.Context(), Query{Text: "crown nut grind size"})
	if err != nil {
		t.Fatal(err)
	}
	if ids(r)[0] != "grind" || r.Articles[0].Chunks[0].Cosine != 0 {
		t.Errorf("found %v", ids(r))
	}
	done := x.With(Update{Vectors: vectorsOf(t, e, *x.Document(r.Articles[0].Document.ID))})
	if _, _, missing := done.Counts(); missing != 0 || done.Version() != 8 {
		t.Errorf("%d missing at version %d after the vectors came", missing, done.Version())
	}
}

func TestIndexIsCopiedOnWrite(t *testing.T) {
	t.Parallel()
	x, e := newShop(t)
	changed := docOf("return", "Return an order", "Send it back within 90 days, to Vienna.")
	archived := x.Documents()[0].Article // clean
	archived.Status, archived.Body = StatusArchived, ""
	next := x.With(Update{Version: 9, Documents: []Document{changed, {Article: archived}}, Vectors: vectorsOf(t, e, changed)})

	find := func(x *Index, text string) []string {
		r, err := x.Search(t.Context(), Query{Text: text, Articles: 1})
		if err != nil {
			t.Fatal(err)
		}
		return append(ids(r), fmt.Sprint(r.Version))
	}
	if diff := cmp.Diff([]string{"clean", "7"}, find(x, "clean burrs brush")); diff != "" {
		t.Errorf("the old one changed: %s", diff)
	}
	if diff := cmp.Diff([]string{"return", "9"}, find(next, "90 days to Vienna")); diff != "" {
		t.Error(diff)
	}
	if next.Document(archived.ID) != nil || x.Document(archived.ID) == nil {
		t.Error("an archived article must go from the new snapshot only")
	}
	if articles, _, missing := next.Counts(); articles != 4 || missing != 0 {
		t.Errorf("%d articles, %d vectors missing", articles, missing)
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	at := func(url string) func(*Input) { return func(in *Input) { in.URL = url } }
	docs := []Document{
		docOf("care/burrs.md", "Burrs", "text", at("https://help.example/burrs")),
		docOf("shop/return.md", "Return", "text", at("https://help.example/return")),
		docOf("shop/fraud.md", "Fraud", "text", at("https://help.example/fraud"), func(in *Input) { in.Visibility = Internal }),
		docOf("shop/bare.md", "No address", "text"),
		docOf("shop/other.md", "Other source", "text", at("https://other.example/"), func(in *Input) { in.Source = "other" }),
	}
	x := NewIndex(NewSearcher(nil, 0)).With(Update{Documents: docs})
	tests := []struct{ href, want string }{
		{"return.md", "https://help.example/return"},
		{"return", "https://help.example/return"},
		{"return.html?a=b#c", "https://help.example/return"},
		{"../care/burrs.md", "https://help.example/burrs"},
		{"/care/burrs", "https://help.example/burrs"},
		{"fraud.md", ""}, {"bare.md", ""}, {"other.md", ""}, {"gone.md", ""}, {"#here", ""}, {"", ""}, {"%zz", ""},
		{"../../../etc/passwd", ""}, {"//care/burrs.md", ""}, {"javascript:alert", ""},
	}
	for _, tt := range tests {
		if got := x.Link(&docs[1], tt.href); got != tt.want {
			t.Errorf("%q leads to %q, want %q", tt.href, got, tt.want)
		}
	}
}
