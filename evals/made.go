package evals

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"time"

	"frontdesk/knowledge"
)

// Made says what made a run: everything that a figure taken from it holds for.
type Made struct {
	At        time.Time `json:"at"`
	Encoder   string    `json:"encoder"`
	Judge     string    `json:"judge"`     // bot.Judge.ID
	FittedOn  []string  `json:"fitted_on"` // sets that the judge was fitted on
	Threshold float64   `json:"threshold"` // the bot answered from this confidence on
	Articles  Articles  `json:"articles"`
}

// Articles names a set of article versions.
type Articles struct {
	Count     int    `json:"count"`
	Hash      string `json:"hash"`      // of every article's id and content
	Knowledge int64  `json:"knowledge"` // knowledge version of the workspace
}

func (h *house) made(o RunOptions) *Made {
	j := h.engine.Judge()
	return &Made{
		At: time.Now().UTC().Truncate(time.Second), Encoder: o.Embedder.Model(), Judge: j.ID(), FittedOn: j.FittedOn(), Threshold: h.engine.Threshold(),
		Articles: Articles{Count: len(o.Articles), Hash: articlesHash(o.Articles), Knowledge: h.base.Status(h.ws.ID).Version},
	}
}

// articlesHash is the same for the same articles in any order.
func articlesHash(all []knowledge.Input) string {
	lines := make([]string, len(all))
	for i, in := range all {
		p := knowledge.Prepare(in)
		lines[i] = fmt.Sprintf("%q %q %x", p.Source, p.ExternalID, p.Hash)
	}
	return hashLines(lines)
}

// DocumentsHash is the same for the same article versions in any order.
func DocumentsHash(all []*knowledge.Document) string {
	lines := make([]string, len(all))
	for i, d := range all {
		lines[i] = fmt.Sprintf("%q %q %s", d.Source, d.ExternalID, d.Version)
	}
	return hashLines(lines)
}

func hashLines(lines []string) string {
	slices.SortFunc(lines, cmp.Compare[string])
	sum := sha256.New()
	for _, l := range lines {
		fmt.Fprintln(sum, l)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// FileHash gives the SHA-256 of a file, in hex.
func FileHash(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("evals: %w", err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}
