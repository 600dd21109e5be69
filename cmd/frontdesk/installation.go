package main

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/knowledge"
)

// installation is what the tools of editors and operators do with the
// installation at hand: through its running server, or in its store.
type installation interface {
	ask(ctx context.Context, q protocol.AskRequest) (protocol.AskReply, error)
	articles(ctx context.Context, q knowledge.ArticleQuery) (protocol.ArticleList, error)
	questions(ctx context.Context, q knowledge.QuestionQuery) (protocol.QuestionList, error)
	importQuestions(ctx context.Context, r protocol.QuestionImport) (knowledge.QuestionReport, error)
	decideQuestions(ctx context.Context, d protocol.QuestionDecision) (int, error)
	replay(ctx context.Context, id uuid.UUID) (protocol.TurnReplays, error)
	// ready waits until every passage can be found by meaning.
	ready(ctx context.Context, bar *progress) error
	close() error
}

// openInstallation gives the running server of the data folder if there is
// one, else opens the store.
func openInstallation(env *environment) (installation, error) {
	server, err := env.server()
	if err != nil {
		return nil, err
	}
	if server != nil {
		return remoteInstallation{server}, nil
	}
	c, err := env.openStore()
	return localInstallation{c}, err
}

// openStore opens the installation's data for one command, which says no more
// than what is wrong.
func (env *environment) openStore() (*core, error) {
	return openCore(env.ctx, env.Settings, slog.New(slog.NewTextHandler(env.stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
}

// allPages calls page with each cursor until the last page.
func allPages(page func(cursor string) (next string, err error)) error {
	for cursor := ""; ; {
		next, err := page(cursor)
		if err != nil || next == "" {
			return err
		}
		cursor = next
	}
}

// pageSize is the largest page that the API gives.
const pageSize = 200

// allArticles gives the published articles of an installation, without bodies.
func allArticles(ctx context.Context, in installation) (all []knowledge.Article, err error) {
	err = allPages(func(cursor string) (string, error) {
		page, err := in.articles(ctx, knowledge.ArticleQuery{Status: knowledge.StatusPublished, Limit: pageSize, Cursor: cursor})
		all = append(all, page.Data...)
		return page.NextCursor, err
	})
	return all, err
}

// allQuestions gives the questions of an installation, newest first.
func allQuestions(ctx context.Context, in installation, q knowledge.QuestionQuery) (all []knowledge.Question, err error) {
	q.Limit = pageSize
	err = allPages(func(cursor string) (string, error) {
		q.Cursor = cursor
		page, err := in.questions(ctx, q)
		all = append(all, page.Data...)
		return page.NextCursor, err
	})
	return all, err
}

// remoteInstallation goes through the running server.
type remoteInstallation struct{ *client }

func (r remoteInstallation) ask(ctx context.Context, q protocol.AskRequest) (reply protocol.AskReply, err error) {
	return reply, r.call(ctx, "POST", "/ask", q, &reply)
}

func (r remoteInstallation) articles(ctx context.Context, q knowledge.ArticleQuery) (page protocol.ArticleList, err error) {
	return page, r.call(ctx, "GET", "/articles?"+url.Values{
		"status": {string(q.Status)}, "limit": {strconv.Itoa(q.Limit)}, "cursor": {q.Cursor},
	}.Encode(), nil, &page)
}

func (r remoteInstallation) questions(ctx context.Context, q knowledge.QuestionQuery) (page protocol.QuestionList, err error) {
	values := url.Values{"status": {string(q.Status)}, "origin": {string(q.Origin)}, "limit": {strconv.Itoa(q.Limit)}, "cursor": {q.Cursor}}
	if q.Article != uuid.Nil {
		values.Set("article", q.Article.String())
	}
	return page, r.call(ctx, "GET", "/questions?"+values.Encode(), nil, &page)
}

func (r remoteInstallation) importQuestions(ctx context.Context, q protocol.QuestionImport) (report knowledge.QuestionReport, err error) {
	return report, r.call(ctx, "POST", "/questions/import", q, &report)
}

func (r remoteInstallation) decideQuestions(ctx context.Context, d protocol.QuestionDecision) (int, error) {
	var decided protocol.QuestionsDecided
	err := r.call(ctx, "POST", "/questions/decide", d, &decided)
	return decided.Changed, err
}

func (r remoteInstallation) replay(ctx context.Context, id uuid.UUID) (turns protocol.TurnReplays, err error) {
	return turns, r.call(ctx, "GET", "/turns/"+id.String()+"/replay", nil, &turns)
}

func (r remoteInstallation) ready(ctx context.Context, bar *progress) error {
	return watchIndex(ctx, bar, func() (st protocol.KnowledgeStatus, err error) {
		return st, r.call(ctx, "GET", "/knowledge/status", nil, &st)
	}, nil)
}

func (remoteInstallation) close() error { return nil }

// localInstallation is the store itself, with no server on it.
type localInstallation struct{ *core }

func (l localInstallation) ask(ctx context.Context, q protocol.AskRequest) (protocol.AskReply, error) {
	return l.core.ask(ctx, l.workspace.ID, q)
}

func (l localInstallation) articles(ctx context.Context, q knowledge.ArticleQuery) (protocol.ArticleList, error) {
	page, err := l.store.ListArticles(ctx, l.workspace.ID, q)
	return protocol.ArticleList{Data: page.Articles, NextCursor: page.Next, Total: page.Total}, err
}

func (l localInstallation) questions(ctx context.Context, q knowledge.QuestionQuery) (protocol.QuestionList, error) {
	page, err := l.store.ListQuestions(ctx, l.workspace.ID, q)
	return protocol.QuestionList{Data: page.Questions, NextCursor: page.Next, Total: page.Total}, err
}

func (l localInstallation) importQuestions(ctx context.Context, q protocol.QuestionImport) (knowledge.QuestionReport, error) {
	report, err := l.core.importQuestions(ctx, l.workspace.ID, q)
	if err == nil {
		err = operatorDid(ctx, l.store, l.workspace.ID, chat.AuditEntry{Action: "importQuestions"})
	}
	return report, err
}

func (l localInstallation) decideQuestions(ctx context.Context, d protocol.QuestionDecision) (int, error) {
	n, err := l.store.DecideQuestions(ctx, l.workspace.ID, d.IDs, d.Status, uuid.Nil)
	if err == nil {
		err = operatorDid(ctx, l.store, l.workspace.ID, chat.AuditEntry{Action: "decideQuestions"})
	}
	return n, err
}

func (l localInstallation) replay(ctx context.Context, id uuid.UUID) (protocol.TurnReplays, error) {
	return l.core.replayTurns(ctx, l.workspace.ID, id)
}

// ready embeds what is new before it returns, or waits for the node that is at it.
func (l localInstallation) ready(ctx context.Context, bar *progress) error {
	finished := make(chan error, 1)
	indexing, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ix := knowledge.NewIndexer(l.base, nodeName(), nil, nil)
		err := ix.Run(indexing)
		for chat.CodeOf(err) == chat.CodeConflict && indexing.Err() == nil { // it may die: then its lease runs out
			select {
			case <-time.After(time.Second):
			case <-indexing.Done():
			}
			err = ix.Run(indexing)
		}
		finished <- err
	}()
	err := watchIndex(ctx, bar, func() (protocol.KnowledgeStatus, error) {
		if err := l.base.Refresh(ctx, l.workspace.ID); err != nil {
			return protocol.KnowledgeStatus{}, err
		}
		return l.knowledgeStatus(l.workspace.ID), nil
	}, finished)
	stop()
	<-done // nothing may use the store once it is closed
	return err
}

func (l localInstallation) close() error { return l.core.close() }

// importQuestions matches a part of a history to the articles of a workspace.
func (c *core) importQuestions(ctx context.Context, ws uuid.UUID, r protocol.QuestionImport) (knowledge.QuestionReport, error) {
	return c.base.ImportQuestions(ctx, ws, c.store, r.Exchanges, r.AcceptLinked)
}

// closing joins an error with that of closing in.
func closing(in installation, err *error) { *err = errors.Join(*err, in.close()) }
