package knowledge

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"frontdesk/chat"
)

// Prepare makes an Input ready for the store: it cleans the texts (line ends,
// byte order marks, NUL, what is not UTF-8), fills in the defaults (public,
// published), cuts the body into chunks and takes the hash. It is pure: the
// same Input always gives the same Put.
func Prepare(in Input) Put {
	in.Source, in.ExternalID = oneLine(in.Source), oneLine(in.ExternalID)
	in.Title, in.URL, in.Locale = oneLine(in.Title), oneLine(in.URL), oneLine(in.Locale)
	in.Body = strings.TrimRight(strings.TrimLeft(cleanText(in.Body), "\n"), " \t\n") // leading spaces may be code
	in.Tags = cleanTags(in.Tags)
	in.Phrasings = cleanPhrasings(in.Phrasings)
	if in.Visibility == "" {
		in.Visibility = Public
	}
	if in.Status == "" {
		in.Status = StatusPublished
	}
	return Put{Input: in, Hash: hashOf(in), Chunks: Chunks(in.Title, in.Body)}
}

// Check reports, as CodeInvalid and in words for its author, what makes an
// Input no article: no source or id, neither title nor body, a visibility or
// status that is none, or too many or too long phrasings.
func (in Input) Check() error {
	switch {
	case strings.TrimSpace(in.Source) == "" || strings.TrimSpace(in.ExternalID) == "":
		return chat.Errorf(chat.CodeInvalid, "The article %q has no source or no id. Give it both.", in.Title)
	case strings.TrimSpace(in.Title) == "" && strings.TrimSpace(in.Body) == "":
		return chat.Errorf(chat.CodeInvalid, "The article %q is empty. Give it a title and a text.", in.ExternalID)
	case !slices.Contains([]Visibility{"", Public, Internal}, in.Visibility):
		return chat.Errorf(chat.CodeInvalid, "The article %q has the visibility %q. Use public or internal.", in.ExternalID, in.Visibility)
	case !slices.Contains([]Status{"", StatusDraft, StatusPublished, StatusArchived}, in.Status):
		return chat.Errorf(chat.CodeInvalid, "The article %q has the status %q. Use draft, published or archived.", in.ExternalID, in.Status)
	}
	if wrong := checkPhrasings(in.Phrasings); wrong != "" {
		return chat.Errorf(chat.CodeInvalid, "The article %q %s.", in.ExternalID, wrong)
	}
	return nil
}

// chunkerVersion is the version of how articles are cut. Raise it when the same Input
// is cut otherwise than before: then the next import stores the chunks anew.
const chunkerVersion = 2

// hashOf hashes everything in an Input, by its JSON form (field order is fixed,
// and every field is there), and the version of the chunker.
func hashOf(in Input) [sha256.Size]byte {
	data, err := json.Marshal(struct {
		Input
		Chunker int
	}{in, chunkerVersion})
	if err != nil { // strings and lists of strings always have a JSON form
		panic(fmt.Sprintf("knowledge: hash an input: %v", err))
	}
	return sha256.Sum256(data)
}

// cleanText gives s with line feeds only, without byte order mark and NUL, in UTF-8.
func cleanText(s string) string {
	s = strings.TrimPrefix(s, "\uFEFF")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(s)
	return strings.ToValidUTF8(s, "\uFFFD")
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(cleanText(s)), " ")
}

// cleanTags drops empty and repeated tags and keeps the order. The result is
// never nil, so that no tags and empty tags are one version.
func cleanTags(tags []string) []string {
	out := []string{}
	for _, t := range tags {
		if t = oneLine(t); t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}
