package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"frontdesk/store"
)

// server is the URL of the test server.
var server = os.Getenv("FRONTDESK_TEST_DATABASE_URL")

// template makes a database with the schema in it, once: to copy it takes a
// tenth of the time that the migrations take.
var template = sync.OnceValues(func() (string, error) {
	ctx, name := context.Background(), databaseName()
	copied.Store(true)
	if err := administer(ctx, `CREATE DATABASE `+name); err != nil {
		return "", err
	}
	s, err := Open(ctx, urlOf(name), quiet)
	if err != nil {
		return name, err
	}
	return name, s.Close()
})

// copied says that there may be a template to drop.
var copied atomic.Bool

// quiet are options that keep the server's faults, which every test server
// has, out of the output.
var quiet = store.Options{Log: slog.New(slog.DiscardHandler)}

func TestMain(m *testing.M) {
	code := m.Run()
	if copied.Load() {
		if name, _ := template(); name != "" {
			if err := dropDatabase(name); err != nil {
				fmt.Fprintln(os.Stderr, err)
				code = 1
			}
		}
	}
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func needServer(t testing.TB) {
	t.Helper()
	if server == "" {
		t.Skip("FRONTDESK_TEST_DATABASE_URL is not set: no PostgreSQL to test on")
	}
}

// newDatabase makes a database with the schema in it, and gives its URL.
func newDatabase(t testing.TB) string {
	t.Helper()
	from, err := template()
	if err != nil {
		t.Fatal(err)
	}
	return makeDatabase(t, ` TEMPLATE `+from)
}

// emptyDatabase makes a database with nothing in it, and gives its URL.
func emptyDatabase(t testing.TB) string {
	t.Helper()
	return makeDatabase(t, "")
}

func makeDatabase(t testing.TB, options string) string {
	t.Helper()
	name := databaseName()
	if err := administer(context.Background(), `CREATE DATABASE `+name+options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := dropDatabase(name); err != nil {
			t.Error(err)
		}
	})
	return urlOf(name)
}

func dropDatabase(name string) error {
	return administer(context.Background(), `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`)
}

// databaseName gives a name that no other test uses.
func databaseName() string { return fmt.Sprintf("frontdesk_test_%d_%016x", os.Getpid(), rand.Uint64()) }

// urlOf is the server's URL with another database.
func urlOf(name string) string {
	u, err := url.Parse(server)
	if err != nil {
		panic(err) // the test's environment is wrong
	}
	u.Path = "/" + name
	return u.String()
}

func administer(ctx context.Context, statements ...string) error {
	return runSQL(ctx, server, statements...)
}

// runSQL runs statements at a URL, on a connection of its own.
func runSQL(ctx context.Context, address string, statements ...string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	for _, sql := range statements {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}
