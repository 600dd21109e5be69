package knowledge

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

var errDown = errors.New("the database is down")

// memStore is a Store in memory with one workspace. It does as much as the
// tests here need; store/storetest holds the real ones to the whole contract.
type memStore struct {
	ws uuid.UUID

	mu       sync.Mutex
	version  int64
	docs     map[[2]string]*Document
	hashes   map[[2]string]Hash
	vectors  map[Hash][]float32
	holder   string
	until    time.Time
	indexed  bool // BuildVectorIndex was called
	indexes  bool // NearestChunks can work
	down     bool
	failPuts int // PutArticles fails after so many calls; 0 never
}

func newMemStore() *memStore {
	return &memStore{ws: uuid.New(), docs: map[[2]string]*Document{}, hashes: map[[2]string]Hash{}, vectors: map[Hash][]float32{}}
}

func (m *memStore) lock() error {
	m.mu.Lock()
	if m.down {
		m.mu.Unlock()
		return errDown
	}
	return nil
}

func (m *memStore) set(change func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change()
}

func (m *memStore) Workspaces(context.Context) ([]chat.Workspace, error) {
	if err := m.lock(); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	return []chat.Workspace{{ID: m.ws}}, nil
}

func (m *memStore) KnowledgeVersion(context.Context, uuid.UUID) (int64, error) {
	if err := m.lock(); err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	return m.version, nil
}

func (m *memStore) DocumentsSince(_ context.Context, _ uuid.UUID, after int64, limit int) ([]Document, error) {
	if err := m.lock(); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	var out []Document
	for _, d := range m.docs {
		if d.Revision > after {
			out = append(out, *d)
		}
	}
	slices.SortFunc(out, func(a, b Document) int { return cmp.Compare(a.Revision, b.Revision) })
	return out[:min(len(out), limit)], nil
}

func (m *memStore) PutArticles(_ context.Context, _ uuid.UUID, puts []Put) ([]PutResult, error) {
	if err := m.lock(); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	if m.failPuts--; m.failPuts == 0 {
		return nil, errDown
	}
	var out []PutResult
	for _, p := range puts {
		key := [2]string{p.Source, p.ExternalID}
		outcome := OutcomeAdded
		if old, ok := m.docs[key]; ok {
			outcome = OutcomeChanged
			if m.hashes[key] == p.Hash && old.Status == p.Status {
				outcome = OutcomeUnchanged
			}
		}
		if outcome != OutcomeUnchanged {
			m.put(key, p)
		}
		out = append(out, PutResult{Outcome: outcome, Article: m.docs[key].Article})
	}
	return out, nil
}

func (m *memStore) put(key [2]string, p Put) {
	m.version++
	d := &Document{Article: Article{
		ID: uuid.NewSHA1(m.ws, []byte(p.Source+"\x00"+p.ExternalID)), Version: uuid.New(), Source: p.Source, ExternalID: p.ExternalID,
		Title: p.Title, Body: p.Body, Tags: p.Tags, Locale: p.Locale, Visibility: p.Visibility, Status: p.Status, Revision: m.version,
	}, Chunks: p.Chunks}
	if p.Status != StatusPublished {
		d.Chunks, d.Body = nil, ""
	}
	m.docs[key], m.hashes[key] = d, p.Hash
}

func (m *memStore) ArchiveMissing(_ context.Context, _ uuid.UUID, source string, keep []string) (int, error) {
	if err := m.lock(); err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	n := 0
	for key, d := range m.docs {
		if key[0] == source && !slices.Contains(keep, key[1]) && d.Status != StatusArchived {
			m.version++
			n++
			gone := *d
			gone.Status, gone.Revision, gone.Body, gone.Chunks = StatusArchived, m.version, "", nil
			m.docs[key] = &gone
		}
	}
	return n, nil
}

func (m *memStore) PutVectors(_ context.Context, _ uuid.UUID, _ string, vs []Vector) error {
	if err := m.lock(); err != nil {
		return err
	}
	defer m.mu.Unlock()
	for _, v := range vs {
		if m.vectors[v.Hash] == nil {
			m.vectors[v.Hash] = v.Values
		}
	}
	return nil
}

func (m *memStore) Vectors(_ context.Context, _ uuid.UUID, _ string, hashes [][32]byte) ([]Vector, error) {
	if err := m.lock(); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	var out []Vector
	for _, h := range hashes {
		if v := m.vectors[h]; v != nil {
			out = append(out, Vector{h, v})
		}
	}
	return out, nil
}

func (m *memStore) PendingVectors(_ context.Context, _ uuid.UUID, _ string, limit int) ([]Pending, int, error) {
	if err := m.lock(); err != nil {
		return nil, 0, err
	}
	defer m.mu.Unlock()
	pending := map[Hash]Pending{}
	for _, d := range m.docs {
		for _, c := range d.Chunks {
			if m.vectors[c.Hash] == nil {
				pending[c.Hash] = Pending{c.Hash, c.Text}
			}
		}
	}
	var out []Pending
	for _, p := range pending {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Pending) int { return cmp.Compare(a.Text, b.Text) })
	return out[:min(len(out), limit)], len(out), nil
}

func (m *memStore) NearestChunks(_ context.Context, _ uuid.UUID, _ string, q []float32, k int, f VectorFilter) ([]VectorHit, bool, error) {
	if err := m.lock(); err != nil {
		return nil, false, err
	}
	defer m.mu.Unlock()
	if !m.indexed || !m.indexes {
		return nil, false, nil
	}
	var out []VectorHit
	for _, d := range m.docs {
		query := Query{Audience: f.Audience, Locale: f.Locale, Tags: f.Tags}
		for _, c := range d.Chunks {
			v := m.vectors[c.Hash]
			if v == nil || !query.allows(&d.Article) {
				continue
			}
			var dot float64
			for i := range v {
				dot += float64(v[i]) * float64(q[i])
			}
			out = append(out, VectorHit{d.Version, c.Ordinal, dot})
		}
	}
	slices.SortFunc(out, func(a, b VectorHit) int { return cmp.Compare(b.Cosine, a.Cosine) })
	return out[:min(len(out), k)], true, nil
}

func (m *memStore) BuildVectorIndex(context.Context, uuid.UUID, string, int) error {
	if err := m.lock(); err != nil {
		return err
	}
	defer m.mu.Unlock()
	m.indexed = true
	return nil
}

func (m *memStore) AcquireLease(_ context.Context, _ uuid.UUID, key, holder string, until time.Time) (chat.Lease, error) {
	if err := m.lock(); err != nil {
		return chat.Lease{}, err
	}
	defer m.mu.Unlock()
	if m.holder != "" && m.holder != holder && m.until.After(time.Now()) {
		return chat.Lease{}, chat.Errorf(chat.CodeConflict, "%s is held by %s.", key, m.holder)
	}
	m.holder, m.until = holder, until
	return chat.Lease{Key: key, Holder: holder, Until: until}, nil
}

func (m *memStore) ReleaseLease(_ context.Context, _ uuid.UUID, _, holder string) error {
	if err := m.lock(); err != nil {
		return err
	}
	defer m.mu.Unlock()
	if m.holder == holder {
		m.holder = ""
	}
	return nil
}
