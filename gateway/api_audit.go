package gateway

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// AuditFilter is what of the audit log is asked for. It is exported for huma, see ByID.
type AuditFilter struct {
	Actor  string    `query:"actor" format:"uuid" doc:"Id of a user"`
	Action string    `query:"action" maxLength:"80"`
	Object string    `query:"object" maxLength:"200" doc:"Id of what it was done to"`
	From   time.Time `query:"from" doc:"At or after"`
	To     time.Time `query:"to" doc:"Before"`
}

func (f AuditFilter) query() (chat.AuditQuery, error) {
	actor, err := idOf(f.Actor)
	return chat.AuditQuery{Actor: actor, Action: clean(f.Action), Object: clean(f.Object), From: f.From, To: f.To}, err
}

// auditOps are the audit log, and what an owner sets about the staff.
func (g *Gateway) auditOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/audit", "listAudit", "One page of who did what, newest first", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *struct {
			AuditFilter
			Cursor string `query:"cursor" maxLength:"40"`
			Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
		}) (protocol.AuditList, error) {
			q, err := in.query()
			if err != nil {
				return protocol.AuditList{}, err
			}
			q.Cursor, q.Limit = clean(in.Cursor), in.Limit
			page, err := g.store.Audit(ctx, who.workspace.ID, q)
			return protocol.AuditList{Data: list(page.Entries), NextCursor: page.Next}, err
		})
	op(g, a, route{http.MethodGet, "/audit/actions", "listAuditActions", "What the audit log can hold", 0}, chat.RoleAdmin,
		func(context.Context, principal, *none) (protocol.AuditActions, error) {
			return protocol.AuditActions{Data: auditActions(a)}, nil
		})
	streamOp(g, a, route{http.MethodGet, "/audit/export", "exportAudit", "All of who did what, as JSON lines or CSV", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *struct {
			AuditFilter
			Format string `query:"format" enum:"jsonl,csv" default:"jsonl"`
		}) (*huma.StreamResponse, error) {
			q, err := in.query()
			if err != nil {
				return nil, err
			}
			q.Limit = 200
			return g.exportAudit(who.workspace.ID, q, in.Format)
		})
	op(g, a, route{http.MethodGet, "/sign-in", "signInOptions", "How one can sign in", 0}, anybody,
		func(ctx context.Context, _ principal, _ *none) (protocol.SignInOptions, error) {
			s, err := g.staffSettings(ctx)
			out := protocol.SignInOptions{Passwords: s.Passwords}
			if g.o.SSO == nil {
				out.Passwords = chat.PasswordsEverybody
			} else {
				out.Provider = g.o.SSO.Label()
			}
			return out, err
		})
	op(g, a, route{http.MethodGet, "/staff/settings", "getStaffSettings", "What is set about the staff, and how the identity provider stands", 0}, chat.RoleAdmin,
		func(ctx context.Context, _ principal, _ *none) (protocol.StaffSettingsView, error) {
			s, err := g.staffSettings(ctx)
			if err != nil {
				return protocol.StaffSettingsView{}, err
			}
			return g.staffView(ctx, s), nil
		})
	op(g, a, route{http.MethodPut, "/staff/settings", "putStaffSettings", "Set who may use passwords, and how long the audit log is kept", 0}, chat.RoleOwner,
		func(ctx context.Context, who principal, in *body[protocol.StaffSettings]) (protocol.StaffSettingsView, error) {
			s := chat.StaffSettings{Passwords: in.Body.Passwords, AuditDays: in.Body.AuditDays}
			return g.putStaffSettings(ctx, who, s)
		})
}

// streamOp registers an operation whose answer is written as it is made.
func streamOp[I any](g *Gateway, a huma.API, r route, need chat.Role, fn func(ctx context.Context, who principal, in *I) (*huma.StreamResponse, error)) {
	o := huma.Operation{OperationID: r.id, Method: r.method, Path: "/api/v1" + r.path, Summary: r.summary, Middlewares: huma.Middlewares{permit(a, need)}}
	huma.Register(a, o, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		who, _ := principalOf(ctx)
		out, err := fn(ctx, who, in)
		if err != nil {
			g.logFault(ctx, r.method+" "+r.path, err)
			return nil, problemOf(err)
		}
		return out, nil
	})
}

// auditActions are the operations that change something, and signing in.
func auditActions(a huma.API) []protocol.AuditAction {
	named := map[string]string{chat.AuditSignIn: "Sign in", chat.AuditSignInFailed: "Try to sign in, without success",
		chat.AuditLinked: "Sign in through the identity provider for the first time", AuditTool: "Use a tool of the command line"}
	for _, item := range a.OpenAPI().Paths {
		for _, o := range []*huma.Operation{item.Post, item.Put, item.Delete, item.Patch} {
			if o != nil && strings.HasPrefix(o.Path, "/api/v1/") && changes(route{method: o.Method, id: o.OperationID}) && o.OperationID != "login" {
				named[o.OperationID] = o.Summary
			}
		}
	}
	out := make([]protocol.AuditAction, 0, len(named))
	for _, action := range slices.Sorted(maps.Keys(named)) {
		out = append(out, protocol.AuditAction{Action: action, Summary: named[action]})
	}
	return out
}

