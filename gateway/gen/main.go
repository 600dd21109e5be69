// Command gen writes the description of the HTTP API, docs/openapi.yaml. Run
// it by go generate ./gateway.
package main

import (
	"log"
	"os"

	"frontdesk/gateway"
)

func main() {
	log.SetFlags(0)
	data, err := describe()
	if err == nil {
		err = os.WriteFile("../docs/openapi.yaml", data, 0o644) // go generate runs in the gateway's folder
	}
	if err != nil {
		log.Fatalf("gen: %v", err)
	}
}

// describe gives the file. Its version is that of the API, not of the program.
func describe() ([]byte, error) {
	data, err := gateway.OpenAPI("1")
	return append([]byte("# Generated from the Go types by go generate ./gateway. Do not edit.\n"), data...), err
}
