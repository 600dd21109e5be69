package gateway

import (
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// This suite walks every operation of the OpenAPI document, so that one which is
// added is tried too, and sends it what it must refuse: with a whole problem
// (RFC 9457), and without changing one row of the store.

// refusals are the codes that each kind of bad input may be answered with.
var (
	wrongInput = []chat.Code{chat.CodeInvalid}
	wrongID    = []chat.Code{chat.CodeInvalid, chat.CodeNotFound}
	anyRefusal = []chat.Code{chat.CodeInvalid, chat.CodeNotFound, chat.CodeConflict, chat.CodeStale, chat.CodeForbidden, chat.CodeUnauthorized, chat.CodeUnavailable}
)

// siege is a server under bad input.
type siege struct {
	*world
	doc      *huma.OpenAPI
	owner    *staff
	expired  string // cookie of a session of an owner, which is over
	other    others
	watch    *sql.DB // beside the store: sees what it has committed
	version  int64
	tables   map[string][32]byte
	attempts int
}

// others are things of another workspace in the same store, by the first part
// of the paths that lead to such things.
type others map[string]uuid.UUID

// upserts are operations that make what has the id, if there is nothing with it
// in the workspace: the client chooses it.
var upserts = map[string]bool{"putTeam": true}

// theirs is in every text of the other workspace.
const theirs = "of-another-workspace"

func TestBadInput(t *testing.T) {
	t.Parallel()
	s := newSiege(t)
	for _, path := range slices.Sorted(maps.Keys(s.doc.Paths)) {
		item := s.doc.Paths[path]
		for method, o := range map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put,
			http.MethodDelete: item.Delete, http.MethodPatch: item.Patch} {
			if o != nil {
				s.besiege(operation{o, method, path})
			}
		}
	}
	s.owner.ok(http.MethodGet, "/me", nil, nil) // all this was said to somebody who may
	if s.attempts < 1000 {
		t.Errorf("only %d requests were sent", s.attempts)
	}
	if strings.Contains(s.logs.String(), "panic") {
		t.Errorf("log:\n%s", s.logs)
	}
	t.Logf("%d requests", s.attempts)
}

func newSiege(t *testing.T) *siege {
	w := newWorld(t)
	s := &siege{world: w, doc: w.g.document(), other: others{}, tables: map[string][32]byte{}}
	s.expired = w.hire("gone", chat.RoleOwner).cookies().Get("Cookie")
	w.clock.advance(sessionIdle + time.Minute)
	s.owner = w.hire("olga", chat.RoleOwner)
	s.fillOther()
	p := w.join("")
	p.say(newID(), "Hello?")
	var err error
	s.watch, err = sql.Open("sqlite", filepath.Join(w.dir, "frontdesk.db"))
	w.check(err)
	s.watch.SetMaxOpenConns(1)
	t.Cleanup(func() { s.watch.Close() })
	s.unchanged("the beginning")
	clear(s.tables)
	s.version = 0
	s.unchanged("the beginning")
	return s
}

// fillOther makes a second workspace with one of most things.
func (s *siege) fillOther() {
	ws, err := s.store.CreateWorkspace(s.ctx, theirs)
	s.check(err)
	in, err := s.store.PutInbox(s.ctx, ws.ID, chat.Inbox{ID: newID(), Key: "other", Name: theirs})
	s.check(err)
	who, err := s.store.CreateCustomer(s.ctx, ws.ID, chat.Customer{ID: newID(), Name: theirs})
	s.check(err)
	u, err := s.store.CreateUser(s.ctx, ws.ID, chat.User{ID: newID(), Name: theirs, Email: "theirs@example.com", Role: chat.RoleOwner, PasswordHash: hashed()})
	s.check(err)
	c, err := s.store.OpenConversation(s.ctx, ws.ID, chat.Conversation{ID: newID(), Inbox: in.ID, Customer: who.ID})
	s.check(err)
	_, err = s.store.Append(s.ctx, ws.ID, c.ID, chat.Draft{ClientID: newID(), From: chat.Sender{Kind: chat.PartyCustomer, ID: who.ID}, Kind: chat.KindMessage, Text: theirs})
	s.check(err)
	put, err := s.store.PutArticles(s.ctx, ws.ID, []knowledge.Put{{Input: knowledge.Input{Source: "console", ExternalID: newID().String(), Title: theirs, Body: theirs,
		Visibility: knowledge.Public, Status: knowledge.StatusPublished}, Hash: sha256.Sum256([]byte(theirs))}})
	s.check(err)
	blob, err := s.store.PutBlob(s.ctx, ws.ID, chat.Blob{ID: newID(), Name: theirs, Conversation: c.ID}, strings.NewReader(theirs))
	s.check(err)
	team, err := s.store.PutTeam(s.ctx, ws.ID, chat.Team{ID: newID(), Name: theirs, Members: []uuid.UUID{u.ID}})
	s.check(err)
	begun, err := s.store.BeginSession(s.ctx, ws.ID, "theirs", chat.StaffSession{User: u.ID, ExpiresAt: s.clock.Now().Add(time.Hour)})
	s.check(err)
	s.other = others{"conversations": c.ID, "inboxes": in.ID, "customers": who.ID, "users": u.ID, "articles": put[0].Article.ID,
		"files": blob.ID, "teams": team.ID, "account": begun.ID}
}