// exportAudit writes all pages, one after the other.
func (g *Gateway) exportAudit(ws uuid.UUID, q chat.AuditQuery, format string) (*huma.StreamResponse, error) {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		kind := map[string]string{"jsonl": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}[format]
		hc.SetHeader("Content-Type", kind)
		hc.SetHeader("Content-Disposition", fmt.Sprintf(`attachment; filename="audit-%s.%s"`, g.now().UTC().Format(time.DateOnly), format))
		w := auditWriter(hc.BodyWriter(), format)
		for {
			page, err := g.store.Audit(hc.Context(), ws, q)
			if err == nil {
				err = w(page.Entries)
			}
			if err != nil {
				// The status is sent: only a cut tells the client that it has not all of it.
				g.logFault(hc.Context(), "export of the audit log", err)
				panic(http.ErrAbortHandler)
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				return
			}
		}
	}}, nil
}

func auditWriter(out io.Writer, format string) func([]chat.AuditEntry) error {
	if format == "jsonl" {
		enc := json.NewEncoder(out)
		return func(entries []chat.AuditEntry) error {
			for _, e := range entries {
				if err := enc.Encode(e); err != nil {
					return err
				}
			}
			return nil
		}
	}
	w, first := csv.NewWriter(out), true
	return func(entries []chat.AuditEntry) error {
		if first {
			first = false
			if err := w.Write([]string{"at", "actor_kind", "actor_id", "actor", "action", "object_kind", "object_id", "address", "detail"}); err != nil {
				return err
			}
		}
		for _, e := range entries {
			if err := w.Write(auditRow(e)); err != nil {
				return err
			}
		}
		w.Flush()
		return w.Error()
	}
}

func auditRow(e chat.AuditEntry) []string {
	detail, _ := json.Marshal(e.Detail) // texts by text
	actor := ""
	if e.Actor.ID != uuid.Nil {
		actor = e.Actor.ID.String()
	}
	row := []string{e.At.UTC().Format(time.RFC3339Nano), string(e.Actor.Kind), actor, e.Actor.Name, e.Action, e.Object.Kind, e.Object.ID, e.Address, string(detail)}
	for i, cell := range row {
		// A spreadsheet takes a cell that begins so for a formula.
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			row[i] = "'" + cell
		}
	}
	return row
}

// staffSettings gives what is set about the staff.
func (g *Gateway) staffSettings(ctx context.Context) (chat.StaffSettings, error) {
	s := chat.DefaultStaffSettings()
	set, err := g.store.Setting(ctx, g.o.Workspace.ID, uuid.Nil, chat.StaffSettingsName)
	if chat.CodeOf(err) == chat.CodeNotFound {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(set.Value, &s)
	}
	return s, err
}

func (g *Gateway) putStaffSettings(ctx context.Context, who principal, s chat.StaffSettings) (protocol.StaffSettingsView, error) {
	if s.Passwords == chat.PasswordsOwners && g.o.SSO == nil {
		return protocol.StaffSettingsView{}, chat.Errorf(chat.CodeConflict, "Without an identity provider only owners could sign in: set one up first.")
	}
	before, err := g.staffSettings(ctx)
	if err != nil {
		return protocol.StaffSettingsView{}, err
	}
	value, err := json.Marshal(s)
	if err != nil {
		return protocol.StaffSettingsView{}, err
	}
	set, err := g.store.Setting(ctx, who.workspace.ID, uuid.Nil, chat.StaffSettingsName)
	if err != nil && chat.CodeOf(err) != chat.CodeNotFound {
		return protocol.StaffSettingsView{}, err
	}
	if _, err := g.store.PutSetting(ctx, who.workspace.ID, chat.Setting{Name: chat.StaffSettingsName, Value: value, By: who.user.ID, Revision: set.Revision}); err != nil {
		return protocol.StaffSettingsView{}, err
	}
	auditChange(ctx, before, s)
	return g.staffView(ctx, s), nil
}

func (g *Gateway) staffView(ctx context.Context, s chat.StaffSettings) protocol.StaffSettingsView {
	v := protocol.StaffSettingsView{Settings: protocol.StaffSettings{Passwords: s.Passwords, AuditDays: s.AuditDays}}
	if g.o.SSO != nil {
		v.Provider = g.o.SSO.View(ctx)
	}
	v.Provider.Domains = list(v.Provider.Domains)
	if v.Provider.Roles == nil {
		v.Provider.Roles = map[string]string{}
	}
	return v
}

// mayUsePassword refuses passwords to who has to use the identity provider.
// Owners never have to.
func (g *Gateway) mayUsePassword(ctx context.Context, u chat.User) error {
	if g.o.SSO == nil || u.Role == chat.RoleOwner {
		return nil
	}
	s, err := g.staffSettings(ctx)
	if err == nil && s.Passwords == chat.PasswordsOwners {
		err = chat.Errorf(chat.CodeForbidden, "Passwords are switched off here. Use the button %q.", g.o.SSO.Label())
	}
	return err
}
