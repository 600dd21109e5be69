package knowledge

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/llm"
)

// Index is one workspace's published articles at one knowledge version, ready
// to be searched: documents, postings and vectors. It never changes; whoever
// follows the store makes the next one with With and swaps them. Safe for
// concurrent use.
type Index struct {
	search  *Searcher
	version int64
	dict    *dictionary
	entries []*entry // in the order that breaks ties: external id, then source
	byID    map[uuid.UUID]*entry
	units   []unitAt
	words   *postings
	asker   asker // reads questions
	names   *Names

	// rows are the units' vectors one after another, in order of the units;
	// rowOf gives a unit's place in it, -1 if it has no vector yet.
	rows    []float32
	rowOf   []int32
	missing int
	derived map[Hash][]float32 // vectors of titles and pieces
	lacking []Pending          // titles, lines and pieces without a vector, the most useful first
	remote  RemoteVectors      // set when the vectors are searched elsewhere
}

// entry is a document with what is worked out once for all snapshots that hold it.
type entry struct {
	doc       Document
	phrasings []Phrasing
	list      bool // the text is a list of phrasings
	derived   []Pending
	bags      []bag   // of its units: the chunks, then the phrasings
	tongue    *tongue // the language of its text
}

// units is how many there are to be searched.
func (e *entry) units() int { return len(e.doc.Chunks) + len(e.phrasings) }

// unitAt says where a unit of the flat order belongs. An ordinal beyond the
// article's chunks is that of a phrasing.
type unitAt struct{ entry, ordinal int32 }

// Hash identifies a text.
type Hash = [sha256.Size]byte

// NewIndex gives an empty index at version 0 that s searches.
func NewIndex(s *Searcher) *Index {
	return (&Index{search: s, dict: newDictionary()}).With(Update{})
}

// Update is what changed since an Index.
type Update struct {
	Version   int64      // of the store, after the change; 0 keeps the old one
	Documents []Document // new or changed; those not published are dropped
	Vectors   []Vector   // new vectors, also for chunks that the Index has already
	// Synonyms, when not nil, take the place of those that the Index has; none
	// drops them. They must be valid.
	Synonyms Synonyms
	// Remote, when set, searches the vectors from now on; none are kept in
	// memory then.
	Remote RemoteVectors
}

// With gives the index after u. x stays as it is, and both share what did not change.
func (x *Index) With(u Update) *Index {
	next := &Index{search: x.search, dict: x.dict, version: max(x.version, u.Version), remote: u.Remote}
	next.entries = x.merge(u.Documents)
	next.byID = make(map[uuid.UUID]*entry, len(next.entries))
	var bags []bag
	for i, e := range next.entries {
		next.byID[e.doc.ID] = e
		for ordinal := range e.units() {
			next.units = append(next.units, unitAt{int32(i), int32(ordinal)})
		}
		bags = append(bags, e.bags...)
	}
	next.words, next.names = x.words, x.names
	if len(u.Documents) > 0 || x.words == nil {
		next.words = newPostings(x.dict, bags)
	}
	next.asker = x.askerOf(next, u.Synonyms)
	if next.words != x.words {
		next.names = newNames(next)
	}
	next.place(x, u.Vectors)
	return next
}

// askerOf makes what reads the questions to next.
func (x *Index) askerOf(next *Index, synonyms Synonyms) asker {
	a := asker{words: next.words, tongues: tonguesOf(next.entries), synonyms: x.asker.synonyms}
	a.lexicon, _ = x.search.embedder.(llm.Lexicon)
	if synonyms != nil || !slices.Equal(a.tongues, x.asker.tongues) {
		if synonyms == nil {
			synonyms = a.synonyms.all()
		}
		a.synonyms = newThesaurus(synonyms, a.tongues)
	}
	return a
}

// tonguesOf gives the languages of articles, the most frequent first.
func tonguesOf(entries []*entry) []*tongue {
	count := map[*tongue]int{}
	for _, e := range entries {
		count[e.tongue]++
	}
	return slices.SortedFunc(maps.Keys(count), func(a, b *tongue) int {
		return cmp.Or(count[b]-count[a], cmp.Compare(a.code, b.code))
	})
}

// merge gives the entries after a change, in order.
func (x *Index) merge(changes []Document) []*entry {
	if len(changes) == 0 {
		return x.entries
	}
	changed := make(map[uuid.UUID]*entry, len(changes))
	for _, d := range changes {
		changed[d.ID] = x.entry(d) // the last one of an article counts
	}
	var out []*entry
	for _, e := range x.entries {
		if _, ok := changed[e.doc.ID]; !ok {
			out = append(out, e)
		}
	}
	for _, e := range changed {
		if e != nil {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.doc.ExternalID, b.doc.ExternalID), cmp.Compare(a.doc.Source, b.doc.Source),
			bytes.Compare(a.doc.ID[:], b.doc.ID[:]))
	})
	return out
}

// entry prepares a document, nil if it is not to be found.
func (x *Index) entry(d Document) *entry {
	if d.Status != StatusPublished {
		return nil
	}
	pieces := Pieces(d.Body, chat.Span{Start: 0, End: len(d.Body)})
	e := &entry{doc: d, tongue: written(d.Locale, d.Title+"\n"+d.Body), list: listsPhrasings(pieces), phrasings: phrasingsOf(&d, pieces), derived: derivedOf(d.Title, pieces)}
	for _, c := range d.Chunks {
		e.bags = append(e.bags, x.dict.count(e.tongue, c.Text))
	}
	for _, q := range e.phrasings {
		e.bags = append(e.bags, x.dict.count(e.tongue, q.Text))
	}
	return e
}

