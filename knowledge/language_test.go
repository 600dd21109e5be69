package knowledge

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTermsIn(t *testing.T) {
	t.Parallel()
	tests := []struct {
		locale, text string
		want         []string
	}{
		{"de-AT", "Die Bestellungen für den Größenwechsel", []string{"bestell", "grossenwechsel"}},
		{"", "Wie kann ich die Bestellungen zurückgeben?", []string{"bestell", "zuruckgeb"}},
		{"fr", "L'eau d’Évian, où les machines?", []string{"eau", "evian", "machin"}},
		{"es", "¿Dónde están los pedidos?", []string{"ped"}},
		{"ru", "Где мои заказы", []string{"заказ"}},
		{"no", "Hvordan får jeg bestillingene", []string{"far", "bestilling"}},
		{"tlh", "The orders", []string{"the", "orders"}},
		{"", "The orders of the week", []string{"order", "week"}},
		{"", "Orders", []string{"order"}},
		{"hi", "कैसे करें", []string{"कैसे", "करें"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, TermsIn(tt.locale, tt.text)); diff != "" {
			t.Errorf("%s %q: %s", tt.locale, tt.text, diff)
		}
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"Where is my order?", "en"},
		{"wo ist meine bestellung geblieben", "de"},
		{"¿cuándo llega mi pedido y por qué no está aquí?", "es"},
		{"où est ma commande, je ne la trouve pas", "fr"},
		{"dov'è il mio ordine, non lo trovo e non so perché", "it"},
		{"где мой заказ и когда он будет", "ru"},
		{"UNO R4 WiFi", ""},
		{"Hon. Ann A. Davis, Hon. Bob B. Davis, Hon. Joe J. De Witt", ""},
		{"", ""},
	}
	for _, tt := range tests {
		got := ""
		if lang := detect(tt.text); lang != nil {
			got = lang.code
		}
		if got != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestSearchInSeveralLanguages: one index, articles in three languages, and
// questions with the right locale, the wrong one and none.
func TestSearchInSeveralLanguages(t *testing.T) {
	t.Parallel()
	in := func(locale string) func(*Input) { return func(in *Input) { in.Locale = locale } }
	x := NewIndex(NewSearcher(nil, 0)).With(Update{Documents: []Document{
		docOf("en", "Return an order", "Send the parcel back to us within 30 days.", in("en")),
		docOf("de", "Bestellungen zurückgeben", "Schicke das Paket binnen 30 Tagen an uns zurück.", in("de")),
		docOf("fr", "Retourner les commandes", "Renvoyez le colis dans les 30 jours.", in("fr")),
		docOf("ja", "返品について", "三十日以内に商品を返送してください。", in("ja")),
		docOf("shown", "Mahlwerke", "Wie du die Mahlwerke der Mühle mit dem Pinsel reinigst, ohne dass sie rosten."),
	}})
	tests := []struct{ text, locale, want string }{
		{"returning orders", "", "en"},
		{"Bestellung", "", "de"},
		{"eine Bestellung zurueckgeben", "", "de"},
		{"zurückgeben", "de-CH", "de"},
		{"wie kann ich eine bestellung zurückgeben", "en-US", "de"},
		{"l'envoi des commandes", "", "fr"},
		{"商品を返品", "", "ja"},
		{"mahlwerk", "", "shown"},
		{"how do I return an order", "fr", "en"},
	}
	for _, tt := range tests {
		r, err := x.Search(t.Context(), Query{Text: tt.text, Prefer: tt.locale})
		if err != nil {
			t.Fatal(err)
		}
		if got := ids(r); len(got) == 0 || got[0] != tt.want {
			t.Errorf("%q (%s): found %v, want %s first", tt.text, tt.locale, got, tt.want)
		}
	}
}

// TestStopWords: each list is in the language's own tokens, so that it is met.
func TestStopWords(t *testing.T) {
	t.Parallel()
	known, _ := tongues()
	for code := range stemmers {
		if known[code] == nil {
			t.Errorf("%s has a stemmer and no stop words", code)
		}
	}
	for code, lang := range known {
		for w := range lang.stop {
			var got []string
			scan(w, lang.elides, func(t *token) { got = append(got, t.whole()) })
			if !slices.Equal(got, []string{w}) {
				t.Errorf("%s: stop word %q is read as %v", code, w, got)
			}
		}
	}
}
