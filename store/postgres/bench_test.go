package postgres

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"

	"frontdesk/chat"
)

// benchTalks is how many conversations the writers share: as many as the
// most writers, so that none waits for another's row.
const benchTalks = 64

// rounds is how often subject and floor take turns; the median ratio counts.
const rounds = 5

// BenchmarkAppend measures appends beside a floor in the same run: a bare
// group commit by one unnest() statement, which writes the same rows into the
// same schema and checks nothing. The metric "xfloor" is the median ratio of the
// rates; 1 would be as fast as the floor. Rates are durable only if the server
// runs with fsync=on; the log says so.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) { benchmarkAppend(b, writers) })
	}
}

func benchmarkAppend(b *testing.B, writers int) {
	needServer(b)
	subject, floor := openSubject(b), openFloor(b)
	// Caches, plans and connections are there before the clock starts.
	timed(b, writers, 20, subject)
	timed(b, writers, 20, floor)
	n := max(1, b.N/rounds/writers) // appends of each writer in a round
	var ratios []float64
	var took, floorTook time.Duration
	b.ReportAllocs()
	b.ResetTimer()
	for range rounds {
		d := timed(b, writers, n, subject)
		b.StopTimer()
		f := timed(b, writers, n, floor)
		b.StartTimer()
		took, floorTook = took+d, floorTook+f
		ratios = append(ratios, f.Seconds()/d.Seconds())
	}
	slices.Sort(ratios)
	total := float64(rounds * n * writers)
	b.ReportMetric(total/took.Seconds(), "msg/s")
	b.ReportMetric(total/floorTook.Seconds(), "floor-msg/s")
	b.ReportMetric(ratios[rounds/2], "xfloor")
}

