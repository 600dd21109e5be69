package action

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"frontdesk/chat"
)

// Imported is what an OpenAPI document offers, for a person to choose from.
type Imported struct {
	Title   string
	Base    string
	Actions []Action // each to be completed: a sentence to say, triggers, inboxes
	Left    []string // what cannot be an action, and why
}

// maxDocument bounds an OpenAPI document, in bytes.
const maxDocument = 2 << 20

// Fetch reads an OpenAPI document from an address that actions may reach.
func (e *Engine) Fetch(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && e.o.Hosts.Allows(u.Host)) {
		return nil, chat.Errorf(chat.CodeInvalid, "%q is no address such as https://shop.example/openapi.json.", address)
	}
	ctx, cancel := context.WithTimeout(ctx, connectWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("action: fetch a document: %w", err)
	}
	resp, err := e.client.Do(r)
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "The document was not fetched: %s.", why(err))
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxDocument+1))
	switch {
	case err != nil:
		return nil, chat.Errorf(chat.CodeInvalid, "The document was not fetched: %s.", why(err))
	case resp.StatusCode != http.StatusOK:
		return nil, chat.Errorf(chat.CodeInvalid, "The document was not fetched: the server says %d.", resp.StatusCode)
	case len(data) > maxDocument:
		return nil, chat.Errorf(chat.CodeTooLarge, "The document has more than %d bytes.", maxDocument)
	}
	return data, nil
}

// ReadOpenAPI makes actions of an OpenAPI 3 document, in JSON or YAML. It
// fetches nothing: references to other documents are told as left out.
// CodeInvalid: it is no such document.
func ReadOpenAPI(document []byte) (Imported, error) {
	if len(document) > maxDocument {
		return Imported{}, chat.Errorf(chat.CodeTooLarge, "The document has more than %d bytes.", maxDocument)
	}
	var root any
	if err := yaml.Unmarshal(document, &root); err != nil { // JSON is YAML
		return Imported{}, chat.Errorf(chat.CodeInvalid, "The document is neither JSON nor YAML: %w.", err)
	}
	d := document3{root: asMap(root)}
	if version := text(d.root["openapi"]); !strings.HasPrefix(version, "3.") {
		return Imported{}, chat.Errorf(chat.CodeInvalid, `This is no OpenAPI 3 document: it has no "openapi: 3.…" in it.`)
	}
	out := Imported{Title: text(asMap(d.root["info"])["title"])}
	if servers, ok := d.root["servers"].([]any); ok && len(servers) > 0 {
		out.Base = strings.TrimSuffix(text(asMap(servers[0])["url"]), "/")
	}
	paths := asMap(d.root["paths"])
	for _, path := range sorted(paths) {
		item := asMap(d.resolve(paths[path]))
		for _, method := range methods {
			operation := asMap(item[strings.ToLower(method)])
			if len(operation) == 0 {
				continue
			}
			a, err := d.action(path, method, item, operation)
			if err != nil {
				out.Left = append(out.Left, fmt.Sprintf("%s %s: %v", method, path, err))
				continue
			}
			out.Actions = append(out.Actions, a)
		}
	}
	return out, nil
}

// document3 is an OpenAPI 3 document.
type document3 struct{ root map[string]any }

// action makes an action of an operation.
func (d document3) action(path, method string, item, operation map[string]any) (Action, error) {
	a := Action{
		Name: nameOf(text(operation["operationId"]), method, path), Title: firstOf(text(operation["summary"]), label("", text(operation["operationId"])), method+" "+path),
		Description: text(operation["description"]), Method: method, Path: path, In: map[string]string{}, Write: method != http.MethodGet,
	}
	properties, required := map[string]any{}, []string{}
	for _, raw := range slices.Concat(asList(item["parameters"]), asList(operation["parameters"])) {
		p := asMap(d.resolve(raw))
		name, place, needed := text(p["name"]), text(p["in"]), p["required"] == true
		if place != inPath && place != inQuery {
			if needed {
				return a, fmt.Errorf("the parameter %q goes into the %s: give it as a header of the service", name, place)
			}
			continue
		}
		if err := d.add(properties, &required, name, p["schema"], text(p["description"]), needed); err != nil {
			return a, err
		}
		if place == inQuery {
			a.In[name] = inQuery
		}
	}
	if err := d.addBody(properties, &required, a.In, operation["requestBody"]); err != nil {
		return a, err
	}
	slices.Sort(required)
	schema := map[string]any{"type": "object", "properties": properties}
	if len(required) > 0 {
		schema["required"] = slices.Compact(required)
	}
	var err error
	if a.Parameters, err = json.Marshal(schema); err != nil {
		return a, fmt.Errorf("its parameters cannot be read: %w", err)
	}
	if _, err = parseParameters(a.Parameters); err != nil {
		return a, err
	}
	a.Results = d.results(operation)
	a.Say = sayOf(a)
	if a.Write {
		a.Confirm = a.Title
	}
	return a, nil
}

