package main

import (
	"bytes"
	"os"
	"testing"
)

func TestDescriptionsAreCurrent(t *testing.T) {
	t.Parallel()
	for name, describe := range descriptions() {
		want, err := describe()
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile("../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("docs/%s is not what the Go types say: run go generate ./gateway", name)
		}
		if again, err := describe(); err != nil || !bytes.Equal(again, want) {
			t.Errorf("%s: two runs differ (%v)", name, err)
		}
	}
}
