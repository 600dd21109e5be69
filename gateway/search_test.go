package gateway

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/gateway/protocol"
)

func TestSearchAndTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin, agent := w.hire("ada", chat.RoleAdmin), w.hire("anna", chat.RoleAgent)
	p := w.join("")
	parcel, lamp := newID(), newID()
	p.say(parcel, "Where is the <b>parcel</b> KK-20418? It was promised for Monday.")
	p.say(lamp, "The lamp is broken.")

	find := func(q string) protocol.SearchList {
		t.Helper()
		var found protocol.SearchList
		agent.ok(http.MethodGet, "/search/conversations?q="+url.QueryEscape(q), nil, &found)
		return found
	}
	found := find("kk-20418 parc")
	if len(found.Data) != 1 || found.Data[0].ID != parcel || found.Data[0].Seq != 1 || found.Data[0].Log != chat.LogPublic {
		t.Fatalf("found %+v", found)
	}
	whole, marks := "", []string{}
	for _, piece := range found.Data[0].Excerpt {
		if whole += piece.Text; piece.Marked {
			marks = append(marks, piece.Text)
		}
	}
	if whole != "Where is the <b>parcel</b> KK-20418? It was promised for Monday." || strings.Join(marks, " ") != "parcel KK 20418" {
		t.Errorf("excerpt %q, marked %q", whole, marks)
	}
	if a := agent.do(http.MethodGet, "/search/conversations?q=%3F", nil, nil); a.problem(t) != chat.CodeInvalid {
		t.Errorf("no word: %s", a.Status)
	}

	var row protocol.ConversationRow
	agent.ok(http.MethodPut, "/conversations/"+lamp.String()+"/tags", protocol.TagsRequest{Tags: []string{"Broken", "VIP"}}, &row)
	if !slices.Equal(row.Tags, []string{"Broken", "VIP"}) || row.CustomerName == "" {
		t.Errorf("tagged %+v", row)
	}
	if found := find("vip"); len(found.Data) != 1 || found.Data[0].ID != lamp || found.Data[0].Log != "" {
		t.Errorf("by its tag: %+v", found)
	}
	var tags protocol.TagList
	agent.ok(http.MethodGet, "/tags", nil, &tags)
	id := func(i int) string { return "/tags/" + tags.Data[i].ID.String() }
	if a := agent.do(http.MethodPut, id(0), protocol.TagRequest{Name: "Damaged"}, nil); a.problem(t) != chat.CodeForbidden {
		t.Errorf("renamed by an agent: %s", a.Status)
	}
	admin.ok(http.MethodPut, id(0), protocol.TagRequest{Name: "Damaged"}, &tags)
	if a := admin.do(http.MethodPut, id(0), protocol.TagRequest{Name: "vip"}, nil); a.problem(t) != chat.CodeConflict {
		t.Errorf("a name that is taken: %s", a.Status)
	}
	damaged := tags.Data[0].ID
	admin.ok(http.MethodPost, id(1)+"/merge", protocol.TagMergeRequest{Into: damaged}, &tags)
	if len(tags.Data) != 1 || tags.Data[0] != (chat.Tag{ID: damaged, Name: "Damaged", Conversations: 1}) {
		t.Errorf("merged %+v", tags)
	}

	for query, want := range map[string][]uuid.UUID{
		"tag=" + damaged.String():         {lamp},
		"priority=normal&unanswered=true": {lamp, parcel},
		"priority=high":                   {},
		"waiting=30":                      {},
		"sort=waiting":                    {parcel, lamp},
		"language=fi":                     {},
		"ids=" + parcel.String() + "," + uuid.NewString():                              {parcel},
		"from=" + url.QueryEscape(w.clock.Now().Add(time.Minute).Format(time.RFC3339)): {},
	} {
		var page protocol.ConversationList
		agent.ok(http.MethodGet, "/conversations?view=all&"+query, nil, &page)
		got := []uuid.UUID{}
		for _, row := range page.Data {
			got = append(got, row.ID)
			if row.Place == "" {
				t.Errorf("%s: a row without a place", query)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	for _, query := range []string{"ids=odd", "priority=odd", "sort=odd", "from=odd", "tag=odd", "language=de-AT"} {
		if a := agent.do(http.MethodGet, "/conversations?view=all&"+query, nil, nil); a.problem(t) != chat.CodeInvalid {
			t.Errorf("%s: %s %s", query, a.Status, a.body)
		}
	}
	admin.ok(http.MethodDelete, "/tags/"+damaged.String(), nil, &tags)
	if a := agent.do(http.MethodGet, "/conversations?view=all&tag="+damaged.String(), nil, nil); a.problem(t) != chat.CodeNotFound {
		t.Errorf("a tag that is gone: %s", a.Status)
	}
}
