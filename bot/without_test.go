package bot

import (
	"testing"

	"frontdesk/chat"
)

func TestPartsCanBeLeftOut(t *testing.T) {
	t.Parallel()
	missing := Turn{Messages: []string{"what are the delivery costs to Norway?"}}
	if d := ask(t, newEngine(t, nil), missing); d.Action != chat.ActionHandoff {
		t.Fatalf("got %s", d.Action)
	}
	bold := newEngine(t, func(o *Options, _ *memory) { o.Without, o.Threshold = []Part{PartGuards}, 1e-9 })
	if d := ask(t, bold, missing); d.Reason == chat.ReasonValueMissing {
		t.Errorf("the guards were left out, and one of them decided: %s %q", d.Action, d.Text)
	}
}
