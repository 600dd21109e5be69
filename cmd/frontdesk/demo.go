package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/evals/data"
	"frontdesk/internal/password"
	"frontdesk/knowledge"
	"frontdesk/knowledge/source"
)

type demoCmd struct {
	ShopListen string `default:"127.0.0.1:8081" placeholder:"ADDR" help:"Address of the sample shop (${default}, or a free port)."`
}

// Help shows an example.
func (demoCmd) Help() string {
	return `Starts everything with the help centre of an invented shop, in a temporary folder that goes
when it stops; with --data it stays. Open the shop, ask, then answer in the console.

  frontdesk demo`
}

// demoWorkspace marks a store that the demo made: it refuses any other.
const demoWorkspace = "Kessel & Korn (demo)"

//go:embed shop
var shopFiles embed.FS

// Run serves the demo until it is interrupted.
func (cmd demoCmd) Run(env *environment) (err error) {
	s := env.Settings
	s.AdminListen = "off"
	if s.Data == "./data" && s.DatabaseURL == "" {
		if s.Data, err = os.MkdirTemp("", "frontdesk-demo-*"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(s.Data)) }()
	} else if err := refuseForeign(s); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(env.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	shop, err := listenOrFree(env.ctx, cmd.ShopListen)
	if err != nil {
		return err
	}
	defer func() { _ = shop.Close() }() // a second close, after the server's, says so
	c, err := openCoreAs(env.ctx, s, log, demoWorkspace, demoInbox())
	if err != nil {
		return err
	}
	if c.workspace.Name != demoWorkspace {
		return errors.Join(chat.Errorf(chat.CodeInvalid, "this database was not made by the demo: give the demo a database of its own, or none"), c.close())
	}
	d := &demo{core: c, shop: shop, env: env}
	if err := d.run(s); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// refuseForeign refuses a data folder that is not the demo's, before anything in it is touched.
func refuseForeign(s Settings) error {
	if s.DatabaseURL != "" {
		return nil // seen once it is open, by the workspace's name
	}
	mark := filepath.Join(s.Data, "demo")
	entries, err := os.ReadDir(s.Data)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := os.Stat(mark); err != nil && len(entries) > 0 {
		return chat.Errorf(chat.CodeInvalid, "the folder %s was not made by the demo: give --data an empty folder, or leave it out", s.Data)
	}
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return err
	}
	return os.WriteFile(mark, []byte("made by frontdesk demo\n"), 0o600)
}

// demo is a service with a shop beside it.
type demo struct {
	*core
	shop net.Listener
	env  *environment
}

func (d *demo) run(s Settings) error {
	inbox, err := d.prepareInbox(d.env.ctx)
	if err != nil {
		return errors.Join(err, d.close())
	}
	pass, err := d.prepareStaff(d.env.ctx)
	if err != nil {
		return errors.Join(err, d.close())
	}
	if err := d.loadArticles(d.env.ctx); err != nil {
		return errors.Join(err, d.close())
	}
	s.ActionHosts = append(s.ActionHosts, loopback(d.shop.Addr().String()))
	v, err := newService(d.core, s, serviceOptions{demo: true, publicURL: s.PublicURL})
	if err != nil {
		return errors.Join(err, d.close())
	}
	if err := d.declareActions(d.env.ctx, v.actions, "http://"+loopback(d.shop.Addr().String())+"/api"); err != nil {
		return errors.Join(err, v.close())
	}
	main, err := listenOrFree(d.env.ctx, s.Listen)
	if err != nil {
		return errors.Join(err, v.close())
	}
	l := listeners{main: main}
	if s.DatabaseURL == "" {
		if l.operator, err = listenOperator(d.env.ctx, socketPath(s.Data)); err != nil {
			return errors.Join(err, l.close(), v.close())
		}
	}
	v.reachedAt(l.url(s.PublicURL))
	page, err := shopHandler(l.url(s.PublicURL), inbox)
	if err != nil {
		return errors.Join(err, l.close(), v.close())
	}
	api := http.StripPrefix("/api", sampleOrders(time.Now).handler())
	shop := http.NewServeMux()
	shop.Handle("/api/", api)
	shop.Handle("/", page)
	srv := &http.Server{Handler: shop, ReadHeaderTimeout: 5 * time.Second}
	ended := make(chan struct{})
	go func() { defer close(ended); srv.Serve(d.shop) }() //nolint:errcheck // it ends by Close
	d.announce(l.url(s.PublicURL), pass)
	err = errors.Join(v.serve(d.env.ctx, l), srv.Close())
	<-ended
	return errors.Join(err, v.close())
}

