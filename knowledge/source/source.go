// Package source reads articles from files: a folder of Markdown and HTML
// files, one such file, a JSONL or a CSV file. It gives every article it can read
// and says of each one that it cannot what is wrong with it; nothing is left
// out in silence, and nothing bad in one article stops the others.
package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"frontdesk/chat"
	"frontdesk/knowledge"
)

// MaxSize is the most bytes of a file, or of a line of JSONL: far above any
// article that people write, and below what could exhaust the process.
const MaxSize = 10 << 20

// Options change how articles are read. The zero value is good.
type Options struct {
	// Source names where the articles come from, so that the same input read
	// twice is the same source. "" means the kind and the base name of the
	// path: "folder:help", "jsonl:articles.jsonl".
	Source string
	// Locale is that of articles that do not say theirs (BCP 47).
	Locale string
}

// Read gives the articles at path, in order of their paths and, in a file, of
// its lines. An error that is a *knowledge.Problem concerns one article and
// the sequence goes on; any other ends it, with a chat.Code where the user can
// mend it. Hidden files and folders (".git") are passed over, and links in a
// folder are not followed.
//
// What is read:
//   - Markdown (.md, .markdown) with optional YAML front matter: id, title,
//     tags, locale, visibility, status (or draft: true), url, questions (what
//     customers ask that the article answers). The id falls back to the path in the
//     folder, the title to the first heading and then the file's name.
//   - HTML (.html, .htm): the main or article element if there is one, as Markdown.
//   - JSONL (.jsonl, .ndjson): id, title, body, url, tags, locale, visibility, status, questions.
//   - CSV (.csv, .tsv) with commas, semicolons or tabs: the same as columns, id
//     and body at least; tags with commas, a question a line.
//
// An article with the tag "internal" and no visibility of its own is internal.
func Read(ctx context.Context, path string, o Options) iter.Seq2[knowledge.Input, error] {
	return func(yield func(knowledge.Input, error) bool) {
		r := &reader{ctx: ctx, options: o, yield: yield, seen: map[string]string{}}
		if err := r.read(path); err != nil && !errors.Is(err, errStop) {
			yield(knowledge.Input{}, err)
		}
	}
}

// Sought says what Read takes for an article in a path, for somebody in whose input it found none.
func Sought(path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return "in a folder, and in those below it, each file of text is one (Markdown, HTML), each line of a .jsonl and each row of a .csv; files whose names begin with a dot are left out"
	}
	switch kindOf(path) {
	case "jsonl":
		return "each line is one, a JSON object with id, title and body"
	case "csv":
		return "each row is one, under a first line that names the columns id and body"
	}
	return "the file is one, by its text below the front matter"
}

// errStop says that the consumer wants no more.
var errStop = errors.New("stop")

type reader struct {
	ctx     context.Context
	options Options
	yield   func(knowledge.Input, error) bool
	seen    map[string]string // external id -> path
}

func (r *reader) read(path string) error {
	if i := strings.Index(path, "://"); i > 0 {
		return chat.Errorf(chat.CodeInvalid, "Import from a web address (%s) is not supported yet. Save the pages first, then import a folder of Markdown or HTML files, or a .md, .html, .jsonl or .csv file.", path)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("source: %s: %w", path, err)
	}
	real, err := filepath.EvalSymlinks(abs) // a link given by name is meant
	if errors.Is(err, fs.ErrNotExist) {
		return chat.Errorf(chat.CodeNotFound, "There is no file or folder %s. Check the path.", path)
	} else if err != nil {
		return fmt.Errorf("source: %w", err)
	}
	info, err := os.Stat(real)
	if err != nil {
		return fmt.Errorf("source: %w", err)
	}
	if info.IsDir() {
		r.name("folder", abs)
		return r.folder(real)
	}
	kind := kindOf(real)
	if kind == "" {
		return chat.Errorf(chat.CodeInvalid, "%s is not a kind of file that can be imported. Use a folder, or a .md, .markdown, .html, .htm, .jsonl, .ndjson, .csv or .tsv file.", path)
	}
	r.name(kind, abs)
	return r.file(filepath.Dir(real), filepath.Base(real))
}