// timed has writers append n messages each.
func timed(b *testing.B, writers, n int, write func(talk int) error) time.Duration {
	b.Helper()
	var wg sync.WaitGroup
	start := time.Now()
	for i := range writers {
		wg.Go(func() {
			for range n {
				if err := write(i % benchTalks); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(start)
}

const benchText = "Where is my order? I paid for it two weeks ago and have heard nothing since."

func openSubject(b *testing.B) func(talk int) error {
	b.Helper()
	s := openTest(b, newDatabase(b))
	ws, talks := seed(b, s, benchTalks)
	var fsync string
	if err := s.pool.QueryRow(b.Context(), `SELECT current_setting('fsync')`).Scan(&fsync); err != nil {
		b.Fatal(err)
	}
	b.Logf("the server runs with fsync=%s", fsync)
	return func(talk int) error {
		_, err := s.Append(b.Context(), ws, talks[talk].ID, asks(talks[talk], benchText))
		return err
	}
}

// floor is the least that a durable append can be with this driver.
type floor struct {
	conn  *pgx.Conn
	queue chan floorWrite
	ws    uuid.UUID
	from  uuid.UUID
	talks []chat.Conversation
	seqs  [benchTalks]int64
}

type floorWrite struct {
	talk   int
	client uuid.UUID
	done   chan error
}

func openFloor(b *testing.B) func(talk int) error {
	b.Helper()
	ctx, address := context.Background(), newDatabase(b)
	s := openTest(b, address) // for the schema and the rows to begin with
	f := &floor{queue: make(chan floorWrite, maxGroup)}
	f.ws, f.talks = seed(b, s, benchTalks)
	f.from = f.talks[0].Customer
	var err error
	if f.conn, err = pgx.Connect(ctx, address); err != nil {
		b.Fatal(err)
	}
	if _, err := f.conn.Exec(ctx, `SET synchronous_commit = on; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off`); err != nil {
		b.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(f.loop)
	b.Cleanup(func() {
		close(f.queue)
		wg.Wait()
		_ = f.conn.Close(ctx)
	})
	return func(talk int) error {
		w := floorWrite{talk: talk, client: uuid.New(), done: make(chan error, 1)}
		f.queue <- w
		return <-w.done
	}
}

func (f *floor) loop() {
	for first := range f.queue {
		group := []floorWrite{first}
	gather:
		for len(group) < maxGroup {
			select {
			case w, ok := <-f.queue:
				if !ok {
					break gather
				}
				group = append(group, w)
			default:
				break gather
			}
		}
		err := f.write(group)
		for _, w := range group {
			w.done <- err
		}
	}
}

func (f *floor) write(group []floorWrite) error {
	n := len(group)
	convs, clients, seqs, texts := make([][16]byte, n), make([][16]byte, n), make([]int64, n), make([]string, n)
	for i, w := range group {
		f.seqs[w.talk]++
		convs[i], clients[i], seqs[i], texts[i] = f.talks[w.talk].ID, w.client, f.seqs[w.talk], benchText
	}
	_, err := f.conn.Exec(context.Background(), `WITH item AS MATERIALIZED (
			SELECT * FROM unnest($4::uuid[], $5::uuid[], $6::bigint[], $7::text[]) AS t (conversation_id, client_id, seq, text)
		), stored AS (
			INSERT INTO entries (workspace_id, conversation_id, staff, seq, client_id, at, kind, party, from_id, from_name, text)
			SELECT $1, conversation_id, false, seq, client_id, $3, 'message', 'customer', $2::uuid, 'Ann', text FROM item
		)
		UPDATE conversations c SET last_seq = i.seq, customer_seq = i.seq, customer_at = $3, last_text = i.text, last_from = 'customer', updated_at = $3
		FROM (SELECT conversation_id, max(seq) AS seq, max(text) AS text FROM item GROUP BY conversation_id) i
		WHERE c.workspace_id = $1 AND c.id = i.conversation_id`,
		f.ws, f.from, time.Now(), convs, clients, seqs, texts)
	return err
}

// indexedCorpus makes an index over n vectors, and questions near some of them.
func indexedCorpus(b *testing.B, s *Store, n, dim int) (*corpus, [][]float32) {
	b.Helper()
	c := makeCorpus(b, s, n, dim)
	if err := s.BuildVectorIndex(b.Context(), c.ws, testModel, dim); err != nil {
		b.Fatal(err)
	}
	queries := make([][]float32, 200)
	random := rand.New(rand.NewPCG(4, 4))
	for i := range queries {
		queries[i] = around(random, c.chunks[random.IntN(n)].vector.Values, 0.02)
	}
	return c, queries
}

// bareHNSW is the least that a search by the index can be.
func bareHNSW(b *testing.B, conn querier, g generation, q []float32, k int) {
	b.Helper()
	rows, err := conn.Query(b.Context(), `SELECT hash, embedding <=> $1 FROM `+g.table()+` ORDER BY embedding <=> $1 LIMIT $2`, pgvector.NewHalfVector(q), k)
	if err != nil {
		b.Fatal(err)
	}
	for rows.Next() {
	}
	if rows.Err() != nil {
		b.Fatal(rows.Err())
	}
}

// BenchmarkHNSW is the floor of hybrid search: the bare query for the ten
// nearest of 10,000, with 64 candidates.
func BenchmarkHNSW(b *testing.B) {
	needServer(b)
	const n, dim = 10_000, 384
	s := openTest(b, newDatabase(b))
	c, queries := indexedCorpus(b, s, n, dim)
	conn, err := s.pool.Acquire(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(b.Context(), `SET hnsw.ef_search = 64`); err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		bareHNSW(b, conn, generation{c.ws, testModel, dim}, queries[i%len(queries)], 10)
		took = append(took, time.Since(start))
	}
	b.ReportMetric(micros(took, 0.5), "p50-us")
	b.ReportMetric(micros(took, 0.99), "p99-us")
}

// micros gives the time within which a share of the calls were done.
func micros(took []time.Duration, share float64) float64 {
	slices.Sort(took)
	return float64(took[int(share*float64(len(took)-1))].Microseconds())
}

// BenchmarkNearestChunks measures the store's search for as many chunks as
// the hybrid search asks for, beside the bare HNSW query for as many vectors in
// the same run. The metric "xfloor" is the ratio of the medians.
func BenchmarkNearestChunks(b *testing.B) {
	needServer(b)
	const n, dim, k = 10_000, 384, 50
	s := openTest(b, newDatabase(b))
	c, queries := indexedCorpus(b, s, n, dim)
	floor := func(i int) { bareHNSW(b, s.pool, generation{c.ws, testModel, dim}, queries[i%len(queries)], k) }
	for name, f := range filters {
		if name == "nothing" {
			continue
		}
		b.Run(name, func(b *testing.B) {
			subject := func(i int) {
				if _, ok, err := s.NearestChunks(b.Context(), c.ws, testModel, queries[i%len(queries)], k, f.filter); err != nil || !ok {
					b.Fatal(ok, err)
				}
			}
			var took, floorTook []time.Duration
			for i := range 20 { // caches and plans
				subject(i)
				floor(i)
			}
			for i := 0; b.Loop(); i++ {
				start := time.Now()
				subject(i)
				took = append(took, time.Since(start))
				b.StopTimer()
				start = time.Now()
				floor(i)
				floorTook = append(floorTook, time.Since(start))
				b.StartTimer()
			}
			b.ReportMetric(micros(took, 0.5), "p50-us")
			b.ReportMetric(micros(took, 0.99), "p99-us")
			b.ReportMetric(micros(floorTook, 0.5), "floor-p50-us")
			b.ReportMetric(micros(floorTook, 0.99), "floor-p99-us")
			b.ReportMetric(micros(took, 0.5)/micros(floorTook, 0.5), "xfloor")
		})
	}
}
