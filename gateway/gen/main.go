// Command gen writes the descriptions of the HTTP API and of the brief,
// docs/openapi.yaml and docs/brief.schema.json. Run it by go generate ./gateway.
package main

import (
	"log"
	"os"

	"frontdesk/gateway"
)

func main() {
	log.SetFlags(0)
	for name, describe := range descriptions() {
		data, err := describe()
		if err == nil {
			err = os.WriteFile("../docs/"+name, data, 0o644) // go generate runs in the gateway's folder
		}
		if err != nil {
			log.Fatalf("gen: %s: %v", name, err)
		}
	}
}

// descriptions gives what is written, by its name below docs.
func descriptions() map[string]func() ([]byte, error) {
	return map[string]func() ([]byte, error){"openapi.yaml": describe, "brief.schema.json": gateway.BriefSchema}
}

// describe gives the file. Its version is that of the API, not of the program.
func describe() ([]byte, error) {
	data, err := gateway.OpenAPI("1")
	return append([]byte("# Generated from the Go types by go generate ./gateway. Do not edit.\n"), data...), err
}
