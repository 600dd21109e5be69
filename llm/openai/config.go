package openai

import (
	"net/url"
	"strings"
	"time"

	"frontdesk/chat"
)

// Endpoint configures one place that answers for a language model. Zero fields
// are defaults.
type Endpoint struct {
	Name    string // in logs, metrics and records; "" is the host of BaseURL
	BaseURL string // ends in the version, as in http://localhost:11434/v1; "" is OpenAI's own
	Model   string

	Key       string // "" sends none
	KeyFile   string // instead of Key; read again when the endpoint refuses what it held
	KeyHeader string // header that carries the key, as api-key; "" is Authorization: Bearer
	Headers   map[string]string

	Order  int // endpoints of the lowest order that work are used
	Weight int // share among those of one order; 0 is 1

	Deadlines   Deadlines
	Concurrency int           // generations at once; 0 is 16
	Queue       int           // generations that may wait for a place; 0 is 4 times Concurrency
	QueueWait   time.Duration // how long one may wait; 0 is 2 s

	Proxy  string // http://host:port; "" is what the environment says
	CAFile string // certificates to trust beside the system's, in PEM form

	Price        *Price        // nil: unknown, nothing is counted in money
	Capabilities *Capabilities // nil: found by a probe
}

// Price is what a million tokens cost, in the installation's currency.
type Price struct {
	Prompt     float64 `yaml:"prompt" json:"prompt"`
	Completion float64 `yaml:"completion" json:"completion"`
}

const (
	defaultConcurrency = 16
	defaultQueueWait   = 2 * time.Second
)

// defaults fills in what was left out and checks the rest.
func (e Endpoint) defaults() (Endpoint, error) {
	if e.BaseURL == "" {
		e.BaseURL = "https://api.openai.com/v1"
	}
	u, err := url.Parse(e.BaseURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return e, chat.Errorf(chat.CodeInvalid, "the address of a language model must be a URL that ends in the version, as http://localhost:11434/v1")
	}
	e.BaseURL = strings.TrimRight(e.BaseURL, "/")
	if e.Name == "" {
		e.Name = u.Host
	}
	if e.Model == "" {
		return e, chat.Errorf(chat.CodeInvalid, "endpoint %s names no model", e.Name)
	}
	if e.Key != "" && e.KeyFile != "" {
		return e, chat.Errorf(chat.CodeInvalid, "endpoint %s has a key and a key_file: keep one", e.Name)
	}
	if e.Weight <= 0 {
		e.Weight = 1
	}
	if e.Concurrency <= 0 {
		e.Concurrency = defaultConcurrency
	}
	if e.Queue <= 0 {
		e.Queue = 4 * e.Concurrency
	}
	if e.QueueWait <= 0 {
		e.QueueWait = defaultQueueWait
	}
	return e, nil
}
