package gateway

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
)

// asks are the operations that are sent with POST and change nothing that lasts
// beyond what a language model cost: they are not in the audit log.
var asks = map[string]bool{
	"preview": true, "ask": true, "tryAction": true, "readOpenAPI": true, "tryPrompt": true,
	"suggestForAgent": true, "rewordForAgent": true, "translateForAgent": true, "summaryForAgent": true, "tagsForAgent": true, "articleForAgent": true,
}

// changes reports whether an operation changes something: it is in the audit log then.
func changes(r route) bool { return r.method != http.MethodGet && !asks[r.id] }

// auditNote is what an operation says of itself while it runs. What it does not
// say is taken from its path and its answer.
type auditNote struct {
	mu     sync.Mutex
	actor  *chat.User
	object *chat.AuditObject
	params map[string]string
	detail map[string]string
	quiet  bool
}

type auditKey struct{}

func noteOf(ctx context.Context) *auditNote {
	n, _ := ctx.Value(auditKey{}).(*auditNote)
	if n == nil {
		n = &auditNote{} // nobody reads it: an operation that is not audited
	}
	return n
}

// auditDetail adds to what the audit log says of the running operation. It must
// hold no secret and nothing that a customer wrote.
func auditDetail(ctx context.Context, key, value string) {
	n := noteOf(ctx)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.detail == nil {
		n.detail = map[string]string{}
	}
	n.detail[cutBytes(key, maxAuditKey)] = cutBytes(clean(value), maxAuditValue)
}

// auditObject says what the running operation was done to.
func auditObject(ctx context.Context, kind, id string) {
	n := noteOf(ctx)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.object = &chat.AuditObject{Kind: kind, ID: cutBytes(clean(id), maxAuditValue)}
}

// auditActor says who it was, where that is known only when it is done.
func auditActor(ctx context.Context, u chat.User) {
	n := noteOf(ctx)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.actor = &u
}

// auditNothing leaves the running operation out of the log: it changed nothing.
func auditNothing(ctx context.Context) {
	n := noteOf(ctx)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.quiet = true
}

// Details are short: a log is read. Longer values are cut.
const (
	maxAuditKey   = 80
	maxAuditValue = 200
)

// auditChange adds the fields of a value that an operation changed, as
// "before → after". Both are what the API shows of them.
func auditChange(ctx context.Context, before, after any) {
	was, is := flat(before), flat(after)
	keys := slices.Collect(maps.Keys(was))
	for key := range is {
		if _, ok := was[key]; !ok {
			keys = append(keys, key)
		}
	}
	for _, key := range keys {
		if was[key] != is[key] {
			auditDetail(ctx, key, shorten(was[key])+" → "+shorten(is[key]))
		}
	}
}

// shorten leaves room for two values in a detail.
func shorten(s string) string {
	if s == "" {
		return "∅"
	}
	if half := maxAuditValue/2 - 4; len(s) > half {
		return cutBytes(s, half-3) + "…"
	}
	return s
}

// flat gives a value's JSON as dotted names and texts. Lists are one text.
func flat(v any) map[string]string {
	out := map[string]string{}
	data, err := json.Marshal(v)
	if err != nil {
		return out
	}
	var tree any
	if json.Unmarshal(data, &tree) == nil {
		flatten(out, "", tree)
	}
	return out
}

func flatten(out map[string]string, at string, v any) {
	if fields, ok := v.(map[string]any); ok {
		for key, field := range fields {
			flatten(out, strings.TrimPrefix(at+"."+key, "."), field)
		}
		return
	}
	if s, ok := v.(string); ok {
		out[at] = s
		return
	}
	if data, err := json.Marshal(v); err == nil && v != nil {
		out[at] = string(data)
	}
}

// audited is middleware that gives an operation its note.
func audited(r route) func(huma.Context, func(huma.Context)) {
	var names []string
	for part := range strings.SplitSeq(r.path, "/") {
		if strings.HasPrefix(part, "{") {
			names = append(names, strings.Trim(part, "{}"))
		}
	}
	return func(ctx huma.Context, next func(huma.Context)) {
		n := &auditNote{params: map[string]string{}}
		for _, name := range names {
			n.params[name] = ctx.Param(name)
		}
		next(huma.WithValue(ctx, auditKey{}, n))
	}
}

// audit writes what was done. The client may be gone by now: it was done all the
// same. A log that cannot be written to is the operator's to mend; the answer
// says what became of the request.
func (g *Gateway) audit(ctx context.Context, r route, who principal, out any) {
	n := noteOf(ctx)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.quiet {
		return
	}
	if n.actor != nil {
		who.user = *n.actor
	}
	e := chat.AuditEntry{Action: r.id, Object: objectOf(r, n, out), Detail: map[string]string{}}
	for name, value := range n.params {
		if name != "id" {
			e.Detail[name] = cutBytes(clean(value), maxAuditValue)
		}
	}
	maps.Copy(e.Detail, n.detail)
	g.addAudit(ctx, who.user, e)
}

// addAudit stores an entry about what a user, the operator or, with neither, nobody we know did.
func (g *Gateway) addAudit(ctx context.Context, u chat.User, e chat.AuditEntry) {
	if e.Actor = actorOf(u); e.Actor.Kind != chat.AuditOperator {
		e.Address = addrOf(ctx)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditWithin)
	defer cancel()
	if _, err := g.store.AddAudit(ctx, g.o.Workspace.ID, e); err != nil {
		g.metrics.auditLost.Inc()
		g.log.Error("gateway: this is missing in the audit log", "actor", e.Actor.ID, "action", e.Action, "object", e.Object.ID, "err", err)
	}
}

// auditWithin is how long an answer waits for the log: what a busy database takes.
const auditWithin = 5 * time.Second

func actorOf(u chat.User) chat.AuditActor {
	switch {
	case u.ID != uuid.Nil:
		return chat.AuditActor{Kind: chat.AuditUser, ID: u.ID, Name: u.Name}
	case u.Role != "":
		return chat.AuditActor{Kind: chat.AuditOperator, Name: u.Name}
	}
	return chat.AuditActor{Kind: chat.AuditNobody}
}

// objectOf tells what an operation was done to: what it said itself, the id in
// its path, or the id of what it made.
func objectOf(r route, n *auditNote, out any) chat.AuditObject {
	if n.object != nil {
		return *n.object
	}
	id := cutBytes(clean(n.params["id"]), maxAuditValue)
	if id == "" {
		id = madeID(out)
	}
	if id == "" {
		return chat.AuditObject{} // the workspace's
	}
	kind, _, _ := strings.Cut(strings.TrimPrefix(r.path, "/"), "/")
	return chat.AuditObject{Kind: singular(kind), ID: id}
}

// singular is a path's first part as the name of one: conversations, inboxes, replies.
func singular(s string) string {
	switch {
	case strings.HasSuffix(s, "ies"):
		return strings.TrimSuffix(s, "ies") + "y"
	case strings.HasSuffix(s, "xes"):
		return strings.TrimSuffix(s, "es")
	}
	return strings.TrimSuffix(s, "s")
}

// madeID gives the id of what an operation answers with, "" if that has none.
func madeID(out any) string {
	v := reflect.ValueOf(out)
	if v.Kind() != reflect.Struct {
		return ""
	}
	f := v.FieldByName("ID")
	if !f.IsValid() {
		return ""
	}
	if id, ok := f.Interface().(uuid.UUID); ok && id != uuid.Nil {
		return id.String()
	}
	return ""
}
