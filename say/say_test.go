package say

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/feature/plural"

	"frontdesk/chat"
)

func TestTablesSayTheSame(t *testing.T) {
	t.Parallel()
	all := load().all
	if len(all) != 12 || all[0].Tag() != "en" {
		t.Fatalf("%d languages, first %s", len(all), all[0].Tag())
	}
	for _, table := range all[1:] {
		for english := range all[1].words {
			if _, ok := table.words[english]; !ok {
				t.Errorf("%s does not say %q", table.Tag(), english)
			}
		}
		if len(table.words) != len(all[1].words) {
			t.Errorf("%s has %d sentences, %s has %d", table.Tag(), len(table.words), all[1].Tag(), len(all[1].words))
		}
	}
	for _, table := range all {
		if d := table.dates; len(d.Days) != 7 || len(d.Months) != 12 {
			t.Errorf("%s: days %v, months %v", table.Tag(), d.Days, d.Months)
		}
		for english, said := range table.words {
			checkForms(t, table, english, said)
		}
	}
}

// checkForms: every form of a sentence takes what the English one takes, and each plural form that the language needs is there.
func checkForms(t *testing.T, table *Table, english string, said forms) {
	t.Helper()
	want := verbs(english)
	for form, text := range said {
		if strings.TrimSpace(text) == "" {
			t.Errorf("%s: %q is empty", table.Tag(), english)
		}
		got := verbs(text)
		if len(said) > 1 { // a plural form may do without the number
			got = slices.DeleteFunc(got, func(v string) bool { return strings.HasSuffix(v, "d") })
			if w := slices.DeleteFunc(slices.Clone(want), func(v string) bool { return strings.HasSuffix(v, "d") }); !slices.Equal(got, w) {
				t.Errorf("%s, form %d: %q takes %v, not %v", table.Tag(), form, text, got, w)
			}
			continue
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q takes %v, not %v", table.Tag(), text, got, want)
		}
	}
	if len(said) == 1 {
		return
	}
	for n := range 2000 {
		if form := plural.Cardinal.MatchPlural(table.tag, n, 0, 0, 0, 0); said[form] == "" {
			t.Errorf("%s has no plural form %d, for %d: %q", table.Tag(), form, n, english)
			return
		}
	}
}

var verb = regexp.MustCompile(`%(?:\[(\d)\])?([a-z])`)

// verbs gives what a format takes, by the place of the argument: "1s", "2d".
func verbs(format string) []string {
	var out []string
	for i, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[1] == "" {
			m[1] = fmt.Sprint(i + 1)
		}
		out = append(out, m[1]+m[2])
	}
	slices.Sort(out)
	return out
}

