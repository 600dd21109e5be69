package chat

import (
	"strings"
	"testing"
)

func TestSavedViewIsChecked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		v    SavedView
		want Code
	}{
		"plain":       {SavedView{Name: "German", View: ViewAll, Query: "language=de&sort=waiting"}, ""},
		"as it is":    {SavedView{Name: "ä", View: ViewQueue}, ""},
		"no name":     {SavedView{Name: " ", View: ViewAll}, CodeInvalid},
		"a long name": {SavedView{Name: strings.Repeat("x", maxViewName+1), View: ViewAll}, CodeInvalid},
		"no view":     {SavedView{Name: "x"}, CodeInvalid},
		"other view":  {SavedView{Name: "x", View: "inbox"}, CodeInvalid},
		"other order": {SavedView{Name: "x", View: ViewAll, Query: "sort=waiting&language=de"}, CodeInvalid},
		"other name":  {SavedView{Name: "x", View: ViewAll, Query: "q=secret"}, CodeInvalid},
		"twice":       {SavedView{Name: "x", View: ViewAll, Query: "tag=a&tag=b"}, CodeInvalid},
		"empty":       {SavedView{Name: "x", View: ViewAll, Query: "tag="}, CodeInvalid},
		"no query":    {SavedView{Name: "x", View: ViewAll, Query: "tag=%zz"}, CodeInvalid},
		"long":        {SavedView{Name: "x", View: ViewAll, Query: "tag=" + strings.Repeat("x", maxViewQuery)}, CodeInvalid},
	} {
		if got := CodeOf(c.v.Check()); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
