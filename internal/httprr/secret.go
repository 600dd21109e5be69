package httprr

import (
	"fmt"
	"math"
	"regexp"
	"strings"
)

// shapes are what keys and the like look like, and what they are.
var shapes = []struct {
	what  string
	shape *regexp.Regexp
}{
	{"an API key", regexp.MustCompile(`\b(?:sk|pk|rk|gsk|hf|xai|gh[pousr]|xox[abps]|glpat|npm|pypi)[-_][A-Za-z0-9_-]{8,}`)},
	{"a cloud key", regexp.MustCompile(`\b(?:AKIA|ASIA|AIza)[A-Za-z0-9_-]{12,}`)},
	{"a token", regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}\.?`)},
	{"an authorization", regexp.MustCompile(`(?i)\b(?:bearer|basic)\s+[A-Za-z0-9+/_.=-]{8,}`)},
	{"a header", regexp.MustCompile(`(?im)^\s*(?:set-cookie|cookie|authorization|api-key|x-api-key|openai-organization|openai-project)\s*:`)},
	{"an organisation", regexp.MustCompile(`\b(?:org|proj)-[A-Za-z0-9]{8,}`)},
	{"a private key", regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----`)},
	{"a password", regexp.MustCompile(`(?i)["']?(?:password|passwd|secret|api_?key|access_?token)["']?\s*[:=]\s*["'][^"']{6,}["']`)},
	{"credentials in a URL", regexp.MustCompile(`\b[a-z][a-z0-9+.-]*://[^\s/@:]+:[^\s/@]+@`)},
	{"an e-mail address", regexp.MustCompile(`[\pL\d._%+-]+@[\pL\d-]+(?:\.[\pL\d-]+)+`)},
	{"a number as of a card", regexp.MustCompile(`\b(?:\d[ -]?){12,18}\d\b`)},
}

// What looks drawn at random: at least this long, of letters and digits mixed,
// with at least this many bits a character. Words and snake_case_names stay
// below 4; 20 random characters of base64 have about 4.2, 32 hexadecimal ones
// about 3.6, so those are a case of their own.
const (
	randomLength = 20
	randomBits   = 4.0
	hexLength    = 32
	hexBits      = 3.2
)

var (
	word    = regexp.MustCompile(`[A-Za-z0-9+/_=-]{20,}`)
	onlyHex = regexp.MustCompile(`^[0-9a-f]+$|^[0-9A-F]+$`)
	// hashed is the one long number that recordings hold of themselves.
	hashed = regexp.MustCompile(`\d+ bytes, sha256 [0-9a-f]{64}`)
)

// Secrets says what in a text looks like a secret or personal data: what kind
// of thing, and its beginning. None: nil.
func Secrets(text string) []string {
	text = hashed.ReplaceAllString(text, "")
	var out []string
	for _, s := range shapes {
		for _, found := range s.shape.FindAllString(text, -1) {
			out = append(out, fmt.Sprintf("%s (%s)", s.what, shortened(found)))
		}
	}
	for _, w := range word.FindAllString(text, -1) {
		if random(w) {
			out = append(out, fmt.Sprintf("what looks drawn at random (%s)", shortened(w)))
		}
	}
	return out
}

// shortened is enough of a secret to find it, and not enough to use it.
func shortened(s string) string {
	s = strings.TrimSpace(s)
	return s[:min(len(s), 8)] + "…"
}

func random(s string) bool {
	if onlyHex.MatchString(s) {
		return len(s) >= hexLength && entropy(s) >= hexBits
	}
	mixed := strings.ContainsAny(s, "0123456789") && strings.ContainsFunc(s, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' })
	return mixed && len(s) >= randomLength && entropy(s) >= randomBits
}

// entropy gives the bits a character of s, by how often it uses each.
func entropy(s string) float64 {
	var count [256]float64
	for i := range len(s) {
		count[s[i]]++
	}
	bits := 0.0
	for _, n := range count {
		if n > 0 {
			p := n / float64(len(s))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}
