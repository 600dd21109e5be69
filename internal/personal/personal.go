// Package personal knows the shapes of personal data in a customer's words,
// so that it is masked before anything is searched, stored or logged.
package personal

import "regexp"

var (
	cardNumber   = regexp.MustCompile(`\b(?:\d[ -]?){12,18}\d\b`)
	bankAccount  = regexp.MustCompile(`\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b`)
	mailAddress  = regexp.MustCompile(`[\pL\d._%+-]+@[\pL\d-]+(?:\.[\pL\d-]+)+`)
	webAddress   = regexp.MustCompile(`(?i)\bhttps?://\S+`)
	phoneNumber  = regexp.MustCompile(`\+?\(?\d[\d ()/.-]{7,}\d`)
	secretValue  = regexp.MustCompile(`(?i)\b(password|passwort|pin|cvc|cvv|secret|token|api key|key)\b(\s*(?:is|:|=)?\s*)(\S*\d\S*)`)
	passportLike = regexp.MustCompile(`(?i)\b(passport|id card|licen[cs]e|ssn|social security)\b[^.?!]{0,20}?\b([A-Z0-9]*\d[A-Z0-9-]{4,})\b`)
	birthDate    = regexp.MustCompile(`\b\d{1,2}[./-]\d{1,2}[./-]\d{4}\b`)
)

// Mask replaces personal data by what kind of thing it was. What is masked
// already stays as it is.
func Mask(s string) string {
	s = webAddress.ReplaceAllString(s, "link")
	s = mailAddress.ReplaceAllString(s, "e-mail address")
	s = bankAccount.ReplaceAllString(s, "bank account")
	s = cardNumber.ReplaceAllString(s, "card number")
	s = secretValue.ReplaceAllString(s, "$1")
	s = passportLike.ReplaceAllString(s, "$1")
	s = birthDate.ReplaceAllString(s, "date")
	s = phoneNumber.ReplaceAllString(s, "phone number")
	return s
}

// HoldsNumber reports whether s gives a number that belongs to one person: of
// a card, a bank account or a passport.
func HoldsNumber(s string) bool {
	return cardNumber.MatchString(s) || bankAccount.MatchString(s) || passportLike.MatchString(s)
}
