package minilm

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/simd"
)

const question = "where can i see how my order gets here?" // 12 tokens

// BenchmarkImport is the speed of EmbedDocuments on chunks of 128 tokens.
func BenchmarkImport(b *testing.B) {
	e := open(b)
	texts := make([]string, 16)
	for i := range texts {
		texts[i] = strings.Repeat("order ", 126)
	}
	for b.Loop() {
		if _, err := e.EmbedDocuments(b.Context(), texts); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(texts))/b.Elapsed().Seconds(), "chunks/s")
}

// BenchmarkQuestionBesideImport compares a question's time while an import has
// all cores with its time alone, in turns, as a customer sees it: over a
// socket, from another process.
func BenchmarkQuestionBesideImport(b *testing.B) {
	s := startServer(b)
	var alone, beside stopwatch
	for b.Loop() {
		s.compare(b, 50, &alone, &beside)
	}
	for name, w := range map[string]stopwatch{"alone": alone, "beside": beside} {
		b.ReportMetric(w.median()*1e3, "ms/"+name+"-p50")
		b.ReportMetric(w.quantile(0.99)*1e3, "ms/"+name+"-p99")
	}
	b.ReportMetric(beside.median()/alone.median(), "p50-ratio")
	b.ReportMetric(beside.quantile(0.99)/alone.quantile(0.99), "p99-ratio")
	b.ReportMetric(0, "ns/op") // of no meaning here
}

// TestQuestionBesideImport holds the promise that an import does not slow a
// question down: its p50 by a fifth at most, its p99 by a factor of two. Other
// programs on the machine can spoil one comparison, hardly five.
func TestQuestionBesideImport(t *testing.T) {
	if sample > 1 || simd.Level() == "generic" || runtime.GOOS != "linux" {
		t.Skip("takes the assembly, threads with priorities, and no race detector")
	}
	s := startServer(t)
	var seen []string
	for range 5 {
		var alone, beside stopwatch
		s.compare(t, 50, &alone, &beside)
		p50, p99 := beside.median()/alone.median(), beside.quantile(0.99)/alone.quantile(0.99)
		if p50 <= 1.2 && p99 <= 2 {
			return
		}
		seen = append(seen, fmt.Sprintf("p50 by %.2f, p99 by %.2f", p50, p99))
	}
	t.Errorf("beside an import a question slows down: %s", strings.Join(seen, "; "))
}

// compare asks n questions alone and n beside an import.
func (s *server) compare(t testing.TB, n int, alone, beside *stopwatch) {
	s.ask(t, n, alone)
	s.say(t, "import")
	s.ask(t, n, beside)
	s.say(t, "stop")
}

// server is another process of this test, which embeds what it is asked.
type server struct {
	conn net.Conn
	in   *bufio.Reader
}

// serverAddress tells TestServer that it is the server, and where to listen.
const serverAddress = "FRONTDESK_TEST_ENCODER_SERVER"

func startServer(t testing.TB) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	cmd := exec.Command(os.Args[0], "-test.run=^TestServer$")
	cmd.Env = append(os.Environ(), serverAddress+"="+l.Addr().String())
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := l.(*net.TCPListener).SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server: %v\n%s", err, &output)
		}
	})
	s := &server{conn, bufio.NewReader(conn)}
	s.say(t, question)
	return s
}

// say sends a line and waits for the answer.
func (s *server) say(t testing.TB, line string) {
	t.Helper()
	if _, err := fmt.Fprintln(s.conn, line); err != nil {
		t.Fatal(err)
	}
	if _, err := s.in.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
}

// ask puts n questions, one every 10 ms or when the one before is answered.
func (s *server) ask(t testing.TB, n int, times *stopwatch) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range n {
		<-tick.C
		times.time(func() { s.say(t, question) })
	}
}

// TestServer is the server's process: it answers lines until the connection
// ends. It sets GOMAXPROCS as the product does.
func TestServer(t *testing.T) {
	address := os.Getenv(serverAddress)
	if address == "" {
		t.Skip("only started by other tests")
	}
	runtime.GOMAXPROCS(runtime.NumCPU() + 1)
	e, err := Open(Options{Threads: runtime.NumCPU()})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	stop := func() {}
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		switch line := lines.Text(); line {
		case "import":
			ctx, cancel := context.WithCancel(t.Context())
			var worker sync.WaitGroup
			worker.Go(func() { importUntil(ctx, e) })
			stop = func() { cancel(); worker.Wait() }
		case "stop":
			stop()
		default:
			if _, err := e.EmbedQuery(t.Context(), line); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := fmt.Fprintln(conn, "done"); err != nil {
			t.Fatal(err)
		}
	}
	stop()
}

// importUntil imports until ctx ends, the only error there is.
func importUntil(ctx context.Context, e *Encoder) {
	text := strings.Repeat("order ", 126)
	for err := error(nil); err == nil; {
		_, err = e.EmbedDocuments(ctx, []string{text, text, text, text, text, text, text, text})
	}
}
