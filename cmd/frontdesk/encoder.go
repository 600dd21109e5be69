package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"frontdesk/chat"
	"frontdesk/llm"
	"frontdesk/llm/minilm"
	"frontdesk/llm/minilm/convert"
	"frontdesk/llm/openai"
)

// openEmbedder gives the embedder that the settings ask for: one behind an
// endpoint, a weight file, or the built-in encoder. log may be nil.
func openEmbedder(ctx context.Context, s Settings, log *slog.Logger) (llm.Embedder, error) {
	switch {
	case s.EmbedModel != "" && s.Encoder != "":
		return nil, chat.Errorf(chat.CodeInvalid, "both --embed-model (FRONTDESK_EMBED_MODEL) and --encoder (FRONTDESK_ENCODER) are set: keep one")
	case s.EmbedModel != "":
		ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		c := openai.Config{BaseURL: s.OpenaiBaseURL, APIKey: s.OpenaiAPIKey, Model: s.EmbedModel, Log: log}
		if s.OpenaiAPIKeyFile != "" { // read again when it changes
			c.APIKey, c.KeyFile = "", s.OpenaiAPIKeyFile
		}
		return openai.NewEmbedder(ctx, c)
	}
	// As many threads as processors for documents; run gives the scheduler one
	// more, so that a question that arrives meanwhile is read at once.
	o := minilm.Options{Threads: runtime.NumCPU()}
	if s.Encoder == "" {
		return minilm.Open(o)
	}
	var err error
	if o.Model, err = os.ReadFile(s.Encoder); err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "--encoder (FRONTDESK_ENCODER): %w", err)
	}
	e, err := minilm.Open(o)
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "--encoder (FRONTDESK_ENCODER): %s: %w; make the file with \"frontdesk admin encoder convert\"", s.Encoder, err)
	}
	return e, nil
}

type adminEncoderCmd struct {
	Convert encoderConvertCmd `cmd:"" help:"Make a weight file of a downloaded model."`
}

type encoderConvertCmd struct {
	Folder        string `arg:"" help:"Folder with config.json, model.safetensors and vocab.txt or tokenizer.json."`
	Out           string `required:"" placeholder:"FILE" help:"Weight file to write."`
	Name          string `help:"Name of the model, if not the folder's."`
	QueryPrefix   string `placeholder:"TEXT" help:"Text that the model wants before a question, if the folder does not say."`
	PassagePrefix string `placeholder:"TEXT" help:"Text that the model wants before a passage, if the folder does not say."`
	Pooling       string `default:"" enum:",mean,cls" placeholder:"mean|cls" help:"How token vectors become one, if the folder does not say or is wrong."`
}

// Help shows examples.
func (encoderConvertCmd) Help() string {
	return `Takes uncased BERT models of any size, such as MiniLM, bge, gte, e5 and arctic-embed in English. The
model's card says which prefixes it wants.

  frontdesk admin encoder convert ./bge-small-en-v1.5 --out bge.bin --query-prefix 'Represent this sentence for searching relevant passages: '
  frontdesk admin encoder convert ./e5-small-v2 --out e5.bin --query-prefix 'query: ' --passage-prefix 'passage: '
  frontdesk serve --encoder e5.bin`
}

// Run converts a model. The file appears only when it is whole and the encoder
// has read it.
func (cmd encoderConvertCmd) Run(env *environment) error {
	var file bytes.Buffer
	err := convert.Folder(&file, cmd.Folder, convert.Options{Name: cmd.Name, QueryPrefix: cmd.QueryPrefix,
		PassagePrefix: cmd.PassagePrefix, Pooling: cmd.Pooling})
	if err != nil {
		return chat.Errorf(chat.CodeInvalid, "cannot convert the model: %w", err)
	}
	e, err := minilm.Open(minilm.Options{Model: file.Bytes()})
	if err != nil {
		return err
	}
	var took time.Duration
	for range 2 { // the first also brings the weights in from memory
		start := time.Now()
		if _, err := e.EmbedQuery(env.ctx, "Where is my order? It should have been here yesterday."); err != nil {
			return err
		}
		took = time.Since(start)
	}
	if err := writeWhole(cmd.Out, file.Bytes()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "%s: %s, %d values a vector, %.1f MB; a short question takes about %.1f ms here\nUse it with --encoder %[1]s (FRONTDESK_ENCODER). Articles are encoded anew with it.\n",
		cmd.Out, e.Model(), e.Dim(), float64(file.Len())/1e6, float64(took.Microseconds())/1e3)
	return err
}

// writeWhole writes a file beside its place and moves it there.
func writeWhole(path string, content []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
