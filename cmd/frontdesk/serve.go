package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"frontdesk/chat"
	"frontdesk/gateway"
)

type serveCmd struct{}

// Help shows an example.
func (serveCmd) Help() string {
	return `With nothing set, it keeps everything in ./data and listens on 127.0.0.1:8080. The first
start prints a setup token, with which the first user is made in the console.

  frontdesk serve
  DATABASE_URL=postgres://frontdesk@db/frontdesk frontdesk serve --listen :8080 --public-url https://help.example`
}

// How long a stop may take: clients are sent away spread over drainOver, and
// the whole is over before the 30 s that orchestrators give.
const (
	drainOver = 8 * time.Second
	stopAll   = 25 * time.Second
)

// Run serves until it is interrupted.
func (serveCmd) Run(env *environment) error {
	log := slog.New(slog.NewJSONHandler(env.stderr, &slog.HandlerOptions{Level: env.level()}))
	c, err := openCore(env.ctx, env.Settings, log)
	if err != nil {
		return err
	}
	v, err := newService(c, env.Settings, serviceOptions{publicURL: env.PublicURL})
	if err != nil {
		return errors.Join(err, c.close())
	}
	l, err := v.listen(env.ctx, env.Settings)
	if err != nil {
		return errors.Join(err, v.close())
	}
	v.reachedAt(l.url(env.PublicURL))
	if err := v.announce(env.ctx, env.stdout, l.url(env.PublicURL)); err != nil {
		return errors.Join(err, l.close(), v.close())
	}
	err = v.serve(env.ctx, l)
	log.Info("stopped")
	return errors.Join(err, v.close())
}

// firstInbox is the inbox of a fresh install.
func firstInbox() chat.Inbox {
	return chat.Inbox{Key: "fd_" + strings.ToLower(rand.Text()[:16]), Name: "Website"}
}

// listeners are the addresses that a service answers on.
type listeners struct {
	main, admin, operator net.Listener
}

// listen opens the addresses before anything is served, so that a taken one is an error at once.
func (v *service) listen(ctx context.Context, s Settings) (l listeners, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, l.close())
		}
	}()
	if l.main, err = listenTCP(ctx, s.Listen, "--listen"); err != nil {
		return l, err
	}
	if s.AdminListen != "off" && s.AdminListen != "" {
		if l.admin, err = listenTCP(ctx, s.AdminListen, "--admin-listen"); err != nil {
			return l, err
		}
	}
	if s.DatabaseURL == "" {
		l.operator, err = listenOperator(ctx, socketPath(s.Data))
	}
	return l, err
}

func listenTCP(ctx context.Context, addr, flag string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, chat.Errorf(chat.CodeUnavailable, "cannot listen on %s: choose another address with %s (%w)", addr, flag, err)
	}
	return l, nil
}

// listenOperator opens the operator's socket. The store's lock says that no
// other server runs here, so a socket that lies there is one left behind.
func listenOperator(ctx context.Context, path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	// A socket's path may have 107 bytes; a relative one is often shorter.
	if wd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(wd, path); err == nil && len(rel) < len(path) {
			path = rel
		}
	}
	l, err := new(net.ListenConfig).Listen(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("operator's socket: %w", err)
	}
	return l, os.Chmod(path, 0o600)
}

func (l listeners) close() error {
	var errs []error
	for _, one := range []net.Listener{l.main, l.admin, l.operator} {
		if one != nil {
			errs = append(errs, one.Close())
		}
	}
	return errors.Join(errs...)
}

// url is where a browser on this machine, or the public, reaches the server.
func (l listeners) url(public string) string {
	if public != "" {
		return strings.TrimRight(public, "/")
	}
	return "http://" + loopback(l.main.Addr().String())
}

// reachedAt tells the parts that make links where browsers reach this server.
func (v *service) reachedAt(url string) {
	v.post.reachedAt(url)
	v.gateway.ReachedAt(url)
}

// loopback names an address the way a browser on this machine reaches it.
func loopback(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// announce prints where things are, and the setup token while there is nobody.
func (v *service) announce(ctx context.Context, w io.Writer, url string) error {
	users, err := v.store.Users(ctx, v.workspace.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Frontdesk %s\n\n  Console      %s/console/\n  Embed tag    %s\n", version, url, gateway.Tag(url, v.inbox.Key))
	if len(users) == 0 {
		token, err := gateway.SetupToken(ctx, v.store, v.workspace.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "\n  Make the first user with this setup token:\n  %s/console/setup#token=%s\n", url, token)
	}
	_, err = fmt.Fprintln(w)
	return err
}

// serve answers until ctx ends, then drains.
func (v *service) serve(ctx context.Context, l listeners) error {
	servers := []struct {
		l net.Listener
		h http.Handler
	}{{l.main, v.gateway.Handler()}, {l.admin, v.adminHandler()}, {l.operator, v.gateway.OperatorHandler()}}
	stopped, stop := context.WithCancel(ctx)
	defer stop()
	var group errgroup.Group
	var running []*http.Server
	for _, s := range servers {
		if s.l == nil {
			continue
		}
		srv := &http.Server{Handler: s.h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
			ErrorLog: slog.NewLogLogger(v.log.Handler(), slog.LevelDebug)}
		running = append(running, srv)
		group.Go(func() error {
			defer stop() // one listener's fault ends all
			if err := srv.Serve(s.l); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		})
	}
	<-stopped.Done()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopAll)
	defer cancel()
	v.gateway.Drain(end, drainOver)
	for _, srv := range running {
		if srv.Shutdown(end) != nil {
			_ = srv.Close() // it was late already
		}
	}
	return group.Wait()
}

// adminHandler is for the operator's own address: figures and profiles.
func (v *service) adminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", v.gateway.Metrics())
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}
