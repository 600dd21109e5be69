package chat

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// TestReceiptVector holds the code to the test vector that others read in
// docs/promises.md.
func TestReceiptVector(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../docs/promises.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(doc), "```\nfrontdesk promise 1\n")
	block, _, _ := strings.Cut(after, "```")
	want := "frontdesk promise 1\n" + block
	row := func(name string) string {
		t.Helper()
		m := regexp.MustCompile(`\| ` + name + ` \| .([A-Za-z0-9+/=]+). \|`).FindStringSubmatch(string(doc))
		if m == nil {
			t.Fatalf("the document has no %s", name)
		}
		return m[1]
	}
	seed, err := hex.DecodeString(row("seed"))
	if err != nil {
		t.Fatal(err)
	}
	p := Promise{ID: uuid.MustParse("0190a6e2-7c00-7000-8000-000000000001"), Conversation: uuid.MustParse("0190a6e2-0000-7000-8000-000000000002"),
		Kind: PromiseOther, Text: "Refund of 49.00 € to your card", By: Sender{Kind: PartyAgent, Name: "Mira Holm"},
		At: time.Date(2026, 11, 22, 10, 30, 0, 123456000, time.UTC), Due: time.Date(2026, 11, 27, 16, 0, 0, 0, time.UTC)}
	p.Number = ReceiptNumber(p.ID, 0)
	p = p.Sign(seed)
	if got := string(p.Receipt()); got != want {
		t.Errorf("receipt:\n%s\nwant:\n%s", got, want)
	}
	if got := base64.StdEncoding.EncodeToString(p.Signature); got != row("signature, base64") {
		t.Errorf("signature %s", got)
	}
	if got := base64.StdEncoding.EncodeToString(ReceiptKey(seed)); got != row("public key, base64") {
		t.Errorf("key %s", got)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	seed := bytes.Repeat([]byte{7}, 32)
	p := Promise{ID: uuid.New(), Number: "FD-0000-0000", Kind: PromiseAnswer, Text: "An answer", By: Sender{Kind: PartySystem}, Due: time.Now(), At: time.Now()}.Sign(seed)
	if !p.Verify(ReceiptKey(seed)) || !p.Copy().Verify(ReceiptKey(seed)) {
		t.Error("a receipt and the customer's copy of it must verify")
	}
	for what, change := range map[string]func(*Promise){
		"due": func(p *Promise) { p.Due = p.Due.Add(time.Microsecond) }, "text": func(p *Promise) { p.Text += "." },
		"number": func(p *Promise) { p.Number = "FD-0000-0001" }, "by": func(p *Promise) { p.By.Name = "x" },
		"signature": func(p *Promise) { p.Signature = nil },
	} {
		forged := p
		change(&forged)
		if forged.Verify(ReceiptKey(seed)) {
			t.Errorf("%s was changed, and it verifies", what)
		}
	}
	if p.Verify(ReceiptKey(make([]byte, 32))) || p.Verify(nil) {
		t.Error("it verifies with another key")
	}
}

func TestReceiptNumber(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		id := uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(r, "id"))
		number := ReceiptNumber(id, 0)
		if ReceiptNumber(id, 1) == number {
			r.Fatalf("the second try gives %s again", number)
		}
		plain := strings.ReplaceAll(strings.ToLower(number), "-", "")
		for _, written := range []string{number, plain, strings.TrimPrefix(plain, "fd"), " " + strings.ReplaceAll(number, "-", " "),
			strings.ReplaceAll(strings.ReplaceAll(number, "0", "O"), "1", "l")} {
			if got, err := ParseReceiptNumber(written); err != nil || got != number {
				r.Fatalf("%q read as %q, %v", written, got, err)
			}
		}
		// A single slip is found.
		at := rapid.IntRange(3, 11).Draw(r, "at")
		if number[at] == '-' {
			return
		}
		slip := []byte(number)
		slip[at] = digits[(strings.IndexByte(digits, slip[at])+rapid.IntRange(1, 31).Draw(r, "by"))%32]
		if got, err := ParseReceiptNumber(string(slip)); err == nil {
			r.Fatalf("%s was read as %s", slip, got)
		}
	})
	for _, s := range []string{"", "FD-", "FD-7F3K-20Q", "FD-UUUU-UUUU", "FD-7F3K-20Q88"} {
		if _, err := ParseReceiptNumber(s); CodeOf(err) != CodeInvalid {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestActAt(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		p    Promise
		want time.Time
	}{
		{Promise{State: PromiseOpen, At: at, Due: at.Add(24 * time.Hour)}, at.Add(23 * time.Hour)},
		{Promise{State: PromiseOpen, At: at, Due: at.Add(2 * time.Hour)}, at.Add(90 * time.Minute)},
		{Promise{State: PromiseOpen, At: at, Due: at.Add(2 * time.Hour), RaisedAt: at}, at.Add(2 * time.Hour)},
		{Promise{State: PromiseBroken, At: at, SettledAt: at.Add(time.Hour)}, at.Add(time.Hour)},
		{Promise{State: PromiseBroken, At: at, SettledAt: at.Add(time.Hour), ToldAt: at}, time.Time{}},
		{Promise{State: PromiseKept, At: at, Due: at}, time.Time{}},
	} {
		if got := c.p.ActAt(); !got.Equal(c.want) {
			t.Errorf("%+v: %v, want %v", c.p, got, c.want)
		}
	}
}
