package gateway

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/knowledge"
)

// Bodies of articles and imports may be larger than others.
const (
	maxArticleBody = 2 << 20
	maxImportBody  = 64 << 20
)

// SourceConsole is the source of articles that are written in the console.
const SourceConsole = "console"

// articleOps are the knowledge base.
func (g *Gateway) articleOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/articles", "listArticles", "One page of the articles, without bodies", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *struct {
			Q          string               `query:"q" maxLength:"200"`
			Status     knowledge.Status     `query:"status" enum:"draft,published,archived"`
			Visibility knowledge.Visibility `query:"visibility" enum:"public,internal"`
			Cursor     string               `query:"cursor"`
			Limit      int                  `query:"limit" minimum:"1" maximum:"200" default:"50"`
		}) (protocol.ArticleList, error) {
			page, err := g.store.ListArticles(ctx, who.workspace.ID, knowledge.ArticleQuery{Text: clean(in.Q), Status: in.Status, Visibility: in.Visibility, Cursor: clean(in.Cursor), Limit: in.Limit})
			for i := range page.Articles {
				page.Articles[i].Tags = list(page.Articles[i].Tags)
			}
			return protocol.ArticleList{Data: list(page.Articles), NextCursor: page.Next, Total: page.Total}, err
		})
	op(g, a, route{http.MethodGet, "/articles/{id}", "getArticle", "An article at its newest version", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *ByID) (knowledge.Article, error) {
			return g.article(ctx, who, in.ID)
		})
	op(g, a, route{http.MethodPost, "/articles", "createArticle", "Write a new article", maxArticleBody}, chat.RoleEditor,
		func(ctx context.Context, who principal, in *body[protocol.ArticleRequest]) (knowledge.Article, error) {
			return g.putArticle(ctx, who, input(SourceConsole, uuid.Must(uuid.NewV7()).String(), in.Body))
		})
	op(g, a, route{http.MethodPut, "/articles/{id}", "updateArticle", "Change an article", maxArticleBody}, chat.RoleEditor,
		func(ctx context.Context, who principal, in *struct {
			ByID
			Body protocol.ArticleRequest
		}) (knowledge.Article, error) {
			return g.updateArticle(ctx, who, in.ID, in.Body)
		})
	op(g, a, route{http.MethodDelete, "/articles/{id}", "archiveArticle", "Take an article out of all answers", 0}, chat.RoleEditor,
		func(ctx context.Context, who principal, in *ByID) (done, error) {
			if _, err := g.store.Article(ctx, who.workspace.ID, in.ID); err != nil {
				return done{}, err
			}
			_, err := g.store.ArchiveArticles(ctx, who.workspace.ID, []uuid.UUID{in.ID})
			return done{err == nil}, err
		})
	op(g, a, route{http.MethodPost, "/import", "importArticles", "Add and change articles of a source", maxImportBody}, chat.RoleEditor,
		func(ctx context.Context, who principal, in *body[protocol.ImportRequest]) (protocol.ImportReport, error) {
			return g.importArticles(ctx, who, in.Body)
		})
	op(g, a, route{http.MethodPost, "/import/files", "importFiles", "Add and change articles from uploaded .md, .html, .jsonl and .csv files", maxImportBody}, chat.RoleEditor,
		func(ctx context.Context, who principal, in *struct{ RawBody multipart.Form }) (protocol.ImportReport, error) {
			defer in.RawBody.RemoveAll() //nolint:errcheck // the files are temporary, and net/http does not see them
			return g.importFiles(ctx, who, in.RawBody.File["files"])
		})
	op(g, a, route{http.MethodGet, "/knowledge/status", "knowledgeStatus", "How far search is", 0}, chat.RoleViewer,
		func(_ context.Context, who principal, _ *none) (protocol.KnowledgeStatus, error) {
			return g.o.KnowledgeStatus(who.workspace.ID), nil
		})
	op(g, a, route{http.MethodPost, "/preview", "preview", "Markdown as customers will see it", maxArticleBody}, chat.RoleViewer,
		func(_ context.Context, _ principal, in *body[protocol.PreviewRequest]) (protocol.Preview, error) {
			return protocol.Preview{Blocks: list(knowledge.Render(in.Body.Body, nil, webURL))}, nil
		})
	op(g, a, route{http.MethodPost, "/ask", "ask", "Put one question to the bot", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *body[protocol.AskRequest]) (protocol.AskReply, error) {
			reply, err := g.o.Ask(ctx, who.workspace.ID, in.Body)
			reply.Ranked, reply.Cited = list(reply.Ranked), list(reply.Cited)
			return reply, err
		})
	op(g, a, route{http.MethodGet, "/turns/{id}/replay", "replayTurn", "Take a recorded turn of the bot once more, or all turns of a conversation", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *ByID) (protocol.TurnReplays, error) {
			if g.o.Replay == nil {
				return protocol.TurnReplays{}, chat.Errorf(chat.CodeNotFound, "This server keeps no records of turns.")
			}
			return g.o.Replay(ctx, who.workspace.ID, in.ID)
		})
}

