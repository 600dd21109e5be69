package chat

import (
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// ReceiptSecret is the name of the workspace's secret that is the seed of the
// key with which receipts are signed.
const ReceiptSecret = "promise-receipts"

// receiptTime is the form of times on a receipt: UTC, microseconds.
const receiptTime = "2006-01-02T15:04:05.000000Z"

// Receipt gives the bytes that are signed, docs/promises.md describes them: one
// line a field, in this order, each ended by a line feed. No field holds one:
// see CheckPromise. They name nobody but who promised. The workspace is that of
// the key.
func (p Promise) Receipt() []byte {
	by := strings.TrimSpace(string(p.By.Kind) + " " + p.By.Name)
	return fmt.Appendf(nil, "frontdesk promise 1\nnumber: %s\nid: %s\nconversation: %s\nkind: %s\nby: %s\nmade: %s\ndue: %s\ntext: %s\n",
		p.Number, p.ID, p.Conversation, p.Kind, by, p.At.UTC().Format(receiptTime), p.Due.UTC().Format(receiptTime), p.Text)
}

// Sign gives p with its signature. seed is the workspace's secret ReceiptSecret.
func (p Promise) Sign(seed []byte) Promise {
	p.Signature = ed25519.Sign(ed25519.NewKeyFromSeed(seed), p.Receipt())
	return p
}

// Verify reports whether p's signature is that of key.
func (p Promise) Verify(key ed25519.PublicKey) bool {
	return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, p.Receipt(), p.Signature)
}

// ReceiptKey is the public key to a seed.
func ReceiptKey(seed []byte) ed25519.PublicKey {
	return ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
}

// maxPromiseText is how long the text of a promise may be, in bytes: two lines
// on a customer's card.
const maxPromiseText = 200

// CheckPromise gives p, which is to be recorded, in the form in which it is
// kept: one line of text, times in microseconds. CodeInvalid.
func CheckPromise(p Promise) (Promise, error) {
	p.Text, p.By.Name = oneLine(p.Text), oneLine(p.By.Name)
	p.Due = p.Due.UTC().Truncate(time.Microsecond)
	switch {
	case p.Kind != PromiseAnswer && p.Kind != PromiseOther:
		return p, Errorf(CodeInvalid, "There is no kind of promise %q.", p.Kind)
	case p.Text == "":
		return p, Errorf(CodeInvalid, "Say what is promised.")
	case len(p.Text) > maxPromiseText:
		return p, Errorf(CodeInvalid, "Say what is promised in %d characters or less.", maxPromiseText)
	case p.Due.IsZero():
		return p, Errorf(CodeInvalid, "A promise needs a time.")
	}
	return p, nil
}

// oneLine makes every run of white space and control characters one space.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r <= ' ' || r == 0x7f || r >= 0x80 && r <= 0xa0 || r == 0x2028 || r == 0x2029
	}), " ")
}

// digits are what a receipt's number is written in: Crockford's base 32, without
// the letters that are misread as digits or misheard.
const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// numberDigits is how many digits a number has beside its check digit: 2^35
// numbers, so that few are taken, and nobody finds one by trying.
const numberDigits = 7

// ReceiptNumber gives the number of the promise with that id: "FD-7F3K-20Q8". The
// last digit checks the others. Two ids may have the same; then it is the
// number at the next try that is used.
func ReceiptNumber(id uuid.UUID, try int) string {
	sum := sha256.Sum256(append(id[:], byte(try)))
	var number [numberDigits + 1]byte
	for i := range numberDigits {
		number[i] = digits[sum[i]%32]
	}
	number[numberDigits] = checkDigit(string(number[:numberDigits]))
	return fmt.Sprintf("FD-%s-%s", number[:4], number[4:])
}

// ParseReceiptNumber reads a number the way people write it: in small letters,
// without the dashes, with O for 0 and I or L for 1. CodeInvalid: there is a
// slip in it.
func ParseReceiptNumber(s string) (string, error) {
	number := strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(s))
	if len(number) > numberDigits+1 {
		number = strings.TrimPrefix(number, "FD")
	}
	if len(number) != numberDigits+1 || strings.Trim(number, digits) != "" || checkDigit(number[:numberDigits]) != number[numberDigits] {
		return "", Errorf(CodeInvalid, "%q is not the number of a receipt: it has a form like FD-7F3K-20Q8, and one of its characters is wrong or missing.", s)
	}
	return "FD-" + number[:4] + "-" + number[4:], nil
}

// checkDigit is Luhn's, for base 32: it finds every single wrong digit, and two
// that changed places but for 0 and Z.
func checkDigit(number string) byte {
	sum, factor := 0, 2
	for i := len(number) - 1; i >= 0; i-- {
		add := factor * strings.IndexByte(digits, number[i])
		factor = 3 - factor
		sum += add/32 + add%32
	}
	return digits[(32-sum%32)%32]
}
