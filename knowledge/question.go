package knowledge

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"frontdesk/chat"
	"frontdesk/internal/personal"
)

// Question is a question of a customer that an article answers. Once it is
// accepted it is a unit of the article for search (see Phrasing); it is never
// quoted, and never shown to customers. Origin, Source and ExternalID together
// are unique in a workspace, so that an import that is repeated changes nothing.
type Question struct {
	ID        uuid.UUID      `json:"id"`
	Workspace uuid.UUID      `json:"-"`
	Article   ArticleName    `json:"article"`
	Text      string         `json:"text"` // personal data is masked
	Origin    Origin         `json:"origin"`
	Source    string         `json:"source"`      // the help desk or the article that it came from
	External  string         `json:"external_id"` // its id there
	Status    QuestionStatus `json:"status"`
	// Match says how the article was found: MatchLink or MatchNearness; "" when a
	// person named it. Score is how sure the match is, 0..1.
	Match Match   `json:"match"`
	Score float64 `json:"score"`
	// DecidedBy is the user who accepted or rejected it; zero: the operator, or nobody yet.
	DecidedBy uuid.UUID `json:"decided_by,omitzero"`
	DecidedAt time.Time `json:"decided_at,omitzero"` // zero while proposed
	CreatedAt time.Time `json:"created_at"`
}

// ArticleName is what a question says of its article. Only the ID counts on
// the way into the store; the rest is as the article is now.
type ArticleName struct {
	ID         uuid.UUID `json:"id"`
	Source     string    `json:"source"`
	ExternalID string    `json:"external_id"`
	Title      string    `json:"title"`
}

// Origin says who brought a question.
type Origin string

// The origins. Those of the editor belong to the article's text: they come and
// go with Input.Phrasings.
const (
	OriginHistory Origin = "history" // a help desk's history
	OriginVerdict Origin = "verdict" // an agent who judged an answer
	OriginEditor  Origin = "editor"
)

// QuestionStatus is how far the review of a question is.
type QuestionStatus string

// The statuses. Only accepted questions are searched. A rejected one stays, so
// that it is not proposed again.
const (
	QuestionProposed QuestionStatus = "proposed"
	QuestionAccepted QuestionStatus = "accepted"
	QuestionRejected QuestionStatus = "rejected"
)

// Match says how a question's article was found.
type Match string

// The matches.
const (
	MatchLink     Match = "link"     // the agent's answer links to the article
	MatchNearness Match = "nearness" // the agent's answer and the question are near to it
)

// QuestionResult is a question after it was put. Added is false when it was
// there before; then Question is the stored one, unchanged.
type QuestionResult struct {
	Added    bool
	Question Question
}

// QuestionQuery asks for one page of the questions, newest first. Those of
// archived articles are left out.
type QuestionQuery struct {
	Status  QuestionStatus // "" for all
	Origin  Origin         // "" for all
	Article uuid.UUID      // zero for all
	Limit   int            // 1 to 200; 0 means 50
	Cursor  string
}

// QuestionPage is one page. Next is "" on the last.
type QuestionPage struct {
	Questions []Question
	Next      string
	Total     int
}

const (
	// MaxQuestion is how long a question may be, in bytes: the encoder reads
	// about so much (256 word pieces), and a longer one is a story.
	MaxQuestion = 1000
	// maxPhrasings is how many phrasings an editor may give an article: more
	// than anybody writes, few enough to read.
	maxPhrasings = 100
	// maxQuestionKey is how long a question's source and its id there may be
	// together, in bytes: Postgres keeps both in an index, whose rows have 2,700.
	maxQuestionKey = 1000
)

// NewPhrasing gives the unit that an accepted question's text becomes.
func NewPhrasing(text string) Phrasing {
	return Phrasing{Text: text, Hash: sha256.Sum256([]byte(text))}
}

// CleanQuestion gives a question's text as it is stored: on one line, with
// personal data masked, cut at the end of a word to MaxQuestion.
func CleanQuestion(text string) string {
	return cutAtWord(oneLine(personal.Mask(cleanText(text))), MaxQuestion)
}

// Check reports, as CodeInvalid, what makes a question none that can be stored.
func (q Question) Check() error {
	switch {
	case q.Article.ID == uuid.Nil:
		return chat.Errorf(chat.CodeInvalid, "The question %q has no article.", q.Text)
	case strings.TrimSpace(q.Text) == "" || len(q.Text) > MaxQuestion || !utf8.ValidString(q.Text) || strings.ContainsRune(q.Text, 0):
		return chat.Errorf(chat.CodeInvalid, "The question %q of %q is empty, longer than %d bytes, or no text.", q.External, q.Source, MaxQuestion)
	case q.Source == "" || q.External == "":
		return chat.Errorf(chat.CodeInvalid, "The question %q has no source or no id there.", q.Text)
	case len(q.Source)+len(q.External) > maxQuestionKey:
		return chat.Errorf(chat.CodeInvalid, "The question %q has a source and an id of more than %d bytes together.", q.Text, maxQuestionKey)
	case q.Origin != OriginHistory && q.Origin != OriginVerdict:
		return chat.Errorf(chat.CodeInvalid, "A question of the origin %q cannot be added by itself. Use history or verdict.", q.Origin)
	case !slices.Contains([]Match{"", MatchLink, MatchNearness}, q.Match):
		return chat.Errorf(chat.CodeInvalid, "There is no match %q. Use link or nearness.", q.Match)
	case !(q.Score >= 0 && q.Score <= 1):
		return chat.Errorf(chat.CodeInvalid, "The score %v of the question %q is not from 0 to 1.", q.Score, q.Text)
	}
	return q.Status.Check()
}

// Check reports, as CodeInvalid, a status that is none.
func (s QuestionStatus) Check() error {
	if s != QuestionProposed && s != QuestionAccepted && s != QuestionRejected {
		return chat.Errorf(chat.CodeInvalid, "A question is not %q. Use proposed, accepted or rejected.", s)
	}
	return nil
}

// cleanPhrasings gives an editor's phrasings as they are stored, each once and
// in order. It gives nil for none, so that none has no part in an Input's hash.
func cleanPhrasings(texts []string) []string {
	var out []string
	for _, t := range texts {
		if t = CleanQuestion(t); t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// checkPhrasings says what is wrong with an article's phrasings, "" for nothing.
func checkPhrasings(texts []string) string {
	if len(texts) > maxPhrasings {
		return fmt.Sprintf("has %d questions; the most is %d", len(texts), maxPhrasings)
	}
	for _, t := range texts {
		if len(oneLine(t)) > MaxQuestion {
			return fmt.Sprintf("has a question of %d bytes; the most is %d", len(oneLine(t)), MaxQuestion)
		}
	}
	return ""
}

// cutAtWord gives at most n bytes of s, up to the end of a word if there is one.
func cutAtWord(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	if i := strings.LastIndexByte(s[:n], ' '); i > n/2 {
		n = i
	}
	return strings.TrimRight(s[:n], " ")
}
