package gateway

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

// echo says what it was asked.
type echo struct{}

func (echo) say(format string, args ...any) (protocol.AssistReply, error) {
	return protocol.AssistReply{Text: fmt.Sprintf(format, args...), By: "rules"}, nil
}

func (e echo) Suggest(context.Context, uuid.UUID, uuid.UUID) (protocol.AssistReply, error) {
	return e.say("suggest")
}

func (e echo) Reword(_ context.Context, _, _ uuid.UUID, text, manner string) (protocol.AssistReply, error) {
	return e.say("%s: %s", manner, text)
}

func (e echo) Translate(_ context.Context, _, _ uuid.UUID, text, to string) (protocol.AssistReply, error) {
	return e.say("%s: %s", to, text)
}

func (e echo) Summary(context.Context, uuid.UUID, uuid.UUID) (protocol.AssistReply, error) {
	return e.say("summary")
}

func (e echo) Tags(_ context.Context, _, _ uuid.UUID, list []string, most int) (protocol.AssistReply, error) {
	return protocol.AssistReply{Tags: list[:min(most, len(list))], By: "model"}, nil
}

func (e echo) Article(context.Context, uuid.UUID, uuid.UUID) (protocol.AssistReply, error) {
	return protocol.AssistReply{}, chat.Errorf(chat.CodeInvalid, "no agent has answered")
}

func TestAssist(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agent, viewer := w.hire("Ana", chat.RoleAgent), w.hire("Vera", chat.RoleViewer)
	at := func(use string) string { return "/conversations/" + uuid.NewString() + "/assist/" + use }
	if a := agent.do(http.MethodPost, at("suggest"), protocol.AssistRequest{}, nil); a.problem(t) != chat.CodeUnavailable {
		t.Errorf("without assistance: %s", a.Status)
	}
	w.g.o.Assist = echo{}
	for _, c := range []struct {
		use  string
		body protocol.AssistRequest
		want protocol.AssistReply
	}{
		{"suggest", protocol.AssistRequest{}, protocol.AssistReply{Text: "suggest", By: "rules"}},
		{"reword", protocol.AssistRequest{Text: "Hi", Manner: "kinder"}, protocol.AssistReply{Text: "kinder: Hi", By: "rules"}},
		{"translate", protocol.AssistRequest{Text: "Hi\x00", To: "de"}, protocol.AssistReply{Text: "de: Hi", By: "rules"}},
		{"summary", protocol.AssistRequest{}, protocol.AssistReply{Text: "summary", By: "rules"}},
		{"tags", protocol.AssistRequest{Tags: []string{"a", "b", "c", "d"}}, protocol.AssistReply{Tags: []string{"a", "b", "c"}, By: "model"}},
	} {
		var got protocol.AssistReply
		agent.ok(http.MethodPost, at(c.use), c.body, &got)
		if c.want.Tags == nil {
			c.want.Tags = []string{}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.use, diff)
		}
		if a := viewer.do(http.MethodPost, at(c.use), c.body, nil); a.problem(t) != chat.CodeForbidden {
			t.Errorf("%s by a viewer: %s", c.use, a.Status)
		}
	}
	if a := agent.do(http.MethodPost, at("article"), protocol.AssistRequest{}, nil); a.problem(t) != chat.CodeInvalid {
		t.Errorf("an error: %s", a.Status)
	}
	if a := agent.do(http.MethodPost, at("reword"), map[string]any{"text": 7}, nil); a.problem(t) != chat.CodeInvalid {
		t.Errorf("a wrong type: %s", a.Status)
	}
	if a := w.stranger().do(http.MethodPost, at("suggest"), protocol.AssistRequest{}, nil); a.problem(t) != chat.CodeUnauthorized {
		t.Errorf("by nobody: %s", a.Status)
	}
}
