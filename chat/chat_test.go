package chat_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"frontdesk/chat"
)

func TestErrors(t *testing.T) {
	t.Parallel()
	stale := chat.Errorf(chat.CodeStale, "read it again: %w", io.EOF)
	for _, c := range []struct {
		name string
		err  error
		code chat.Code
		says string // what a user may see
	}{
		{"none", nil, "", ""},
		{"ours", stale, chat.CodeStale, "read it again"},
		{"wrapped", fmt.Errorf("sqlite: append: %w", stale), chat.CodeStale, "read it again"},
		{"foreign", errors.New("password is hunter2"), chat.CodeInternal, "fault on our side"},
		{"internal", chat.Errorf(chat.CodeInternal, "table users is gone"), chat.CodeInternal, "fault on our side"},
	} {
		if got := chat.CodeOf(c.err); got != c.code {
			t.Errorf("%s: code %q, want %q", c.name, got, c.code)
		}
		if c.err == nil {
			continue
		}
		if got := chat.MessageOf(c.err); !strings.Contains(got, c.says) || strings.Contains(got, "hunter2") || strings.Contains(got, "table users") {
			t.Errorf("%s: message %q, want one with %q and nothing inner", c.name, got, c.says)
		}
	}
	if !errors.Is(stale, io.EOF) {
		t.Error("the cause is lost")
	}
	if got := stale.Error(); strings.Count(got, "EOF") != 1 {
		t.Errorf("the cause stands once in %q", got)
	}
	if got := (&chat.Error{Code: chat.CodeStale, Message: "read it again", Err: io.EOF}).Error(); got != "read it again (EOF)" {
		t.Errorf("got %q", got)
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	all := []chat.Role{chat.RoleOwner, chat.RoleAdmin, chat.RoleAgent, chat.RoleEditor, chat.RoleViewer}
	may := map[chat.Role]string{ // in the order of all
		chat.RoleOwner: "yyyyy", chat.RoleAdmin: "nyyyy", chat.RoleAgent: "nnyny",
		chat.RoleEditor: "nnnyy", chat.RoleViewer: "nnnny", "stranger": "nnnnn", "": "nnnnn",
	}
	for role, want := range may {
		for i, need := range all {
			if got := role.Can(need); got != (want[i] == 'y') {
				t.Errorf("%q can what %q may: %v", role, need, got)
			}
		}
	}
}

func TestUnanswered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		customer, answered int64
		want               bool
	}{{0, 0, false}, {3, 0, true}, {3, 3, false}, {5, 3, true}} {
		if got := (chat.Conversation{CustomerSeq: c.customer, AnsweredSeq: c.answered}).Unanswered(); got != c.want {
			t.Errorf("customer %d, answered %d: %v", c.customer, c.answered, got)
		}
	}
}
