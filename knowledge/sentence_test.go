package knowledge

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"frontdesk/chat"
)

func TestSentences(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"plain", "Open it. Close it! Why? Because.", []string{"Open it.", "Close it!", "Why?", "Because."}},
		{"decimals, versions, urls", "It costs 4.90 € at v1.8.19. See https://a.example/b.html now.", []string{"It costs 4.90 € at v1.8.19.", "See https://a.example/b.html now."}},
		{"abbreviations", "Use a cloth, e.g. Linen. Ask Mr. Korn. See Fig. 3 and No. 5.", []string{"Use a cloth, e.g. Linen.", "Ask Mr. Korn.", "See Fig. 3 and No. 5."}},
		{"no is also a word", "Can I? No. You cannot.", []string{"Can I?", "No.", "You cannot."}},
		{"initials", "Ada K. Lovelace wrote it. Take plan B. Then wait.", []string{"Ada K. Lovelace wrote it.", "Take plan B.", "Then wait."}},
		{"lower case goes on", "Wait approx. two days etc. and so on.", []string{"Wait approx. two days etc. and so on."}},
		{"closing quotes belong to it", `He said "Stop." Then "(wait!)" **Bold.** Next`, []string{`He said "Stop."`, `Then "(wait!)"`, "**Bold.**", "Next"}},
		{"ellipsis", "Well… Yes... No", []string{"Well…", "Yes...", "No"}},
		{"lists", "Do this:\n1. Open. Look.\n2. Close\n- end", []string{"Do this:", "1. Open.", "Look.", "2. Close", "- end"}},
		{"a single line end does not", "one\ntwo\n\nthree", []string{"one\ntwo", "three"}},
		{"wrapped lines do not", "This paragraph was wrapped\nby an editor where there\nwas no room for the next\nword of it. Then it ends.", []string{"This paragraph was wrapped\nby an editor where there\nwas no room for the next\nword of it.", "Then it ends."}},
		{"lines broken on purpose do", "how do i clean it\ncan i wash the burrs in the dishwasher\ncleaning\nwhat removes old oil\n\nwhere\nis it", []string{"how do i clean it", "can i wash the burrs in the dishwasher", "cleaning", "what removes old oil", "where\nis it"}},
		{"without spaces", "これは文。次の文！", []string{"これは文。", "次の文！"}},
		{"nothing", " \n ", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, s := range Sentences(tt.text) {
				got = append(got, tt.text[s.Start:s.End])
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPieces(t *testing.T) {
	t.Parallel()
	got := map[PieceKind][]string{}
	for _, p := range Pieces(sample, chat.Span{Start: 0, End: len(sample)}) {
		got[p.Kind] = append(got[p.Kind], p.Text)
	}
	want := map[PieceKind][]string{
		PieceHeading:  {"Care", "Clean the burrs", "What it costs"},
		PieceSentence: {"Coffee leaves oil on the burrs.", "Never use water."},
		PieceStep:     {"Turn the handle until nothing falls out.", "Unscrew the crown nut.", "It turns to the left.", "Brush both burrs."},
		PieceRow:      {"Burr | 29 €", "Nut | 4 €"},
		PieceCode:     {"korn --reset   # all settings"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzSentences(f *testing.F) {
	f.Add("One. Two e.g. three!\n\n- four…")
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, s := range Sentences(text) {
			if s.Start < at || s.End <= s.Start || s.End > len(text) {
				t.Fatalf("span %v after %d of %d", s, at, len(text))
			}
			checkBlank(t, text[at:s.Start])
			if utf8.ValidString(text) && !utf8.ValidString(text[s.Start:s.End]) {
				t.Fatalf("span %v cuts a letter", s)
			}
			at = s.End
		}
	})
}
