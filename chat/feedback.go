package chat

import (
	"strings"
	"time"

	"github.com/google/uuid"
)

// Feedback is the customer's word on one answer. Of several on the same answer
// the last one counts.
type Feedback struct {
	Seq     int64          `json:"seq"` // of the answer, in the public log
	Helpful bool           `json:"helpful"`
	Reason  FeedbackReason `json:"reason,omitempty"` // why it did not help
	Comment string         `json:"comment,omitempty"`
}

// FeedbackReason says why an answer did not help.
type FeedbackReason string

// The reasons.
const (
	FeedbackNone     FeedbackReason = ""         // it helped, or the customer did not say
	FeedbackWrong    FeedbackReason = "wrong"    // it says what is not so
	FeedbackUnclear  FeedbackReason = "unclear"  // it was not understood
	FeedbackOutdated FeedbackReason = "outdated" // it says what is so no more
	FeedbackOffTopic FeedbackReason = "not_what_i_asked"
	FeedbackOther    FeedbackReason = "other"
)

// Check says what is wrong with a word on an answer. CodeInvalid.
func (f Feedback) Check() error {
	switch f.Reason {
	case FeedbackNone, FeedbackWrong, FeedbackUnclear, FeedbackOutdated, FeedbackOffTopic, FeedbackOther:
	default:
		return Errorf(CodeInvalid, "An answer did not help because it is wrong, unclear, outdated, not_what_i_asked or other; not %q.", short(string(f.Reason)))
	}
	if f.Seq < 1 {
		return Errorf(CodeInvalid, `"seq" is missing: the number of the answer in the log.`)
	}
	if f.Helpful && f.Reason != FeedbackNone {
		return Errorf(CodeInvalid, "An answer that helped has no reason why it did not.")
	}
	return nil
}

// RatingKind is the question that a rating answers.
type RatingKind string

// The kinds of ratings, and their scales.
const (
	RatingCSAT RatingKind = "csat" // how satisfied: 1 to 5
	RatingCES  RatingKind = "ces"  // how easy it was: 1 to 7
	RatingNPS  RatingKind = "nps"  // how likely to recommend: 0 to 10
)

// OrCSAT gives the kind, which older clients and stored ratings leave out.
func (k RatingKind) OrCSAT() RatingKind {
	if k == "" {
		return RatingCSAT
	}
	return k
}

// Scale gives the lowest and the highest score; false for no kind of rating.
func (k RatingKind) Scale() (low, high int, known bool) {
	switch k.OrCSAT() {
	case RatingCSAT:
		return 1, 5, true
	case RatingCES:
		return 1, 7, true
	case RatingNPS:
		return 0, 10, true
	}
	return 0, 0, false
}

// Rating is the customer's verdict on the conversation, on its kind's scale
// from poor to great. Of several of a kind the last one counts.
type Rating struct {
	Kind    RatingKind `json:"kind,omitempty"` // "" is csat
	Score   int        `json:"score"`
	Comment string     `json:"comment,omitempty"`
}

// Check says what is wrong with a rating. CodeInvalid.
func (r Rating) Check() error {
	low, high, known := r.Kind.Scale()
	if !known {
		return Errorf(CodeInvalid, "A rating is csat, ces or nps; not %q.", short(string(r.Kind)))
	}
	if r.Score < low || r.Score > high {
		return Errorf(CodeInvalid, "A rating of kind %s is a number from %d to %d.", r.Kind.OrCSAT(), low, high)
	}
	return nil
}

// Survey is what an inbox asks at the end of a conversation.
type Survey struct {
	Off      bool       `json:"off,omitempty"`  // it asks nothing
	Kind     RatingKind `json:"kind,omitempty"` // "" is csat
	Question string     `json:"question,omitempty"`
	Low      string     `json:"low,omitempty"` // words at the lowest score
	High     string     `json:"high,omitempty"`
}

// The longest texts of a survey, in bytes: what two lines of the widget hold, and what stands below a scale of 320 px.
const (
	maxQuestion = 200
	maxScaleEnd = 40
)

// Check gives the survey in the form to keep. CodeInvalid.
func (s Survey) Check() (Survey, error) {
	if _, _, known := s.Kind.Scale(); !known {
		return s, Errorf(CodeInvalid, "A survey asks for csat, ces or nps; not for %q.", short(string(s.Kind)))
	}
	s.Question, s.Low, s.High = strings.TrimSpace(s.Question), strings.TrimSpace(s.Low), strings.TrimSpace(s.High)
	if len(s.Question) > maxQuestion {
		return s, Errorf(CodeInvalid, "The survey's question is %d bytes long, at most %d fit.", len(s.Question), maxQuestion)
	}
	if len(s.Low) > maxScaleEnd || len(s.High) > maxScaleEnd {
		return s, Errorf(CodeInvalid, "The words at the ends of the survey's scale have at most %d bytes.", maxScaleEnd)
	}
	return s, nil
}

// Transcript is somebody's wish to have the conversation by e-mail.
type Transcript struct {
	Email string `json:"email"`          // where it goes
	Zone  string `json:"zone,omitempty"` // IANA: the times in it are this zone's
}

func short(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// JudgedAnswer is an answer with the customer's last word on it.
type JudgedAnswer struct {
	Conversation uuid.UUID `json:"conversation"`
	At           time.Time `json:"at"` // of the word
	Feedback
	Question string    `json:"question"` // the customer's last words before the answer
	Answer   string    `json:"answer"`
	Article  uuid.UUID `json:"article,omitzero"` // what it rests on, first of all; zero: on no article
	Title    string    `json:"title,omitempty"`  // the article's, as it was cited
	Number   int       `json:"number,omitempty"` // of its version that was cited
	Newest   int       `json:"newest,omitempty"` // of its version now
}

// FeedbackQuery asks for one page of judged answers. The zero value of a field asks for all.
type FeedbackQuery struct {
	Unhelpful bool // only those that did not help
	Reason    FeedbackReason
	Article   uuid.UUID
	Limit     int    // 1 to 200; 0 means 50
	Cursor    string // from the page before; "" for the first
}

// FeedbackPage is one page, the newest word first. Total counts all pages; Next is "" on the last.
type FeedbackPage struct {
	Answers []JudgedAnswer
	Next    string
	Total   int
}

// HelpTally is how many answers out of one article got one word.
type HelpTally struct {
	Article uuid.UUID // zero: answers that rest on no article
	Title   string    // of the article now
	Helpful bool
	Reason  FeedbackReason
	N       int
}
