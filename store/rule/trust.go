package rule

import (
	"encoding/json"

	"github.com/google/uuid"

	"frontdesk/trust"
)

// CheckVerdicts says what is wrong with a batch. CodeInvalid.
func CheckVerdicts(vs []trust.Verdict) error {
	for _, v := range vs {
		if v.ID == uuid.Nil || v.Article == uuid.Nil {
			return invalid("a verdict needs an id and an article")
		}
	}
	return nil
}

// CheckTopic says what is wrong with a topic. CodeInvalid.
func CheckTopic(t trust.Topic) error {
	if t.Article == uuid.Nil || t.Version < 0 {
		return invalid("a topic needs an article, and a version of 0 or above")
	}
	return nil
}

// CheckTuning says what is wrong with a tuning. CodeInvalid.
func CheckTuning(t trust.Tuning) error {
	if len(t.Judge)+len(t.Synonyms) == 0 {
		return invalid("a tuning needs a judge or synonyms")
	}
	for _, part := range []json.RawMessage{t.Judge, t.Synonyms} {
		if len(part) > 0 && !json.Valid(part) {
			return invalid("a tuning's judge and synonyms are JSON")
		}
	}
	if !json.Valid(t.Report) {
		return invalid("a tuning needs a report, as JSON")
	}
	return nil
}
