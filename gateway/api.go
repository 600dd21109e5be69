package gateway

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// apiHandler serves the staff's API. Middleware before it says who asks.
func (g *Gateway) apiHandler() http.Handler {
	mux := http.NewServeMux()
	g.api(mux)
	g.staffFileRoutes(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, chat.Errorf(chat.CodeNotFound, "There is no %s %s: /api/openapi.json lists what there is.", r.Method, cutBytes(r.URL.Path, 200)))
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		// huma bounds JSON bodies by operation, but not forms.
		r.Body = http.MaxBytesReader(w, r.Body, maxImportBody)
		mux.ServeHTTP(w, g.fromClient(r))
	})
}

// api registers the staff's API on mux and gives its description.
func (g *Gateway) api(mux *http.ServeMux) huma.API {
	plainErrors()
	cfg := huma.DefaultConfig("Frontdesk", g.o.Version)
	cfg.CreateHooks = nil // no $schema in bodies
	cfg.Formats = map[string]huma.Format{"application/json": strictJSON, "json": strictJSON}
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "/api/openapi", "", ""
	cfg.Info.Description = "The API that console and command line use, under /api/v1, and the customer's side under /v1. Staff signs in with " +
		"POST /api/v1/login; the session is a cookie. Errors are problem+json (RFC 9457) with a stable code."
	a := humago.New(mux, cfg)
	g.actionOps(a)
	g.sessionOps(a)
	g.userOps(a)
	g.accountOps(a)
	g.auditOps(a)
	g.conversationOps(a)
	g.deskOps(a)
	g.searchOps(a)
	g.assistOps(a)
	g.promiseOps(a)
	g.articleOps(a)
	g.questionOps(a)
	g.inboxOps(a)
	g.proactiveOps(a)
	g.embedOps(a)
	g.brandOps(a)
	g.routingOps(a)
	g.voiceOps(a)
	g.modelOps(a)
	g.insightOps(a)
	g.visitorOps(a)
	g.identityOps(a)
	g.mailOps(a)
	g.talkOps(a)
	g.viewOps(a)
	g.fileOps(a)
	g.linkOps(a)
	g.transcriptOps(a)
	return a
}

// strictJSON is huma's JSON without what encoding/json puts up with: bytes that
// are no UTF-8, which it would replace.
var strictJSON = huma.Format{
	Marshal: huma.DefaultJSONFormat.Marshal,
	Unmarshal: func(data []byte, v any) error {
		if !utf8.Valid(data) {
			return errNotUTF8
		}
		return huma.DefaultJSONFormat.Unmarshal(data, v)
	},
}

var errNotUTF8 = errors.New("the text is not valid UTF-8")

// OpenAPI describes the HTTP API, the staff's and the customer's, as OpenAPI
// 3.1 in YAML.
func OpenAPI(version string) ([]byte, error) {
	return (&Gateway{o: Options{Version: version}}).document().YAML()
}

// document describes all operations, those too that are served without huma.
func (g *Gateway) document() *huma.OpenAPI {
	a := g.api(http.NewServeMux())
	describeCustomerSide(a)
	describeFiles(a)
	describeProactive(a)
	return a.OpenAPI()
}

