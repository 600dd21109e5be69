package chat

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Style is how the bot of an inbox speaks when a language model words what it
// says, and what it does not speak about, model or not. The zero Style is the
// house's own: plain, short, in the customer's language, without emoji.
type Style struct {
	Name      string      `json:"name"`      // the bot's; "" leaves it without one
	Tone      Tone        `json:"tone"`      // "" means TonePlain
	Address   Address     `json:"address"`   // "" leaves it to the language
	Languages []string    `json:"languages"` // BCP 47: what it answers in; none means the customer's
	Length    Length      `json:"length"`    // "" means LengthShort
	Emoji     Emoji       `json:"emoji"`     // "" means EmojiNever
	SignOff   string      `json:"sign_off"`  // the last line of an answer; "" means none
	OffLimits []OffLimits `json:"off_limits"`
}

// Tone is the manner of speaking.
type Tone string

// The tones.
const (
	TonePlain  Tone = "plain"
	ToneWarm   Tone = "warm"
	ToneFormal Tone = "formal"
	ToneBrisk  Tone = "brisk"
)

// Address is the form of "you" in languages that have two.
type Address string

// The forms of address.
const (
	AddressFormal   Address = "formal"   // Sie, vous, usted
	AddressInformal Address = "informal" // du, tu, tú
)

// Length is how much is said.
type Length string

// The lengths.
const (
	LengthShort  Length = "short"
	LengthMedium Length = "medium"
	LengthLong   Length = "long"
)

// Emoji is whether there are any.
type Emoji string

// The rules for emoji.
const (
	EmojiNever  Emoji = "never"
	EmojiRarely Emoji = "rarely"
)

// OffLimits is a subject that the bot stays out of, known by words and phrases
// that stand in a message. With an Answer that is what it says; without one
// the customer gets a person.
type OffLimits struct {
	Name    string   `json:"name"` // for the staff, and in the log
	Phrases []string `json:"phrases"`
	Answer  string   `json:"answer"`
}

// The bounds of a Style. They keep a prompt small and a guard fast.
const (
	maxStyleName    = 40
	maxSignOff      = 200
	maxLanguages    = 20
	maxOffLimits    = 50
	maxPhrases      = 50
	maxPhrase       = 80
	minPhrase       = 3
	maxFixedAnswer  = 1000
	maxOffLimitName = 80
)

// languageTag is the form of a language tag (BCP 47): it is looked up nowhere.
var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)

// Check gives the first thing about a Style that cannot be, with CodeInvalid.
func (s Style) Check() error {
	switch {
	case utf8.RuneCountInString(s.Name) > maxStyleName:
		return Errorf(CodeInvalid, "The bot's name is longer than %d characters.", maxStyleName)
	case utf8.RuneCountInString(s.SignOff) > maxSignOff:
		return Errorf(CodeInvalid, "The sign-off is longer than %d characters.", maxSignOff)
	case !oneOf(s.Tone, TonePlain, ToneWarm, ToneFormal, ToneBrisk):
		return Errorf(CodeInvalid, "There is no tone %q.", s.Tone)
	case !oneOf(s.Address, AddressFormal, AddressInformal):
		return Errorf(CodeInvalid, "There is no form of address %q.", s.Address)
	case !oneOf(s.Length, LengthShort, LengthMedium, LengthLong):
		return Errorf(CodeInvalid, "There is no length %q.", s.Length)
	case !oneOf(s.Emoji, EmojiNever, EmojiRarely):
		return Errorf(CodeInvalid, "There is no rule for emoji %q.", s.Emoji)
	case len(s.Languages) > maxLanguages:
		return Errorf(CodeInvalid, "There are more than %d languages.", maxLanguages)
	case len(s.OffLimits) > maxOffLimits:
		return Errorf(CodeInvalid, "There are more than %d subjects that are off limits.", maxOffLimits)
	}
	for _, tag := range s.Languages {
		if !languageTag.MatchString(tag) {
			return Errorf(CodeInvalid, "%q is no language tag: write one like \"en\" or \"de-CH\".", tag)
		}
	}
	for i, o := range s.OffLimits {
		if err := o.check(i); err != nil {
			return err
		}
	}
	return nil
}

func (o OffLimits) check(i int) error {
	name := fmt.Sprintf("Subject %d", i+1)
	if o.Name != "" {
		name = fmt.Sprintf("Subject %q", o.Name)
	}
	switch {
	case utf8.RuneCountInString(o.Name) > maxOffLimitName:
		return Errorf(CodeInvalid, "The name of subject %d is longer than %d characters.", i+1, maxOffLimitName)
	case len(o.Phrases) == 0:
		return Errorf(CodeInvalid, "%s has no words: nothing would ever be about it.", name)
	case len(o.Phrases) > maxPhrases:
		return Errorf(CodeInvalid, "%s has more than %d phrases.", name, maxPhrases)
	case utf8.RuneCountInString(o.Answer) > maxFixedAnswer:
		return Errorf(CodeInvalid, "%s: its answer is longer than %d characters.", name, maxFixedAnswer)
	}
	for _, p := range o.Phrases {
		if n := utf8.RuneCountInString(strings.TrimSpace(p)); n < minPhrase || n > maxPhrase {
			return Errorf(CodeInvalid, "%s: a phrase has %d to %d characters, %q has not.", name, minPhrase, maxPhrase, p)
		}
	}
	return nil
}

// oneOf reports whether v is the zero value or one of all.
func oneOf[T ~string](v T, all ...T) bool { return v == "" || slices.Contains(all, v) }