// place fills rows and derived with the vectors of old and the new ones, by hash.
func (x *Index) place(old *Index, vectors []Vector) {
	x.rowOf = make([]int32, len(x.units))
	x.derived = map[Hash][]float32{}
	if x.remote != nil {
		for i := range x.rowOf {
			x.rowOf[i] = -1
		}
		return
	}
	known := old.vectors()
	for _, v := range vectors {
		if len(v.Values) == x.search.dim() {
			known[v.Hash] = v.Values
		}
	}
	x.rows = make([]float32, 0, len(x.units)*x.search.dim())
	for i := range x.units {
		x.rowOf[i] = -1
		if v, ok := known[x.hash(i)]; ok {
			x.rowOf[i] = int32(len(x.rows) / x.search.dim())
			x.rows = append(x.rows, v...)
		} else if x.stored(i) {
			x.missing++
		}
	}
	x.rows = slices.Clip(x.rows)
	seen := map[Hash]bool{}
	for _, e := range x.entries {
		for _, p := range e.derived {
			if seen[p.Hash] {
				continue
			}
			seen[p.Hash] = true
			if v, ok := known[p.Hash]; ok {
				x.derived[p.Hash] = v
			} else {
				x.lacking = append(x.lacking, p)
			}
		}
	}
}

// vectors gives the vectors of x by hash, without copying them.
func (x *Index) vectors() map[Hash][]float32 {
	out := make(map[Hash][]float32, len(x.units)+len(x.derived))
	for h, v := range x.derived {
		out[h] = v
	}
	for i := range x.units {
		if row := x.rowOf[i]; row >= 0 {
			out[x.hash(i)] = x.row(row)
		}
	}
	return out
}

func (x *Index) row(i int32) []float32 {
	dim := x.search.dim()
	return x.rows[int(i)*dim : (int(i)+1)*dim : (int(i)+1)*dim]
}

// chunk gives the unit at i, which must be a chunk.
func (x *Index) chunk(i int) *Chunk {
	at := x.units[i]
	return &x.entries[at.entry].doc.Chunks[at.ordinal]
}

func (x *Index) hash(i int) Hash {
	at := x.units[i]
	e := x.entries[at.entry]
	if n := int(at.ordinal) - len(e.doc.Chunks); n >= 0 {
		return e.phrasings[n].Hash
	}
	return e.doc.Chunks[at.ordinal].Hash
}

// stored reports whether the store knows the unit at i as a text of its own: a
// chunk or an accepted question. Lines are found in the text.
func (x *Index) stored(i int) bool {
	at := x.units[i]
	d := &x.entries[at.entry].doc
	return int(at.ordinal) < len(d.Chunks)+len(d.Questions)
}

func (x *Index) bag(i int) bag {
	at := x.units[i]
	return x.entries[at.entry].bags[at.ordinal]
}

// Version is the knowledge version that x holds.
func (x *Index) Version() int64 { return x.version }

// Document gives a published article, nil if it is not there. It is read-only.
func (x *Index) Document(id uuid.UUID) *Document {
	if e := x.byID[id]; e != nil {
		return &e.doc
	}
	return nil
}

// Names are what groups of its articles are called.
func (x *Index) Names() *Names { return x.names }

// Documents gives all published articles in order of external id and source.
// They are read-only.
func (x *Index) Documents() []*Document {
	out := make([]*Document, len(x.entries))
	for i, e := range x.entries {
		out[i] = &e.doc
	}
	return out
}

// Counts gives how many articles and chunks x holds, and how many chunks and
// accepted questions have no vector yet.
func (x *Index) Counts() (articles, chunks, missing int) {
	for _, e := range x.entries {
		chunks += len(e.doc.Chunks)
	}
	return len(x.entries), chunks, x.missing
}

// Missing gives the hashes of chunks and accepted questions without a vector,
// each once, in order.
func (x *Index) Missing() []Hash {
	var out []Hash
	seen := map[Hash]bool{}
	for i := range x.units {
		if h := x.hash(i); x.remote == nil && x.rowOf[i] < 0 && x.stored(i) && !seen[h] {
			seen[h] = true
			out = append(out, h)
		}
	}
	return out
}

// Lacking gives titles, lines and pieces without a vector, each once. They are
// embedded after the chunks; until then, the bot embeds what a question needs
// of them. With vectors searched elsewhere there are none.
func (x *Index) Lacking() []Pending { return x.lacking }

// allows reports whether a query may find an article.
func (q *Query) allows(a *Article) bool {
	if q.Audience != AudienceAgent && a.Visibility != Public {
		return false
	}
	for _, t := range q.Tags {
		if !slices.Contains(a.Tags, t) {
			return false
		}
	}
	return sameLanguage(q.Locale, a.Locale)
}

// sameLanguage reports whether two locales share their language. An unknown
// one goes with any.
func sameLanguage(a, b string) bool {
	return a == "" || b == "" || strings.EqualFold(language(a), language(b))
}

func language(locale string) string {
	if i := strings.IndexAny(locale, "-_"); i >= 0 {
		return locale[:i]
	}
	return locale
}
