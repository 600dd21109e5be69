package openai

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"frontdesk/chat"
)

// fileEndpoint is an endpoint as the file of endpoints has it. Keys are in
// files of their own, so that this one can be shown around.
type fileEndpoint struct {
	Name         string            `yaml:"name"`
	BaseURL      string            `yaml:"base_url"`
	Model        string            `yaml:"model"`
	KeyFile      string            `yaml:"key_file"`
	KeyHeader    string            `yaml:"key_header"`
	Headers      map[string]string `yaml:"headers"`
	Order        int               `yaml:"order"`
	Weight       int               `yaml:"weight"`
	Deadlines    Deadlines         `yaml:"deadlines"`
	Concurrency  int               `yaml:"concurrency"`
	Queue        int               `yaml:"queue"`
	QueueWait    time.Duration     `yaml:"queue_wait"`
	Proxy        string            `yaml:"proxy"`
	CAFile       string            `yaml:"ca_file"`
	Price        *Price            `yaml:"price"`
	Capabilities *Capabilities     `yaml:"capabilities"`
}

const fileHelp = "an endpoint has name, base_url, model, key_file, key_header, headers, order, weight, deadlines (first, between, total), " +
	"concurrency, queue, queue_wait, proxy, ca_file, price (prompt, completion), capabilities (usage, schema, tools, seed)"

// ReadEndpoints reads a YAML file of endpoints. Paths in it count from its
// folder. CodeInvalid says what is wrong with it and what to write instead.
func ReadEndpoints(path string) ([]Endpoint, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "the file of language models: %w", err)
	}
	list, err := parseEndpoints(data, filepath.Dir(path))
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "the file of language models %s: %w", path, err)
	}
	return list, nil
}

func parseEndpoints(data []byte, folder string) ([]Endpoint, error) {
	var file struct {
		Endpoints []fileEndpoint `yaml:"endpoints"`
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return nil, explainYAML(err)
	}
	if len(file.Endpoints) == 0 {
		return nil, errors.New("it lists no endpoint: write endpoints: and under it one entry for each, with base_url and model")
	}
	out := make([]Endpoint, len(file.Endpoints))
	for i, f := range file.Endpoints {
		e, err := f.endpoint(folder)
		if err != nil {
			return nil, fmt.Errorf("endpoint %d: %w", i+1, err)
		}
		out[i] = e
	}
	return out, nil
}

func (f fileEndpoint) endpoint(folder string) (Endpoint, error) {
	if min(f.Weight, f.Concurrency, f.Queue) < 0 || min(f.QueueWait, f.Deadlines.First, f.Deadlines.Between, f.Deadlines.Total) < 0 {
		return Endpoint{}, errors.New("a weight, limit or duration is negative")
	}
	if f.Price != nil && (f.Price.Prompt < 0 || f.Price.Completion < 0) {
		return Endpoint{}, errors.New("a price is negative")
	}
	for name := range f.Headers {
		if strings.EqualFold(name, "Authorization") {
			return Endpoint{}, errors.New("headers has Authorization: put the key into a file and name it with key_file")
		}
	}
	from := func(path string) string {
		if path == "" || filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(folder, path)
	}
	return Endpoint{Name: f.Name, BaseURL: f.BaseURL, Model: f.Model, KeyFile: from(f.KeyFile), KeyHeader: f.KeyHeader, Headers: f.Headers,
		Order: f.Order, Weight: f.Weight, Deadlines: f.Deadlines, Concurrency: f.Concurrency, Queue: f.Queue, QueueWait: f.QueueWait,
		Proxy: f.Proxy, CAFile: from(f.CAFile), Price: f.Price, Capabilities: f.Capabilities}, nil
}

var unknownField = regexp.MustCompile(`(line \d+): field (\S+) not found in type \S+`)

// explainYAML gives the parser's words without Go's.
func explainYAML(err error) error {
	if m := unknownField.FindStringSubmatch(err.Error()); m != nil {
		return fmt.Errorf("%s: there is no setting %q; %s", m[1], m[2], fileHelp)
	}
	return fmt.Errorf("%s; %s", strings.TrimPrefix(err.Error(), "yaml: "), fileHelp)
}
