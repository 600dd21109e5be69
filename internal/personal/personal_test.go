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
	} {
		if got := Mask(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