func (r *reader) name(kind, path string) {
	if r.options.Source == "" {
		r.options.Source = kind + ":" + filepath.Base(path)
	}
}

// kindOf tells a file's kind from its name; what is in it is checked later.
func kindOf(path string) string {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".md", ".markdown":
		return "markdown"
	case ".html", ".htm":
		return "html"
	case ".jsonl", ".ndjson":
		return "jsonl"
	case ".csv", ".tsv":
		return "csv"
	}
	return ""
}

func (r *reader) folder(root string) error {
	var paths []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if path == root {
			return err
		}
		rel, relErr := filepath.Rel(root, path)
		if relErr != nil {
			return relErr
		}
		if err != nil {
			return r.problem(rel, 0, "It cannot be read: "+cause(err)+".", "Check its permissions.")
		}
		if strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !d.IsDir() {
			paths = append(paths, rel)
		}
		return r.ctx.Err()
	})
	if err != nil {
		return err
	}
	slices.SortFunc(paths, func(a, b string) int { return strings.Compare(filepath.ToSlash(a), filepath.ToSlash(b)) })
	for _, path := range paths {
		if err := r.file(root, path); err != nil {
			return err
		}
	}
	return nil
}

// file reads one file; rel is its path under root.
func (r *reader) file(root, rel string) error {
	if err := r.ctx.Err(); err != nil {
		return fmt.Errorf("source: %w", err)
	}
	path := filepath.Join(root, rel)
	info, err := os.Lstat(path)
	if err != nil {
		return r.problem(rel, 0, "It cannot be read: "+cause(err)+".", "Check that it is still there.")
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return r.notArticle(rel, "It is a link, which is not followed.")
	case !info.Mode().IsRegular():
		return r.notArticle(rel, "It is not a regular file.")
	}
	switch kindOf(rel) {
	case "jsonl":
		return r.jsonl(path, rel)
	case "csv":
		return r.csv(path, rel)
	}
	data, p := load(path, rel, info.Size())
	if p != nil {
		return r.report(p)
	}
	if kindOf(rel) == "html" {
		return r.html(rel, data)
	}
	return r.markdown(rel, data)
}

// give passes an article on, unless it is empty or its id was there before.
func (r *reader) give(in knowledge.Input, path string, line int) error {
	in.Source = r.options.Source
	if in.Locale == "" {
		in.Locale = r.options.Locale
	}
	if in.Visibility == "" && slices.Contains(in.Tags, "internal") {
		in.Visibility = knowledge.Internal
	}
	if strings.TrimSpace(in.Body) == "" {
		return r.problem(path, line, "The article has no text.", "Write some, or take the file out.")
	}
	if err := in.Check(); err != nil {
		return r.problem(path, line, chat.MessageOf(err), "")
	}
	here := path
	if line > 0 {
		here = fmt.Sprintf("%s:%d", path, line)
	}
	if before, ok := r.seen[in.ExternalID]; ok {
		return r.problem(path, line, fmt.Sprintf("It has the id %q, which %s has already.", in.ExternalID, before), "Give it an id of its own.")
	}
	r.seen[in.ExternalID] = here
	if !r.yield(in, nil) {
		return errStop
	}
	return nil
}

func (r *reader) problem(path string, line int, what, do string) error {
	return r.report(&knowledge.Problem{Path: filepath.ToSlash(path), Line: line, What: what, Do: do, Lost: true})
}

func (r *reader) notArticle(path, what string) error {
	return r.report(&knowledge.Problem{Path: filepath.ToSlash(path), What: what, Do: "It was left out."})
}

func (r *reader) report(p *knowledge.Problem) error {
	if !r.yield(knowledge.Input{}, p) {
		return errStop
	}
	return nil
}

// cause is an error's reason without the path, which a Problem names already.
func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
