package prompt

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"frontdesk/chat"
)

// Voice is what instructions see: who speaks, how, and in which language.
// Nothing of it was written by a stranger.
type Voice struct {
	Name     string   // the bot's; "" if it has none
	Language string   // how to choose it, as a sentence
	Style    []string // what the inbox wants of the manner, a sentence each
	Manner   string   // of Reword: what to change, as a sentence; "" elsewhere
}

func (s Set) voice(name Name, v view) Voice {
	out := Voice{Name: oneLine(s.style.Name), Language: s.language(name, v.Locale), Manner: manners[v.manner]}
	out.Style = append(out.Style, tones[s.style.Tone])
	if a := addresses[s.style.Address]; a != "" {
		out.Style = append(out.Style, a)
	}
	if !slices.Contains([]Name{Reword, Translate}, name) { // they keep the length of what they are given
		out.Style = append(out.Style, lengths[s.style.Length])
	}
	out.Style = append(out.Style, emoji[s.style.Emoji])
	var off []string
	for _, o := range s.style.OffLimits {
		if o.Name != "" {
			off = append(off, oneLine(o.Name))
		}
	}
	if len(off) > 0 {
		out.Style = append(out.Style, "Stay out of these subjects: "+strings.Join(off, "; ")+".")
	}
	return out
}

// oneLine gives a name as it may stand in a sentence: it comes from a form.
func oneLine(name string) string {
	return strings.Join(strings.Fields(Defuse(name, maxName)), " ")
}

var tones = map[chat.Tone]string{
	"":              "Be plain and friendly, without flourish.",
	chat.TonePlain:  "Be plain and friendly, without flourish.",
	chat.ToneWarm:   "Be warm: show that you understand how the customer feels, in a few words.",
	chat.ToneFormal: "Be polite and formal. No contractions.",
	chat.ToneBrisk:  "Be brisk: come to the point at once, without small talk.",
}

var addresses = map[chat.Address]string{
	chat.AddressFormal:   `Where the language has two forms of "you", use the formal one ("Sie", "vous", "usted").`,
	chat.AddressInformal: `Where the language has two forms of "you", use the informal one ("du", "tu", "tú").`,
}

var lengths = map[chat.Length]string{
	"":                "Keep it short: 4 sentences at most, or the steps.",
	chat.LengthShort:  "Keep it short: 4 sentences at most, or the steps.",
	chat.LengthMedium: "Write 8 sentences at most, or the steps and what to know before.",
	chat.LengthLong:   "Say all that helps, in 15 sentences at most.",
}

var emoji = map[chat.Emoji]string{
	"":               "No emoji.",
	chat.EmojiNever:  "No emoji.",
	chat.EmojiRarely: "At most one emoji, and only where it is kind.",
}

// Manner is how Reword changes a text.
type Manner string

// The manners.
const (
	Shorter Manner = "shorter"
	Kinder  Manner = "kinder"
	Formal  Manner = "formal"
)

var manners = map[Manner]string{
	Shorter: "Make it shorter: keep every fact, drop what says nothing.",
	Kinder:  "Make it kinder: show understanding, soften what sounds blunt.",
	Formal:  "Make it formal: polite, complete sentences, no slang, no contractions.",
}

// language says which language to write in. locale is the customer's, "" if
// it is not known.
func (s Set) language(name Name, locale string) string {
	locale = asTag(locale)
	switch {
	case name == Translate:
		return fmt.Sprintf("Write in %s.", languageName(locale))
	case name == Reword || name == Rewrite:
		return "Keep the language of the text."
	case len(s.style.Languages) == 0 && locale == "":
		return "Write in the language of the customer's question."
	case len(s.style.Languages) == 0:
		return fmt.Sprintf("Write in the customer's language, %s.", languageName(locale))
	}
	return fmt.Sprintf("Write in %s, whatever language the question is in.", languageName(Language(s.style, locale)))
}

// Language gives the language to answer a customer in, as a BCP 47 tag: the
// customer's, or if the style allows only others, the first of them; "" if
// nothing is known.
func Language(style chat.Style, locale string) string {
	if len(style.Languages) == 0 {
		return locale
	}
	for _, tag := range style.Languages {
		if strings.EqualFold(tag, locale) {
			return tag
		}
	}
	for _, tag := range style.Languages {
		if strings.EqualFold(primary(tag), primary(locale)) {
			return tag
		}
	}
	return style.Languages[0]
}

func primary(tag string) string {
	p, _, _ := strings.Cut(tag, "-")
	return p
}

// languageName gives a language's English name with its tag: small models
// follow "German" better than "de". What is no tag says nothing: browsers send
// it, and so may strangers.
func languageName(tag string) string {
	if tag = asTag(tag); tag == "" {
		return "the language of the text"
	}
	name := languageNames[strings.ToLower(primary(tag))]
	switch {
	case name == "":
		return tag
	case strings.Contains(tag, "-"):
		return fmt.Sprintf("%s (%s)", name, tag)
	}
	return name
}

// asTag gives what of a locale is a language tag, "" if nothing is.
func asTag(locale string) string {
	if plainTag.MatchString(locale) {
		return locale
	}
	if p := primary(locale); plainTag.MatchString(p) {
		return p
	}
	return ""
}

// plainTag is a language with a script and a region: no room for words.
var plainTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?$`)

var languageNames = map[string]string{
	"ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
	"es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
	"hu": "Hungarian", "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian",
	"ms": "Malay", "mt": "Maltese", "nb": "Norwegian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
	"ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian",
	"ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}
