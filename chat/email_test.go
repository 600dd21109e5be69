package chat_test

import (
	"strings"
	"testing"

	"frontdesk/chat"
)

func TestCheckEmail(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"a@b.de", "  anna.kern@example.com ", "anna+chat@mail.example.co.uk", "o'brien@example.ie", "jörg@müller.de", "1@2.io"} {
		got, err := chat.CheckEmail(good)
		if err != nil || got != strings.TrimSpace(good) {
			t.Errorf("%q: %q, %v", good, got, err)
		}
	}
	for _, bad := range []string{
		"", " ", "anna", "anna@", "@example.com", "anna@example", "anna@example.", "anna@example.c", "a b@example.com",
		"anna@exam ple.com", "Anna <anna@example.com>", "anna@example.com, ben@example.com", "anna@example..com",
		"anna@example.com\nBcc: everyone@example.com", "anna@[127.0.0.1]", "<anna@example.com>",
		strings.Repeat("a", 250) + "@b.de", "anna@example.com\x00",
	} {
		if got, err := chat.CheckEmail(bad); chat.CodeOf(err) != chat.CodeInvalid {
			t.Errorf("%q was taken as %q (%v)", bad, got, err)
		}
	}
}
