package chat

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPersonName is how long a name may be that somebody gives: the longest that agents have, see protocol.
const maxPersonName = 80

// PersonName gives a name that somebody typed in the form to keep: on one line, without signs that nobody sees, and cut.
func PersonName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	runes := []rune(strings.Join(strings.Fields(s), " "))
	return strings.TrimSpace(string(runes[:min(len(runes), maxPersonName)]))
}

// CheckEmail gives the address in the form to keep. CodeInvalid says what is wrong with it.
func CheckEmail(s string) (string, error) {
	s = strings.TrimSpace(s)
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > 254 {
		return "", Errorf(CodeInvalid, "That is not a whole e-mail address. One looks like name@example.com.")
	}
	_, domain, _ := strings.Cut(s, "@")
	if dot := strings.LastIndexByte(domain, '.'); dot < 1 || len(domain)-dot < 3 || domain[0] == '[' {
		return "", Errorf(CodeInvalid, "That looks cut off. An address ends like “.de” or “.com”.")
	}
	return s, nil
}
