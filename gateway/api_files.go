package gateway

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// fileOps are which files are taken.
func (g *Gateway) fileOps(a huma.API) {
	op(g, a, route{http.MethodGet, "/files", "fileRules", "Which files are taken", 0}, chat.RoleViewer,
		func(ctx context.Context, who principal, _ *none) (protocol.FileRules, error) {
			return g.fileRules(ctx, who.workspace.ID)
		})
	op(g, a, route{http.MethodPut, "/files", "setFileRules", "Set which files are taken", 0}, chat.RoleAdmin,
		func(ctx context.Context, who principal, in *body[protocol.FileRules]) (protocol.FileRules, error) {
			return g.setFileRules(ctx, who.workspace.ID, who.user.ID, in.Body)
		})
}

// staffFileRoutes are those that stream, and so are served without huma.
func (g *Gateway) staffFileRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /api/v1/conversations/{id}/files", g.handleStaffUpload)
	mux.HandleFunc("GET /api/v1/files/{id}", g.handleStaffFile)
}

// FileForm is a request that brings a file. It is exported for huma.
type FileForm struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true"`
	}]
}

// describeFiles adds the operations on files that are served without huma. Its handlers are never called.
func describeFiles(a huma.API) {
	upload := func(id, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodPost, Path: path, Summary: summary, MaxBodyBytes: maxFile, DefaultStatus: http.StatusCreated}
	}
	huma.Register(a, upload("uploadFile", "/api/v1/conversations/{id}/files", "Upload a file for a reply or a note: 20 MB at most"),
		func(context.Context, *struct {
			ByID
			FileForm
		}) (*body[chat.File], error) {
			return nil, nil
		})
	huma.Register(a, huma.Operation{OperationID: "downloadFile", Method: http.MethodGet, Path: "/api/v1/files/{id}", Summary: "A file of a conversation"},
		func(context.Context, *struct {
			ByID
			Download string `query:"download" doc:"Anything: as a download even if it is a picture"`
		}) (*huma.StreamResponse, error) {
			return nil, nil
		})
	huma.Register(a, upload("sendFile", "/v1/files", "Upload a customer's file: 20 MB at most. Its id goes into the send frame's files"),
		func(context.Context, *struct {
			Conversation  uuid.UUID `query:"conversation" required:"true"`
			Authorization string    `header:"Authorization" required:"true" doc:"Bearer, and the session's file_token"`
			FileForm
		}) (*body[chat.File], error) {
			return nil, nil
		})
	huma.Register(a, huma.Operation{OperationID: "linkFiles", Method: http.MethodPost, Path: "/v1/files/links", MaxBodyBytes: maxBody,
		Summary: "Addresses of files of a customer's conversations, for an hour. Those that there are not are left out"},
		func(context.Context, *struct {
			Authorization string `header:"Authorization" required:"true" doc:"Bearer, and the session's file_token"`
			Body          protocol.FileLinksRequest
		}) (*body[protocol.FileLinks], error) {
			return nil, nil
		})
	huma.Register(a, huma.Operation{OperationID: "fetchFile", Method: http.MethodGet, Path: "/v1/files/{id}", Summary: "A file, by an address of linkFiles"},
		func(context.Context, *struct {
			ByID
			Workspace uuid.UUID `query:"w" required:"true"`
			Until     int64     `query:"until" required:"true"`
			Sig       string    `query:"sig" required:"true"`
		}) (*huma.StreamResponse, error) {
			return nil, nil
		})
}