// operation is one of the document.
type operation struct {
	*huma.Operation
	method, path string
}

func (o operation) String() string { return o.method + " " + o.path }

// isOpen reports whether an operation needs no session.
func (o operation) isOpen() bool {
	staffs, ok := strings.CutPrefix(o.path, "/api/v1")
	return !ok || open[o.method+" "+staffs]
}

// json gives the schema of the operation's JSON body, or nil.
func (s *siege) json(o operation) *huma.Schema {
	if o.RequestBody == nil || o.RequestBody.Content["application/json"] == nil {
		return nil
	}
	return s.resolve(o.RequestBody.Content["application/json"].Schema)
}

func (s *siege) resolve(schema *huma.Schema) *huma.Schema {
	for schema.Ref != "" {
		schema = s.doc.Components.Schemas.SchemaFromRef(schema.Ref)
	}
	return schema
}

// besiege sends an operation everything that it must refuse.
func (s *siege) besiege(o operation) {
	good := s.url(o, newID)
	s.sendIDs(o)
	s.sendQueries(o)
	s.sendBodies(o, good)
	if !o.isOpen() {
		s.sendAsOthers(o, good)
	}
}

// sendIDs names things that are no ids, that are nowhere, and that are another workspace's.
func (s *siege) sendIDs(o operation) {
	if !strings.Contains(o.path, "{") {
		return
	}
	for _, bad := range []string{"x", "12345", "%00", "00000000-0000-0000-0000-00000000000g", "%ff%fe", strings.Repeat("a", 300)} {
		s.refused(o, "the id "+cutBytes(bad, 40), wrongID, s.request(o, s.fill(o, func() string { return bad })))
	}
	if upserts[o.OperationID] {
		return
	}
	s.refused(o, "an id of nothing", anyRefusal, s.request(o, s.url(o, newID)))
	first := strings.Split(strings.TrimPrefix(strings.TrimPrefix(o.path, "/api"), "/v1/"), "/")[0]
	for kind, id := range s.other {
		if kind == first {
			s.refused(o, "another workspace's id", anyRefusal, s.request(o, s.url(o, func() uuid.UUID { return id })))
		}
	}
}

// sendQueries gives each parameter what it may not be.
func (s *siege) sendQueries(o operation) {
	for _, p := range o.Parameters {
		if p.In != "query" {
			continue
		}
		for _, bad := range s.wrongTexts(p.Schema) {
			at := s.url(o, newID) + "?" + url.Values{p.Name: {bad}}.Encode()
			if strings.HasPrefix(o.path, "/v1/") {
				continue // served without huma, each with tests of its own
			}
			s.refused(o, fmt.Sprintf("%s=%.40q", p.Name, bad), wrongInput, s.request(o, at))
		}
	}
}

// wrongTexts are values that a parameter's schema excludes.
func (s *siege) wrongTexts(schema *huma.Schema) (bad []string) {
	schema = s.resolve(schema)
	switch schema.Type {
	case huma.TypeInteger, huma.TypeNumber:
		bad = append(bad, "x", "1e999")
		if schema.Minimum != nil {
			bad = append(bad, fmt.Sprint(int(*schema.Minimum)-1))
		}
		if schema.Maximum != nil {
			bad = append(bad, fmt.Sprint(int(*schema.Maximum)+1))
		}
	case huma.TypeBoolean:
		bad = append(bad, "maybe")
	case huma.TypeString:
		if len(schema.Enum) > 0 || schema.Format == "uuid" || schema.Format == "date-time" {
			bad = append(bad, "nonsense")
		}
		if schema.MaxLength != nil {
			bad = append(bad, fill(*schema.MaxLength+1))
		}
	}
	return bad
}

