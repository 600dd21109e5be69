package bot

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLanguageIn(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, spoken, want string }{
		{"Wo ist meine Bestellung geblieben?", "en-US", "de"},
		{"Wo ist meine Bestellung geblieben?", "de-AT", "de"},
		{"Where is my order?", "de", "en"},
		{"أين طلبي؟", "en", "ar"},
		{"注文はどこですか", "en", "ja"},
		// What many languages say, and what none does, tell nothing.
		{"ok", "de", ""}, {"Ok, thanks", "de", ""}, {"yes please", "fr", ""}, {"KK-20377", "de", ""}, {"Merci!", "de", ""}, {"123", "", ""},
		{"ann@example.com", "de", ""}, {"Bogen E2", "en", ""},
		// Neighbours: theirs is the one that they are taken to speak, as long as it has the words.
		{"Hvor er min pakke?", "da-DK", "da"}, {"Hvor er min pakke?", "nb-NO", "nb"},
		{"Die Erklärung von „Where is my order?“ verstehe ich nicht", "de", "de"},
	} {
		if got := LanguageIn(test.text, test.spoken); got != test.want {
			t.Errorf("%q of who speaks %q: %q, want %q", test.text, test.spoken, got, test.want)
		}
	}
}

// TestLanguages: nine in ten messages of each of these languages are known for
// foreign, and named rightly, short ones and ones with codes included.
func TestLanguages(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "languages", "*.txt"))
	if err != nil || len(files) < 12 {
		t.Fatalf("%d files in testdata/languages: %v", len(files), err)
	}
	all, found, named := 0, 0, 0
	for _, f := range files {
		want := strings.TrimSuffix(filepath.Base(f), ".txt")
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		n, missed := 0, []string{}
		for line := range strings.Lines(string(data)) {
			n++
			switch got := foreignTo([]string{english}, strings.TrimSpace(line), nil); got {
			case want:
				named++
				found++
			case "":
				missed = append(missed, line)
			default:
				found++
				t.Logf("%s: %s taken for %s", want, line, got)
			}
		}
		all += n
		if len(missed)*10 > n*2 {
			t.Errorf("%s: %d of %d taken for English: %q", want, len(missed), n, missed)
		} else if len(missed) > 0 {
			t.Logf("%s: taken for English: %q", want, missed)
		}
	}
	t.Logf("%d messages, %d known for foreign, %d named rightly", all, found, named)
	if found*10 < all*9 || named*10 < all*9 {
		t.Errorf("of %d messages only %d are known for foreign, %d named rightly", all, found, named)
	}
}
