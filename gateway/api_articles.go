package gateway

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"

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
			Status     knowledge.Status     `query:"status" enum:"draft,published,archived,"`
			Visibility knowledge.Visibility `query:"visibility" enum:"public,internal,"`
			Cursor     string               `query:"cursor"`
			Limit      int                  `query:"limit" minimum:"1" maximum:"200" default:"50"`
		}) (protocol.ArticleList, error) {
			page, err := g.store.ListArticles(ctx, who.workspace.ID, knowledge.ArticleQuery{Text: in.Q, Status: in.Status, Visibility: in.Visibility, Cursor: in.Cursor, Limit: in.Limit})
			if page.Articles == nil {
				page.Articles = []knowledge.Article{}
			}
			return protocol.ArticleList{Data: page.Articles, NextCursor: page.Next, Total: page.Total}, err
		})
	op(g, a, route{http.MethodGet, "/articles/{id}", "getArticle", "An article at its newest version", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *ByID) (knowledge.Article, error) {
			return g.store.Article(ctx, who.workspace.ID, in.ID)
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
			old, err := g.store.Article(ctx, who.workspace.ID, in.ID)
			if err != nil {
				return old, err
			}
			if in.Body.Version != old.Version {
				return old, chat.Errorf(chat.CodeStale, "Somebody else has saved version %d meanwhile. Your text is not saved; compare it with theirs first.", old.Number)
			}
			return g.putArticle(ctx, who, input(old.Source, old.ExternalID, in.Body))
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
			return g.o.Import(ctx, who.workspace.ID, in.Body)
		})
	op(g, a, route{http.MethodPost, "/import/files", "importFiles", "Add and change articles from uploaded .md, .html and .jsonl files", maxImportBody}, chat.RoleEditor,
		func(ctx context.Context, who principal, in *struct{ RawBody multipart.Form }) (protocol.ImportReport, error) {
			return g.importFiles(ctx, who, in.RawBody.File["files"])
		})
	op(g, a, route{http.MethodGet, "/knowledge/status", "knowledgeStatus", "How far search is", 0}, chat.RoleViewer,
		func(_ context.Context, who principal, _ *none) (protocol.KnowledgeStatus, error) {
			return g.o.KnowledgeStatus(who.workspace.ID), nil
		})
	op(g, a, route{http.MethodPost, "/preview", "preview", "Markdown as customers will see it", maxArticleBody}, chat.RoleViewer,
		func(_ context.Context, _ principal, in *body[protocol.PreviewRequest]) (protocol.Preview, error) {
			blocks := knowledge.Render(in.Body.Body, nil, webURL)
			if blocks == nil {
				blocks = []chat.Block{}
			}
			return protocol.Preview{Blocks: blocks}, nil
		})
	op(g, a, route{http.MethodPost, "/ask", "ask", "Put one question to the bot", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *body[protocol.AskRequest]) (protocol.AskReply, error) {
			return g.o.Ask(ctx, who.workspace.ID, in.Body)
		})
}

func input(source, externalID string, r protocol.ArticleRequest) knowledge.Input {
	return knowledge.Input{Source: source, ExternalID: externalID, Title: r.Title, Body: r.Body, URL: r.URL, Tags: r.Tags,
		Locale: r.Locale, Visibility: r.Visibility, Status: r.Status}
}

func (g *Gateway) putArticle(ctx context.Context, who principal, in knowledge.Input) (knowledge.Article, error) {
	if in.URL != "" {
		if u, err := url.Parse(in.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" {
			return knowledge.Article{}, chat.Errorf(chat.CodeInvalid, "The address %q is not a web address: it begins with https://", in.URL)
		}
	}
	res, err := g.store.PutArticles(ctx, who.workspace.ID, []knowledge.Put{knowledge.Prepare(in)})
	if err != nil {
		return knowledge.Article{}, err
	}
	return g.store.Article(ctx, who.workspace.ID, res[0].Article.ID)
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
	report, err := g.o.Import(ctx, who.workspace.ID, req)
	report.Problems = append(problems, report.Problems...)
	return report, err
}

func readUpload(fh *multipart.FileHeader) ([]byte, error) {
	f, err := fh.Open()
	if err != nil {
		return nil, chat.Errorf(chat.CodeInvalid, "The file %q could not be read: %w", fh.Filename, err)
	}
	defer f.Close()
	return io.ReadAll(f)
}