// What the widget's tables say too, they say in the same words.
func TestSaysItAsTheWidgetDoes(t *testing.T) {
	t.Parallel()
	widget := func(tag string) map[string]any {
		data, err := os.ReadFile(filepath.Join("..", "widget", "src", "text", tag+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var words map[string]any
		if err := json.Unmarshal(data, &words); err != nil {
			t.Fatal(err)
		}
		return words
	}
	places := regexp.MustCompile(`\{\w+\}`)
	same := 0
	for _, table := range load().all[1:] {
		theirs := widget(table.Tag())
		for key, value := range widget("en") {
			words, ok := value.(string)
			if !ok {
				continue
			}
			named := places.FindAllString(words, -1)
			ours, ok := table.words[places.ReplaceAllString(words, "%s")]
			if !ok {
				continue
			}
			same++
			want := places.ReplaceAllStringFunc(theirs[key].(string), func(place string) string {
				if len(named) == 1 {
					return "%s"
				}
				return fmt.Sprintf("%%[%d]s", slices.Index(named, place)+1)
			})
			if got := indexed(ours[plural.Other], len(named)); got != want {
				t.Errorf("%s says %q, the widget %q", table.Tag(), got, want)
			}
		}
	}
	if same < 11*9 {
		t.Errorf("only %d sentences are the widget's too", same)
	}
}

// indexed numbers the verbs of a format that has several.
func indexed(format string, n int) string {
	if n < 2 || strings.Contains(format, "%[") {
		return format
	}
	i := 0
	return verb.ReplaceAllStringFunc(format, func(string) string { i++; return fmt.Sprintf("%%[%d]s", i) })
}

func TestIn(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ locale, want string }{
		{"de-AT", "de"}, {"pt-BR", "pt"}, {"zh-Hant-TW", "zh"}, {"ar-EG", "ar"}, {"en-US", "en"}, {"da", "en"}, {"", "en"}, {"no such thing", "en"},
	} {
		if got := In(test.locale).Tag(); got != test.want {
			t.Errorf("%q is spoken to in %s, not %s", test.locale, got, test.want)
		}
	}
	if !In("ar").RTL() || In("de").RTL() {
		t.Error("Arabic is written from the right, German is not")
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	if got := In("de").Text("Nobody has said %q in German.", "this"); got != `Nobody has said "this" in German.` {
		t.Error(got)
	}
	for _, test := range []struct {
		tag  string
		n    int
		want string
	}{
		{"en", 1, "for 1 day."}, {"en", 7, "for 7 days."}, {"pl", 2, "przez 2 dni."}, {"ar", 2, "لمدة يومين."}, {"ar", 7, "لمدة 7 أيام."}, {"ja", 1, "1日間"},
	} {
		got := In(test.tag).Text("The link opens this conversation and nothing else, on any device, for %d days. Whoever has it can read and write there: do not pass it on.", test.n)
		if !strings.Contains(got, test.want) {
			t.Errorf("%s, %d: %q", test.tag, test.n, got)
		}
	}
}

func TestWordsFromTheLeftStandApartInThoseFromTheRight(t *testing.T) {
	t.Parallel()
	if got, want := In("ar").Text("%s answered you", "Ana"), "أجابك \u2068Ana\u2069"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := In("ar").Text("New time: %s.", "7:00"), "الموعد الجديد: 7:00."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := In("de").Text("%s answered you", "Ana"), "Ana hat Ihnen geantwortet"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestError(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("gateway: %w", chat.Errorf(chat.CodeInvalid, "New time: %s.", "1"))
	if got := In("de").Error(err); got != "Neue Zeit: 1." {
		t.Error(got)
	}
	err = chat.Errorf(chat.CodeInvalid, "Only developers read %s.", "this")
	if got := In("de").Error(err); got != "Only developers read this." {
		t.Error(got)
	}
	if got, want := In("en").Error(chat.Errorf(chat.CodeInternal, "a secret")), chat.MessageOf(chat.Errorf(chat.CodeInternal, "a secret")); got != want {
		t.Error(got)
	}
}

func TestNotice(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return when.UTC()
	}
	now := at("2026-03-06 20:00")
	away := chat.Notice{Kind: chat.NoticeOffline, Opens: at("2026-03-09 09:00"), Promised: at("2026-03-09 11:00")}
	known := away
	known.Email = "a@b.de"
	for _, test := range []struct {
		tag, want string
		n         chat.Notice
	}{
		{"en", "Nobody is at the desk right now. Our team is back Monday, 9:00. Leave your e-mail and you have an answer by Monday, 11:00 CET.", away},
		{"en", "Nobody is at the desk right now. Our team is back Monday, 9:00. You have an answer by Monday, 11:00 CET, here and at a@b.de.", known},
		{"en", "Nobody is at the desk right now. Leave your e-mail and you have an answer by Monday, 11:00 CET.", chat.Notice{Kind: chat.NoticeOffline, Promised: at("2026-03-09 11:00")}},
		{"de", "Im Moment ist niemand da. Unser Team ist wieder da: Montag, 9:00. Hinterlassen Sie Ihre E-Mail-Adresse, dann haben Sie eine Antwort bis Montag, 11:00 CET.", away},
		{"ja", "ただいま対応できる担当者がおりません。担当者の対応再開は月曜日 9:00です。月曜日 11:00 CETまでに、こちらと a@b.de に回答いたします。", known},
		{"en", "You should have had an answer by today, 16:00, and it did not come. I'm sorry. New time: Monday, 11:00 CET.",
			chat.Notice{Kind: chat.NoticeOverdue, Was: at("2026-03-06 16:00"), Promised: at("2026-03-09 11:00")}},
		{"de", "Wir hatten „Refund“ bis gestern, 16:00 zugesagt und es nicht geschafft. Das tut mir leid. Neue Zeit: Montag, 11:00 CET. Jetzt kümmert sich Ana darum.",
			chat.Notice{Kind: chat.NoticeOverdue, Was: at("2026-03-05 16:00"), What: "Refund", Promised: at("2026-03-09 11:00"), Agent: "Ana"}},
		{"de", "Wir hatten Ihnen eine Antwort bis morgen, 9:00 CET zugesagt und schaffen es nicht. Das tut mir leid. Die Bank hat zu. Neue Zeit: Montag, 16. März, 11:00 CET.",
			chat.Notice{Kind: chat.NoticeOverdue, Was: at("2026-03-07 09:00"), Words: "Die Bank hat zu.", Promised: at("2026-03-16 11:00")}},
		{"en", "New time, as agreed: Monday, 11:00 CET.", chat.Notice{Kind: chat.NoticePromise, Was: now, Promised: at("2026-03-09 11:00"), Email: "a@b.de"}},
		{"en", "You have our word: an answer by Monday, 11:00 CET, to a@b.de.", chat.Notice{Kind: chat.NoticePromise, Promised: at("2026-03-09 11:00"), Email: "a@b.de"}},
		{"de", "", chat.Notice{Kind: chat.NoticeOverdue, Promised: now}}, // of an earlier version, which the log has in words alone
	} {
		if got := In(test.tag).Notice(test.n, now, berlin); got != test.want {
			t.Errorf("%s:\ngot  %q\nwant %q", test.tag, got, test.want)
		}
	}
	if got := In("tr").Date(now); got != "6 Mart 2026 Cuma" {
		t.Error(got)
	}
}
