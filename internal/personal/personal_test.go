package personal

import "testing"

func TestMask(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"my card 4111 1111 1111 1111 fails":           "my card card number fails",
		"IBAN DE89370400440532013000 please":          "IBAN bank account please",
		"write to jo.brandt@posteo.example now":       "write to e-mail address now",
		"call +49 40 123 456 78":                      "call phone number",
		"password Sommer2024! is wrong":               "password is wrong",
		"see https://evil.example/x?y=1 please":       "see link please",
		"passport no C01X00T47":                       "passport",
		"born 12.03.1988":                             "born date",
		"error 0x80070057 on COM3":                    "error 0x80070057 on COM3",
		"the 64 takes 250 g in 30 s, model M2-Pro 15": "the 64 takes 250 g in 30 s, model M2-Pro 15",
		"order KK-20377 of 3 November":                "order KK-20377 of 3 November",
		"my password: correcthorse and now":           "my password and now",
		`the password is "opensesame"`:                "the password",
		"I forgot my password, is it safe":            "I forgot my password, is it safe",
		"the key sk-abcDEF0123456789xyz leaked":       "the key leaked",
		"use ghp_abcdefghijklmnop please":             "use key please",
		"AKIAIOSFODNN7EXAMPLE is ours":                "key is ours",
		"I was born on 3rd of March 1988":             "I was born date",
		"since 2024-05-17 it fails":                   "since date it fails",
		"from 203.0.113.77 I get an error":            "from network address I get an error",
		"open 192.168.4.1 in the browser":             "open 192.168.4.1 in the browser",
		"version 1.8.5.2 fails":                       "version 1.8.5.2 fails",
		"2001:db8::8a2e:370:7334 is blocked":          "network address is blocked",
		"at 12:30:45 it rang":                         "at 12:30:45 it rang",
		"card 00:1A:2b:3c:4d:5e not found":            "card network address not found",
		"at 12 Long Hill Road it rang":                "at street it rang",
		"to Hauptstraße 12a please":                   "to street please",
		"change it to Hill Street 4":                  "change it to street",
		"I live in 14 rue de Rivoli":                  "I live in street",
		"post code SW1A 1AA":                          "post code post code",
		"I'm the brother of Jan Holm":                 "I'm the brother of somebody",
		"my name is Ada, hello":                       "my name is somebody, hello",
		"Mr. Holm ordered it":                         "Mr. somebody ordered it",
		"is the name of the button Save":              "is the name of the button Save",
		"the room on Main Street is full":             "the room on Main Street is full",
		"national id 8001015009087":                   "national id card number",
		"tax id DE811907980 is missing":               "tax id is missing",
	} {
		if got := Mask(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// FuzzMask: what is masked stays masked, and no number of a card is left.
func FuzzMask(f *testing.F) {
	for _, s := range []string{"", "card 4111 1111 1111 1111", "a@b.c", "name is Jo Brandt", "key: 1", "+49 (40) 123-456", "\xff 1.2.3.4"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if once := Mask(s); cardNumber.MatchString(once) {
			t.Errorf("%q became %q", s, once)
		}
	})
}
