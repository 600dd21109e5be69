package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"frontdesk/chat"
	"frontdesk/evals"
)

type evalCertifyCmd struct {
	Queries string  `help:"Held-back questions: .jsonl file. Without, the verdicts of this installation count." placeholder:"FILE" and:"set"`
	RunFile string  `name:"run" help:"The run of them." placeholder:"FILE" and:"set"`
	Set     string  `help:"Name of the set; the folder's name if not given." placeholder:"NAME"`
	Level   float64 `default:".9" help:"Probability with which the bound is to hold (${default})." placeholder:"P"`
	JSON    bool    `help:"Print the certificate as one JSON object."`
	Out     string  `help:"File that the certificate is written to, as JSON." placeholder:"FILE"`
}

// Help shows an example.
func (evalCertifyCmd) Help() string {
	return `Gives the lowest threshold at which answers are wrong no more often than --target-error, with
a bound that holds at the level, or says what is missing. Only answers that the run gave count,
so make the run with a low threshold. Without a set, the answers that this installation's
agents and customers judged since its judge was last tuned. Exit code 1: no certificate.

  frontdesk eval run --articles articles.jsonl --queries held-back.jsonl --threshold .3 --out run.jsonl
  frontdesk eval certify --queries held-back.jsonl --run run.jsonl --target-error .05 --out certificate.json
  frontdesk eval certify`
}

// Run certifies.
func (cmd evalCertifyCmd) Run(env *environment) error {
	if err := checkShare("--target-error", env.TargetError); err != nil {
		return err
	}
	if err := checkShare("--level", cmd.Level); err != nil {
		return err
	}
	if cmd.Queries == "" {
		c, err := operate[evals.Certificate](env, "certify", certifyRequest{env.TargetError, cmd.Level})
		if err != nil {
			return err
		}
		return cmd.give(env, c)
	}
	queries, err := evals.ReadQueries(cmd.Queries)
	if err != nil {
		return err
	}
	run, err := evals.ReadRun(cmd.RunFile)
	if err != nil {
		return err
	}
	o := evals.CertifyOptions{Target: env.TargetError, Level: cmd.Level, Date: time.Now().UTC(), Data: evals.Data{Set: cmd.Set}}
	if o.Data.Set == "" {
		o.Data.Set = folderOf(cmd.Queries)
	}
	if o.Data.Hash, err = evals.FileHash(cmd.Queries); err != nil {
		return err
	}
	if o.Data.Run, err = evals.FileHash(cmd.RunFile); err != nil {
		return err
	}
	c, err := evals.Certify(queries, run, o)
	if err != nil {
		return err
	}
	return cmd.give(env, c)
}

// give prints and writes the certificate; one that does not hold is an error.
func (cmd evalCertifyCmd) give(env *environment, c evals.Certificate) error {
	print := c.Write
	if cmd.JSON {
		print = func(w io.Writer) error { return printJSON(w, c) }
	}
	if err := print(env.stdout); err != nil {
		return err
	}
	if !c.Certified {
		return errors.New("no certificate: " + c.Reason)
	}
	if cmd.Out == "" {
		return nil
	}
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(cmd.Out, append(text, '\n'), 0o644); err != nil {
		return chat.Errorf(chat.CodeInvalid, "cannot write the certificate: %w", err)
	}
	return nil
}

// folderOf names the folder that a file lies in.
func folderOf(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	return filepath.Base(filepath.Dir(abs))
}

func checkShare(flag string, v float64) error {
	if !(v > 0 && v < 1) {
		return chat.Errorf(chat.CodeInvalid, "%s is %v, and must lie between 0 and 1: .05 means 5 %%", flag, v)
	}
	return nil
}

type certifyRequest struct {
	Target float64 `json:"target"`
	Level  float64 `json:"level"`
}

// certifyOwn certifies the installation by the verdicts on its answers. Those
// that its judge was tuned by are not held back and do not count, nor does silence.
func certifyOwn(ctx context.Context, c *core, r certifyRequest) (evals.Certificate, error) {
	verdicts, err := allVerdicts(ctx, c)
	if err != nil {
		return evals.Certificate{}, err
	}
	tuned, err := c.store.Tuning(ctx, c.workspace.ID)
	if err != nil && chat.CodeOf(err) != chat.CodeNotFound {
		return evals.Certificate{}, err
	}
	docs := c.base.Index(c.workspace.ID).Documents()
	engine := c.engine.engine()
	return evals.CertifyVerdicts(verdicts, tuned.At, evals.Made{
		At: time.Now().UTC().Truncate(time.Second), Encoder: c.embedder.Model(), Judge: engine.Judge().ID(), FittedOn: engine.Judge().FittedOn(), Threshold: engine.Threshold(),
		Articles: evals.Articles{Count: len(docs), Hash: evals.DocumentsHash(docs), Knowledge: c.base.Status(c.workspace.ID).Version},
	}, evals.CertifyOptions{Target: r.Target, Level: r.Level, Date: time.Now().UTC()}), nil
}
