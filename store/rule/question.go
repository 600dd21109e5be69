package rule

import (
	"encoding/hex"
	"strconv"

	"github.com/google/uuid"

	"frontdesk/knowledge"
)

// questionKey is what a question is known by outside.
type questionKey struct {
	origin             knowledge.Origin
	source, externalID string
}

// CheckQuestions says what is wrong with a batch. CodeInvalid.
func CheckQuestions(qs []knowledge.Question) error {
	seen := make(map[questionKey]bool, len(qs))
	for _, q := range qs {
		if err := q.Check(); err != nil {
			return err
		}
		key := questionKey{q.Origin, q.Source, q.External}
		if seen[key] {
			return invalid("the question %q of %q is there twice", q.External, q.Source)
		}
		seen[key] = true
	}
	return nil
}

// CheckDecision says whether questions can be given that status. CodeInvalid.
func CheckDecision(status knowledge.QuestionStatus) error {
	if status != knowledge.QuestionAccepted && status != knowledge.QuestionRejected {
		return invalid("questions are accepted or rejected, not %q", status)
	}
	return nil
}

// CheckQuestionQuery says what is wrong with a query, and gives its limit and
// the number below which its page begins. CodeInvalid.
func CheckQuestionQuery(q knowledge.QuestionQuery) (limit int, before int64, err error) {
	if q.Status != "" {
		if err := q.Status.Check(); err != nil {
			return 0, 0, err
		}
	}
	switch q.Origin {
	case "", knowledge.OriginHistory, knowledge.OriginVerdict, knowledge.OriginEditor:
	default:
		return 0, 0, invalid("there is no origin %q", q.Origin)
	}
	if limit, err = PageLimit(q.Limit); err != nil {
		return 0, 0, err
	}
	before, err = ParseRevision(q.Cursor) // a number like a revision
	return limit, before, err
}

// NumberedQuestion is a question with its place in the list.
type NumberedQuestion struct {
	knowledge.Question
	Number int64
}

// QuestionPage is the page, of at most limit, that begins with found, out of
// total. One more than limit means that there is a next page.
func QuestionPage(found []NumberedQuestion, total, limit int) knowledge.QuestionPage {
	page := knowledge.QuestionPage{Total: total}
	for i, q := range found {
		if i == limit {
			page.Next = strconv.FormatInt(found[i-1].Number, 10)
			break
		}
		page.Questions = append(page.Questions, q.Question)
	}
	return page
}

// Phrased is an editor's phrasing of an article as the question that it becomes.
func Phrased(article uuid.UUID, text string) knowledge.Question {
	hash := knowledge.NewPhrasing(text).Hash
	return knowledge.Question{
		Article: knowledge.ArticleName{ID: article}, Text: text, Origin: knowledge.OriginEditor,
		Source: article.String(), External: hex.EncodeToString(hash[:]),
		Status: knowledge.QuestionAccepted, Score: 1,
	}
}

// Phrasings are the units of the accepted texts of an article, each text once.
func Phrasings(texts []string) []knowledge.Phrasing {
	var all []knowledge.Phrasing
	seen := make(map[string]bool, len(texts))
	for _, t := range texts {
		if !seen[t] {
			seen[t] = true
			all = append(all, knowledge.NewPhrasing(t))
		}
	}
	return all
}