// add adds a property, if it is one that a customer can say.
func (d document3) add(properties map[string]any, required *[]string, name string, schema any, about string, needed bool) error {
	s := asMap(d.resolve(schema))
	kind := text(s["type"])
	if list, ok := s["type"].([]any); ok && len(list) > 0 { // 3.1: ["string", "null"]
		kind = text(list[0])
	}
	if !slices.Contains(scalar, kind) || !parameterName.MatchString(name) {
		if needed {
			return fmt.Errorf("its parameter %q is no text, number or yes/no", name)
		}
		return nil
	}
	one := map[string]any{"type": kind}
	for _, key := range []string{"title", "format", "pattern", "enum", "minLength", "maxLength", "minimum", "maximum"} {
		if v, ok := s[key]; ok {
			one[key] = v
		}
	}
	if about = firstOf(text(s["description"]), about); about != "" {
		one["description"] = about
	}
	properties[name] = one
	if needed {
		*required = append(*required, name)
	}
	return nil
}

// addBody adds the fields of a JSON body.
func (d document3) addBody(properties map[string]any, required *[]string, in map[string]string, raw any) error {
	body := asMap(d.resolve(raw))
	if len(body) == 0 {
		return nil
	}
	content, ok := asMap(body["content"])["application/json"]
	if !ok {
		return fmt.Errorf("its body is no JSON")
	}
	schema := asMap(d.resolve(asMap(content)["schema"]))
	needed := asList(schema["required"])
	fields := asMap(schema["properties"])
	for _, name := range sorted(fields) {
		if _, twice := properties[name]; twice {
			return fmt.Errorf("it has the parameter %q twice", name)
		}
		if err := d.add(properties, required, name, fields[name], "", slices.Contains(needed, any(name))); err != nil {
			return err
		}
		if _, added := properties[name]; added {
			in[name] = inBody
		}
	}
	return nil
}

// maxSuggested bounds the fields of an answer that are suggested to be shown.
const maxSuggested = 20

// results suggests the fields of the answer that are texts and numbers.
func (d document3) results(operation map[string]any) []Result {
	var out []Result
	responses := asMap(operation["responses"])
	for _, code := range []string{"200", "201", "2XX", "default"} {
		content, ok := asMap(asMap(d.resolve(responses[code]))["content"])["application/json"]
		if !ok {
			continue
		}
		d.collect(&out, "", asMap(content)["schema"], 0)
		break
	}
	return out
}

func (d document3) collect(out *[]Result, prefix string, schema any, depth int) {
	s := asMap(d.resolve(schema))
	fields := asMap(s["properties"])
	for _, name := range sorted(fields) {
		f := asMap(d.resolve(fields[name]))
		where := strings.TrimPrefix(prefix+"."+name, ".")
		r := Result{Name: strings.ReplaceAll(where, ".", "_"), Label: label(text(f["title"]), name), Path: where}
		if len(*out) >= maxSuggested || !parameterName.MatchString(r.Name) {
			continue
		}
		switch kind := text(f["type"]); {
		case kind == "object" && depth < 2:
			d.collect(out, where, f, depth+1)
		case kind == "integer" || kind == "number":
			r.Kind = KindNumber
			*out = append(*out, r)
		case kind == "string":
			if format := text(f["format"]); format == "date" || format == "date-time" {
				r.Kind = KindDate
			}
			*out = append(*out, r)
		}
	}
}

// sayOf suggests a sentence, for a person to make a better one of.
func sayOf(a Action) string {
	if len(a.Results) == 0 {
		return "Done: " + a.Title + "."
	}
	var parts []string
	for _, r := range a.Results[:min(len(a.Results), 3)] {
		parts = append(parts, fmt.Sprintf("[%s: {%s}]", r.Label, r.Name))
	}
	return a.Title + ". " + strings.Join(parts, " ")
}

// resolve follows references within the document, as far as is sane.
func (d document3) resolve(v any) any {
	for range 10 {
		ref, ok := asMap(v)["$ref"].(string)
		if !ok {
			return v
		}
		where, ok := strings.CutPrefix(ref, "#/")
		if !ok {
			return nil // another document: nothing is fetched
		}
		v = any(d.root)
		for part := range strings.SplitSeq(where, "/") {
			v = asMap(v)[strings.NewReplacer("~1", "/", "~0", "~").Replace(part)]
		}
	}
	return nil
}

var notName = regexp.MustCompile(`[^A-Za-z0-9]+`)

// nameOf gives the name of an operation's action.
func nameOf(id, method, path string) string {
	if id == "" {
		id = strings.ToLower(method) + path
	}
	name := strings.Trim(notName.ReplaceAllString(id, "_"), "_")
	return name[:min(len(name), 64)]
}

// asMap gives an object; one that YAML reads with numbers as keys (responses) too.
func asMap(v any) map[string]any {
	if odd, ok := v.(map[any]any); ok {
		m := make(map[string]any, len(odd))
		for k, v := range odd {
			m[fmt.Sprint(k)] = v
		}
		return m
	}
	m, _ := v.(map[string]any)
	return m
}

func asList(v any) []any {
	l, _ := v.([]any)
	return l
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func firstOf(list ...string) string {
	for _, s := range list {
		if strings.TrimSpace(s) != "" {
			return strings.TrimSpace(s)
		}
	}
	return ""
}

func sorted(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
