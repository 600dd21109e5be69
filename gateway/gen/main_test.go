package main

import (
	"bytes"
	"os"
	"testing"
)

func TestDescriptionIsCurrent(t *testing.T) {
	t.Parallel()
	want, err := describe()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../docs/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("docs/openapi.yaml is not what the Go types say: run go generate ./gateway")
	}
	if again, err := describe(); err != nil || !bytes.Equal(again, want) {
		t.Errorf("two runs differ (%v)", err)
	}
}
