// Package personal knows the shapes of personal data in a customer's words,
// so that it is masked before anything is searched, stored or logged.
package personal

import (
	"net/netip"
	"regexp"
	"strings"
)

var (
	cardNumber   = regexp.MustCompile(`\b(?:\d[ -]?){12,18}\d\b`)
	bankAccount  = regexp.MustCompile(`\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b`)
	passportLike = regexp.MustCompile(`(?i)\b(passport|id card|identity card|national id|id number|licen[cs]e|ssn|social security|insurance number|tax id|tax number)\b[^.?!]{0,20}?\b(?P<v>[A-Z0-9]*\d[A-Z0-9-]{4,})\b`)
)

// shape is one form of personal data. Its value is the group "v" of the
// expression, or all of it if there is none.
type shape struct {
	*regexp.Regexp
	kind string // of its placeholder in a Vault
	by   string // in a masked text, as regexp.ReplaceAllString reads it
}

// shapes are what is masked and by what, in this order: what looks like
// several is the first of them.
var shapes = []shape{
	{regexp.MustCompile(`(?i)\bhttps?://\S*[^\s.,;:!?'")\]}>]`), "LINK", "link"},
	{regexp.MustCompile(`[\pL\d._%+-]+@[\pL\d-]+(?:\.[\pL\d-]+)+`), "EMAIL", "e-mail address"},
	{bankAccount, "IBAN", "bank account"},
	{cardNumber, "CARD", "card number"},
	// A password may be any word, so it is one where it is handed over as such.
	{regexp.MustCompile(`(?i)\b(password|passwort|passphrase|pass ?code)( ?[:=] ?| is (?:["'“‘]))(?P<v>\S+)`), "SECRET", "$1"},
	{regexp.MustCompile(`(?i)\b(password|passwort|passphrase|pin|cvc|cvv|secret|token|api key|key)\b(\s*(?:is|:|=)?\s*)(?P<v>\S*\d\S*)`), "SECRET", "$1"},
	{regexp.MustCompile(`\b(?:sk|pk|rk|gh[pousr]|xox[abps]|glpat)[-_][A-Za-z0-9_-]{8,}|\b(?:AKIA|ASIA|AIza|eyJ)[A-Za-z0-9_-]{12,}[A-Za-z0-9._-]*`), "SECRET", "key"},
	{passportLike, "ID", "$1"},
	{regexp.MustCompile(`(?i)\b(born|birth|dob|geboren)\b([^.?!\d]{0,15})(?P<v>\d{1,2}\.?(?:st|nd|rd|th)? (?:of )?\pL{3,9}\.?,? \d{4})\b`), "DATE", "$1 date"},
	{regexp.MustCompile(`\b\d{1,2}[./-]\d{1,2}[./-]\d{4}\b|\b(?:19|20)\d\d-\d\d-\d\d\b`), "DATE", "date"},
	{regexp.MustCompile(`(?i)\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b`), "NETWORK", "network address"}, // of a network card
	// Streets: "12 Long Hill Road", "Lange Straße 12", "Hill Street 4"; then post codes of Britain and the USA.
	{regexp.MustCompile(`\b\d{1,5}[a-zA-Z]? (?:\p{Lu}[\pL'.-]* ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Square|Place|Way|Terrace|Close)\b`), "ADDRESS", "street"},
	{regexp.MustCompile(`\b(?:\p{Lu}[\pL'.-]* ){0,3}(?:\p{Lu}\pL*(?:straße|strasse|str\.|weg|platz|allee|gasse|straat|laan)|Straße|Street|Road|Avenue) \d{1,4}[a-z]?\b`), "ADDRESS", "street"},
	{regexp.MustCompile(`\b(?i:rue|via|calle|rua|avenue|avenida|ul\.) (?:\p{Lu}[\pL'.-]* ?|de |la |di |da ){1,4},? ?\d{1,4}\b|\b\d{1,4},? (?:rue|avenue|boulevard) (?:d\w* |la |l')*\p{Lu}[\pL'-]+`), "ADDRESS", "street"},
	{regexp.MustCompile(`\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\b[A-Z]{2} \d{5}(?:-\d{4})?\b`), "ADDRESS", "post code"},
	// A name is one where it is said to be.
	{regexp.MustCompile(`\b((?i:name(?:'s| is|:)?|i am|i'm|this is|regards,?|sincerely,?|(?:husband|wife|son|daughter|mother|father|sister|brother|partner|friend|colleague|assistant|account|order|behalf) of|mr\.?|mrs\.?|ms\.?|herr|frau)) (?P<v>\p{Lu}\p{Ll}+(?:[ -]\p{Lu}[\p{Ll}.]+){1,2})`), "NAME", "$1 somebody"},
	{regexp.MustCompile(`\b((?i:my name(?:'s| is|:)?|mr\.?|mrs\.?|ms\.|herr|frau)) (?P<v>\p{Lu}\p{Ll}+)`), "NAME", "$1 somebody"},
}

// numbers come last: of telephones, and addresses on the internet.
var numbers = regexp.MustCompile(`\+?\(?\d[\d ()/.-]{7,}\d|\b\d{1,3}(?:\.\d{1,3}){3}\b|(?i)\b[0-9a-f]{1,4}:[0-9a-f:]{4,}[0-9a-f]\b`)

// Mask replaces personal data by what kind of thing it was. What is masked
// already stays as it is.
func Mask(s string) string {
	for _, m := range shapes {
		s = m.ReplaceAllString(s, m.by)
	}
	return numbers.ReplaceAllStringFunc(s, maskNumber)
}

// shortAddress is the length below which four numbers are a version rather
// than somebody's address.
const shortAddress = len("1.10.20.3")

// What numbers are masked by.
const (
	byPhone   = "phone number"
	byNetwork = "network address"
)

// maskNumber masks a phone number, or an address on the internet. One of a
// home or company network ("192.168.4.1") says nothing about anybody, and
// articles hold it.
func maskNumber(s string) string {
	at, err := netip.ParseAddr(s)
	switch {
	case err != nil && strings.Contains(s, ":"): // a time
		return s
	case err != nil:
		return byPhone
	case at.IsPrivate() || at.IsLoopback() || at.IsUnspecified() || at.Is4() && len(s) < shortAddress:
		return s
	}
	return byNetwork
}

// HoldsNumber reports whether s gives a number that belongs to one person: of
// a card, a bank account or a passport.
func HoldsNumber(s string) bool {
	return cardNumber.MatchString(s) || bankAccount.MatchString(s) || passportLike.MatchString(s)
}
