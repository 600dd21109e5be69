package gateway

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/knowledge"
)

// questionOps are the past questions that articles answer.
func (g *Gateway) questionOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/questions", "listQuestions", "One page of the questions that articles answer, newest first", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, in *struct {
			Status  knowledge.QuestionStatus `query:"status" enum:"proposed,accepted,rejected"`
			Origin  knowledge.Origin         `query:"origin" enum:"history,verdict,editor"`
			Article string                   `query:"article" format:"uuid" doc:"Only those of this article"`
			Cursor  string                   `query:"cursor"`
			Limit   int                      `query:"limit" minimum:"1" maximum:"200" default:"50"`
		}) (protocol.QuestionList, error) {
			q := knowledge.QuestionQuery{Status: in.Status, Origin: in.Origin, Cursor: clean(in.Cursor), Limit: in.Limit}
			if in.Article != "" {
				var err error
				if q.Article, err = uuid.Parse(in.Article); err != nil {
					return protocol.QuestionList{}, chat.Errorf(chat.CodeInvalid, "The article %q is no id.", in.Article)
				}
			}
			page, err := g.store.ListQuestions(ctx, who.workspace.ID, q)
			return protocol.QuestionList{Data: list(page.Questions), NextCursor: page.Next, Total: page.Total}, err
		})
	op(g, a, route{http.MethodPost, "/questions/import", "importQuestions", "Match a help desk's history to the articles, a batch at a time", maxImportBody}, chat.RoleEditor,
		func(ctx context.Context, who principal, in *body[protocol.QuestionImport]) (knowledge.QuestionReport, error) {
			report, err := g.o.ImportQuestions(ctx, who.workspace.ID, cleanExchanges(in.Body))
			report.Gaps = list(report.Gaps)
			return report, err
		})
	op(g, a, route{http.MethodPost, "/questions/decide", "decideQuestions", "Accept or reject questions", 0}, chat.RoleEditor,
		func(ctx context.Context, who principal, in *body[protocol.QuestionDecision]) (protocol.QuestionsDecided, error) {
			n, err := g.store.DecideQuestions(ctx, who.workspace.ID, in.Body.IDs, in.Body.Status, who.user.ID)
			return protocol.QuestionsDecided{Changed: n}, err
		})
}

// cleanExchanges takes out of all texts what databases do not store.
func cleanExchanges(r protocol.QuestionImport) protocol.QuestionImport {
	for i := range r.Exchanges {
		e := &r.Exchanges[i]
		for _, s := range []*string{&e.Source, &e.ID, &e.Question, &e.Answer} {
			*s = clean(*s)
		}
	}
	return r
}
