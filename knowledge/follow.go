package knowledge

import (
	"context"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// Store is what a Base and an Indexer ask of the store; its methods are
// explained there.
type Store interface {
	Workspaces(ctx context.Context) ([]chat.Workspace, error)
	Reader
	Writer
	VectorStore
	Leaser
}

// Reader is how articles are followed.
type Reader interface {
	KnowledgeVersion(ctx context.Context, ws uuid.UUID) (int64, error)
	DocumentsSince(ctx context.Context, ws uuid.UUID, after int64, limit int) ([]Document, error)
}

// Writer is how articles are imported.
type Writer interface {
	PutArticles(ctx context.Context, ws uuid.UUID, puts []Put) ([]PutResult, error)
	ArchiveMissing(ctx context.Context, ws uuid.UUID, source string, keep []string) (int, error)
}

// VectorStore keeps vectors by model and hash.
type VectorStore interface {
	PutVectors(ctx context.Context, ws uuid.UUID, model string, vs []Vector) error
	Vectors(ctx context.Context, ws uuid.UUID, model string, hashes [][32]byte) ([]Vector, error)
	PendingVectors(ctx context.Context, ws uuid.UUID, model string, limit int) ([]Pending, int, error)
	NearestChunks(ctx context.Context, ws uuid.UUID, model string, q []float32, k int, f VectorFilter) (hits []VectorHit, ok bool, err error)
	BuildVectorIndex(ctx context.Context, ws uuid.UUID, model string, dim int) error
}

// Leaser lets one node at a time embed.
type Leaser interface {
	AcquireLease(ctx context.Context, ws uuid.UUID, key, holder string, until time.Time) (chat.Lease, error)
	ReleaseLease(ctx context.Context, ws uuid.UUID, key, holder string) error
}

// catchUp brings a room's index up to date, as far as it comes, and reports
// whether it changed.
func (b *Base) catchUp(ctx context.Context, r *room) (changed bool, err error) {
	x, err := b.catchUpDocuments(ctx, r.ws, r.index.Load())
	if err == nil && b.options.Embedder != nil {
		x, err = b.catchUpVectors(ctx, r, x)
	}
	changed = x != r.index.Load()
	r.index.Store(x)
	return changed, err
}

// catchUpDocuments reads the articles that changed since x.
func (b *Base) catchUpDocuments(ctx context.Context, ws uuid.UUID, x *Index) (*Index, error) {
	version, err := b.options.Store.KnowledgeVersion(ctx, ws)
	if err != nil || version <= x.version {
		return x, err
	}
	var docs []Document
	after := x.version
	for after < version {
		batch, err := b.options.Store.DocumentsSince(ctx, ws, after, loadDocuments)
		if err != nil {
			return x, err
		}
		if len(batch) < loadDocuments {
			after = version // the changes in between were overtaken by later ones
		}
		for _, d := range batch {
			after = max(after, d.Revision)
		}
		docs = append(docs, batch...)
	}
	return x.With(Update{Version: after, Documents: docs, Remote: x.remote}), nil
}

// catchUpVectors loads vectors that x lacks and the store has by now, or hands
// them to the store's index when there are too many for memory. It notes how
// many texts still wait for one.
func (b *Base) catchUpVectors(ctx context.Context, r *room, x *Index) (*Index, error) {
	remote, err := b.remoteFor(ctx, r.ws, x)
	if err != nil {
		return x, err
	}
	if (remote == nil) != (x.remote == nil) {
		x = x.With(Update{Remote: remote})
	}
	missing := x.Missing()
	if remote == nil && len(missing) == 0 {
		r.waiting.Store(0)
		return b.catchUpDerived(ctx, r, x)
	}
	model := b.options.Embedder.Model()
	_, waiting, err := b.options.Store.PendingVectors(ctx, r.ws, model, 1)
	if err != nil {
		return x, err
	}
	r.waiting.Store(int64(waiting))
	if ready := len(missing) - waiting; ready <= 0 || waiting > 0 && ready < len(missing)/8 {
		return x, nil // too few are there yet: a new snapshot copies all vectors
	}
	vectors, err := b.loadVectors(ctx, r.ws, model, missing)
	if err != nil || len(vectors) == 0 {
		return x, err
	}
	return x.With(Update{Vectors: vectors}), nil
}

// catchUpDerived loads vectors of titles, lines and pieces that x lacks and
// the store has by now. While another node embeds them it looks now and then only.
func (b *Base) catchUpDerived(ctx context.Context, r *room, x *Index) (*Index, error) {
	lacking := x.Lacking()
	now := time.Now()
	if last := r.looked.Load(); len(lacking) == 0 || last != nil && now.Sub(*last) < derivedEvery {
		return x, nil
	}
	r.looked.Store(&now)
	hashes := make([]Hash, len(lacking))
	for i, p := range lacking {
		hashes[i] = p.Hash
	}
	vectors, err := b.loadVectors(ctx, r.ws, b.options.Embedder.Model(), hashes)
	if err != nil || len(vectors) == 0 {
		return x, err
	}
	return x.With(Update{Vectors: vectors}), nil
}

func (b *Base) loadVectors(ctx context.Context, ws uuid.UUID, model string, hashes []Hash) ([]Vector, error) {
	var out []Vector
	for len(hashes) > 0 {
		n := min(len(hashes), loadVectors)
		found, err := b.options.Store.Vectors(ctx, ws, model, hashes[:n])
		if err != nil {
			return nil, err
		}
		out, hashes = append(out, found...), hashes[n:]
	}
	return out, nil
}

// remoteFor gives the store's vector index if x is too large for memory and
// the store has one.
func (b *Base) remoteFor(ctx context.Context, ws uuid.UUID, x *Index) (RemoteVectors, error) {
	if !b.tooMany(x) {
		return nil, nil
	}
	if x.remote != nil {
		return x.remote, nil
	}
	r := remote{store: b.options.Store, ws: ws, model: b.options.Embedder.Model()}
	probe := make([]float32, b.options.Embedder.Dim())
	probe[0] = 1
	_, ok, err := r.store.NearestChunks(ctx, ws, r.model, probe, 1, VectorFilter{Audience: AudienceAgent})
	if err != nil || !ok {
		return nil, err
	}
	return r, nil
}

// tooMany reports whether x has more chunks than are searched in memory.
func (b *Base) tooMany(x *Index) bool {
	_, chunks, _ := x.Counts()
	return chunks > max(b.options.MaxVectors, 0)
}

// remote is a store's vector index for one workspace and model.
type remote struct {
	store VectorStore
	ws    uuid.UUID
	model string
}

func (r remote) Nearest(ctx context.Context, q []float32, k int, f VectorFilter) ([]VectorHit, error) {
	hits, ok, err := r.store.NearestChunks(ctx, r.ws, r.model, q, k, f)
	if err == nil && !ok {
		err = chat.Errorf(chat.CodeUnavailable, "The vector index is not there any more.")
	}
	return hits, err
}

func (r remote) Vectors(ctx context.Context, hashes []Hash) ([]Vector, error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	return r.store.Vectors(ctx, r.ws, r.model, hashes)
}
