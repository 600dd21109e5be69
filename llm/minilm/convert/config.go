package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"frontdesk/llm/minilm/internal/modelfile"
)

// longest is the cut used where the folder names none: what the MiniLM models
// were trained with.
const longest = 256

// readConfig completes given with what the folder's JSON files say, and
// refuses models that the encoder would run wrongly.
func readConfig(folder string, given modelfile.Header) (modelfile.Header, error) {
	var bert struct {
		Name       string  `json:"_name_or_path"`
		Type       string  `json:"model_type"`
		Act        string  `json:"hidden_act"`
		Position   string  `json:"position_embedding_type"`
		Hidden     int     `json:"hidden_size"`
		Layers     int     `json:"num_hidden_layers"`
		Heads      int     `json:"num_attention_heads"`
		Inner      int     `json:"intermediate_size"`
		Vocabulary int     `json:"vocab_size"`
		Positions  int     `json:"max_position_embeddings"`
		Epsilon    float64 `json:"layer_norm_eps"`
	}
	sentence := struct {
		Longest int `json:"max_seq_length"`
	}{longest}
	tokenizer := struct {
		Lower bool `json:"do_lower_case"`
	}{true}
	pooling := struct {
		First bool `json:"pooling_mode_cls_token"`
		Mean  bool `json:"pooling_mode_mean_tokens"`
	}{false, true}
	if err := readJSON(filepath.Join(folder, "config.json"), &bert); err != nil {
		return given, err
	}
	for file, into := range map[string]any{
		"sentence_bert_config.json": &sentence, "tokenizer_config.json": &tokenizer, "1_Pooling/config.json": &pooling,
	} {
		if err := readJSON(filepath.Join(folder, file), into); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return given, err
		}
	}
	switch {
	case bert.Type != "bert":
		return given, fmt.Errorf("%s: model_type is %q, want bert", folder, bert.Type)
	case bert.Act != "gelu":
		return given, fmt.Errorf("%s: hidden_act is %q, want gelu", folder, bert.Act)
	case bert.Position != "" && bert.Position != "absolute":
		return given, fmt.Errorf("%s: position_embedding_type is %q, want absolute", folder, bert.Position)
	case !tokenizer.Lower:
		return given, fmt.Errorf("%s: a cased vocabulary is not supported", folder)
	case pooling.First == pooling.Mean:
		return given, fmt.Errorf("%s: pooling is neither the mean of all tokens nor the first token", folder)
	}
	h := given
	if h.Name == "" {
		h.Name = path.Base(bert.Name)
	}
	h.Hidden, h.Layers, h.Heads, h.FeedForward = bert.Hidden, bert.Layers, bert.Heads, bert.Inner
	h.Vocabulary, h.Positions, h.Epsilon = bert.Vocabulary, min(sentence.Longest, bert.Positions), bert.Epsilon
	h.Pooling = modelfile.PoolMean
	if pooling.First {
		h.Pooling = modelfile.PoolFirst
	}
	return h, nil
}

func readJSON(file string, into any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// readVocabulary returns vocab.txt with plain line ends, after checking that
// it has a line for each row of the embedding table.
func readVocabulary(file string, want int) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimSuffix(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\n"))
	if n := bytes.Count(text, []byte("\n")) + 1; n != want {
		return nil, fmt.Errorf("%s: %d tokens, want %d", file, n, want)
	}
	return text, nil
}