// sendBodies sends bodies of every wrong form.
func (s *siege) sendBodies(o operation, at string) {
	schema := s.json(o)
	if schema == nil {
		return
	}
	ours := strings.HasPrefix(o.path, "/v1/") // read without huma: what is missing is empty, and more is not minded
	bodies := map[string]string{"nothing": "", "a brace": "{", "null": "null", "a list": "[]", "a text": `"text"`, "a number": "7", "a cut object": `{"t":`,
		"a byte": "\xff", "depth": strings.Repeat("[", 12_000), "deep objects": strings.Repeat(`{"a":`, 10_500) + "1" + strings.Repeat("}", 10_500)}
	whole, _ := s.example(schema, 0).(map[string]any)
	if len(whole) == 0 {
		s.t.Errorf("%s has a body without fields", o)
	}
	for name, p := range schema.Properties {
		bodies["a wrong type of "+name] = with1(whole, name, wrongType(s.resolve(p)))
		if p := s.resolve(p); p.Type == huma.TypeString && p.MaxLength != nil && !ours {
			bodies["a longer "+name] = with1(whole, name, fill(*p.MaxLength+1))
		}
		if p := s.resolve(p); p.Type == huma.TypeString {
			bodies["no UTF-8 in "+name] = strings.Replace(with1(whole, name, "BYTES"), "BYTES", "\xff\xfe", 1)
		}
	}
	if ours {
		delete(bodies, "null")
	}
	for _, name := range schema.Required {
		if !ours {
			bodies["no "+name] = with1(whole, name, nil)
		}
	}
	if !ours {
		bodies["an unknown field"] = with1(whole, "unknown_field", 1)
	}
	for name, bad := range bodies {
		s.refused(o, name, wrongInput, s.body(o, at, "application/json", strings.NewReader(bad)))
	}
	limit := o.MaxBodyBytes
	if limit == 0 {
		limit = 1 << 20
	}
	s.refused(o, "more than it may be", []chat.Code{chat.CodeTooLarge}, s.body(o, at, "application/json", io.LimitReader(&countingReader{most: int(limit) + 1}, limit+1)))
	if data, err := json.Marshal(whole); err == nil && !ours {
		for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "nonsense"} {
			s.refused(o, "the type "+kind, wrongInput, s.body(o, at, kind, strings.NewReader(string(data))))
		}
	}
}

// with1 gives an object as JSON, with one field changed; nil takes it out.
func with1(whole map[string]any, name string, v any) string {
	changed := maps.Clone(whole)
	if changed[name] = v; v == nil {
		delete(changed, name)
	}
	data, _ := json.Marshal(changed) // made of plain values
	return string(data)
}

func wrongType(schema *huma.Schema) any {
	if schema.Type == huma.TypeString {
		return []int{1}
	}
	return "a text"
}

// example makes a value that a schema allows.
func (s *siege) example(schema *huma.Schema, depth int) any {
	schema = s.resolve(schema)
	switch {
	case len(schema.Enum) > 0:
		return schema.Enum[0]
	case schema.Type == huma.TypeObject:
		out := map[string]any{}
		for name, p := range schema.Properties {
			if depth < 6 {
				out[name] = s.example(p, depth+1)
			}
		}
		return out
	case schema.Type == huma.TypeArray:
		n := 0
		if schema.MinItems != nil {
			n = *schema.MinItems
		}
		out := make([]any, n)
		for i := range out {
			out[i] = s.example(schema.Items, depth+1)
		}
		return out
	case schema.Type == huma.TypeBoolean:
		return false
	case schema.Type == huma.TypeInteger, schema.Type == huma.TypeNumber:
		if schema.Minimum != nil {
			return *schema.Minimum
		}
		return 1
	case schema.Type != huma.TypeString:
		return map[string]any{} // anything
	}
	switch schema.Format {
	case "uuid":
		return newID().String()
	case "email", "idn-email":
		return "somebody@example.com"
	case "date-time":
		return time.Unix(0, 0).UTC().Format(time.RFC3339)
	}
	if schema.MinLength != nil {
		return fill(max(1, *schema.MinLength))
	}
	return "x"
}

// sendAsOthers sends a request that is right in form without a session, with
// one that has expired, and with a good one from a page of another origin.
func (s *siege) sendAsOthers(o operation, at string) {
	body := "{}"
	if schema := s.json(o); schema != nil {
		data, _ := json.Marshal(s.example(schema, 0)) // made of plain values
		body = string(data)
	}
	kind := ""
	if o.RequestBody != nil {
		kind = "application/json"
	}
	req := s.body(o, at, kind, strings.NewReader(body))
	s.refusedTo(s.stranger(), o, "nobody's session", []chat.Code{chat.CodeUnauthorized}, req)
	req = s.body(o, at, kind, strings.NewReader(body))
	req.Header.Set("Cookie", s.expired)
	s.refusedTo(s.stranger(), o, "an expired session", []chat.Code{chat.CodeUnauthorized}, req)
	if o.method == http.MethodGet {
		return
	}
	for _, from := range []http.Header{{"Origin": {"https://evil.example"}}, {"Origin": {"null"}}, {"Sec-Fetch-Site": {"cross-site"}}} {
		req = s.body(o, at, kind, strings.NewReader(body))
		for k, v := range from {
			req.Header[k] = v
		}
		s.refused(o, fmt.Sprint("from another origin: ", from), []chat.Code{chat.CodeForbidden}, req)
	}
}

