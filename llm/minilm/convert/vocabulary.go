package convert

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// readVocabulary returns the tokens of the folder in the order of their ids:
// the lines of vocab.txt, or what tokenizer.json says.
func readVocabulary(folder string) ([]string, error) {
	tokens, err := readTokens(folder)
	if err != nil {
		return nil, err
	}
	for _, special := range []string{"[UNK]", "[CLS]", "[SEP]"} {
		if !slices.Contains(tokens, special) {
			return nil, fmt.Errorf("%s: the encoder cannot run this model: its vocabulary of %d tokens has no %s, which BERT's has", folder, len(tokens), special)
		}
	}
	return tokens, nil
}

func readTokens(folder string) ([]string, error) {
	file := filepath.Join(folder, "vocab.txt")
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return readTokenizer(filepath.Join(folder, "tokenizer.json"))
	}
	if err != nil {
		return nil, err
	}
	lines := strings.TrimSuffix(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	return strings.Split(lines, "\n"), nil
}

func joinLines(tokens []string) []byte { return []byte(strings.Join(tokens, "\n")) }

// readTokenizer reads a tokenizer.json, and refuses others than BERT's uncased
// WordPiece.
func readTokenizer(file string) ([]string, error) {
	var t struct {
		Added []struct {
			ID      int
			Content string
		} `json:"added_tokens"`
		Normalizer struct {
			Type      string
			Lowercase bool
		}
		Model struct {
			Type   string
			Prefix string `json:"continuing_subword_prefix"`
			Vocab  any
		}
	}
	switch err := readJSON(file, &t); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: neither vocab.txt nor tokenizer.json is there: download them with the weights", filepath.Dir(file))
	case err != nil:
		return nil, err
	case t.Model.Type != "WordPiece" || t.Model.Prefix != "##":
		return nil, fmt.Errorf("%s: the encoder cannot run this model: its tokenizer is %s, want WordPiece with \"##\" (multilingual models have others)", file, t.Model.Type)
	case t.Normalizer.Type != "BertNormalizer" || !t.Normalizer.Lowercase:
		return nil, fmt.Errorf("%s: the encoder cannot run this model: its text is not normalised as uncased BERT's (%s): take the uncased version", file, t.Normalizer.Type)
	}
	vocab, ok := t.Model.Vocab.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s: no vocabulary", file)
	}
	ids := map[int]string{}
	for token, id := range vocab {
		n, ok := id.(float64)
		if !ok {
			return nil, fmt.Errorf("%s: token %q has the id %v", file, token, id)
		}
		ids[int(n)] = token
	}
	for _, a := range t.Added {
		ids[a.ID] = a.Content
	}
	tokens := make([]string, len(ids))
	for i := range tokens {
		token, ok := ids[i]
		if !ok || strings.Contains(token, "\n") {
			return nil, fmt.Errorf("%s: of %d tokens none can have the id %d", file, len(ids), i)
		}
		tokens[i] = token
	}
	return tokens, nil
}
