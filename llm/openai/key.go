package openai

import (
	"fmt"
	"os"
	"strings"
	"sync"
)

// key is an endpoint's secret: fixed, or what a file holds, which may change
// while we run.
type key struct {
	file string

	mu    sync.Mutex
	fixed string
}

// newKey reads the file, if one is named.
func newKey(fixed, file string) (*key, error) {
	k := &key{file: file, fixed: fixed}
	if file == "" {
		return k, nil
	}
	secret, err := readKey(file)
	if err != nil {
		return nil, err
	}
	k.fixed = secret
	return k, nil
}

func (k *key) value() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.fixed
}

// changed reads the file again and reports whether it holds another key than
// the one that was just refused.
func (k *key) changed(refused string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fixed != refused {
		return true // another request read it meanwhile
	}
	if k.file == "" {
		return false
	}
	secret, err := readKey(k.file)
	if err != nil || secret == refused {
		return false // the refusal is what is reported
	}
	k.fixed = secret
	return true
}

func readKey(file string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("key_file: %w", err)
	}
	secret := strings.TrimSpace(string(data))
	if secret == "" || strings.ContainsAny(secret, "\n\r") {
		return "", fmt.Errorf("key_file %s: it must hold the key on one line", file)
	}
	return secret, nil
}
