package main

import (
	"io"
	"testing"
	"time"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
	"frontdesk/knowledge"
)

// An import beside a node that embeds waits for it, and goes on where that node dies.
func TestImportWaitsForWhoEmbeds(t *testing.T) {
	t.Parallel()
	c := openTestCore(t, t.TempDir())
	in := protocol.ImportRequest{Source: "t", Articles: []knowledge.Input{{ExternalID: "a", Title: "Parking", Body: "There are four places behind the house."}}}
	if _, err := c.importArticles(t.Context(), c.workspace.ID, in); err != nil {
		t.Fatal(err)
	}
	key := "index:" + c.knowledgeStatus(c.workspace.ID).Model
	if _, err := c.store.AcquireLease(t.Context(), c.workspace.ID, key, "a node that dies", time.Now().Add(1500*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if err := (localInstallation{c}).ready(t.Context(), newProgress(io.Discard)); err != nil {
		t.Fatal(err)
	}
	if st := c.knowledgeStatus(c.workspace.ID); st.Pending > 0 || st.Vectors == 0 {
		t.Errorf("%+v, want a vector for each passage", st)
	}
	if _, err := c.store.AcquireLease(t.Context(), c.workspace.ID, key, "a node that dies", time.Now()); chat.CodeOf(err) != "" {
		t.Errorf("the lease was kept: %v", err)
	}
}
