package chat

// Explanation is why the bot decided a turn as it did: what it took the
// question for, why the articles stand in their order, and what the judge made
// of the first. It is for staff: it may name internal articles' features, and
// says how to be answered.
type Explanation struct {
	// Understood is the question as it was searched, personal data masked and
	// misspelt words put right.
	Understood string       `json:"understood"`
	Spelling   []Respelling `json:"spelling"`
	// Classes are what the turn's sentences were taken for, in order of their names.
	Classes []string `json:"classes"`
	// Articles are the first ones, best first. The shares of an article's
	// features add up to its score.
	Articles []ExplainedArticle `json:"articles"`
	Judge    *ExplainedJudge    `json:"judge,omitempty"` // nil: nothing was found
	// Rule is the reason for which a rule decided the turn, whatever the judge
	// says; "" if none did.
	Rule     string `json:"rule"`
	Degraded string `json:"degraded"` // what did not work; "" if everything did
}

// Respelling is a word of a question that was taken for another.
type Respelling struct {
	From string `json:"from"` // lower case
	To   string `json:"to"`
}

// ExplainedArticle is an article with what its place rests on.
type ExplainedArticle struct {
	ID       string    `json:"id"` // external id
	Title    string    `json:"title"`
	Internal bool      `json:"internal"`
	Score    float64   `json:"score"` // comparable within one explanation only
	Features []Feature `json:"features"`
}

// ExplainedJudge is how the probability that the first article is right came
// about: bias and shares add up to its logit.
type ExplainedJudge struct {
	Model       string    `json:"model"` // which of the judge's models: with vectors, or by words alone
	Bias        float64   `json:"bias"`
	Features    []Feature `json:"features"` // in falling order of the size of their share
	Logit       float64   `json:"logit"`
	Probability float64   `json:"probability"`
	Threshold   float64   `json:"threshold"` // from which on the bot answers
}

// Feature is one thing that was measured, and what it counted for.
type Feature struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Weight float64 `json:"weight"`
	Share  float64 `json:"share"`
}
