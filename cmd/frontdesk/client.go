package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"frontdesk/chat"
	"frontdesk/gateway"
)

// socketName is the operator's socket in the data folder. Whoever may open it
// is the operator: the folder's permissions are the authorisation.
const socketName = "frontdesk.sock"

func socketPath(dataDir string) string { return filepath.Join(dataDir, socketName) }

// client speaks the staff's API to the server that runs on a data folder.
type client struct{ http *http.Client }

// server gives a client of the server that holds the installation's data, or
// nil where the store is to be opened: none runs there, or the store is a
// database that several may open.
func (env *environment) server() (*client, error) {
	if env.DatabaseURL != "" {
		return nil, nil
	}
	return running(env.ctx, env.Data)
}

// running gives a client of the server on this data folder, or nil if none runs there.
func running(ctx context.Context, dataDir string) (*client, error) {
	path := socketPath(dataDir)
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: 2 * time.Second}).DialContext(ctx, "unix", path)
	}
	conn, err := dial(ctx, "", "")
	switch {
	case err == nil:
		conn.Close()
	case errors.Is(err, os.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return nil, nil // never started, or left behind by a killed server
	default:
		return nil, fmt.Errorf("a server seems to run on %s, but its socket cannot be opened: %w", dataDir, err)
	}
	return &client{&http.Client{Transport: &http.Transport{DialContext: dial}}}, nil
}

// call sends in as JSON and reads the answer into out; both may be nil. A
// problem of the server comes back as the error that it was there.
func (c *client) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://frontdesk/api/v1"+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("ask the running server: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 400 {
		var p gateway.APIError
		if json.NewDecoder(resp.Body).Decode(&p) != nil || p.Detail == "" {
			return fmt.Errorf("the running server answered %s", resp.Status)
		}
		return &chat.Error{Code: p.Code, Message: p.Detail}
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(out)
}
