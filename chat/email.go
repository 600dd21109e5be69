package chat

import (
	"net/mail"
	"strings"
)

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