// describeCustomerSide adds the operations that are served without huma, see
// customerRoutes. Its handlers are never called.
func describeCustomerSide(a huma.API) {
	huma.Register(a, huma.Operation{OperationID: "here", Method: http.MethodGet, Path: "/v1/here", DefaultStatus: http.StatusNoContent,
		Summary: "Nothing, so that a browser can tell this server from a network that answers in its place"},
		func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
	huma.Register(a, huma.Operation{OperationID: "newSession", Method: http.MethodPost, Path: "/v1/session", MaxBodyBytes: maxBody,
		Summary: "Begin or continue a customer's session"},
		func(context.Context, *body[protocol.SessionRequest]) (*body[protocol.Session], error) {
			return nil, nil
		})
	huma.Register(a, huma.Operation{OperationID: "endLink", Method: http.MethodPost, Path: "/v1/session/end", MaxBodyBytes: maxBody,
		Summary: "Sign out of a conversation that a link resumed: all links to it end"},
		func(context.Context, *body[protocol.SessionRequest]) (*body[done], error) {
			return nil, nil
		})
	huma.Register(a, huma.Operation{OperationID: "sendCode", Method: http.MethodPost, Path: "/v1/identity/code", MaxBodyBytes: maxBody,
		Summary: "Send a one-time code to a customer's e-mail address"},
		func(context.Context, *body[protocol.CodeRequest]) (*body[protocol.CodeSent], error) {
			return nil, nil
		})
	huma.Register(a, huma.Operation{OperationID: "checkCode", Method: http.MethodPost, Path: "/v1/identity/check", MaxBodyBytes: maxBody,
		Summary: "Check a one-time code"},
		func(context.Context, *body[protocol.CodeCheck]) (*body[protocol.CodeChecked], error) {
			return nil, nil
		})
	huma.Register(a, huma.Operation{OperationID: "receiptKey", Method: http.MethodGet, Path: "/v1/promises/key",
		Summary: "The public key of the receipts of promises"},
		func(context.Context, *struct {
			Inbox string `query:"inbox" required:"true" doc:"Public key of the inbox"`
		}) (*body[protocol.ReceiptKey], error) {
			return nil, nil
		})
	huma.Register(a, huma.Operation{OperationID: "checkReceipt", Method: http.MethodGet, Path: "/v1/promises/{number}",
		Summary: "How a promise stands, for whoever has its receipt"},
		func(context.Context, *struct {
			Number    string `path:"number" doc:"As it stands on the receipt, with or without dashes"`
			Inbox     string `query:"inbox" required:"true" doc:"Public key of the inbox"`
			Signature string `query:"signature" required:"true" doc:"Of the receipt, base64"`
		}) (*body[protocol.Receipt], error) {
			return nil, nil
		})
	huma.Register(a, huma.Operation{OperationID: "viewArticle", Method: http.MethodGet, Path: "/v1/articles/{version}",
		Summary: "A public article as a reader sees it"},
		func(context.Context, *struct {
			Version string `path:"version" format:"uuid" doc:"An article version, or an article for its newest"`
			Inbox   string `query:"inbox" required:"true" doc:"Public key of the inbox"`
			Spans   string `query:"spans" doc:"Byte ranges of the body to mark, as 12-40,52-90"`
		}) (*body[protocol.ArticleView], error) {
			return nil, nil
		})
}

// plainErrors gives huma's own errors (validation, unknown media types) the
// form of ours. It is huma's one global hook, set once.
var plainErrors = sync.OnceFunc(func() {
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		p := &APIError{Title: http.StatusText(status), Status: status, Detail: msg, Code: chat.CodeInvalid}
		defer func() { p.Type = problemType(p.Code) }()
		switch status {
		case http.StatusUnauthorized:
			p.Code = chat.CodeUnauthorized
		case http.StatusForbidden:
			p.Code = chat.CodeForbidden
		case http.StatusRequestEntityTooLarge:
			p.Code = chat.CodeTooLarge
		case http.StatusNotFound:
			p.Code = chat.CodeNotFound
		case http.StatusInternalServerError:
			p.Code, p.Detail = chat.CodeInternal, chat.MessageOf(errors.New(msg))
		}
		for i, err := range errs {
			var d *huma.ErrorDetail
			switch {
			case i == 5:
				p.Detail += "; …"
			case i > 5:
			case errors.As(err, &d):
				p.Detail += fmt.Sprintf("; %s: %s", d.Location, d.Message)
			case err != nil:
				p.Detail += "; " + err.Error()
			}
		}
		return p
	}
})

// body is a reply with a JSON body.
type body[T any] struct{ Body T }

// route is an operation's address.
type route struct {
	method, path, id, summary string
	max                       int64 // bytes of the body; 0 is huma's 1 MiB
}

// anybody is the role of an operation that needs no session.
const anybody = chat.Role("")

// How long a body may take to arrive: a form, and an import over a slow line (64 MiB at 5 Mbit/s).
const (
	readWithin       = 10 * time.Second
	readImportWithin = 2 * time.Minute
)

// op registers an operation for staff of at least a role. fn's errors become problems.
func op[I, O any](g *Gateway, a huma.API, r route, need chat.Role, fn func(ctx context.Context, who principal, in *I) (O, error)) {
	o := huma.Operation{OperationID: r.id, Method: r.method, Path: "/api/v1" + r.path, Summary: r.summary,
		MaxBodyBytes: r.max, BodyReadTimeout: readWithin}
	if r.max == maxImportBody {
		o.BodyReadTimeout = readImportWithin
	}
	if need != anybody {
		o.Middlewares = huma.Middlewares{permit(a, need)}
	}
	if changes(r) {
		o.Middlewares = append(o.Middlewares, audited(r))
	}
	huma.Register(a, o, func(ctx context.Context, in *I) (*body[O], error) {
		who, _ := principalOf(ctx)
		out, err := fn(ctx, who, in)
		if err == nil {
			if changes(r) {
				g.audit(ctx, r, who, out)
			}
			return &body[O]{out}, nil
		}
		g.logFault(ctx, r.method+" "+r.path, err)
		p := problemOf(err)
		if p.Status == http.StatusTooManyRequests {
			return nil, huma.ErrorWithHeaders(p, http.Header{"Retry-After": {retryAfter}})
		}
		return nil, p
	})
}

