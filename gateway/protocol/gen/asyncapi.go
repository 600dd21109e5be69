package main

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"

	"go.yaml.in/yaml/v3"

	"frontdesk/gateway/protocol"
)

// side is one of the two websockets.
type side struct {
	name, address, subprotocol string
	in, out                    protocol.Direction // from the server's point of view
	about                      string
}

var sides = []side{
	{"chat", "/v1/socket", protocol.ChatV1, protocol.FromCustomer, protocol.ToCustomer,
		"A customer's connection. Its first frame is hello, with a socket token of POST /v1/session."},
	{"console", "/console/socket", protocol.ConsoleV1, protocol.FromConsole, protocol.ToConsole,
		"A staff member's connection. The session's cookie and an Origin of the server's own let it in."},
}

const about = `Frontdesk's websockets. Every message is one JSON text, {"t": type, "id": …, "d": {…}}, of at most 32 KiB and in
valid UTF-8. Unknown types are ignored by both sides; unknown fields too. The id is chosen by the client and comes back
in the ack or error that answers the frame. README.md beside this file tells the life of a connection.

The bindings for websockets know no close codes: they are listed under x-close-codes. After 4000 to 4499 a client
reconnects, after 4500 to 4999 it must not by itself.`

// asyncAPI gives the AsyncAPI 3.1 description, in YAML. The comments of the Go
// types become its descriptions.
func asyncAPI(root string) ([]byte, error) {
	comments, err := readDocs(root, "chat", "knowledge", "gateway/protocol")
	if err != nil {
		return nil, err
	}
	s := &schemas{docs: comments, all: object{}}
	messages, channels, operations := object{}, object{}, object{}
	for _, x := range sides {
		refs := object{}
		for _, dir := range []protocol.Direction{x.in, x.out} {
			var listed []any
			for _, t := range sortedKeys(protocol.Frames[dir]) {
				id := fmt.Sprintf("%s.%s", dir, t)
				messages[id] = s.message(t, reflect.TypeOf(protocol.Frames[dir][t]))
				refs[id] = object{"$ref": "#/components/messages/" + id}
				listed = append(listed, object{"$ref": "#/channels/" + x.name + "/messages/" + id})
			}
			action := map[bool]string{true: "receive", false: "send"}[dir == x.in]
			operations[x.name+"."+action] = object{"action": action, "channel": object{"$ref": "#/channels/" + x.name}, "messages": listed}
		}
		channels[x.name] = object{
			"address": x.address, "title": x.subprotocol, "description": x.about, "messages": refs, "x-close-codes": closeCodes(),
			"bindings": object{"ws": object{"bindingVersion": "0.1.0", "method": "GET", "headers": object{
				"type": "object", "required": []string{"Sec-WebSocket-Protocol"},
				"properties": object{"Sec-WebSocket-Protocol": object{"type": "string", "const": x.subprotocol}},
			}}},
		}
	}
	var out bytes.Buffer
	out.WriteString("# Generated from the Go types by go generate ./gateway/protocol. Do not edit.\n")
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	err = enc.Encode(struct {
		AsyncAPI   string `yaml:"asyncapi"`
		Info       object `yaml:"info"`
		Servers    object `yaml:"servers"`
		Channels   object `yaml:"channels"`
		Operations object `yaml:"operations"`
		Components object `yaml:"components"`
	}{
		AsyncAPI:   "3.1.0",
		Info:       object{"title": "Frontdesk websockets", "version": "1", "description": about},
		Servers:    object{"frontdesk": object{"host": "help.example", "protocol": "wss", "description": "wherever Frontdesk is installed"}},
		Channels:   channels,
		Operations: operations,
		Components: object{"messages": messages, "schemas": s.all},
	})
	if err != nil {
		return nil, fmt.Errorf("asyncapi: %w", err)
	}
	return out.Bytes(), enc.Close()
}

// message gives a frame: the envelope around d.
func (s *schemas) message(t string, d reflect.Type) object {
	return object{
		"name": t, "summary": s.docs[d.PkgPath()+"."+d.Name()],
		"payload": object{
			"type": "object", "required": []string{"t", "d"},
			"properties": object{"t": object{"const": t}, "id": object{"type": "string", "maxLength": 64}, "d": s.ref(d)},
		},
	}
}

func closeCodes() []any {
	var out []any
	for _, c := range protocol.CloseCodes {
		out = append(out, object{"code": c.Code, "name": c.Name, "means": c.Means, "then": c.Then})
	}
	return out
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
