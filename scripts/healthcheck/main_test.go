package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		ready  bool
	}{
		{"ready", http.StatusOK, true},
		{"draining", http.StatusServiceUnavailable, false},
		{"another server", http.StatusNotFound, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
			}))
			defer server.Close()
			if err := check(context.Background(), server.URL+"/readyz"); (err == nil) != test.ready {
				t.Errorf("status %d: error %v", test.status, err)
			}
		})
	}
}

func TestCheckWithoutServer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	if err := check(context.Background(), server.URL); err == nil {
		t.Error("a server that is gone is ready")
	}
}

func TestCheckDoesNotWaitForever(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel() // the time is over while the server still thinks
		<-r.Context().Done()
	}))
	defer server.Close()
	if err := check(ctx, server.URL); !errors.Is(err, context.Canceled) {
		t.Errorf("error: got %v, want %v", err, context.Canceled)
	}
}