// permit lets staff of at least a role through, before anything of the request is read.
func permit(a huma.API, need chat.Role) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		who, ok := principalOf(ctx.Context())
		var err error
		switch {
		case !ok:
			err = huma.WriteErr(a, ctx, http.StatusUnauthorized, "Sign in first.")
		case !who.user.Role.Can(need):
			err = huma.WriteErr(a, ctx, http.StatusForbidden, fmt.Sprintf("This needs the role %s.", need))
		default:
			next(ctx)
		}
		_ = err // the client went away
	}
}

// none is an empty input, done an empty answer.
type (
	none struct{}
	done struct {
		OK bool `json:"ok"`
	}
)

// clientKey is under which the context holds the client: huma hands operations no request.
type clientKey struct{}

// client is where a request comes from.
type client struct {
	addr   string
	device string // the User-Agent
	base   string // where its browser reaches this server: "https://help.example"
}

// fromClient puts the client into a request's context.
func (g *Gateway) fromClient(r *http.Request) *http.Request {
	c := client{addr: g.clientIP(r), device: cutBytes(strings.ToValidUTF8(clean(r.UserAgent()), ""), maxDevice), base: strings.TrimRight(g.o.PublicURL, "/")}
	if c.base == "" {
		scheme := "http"
		if r.TLS != nil {
			scheme = "https"
		}
		c.base = scheme + "://" + r.Host
	}
	return r.WithContext(context.WithValue(r.Context(), clientKey{}, c))
}

// maxDevice is how much of a User-Agent is kept: browsers send under 200 bytes.
const maxDevice = 300

func clientOf(ctx context.Context) client {
	c, _ := ctx.Value(clientKey{}).(client)
	return c
}

func addrOf(ctx context.Context) string { return clientOf(ctx).addr }

// sessionOps are signing in and being there.
func (g *Gateway) sessionOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/setup", "setupState", "Whether the first user is still to be made", 0}, anybody,
		func(ctx context.Context, _ principal, _ *none) (protocol.SetupState, error) {
			users, err := g.store.Users(ctx, g.o.Workspace.ID)
			return protocol.SetupState{Needed: len(users) == 0}, err
		})
	op(g, a, route{http.MethodPost, "/setup", "setup", "Make the first user and sign in", 0}, anybody,
		func(ctx context.Context, _ principal, in *body[protocol.SetupRequest]) (protocol.Me, error) {
			u, err := g.staff.setup(ctx, addrOf(ctx), in.Body)
			if err != nil {
				return protocol.Me{}, err
			}
			auditActor(ctx, u)
			auditObject(ctx, "user", u.ID.String())
			return g.me(ctx, principal{user: u, workspace: g.o.Workspace})
		})
	op(g, a, route{http.MethodPost, "/login", "login", "Sign in", 0}, anybody,
		func(ctx context.Context, _ principal, in *body[protocol.LoginRequest]) (protocol.Me, error) {
			auditNothing(ctx) // login does it, as it knows of failures too
			u, err := g.staff.login(ctx, addrOf(ctx), in.Body)
			if err != nil {
				return protocol.Me{}, err
			}
			return g.me(ctx, principal{user: u, workspace: g.o.Workspace})
		})
	op(g, a, route{http.MethodPost, "/logout", "logout", "Sign out", 0}, anybody,
		func(ctx context.Context, who principal, _ *none) (done, error) {
			if who.user.ID == uuid.Nil {
				auditNothing(ctx)
			}
			if who.user.ID != uuid.Nil && who.user.Role.Can(chat.RoleAgent) { // the operator's socket has no user
				if err := g.store.SetPresence(ctx, who.workspace.ID, who.user.ID, chat.PresenceOffline); err != nil {
					return done{}, err
				}
			}
			return done{true}, g.staff.logout(ctx, who)
		})
	op(g, a, route{http.MethodGet, "/me", "me", "Who is signed in", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, _ *none) (protocol.Me, error) { return g.me(ctx, who) })
	op(g, a, route{http.MethodPut, "/presence", "setPresence", "Say whether one takes chats", 0}, chat.RoleAgent,
		func(ctx context.Context, who principal, in *body[protocol.PresenceRequest]) (done, error) {
			return done{true}, g.setPresence(ctx, who.user, in.Body.State)
		})
}

func (g *Gateway) me(ctx context.Context, who principal) (protocol.Me, error) {
	inboxes, err := g.store.Inboxes(ctx, who.workspace.ID)
	inboxes = list(inboxes)
	for i, in := range inboxes {
		inboxes[i] = wholeInbox(in)
	}
	return protocol.Me{User: who.user, Workspace: who.workspace, Inboxes: inboxes, Demo: g.o.Demo}, err
}
