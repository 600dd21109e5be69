package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/knowledge"
	"frontdesk/knowledge/source"
)

type importCmd struct {
	Path   string `arg:"" help:"Folder of Markdown or HTML files, or one .md, .html, .jsonl or .csv file."`
	Source string `help:"Name of where the articles come from (kind and name of the path)." placeholder:"NAME"`
	Locale string `help:"Language of articles that do not say theirs, such as en." placeholder:"TAG"`
	Sync   bool   `help:"Also archive articles of this source that it no longer has."`
	JSON   bool   `help:"Print the report as JSON."`
}

// Help shows an example.
func (importCmd) Help() string {
	return `Beside a running server on the same data folder it goes through the server, which answers
from the new articles at once. The same input a second time changes nothing.

  frontdesk import ./help-articles
  frontdesk import articles.jsonl --sync`
}

// importBatch is how many articles go to the server in one request.
const importBatch = 100

// Run imports.
func (cmd importCmd) Run(env *environment) error {
	articles := source.Read(env.ctx, cmd.Path, source.Options{Source: cmd.Source, Locale: cmd.Locale})
	var report protocol.ImportReport
	server, err := env.server()
	switch {
	case err != nil:
		return err
	case server != nil:
		report, err = cmd.throughServer(env, server, articles)
	default:
		report, err = cmd.direct(env, articles)
	}
	if err != nil {
		return err
	}
	if cmd.JSON {
		err = printJSON(env.stdout, report)
	} else {
		printReport(env.stdout, report)
	}
	if err == nil && report.Added+report.Changed+report.Unchanged == 0 {
		err = chat.Errorf(chat.CodeNotFound, "no article was found in %s: %s", cmd.Path, source.Sought(cmd.Path))
	}
	return err
}

// direct imports into the store itself, and embeds what is new before it returns.
func (cmd importCmd) direct(env *environment, articles iter.Seq2[knowledge.Input, error]) (report protocol.ImportReport, err error) {
	c, err := env.openStore()
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	bar := newProgress(env.stderr)
	rep, err := c.base.Import(env.ctx, c.workspace.ID, articles, cmd.Sync, func(r knowledge.Report) {
		bar.show("%s read", count(r.Articles(), "article"))
	})
	if err != nil {
		return report, err
	}
	bar.end("%s, searchable by words", count(rep.Articles(), "article"))
	err = localInstallation{c}.ready(env.ctx, bar)
	return importReport(rep), err
}

// throughServer sends the articles to the running server in batches.
func (cmd importCmd) throughServer(env *environment, server *client, articles iter.Seq2[knowledge.Input, error]) (protocol.ImportReport, error) {
	bar := newProgress(env.stderr)
	total := protocol.ImportReport{Problems: []protocol.Problem{}}
	var batch protocol.ImportRequest
	var keep []string
	read, lost := 0, false
	send := func() error {
		if len(batch.Articles) == 0 && !batch.Sync {
			return nil
		}
		var r protocol.ImportReport
		if err := server.call(env.ctx, "POST", "/import", batch, &r); err != nil {
			return err
		}
		total.Added, total.Changed, total.Unchanged, total.Archived = total.Added+r.Added, total.Changed+r.Changed, total.Unchanged+r.Unchanged, total.Archived+r.Archived
		total.Problems = append(total.Problems, r.Problems...)
		batch.Articles = nil
		bar.show("%s read", count(read, "article"))
		return nil
	}
	for in, err := range articles {
		var p *knowledge.Problem
		if errors.As(err, &p) {
			total.Problems = append(total.Problems, problem(p))
			lost = lost || p.Lost
			continue
		}
		if err != nil {
			return total, err
		}
		read++
		batch.Source, batch.Articles, keep = in.Source, append(batch.Articles, in), append(keep, in.ExternalID)
		if len(batch.Articles) == importBatch {
			if err := send(); err != nil {
				return total, err
			}
		}
	}
	if cmd.Sync && read > 0 && lost {
		total.Problems = append(total.Problems, protocol.Problem{Path: cmd.Path, What: "Nothing was archived, because an article could not be read.", Do: "Mend it and import again with --sync."})
	}
	if cmd.Sync && read > 0 && !lost {
		batch.Sync, batch.Keep = true, keep
	}
	if err := send(); err != nil {
		return total, err
	}
	bar.end("%s, searchable by words", count(read, "article"))
	return total, watchIndex(env.ctx, bar, func() (protocol.KnowledgeStatus, error) {
		var st protocol.KnowledgeStatus
		err := server.call(env.ctx, "GET", "/knowledge/status", nil, &st)
		return st, err
	}, nil)
}

