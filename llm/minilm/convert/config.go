package convert

import (
	"cmp"
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

// bert is config.json.
type bert struct {
	Name      string  `json:"_name_or_path"`
	Type      string  `json:"model_type"`
	Act       string  `json:"hidden_act"`
	Position  string  `json:"position_embedding_type"`
	Hidden    int     `json:"hidden_size"`
	Layers    int     `json:"num_hidden_layers"`
	Heads     int     `json:"num_attention_heads"`
	Inner     int     `json:"intermediate_size"`
	Positions int     `json:"max_position_embeddings"`
	Epsilon   float64 `json:"layer_norm_eps"`
}

// sentence is what the files of sentence-transformers say, with what holds
// where they are missing.
type sentence struct {
	modules   []struct{ Type string }
	tokenizer struct {
		Lower bool `json:"do_lower_case"`
	}
	limit struct {
		Longest int `json:"max_seq_length"`
	}
	pooling struct {
		First bool `json:"pooling_mode_cls_token"`
		Mean  bool `json:"pooling_mode_mean_tokens"`
	}
	prompts struct {
		Prompts map[string]string
	}
}

// readConfig makes a header of the folder's JSON files and o, and refuses
// models that the encoder would run wrongly. The vocabulary's size is not
// among it.
func readConfig(folder string, o Options) (h modelfile.Header, err error) {
	var b bert
	var s sentence
	s.tokenizer.Lower, s.limit.Longest, s.pooling.Mean = true, longest, true
	switch err := readJSON(filepath.Join(folder, "config.json"), &b); {
	case errors.Is(err, fs.ErrNotExist):
		return h, fmt.Errorf("%w: name the folder that a model was downloaded to, with its config.json and model.safetensors", err)
	case err != nil:
		return h, err
	}
	for file, into := range map[string]any{
		"modules.json": &s.modules, "tokenizer_config.json": &s.tokenizer, "sentence_bert_config.json": &s.limit,
		"1_Pooling/config.json": &s.pooling, "config_sentence_transformers.json": &s.prompts,
	} {
		if err := readJSON(filepath.Join(folder, file), into); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return h, err
		}
	}
	if err := errors.Join(b.check(), s.check(o)); err != nil {
		return h, fmt.Errorf("%s: the encoder cannot run this model: %w", folder, err)
	}
	whole, err := filepath.Abs(folder)
	if err != nil {
		return h, err
	}
	h = modelfile.Header{
		Name: o.Name, Hidden: b.Hidden, Layers: b.Layers, Heads: b.Heads, FeedForward: b.Inner,
		Positions: min(s.limit.Longest, b.Positions), Epsilon: b.Epsilon, Pooling: cmp.Or(o.Pooling, s.pool()),
		QueryPrefix:    cmp.Or(o.QueryPrefix, s.prompts.Prompts["query"]),
		DocumentPrefix: cmp.Or(o.PassagePrefix, s.prompts.Prompts["passage"], s.prompts.Prompts["document"]),
	}
	switch {
	case h.Name != "":
	case b.Name != "":
		h.Name = path.Base(b.Name)
	default:
		h.Name = filepath.Base(whole)
	}
	return h, nil
}

// check says what in config.json is not the BERT that the encoder runs.
func (b bert) check() error {
	switch {
	case b.Type != "bert":
		return fmt.Errorf("model_type is %q, want bert: MiniLM, bge, gte, e5 and arctic-embed in their English versions have it", b.Type)
	case b.Act != "gelu":
		return fmt.Errorf("hidden_act is %q, want gelu", b.Act)
	case b.Position != "" && b.Position != "absolute":
		return fmt.Errorf("position_embedding_type is %q, want absolute", b.Position)
	case b.Hidden <= 0 || b.Layers <= 0 || b.Heads <= 0 || b.Inner <= 0 || b.Positions <= 0:
		return errors.New("config.json lacks one of hidden_size, num_hidden_layers, num_attention_heads, intermediate_size, max_position_embeddings")
	}
	return nil
}

// check says what comes after the transformer that the encoder does not do.
func (s sentence) check(o Options) error {
	for _, m := range s.modules {
		switch step := path.Ext(m.Type); step {
		case ".Transformer", ".Pooling", ".Normalize":
		default:
			return fmt.Errorf("modules.json has the step %s, want Transformer, Pooling and Normalize only", m.Type)
		}
	}
	switch {
	case !s.tokenizer.Lower:
		return errors.New("its vocabulary is cased (do_lower_case is false): take the uncased version")
	case o.Pooling != "" && o.Pooling != PoolMean && o.Pooling != PoolFirst:
		return fmt.Errorf("pooling %q, want %q or %q", o.Pooling, PoolMean, PoolFirst)
	case o.Pooling == "" && s.pool() == "":
		return errors.New("pooling is neither the mean of all tokens nor the first token")
	}
	return nil
}

// pool is the pooling that the folder asks for, "" if it is another.
func (s sentence) pool() string {
	switch {
	case s.pooling.First && !s.pooling.Mean:
		return PoolFirst
	case s.pooling.Mean && !s.pooling.First:
		return PoolMean
	}
	return ""
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