func (g *Gateway) article(ctx context.Context, who principal, id uuid.UUID) (knowledge.Article, error) {
	a, err := g.store.Article(ctx, who.workspace.ID, id)
	a.Tags = list(a.Tags)
	return a, err
}

func input(source, externalID string, r protocol.ArticleRequest) knowledge.Input {
	return knowledge.Input{Source: source, ExternalID: externalID, Title: r.Title, Body: r.Body, URL: r.URL, Tags: r.Tags,
		Locale: r.Locale, Visibility: r.Visibility, Status: r.Status, Phrasings: r.Questions}
}

func (g *Gateway) putArticle(ctx context.Context, who principal, in knowledge.Input) (knowledge.Article, error) {
	if in.URL != "" {
		if u, err := url.Parse(in.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" {
			return knowledge.Article{}, chat.Errorf(chat.CodeInvalid, "The address %q is not a web address: it begins with https://", in.URL)
		}
	}
	res, err := g.store.PutArticles(ctx, who.workspace.ID, []knowledge.Put{knowledge.Prepare(cleanInput(in))})
	if err != nil {
		return knowledge.Article{}, err
	}
	return g.article(ctx, who, res[0].Article.ID)
}

// saving is how long one save of an article may keep others waiting.
const saving = 10 * time.Second

// updateArticle saves a new version, if the one that was edited is still the newest.
func (g *Gateway) updateArticle(ctx context.Context, who principal, id uuid.UUID, r protocol.ArticleRequest) (knowledge.Article, error) {
	if _, err := g.store.Article(ctx, who.workspace.ID, id); err != nil {
		return knowledge.Article{}, err
	}
	// The lease makes the comparison and the save one step, for all nodes.
	key, holder := "article:"+id.String(), uuid.NewString()
	if _, err := g.store.AcquireLease(ctx, who.workspace.ID, key, holder, g.now().Add(saving)); err != nil {
		if chat.CodeOf(err) == chat.CodeConflict {
			err = chat.Errorf(chat.CodeConflict, "Somebody else is saving this article right now. Your text is not saved; look at theirs first.")
		}
		return knowledge.Article{}, err
	}
	defer func() {
		if err := g.store.ReleaseLease(context.WithoutCancel(ctx), who.workspace.ID, key, holder); err != nil {
			g.log.Warn("gateway: release lease", "key", key, "err", err) // it runs out by itself
		}
	}()
	old, err := g.store.Article(ctx, who.workspace.ID, id)
	if err != nil {
		return old, err
	}
	if r.Version != old.Version {
		return old, chat.Errorf(chat.CodeStale, "Somebody else has saved version %d meanwhile. Your text is not saved; compare it with theirs first.", old.Number)
	}
	if r.Questions == nil { // whoever does not speak of them leaves them
		r.Questions = old.Phrasings
	}
	return g.putArticle(ctx, who, input(old.Source, old.ExternalID, r))
}

// cleanInput takes out of all texts what databases do not store.
func cleanInput(in knowledge.Input) knowledge.Input {
	for _, s := range []*string{&in.Source, &in.ExternalID, &in.Title, &in.Body, &in.URL, &in.Locale} {
		*s = clean(*s)
	}
	tags := make([]string, len(in.Tags))
	for i, t := range in.Tags {
		tags[i] = clean(t)
	}
	in.Tags = tags
	for i, q := range in.Phrasings {
		in.Phrasings[i] = clean(q)
	}
	return in
}

func (g *Gateway) importArticles(ctx context.Context, who principal, r protocol.ImportRequest) (protocol.ImportReport, error) {
	for i := range r.Articles {
		r.Articles[i] = cleanInput(r.Articles[i])
	}
	report, err := g.o.Import(ctx, who.workspace.ID, r)
	report.Problems = list(report.Problems)
	return report, err
}

// importFiles reads uploaded files; what cannot be read is a problem of its own and stops nothing else.
func (g *Gateway) importFiles(ctx context.Context, who principal, files []*multipart.FileHeader) (protocol.ImportReport, error) {
	if len(files) == 0 {
		return protocol.ImportReport{}, chat.Errorf(chat.CodeInvalid, `No files came with the request: send them as multipart field "files".`)
	}
	req := protocol.ImportRequest{Source: "upload"}
	problems := []protocol.Problem{}
	for _, fh := range files {
		name := path.Base(fh.Filename)
		data, err := readUpload(fh)
		if err != nil {
			return protocol.ImportReport{}, err
		}
		inputs, bad := g.o.Parse(name, data)
		req.Articles = append(req.Articles, inputs...)
		problems = append(problems, bad...)
	}
	report, err := g.importArticles(ctx, who, req)
	report.Problems = append(problems, report.Problems...)
	return report, err
}

func readUpload(fh *multipart.FileHeader) ([]byte, error) {
	f, err := fh.Open()
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "The file %q could not be read: %w", fh.Filename, err)
	}
	defer func() { _ = f.Close() }() // it was only read
	return io.ReadAll(f)
}
