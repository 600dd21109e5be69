package knowledge

import (
	"strings"
	"testing"
)

func TestWordsIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ locale, text, want string }{
		{"en", "Parcels for the KK-20 cost 4.90 in Vienna", "Parcels cost +Vienna"},
		{"en", "my iPhone and a parcel. Kettle", "+iPhone parcel Kettle"},
		{"en", "WHERE IS MY PARCEL IN VIENNA", "PARCEL VIENNA"},
		{"de", "Das Paket kommt in einer Tüte", "Paket kommt Tüte"},
		{"en", "C++ and 10 R4 小包", ""},
	} {
		var got []string
		for _, w := range WordsIn(c.locale, c.text) {
			mark := ""
			if w.Capital {
				mark = "+"
			}
			got = append(got, mark+w.Text)
			if w.Term == "" || w.Capital && !w.Free {
				t.Errorf("%q: %+v", c.text, w)
			}
		}
		want := strings.ToLower(c.want)
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", c.text, strings.Join(got, " "), want)
		}
	}
}
