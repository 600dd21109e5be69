package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
)

// object is a node of a JSON document. Its keys are written in order.
type object = map[string]any

// schemas collects the JSON Schemas of Go types, by name.
type schemas struct {
	docs docs
	all  object
}

// ref gives the schema of t: a reference where t has a name of its own.
func (s *schemas) ref(t reflect.Type) object {
	switch t {
	case reflect.TypeFor[uuid.UUID]():
		return object{"type": "string", "format": "uuid"}
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case reflect.TypeFor[json.RawMessage]():
		return object{}
	case reflect.TypeFor[chat.Scalar]():
		return object{"type": []string{"string", "number", "boolean", "null"}}
	}
	if values, ok := unions[t]; ok {
		return s.named(t, func() object { return object{"type": "string", "enum": values} })
	}
	switch t.Kind() {
	case reflect.Pointer:
		return object{"oneOf": []any{s.ref(t.Elem()), object{"type": "null"}}}
	case reflect.Slice, reflect.Array:
		return object{"type": "array", "items": s.ref(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": s.ref(t.Elem())}
	case reflect.Struct:
		if t.Name() == "" {
			return s.structure(t)
		}
		return s.named(t, func() object { return s.structure(t) })
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return object{"type": "number"}
	default:
		return object{"type": "integer"}
	}
}

// named declares a type once and refers to it.
func (s *schemas) named(t reflect.Type, make func() object) object {
	if _, ok := s.all[name(t)]; !ok {
		s.all[name(t)] = nil // it may refer to itself
		o := make()
		if doc := s.docs[t.PkgPath()+"."+t.Name()]; doc != "" {
			o["description"] = doc
		}
		s.all[name(t)] = o
	}
	return object{"$ref": "#/components/schemas/" + name(t)}
}

func (s *schemas) structure(t reflect.Type) object {
	properties, required := object{}, []string{}
	s.fields(t, properties, &required)
	o := object{"type": "object", "properties": properties}
	if len(required) > 0 {
		slices.Sort(required)
		o["required"] = required
	}
	return o
}

// fields adds one property a JSON field, those of embedded structs in place.
func (s *schemas) fields(t reflect.Type, properties object, required *[]string) {
	for f := range t.Fields() {
		tag := f.Tag.Get("json")
		key, opts, _ := strings.Cut(tag, ",")
		switch {
		case tag == "-" || !f.IsExported() && !f.Anonymous:
		case f.Anonymous && key == "":
			s.fields(f.Type, properties, required)
		default:
			typ := f.Type
			if strings.Contains(opts, "omitempty") || strings.Contains(opts, "omitzero") {
				if typ.Kind() == reflect.Pointer {
					typ = typ.Elem() // it is left out, never null
				}
			} else {
				*required = append(*required, key)
			}
			p := s.ref(typ)
			if doc := s.docs[t.PkgPath()+"."+t.Name()+"."+f.Name]; doc != "" {
				p["description"] = doc
			}
			properties[key] = p
		}
	}
}

// docs are the comments of types ("path.Type") and fields ("path.Type.Field").
type docs map[string]string

// readDocs reads the comments of the packages whose types go over the wire.
func readDocs(root string, packages ...string) (docs, error) {
	d := docs{}
	for _, pkg := range packages {
		files, err := filepath.Glob(filepath.Join(root, pkg, "*.go"))
		if err != nil || len(files) == 0 {
			return nil, fmt.Errorf("no sources in %s (%w)", filepath.Join(root, pkg), err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
			if err != nil {
				return nil, err
			}
			d.read("frontdesk/"+pkg, f)
		}
	}
	return d, nil
}

func (d docs) read(pkg string, f *ast.File) {
	for _, decl := range f.Decls {
		g, ok := decl.(*ast.GenDecl)
		if !ok || g.Tok != token.TYPE {
			continue
		}
		for _, spec := range g.Specs {
			t := spec.(*ast.TypeSpec)
			d[pkg+"."+t.Name.Name] = plain(g.Doc, t.Doc)
			s, ok := t.Type.(*ast.StructType)
			if !ok {
				continue
			}
			for _, field := range s.Fields.List {
				for _, n := range field.Names {
					d[pkg+"."+t.Name.Name+"."+n.Name] = plain(field.Doc, field.Comment)
				}
			}
		}
	}
}

// plain gives the first paragraph of the first comment there is, as one line.
func plain(groups ...*ast.CommentGroup) string {
	for _, g := range groups {
		if g != nil {
			text, _, _ := strings.Cut(g.Text(), "\n\n")
			return strings.Join(strings.Fields(text), " ")
		}
	}
	return ""
}
