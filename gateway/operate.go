package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"frontdesk/chat"
)

// Operate carries out one of the operator's tools that the API does not have,
// by name, on this server's data. CodeNotFound: there is none of that name.
type Operate func(ctx context.Context, name string, args json.RawMessage) (any, error)

// AuditTool is the use of one of these tools in the audit log.
const AuditTool = "useTool"

// maxOperate bounds the arguments of a tool: a file of questions.
const maxOperate = 16 << 20

func (g *Gateway) handleOperate(w http.ResponseWriter, r *http.Request) {
	args, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxOperate))
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		err = chat.Errorf(chat.CodeTooLarge, "The request is too large: at most %d bytes.", large.Limit)
	}
	if err != nil {
		g.problem(w, r, err)
		return
	}
	out, err := g.o.Operate(r.Context(), r.PathValue("name"), args)
	if err != nil {
		g.problem(w, r, err)
		return
	}
	g.addAudit(r.Context(), g.operatorUser(), chat.AuditEntry{Action: AuditTool, Detail: map[string]string{"tool": r.PathValue("name")}})
	writeJSON(w, http.StatusOK, out)
}