// url fills an operation's path, with ids made by id.
func (s *siege) url(o operation, id func() uuid.UUID) string {
	return s.fill(o, func() string { return id().String() })
}

func (s *siege) fill(o operation, id func() string) string {
	parts := strings.Split(o.path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "{") {
			parts[i] = id()
		}
	}
	return s.srv.URL + strings.Join(parts, "/")
}

// request is a request with a body that is right in form.
func (s *siege) request(o operation, at string) *http.Request {
	schema := s.json(o)
	if schema == nil {
		return s.body(o, at, "", nil)
	}
	data, err := json.Marshal(s.example(schema, 0))
	s.check(err)
	return s.body(o, at, "application/json", strings.NewReader(string(data)))
}

func (s *siege) body(o operation, at, kind string, body io.Reader) *http.Request {
	req, err := http.NewRequestWithContext(s.ctx, o.method, at, body)
	s.check(err)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	return req
}

// refused sends a request as the owner. It must be answered with one of these
// codes, tell nothing, and change nothing.
func (s *siege) refused(o operation, what string, codes []chat.Code, req *http.Request) {
	s.t.Helper()
	s.refusedTo(s.owner, o, what, codes, req)
}

func (s *siege) refusedTo(by *staff, o operation, what string, codes []chat.Code, req *http.Request) {
	s.t.Helper()
	s.attempts++
	if slices.ContainsFunc(o.Parameters, func(p *huma.Param) bool { return p.Name == "Authorization" }) {
		codes = append(slices.Clone(codes), chat.CodeUnauthorized) // which comes first there
	}
	if o.isOpen() {
		s.clock.advance(perAddressCodes.wait()) // the slowest: so that it is not throttled
	}
	a := by.request(req, nil)
	if a.StatusCode < 400 {
		s.t.Errorf("%s with %s is taken: %s %.200s", o, what, a.Status, a.body)
	} else if code := a.problem(s.t); !slices.Contains(codes, code) {
		s.t.Errorf("%s with %s: %s %s, want %v", o, what, a.Status, a.body, codes)
	}
	for _, told := range []string{theirs, "gateway.", "protocol.", "chat.", "goroutine"} {
		if strings.Contains(string(a.body), told) {
			s.t.Errorf("%s with %s tells %q: %s", o, what, told, a.body)
		}
	}
	if a.Header.Get("Access-Control-Allow-Origin") != "" {
		s.t.Errorf("%s with %s lets pages of others read", o, what)
	}
	s.unchanged(o.String() + " with " + what)
}

// wait is how long one more attempt takes to be allowed.
func (l limit) wait() time.Duration { return time.Duration(float64(time.Second) / float64(l.every)) }

// unchanged compares the store's tables with what they held before, if anything
// was committed since. Left out are when somebody was seen, and attempts to sign in.
func (s *siege) unchanged(after string) {
	s.t.Helper()
	var version int64
	s.check(s.watch.QueryRowContext(s.ctx, `PRAGMA data_version`).Scan(&version))
	if version == s.version {
		return
	}
	s.version = version
	names, err := texts(s.watch.QueryContext(s.ctx, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`))
	s.check(err)
	for _, name := range names {
		query := `SELECT * FROM ` + name
		switch {
		case name == "sessions" || name == "leases" || name == "pings" || strings.Contains(name, "_fts") || strings.Contains(name, "goose"):
			continue
		case name == "audit":
			query += ` WHERE action <> 'signInFailed'`
		}
		rows, err := texts(s.watch.QueryContext(s.ctx, query))
		s.check(err)
		sum := sha256.Sum256([]byte(strings.Join(rows, "\n")))
		if old, known := s.tables[name]; known && old != sum {
			s.t.Errorf("%s has changed the table %s: %.400s", after, name, rows[max(0, len(rows)-1):])
		}
		s.tables[name] = sum
	}
}

// texts reads rows as texts.
func texts(rows *sql.Rows, err error) (out []string, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		if len(values) == 1 {
			out = append(out, fmt.Sprint(values[0]))
		} else {
			out = append(out, fmt.Sprint(values))
		}
	}
	return out, rows.Err()
}