// watchIndex shows how far the index is until every passage has its vector.
// finished, if not nil, gives the result of the work that is watched.
func watchIndex(ctx context.Context, bar *progress, status func() (protocol.KnowledgeStatus, error), finished <-chan error) error {
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	for {
		st, err := status()
		if err != nil {
			return err
		}
		if st.Pending == 0 && finished == nil {
			bar.end("%s, searchable by meaning", count(st.Chunks, "passage"))
			return nil
		}
		bar.show("%d of %d passages searchable by meaning", st.Vectors, st.Chunks)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-finished:
			if err != nil {
				return err
			}
			finished = nil
		case <-tick.C:
		}
	}
}

// importArticles stores articles that come over the API.
func (c *core) importArticles(ctx context.Context, ws uuid.UUID, r protocol.ImportRequest) (protocol.ImportReport, error) {
	articles := func(yield func(knowledge.Input, error) bool) {
		for _, in := range r.Articles {
			in.Source = r.Source
			if !yield(in, nil) {
				return
			}
		}
	}
	report, err := c.base.Import(ctx, ws, articles, false, nil)
	if err != nil {
		return protocol.ImportReport{}, err
	}
	if r.Sync {
		if report.Archived, err = c.store.ArchiveMissing(ctx, ws, r.Source, r.Keep); err != nil {
			return protocol.ImportReport{}, err
		}
	}
	return importReport(report), c.base.Refresh(ctx, ws)
}

// parseUpload reads the articles of an uploaded file the way import reads one on disk.
func parseUpload(name string, data []byte) ([]knowledge.Input, []protocol.Problem) {
	inputs, problems, err := parseFile(filepath.Base(name), data)
	if err != nil {
		problems = append(problems, protocol.Problem{Path: name, What: chat.MessageOf(err), Do: "Upload .md, .html, .jsonl or .csv files."})
	}
	return inputs, problems
}

func parseFile(name string, data []byte) (inputs []knowledge.Input, problems []protocol.Problem, err error) {
	dir, err := os.MkdirTemp("", "frontdesk-upload-*")
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return nil, nil, err
	}
	for in, err := range source.Read(context.Background(), path, source.Options{Source: "upload"}) {
		var p *knowledge.Problem
		switch {
		case errors.As(err, &p):
			bad := problem(p)
			if filepath.IsAbs(bad.Path) {
				bad.Path = name
			}
			problems = append(problems, bad)
		case err != nil:
			return inputs, problems, err
		default:
			inputs = append(inputs, in)
		}
	}
	return inputs, problems, nil
}

func importReport(r knowledge.Report) protocol.ImportReport {
	out := protocol.ImportReport{Added: r.Added, Changed: r.Changed, Unchanged: r.Unchanged, Archived: r.Archived, Problems: []protocol.Problem{}}
	for _, p := range r.Problems {
		out.Problems = append(out.Problems, problem(p))
	}
	return out
}

func problem(p *knowledge.Problem) protocol.Problem {
	return protocol.Problem{Path: p.Path, Line: p.Line, What: p.What, Do: p.Do}
}

func printReport(w io.Writer, r protocol.ImportReport) {
	fmt.Fprintf(w, "%d added, %d changed, %d unchanged", r.Added, r.Changed, r.Unchanged)
	if r.Archived > 0 {
		fmt.Fprintf(w, ", %d archived", r.Archived)
	}
	fmt.Fprintln(w)
	if len(r.Problems) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s:\n", count(len(r.Problems), "problem"))
	for _, p := range r.Problems {
		at := p.Path
		if p.Line > 0 {
			at = fmt.Sprintf("%s:%d", at, p.Line)
		}
		fmt.Fprintf(w, "  %s: %s %s\n", at, p.What, p.Do)
	}
}