func (d *demo) announce(url, pass string) {
	fmt.Fprintf(d.env.stdout, `
Frontdesk %s: the help desk of an invented shop

  Shop      http://%s/         ask in the widget, bottom right: "Where is my order KK-20418?",
                                       "Please cancel order KK-20421"
  Console   %s/console/        sign in as ana@kesselkorn.example, password %s
  Articles  %s/console/knowledge

%d articles are loaded. Ctrl-C stops it and removes its data.
`, version, loopback(d.shop.Addr().String()), url, pass, url, d.base.Status(d.workspace.ID).Articles)
}

// demoInbox is the sample shop's.
func demoInbox() chat.Inbox {
	in := chat.Inbox{Key: "fd_demo_" + strings.ToLower(rand.Text()[:8]), Name: "Kessel & Korn", Settings: chat.InboxSettings{
		Brand: "Kessel & Korn", Colour: "#8f4a1f", Greeting: "Good to see you. What can we help you with?",
		Starters: []string{"Where is my parcel?", "How do I clean the burrs of my M2?", "Where is my order KK-20418?"},
		Locales:  []string{"en"}, Timezone: "Europe/Berlin",
	}}
	for day := time.Tuesday; day <= time.Saturday; day++ { // the workshop's days, as its help centre has them
		in.Settings.Hours[day].Open, in.Settings.Hours[day].Close = "09:00", "18:00"
	}
	return in
}

// prepareInbox lets the shop of this run embed the widget.
func (d *demo) prepareInbox(ctx context.Context) (chat.Inbox, error) {
	in := d.inbox
	in.Settings = demoInbox().Settings
	in.Settings.Sites = []string{"http://" + loopback(d.shop.Addr().String()), "http://localhost:" + portOf(d.shop.Addr())}
	return d.store.PutInbox(ctx, d.workspace.ID, in)
}

func portOf(a net.Addr) string {
	_, port, _ := net.SplitHostPort(a.String())
	return port
}

// prepareStaff makes the agents, or gives the one there is a new password.
func (d *demo) prepareStaff(ctx context.Context) (string, error) {
	pass := strings.ToLower(rand.Text()[:12])
	hash := password.Hash(pass)
	for _, u := range []chat.User{
		{Name: "Ana", Email: "ana@kesselkorn.example", Role: chat.RoleOwner},
		{Name: "Jonas", Email: "jonas@kesselkorn.example", Role: chat.RoleAgent},
	} {
		have, err := d.store.UserByEmail(ctx, d.workspace.ID, u.Email)
		u.PasswordHash = hash
		switch {
		case err == nil:
			on := false
			_, _, err = d.store.ChangeUser(ctx, d.workspace.ID, have.ID, chat.UserChange{PasswordHash: &hash, Disabled: &on})
		case chat.CodeOf(err) == chat.CodeNotFound:
			u.ID = uuid.Must(uuid.NewV7())
			_, err = d.store.CreateUser(ctx, d.workspace.ID, u)
		}
		if err != nil {
			return "", err
		}
	}
	return pass, nil
}

// loadArticles loads the sample help centre with its vectors, so that the
// first question is already searched by meaning.
func (d *demo) loadArticles(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "frontdesk-sample-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.CopyFS(dir, data.Files); err != nil {
		return err
	}
	articles := source.Read(ctx, filepath.Join(dir, "helpcentre"), source.Options{Source: data.Source})
	if _, err := d.base.Import(ctx, d.workspace.ID, articles, false, nil); err != nil {
		return err
	}
	cache, err := knowledge.LoadCache(bytes.NewReader(data.Vectors), d.embedder.Model(), d.embedder.Dim())
	if err != nil {
		return err
	}
	if err := knowledge.NewIndexer(d.base, nodeName(), cache, nil).Run(ctx); err != nil {
		return err
	}
	return d.base.Refresh(ctx, d.workspace.ID)
}

// shopHandler serves the shop's page with the embed tag of this run.
func shopHandler(gatewayURL string, in chat.Inbox) (http.Handler, error) {
	files, err := fs.Sub(shopFiles, "shop")
	if err != nil {
		return nil, err
	}
	page, err := template.ParseFS(files, "index.html")
	if err != nil {
		return nil, err
	}
	var html bytes.Buffer
	if err := page.Execute(&html, map[string]string{"Gateway": gatewayURL, "Key": in.Key, "Colour": in.Settings.Colour}); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(files))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(html.Bytes())
	})
	return mux, nil
}

// listenOrFree listens on addr, or on a free port of the same host if that is taken.
func listenOrFree(ctx context.Context, addr string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err == nil {
		return l, nil
	}
	host, _, serr := net.SplitHostPort(addr)
	if serr != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "%q is not an address such as 127.0.0.1:8080", addr)
	}
	return new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
}
